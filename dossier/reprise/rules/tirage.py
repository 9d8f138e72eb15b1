"""The sample a person checks by hand: drawn by chance, the same again for the same seed."""

import math
import random
from collections.abc import Sequence
from typing import TypeVar

# Ours, for want of a text: enough to see a shifted column, few enough to be read one by one.
PART, MINIMUM = 0.02, 10

Element = TypeVar("Element")


def taille(total: int) -> int:
    """2 % and at least ten, never more than there are."""
    return min(total, max(MINIMUM, math.ceil(total * PART)))


def tirer(elements: Sequence[Element], graine: int) -> list[Element]:
    """In the order of the file."""
    rangs = random.Random(graine).sample(range(len(elements)), taille(len(elements)))  # noqa: S311 - drawn again, not guessed
    return [elements[rang] for rang in sorted(rangs)]

"""Pure rules on structures: names of schemas, states, spelling of host names."""

import base64
import re
import secrets
from typing import Final

SCHEMA: Final = re.compile(r"t_[a-z2-7]{16}")

# From → allowed next states. A closed structure keeps its archive; reopening makes it active again.
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    "en_creation": frozenset({"active", "close"}),
    "active": frozenset({"suspendue", "close"}),
    "suspendue": frozenset({"active", "close"}),
    "close": frozenset({"active"}),
}

SLUGS_RESERVES: Final = frozenset(
    {"www", "api", "admin", "console", "static", "grappe", "treille", "public", "m"}
)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")


def nouveau_nom_de_schema() -> str:
    """Opaque name: ``t_`` and 80 random bits in base32. Says nothing of the structure, never reused."""
    return "t_" + base64.b32encode(secrets.token_bytes(10)).decode().lower()


def transition_permise(depuis: str, vers: str) -> bool:
    return vers in TRANSITIONS.get(depuis, frozenset())


def slug_valide(slug: str) -> bool:
    """A DNS label that no page of ours uses."""
    return _SLUG.fullmatch(slug) is not None and slug not in SLUGS_RESERVES

"""A port for each worker of the suite: two of them may play the same file at once."""

import os


def port(base: int) -> int:
    """``base``, ten further for each worker."""
    return base + 10 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0)

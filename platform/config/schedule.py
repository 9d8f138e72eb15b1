"""Every periodic task, in alphabetical order, with the reason of its pace."""

from typing import Any

PERIODIQUES: dict[str, dict[str, Any]] = {}

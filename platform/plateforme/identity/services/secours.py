"""Ten codes to get in when the second factor is out of reach: shown once, each used once."""

import hashlib
import secrets
from typing import Any

from plateforme.core.clock import now
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import CODES_DE_SECOURS

# No character that reads like another; sixteen of them make 79 bits, so a plain hash is enough.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def _empreinte(compte_id: Any, code: str) -> str:
    nu = "".join(c for c in code.casefold() if c in _ALPHABET)
    return hashlib.sha256(f"treille.secours:{compte_id}:{nu}".encode()).hexdigest()


def ressemble(code: str) -> bool:
    """Has the shape of a recovery code, so it is not six figures."""
    return sum(c in _ALPHABET for c in code.casefold()) >= 12


def renouveler(compte: Any) -> list[str]:
    """Ten new codes, to show once; the old ones are worth nothing from now on."""
    table = modeles().code
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        for _ in range(CODES_DE_SECOURS)
    ]
    table.objects.filter(compte=compte).delete()
    table.objects.bulk_create(table(compte=compte, empreinte=_empreinte(compte.pk, c)) for c in codes)
    return codes


def consommer(compte: Any, code: str) -> bool:
    """True once: two requests with the same code, one wins."""
    return bool(
        modeles()
        .code.objects.filter(compte=compte, empreinte=_empreinte(compte.pk, code), utilise_a=None)
        .update(utilise_a=now())
    )


def restants(compte: Any) -> int:
    return int(modeles().code.objects.filter(compte=compte, utilise_a=None).count())

"""Reads the body of an operation: what PostgreSQL cannot hold is refused here, once, not in each service."""

import json
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser


def _refuser(constante: str) -> NoReturn:
    raise ValueError(constante)


class Lecteur(Parser):
    """JSON without NaN, NUL nor half a character. ninja turns any exception into a 400, said by our handler."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        brut = request.body
        lu = json.loads(brut, parse_constant=_refuser)
        if b"\\u" in brut:  # the only way such a character comes in: raw, it is not JSON
            _verifier(lu)
        return cast("dict[str, Any]", lu)


def _verifier(valeur: Any) -> None:
    reste = [valeur]
    while reste:
        courant = reste.pop()
        if isinstance(courant, str):
            if "\x00" in courant:
                raise ValueError("NUL")
            courant.encode()  # UnicodeEncodeError on a lone surrogate
        elif isinstance(courant, dict):
            reste += [*courant.keys(), *courant.values()]
        elif isinstance(courant, list):
            reste += courant

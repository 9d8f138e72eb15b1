"""CSV as French Excel opens it, whose cells are never formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cellule = str | int | float | Decimal | date | datetime | bool | None

# What a spreadsheet reads as the start of a formula, wide forms included, even behind blanks.
_FORMULE = re.compile(r"^[\s\u00a0\u200b\ufeff\"']*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")


def neutraliser(texte: str) -> str:
    """The same text, which a spreadsheet shows and does not compute: an apostrophe ahead, lines on one line."""
    plat = re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", " ", texte.replace("\x00", ""))
    return f"'{plat}" if _FORMULE.match(texte) or _FORMULE.match(plat) else plat


def _ecrire(valeur: Cellule) -> str:
    """Numbers stay numbers (decimal comma), dates are written 24/11/2026: only texts can be formulas."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return f"{valeur:%d/%m/%Y %H:%M}"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, int | float | Decimal):
        return str(valeur).replace(".", ",")
    return neutraliser(valeur)


def ecrire_csv(titres: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """UTF-8 with its mark, « ; » between cells, every cell between quotes where needed."""
    tampon = io.StringIO(newline="")
    ecrivain = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow([neutraliser(titre) for titre in titres])
    ecrivain.writerows([_ecrire(cellule) for cellule in ligne] for ligne in lignes)
    return b"\xef\xbb\xbf" + tampon.getvalue().encode("utf-8", "replace")

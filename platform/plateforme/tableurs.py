"""CSV as French Excel opens it, whose cells are never formulas; and as people send it back."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from plateforme.core.errors import ErreurMetier
from plateforme.core.tri import cle_de_tri

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


class TableauIllisible(ErreurMetier):
    code: ClassVar[str] = "plateforme.tableau.illisible"


def lire_csv(
    octets: bytes, colonnes: Sequence[str], *, octets_max: int = 2**20, lignes_max: int = 2000
) -> list[tuple[int, dict[str, str]]]:
    """(line as the spreadsheet numbers it, its cells) of a CSV that has at least ``colonnes``; the others are left out.

    Any separator, with a BOM or not, UTF-8 or Windows-1252; blank lines are skipped. Raises TableauIllisible.
    """
    if len(octets) > octets_max:
        raise TableauIllisible("Le fichier est trop lourd\u00a0: coupez-le en plusieurs.")
    if b"\x00" in octets or octets.startswith(b"PK\x03\x04"):
        raise TableauIllisible("Ce n’est pas du texte\u00a0: enregistrez le classeur au format CSV.")
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252", errors="replace")
    premiere = texte.split("\n", 1)[0]
    separateur = max(";\t,", key=premiere.count)
    try:
        lignes = list(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur))
    except csv.Error as erreur:
        raise TableauIllisible("Ce fichier n’est pas un tableau lisible.") from erreur
    titres = [cle_de_tri(t) for t in lignes[0]] if lignes else []
    manquent = [c for c in colonnes if c not in titres]
    if manquent:
        raise TableauIllisible(
            f"Il manque la colonne «\u00a0{manquent[0]}\u00a0» sur la première ligne du fichier."
        )
    rangs = {c: titres.index(c) for c in colonnes}
    lues = [
        (numero, {c: _cellule(ligne, rang) for c, rang in rangs.items()})
        for numero, ligne in enumerate(lignes[1:], start=2)
        if any(cellule.strip() for cellule in ligne)
    ]
    if not lues:
        raise TableauIllisible("Le fichier n’a que sa ligne de titres.")
    if len(lues) > lignes_max:
        raise TableauIllisible(f"Le fichier compte {len(lues)} lignes, {lignes_max} au plus à la fois.")
    return lues


def _cellule(ligne: Sequence[str], rang: int) -> str:
    """Trimmed, without the apostrophe our own export puts before what looks like a formula."""
    texte = ligne[rang].replace("\x00", "").strip()[:300] if rang < len(ligne) else ""
    return texte[1:] if texte.startswith("'") and _FORMULE.match(texte[1:]) else texte

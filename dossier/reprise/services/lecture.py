"""Reads a spreadsheet line by line, as people really send them. One line in memory at a time.

CSV in UTF-8, UTF-16 or Windows-1252, with any separator; XLSX sheet by sheet, dates and cached values as they show.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from plateforme.storage.bureautique import verifier
from plateforme.storage.erreurs import FichierRefuse

# Lines where the headings are looked for, and kept to be shown.
TETE = 30
CELLULES_MAX = 200
# The texts of a workbook are the one part that is held whole while it is read.
TEXTES_MAX = 40_000_000
CELLULE_MAX = 1000
_BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SORTES = (";", "\t", ",", "|")
_ILLISIBLE = (
    "Ce classeur n’est pas lisible\u00a0: ouvrez-le, enregistrez-en une copie en «\u00a0Classeur Excel (.xlsx)\u00a0», "
    "puis déposez la copie."
)
_ENCODAGE = (
    "Les caractères de ce fichier ne se lisent pas\u00a0: dans votre tableur, enregistrez-le en "
    "«\u00a0CSV UTF-8\u00a0» ou en «\u00a0Classeur Excel (.xlsx)\u00a0»."
)
_TROP_DE_TEXTE = (
    "Ce classeur contient trop de texte pour être lu d’un coup\u00a0: "
    "coupez-le en plusieurs, ou enregistrez-le en CSV."
)
_AUTRES = {
    "xlsm": "Ce classeur contient des macros (.xlsm)\u00a0: enregistrez-le en «\u00a0Classeur Excel (.xlsx)\u00a0».",
    "xls": "Ce classeur est dans l’ancien format Excel (.xls)\u00a0: enregistrez-le en «\u00a0Classeur Excel (.xlsx)\u00a0».",
    "ods": "Les classeurs OpenDocument (.ods) ne se lisent pas ici\u00a0: enregistrez-le en "
    "«\u00a0Classeur Excel (.xlsx)\u00a0» ou en CSV.",
}

Cellules = list[str]


@dataclass(frozen=True, slots=True)
class Feuille:
    """``tete``: its first lines, numbered from 1. ``lignes``: how many rows it has, empty ones included."""

    nom: str
    tete: list[Cellules]
    lignes: int


def preparer(nom: str, octets: bytes) -> tuple[str, bytes]:
    """Extension, and bytes in an encoding that the storage knows. Raises FichierRefuse with the mend."""
    extension = nom.rpartition(".")[2].casefold()
    if not octets.strip(b"\x00\r\n\t ;,\xef\xbb\xbf"):
        raise FichierRefuse(
            "Ce fichier est vide\u00a0: vérifiez qu’il s’ouvre dans votre tableur, puis recommencez."
        )
    if extension in _AUTRES:
        raise FichierRefuse(_AUTRES[extension])
    if extension not in ("csv", "txt", "xlsx"):
        raise FichierRefuse("Déposez un tableur\u00a0: «\u00a0.xlsx\u00a0» ou «\u00a0.csv\u00a0».")
    if octets.startswith(b"\xd0\xcf\x11\xe0"):
        raise FichierRefuse(
            "Ce classeur est protégé par un mot de passe, ou dans l’ancien format\u00a0: enregistrez-le sans mot de "
            "passe, en «\u00a0Classeur Excel (.xlsx)\u00a0»."
        )
    if extension == "xlsx":
        if not octets.startswith(b"PK\x03\x04"):
            raise FichierRefuse(
                "Le contenu de ce fichier n’est pas celui d’un classeur Excel\u00a0: il a sans doute été renommé. "
                "Déposez le classeur lui-même."
            )
        verifier(octets)
        _exiger_du_xml_simple(octets)
        return "xlsx", octets
    return "csv", _en_utf8(octets)


def _en_utf8(octets: bytes) -> bytes:
    if octets.startswith(_BOM_UTF16):
        codec = "utf-16"
    else:
        try:
            octets.decode("utf-8")
        except UnicodeDecodeError:
            codec = "cp1252"
        else:
            codec = "utf-8"
    try:
        texte = octets.decode(codec)
    except UnicodeDecodeError as erreur:
        raise FichierRefuse(_ENCODAGE) from erreur
    if re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", texte):
        raise FichierRefuse(_ENCODAGE)
    return texte.encode() if codec != "utf-8" else octets


def _exiger_du_xml_simple(octets: bytes) -> None:
    """No DOCTYPE, so no entity, and an encoding where it could not hide: the library underneath parses what is left."""
    with zipfile.ZipFile(io.BytesIO(octets)) as paquet:
        for fiche in paquet.infolist():
            if not fiche.filename.endswith((".xml", ".rels")):
                continue
            if fiche.filename.endswith("sharedStrings.xml") and fiche.file_size > TEXTES_MAX:
                raise FichierRefuse(_TROP_DE_TEXTE)
            queue = b""
            with paquet.open(fiche) as entree:
                while bloc := entree.read(65_536):
                    if b"<!DOCTYPE" in queue + bloc or b"<!ENTITY" in queue + bloc or b"\x00" in bloc:
                        raise FichierRefuse(_ILLISIBLE)
                    queue = bloc[-16:]


# -- CSV -------------------------------------------------------------------------------------------
def _separateur(debut: str) -> str:
    """The one that cuts the most lines of the head in the same number of cells."""
    lignes = [ligne for ligne in debut.splitlines()[:TETE] if ligne.strip()]

    def accord(sorte: str) -> tuple[int, int]:
        comptes = [ligne.count(sorte) for ligne in lignes]
        courant = max(set(comptes), key=lambda n: (comptes.count(n) * (n > 0), n), default=0)
        return comptes.count(courant) * (courant > 0), courant

    return max(_SORTES, key=accord)


def _lignes_csv(octets: bytes) -> Iterator[Cellules]:
    separateur = _separateur(octets[:20_000].decode("utf-8-sig", "replace"))
    flux = io.TextIOWrapper(io.BytesIO(octets), encoding="utf-8-sig", newline="")
    try:
        for ligne in csv.reader(flux, delimiter=separateur):
            yield [_propre(cellule) for cellule in ligne[:CELLULES_MAX]]
    except csv.Error as erreur:
        raise FichierRefuse(
            "Ce fichier n’est pas un tableau lisible\u00a0: un guillemet n’est sans doute pas refermé."
        ) from erreur


# -- XLSX ------------------------------------------------------------------------------------------
def _ouvrir(octets: bytes) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
    except Exception as erreur:
        # The library raises whatever its parser met: a KeyError as well as a ValueError.
        raise FichierRefuse(_ILLISIBLE) from erreur


def _lignes_xlsx(classeur: Any, rang: int) -> Iterator[Cellules]:
    feuille = classeur.worksheets[rang]
    feuille.reset_dimensions()  # what a file says of its own size is often wrong
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for ligne in feuille.iter_rows(values_only=True, max_col=CELLULES_MAX):
                yield [_montrer(valeur) for valeur in ligne]
    except FichierRefuse:
        raise
    except Exception as erreur:
        raise FichierRefuse(_ILLISIBLE) from erreur


def _montrer(valeur: Any) -> str:
    """The text a person sees in the cell, or near."""
    match valeur:
        case None:
            montre = ""
        case bool():
            montre = "oui" if valeur else "non"
        case datetime() if valeur.time() != time.min:
            montre = f"{valeur:%d/%m/%Y %H:%M}"
        case date():
            montre = f"{valeur:%d/%m/%Y}"
        case time():
            montre = f"{valeur:%Hh%M}"
        case timedelta():
            heures, minutes = divmod(round(valeur.total_seconds() / 60), 60)
            montre = f"{heures}h{minutes:02d}"
        case float():
            montre = str(int(valeur)) if valeur.is_integer() else str(valeur).replace(".", ",")
        case _:
            montre = _propre(str(valeur))
    return montre


def _propre(texte: str) -> str:
    """Without the apostrophe our own export puts before what looks like a formula, nor ="0123"."""
    net = " ".join(texte.replace("\x00", "").replace("\u200b", "").split())[:CELLULE_MAX]
    if trouve := re.fullmatch(r'="([^"=]*)"', net):
        net = trouve[1]
    return net[1:] if re.match(r"'[=+\-@]", net) else net


# -- both ------------------------------------------------------------------------------------------
def feuilles(extension: str, octets: bytes) -> list[Feuille]:
    """Every sheet that holds something, with its head. Raises FichierRefuse."""
    if extension == "csv":
        lignes = _lignes_csv(octets)
        tete = list(islice(lignes, TETE))
        return [Feuille("", tete, len(tete) + sum(1 for _ in lignes))]
    classeur = _ouvrir(octets)
    try:
        trouvees = []
        for rang, feuille in enumerate(classeur.worksheets):
            tete = list(islice(_lignes_xlsx(classeur, rang), TETE))
            trouvees.append(Feuille(feuille.title, tete, _compter_les_lignes(octets, feuille)))
    finally:
        classeur.close()
    return trouvees


def _compter_les_lignes(octets: bytes, feuille: Any) -> int:
    """Its rows, without unfolding them: what a workbook says of its own size is optional, and often wrong."""
    nombre, queue = 0, b""
    with zipfile.ZipFile(io.BytesIO(octets)) as paquet, paquet.open(feuille._worksheet_path) as entree:
        while bloc := entree.read(65_536):
            nombre += (queue + bloc).count(b"<row ") + (queue + bloc).count(b"<row>")
            queue = bloc[-4:]
    return nombre


def lignes(extension: str, octets: bytes, rang: int) -> Iterator[tuple[int, Cellules]]:
    """(number as the spreadsheet shows it, cells) of the lines that hold something. Raises FichierRefuse."""
    if extension == "csv":
        yield from _pleines(_lignes_csv(octets))
        return
    classeur = _ouvrir(octets)
    try:
        yield from _pleines(_lignes_xlsx(classeur, rang))
    finally:
        classeur.close()


def _pleines(source: Iterator[Cellules]) -> Iterator[tuple[int, Cellules]]:
    return ((numero, ligne) for numero, ligne in enumerate(source, start=1) if any(ligne))


def sans_fin_vide(ligne: Sequence[str]) -> list[str]:
    """Without the empty cells a spreadsheet leaves at the end of a line."""
    fin = next((rang for rang in range(len(ligne), 0, -1) if ligne[rang - 1]), 0)
    return list(ligne[:fin])

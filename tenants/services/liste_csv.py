"""Reads a porteur's list as spreadsheets really write it: any separator, a BOM or not, UTF-8 or Windows-1252."""

import csv
import io
from typing import ClassVar

from plateforme.core.errors import ErreurMetier
from plateforme.core.tri import cle_de_tri
from tenants.services.ouverture import Demande

LIGNES_MAX = 5000
OCTETS_MAX = 2 * 1024 * 1024

_COLONNES: dict[str, tuple[str, ...]] = {
    "raison_sociale": ("raison sociale", "nom", "structure", "raison sociale et"),
    "finess_et": ("finess et", "finess geographique", "finess", "n finess et", "numero finess et"),
    "finess_ej": ("finess ej", "finess juridique", "n finess ej", "numero finess ej"),
    "commune": ("commune", "ville"),
    "profil": ("profil", "type", "categorie"),
    "organisme": ("organisme", "organisme gestionnaire", "raison sociale ej"),
}
_OBLIGATOIRES = ("raison_sociale", "finess_et", "finess_ej", "commune", "profil")


class ListeIllisible(ErreurMetier):
    code: ClassVar[str] = "tenants.liste.illisible"


def lire(octets: bytes) -> list[Demande]:
    """Lines of the file, numbered as in the spreadsheet. Raises ListeIllisible with the mend.

    Blank lines are skipped; a short line keeps its missing cells empty, to be refused with its reason.
    """
    if len(octets) > OCTETS_MAX:
        raise ListeIllisible("Le fichier dépasse 2 Mo : coupez-le en plusieurs listes.")
    texte = _decoder(octets)
    lignes = list(csv.reader(io.StringIO(texte), delimiter=_separateur(texte)))
    if not lignes:
        raise ListeIllisible("Le fichier est vide.")
    colonnes = _reconnaitre(lignes[0])
    demandes = [
        Demande(numero, **{champ: _cellule(ligne, rang) for champ, rang in colonnes.items()})
        for numero, ligne in enumerate(lignes[1:], start=2)
        if any(cellule.strip() for cellule in ligne)
    ]
    if not demandes:
        raise ListeIllisible("Le fichier n’a que sa ligne de titres : ajoutez au moins une structure.")
    if len(demandes) > LIGNES_MAX:
        raise ListeIllisible(f"Le fichier compte {len(demandes)} lignes ; {LIGNES_MAX} au plus à la fois.")
    return demandes


def _decoder(octets: bytes) -> str:
    if octets.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ListeIllisible("C’est un classeur : enregistrez-le au format CSV, puis déposez ce fichier.")
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", errors="replace").replace("\x00", "")
    if b"\x00" in octets:
        raise ListeIllisible("Ce fichier n’est pas du texte : enregistrez la liste au format CSV.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")


def _separateur(texte: str) -> str:
    titres = texte.split("\n", 1)[0]
    return max(";,\t", key=titres.count)


def _reconnaitre(titres: list[str]) -> dict[str, int]:
    normalises = [cle_de_tri(titre.replace("°", "")) for titre in titres]
    trouves: dict[str, int] = {}
    for champ, noms in _COLONNES.items():
        rang = next((normalises.index(nom) for nom in noms if nom in normalises), None)
        if rang is not None:
            trouves[champ] = rang
    manquantes = [_COLONNES[champ][0] for champ in _OBLIGATOIRES if champ not in trouves]
    if manquantes:
        raise ListeIllisible(
            f"Il manque la colonne « {manquantes[0]} ». "
            "Titres attendus : raison sociale, FINESS ET, FINESS EJ, commune, profil."
        )
    return trouves


def _cellule(ligne: list[str], rang: int) -> str:
    # Spreadsheets write ="0123" or '0123 to keep a leading zero.
    brut = ligne[rang].strip() if rang < len(ligne) else ""
    return brut.removeprefix("=").strip('"').lstrip("'").strip()

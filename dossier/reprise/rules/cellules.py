"""One cell to one value: French dates, names in one column, telephones without their zero. Pure functions.

Each reader takes the text as it is shown and raises CelluleRefusee with the sentence to show.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dossier.rules import est_un_code_postal, telephone_compact
from plateforme.core.identifiers import IdentifiantInvalide, MatriculeIns
from plateforme.core.tri import cle_de_tri

NBSP = "\u00a0"
# What a spreadsheet would compute: never the beginning of a name or of an address. « +33 » and « -5 » are.
_FORMULE = re.compile(r"^\s*(?:[=@]|[+\-](?![\d\s(.]|$))")
_MOIS = {
    nom: rang
    for rang, noms in enumerate(
        ("janvier jan janv", "fevrier fev fevr", "mars mar", "avril avr", "mai", "juin", "juillet juil", "aout",
         "septembre sep sept", "octobre oct", "novembre nov", "decembre dec"), start=1)
    for nom in noms.split()
}  # fmt: skip
# Days are counted from here by Excel, its wrong 29 February 1900 included.
_ORIGINE_EXCEL = date(1899, 12, 30)
_SERIE_MAX = 73_050  # 2099-12-31


class CelluleRefusee(ValueError):
    """The message is the sentence to show under the cell."""


Lecteur = Callable[[str, date], Any]


def propre(texte: str) -> str:
    """One line, single spaces, no invisible character around."""
    return " ".join(texte.replace("\u200b", "").replace("\ufeff", "").split())


def est_une_formule(texte: str) -> bool:
    return _FORMULE.match(texte) is not None


def texte_de(maximum: int) -> Lecteur:
    def lire(brut: str, _jour: date) -> str:
        if len(brut) > maximum:
            raise CelluleRefusee(f"Ce texte compte {len(brut)} caractères, {maximum} au plus.")
        return brut

    return lire


# -- dates -----------------------------------------------------------------------------------------
def lire_date(brut: str, jour: date) -> date:
    """« 12/03/1942 », « 12-3-42 », « 12 mars 1942 », « 1942-03-12 », « 15412 » (Excel), « 12031942 ».

    ``jour`` is today: a year of two digits is the last one not in the future.
    """
    texte = cle_de_tri(re.sub(r"[T ]\d{2}:\d{2}(:\d{2})?(\.0+)?$", "", brut))
    chiffres = texte.split()
    if trouve := re.fullmatch(r"(\d{1,5})(?: 0+)?", texte):
        return _de_serie(int(trouve[1]), brut)
    if re.fullmatch(r"\d{8}", texte):
        return _de_huit_chiffres(texte, brut)
    if len(chiffres) >= 3:
        if len(chiffres[0]) == 4 and chiffres[0].isdigit():
            return _jour(chiffres[0], chiffres[1], chiffres[2], brut, jour)
        debut = 1 if not chiffres[0][0].isdigit() else 0  # « jeudi 12 mars 1942 »
        if len(chiffres) - debut >= 3:
            return _jour(chiffres[debut + 2], chiffres[debut + 1], chiffres[debut], brut, jour)
    raise CelluleRefusee(_date_illisible(brut))


def _date_illisible(brut: str) -> str:
    return f"«{NBSP}{brut}{NBSP}» n’est pas une date{NBSP}: écrivez-la comme 24/11/1942."


def _de_serie(numero: int, brut: str) -> date:
    if 1900 <= numero <= 2100:
        raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» n’est qu’une année{NBSP}: il faut le jour et le mois.")
    if not 366 <= numero <= _SERIE_MAX:
        raise CelluleRefusee(_date_illisible(brut))
    return _ORIGINE_EXCEL + timedelta(days=numero)


def _de_huit_chiffres(texte: str, brut: str) -> date:
    for annee, mois, quantieme in (
        (texte[4:], texte[2:4], texte[:2]),
        (texte[:4], texte[4:6], texte[6:]),
    ):
        if 1850 <= int(annee) <= 2100:
            try:
                return date(int(annee), int(mois), int(quantieme))
            except ValueError:
                continue
    raise CelluleRefusee(_date_illisible(brut))


def _jour(annee: str, mois: str, quantieme: str, brut: str, jour: date) -> date:
    rang = int(mois) if mois.isdigit() else _MOIS.get(mois, 0)
    nombre = re.fullmatch(r"(\d{1,2})(?:er)?", quantieme)
    if nombre is None or not annee.isdigit() or len(annee) not in (2, 4) or not rang:
        raise CelluleRefusee(_date_illisible(brut))
    an = int(annee)
    if len(annee) == 2:
        an += 2000 if an <= jour.year % 100 else 1900
    if rang > 12:
        raise CelluleRefusee(
            f"«{NBSP}{brut}{NBSP}» n’existe pas{NBSP}: le mois va de 1 à 12. Le jour s’écrit d’abord, comme 24/11/1942."
        )
    try:
        return date(an, rang, int(nombre[1]))
    except ValueError:
        raise CelluleRefusee(
            f"Le «{NBSP}{brut}{NBSP}» n’existe pas dans le calendrier{NBSP}: vérifiez le jour."
        ) from None


def lire_date_passee(brut: str, jour: date) -> date:
    lue = lire_date(brut, jour)
    if lue > jour:
        raise CelluleRefusee(f"Cette date ({lue:%d/%m/%Y}) est dans le futur{NBSP}: vérifiez l’année.")
    return lue


# -- people ----------------------------------------------------------------------------------------
_CIVILITES = {
    "MME": {"mme", "madame", "mlle", "mademoiselle", "f", "femme", "feminin", "2", "mad"},
    "M": {"m", "mr", "monsieur", "h", "homme", "masculin", "1", "mons"},
}


def lire_civilite(brut: str, _jour: date) -> str:
    cle = cle_de_tri(brut)
    for code, mots in _CIVILITES.items():
        if cle in mots:
            return code
    raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» n’est pas une civilité{NBSP}: écrivez M. ou Mme.")


def lire_nom_complet(brut: str, _jour: date) -> dict[str, str]:
    """« Mme LE GOFF née RIOU Anne Marie » → civilité, nom d’usage, nom de naissance, prénoms.

    Capitals say where the name ends, or a comma; two words are a name then a first name.
    """
    lus: dict[str, str] = {}
    mots = brut.replace(",", " , ").split()
    if mots and cle_de_tri(mots[0]) in {"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"}:
        lus["civilite"] = lire_civilite(mots.pop(0), _jour)
    if "," in mots:
        coupe = mots.index(",")
        noms, prenoms = mots[:coupe], [m for m in mots[coupe + 1 :] if m != ","]
    elif len(mots) == 2:
        noms, prenoms = mots[:1], mots[1:]
    else:
        coupe = next((n for n, mot in enumerate(mots) if not _en_capitales(mot)), len(mots))
        noms, prenoms = mots[:coupe], mots[coupe:]
    if not noms or not prenoms:
        raise CelluleRefusee(
            f"On ne voit pas où finit le nom dans «{NBSP}{brut}{NBSP}»{NBSP}: écrivez le nom en capitales, "
            "ou séparez-le du prénom par une virgule."
        )
    nom = " ".join(noms)
    if trouve := re.fullmatch(r"(.+?)\s+(?:née?|NÉE?|NEE?)\s+(.+)", nom):
        lus["nom_usage"], nom = trouve[1], trouve[2]
    lus["nom_naissance"], lus["prenoms"] = nom, " ".join(prenoms)
    return lus


def _en_capitales(mot: str) -> bool:
    lettres = [c for c in mot if c.isalpha()]
    return cle_de_tri(mot) in {"nee", "ne"} or (bool(lettres) and all(c.isupper() for c in lettres))


def lire_telephone(brut: str, _jour: date) -> str:
    """A spreadsheet that took it for a number lost its zero."""
    chiffres = re.sub(r"\D", "", re.sub(r"[.,]0$", "", brut))
    if not chiffres.strip("0"):
        return ""
    compact = telephone_compact(brut) or (
        telephone_compact(f"0{chiffres}") if len(chiffres) == 9 and "+" not in brut else None
    )
    if compact is None:
        raise CelluleRefusee(
            f"«{NBSP}{brut}{NBSP}» n’est pas un numéro complet{NBSP}: dix chiffres, un seul numéro par cellule."
        )
    return compact


def lire_code_postal(brut: str, _jour: date) -> str:
    chiffres = re.sub(r"[.,]0$", "", brut).replace(" ", "")
    if chiffres.isdigit() and len(chiffres) == 4:
        chiffres = f"0{chiffres}"
    if not est_un_code_postal(chiffres):
        raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» n’est pas un code postal{NBSP}: il compte cinq chiffres.")
    return chiffres


_SANS_GIR = {"non evalue", "nc", "ne", "neant", "aucun", "sans", "0", "nr", "non girable"}


def lire_gir(brut: str, _jour: date) -> int | None:
    """« 4 », « GIR 4 », « G4 », « 4.0 »; the sentence does not repeat the figure: it is health data."""
    cle = cle_de_tri(brut)
    if cle in _SANS_GIR:
        return None
    trouve = re.fullmatch(r"(?:gir|g)? ?([1-6])(?: 0)?", cle)
    if trouve is None:
        raise CelluleRefusee("Le GIR va de 1 à 6.")
    return int(trouve[1])


_OUI = {"oui", "o", "x", "1", "vrai", "true", "yes", "ok", "seul", "seule"}
_NON = {"non", "n", "0", "faux", "false", "no", "neant"}


def lire_oui_non(brut: str, _jour: date) -> bool:
    cle = cle_de_tri(re.sub(r"[.,]0$", "", brut))
    if cle in _OUI or cle in _NON or brut in {"✓", "✔"}:
        return cle not in _NON
    raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» ne dit ni oui ni non.")


def lire_ins(brut: str, _jour: date) -> str:
    """Key checked; the sentence never repeats the number."""
    try:
        return MatriculeIns.lire(re.sub(r"[.,]0$", "", brut)).numero
    except IdentifiantInvalide as erreur:
        raise CelluleRefusee(str(erreur)) from erreur


# NIR, NIA, then the ranges of test and of demonstration. Source: ANS, liste des OID des autorités d’affectation des INS.
OID_INS = {
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
    "1.2.250.1.213.1.4.10": "NIR de test",
    "1.2.250.1.213.1.4.11": "NIR de démonstration",
}


def lire_oid(brut: str, _jour: date) -> str:
    voulu = {cle_de_tri(nom): oid for oid, nom in OID_INS.items()}.get(cle_de_tri(brut), brut)
    if voulu not in OID_INS:
        raise CelluleRefusee(
            f"«{NBSP}{brut}{NBSP}» n’est pas l’OID d’un INS{NBSP}: NIR, NIA, ou 1.2.250.1.213.1.4.8."
        )
    return voulu


# -- durations -------------------------------------------------------------------------------------
def lire_minutes(brut: str, _jour: date) -> int:
    """« 12h30 », « 12:30 », « 12,5 h », « 750 min »; a bare number is hours. Integer minutes."""
    texte = brut.casefold().replace(" ", "").replace(NBSP, "").replace(",", ".")
    texte = re.sub(r"(/mois|parmois|/semaine|parsemaine)$", "", texte)
    if trouve := re.fullmatch(r"(\d{1,3})(?:h|:|heures?)(\d{1,2})?(?:min|mn)?(?::00)?", texte):
        minutes = int(trouve[1]) * 60 + int(trouve[2] or 0)
        if int(trouve[2] or 0) < 60:
            return minutes
    elif trouve := re.fullmatch(r"(\d{1,5})(?:min|mn|minutes?|m)", texte):
        return int(trouve[1])
    elif (trouve := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(?:h|heures?)?", texte)) and float(trouve[1]) <= 744:
        return round(float(trouve[1]) * 60)
    raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» n’est pas une durée{NBSP}: écrivez 12h30 ou 750 min.")


def choix_de(mots: dict[str, tuple[str, ...]], quoi: str, exemples: str) -> Lecteur:
    """A value among some, each known by words that its text may begin with or hold."""

    def lire(brut: str, _jour: date) -> str:
        cle = f" {cle_de_tri(brut)} "
        for code, siens in mots.items():
            if any(f" {mot} " in cle for mot in siens):
                return code
        raise CelluleRefusee(f"«{NBSP}{brut}{NBSP}» n’est pas {quoi} connu{NBSP}: {exemples}.")

    return lire

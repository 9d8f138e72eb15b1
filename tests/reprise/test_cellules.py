"""One cell to one value, as people type them."""

from datetime import date
from typing import Any

import pytest

from dossier.reprise.rules import cellules
from dossier.reprise.rules.cellules import CelluleRefusee
from dossier.reprise.rules.colonnes import lettre, ligne_de_titres, proposer
from dossier.reprise.rules.tirage import taille, tirer

JOUR = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("brut", "lue"),
    [
        ("12/03/1942", date(1942, 3, 12)),
        ("12-3-42", date(1942, 3, 12)),
        ("12.03.26", date(2026, 3, 12)),
        ("12/03/27", date(1927, 3, 12)),
        ("1er janvier 1930", date(1930, 1, 1)),
        ("jeudi 12 mars 1942", date(1942, 3, 12)),
        ("2 févr. 1940", date(1940, 2, 2)),
        ("1942-03-12", date(1942, 3, 12)),
        ("1942-03-12 00:00:00", date(1942, 3, 12)),
        ("12031942", date(1942, 3, 12)),
        ("19420312", date(1942, 3, 12)),
        ("15412", date(1942, 3, 12)),
        ("15412.0", date(1942, 3, 12)),
        ("29/02/1940", date(1940, 2, 29)),
    ],
)
def test_une_date_se_lit_comme_elle_s_ecrit(brut: str, lue: date) -> None:
    assert cellules.lire_date(brut, JOUR) == lue


@pytest.mark.parametrize(
    ("brut", "phrase"),
    [
        ("31/02/1940", "n’existe pas dans le calendrier"),
        ("29/02/1941", "n’existe pas dans le calendrier"),
        ("02/28/1940", "le mois va de 1 à 12"),
        ("1942", "n’est qu’une année"),
        ("inconnue", "n’est pas une date"),
        ("12/1942", "n’est pas une date"),
        ("99999", "n’est pas une date"),
    ],
)
def test_une_date_impossible_est_expliquee(brut: str, phrase: str) -> None:
    with pytest.raises(CelluleRefusee, match=phrase):
        cellules.lire_date(brut, JOUR)


def test_une_naissance_n_est_pas_a_venir() -> None:
    assert cellules.lire_date_passee("24/11/2026", JOUR) == JOUR
    with pytest.raises(CelluleRefusee, match="dans le futur"):
        cellules.lire_date_passee("25/11/2026", JOUR)


@pytest.mark.parametrize(
    ("brut", "lu"),
    [
        ("LE GOFF Anne Marie", {"nom_naissance": "LE GOFF", "prenoms": "Anne Marie"}),
        ("Le Goff, Anne", {"nom_naissance": "Le Goff", "prenoms": "Anne"}),
        ("RIOU ANNE", {"nom_naissance": "RIOU", "prenoms": "ANNE"}),
        ("Mme RIOU née LE GOFF Anne", {"civilite": "MME", "nom_usage": "RIOU", "nom_naissance": "LE GOFF", "prenoms": "Anne"}),
        ("M. D’ARGOUGES Émile", {"civilite": "M", "nom_naissance": "D’ARGOUGES", "prenoms": "Émile"}),
    ],
)  # fmt: skip
def test_un_nom_et_un_prenom_ensemble_se_separent(brut: str, lu: dict[str, str]) -> None:
    assert cellules.lire_nom_complet(brut, JOUR) == lu


@pytest.mark.parametrize("brut", ["Le Goff Anne Marie", "LE GOFF ANNE MARIE", "Anne"])
def test_un_nom_dont_on_ne_voit_pas_la_fin_est_refuse(brut: str) -> None:
    with pytest.raises(CelluleRefusee, match="On ne voit pas où finit le nom"):
        cellules.lire_nom_complet(brut, JOUR)


@pytest.mark.parametrize(
    ("lire", "brut", "lu"),
    [
        (cellules.lire_telephone, "02 61 91 12 34", "0261911234"),
        (cellules.lire_telephone, "261911234", "0261911234"),
        (cellules.lire_telephone, "261911234.0", "0261911234"),
        (cellules.lire_telephone, "+33 2 61 91 12 34", "0261911234"),
        (cellules.lire_telephone, "0", ""),
        (cellules.lire_code_postal, "1000", "01000"),
        (cellules.lire_code_postal, "22 300", "22300"),
        (cellules.lire_gir, "GIR 4", 4),
        (cellules.lire_gir, "4.0", 4),
        (cellules.lire_gir, "NC", None),
        (cellules.lire_civilite, "Mlle", "MME"),
        (cellules.lire_civilite, "Monsieur", "M"),
        (cellules.lire_oui_non, "X", True),
        (cellules.lire_oui_non, "Non", False),
        (cellules.lire_minutes, "12h30", 750),
        (cellules.lire_minutes, "12:30", 750),
        (cellules.lire_minutes, "12,5 h", 750),
        (cellules.lire_minutes, "750 min", 750),
        (cellules.lire_minutes, "20", 1200),
        (cellules.lire_ins, "2 79 03 51 215 189 89", "279035121518989"),
        (cellules.lire_oid, "NIR", "1.2.250.1.213.1.4.8"),
    ],
)
def test_une_cellule_se_convertit(lire: Any, brut: str, lu: Any) -> None:
    assert lire(brut, JOUR) == lu


@pytest.mark.parametrize(
    ("lire", "brut", "phrase"),
    [
        (cellules.lire_telephone, "02 61 91 12", "n’est pas un numéro complet"),
        (cellules.lire_code_postal, "223", "cinq chiffres"),
        (cellules.lire_gir, "7", "Le GIR va de 1 à 6"),
        (cellules.lire_gir, "GIR 0.5", "Le GIR va de 1 à 6"),
        (cellules.lire_civilite, "Dr", "écrivez M. ou Mme"),
        (cellules.lire_oui_non, "parfois", "ne dit ni oui ni non"),
        (cellules.lire_minutes, "12h75", "n’est pas une durée"),
        (cellules.lire_minutes, "800", "n’est pas une durée"),
        (cellules.lire_ins, "279035121518988", "sa clé"),
        (cellules.lire_oid, "1.2.3", "n’est pas l’OID"),
    ],
)
def test_une_cellule_fausse_dit_pourquoi(lire: Any, brut: str, phrase: str) -> None:
    with pytest.raises(CelluleRefusee, match=phrase):
        lire(brut, JOUR)


@pytest.mark.parametrize("cellule", ["=HYPERLINK(1)", "@SUM(1)", "+cmd|' /C calc'!A0", "-cmd()", " =1"])
def test_une_formule_se_reconnait(cellule: str) -> None:
    assert cellules.est_une_formule(cellule)


@pytest.mark.parametrize("cellule", ["+33 2 61 91 12 34", "-5", "Le Goff", "1=2", "- ", "+"])
def test_un_telephone_n_est_pas_une_formule(cellule: str) -> None:
    assert not cellules.est_une_formule(cellule)


NOMS = {"nom": ("nom de naissance", "nom"), "prenom": ("prénom",), "ne_le": ("date de naissance", "né le")}


def test_les_titres_se_reconnaissent_sans_accent_et_sans_ordre() -> None:
    assert proposer(("PRENOM", "", "Naissance (date de)", "NOM"), NOMS) == {"prenom": 0, "nom": 3, "ne_le": 2}
    assert proposer(("Prénom", "Prenom"), NOMS) == {"prenom": 0}
    assert proposer(("Chien", "Chat"), NOMS) == {}


def test_la_ligne_de_titres_est_celle_qui_en_a_le_plus() -> None:
    assert ligne_de_titres((["Liste des noms"], [], ["Nom", "Prénom"], ["Riou", "Anne"]), NOMS) == 2
    assert ligne_de_titres((["Nom"], ["Riou"]), NOMS) is None


def test_les_colonnes_se_nomment_comme_dans_le_tableur() -> None:
    assert [lettre(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_l_echantillon_est_au_hasard_et_le_meme_pour_la_meme_graine() -> None:
    assert [taille(n) for n in (0, 3, 10, 400, 500, 501, 2000)] == [0, 3, 10, 10, 10, 11, 40]
    assert tirer(range(2000), 7) == tirer(range(2000), 7) != tirer(range(2000), 8)
    assert len(set(tirer(range(2000), 7))) == 40

"""FINESS, SIRET, SIREN: real published numbers pass, near-misses are explained."""

import pytest

from plateforme.core.identifiers import Finess, IdentifiantInvalide, Siren, Siret


@pytest.mark.parametrize(
    ("saisi", "numero", "departement"),
    [
        ("750712184", "750712184", "75"),  # Assistance publique – Hôpitaux de Paris (EJ)
        ("69 078 181 0", "690781810", "69"),  # Hospices civils de Lyon (EJ)
        ("2a0000014", "2A0000014", "2A"),  # centre hospitalier d'Ajaccio (EJ)
        ("2B0000020", "2B0000020", "2B"),  # centre hospitalier de Bastia (EJ)
        ("970100228", "970100228", "970"),  # CHU de la Guadeloupe (EJ)
    ],
)
def test_un_finess_publie_est_reconnu(saisi: str, numero: str, departement: str) -> None:
    finess = Finess.lire(saisi)

    assert (finess.numero, finess.departement) == (numero, departement)


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("", "vide"),
        ("750712185", "mal recopié"),
        ("2A0000015", "mal recopié"),
        ("2B0000014", "mal recopié"),
        ("2C0000014", "2A ou 2B au début"),
        ("10780054", "zéro du début"),
        ("7507121841", "10 caractères au lieu de 9"),
        ("75071218O", "caractère inattendu"),
        ("200000016", "aucun département"),
        ("000000018", "aucun département"),
        ("960000012", "aucun département"),
    ],
)
def test_un_finess_faux_dit_pourquoi(saisi: str, phrase: str) -> None:
    with pytest.raises(IdentifiantInvalide, match=phrase):
        Finess.lire(saisi)


def test_un_siret_publie_est_reconnu() -> None:
    assert Siret.lire("732 829 320 00074").siren == "732829320"
    assert Siret.lire("35600000000048").numero == "35600000000048"  # La Poste, siège


@pytest.mark.parametrize("saisi", ["73282932000075", "7328293200007", "", "abc"])
def test_un_siret_faux_est_refuse(saisi: str) -> None:
    with pytest.raises(IdentifiantInvalide, match="14 chiffres"):
        Siret.lire(saisi)


def test_un_siren_faux_est_refuse() -> None:
    assert Siren.lire("732829320").numero == "732829320"
    with pytest.raises(IdentifiantInvalide, match="9 chiffres"):
        Siren.lire("732829321")

"""``platform/decisions/asvs.csv`` says the truth: what is held names a test that exists, what is not says why.

Every requirement of OWASP ASVS 5.0.0 at level 2, WebRTC (V17) apart, and the level 3 ones we take besides.
"""

import ast
import csv
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tests.architecture.test_maison import RACINE

TABLE = RACINE / "platform" / "decisions" / "asvs.csv"
ETATS = ("tenu", "partiel", "hors_objet", "a_faire")
# (level 1, level 2) of each chapter of the standard.
PAR_CHAPITRE = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3),
    9: (4, 3), 10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16),
}  # fmt: skip
NIVEAU_3 = {
    "5.2.6", "6.3.5", "6.3.6", "6.3.7", "6.3.8", "6.4.5", "6.4.6", "7.5.3", "8.3.2", "8.3.3", "11.1.4", "13.1.2", "13.1.3",
    "13.3.3", "14.2.7", "14.2.8",
}  # fmt: skip

with TABLE.open(encoding="utf-8", newline="") as source:
    LIGNES = list(csv.DictReader(source, delimiter=";"))


def _en_nombres(numero: str) -> list[int]:
    return [int(morceau) for morceau in numero.split(".")]


def test_chaque_exigence_est_la_une_fois_dans_l_ordre() -> None:
    numeros = [ligne["id"] for ligne in LIGNES]

    assert list(LIGNES[0]) == ["id", "niveau", "exigence", "etat", "code", "test", "note"]
    assert [n for n, fois in Counter(numeros).items() if fois > 1] == []
    assert numeros == sorted(numeros, key=_en_nombres)
    assert {n for n in numeros if n.startswith("17.")} == set()


@pytest.mark.parametrize("chapitre", PAR_CHAPITRE)
def test_chaque_chapitre_est_complet(chapitre: int) -> None:
    niveaux = Counter(ligne["niveau"] for ligne in LIGNES if ligne["id"].startswith(f"{chapitre}."))

    assert (niveaux["1"], niveaux["2"]) == PAR_CHAPITRE[chapitre]


def test_les_exigences_de_niveau_3_sont_celles_qu_on_a_choisies() -> None:
    assert {ligne["id"] for ligne in LIGNES if ligne["niveau"] == "3"} == NIVEAU_3


@lru_cache(maxsize=256)
def _fonctions(fichier: Path) -> frozenset[str]:
    arbre = ast.parse(fichier.read_text("utf-8"))
    return frozenset(noeud.name for noeud in ast.walk(arbre) if isinstance(noeud, ast.FunctionDef))


def _existe(essai: str) -> bool:
    chemin, _, fonction = essai.partition("::")
    fichier = RACINE / chemin
    return fonction.startswith("test_") and fichier.is_file() and fonction in _fonctions(fichier)


@pytest.mark.parametrize("ligne", LIGNES, ids=lambda ligne: ligne["id"])
def test_une_ligne_ne_promet_que_ce_qui_se_montre(ligne: dict[str, str]) -> None:
    codes, essais = ligne["code"].split(), ligne["test"].split()

    assert ligne["etat"] in ETATS
    assert ligne["exigence"]
    assert [code for code in codes if not (RACINE / code).exists()] == []
    assert [essai for essai in essais if not _existe(essai)] == []
    if ligne["etat"] == "tenu":
        assert codes
        assert essais
    else:
        assert ligne["note"]


@pytest.mark.parametrize(
    "essai",
    ["tests/securite/test_portes.py::test_une_porte_de_plus", "tests/securite/test_absent.py::test_x", "tests/securite/test_portes.py", "tests/securite/test_portes.py::_imports"],
)  # fmt: skip
def test_un_essai_invente_est_vu(essai: str) -> None:
    assert not _existe(essai)


def test_les_comptes_sont_imprimes(capsys: pytest.CaptureFixture[str]) -> None:
    comptes = Counter(ligne["etat"] for ligne in LIGNES)
    with capsys.disabled():
        print(f"\nASVS 5.0.0 : {len(LIGNES)} exigences, " + ", ".join(f"{comptes[e]} {e}" for e in ETATS))

    assert sum(comptes.values()) == 262

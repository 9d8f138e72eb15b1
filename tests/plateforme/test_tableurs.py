"""CSV for French Excel: no cell is ever a formula, whatever somebody typed."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateforme.tableurs import ecrire_csv, neutraliser


def relire(octets: bytes) -> list[list[str]]:
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    "piege",
    [
        "=1+1", "+33 6", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", '"=1', "'=1", "＝1+1", "＠x", "\ufeff=1",
        "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")", "\u200b-1", "\ttexte",
    ],
)  # fmt: skip
def test_une_formule_devient_un_texte(piege: str) -> None:
    assert neutraliser(piege).startswith("'")


@pytest.mark.parametrize(
    "texte", ["", "Le Goff", "12 rue de l’Église", "a=b", "C-3PO", "06 12", "l'été", "« -x »"]
)
def test_un_texte_ordinaire_reste_tel_quel(texte: str) -> None:
    assert neutraliser(texte) == texte


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_aucune_cellule_ne_commence_par_ce_qui_se_calcule(lignes: list[list[str]]) -> None:
    relues = relire(ecrire_csv(["a", "b"], lignes))

    assert len(relues) == len(lignes) + 1
    for ligne in relues:
        assert len(ligne) == 2
        for cellule in ligne:
            assert not cellule.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
            assert not set(cellule) & set("\r\n\x00")


def test_les_types_se_lisent_en_francais() -> None:
    ligne = [
        Decimal("-12.50"),
        3.5,
        -7,
        date(2026, 11, 24),
        datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
        True,
        None,
    ]

    assert relire(ecrire_csv(["x"] * 7, [ligne]))[1] == [
        "-12,50",
        "3,5",
        "-7",
        "24/11/2026",
        "24/11/2026 09:05",
        "oui",
        "",
    ]


def test_les_octets_sont_ceux_qu_excel_attend() -> None:
    assert ecrire_csv(["Nom", "Note"], [["Été", 'a;b "c"']]) == (
        b'\xef\xbb\xbfNom;Note\r\n\xc3\x89t\xc3\xa9;"a;b ""c"""\r\n'
    )

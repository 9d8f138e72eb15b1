from datetime import date, datetime

import pytest

from dossier.rules import est_un_code_postal, fautes_de_dates, rendez_vous, telephone_compact

JOUR = date(2026, 11, 24)


def _fautes(ne_le: date, depuis: date, sorti_le: date | None = None) -> dict[str, str]:
    return fautes_de_dates(ne_le=ne_le, accompagne_depuis=depuis, sorti_le=sorti_le, jour=JOUR)


def test_des_dates_possibles_ne_disent_rien() -> None:
    assert _fautes(date(1942, 3, 12), date(2023, 2, 6), date(2026, 11, 24)) == {}


@pytest.mark.parametrize(
    ("ne_le", "phrase"),
    [
        (date(2026, 11, 25), "La date de naissance (25/11/2026) est dans le futur."),
        (date(1899, 12, 31), "La date de naissance précède 1900\u00a0: vérifiez l’année."),
    ],
)
def test_une_naissance_impossible_a_sa_phrase(ne_le: date, phrase: str) -> None:
    assert _fautes(ne_le, date(2026, 11, 24)) == {"ne_le": phrase}


@pytest.mark.parametrize("ne_le", [date(1900, 1, 1), JOUR])
def test_les_bornes_de_la_naissance_sont_permises(ne_le: date) -> None:
    assert _fautes(ne_le, JOUR) == {}


def test_on_n_est_pas_accompagne_avant_de_naitre() -> None:
    assert _fautes(date(1942, 3, 12), date(1942, 3, 11)) == {
        "accompagne_depuis": "L’accompagnement (11/03/1942) commence avant la naissance (12/03/1942)."
    }


def test_un_debut_prevu_le_mois_prochain_est_permis_pas_dans_deux_ans() -> None:
    assert _fautes(date(1942, 3, 12), date(2026, 12, 20)) == {}
    assert "accompagne_depuis" in _fautes(date(1942, 3, 12), date(2028, 12, 20))


@pytest.mark.parametrize(
    ("sorti_le", "phrase"),
    [
        (date(2026, 11, 25), "La sortie est dans le futur\u00a0: enregistrez-la le jour venu."),
        (
            date(2023, 2, 5),
            "La sortie (05/02/2023) précède le début de l’accompagnement (06/02/2023).",
        ),
    ],
)
def test_une_sortie_impossible_a_sa_phrase(sorti_le: date, phrase: str) -> None:
    assert _fautes(date(1942, 3, 12), date(2023, 2, 6), sorti_le) == {"sorti_le": phrase}


@pytest.mark.parametrize(
    ("brut", "compact"),
    [
        ("02 61 91 12 34", "0261911234"),
        ("02.61.91.12.34", "0261911234"),
        ("+33 2 61 91 12 34", "0261911234"),
        ("+33 (0)2 61 91 12 34", "0261911234"),
        ("+32 2 555 12 34", "+3225551234"),
        ("02 61 91 12 3", None),
        ("00 61 91 12 34", None),
        ("inconnu", None),
    ],
)
def test_un_telephone_se_lit_comme_il_se_dit(brut: str, compact: str | None) -> None:
    assert telephone_compact(brut) == compact


def test_un_code_postal_a_cinq_chiffres() -> None:
    assert [est_un_code_postal(c) for c in ("22300", "2230", "223000", "2A004")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("instant", "dit"),
    [
        (datetime(2026, 11, 24, 10, 45), "Auj. 10:45"),
        (datetime(2026, 11, 25, 10, 45), "Mer. 10:45"),
        (datetime(2026, 11, 30, 8, 0), "Lun. 08:00"),
        (datetime(2026, 12, 1, 8, 0), "01/12 08:00"),
    ],
)
def test_un_rendez_vous_se_dit_court(instant: datetime, dit: str) -> None:
    assert rendez_vous(instant, JOUR) == dit

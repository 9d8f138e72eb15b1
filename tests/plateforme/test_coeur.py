"""Periods, quantities, refusals: the small rules everything stands on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateforme.core.errors import Conflit, ErreurMetier, Indisponible, Introuvable
from plateforme.core.periods import Periode, PeriodeInversee
from plateforme.core.quantities import centimes, en_heures

MINUIT = datetime(2026, 11, 24, tzinfo=UTC)
minutes = st.integers(min_value=0, max_value=3 * 24 * 60)


def periode(debut: int, fin: int) -> Periode:
    return Periode(MINUIT + timedelta(minutes=debut), MINUIT + timedelta(minutes=fin))


periodes = st.tuples(minutes, minutes).map(lambda paire: periode(*sorted(paire)))


def test_deux_visites_qui_se_suivent_ne_se_chevauchent_pas() -> None:
    assert not periode(0, 60).chevauche(periode(60, 120))
    assert periode(0, 61).chevauche(periode(60, 120))


def test_la_fin_n_est_pas_dedans() -> None:
    assert periode(0, 60).contient(MINUIT)
    assert not periode(0, 60).contient(MINUIT + timedelta(minutes=60))


def test_une_periode_a_l_envers_est_refusee() -> None:
    with pytest.raises(PeriodeInversee, match="La fin précède le début"):
        periode(1, 0)


def test_une_duree_compte_des_minutes_entieres() -> None:
    assert Periode(MINUIT, MINUIT + timedelta(minutes=59, seconds=59)).minutes == 59


@given(periodes, periodes)
def test_le_chevauchement_est_reciproque(une: Periode, autre: Periode) -> None:
    assert une.chevauche(autre) == autre.chevauche(une)


@given(periodes, periodes)
def test_deux_periodes_se_chevauchent_si_elles_partagent_une_minute(une: Periode, autre: Periode) -> None:
    partagees = range(max(_rang(une.debut), _rang(autre.debut)), min(_rang(une.fin), _rang(autre.fin)))
    vides = une.minutes == 0 or autre.minutes == 0

    assert vides or une.chevauche(autre) == (len(partagees) > 0)


@given(periodes, minutes)
def test_un_instant_contenu_est_entre_le_debut_et_avant_la_fin(une: Periode, rang: int) -> None:
    dedans = une.contient(MINUIT + timedelta(minutes=rang))

    assert dedans == (_rang(une.debut) <= rang < _rang(une.fin))


def _rang(instant: datetime) -> int:
    return int((instant - MINUIT).total_seconds() // 60)


@pytest.mark.parametrize(
    ("montant", "arrondi"),
    [("10.005", "10.01"), ("10.004", "10.00"), ("-10.005", "-10.01"), ("2.675", "2.68"), ("3", "3.00")],
)
def test_un_montant_s_arrondit_au_centime_le_plus_proche(montant: str, arrondi: str) -> None:
    assert str(centimes(Decimal(montant))) == arrondi


@pytest.mark.parametrize(
    ("duree", "heures"),
    [(0, "0.00"), (15, "0.25"), (50, "0.83"), (100, "1.67"), (60, "1.00"), (-30, "-0.50")],
)
def test_des_minutes_se_disent_en_heures_au_centieme(duree: int, heures: str) -> None:
    assert str(en_heures(duree)) == heures


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=30))
def test_l_arrondi_par_ligne_ne_derive_jamais_de_plus_d_un_demi_centime_par_ligne(lignes: list[int]) -> None:
    montants = [Decimal(n) / 1000 for n in lignes]
    ecart = abs(sum(map(centimes, montants), Decimal(0)) - sum(montants, Decimal(0)))

    assert ecart <= Decimal("0.005") * len(lignes)


def test_un_refus_porte_sa_phrase_son_code_et_ses_champs() -> None:
    refus = Conflit("Déjà pris.", champs={"debut": "Choisissez une autre heure."}, visite="x")

    assert (refus.message, str(refus)) == ("Déjà pris.", "Déjà pris.")
    assert (refus.code, refus.statut, refus.definitif) == ("plateforme.objet.modifie", 409, True)
    assert refus.champs == {"debut": "Choisissez une autre heure."}
    assert refus.details == {"visite": "x"}


@pytest.mark.parametrize(
    ("genre", "statut", "definitif"),
    [(Introuvable, 404, True), (Indisponible, 503, False), (ErreurMetier, 422, True)],
)
def test_un_refus_dit_si_recommencer_a_un_sens(
    genre: type[ErreurMetier], statut: int, *, definitif: bool
) -> None:
    refus = genre()

    assert (refus.statut, refus.definitif, refus.champs) == (statut, definitif, {})
    assert refus.message == genre.message

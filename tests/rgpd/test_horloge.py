"""The 72 hours, to the minute, and what keeps a file open. Source of each: RGPD art. 33 and 34."""

from datetime import UTC, datetime, timedelta

import pytest

from plateforme.core.periods import plus_mois
from tenants.rgpd.rules.aipd import contenu_de_depart, niveaux_manquants
from tenants.rgpd.rules.violation import Genre, Horloge, Risque, reste_a_faire

CONNUE = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)


def horloge(heures: float, notifiee: float | None = None, *, dispensee: bool = False) -> Horloge:
    a = CONNUE + timedelta(hours=notifiee) if notifiee is not None else None
    return Horloge(CONNUE, 72, a, dispensee, CONNUE + timedelta(hours=heures))


@pytest.mark.parametrize(
    ("heures", "reste", "retard", "ton"),
    [
        (0, 72, False, "info"),
        (0.5, 71, False, "info"),
        (47, 25, False, "info"),
        (48, 24, False, "attention"),
        (71.5, 0, False, "attention"),
        (72, 0, False, "attention"),
        (72.01, -1, True, "alerte"),
        (100, -29, True, "alerte"),
    ],
)
def test_les_heures_restantes(heures: float, reste: int, retard: bool, ton: str) -> None:
    lue = horloge(heures)

    assert (lue.heures_restantes, lue.en_retard, lue.ton) == (reste, retard, ton)


def test_le_changement_d_heure_ne_donne_pas_une_heure_de_plus() -> None:
    """72 hours are 72 hours: the night the clocks change, the local hour of the deadline moves."""
    from zoneinfo import ZoneInfo

    echeance = horloge(0).echeance.astimezone(ZoneInfo("Europe/Paris"))

    assert echeance.strftime("%d/%m %H:%M") == "31/03 01:30"


@pytest.mark.parametrize(
    ("notifiee", "dit"),
    [
        (71.9, "dans le délai"),
        (72, "dans le délai"),
        (72.1, "hors délai"),
    ],
)
def test_une_notification_arrete_l_horloge(notifiee: float, dit: str) -> None:
    assert dit in horloge(500, notifiee).phrase


def test_une_decision_motivee_l_arrete_aussi() -> None:
    assert horloge(500, dispensee=True).ton == "ok"


@pytest.mark.parametrize(
    ("risque", "faits", "mesures", "manques"),
    [
        (Risque.A_EVALUER, [], False, 3),
        (Risque.AUCUN, [Genre.NON_NOTIFIEE], True, 0),
        (Risque.AUCUN, [Genre.NON_NOTIFIEE], False, 1),
        (Risque.AUCUN, [Genre.CNIL_INITIALE], True, 0),
        (Risque.PROBABLE, [Genre.NON_NOTIFIEE], True, 1),
        (Risque.PROBABLE, [Genre.CNIL_INITIALE], True, 0),
        (Risque.ELEVE, [Genre.CNIL_INITIALE], True, 1),
        (Risque.ELEVE, [Genre.CNIL_INITIALE, Genre.PERSONNES], True, 0),
        (Risque.ELEVE, [Genre.CNIL_INITIALE, Genre.PERSONNES_DISPENSE], True, 0),
        (Risque.ELEVE, [Genre.CERT_SANTE, Genre.PERSONNES], True, 1),
    ],
)
def test_ce_qui_manque_avant_de_clore(risque: Risque, faits: list[str], mesures: bool, manques: int) -> None:
    assert len(reste_a_faire(risque, faits, mesures=mesures)) == manques


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [("2026-03-02", 12, "2027-03-02"), ("2028-02-29", 12, "2029-02-28"), ("2026-01-31", 1, "2026-02-28")],
)
def test_la_revue_tombe_le_meme_jour(jour: str, mois: int, attendu: str) -> None:
    depart = datetime.fromisoformat(jour).date()

    assert plus_mois(depart, mois).isoformat() == attendu


def test_le_modele_laisse_les_gens_juger_les_risques() -> None:
    depart = contenu_de_depart()

    assert len(niveaux_manquants(depart)) == 3
    assert all(
        depart[c] for c in ("contexte", "principes", "mesures", "acces", "modification", "disparition")
    )

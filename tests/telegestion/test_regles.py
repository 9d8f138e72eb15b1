from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateforme.core.periods import Periode
from telegestion.rules import (
    Creneau,
    Etat,
    Fait,
    chevauchement,
    colonnes,
    couloirs,
    etat_de,
    phrase_du_jour,
    retard,
    verifier,
)
from tests.telegestion.fabrique import a

PARIS = ZoneInfo("Europe/Paris")
TOLERANCE = timedelta(minutes=15)


def _creneau(
    debut: str, fin: str, nom: str = "la visite de Mme Le Goff", jour: int = 24, jour_fin: int = 0
) -> Creneau:
    return Creneau(nom, Periode(a(debut, jour), a(fin, jour_fin or jour)))


@pytest.mark.parametrize(
    ("heure", "faits", "attendu"),
    [
        ("07:59", {}, Etat.A_VENIR),
        ("08:14", {}, Etat.A_VENIR),
        ("08:15", {}, Etat.EN_RETARD),
        ("08:59", {}, Etat.EN_RETARD),
        ("09:00", {}, Etat.MANQUEE),
        ("08:59", {"pourvue": False}, Etat.A_POURVOIR),
        ("09:00", {"pourvue": False}, Etat.MANQUEE),
        ("08:30", {"arrivee": a("08:29")}, Etat.EN_COURS),
        ("11:00", {"arrivee": a("08:29")}, Etat.EN_COURS),
        ("08:50", {"arrivee": a("08:00"), "depart": a("08:45")}, Etat.FAITE),
        ("08:50", {"depart": a("08:45")}, Etat.FAITE),
        ("08:50", {"annulee": True, "arrivee": a("08:00")}, Etat.ANNULEE),
    ],
)
def test_l_etat_d_une_visite_de_huit_a_neuf(heure: str, faits: dict, attendu: Etat) -> None:
    fait = Fait(a("08:00"), a("09:00"), **faits)

    assert etat_de(fait, a(heure), TOLERANCE) is attendu


def test_la_tolerance_est_un_parametre() -> None:
    fait = Fait(a("08:00"), a("09:00"))

    assert etat_de(fait, a("08:10"), timedelta(minutes=10)) is Etat.EN_RETARD


def test_le_retard_se_compte_en_minutes_entieres() -> None:
    assert retard(a("08:00"), a("08:22") + timedelta(seconds=59)) == 22
    assert retard(a("08:00"), a("07:50")) == 0


def test_deux_visites_qui_se_suivent_ne_se_chevauchent_pas() -> None:
    assert chevauchement(_creneau("08:00", "09:00"), [_creneau("09:00", "10:00")]) is None


def test_deux_visites_en_meme_temps_sont_nommees_toutes_les_deux() -> None:
    candidat = _creneau("08:30", "09:30", "la visite de M. Kerbrat")

    verdicts = verifier(candidat, [_creneau("08:00", "09:00")], PARIS)

    assert [v.phrase for v in verdicts] == [
        "Deux visites en même temps\u00a0: la visite de Mme Le Goff, de 8\u00a0h à 9\u00a0h, "
        "et la visite de M. Kerbrat, de 8\u00a0h\u00a030 à 9\u00a0h\u00a030."
    ]


def test_dix_heures_et_quart_de_repos_ne_suffisent_pas() -> None:
    candidat = _creneau("07:45", "08:45")

    verdicts = verifier(candidat, [_creneau("20:30", "21:30", jour=23)], PARIS)

    assert [(v.code, v.niveau, v.source) for v in verdicts] == [
        ("telegestion.repos.insuffisant", "legal", "Code du travail, art. L3131-1")
    ]
    assert verdicts[0].phrase == (
        "Repos quotidien de 11\u00a0h non respecté\u00a0: 10\u00a0h\u00a015 entre la fin "
        "le 23/11 à 21\u00a0h\u00a030 et la reprise le 24/11 à 7\u00a0h\u00a045."
    )


def test_onze_heures_de_repos_suffisent() -> None:
    assert verifier(_creneau("08:30", "09:30"), [_creneau("20:30", "21:30", jour=23)], PARIS) == ()


def test_le_repos_se_compte_aussi_avec_le_lendemain() -> None:
    verdicts = verifier(_creneau("21:00", "22:00"), [_creneau("08:00", "09:00", jour=25)], PARIS)

    assert [v.code for v in verdicts] == ["telegestion.repos.insuffisant"]


def test_une_visite_du_milieu_du_jour_n_est_pas_tenue_d_un_repos_qui_manquait_deja() -> None:
    autres = [_creneau("20:30", "21:30", jour=23), _creneau("07:00", "08:00")]

    assert verifier(_creneau("10:00", "11:00"), autres, PARIS) == ()


def test_treize_heures_et_demie_d_amplitude_sont_refusees() -> None:
    verdicts = verifier(_creneau("19:30", "20:30"), [_creneau("07:00", "08:00")], PARIS)

    assert [v.phrase for v in verdicts] == [
        "Amplitude de 13\u00a0h\u00a030, de 7\u00a0h à 20\u00a0h\u00a030\u00a0: "
        "13\u00a0h au plus dans une journée."
    ]


def test_treize_heures_d_amplitude_sont_permises() -> None:
    assert verifier(_creneau("19:00", "20:00"), [_creneau("07:00", "08:00")], PARIS) == ()


def test_une_nuit_compte_pour_le_jour_ou_elle_commence() -> None:
    nuit = _creneau("22:00", "02:00", jour_fin=25)

    assert verifier(nuit, [_creneau("13:00", "14:00", jour=25)], PARIS) == ()
    assert [v.code for v in verifier(nuit, [_creneau("12:00", "12:30", jour=25)], PARIS)] == [
        "telegestion.repos.insuffisant"
    ]


@pytest.mark.parametrize(
    ("decisions", "heure", "phrase"),
    [
        (0, 8, "Rien ne demande de décision."),
        (1, 8, "Une visite demande une décision ce matin."),
        (2, 8, "Deux visites demandent une décision ce matin."),
        (2, 14, "Deux visites demandent une décision cet après-midi."),
        (12, 20, "12 visites demandent une décision ce soir."),
    ],
)
def test_la_phrase_du_jour(decisions: int, heure: int, phrase: str) -> None:
    assert phrase_du_jour(decisions, heure) == phrase


@pytest.mark.parametrize(
    ("debut", "fin", "place"),
    [
        (7 * 60, 8 * 60, (1, 12)),
        (8 * 60 + 25, 9 * 60 + 25, (18, 12)),
        (20 * 60, 22 * 60, (157, 12)),
        (5 * 60, 7 * 60 + 30, (1, 6)),
        (5 * 60, 6 * 60, (1, 1)),
        (22 * 60, 23 * 60, (168, 1)),
        (0, 24 * 60, (1, 168)),
    ],
)
def test_les_colonnes_de_cinq_minutes(debut: int, fin: int, place: tuple[int, int]) -> None:
    assert colonnes(debut, fin) == place


@given(st.integers(0, 1440), st.integers(0, 1440))
def test_un_bloc_ne_sort_jamais_de_la_frise(debut: int, fin: int) -> None:
    gauche, large = colonnes(min(debut, fin), max(debut, fin))

    assert 1 <= gauche <= 168
    assert large >= 1
    assert gauche + large - 1 <= 168


def test_trois_visites_dont_deux_ensemble_prennent_deux_couloirs() -> None:
    periodes = [
        Periode(a("08:00"), a("09:00")),
        Periode(a("08:30"), a("09:30")),
        Periode(a("09:00"), a("10:00")),
    ]

    assert couloirs(periodes) == [1, 2, 1]


_debuts = st.tuples(st.integers(0, 600), st.integers(1, 180))


@given(st.lists(_debuts, max_size=30))
def test_deux_visites_du_meme_couloir_ne_se_touchent_pas(bruts: list[tuple[int, int]]) -> None:
    zero = datetime(2026, 11, 24, 6, tzinfo=UTC)
    periodes = [Periode(zero + timedelta(minutes=d), zero + timedelta(minutes=d + n)) for d, n in bruts]

    rangs = couloirs(periodes)

    for i, un in enumerate(periodes):
        for j in range(i):
            assert rangs[i] != rangs[j] or not un.chevauche(periodes[j])


@given(st.lists(_debuts, max_size=30))
def test_il_n_y_a_pas_plus_de_couloirs_que_de_visites_ensemble(bruts: list[tuple[int, int]]) -> None:
    zero = datetime(2026, 11, 24, 6, tzinfo=UTC)
    periodes = [Periode(zero + timedelta(minutes=d), zero + timedelta(minutes=d + n)) for d, n in bruts]

    ensemble = max((sum(p.contient(q.debut) for p in periodes) for q in periodes), default=0)

    assert max(couloirs(periodes), default=0) == ensemble


@given(_debuts, st.lists(_debuts, max_size=10))
def test_un_candidat_accepte_ne_heurte_personne(brut: tuple[int, int], autres: list[tuple[int, int]]) -> None:
    zero = datetime(2026, 11, 24, 6, tzinfo=UTC)

    def creneau(couple: tuple[int, int]) -> Creneau:
        return Creneau(
            "une visite", Periode(zero + timedelta(minutes=couple[0]), zero + timedelta(minutes=sum(couple)))
        )

    candidat, lignes = creneau(brut), [creneau(autre) for autre in autres]

    heurtes = [ligne for ligne in lignes if candidat.periode.chevauche(ligne.periode)]

    assert bool(heurtes) == any(
        v.code == "telegestion.visites.simultanees" for v in verifier(candidat, lignes, PARIS)
    )

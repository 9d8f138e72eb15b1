"""What templates say: times, durations, figures, names, places on the frieze."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from lucide import IconDoesNotExist

from plateforme.web.templatetags import treille

# 24 November 2026 is a Tuesday; Paris is then one hour ahead of UTC.
MATIN = datetime(2026, 11, 24, 7, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_paris():
    with timezone.override(ZoneInfo("Europe/Paris")):
        yield


def test_une_heure_de_grille_est_dans_la_zone_de_la_structure() -> None:
    assert treille.heure(MATIN) == "08:25"
    with timezone.override(ZoneInfo("Indian/Reunion")):
        assert treille.heure(MATIN) == "11:25"


def test_une_heure_nue_est_deja_locale() -> None:
    assert treille.heure(time(7, 5)) == "07:05"
    assert treille.heure(None) == ""


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (time(8, 25), "8\u00a0h\u00a025"),
        (time(8, 0), "8\u00a0h"),
        (time(0, 5), "0\u00a0h\u00a005"),
        (MATIN, "8\u00a0h\u00a025"),
    ],
)
def test_une_heure_de_phrase_se_lit(valeur, attendu) -> None:
    assert treille.heure_prose(valeur) == attendu


@pytest.mark.parametrize(
    ("minutes", "attendu"),
    [
        (0, "0\u00a0min"),
        (45, "45\u00a0min"),
        (60, "1\u00a0h"),
        (65, "1\u00a0h\u00a005"),
        (75, "1\u00a0h\u00a015"),
        (1630, "27\u00a0h\u00a010"),
        (-20, "−20\u00a0min"),
        (timedelta(hours=1, minutes=15), "1\u00a0h\u00a015"),
        (None, ""),
    ],
)
def test_une_duree_s_ecrit_en_heures_et_minutes(minutes, attendu) -> None:
    assert treille.duree(minutes) == attendu


@time_machine.travel(MATIN, tick=False)
def test_un_jour_long_nomme_le_jour_et_tait_l_annee_en_cours() -> None:
    assert treille.jour_long(date(2026, 11, 24)) == "Mardi 24 novembre"
    assert treille.jour_long(date(2026, 12, 1)) == "Mardi 1er décembre"
    assert treille.jour_long(date(2027, 1, 1)) == "Vendredi 1er janvier 2027"


@time_machine.travel(MATIN, tick=False)
def test_un_instant_tardif_appartient_au_jour_local() -> None:
    presque_minuit_utc = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert treille.jour_court(presque_minuit_utc) == "25/11"
    assert treille.jour_an(date(2026, 3, 2)) == "02/03/2026"


@time_machine.travel(MATIN, tick=False)
@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        (datetime(2026, 11, 24, 6, 58, tzinfo=UTC), "07:58"),
        (datetime(2026, 11, 23, 18, 40, tzinfo=UTC), "hier 19:40"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "ven. 20/11"),
        (datetime(2026, 11, 17, 9, 0, tzinfo=UTC), "17/11"),
        (datetime(2025, 11, 24, 9, 0, tzinfo=UTC), "24/11/2025"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "00:30"),
    ],
)
def test_une_chronologie_date_court_ce_qui_est_proche(instant, attendu) -> None:
    assert treille.quand(instant) == attendu


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        (time(7, 0), time(7, 5), "d1 l1"),
        (time(8, 25), time(9, 25), "d18 l12"),
        (time(20, 55), time(21, 0), "d168 l1"),
        (time(6, 0), time(8, 0), "d1 l12"),  # the hour before 07:00 is cut off
        (time(20, 0), time(22, 0), "d157 l12"),  # what follows 21:00 too
        (time(5, 0), time(6, 0), "d1 l1"),
        (time(22, 0), time(23, 0), "d168 l1"),
        (time(20, 0), time(6, 0), "d157 l12"),  # a night ends the next day
        (MATIN, MATIN + timedelta(minutes=90), "d18 l18"),
    ],
)
def test_un_bloc_tombe_dans_sa_colonne_de_cinq_minutes(debut, fin, attendu) -> None:
    assert f"{treille.colonne(debut)} {treille.largeur(debut, fin)}" == attendu


def test_une_largeur_peut_etre_donnee_en_minutes() -> None:
    assert treille.largeur(time(8, 0), 45) == "l9"


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Marie-Line Hamon", "MH"),
        ("Mme Anne Riou", "AR"),
        ("Thierry Le Bras", "TL"),
        ("SAD du Trégor", "ST"),
        ("Françoise L.", "FL"),
        ("élodie", "É"),
        ("", ""),
        (None, ""),
    ],
)
def test_les_initiales_ignorent_civilite_et_particule(nom, attendu) -> None:
    assert treille.initiales(nom) == attendu


def test_zero_et_un_sont_au_singulier() -> None:
    assert [treille.pluriel(n) for n in (0, 1, 2)] == ["", "", "s"]
    assert [treille.pluriel(n, "al,aux") for n in (1, 3)] == ["al", "aux"]


def test_un_nombre_porte_les_separateurs_francais() -> None:
    assert treille.nombre(1114) == "1\u00a0114"
    assert treille.nombre(Decimal("-12450.55"), 1) == "−12\u00a0450,6"
    assert treille.montant(Decimal("1114.8")) == "1\u00a0114,80\u00a0€"
    assert treille.montant(0) == "0,00\u00a0€"
    assert treille.montant(None) == ""


def test_un_attribut_svg_garde_son_point() -> None:
    assert [treille.svg(v) for v in (12.5, 3, Decimal("0.333"))] == ["12.5", "3", "0.33"]


def test_un_telephone_se_lit_par_deux_et_l_etranger_reste_tel_quel() -> None:
    assert treille.telephone("0261911234") == "02\u00a061\u00a091\u00a012\u00a034"
    assert treille.telephone("+41 22 111 22 33") == "+41 22 111 22 33"


def test_une_icone_est_decorative_et_suit_la_taille_du_texte() -> None:
    svg = treille.icone("phone", 16)
    assert svg.startswith('<svg width="1rem" height="1rem" viewBox="0 0 24 24"')
    assert 'aria-hidden="true"' in svg
    assert "\n" not in svg


def test_une_icone_inconnue_casse_au_lieu_de_se_taire() -> None:
    with pytest.raises(IconDoesNotExist):
        treille.icone("telephone-a-cadran")

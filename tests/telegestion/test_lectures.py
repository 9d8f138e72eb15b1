from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plateforme.tenancy.courant import lier
from telegestion import queries
from telegestion.models import Absence, Geste
from telegestion.rules import Etat
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import JOUR, a, badge, intervenant, usager, visite


def _remplir(nombre: int) -> None:
    for n in range(nombre):
        ligne = visite(None, "10:00", "11:00", chez=usager(f"Le Goff {n}"))
        Geste.objects.create(intervention=ligne, libelle="Préparer le repas")
        badge(ligne, "arrivee", "10:01", qui=intervenant("awa"))


def _requetes(faire: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as vues:
        faire()
    return sum(
        1 for q in vues.captured_queries if q["sql"].startswith("SELECT") and "telegestion" in q["sql"]
    )


@pytest.mark.parametrize("nombre", [3, 30])
def test_une_journee_se_lit_en_quatre_requetes(alice: Any, nombre: int) -> None:
    _remplir(nombre)

    assert _requetes(lambda: queries.journee(alice, JOUR)) == 4


@pytest.mark.parametrize("nombre", [3, 30])
def test_une_tournee_se_lit_en_quatre_requetes(alice: Any, nombre: int) -> None:
    for n in range(nombre):
        debut = a("00:00") + timedelta(minutes=40 * n)
        ligne = visite(None, "10:00", "11:00", chez=usager(f"Le Goff {n}"))
        ligne.debut, ligne.fin, ligne.intervenant = debut, debut + timedelta(minutes=30), intervenant("awa")
        ligne.save()
        Geste.objects.create(intervention=ligne, libelle="Préparer le repas")

    assert (
        _requetes(lambda: queries.tournee_de(compte("awa"), intervenant("awa").pk, JOUR)) == 5
    )  # one is the test’s own
    assert len(queries.tournee_de(compte("awa"), intervenant("awa").pk, JOUR).etapes) == nombre


def test_les_candidats_se_lisent_en_quatre_requetes(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")
    vue = queries.visite(alice, ligne.pk)
    assert vue is not None
    _remplir(10)

    assert _requetes(lambda: queries.candidats(vue)) == 4


def test_la_journee_dit_l_etat_de_chacune(alice: Any) -> None:
    visite("awa", "08:00", "09:00")
    visite("awa", "10:00", "11:00", chez=usager("Riou"))
    visite(None, "10:00", "11:00", chez=usager("Kerbrat"))
    visite("bruno", "07:00", "08:00", chez=usager("Thomas"))
    visite("bruno", "10:00", "11:00", chez=usager("Cadiou"), statut="annulee")
    visite("bruno", "10:00", "11:00", chez=usager("Bihan"), jour=25)

    journee = queries.journee(alice, JOUR)

    assert journee.comptes == {
        Etat.EN_RETARD: 1,
        Etat.A_VENIR: 1,
        Etat.A_POURVOIR: 1,
        Etat.MANQUEE: 1,
        Etat.ANNULEE: 1,
    }
    assert len(journee.tenues) == 4
    assert journee.phrase(8) == "Trois visites demandent une décision ce matin."


def test_une_visite_de_nuit_est_des_deux_jours(alice: Any) -> None:
    ligne = visite("awa", "22:00", "23:00")
    ligne.fin = a("02:00", 25)
    ligne.save()

    assert [v.id for v in queries.journee(alice, JOUR).visites] == [ligne.pk]
    assert [v.id for v in queries.journee(alice, JOUR + timedelta(days=1)).visites] == [ligne.pk]


def test_chacun_ne_voit_que_ses_visites(alice: Any) -> None:
    sienne = visite("awa", "08:00", "09:00")
    visite("bruno", "08:00", "09:00", chez=usager("Riou"))
    visite(None, "08:00", "09:00", chez=usager("Kerbrat"))

    assert list(queries.interventions_visibles(compte("awa"))) == [sienne]
    assert queries.interventions_visibles(alice).count() == 3
    assert [v.id for v in queries.journee(compte("awa"), JOUR).visites] == [sienne.pk]
    assert queries.etape_de(compte("bruno"), sienne.pk) is None
    assert queries.visite(compte("bruno"), sienne.pk) is None


def test_la_structure_voisine_ne_voit_rien(alice: Any, monde: Monde) -> None:
    ligne = visite("awa", "08:00", "09:00")

    with lier(monde.b):
        assert queries.visite(compte("chloe"), ligne.pk) is None
        assert queries.journee(compte("chloe"), JOUR).visites == ()


def test_un_badge_corrige_ne_compte_plus(alice: Any) -> None:
    ligne = visite("awa", "07:00", "08:00")
    faux = badge(ligne, "arrivee", "06:00")
    juste = badge(ligne, "arrivee", "07:05")
    type(juste).objects.create(
        intervention=ligne,
        intervenant=ligne.intervenant,
        sens="arrivee",
        pointe_a=a("07:04"),
        recu_a=a("08:00"),
        corrige_id=faux.pk,
    )

    vue = queries.visite(alice, ligne.pk)

    assert vue is not None
    assert vue.arrivee == a("07:04")


def test_les_candidats_disent_leurs_raisons(alice: Any) -> None:
    chez = usager("Le Goff")
    for jour in (20, 21, 22):
        visite("bruno", "10:00", "11:00", chez=chez, jour=jour)
    ligne = visite("awa", "10:00", "11:00", chez=chez)
    vue = queries.visite(alice, ligne.pk)
    assert vue is not None

    candidats = queries.candidats(vue)

    assert [(c.nom, c.possible, c.raisons) for c in candidats] == [
        (
            "Bruno Essai",
            True,
            (
                "Libre à cette heure",
                "Connaît déjà Mme Le Goff\u00a0: 3 visites en 30 jours",
                "1\u00a0h cette semaine avec cette visite, 35\u00a0h au contrat",
            ),
        )
    ]


def test_un_candidat_absent_ou_pris_dit_pourquoi(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")
    visite("bruno", "10:30", "11:30", chez=usager("Kerbrat"))
    Absence.objects.create(
        intervenant=intervenant("bruno"), debut=a("00:00"), fin=a("00:00", 25), motif="conge"
    )
    vue = queries.visite(alice, ligne.pk)
    assert vue is not None

    (bruno,) = queries.candidats(vue)

    assert not bruno.possible
    assert bruno.raisons[0] == "Absence déclarée ce jour-là"
    assert "la visite de Mme Kerbrat" in bruno.raisons[1]

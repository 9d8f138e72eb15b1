"""Reminders over the years: each one leaves once, whatever stops and starts again."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from plateforme.core.clock import now
from plateforme.notifications.models import Notification
from plateforme.reseau.models import CompteReseau, MessageReseau
from plateforme.tenancy.courant import lier
from tenants.deploiement.models import Parcours, Rappel, Releve
from tenants.deploiement.services import etapes, ouvrir, rappels
from tenants.models import Grappe
from tenants.projet.models import ConventionArs, Jalon, Programme, Region
from tests.deploiement.outils import DIRECTION, PAULE, grappe, passer, public, structure
from tests.support.monde import Monde

DEPART = date(2027, 1, 4)  # a Monday


def midi(jour: date) -> datetime:
    return datetime(jour.year, jour.month, jour.day, 11, tzinfo=UTC)


@pytest.fixture
def sujet(monde: Monde) -> Iterator[Parcours]:
    """A structure whose go-live is in a hundred days, led by Paule, who has an address."""
    with time_machine.travel(midi(DEPART), tick=False), public():
        sienne = grappe(monde.a)
        CompteReseau.objects.filter(identifiant="paule").update(
            grappe_id=sienne.pk, courriel="paule@essai.example"
        )
        ouvert, _ = ouvrir.ouvrir(
            structure(monde.a),
            type_="acquisition",
            mise_en_production=DEPART + timedelta(days=200),
            par=PAULE,
        )
        passer(ouvert, "besoins", "exigences")
        yield ouvert


def un_jour(monde: Monde, jour: date) -> None:
    """Twice a day, as the schedule does; the second run is also what a restart does."""
    with time_machine.travel(midi(jour), tick=False):
        for _ in range(2):
            with lier(monde.a):
                rappels.rappeler_a_la_structure()
            with public():
                rappels.rappeler_aux_porteurs()


def seuils(monde: Monde, debut: str) -> Counter[int]:
    with public():
        return Counter(
            Rappel.objects.filter(structure_id=monde.a.structure_id, sujet__startswith=debut).values_list(
                "seuil", flat=True
            )
        )


def test_une_etape_rappelle_six_fois_et_pas_une_de_plus(monde: Monde, sujet: Parcours) -> None:
    """Due 180 days before the go-live: twenty days after the start."""
    for n in range(50):
        un_jour(monde, DEPART + timedelta(days=n))

    assert seuils(monde, "etape:besoins") == {14: 1, 7: 1, 1: 1, -1: 1, -7: 1, -14: 1}
    with lier(monde.a):
        titres = Counter(
            Notification.objects.filter(compte__identifiant="direction").values_list("titre", flat=True)
        )
    assert titres == {
        "À faire\u00a0: décrire les besoins et l’organisation visée": 3,
        "En retard\u00a0: décrire les besoins et l’organisation visée": 3,
    }


def test_sans_travailleur_pendant_dix_jours_seul_le_dernier_seuil_part(monde: Monde, sujet: Parcours) -> None:
    un_jour(monde, DEPART + timedelta(days=5))  # 15 days before: nothing yet
    un_jour(monde, DEPART + timedelta(days=16))  # 4 days before: 14 and 7 went by together

    assert seuils(monde, "etape:besoins") == {7: 1}


def test_une_etape_faite_se_tait(monde: Monde, sujet: Parcours) -> None:
    with time_machine.travel(midi(DEPART), tick=False), public():
        etapes.marquer(sujet, "besoins", par=DIRECTION, preuve="CR")
    for n in (6, 13, 19, 21):
        un_jour(monde, DEPART + timedelta(days=n))

    assert seuils(monde, "etape:besoins") == {}


def test_une_etape_replanifiee_rappelle_de_nouveau(monde: Monde, sujet: Parcours) -> None:
    un_jour(monde, DEPART + timedelta(days=13))
    with time_machine.travel(midi(DEPART + timedelta(days=14)), tick=False), public():
        ouvrir.planifier(sujet, mise_en_production=sujet.mise_en_production + timedelta(days=60), par=PAULE)
    un_jour(monde, DEPART + timedelta(days=15))
    un_jour(monde, DEPART + timedelta(days=73))

    assert seuils(monde, "etape:besoins") == {7: 2}


def test_l_etape_du_porteur_va_au_porteur_par_lettre(monde: Monde, sujet: Parcours) -> None:
    """« Relire les exigences » is due 145 days before the go-live: the porteur's, so a letter, and no bell next door."""
    un_jour(monde, DEPART + timedelta(days=48))

    assert seuils(monde, "etape:exigences") == {7: 1}
    with public():
        lettres = [
            m.contenu["valeurs"]["titre"] for m in MessageReseau.objects.filter(genre="identity.courriel")
        ]
    assert "SAD Alpha. À faire\u00a0: relire les exigences et choisir le profil du DUI" in lettres
    with lier(monde.b):
        assert not Notification.objects.exists()


def test_un_jalon_sans_preuve_est_rappele_au_porteur(monde: Monde, sujet: Parcours) -> None:
    """Due on the twentieth day: three reminders before, and the day after; a proven one says nothing."""
    with time_machine.travel(midi(DEPART), tick=False), public():
        sienne = Grappe.objects.get(nom="Grappe d’essai")
        convention = ConventionArs.objects.create(
            grappe=sienne, programme=Programme.objects.all()[0], region=Region.objects.all()[0], numero="C-1",
            signataires=["Direction"], montant=1000, signee_le=DEPART, debut=DEPART, fin=DEPART + timedelta(days=300),
        )  # fmt: skip
        for libelle, etat in (("Mise en service", "a_venir"), ("Prouvé", "preuve_deposee")):
            Jalon.objects.create(
                convention=convention,
                libelle=libelle,
                preuve_attendue="PV",
                etat=etat,
                echeance=DEPART + timedelta(days=20),
            )
    for n in (5, 6, 7, 13, 19, 20, 21, 22):
        un_jour(monde, DEPART + timedelta(days=n))

    assert seuils(monde, "jalon:") == {14: 1, 7: 1, 1: 1, -1: 1}


def test_trois_ans_de_certificats_rappellent_une_fois_par_seuil(monde: Monde, sujet: Parcours) -> None:
    """A certificate of three years, told by the fact alone: 90, 60, 30, 7, 1 days, then its end. Once each."""
    fin = DEPART + timedelta(days=3 * 365)
    with public():
        Parcours.objects.filter(pk=sujet.pk).update(vsr_signee_a=now())
        Releve.objects.create(
            structure_id=monde.a.structure_id, code="mie.certificats_valides", fait=1, attendu=1, echeance=fin,
            details=[{"offre": "ORG", "usage": "AUTH_CLI", "environnement": "PROD", "etat": "actif", "expire_le": fin.isoformat()}],
            releve_a=now(),
        )  # fmt: skip

    for n in range(3 * 365 + 5):
        with time_machine.travel(midi(DEPART + timedelta(days=n)), tick=False), public():
            rappels.rappeler_aux_porteurs()
            if n % 5 == 0:  # stopped and started again
                rappels.rappeler_aux_porteurs()

    assert seuils(monde, "certificat:ORG AUTH_CLI") == {90: 1, 60: 1, 30: 1, 7: 1, 1: 1, 0: 1}
    with public():
        semaines = Rappel.objects.filter(sujet__startswith="bilan:").count()
        lettres = MessageReseau.objects.filter(genre="identity.courriel").count()
    assert semaines == 158
    assert lettres == semaines + 6

"""Badges and gestures as the phone sends them: through ``terrain``, which dispatches to télégestion."""

from typing import Any
from uuid import uuid4

import pytest

from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.terrain.models import EvenementTerrain
from telegestion import queries, services
from telegestion.models import Geste, Pointage
from telegestion.rules import Etat
from tests.support.monde import compte
from tests.telegestion.fabrique import JOUR, a, envoyer, evenement, intervenant, usager, visite


def test_l_arrivee_puis_le_depart_font_une_visite_faite(awa: Any) -> None:
    ligne = visite("awa", "07:00", "08:00")
    debut, fin = uuid4(), uuid4()

    verdicts = envoyer(
        awa,
        evenement("badge.debut", a("07:02"), debut, intervention=str(ligne.pk), preuve="qr"),
        evenement("badge.fin", a("07:58"), fin, intervention=str(ligne.pk)),
    )

    assert verdicts == [("accepte", ""), ("accepte", "")]
    assert list(Pointage.objects.values_list("pk", "sens", "pointe_a", "recu_a", "preuve")) == [
        (debut, "arrivee", a("07:02"), a("08:25"), "qr"),
        (fin, "depart", a("07:58"), a("08:25"), "declaree"),
    ]
    vue = queries.visite(compte("alice"), ligne.pk)
    assert vue is not None
    assert (vue.etat, vue.minutes_faites) == (Etat.FAITE, 56)
    assert Message.objects.filter(genre="telegestion.pointage.recu").count() == 2


def test_bruno_qui_badge_chez_awa_est_garde_sans_faire_la_visite(bruno: Any) -> None:
    ligne = visite("awa", "08:00", "09:00")

    verdicts = envoyer(bruno, evenement("badge.debut", a("08:01"), intervention=str(ligne.pk)))

    assert verdicts == [("accepte_avec_anomalie", "autre_intervenant")]
    assert Pointage.objects.get().intervenant == intervenant("bruno")
    vue = queries.visite(compte("alice"), ligne.pk)
    assert vue is not None
    assert vue.etat is Etat.EN_RETARD


@pytest.mark.parametrize(
    ("deja", "genre", "code"),
    [
        ((), "badge.fin", "depart_sans_arrivee"),
        (("arrivee",), "badge.debut", "deja_pointee"),
        (("arrivee", "depart"), "badge.fin", "deja_pointee"),
    ],
)
def test_un_badge_inattendu_est_garde_et_qualifie(
    awa: Any, deja: tuple[str, ...], genre: str, code: str
) -> None:
    ligne = visite("awa", "07:00", "08:00")
    for sens in deja:
        services.pointer(awa, evenement_id=uuid4(), intervention_id=ligne.pk, sens=sens, pointe_a=a("07:01"))

    verdicts = envoyer(awa, evenement(genre, a("07:30"), intervention=str(ligne.pk)))

    assert verdicts == [("accepte_avec_anomalie", code)]
    assert Pointage.objects.count() == len(deja) + 1


def test_une_visite_annulee_entre_temps_garde_le_badge(awa: Any) -> None:
    ligne = visite("awa", "08:00", "09:00", statut="annulee", annulee_motif="Hospitalisation")

    assert envoyer(awa, evenement("badge.debut", a("08:01"), intervention=str(ligne.pk))) == [
        ("accepte_avec_anomalie", "intervention_annulee")
    ]
    assert Pointage.objects.get().intervention == ligne


@pytest.mark.parametrize("cle", ["", "x", "6f54752f-0ce8-4ae6-81aa-dc2d25eb6d92", None, 12])
def test_une_visite_inconnue_garde_le_badge(awa: Any, cle: Any) -> None:
    assert envoyer(awa, evenement("badge.debut", a("08:01"), intervention=cle)) == [
        ("accepte_avec_anomalie", "intervention_inconnue")
    ]
    assert Pointage.objects.get().intervention is None


def test_un_soignant_sans_fiche_d_intervenant_est_garde(matin: None, dans_a: Any) -> None:
    sans_fiche = type(compte("awa")).objects.create(
        identifiant="neuf", prenom="Neuf", nom="Essai", role="aide_soignant"
    )
    ligne = visite("awa", "08:00", "09:00")

    assert envoyer(sans_fiche, evenement("badge.debut", a("08:01"), intervention=str(ligne.pk))) == [
        ("accepte_avec_anomalie", "compte_sans_intervenant")
    ]
    assert not Pointage.objects.exists()
    assert EvenementTerrain.objects.count() == 1


def test_un_bureau_qui_badge_est_garde_avec_le_refus(alice: Any) -> None:
    ligne = visite("awa", "08:00", "09:00")

    assert envoyer(alice, evenement("badge.debut", a("08:01"), intervention=str(ligne.pk))) == [
        ("accepte_avec_anomalie", "plateforme.habilitation.refusee")
    ]
    assert not Pointage.objects.exists()


def test_le_meme_badge_envoye_deux_fois_n_a_qu_un_effet(awa: Any) -> None:
    ligne = visite("awa", "08:00", "09:00")
    envoi = evenement("badge.debut", a("08:01"), intervention=str(ligne.pk))

    assert envoyer(awa, envoi, envoi) == [("accepte", ""), ("doublon", "")]
    assert Pointage.objects.count() == 1
    assert Message.objects.count() == 1


def test_un_geste_se_coche_et_se_decoche(awa: Any) -> None:
    geste = Geste.objects.create(intervention=visite("awa", "08:00", "09:00"), libelle="Préparer le repas")

    envoyer(awa, evenement("geste.fait", a("08:10"), geste=str(geste.pk)))
    geste.refresh_from_db()
    assert geste.fait_a == a("08:10")

    envoyer(awa, evenement("geste.non_fait", a("08:12"), geste=str(geste.pk), motif="A refusé"))
    geste.refresh_from_db()
    assert (geste.fait_a, geste.non_fait_motif) == (None, "A refusé")


def test_bruno_ne_coche_pas_les_gestes_d_awa(bruno: Any) -> None:
    geste = Geste.objects.create(intervention=visite("awa", "08:00", "09:00"), libelle="Préparer le repas")

    assert envoyer(bruno, evenement("geste.fait", a("08:10"), geste=str(geste.pk))) == [
        ("accepte_avec_anomalie", "autre_intervenant")
    ]
    geste.refresh_from_db()
    assert geste.fait_a is None


def test_un_geste_disparu_est_garde(awa: Any) -> None:
    assert envoyer(awa, evenement("geste.fait", a("08:10"), geste=str(uuid4()))) == [
        ("accepte_avec_anomalie", "geste_inconnu")
    ]


def _livrer_tout() -> None:
    for message in Message.objects.filter(genre="telegestion.pointage.recu"):
        assert livrer(message.pk)


def test_un_retard_previent_la_responsable_une_seule_fois(awa: Any) -> None:
    ligne = visite("awa", "08:00", "09:00", chez=usager("Le Goff"))
    envoyer(awa, evenement("badge.debut", a("08:22"), intervention=str(ligne.pk)))

    _livrer_tout()
    Message.objects.update(etat="a_livrer")
    _livrer_tout()

    assert [
        (n.compte.identifiant, n.titre, n.detail) for n in Notification.objects.select_related("compte")
    ] == [
        (
            "alice",
            "Visite commencée avec 22\u00a0min de retard",
            "Mme Le Goff, prévue à 08:00, Awa Essai",
        )
    ]


@pytest.mark.parametrize("heure", ["07:55", "08:15"])
def test_un_quart_d_heure_ne_previent_personne(awa: Any, heure: str) -> None:
    ligne = visite("awa", "08:00", "09:00")
    envoyer(awa, evenement("badge.debut", a(heure), intervention=str(ligne.pk)))

    _livrer_tout()

    assert not Notification.objects.exists()


def test_la_tournee_montre_la_visite_en_cours_puis_la_suite(awa: Any) -> None:
    passee = visite("awa", "06:30", "07:15")
    courante = visite("awa", "08:00", "09:00", chez=usager("Riou"))
    suite = visite("awa", "10:00", "11:00", chez=usager("Thomas"))
    visite("bruno", "08:00", "09:00", chez=usager("Kerbrat"))
    visite("awa", "12:00", "13:00", chez=usager("Cadiou"), statut="annulee")
    envoyer(awa, evenement("badge.debut", a("08:02"), intervention=str(courante.pk)))

    tournee = queries.tournee_de(compte("awa"), intervenant("awa").pk, JOUR)

    assert tournee.courante is not None
    assert tournee.courante.visite.id == courante.pk
    assert [(e.visite.id, e.visite.etat) for e in tournee.ensuite] == [
        (passee.pk, Etat.MANQUEE),
        (suite.pk, Etat.A_VENIR),
    ]
    assert tournee.faites == []


def test_une_visite_dont_l_heure_est_passee_se_badge_encore(awa: Any) -> None:
    """Whoever comes late, or leaves at the end of the day with a visit never badged, finds it on the phone."""
    passee = visite("awa", "06:30", "07:15")
    faite = visite("awa", "07:15", "07:45", chez=usager("Riou"))
    envoyer(awa, evenement("badge.debut", a("07:15"), intervention=str(faite.pk)))
    envoyer(awa, evenement("badge.fin", a("07:45"), intervention=str(faite.pk)))

    tournee = queries.tournee_de(compte("awa"), intervenant("awa").pk, JOUR)

    assert [e.visite.id for e in tournee.faites] == [faite.pk]
    assert tournee.courante is not None
    assert (tournee.courante.visite.id, tournee.courante.visite.etat) == (passee.pk, Etat.MANQUEE)

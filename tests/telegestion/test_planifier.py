from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.observability.contexte import tracer
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import lier
from telegestion import services
from telegestion.models import Absence, Intervention
from telegestion.services import planifier as acte
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a, badge, intervenant, usager, visite


def _planifier(acteur: Any, **autres: Any) -> Intervention:
    demande = {"usager_id": usager().pk, "debut": a("10:00"), "duree_minutes": 60, "nature": "repas"} | autres
    return services.planifier_intervention(acteur, **demande).intervention


def test_alice_planifie_une_visite_avec_ses_gestes(alice: Any) -> None:
    ligne = _planifier(
        alice, intervenant_id=intervenant("awa").pk, gestes=["Préparer le repas", "  ", "Vaisselle"]
    )

    assert (ligne.debut, ligne.fin, ligne.version) == (a("10:00"), a("11:00"), 1)
    assert list(ligne.gestes.values_list("ordre", "libelle")) == [(1, "Préparer le repas"), (2, "Vaisselle")]
    assert [(m.genre, m.contenu["fait"]) for m in Message.objects.all()] == [
        ("telegestion.intervention.modifiee", "planifiee")
    ]


def test_une_visite_sans_intervenant_est_a_pourvoir(alice: Any) -> None:
    assert _planifier(alice).intervenant_id is None


def test_le_secretariat_planifie_mais_n_annule_pas(accueil: Any) -> None:
    ligne = _planifier(accueil)

    with pytest.raises(HabilitationRefusee):
        services.annuler_intervention(accueil, ligne.pk, "Erreur")
    ligne.refresh_from_db()
    assert ligne.statut == "prevue"


@pytest.mark.parametrize("qui", ["awa", "bruno"])
def test_un_intervenant_ne_planifie_pas(matin: None, dans_a: Any, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        _planifier(compte(qui))
    assert not Intervention.objects.exists()


def test_chloe_de_la_structure_voisine_ne_trouve_pas_la_visite(alice: Any, monde: Monde) -> None:
    ligne = visite("awa", "10:00", "11:00")

    with lier(monde.b):
        with pytest.raises(Introuvable):
            services.deplacer_intervention(compte("chloe"), ligne.pk, debut=a("14:00"), intervenant_id=None)
        with pytest.raises(Introuvable):
            services.annuler_intervention(compte("chloe"), ligne.pk, "Essai")
    ligne.refresh_from_db()
    assert (ligne.debut, ligne.statut, ligne.version) == (a("10:00"), "prevue", 1)


@pytest.mark.parametrize(
    ("champ", "demande"),
    [
        ("nature", {"nature": "yoga"}),
        ("usager", {"usager_id": uuid4()}),
        ("duree", {"duree_minutes": 0}),
        ("duree", {"duree_minutes": 1441}),
        ("intervenant", {"intervenant_id": uuid4()}),
    ],
)
def test_une_demande_fausse_dit_quel_champ_corriger(alice: Any, champ: str, demande: dict[str, Any]) -> None:
    with pytest.raises(services.ChampRefuse) as refus:
        _planifier(alice, **demande)
    assert list(refus.value.champs) == [champ]
    assert not Intervention.objects.exists()
    assert not Message.objects.exists()


def test_deplacer_change_l_heure_et_la_personne(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")

    services.deplacer_intervention(
        alice, ligne.pk, debut=a("14:00"), intervenant_id=intervenant("bruno").pk, version=1
    )

    ligne.refresh_from_db()
    assert (ligne.debut, ligne.fin, ligne.intervenant, ligne.version) == (
        a("14:00"),
        a("15:00"),
        intervenant("bruno"),
        2,
    )
    assert Message.objects.get().contenu["fait"] == "deplacee"


def test_une_version_depassee_est_un_conflit_qui_nomme_l_auteur(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")
    with tracer(acteur_id=compte("idec").pk):
        services.deplacer_intervention(
            compte("idec"), ligne.pk, debut=a("10:30"), intervenant_id=None, version=1
        )

    with pytest.raises(services.VisiteModifiee) as refus:
        services.deplacer_intervention(alice, ligne.pk, debut=a("16:00"), intervenant_id=None, version=1)

    assert refus.value.message == (
        "Idec Essai a modifié cette visite à 8\u00a0h\u00a025, après l’ouverture de votre page. "
        "Rechargez-la pour voir sa version."
    )
    ligne.refresh_from_db()
    assert ligne.debut == a("10:30")


def test_une_page_dessinee_avant_la_modification_d_un_autre_est_un_conflit(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")
    with tracer(acteur_id=compte("idec").pk):
        services.deplacer_intervention(compte("idec"), ligne.pk, debut=a("10:30"), intervenant_id=None)

    with pytest.raises(services.VisiteModifiee):
        services.deplacer_intervention(
            alice, ligne.pk, debut=a("16:00"), intervenant_id=None, vue_a=a("08:20")
        )


def test_ma_propre_modification_n_est_pas_un_conflit(alice: Any) -> None:
    with time_machine.travel(a("08:00"), tick=False):
        ligne = visite("awa", "10:00", "11:00")
    with tracer(acteur_id=alice.pk):
        services.deplacer_intervention(
            alice, ligne.pk, debut=a("10:30"), intervenant_id=None, vue_a=a("08:20")
        )
        services.deplacer_intervention(
            alice, ligne.pk, debut=a("16:00"), intervenant_id=None, vue_a=a("08:20")
        )

    ligne.refresh_from_db()
    assert ligne.debut == a("16:00")


def test_le_repos_quotidien_bloque_avec_sa_source(alice: Any) -> None:
    visite("awa", "20:30", "21:30", jour=23)
    ligne = visite("awa", "10:00", "11:00", chez=usager("Kerbrat"))

    with pytest.raises(services.RegleNonRespectee) as refus:
        services.deplacer_intervention(
            alice, ligne.pk, debut=a("07:45"), intervenant_id=intervenant("awa").pk
        )

    assert refus.value.message == (
        "Awa Essai\u00a0: Repos quotidien de 11\u00a0h non respecté\u00a0: 10\u00a0h\u00a015 entre "
        "la fin le 23/11 à 21\u00a0h\u00a030 "
        "et la reprise le 24/11 à 7\u00a0h\u00a045. (Code du travail, art. L3131-1)"
    )
    ligne.refresh_from_db()
    assert (ligne.debut, ligne.version) == (a("10:00"), 1)


def test_deux_visites_a_la_fois_sont_nommees(alice: Any) -> None:
    visite("awa", "08:00", "09:00")
    ligne = visite("awa", "10:00", "11:00", chez=usager("Kerbrat"))

    with pytest.raises(services.RegleNonRespectee) as refus:
        services.deplacer_intervention(
            alice, ligne.pk, debut=a("08:30"), intervenant_id=intervenant("awa").pk
        )

    assert "la visite de Mme Le Goff" in refus.value.message
    assert "la visite de Mme Kerbrat" in refus.value.message


def test_la_contrainte_de_la_base_devient_une_phrase(alice: Any) -> None:
    visite("awa", "08:00", "09:00")
    ligne = visite("awa", "10:00", "11:00", chez=usager("Kerbrat"))
    ligne.debut, ligne.fin = a("08:30"), a("09:30")

    # What happens when another person wrote between our check and our write.
    with transaction.atomic(), pytest.raises(services.VisitesSimultanees) as refus:
        acte._enregistrer(ligne)

    assert refus.value.message == (
        "Awa Essai\u00a0: Deux visites en même temps\u00a0: la visite de Mme Le Goff, "
        "de 8\u00a0h à 9\u00a0h, et la visite de Mme Kerbrat, de 8\u00a0h\u00a030 à 9\u00a0h\u00a030."
    )
    assert refus.value.statut == 409


def test_un_absent_ne_recoit_pas_de_visite_et_son_motif_n_est_pas_dit(alice: Any) -> None:
    Absence.objects.create(
        intervenant=intervenant("bruno"), debut=a("00:00"), fin=a("00:00", 26), motif="arret"
    )
    ligne = visite("awa", "10:00", "11:00")

    with pytest.raises(services.IntervenantAbsent) as refus:
        services.affecter(alice, ligne.pk, intervenant("bruno").pk)

    assert refus.value.message == "Bruno Essai a une absence déclarée du 24/11 au 25/11."


def test_une_personne_partie_ne_recoit_pas_de_visite(alice: Any) -> None:
    partie = intervenant("bruno")
    partie.parti_le = a("00:00", 24).date() + timedelta(days=1)
    partie.save()
    ligne = visite("awa", "10:00", "11:00")

    with pytest.raises(services.IntervenantParti) as refus:
        services.affecter(alice, ligne.pk, partie.pk)
    assert refus.value.message == "Bruno Essai a quitté le service le 24/11/2026."


def test_une_visite_badgee_ne_bouge_plus(alice: Any) -> None:
    ligne = visite("awa", "08:00", "09:00")
    badge(ligne, "arrivee", "08:02")

    with pytest.raises(services.VisiteCommencee):
        services.deplacer_intervention(alice, ligne.pk, debut=a("10:00"), intervenant_id=None)
    with pytest.raises(services.VisiteCommencee):
        services.annuler_intervention(alice, ligne.pk, "Essai")


def test_le_badge_d_un_autre_n_empeche_pas_de_confier_la_visite(alice: Any) -> None:
    ligne = visite(None, "08:00", "09:00")
    badge(ligne, "arrivee", "08:02", qui=intervenant("bruno"))

    services.affecter(alice, ligne.pk, intervenant("bruno").pk)

    ligne.refresh_from_db()
    assert ligne.intervenant == intervenant("bruno")


def test_annuler_demande_un_motif(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")

    with pytest.raises(services.ChampRefuse) as refus:
        services.annuler_intervention(alice, ligne.pk, "  ")
    assert refus.value.champs == {"motif": "Dites pourquoi la visite est annulée."}


def test_une_visite_annulee_libere_l_heure_et_se_retablit(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")

    services.annuler_intervention(alice, ligne.pk, "Hospitalisation", version=1)
    services.retablir(alice, ligne.pk)

    ligne.refresh_from_db()
    assert (ligne.statut, ligne.annulee_motif, ligne.version) == ("prevue", "", 3)


def test_retablir_est_refuse_si_l_heure_a_ete_donnee(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")
    services.annuler_intervention(alice, ligne.pk, "Hospitalisation")
    visite("awa", "10:30", "11:30", chez=usager("Kerbrat"))

    with pytest.raises(services.RegleNonRespectee):
        services.retablir(alice, ligne.pk)
    ligne.refresh_from_db()
    assert ligne.statut == "annulee"


def test_poser_au_meme_endroit_ne_change_rien(alice: Any) -> None:
    ligne = visite("awa", "10:00", "11:00")

    services.deplacer_intervention(alice, ligne.pk, debut=a("10:00"), intervenant_id=intervenant("awa").pk)

    ligne.refresh_from_db()
    assert ligne.version == 1
    assert not Message.objects.exists()

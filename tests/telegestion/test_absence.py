from typing import Any

import pytest

from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import lier
from telegestion import services
from telegestion.models import Absence
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a, badge, intervenant, usager, visite


def _declarer(acteur: Any, qui: str = "awa") -> services.AbsenceDeclaree:
    return services.declarer_absence(
        acteur, intervenant(qui).pk, debut=a("00:00", 24), fin=a("00:00", 26), motif="arret"
    )


def test_une_absence_rend_ses_visites_a_pourvoir(alice: Any) -> None:
    libre = visite("awa", "10:00", "11:00")
    lendemain = visite("awa", "10:00", "11:00", jour=25, chez=usager("Kerbrat"))
    apres = visite("awa", "10:00", "11:00", jour=26, chez=usager("Riou"))
    d_un_autre = visite("bruno", "10:00", "11:00", chez=usager("Thomas"))

    declaree = _declarer(alice)

    for ligne in (libre, lendemain, apres, d_un_autre):
        ligne.refresh_from_db()
    assert [ligne.pk for ligne in declaree.liberees] == [libre.pk, lendemain.pk]
    assert (libre.intervenant, lendemain.intervenant) == (None, None)
    assert (apres.intervenant, d_un_autre.intervenant) == (intervenant("awa"), intervenant("bruno"))
    assert [m.contenu["fait"] for m in Message.objects.all()] == ["liberee", "liberee"]


def test_une_visite_deja_badgee_lui_reste(alice: Any) -> None:
    ligne = visite("awa", "08:00", "09:00")
    badge(ligne, "arrivee", "08:01")

    assert _declarer(alice).liberees == ()
    ligne.refresh_from_db()
    assert ligne.intervenant == intervenant("awa")


def test_une_visite_passee_garde_son_intervenant(alice: Any) -> None:
    visite("awa", "07:00", "08:00")

    assert _declarer(alice).liberees == ()


def test_deux_absences_ne_se_chevauchent_pas(alice: Any) -> None:
    _declarer(alice)

    with pytest.raises(services.AbsenceDejaDeclaree) as refus:
        _declarer(alice)
    assert refus.value.message == ("Une absence de Awa Essai est déjà déclarée du 24/11/2026 au 26/11/2026.")
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("qui", ["bruno", "accueil"])
def test_seul_qui_decide_declare_une_absence(matin: None, dans_a: Any, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        _declarer(compte(qui))
    assert not Absence.objects.exists()


def test_chloe_ne_trouve_pas_l_intervenant_d_a_cote(alice: Any, monde: Monde) -> None:
    awa_id = intervenant("awa").pk

    with lier(monde.b), pytest.raises(Introuvable):
        services.declarer_absence(
            compte("chloe"), awa_id, debut=a("00:00"), fin=a("00:00", 25), motif="conge"
        )
    assert not Absence.objects.exists()


def test_la_fin_avant_le_debut_est_refusee(alice: Any) -> None:
    with pytest.raises(services.ChampRefuse) as refus:
        services.declarer_absence(
            alice, intervenant("awa").pk, debut=a("10:00"), fin=a("09:00"), motif="conge"
        )
    assert refus.value.champs == {"fin": "La fin précède le début."}


def test_un_contrat_de_plus_de_quarante_huit_heures_est_refuse(alice: Any) -> None:
    with pytest.raises(services.ChampRefuse) as refus:
        services.creer_intervenant(alice, prenom="Inès", nom="Roux", metier="aide", minutes_semaine=49 * 60)
    assert list(refus.value.champs) == ["heures"]


def test_un_compte_n_a_qu_un_intervenant(alice: Any) -> None:
    with pytest.raises(services.ChampRefuse) as refus:
        services.creer_intervenant(
            alice, prenom="Inès", nom="Roux", metier="aide", compte_id=compte("awa").pk
        )
    assert refus.value.champs == {"compte": "Ce compte est déjà celui d’un autre intervenant."}


def test_le_compte_d_un_bureau_n_est_pas_celui_d_un_intervenant(alice: Any) -> None:
    with pytest.raises(services.ChampRefuse):
        services.creer_intervenant(
            alice, prenom="Inès", nom="Roux", metier="aide", compte_id=compte("idec").pk
        )

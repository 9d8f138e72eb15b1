"""« Prévenir le service »: those in charge are told once, and the bell says nothing of anybody's health."""

from typing import Any

import pytest

from dossier.models import Usager
from liaison.services import publier_transmission
from plateforme.identity.models import Compte
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.tenancy.courant import Contexte
from tests.support.monde import compte
from tests.telegestion.fabrique import usager, visite


@pytest.fixture
def anne(matin: None, dans_a: Contexte) -> Usager:
    anne = usager("Riou")
    visite("awa", "07:00", "08:00", chez=anne)
    return anne


def _publier(anne: Usager, **champs: Any) -> Message:
    publier_transmission(compte("awa"), usager_id=anne.pk, **{"texte": "Chute cette nuit.", **champs})
    return Message.objects.get()


def _prevenus() -> list[str]:
    return sorted(Notification.objects.values_list("compte__identifiant", flat=True))


def test_le_responsable_et_l_idec_sont_prevenus_une_fois(anne: Usager) -> None:
    message = _publier(anne, observation="prevenir")

    livrer(message.pk)
    Message.objects.update(etat="a_livrer")
    livrer(message.pk)

    assert _prevenus() == ["alice", "idec"]


def test_la_cloche_ne_dit_rien_de_la_sante(anne: Usager) -> None:
    livrer(_publier(anne, observation="prevenir").pk)

    lignes = Notification.objects.values_list("titre", "detail")
    assert set(lignes) == {("Une transmission demande votre attention", "Mme Riou, par Awa Essai")}


def test_une_note_de_soins_renvoie_le_responsable_vers_l_idec(anne: Usager) -> None:
    livrer(_publier(anne, observation="prevenir", audience="soins").pk)

    alice, idec = Notification.objects.order_by("compte__identifiant")
    assert alice.detail == "Mme Riou, par Awa Essai. Réservée aux soins\u00a0: voyez avec l’IDEC."
    assert alice.url == f"/usagers/{anne.pk}"
    assert idec.url.startswith("/transmissions/")


@pytest.mark.parametrize("observation", ["", "habitude", "surveiller"])
def test_le_reste_ne_sonne_pas(anne: Usager, observation: str) -> None:
    livrer(_publier(anne, observation=observation).pk)

    assert _prevenus() == []


def test_ni_l_auteur_ni_un_compte_ferme_ne_sont_prevenus(anne: Usager) -> None:
    Compte.objects.filter(identifiant="idec").update(actif=False)
    publier_transmission(compte("alice"), usager_id=anne.pk, texte="Chute.", observation="prevenir")

    livrer(Message.objects.get().pk)

    assert _prevenus() == []

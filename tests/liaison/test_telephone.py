"""The phone's notes: taken whatever happens, applied once, doubts kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from dossier.models import Usager
from liaison.models import Transmission
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import Contexte, lier
from plateforme.terrain.models import EvenementTerrain
from plateforme.terrain.registres import prudences
from tests.liaison.fabrique import note
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a, envoyer, evenement, usager, visite


@pytest.fixture
def anne(matin: None, dans_a: Contexte) -> Usager:
    anne = usager("Riou")
    visite("awa", "07:00", "08:00", chez=anne)
    return anne


def _note(anne: Usager, **autres: Any) -> dict[str, Any]:
    donnees = {"usager": str(anne.pk), "observation": "surveiller", "texte": "Mange peu.", **autres}
    return evenement("transmission", a("07:58"), **donnees)


def test_une_note_du_telephone_devient_une_transmission(anne: Usager) -> None:
    ligne = anne.interventions.get()
    envoi = _note(anne, intervention=str(ligne.pk), audience="soins", puces=["Repas : Très peu"])

    assert envoyer(compte("awa"), envoi) == [("accepte", "")]

    ecrite = Transmission.objects.get()
    assert (str(ecrite.pk), ecrite.intervention, ecrite.ecrite_a) == (envoi["id"], ligne, a("07:58"))
    assert (ecrite.observation, ecrite.audience, ecrite.texte) == ("surveiller", "soins", "Mange peu.")
    assert ecrite.puces == ["Repas : Très peu"]


def test_le_meme_envoi_deux_fois_ne_fait_qu_une_note(anne: Usager) -> None:
    envoi = _note(anne)

    assert [envoyer(compte("awa"), envoi)[0][0] for _ in range(2)] == ["accepte", "doublon"]
    assert (Transmission.objects.count(), Message.objects.count()) == (1, 1)


def test_meme_numero_autre_contenu_garde_la_premiere(anne: Usager) -> None:
    cle = uuid4()
    premier = evenement("transmission", a("07:58"), cle, usager=str(anne.pk), texte="Mange peu.")
    second = evenement("transmission", a("07:58"), cle, usager=str(anne.pk), texte="Mange bien.")

    assert envoyer(compte("awa"), premier, second)[1] == ("doublon_different", "contenu_different")
    assert Transmission.objects.get().texte == "Mange peu."


@pytest.mark.parametrize(
    ("donnees", "code"),
    [
        ({"usager": str(uuid4())}, "liaison.usager.inconnu"),
        ({"usager": "n’importe"}, "liaison.usager.inconnu"),
        ({"usager": None}, "liaison.usager.inconnu"),
        ({"texte": "", "observation": ""}, "liaison.transmission.vide"),
    ],
)
def test_ce_qui_ne_se_publie_pas_est_garde_avec_sa_reserve(
    anne: Usager, donnees: dict[str, Any], code: str
) -> None:
    assert envoyer(compte("awa"), _note(anne, **donnees)) == [("accepte_avec_anomalie", code)]

    assert Transmission.objects.count() == 0
    assert EvenementTerrain.objects.get().code == code


def test_une_note_sans_usager_prend_celui_de_la_visite(anne: Usager) -> None:
    ligne = anne.interventions.get()

    assert envoyer(compte("awa"), _note(anne, usager=None, intervention=str(ligne.pk))) == [("accepte", "")]
    assert Transmission.objects.get().usager == anne


def test_bruno_hors_affectation_est_garde_mais_pas_publie(anne: Usager) -> None:
    assert envoyer(compte("bruno"), _note(anne)) == [
        ("accepte_avec_anomalie", "liaison.usager.hors_affectation")
    ]

    assert Transmission.objects.count() == 0
    assert EvenementTerrain.objects.get().contenu["texte"] == "Mange peu."


def test_un_telephone_reste_quatre_jours_sans_reseau_publie_quand_meme(matin: None, dans_a: Contexte) -> None:
    anne = usager("Riou")
    visite("awa", "07:00", "08:00", chez=anne, jour=19)
    envoi = evenement("transmission", a("07:58", 19), usager=str(anne.pk), texte="Mange peu.")

    assert envoyer(compte("awa"), envoi) == [("accepte", "")]
    assert Transmission.objects.get().ecrite_a == a("07:58", 19)


def test_l_usager_du_voisin_est_un_inconnu(site: Monde) -> None:
    with lier(site.b):
        chez_b = usager("Canari")

    with lier(site.a):
        assert envoyer(compte("awa"), _note(chez_b)) == [("accepte_avec_anomalie", "liaison.usager.inconnu")]


@pytest.mark.parametrize(
    ("donnees", "observation", "audience", "code"),
    [
        ({"observation": "extase"}, "", "equipe", "liaison.transmission.imprecise"),
        ({"audience": "medecin"}, "surveiller", "soins", "liaison.transmission.imprecise"),
        ({"audience": None}, "surveiller", "equipe", ""),
        ({"texte": "x" * 5000}, "surveiller", "equipe", "liaison.transmission.coupee"),
    ],
)
def test_ce_qui_n_est_pas_compris_n_empeche_pas_la_note(
    anne: Usager, donnees: dict[str, Any], observation: str, audience: str, code: str
) -> None:
    ((_, recu),) = envoyer(compte("awa"), _note(anne, **donnees))

    ecrite = Transmission.objects.get()
    assert (ecrite.observation, ecrite.audience, recu) == (observation, audience, code)


def test_le_numero_d_une_note_du_bureau_ne_se_reprend_pas(anne: Usager) -> None:
    du_bureau = note(anne, "alice", texte="Appeler la fille.")
    envoi = evenement("transmission", a("07:58"), du_bureau.pk, usager=str(anne.pk), texte="Écrasée.")

    assert envoyer(compte("awa"), envoi) == [("accepte_avec_anomalie", "liaison.transmission.numero_pris")]
    assert Transmission.objects.get().texte == "Appeler la fille."


def test_la_derniere_alerte_se_dit_avant_d_entrer(anne: Usager) -> None:
    note(anne, "alice", texte="Ancienne.", observation="surveiller", heure="06:00")
    note(anne, "alice", texte="N’a presque rien mangé.", observation="surveiller", heure="07:00")
    note(anne, "alice", texte="Tout va bien.", observation="habitude", heure="08:00")

    (prudence,) = prudences(compte("awa"), [anne.pk])[anne.pk]

    assert (prudence.titre, prudence.texte) == (
        "À surveiller\u00a0:",
        "N’a presque rien mangé. (Alice Essai)",
    )


@pytest.mark.parametrize(
    ("champs", "dite"),
    [
        ({}, True),
        ({"audience": "soins"}, False),
        ({"observation": "habitude"}, False),
        ({"ecrite_a": a("08:25") - timedelta(hours=48)}, True),
        ({"ecrite_a": a("08:25") - timedelta(hours=48, seconds=1)}, False),
    ],
)
def test_une_alerte_ne_se_dit_qu_a_qui_la_lit_et_deux_jours(
    anne: Usager, champs: dict[str, Any], dite: bool
) -> None:
    note(anne, "alice", **{"observation": "prevenir", **champs})

    assert bool(prudences(compte("awa"), [anne.pk])[anne.pk]) is dite
    assert prudences(compte("bruno"), [anne.pk])[anne.pk] == []

import json
from typing import Any
from uuid import uuid4

import pytest

from dossier.models import Usager
from liaison.models import Lecture, Transmission
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import requetes
from tests.liaison.fabrique import note
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import usager, visite

BASE = "/api/v1/transmissions"
INTROUVABLE = {
    "type": "/aide/refus/plateforme.objet.introuvable",
    "title": "Introuvable",
    "status": 404,
    "code": "plateforme.objet.introuvable",
    "detail": "Cet élément n’existe pas ou n’est pas dans votre structure.",
}


def _sans_numero(reponse: Any) -> dict[str, Any]:
    corps = reponse.json()
    corps.pop("instance")
    return corps


def _poster(client: Any, corps: Any, chemin: str = "") -> Any:
    return client.post(BASE + chemin, json.dumps(corps), content_type="application/json")


@pytest.fixture
def anne(site: Monde) -> Usager:
    with lier(site.a):
        anne = usager("Riou", prenoms="Anne")
        visite("awa", "07:00", "08:00", chez=anne)
        return anne


def _vue(ecrite: Transmission, **autres: Any) -> dict[str, Any]:
    return {
        "id": str(ecrite.pk),
        "usager": {"id": str(ecrite.usager_id), "nom": "Mme Anne Riou"},
        "auteur": {"id": str(ecrite.auteur_id), "nom": "Awa Essai"},
        "intervention": None,
        "observation": "surveiller",
        "audience": "equipe",
        "texte": "Mange peu.",
        "puces": ["Repas : Très peu"],
        "ecrite_a": "2026-11-24T07:00:00Z",
        "lue": False,
        "lecteurs": 0,
        "corrige": None,
        **autres,
    }


@pytest.fixture
def ecrite(site: Monde, anne: Usager) -> Transmission:
    with lier(site.a):
        return note(anne, texte="Mange peu.", observation="surveiller", puces=["Repas : Très peu"])


def test_la_liste_entiere(site: Monde, ecrite: Transmission) -> None:
    assert client_de(site.a, "alice").get(BASE).json() == {"elements": [_vue(ecrite)], "suivant": None}


def test_une_transmission_entiere(site: Monde, ecrite: Transmission) -> None:
    assert client_de(site.a, "awa").get(f"{BASE}/{ecrite.pk}").json() == _vue(ecrite)


@pytest.mark.parametrize(("structure", "qui"), [("a", "bruno"), ("b", "chloe")])
@pytest.mark.parametrize("chemin", ["", "/lecture"])
def test_la_transmission_d_un_autre_cas_est_introuvable(
    site: Monde, ecrite: Transmission, structure: str, qui: str, chemin: str
) -> None:
    client = client_de(getattr(site, structure), qui)
    methode = client.post if chemin else client.get

    autre, inconnue = methode(f"{BASE}/{ecrite.pk}{chemin}"), methode(f"{BASE}/{uuid4()}{chemin}")

    assert (autre.status_code, _sans_numero(autre), _sans_numero(inconnue)) == (404, INTROUVABLE, INTROUVABLE)
    with lier(site.a):
        assert Lecture.objects.count() == 0


@pytest.mark.parametrize(("qui", "nombre"), [("idec", 1), ("alice", 0), ("direction", 0), ("bruno", 0)])
def test_les_soins_ne_sortent_pas_par_l_api(site: Monde, anne: Usager, qui: str, nombre: int) -> None:
    with lier(site.a):
        note(anne, audience="soins")

    assert len(client_de(site.a, qui).get(f"{BASE}?filtre=soins").json()["elements"]) == nombre


def test_ecrire_repond_la_transmission(site: Monde, anne: Usager) -> None:
    reponse = _poster(client_de(site.a, "awa"), {"usager": str(anne.pk), "texte": "Bon appétit."})

    with lier(site.a):
        creee = Transmission.objects.get()
    assert reponse.status_code == 201
    assert reponse.json() == _vue(
        creee, observation="", texte="Bon appétit.", puces=[], ecrite_a="2026-11-24T07:25:00Z"
    )


def test_ecrire_sur_un_autre_cas_est_introuvable(site: Monde, anne: Usager) -> None:
    reponse = _poster(client_de(site.a, "bruno"), {"usager": str(anne.pk), "texte": "Vu."})

    assert (reponse.status_code, _sans_numero(reponse)) == (404, INTROUVABLE)
    with lier(site.a):
        assert Transmission.objects.count() == 0


@pytest.mark.parametrize(
    "corps",
    [{"texte": ""}, {"texte": "Vu.", "audience": "voisins"}, {"texte": "Vu.", "observation": "extase"}],
)
def test_une_transmission_fausse_dit_ses_champs(site: Monde, anne: Usager, corps: dict[str, str]) -> None:
    reponse = _poster(client_de(site.a, "awa"), {"usager": str(anne.pk), **corps})

    assert reponse.status_code == 422
    assert len(reponse.json()["champs"]) == 1
    with lier(site.a):
        assert Transmission.objects.count() == 0


def test_marquer_lue_repond_la_transmission_lue(site: Monde, ecrite: Transmission) -> None:
    client = client_de(site.a, "alice")

    reponses = [client.post(f"{BASE}/{ecrite.pk}/lecture").json() for _ in range(2)]

    assert reponses == [_vue(ecrite, lue=True, lecteurs=1)] * 2
    with lier(site.a):
        assert Lecture.objects.get().compte == compte("alice")


def test_tout_marquer_lu_dit_combien(site: Monde, ecrite: Transmission) -> None:
    client = client_de(site.a, "alice")

    assert [client.post(f"{BASE}/lectures").json() for _ in range(2)] == [{"nombre": 1}, {"nombre": 0}]


def test_sans_session_rien_ne_s_ouvre(site: Monde, ecrite: Transmission) -> None:
    client = client_de(site.a)

    assert [client.get(BASE).status_code, client.post(f"{BASE}/{ecrite.pk}/lecture").status_code] == [
        401,
        401,
    ]


def test_la_liste_se_pagine_sans_requete_de_plus(site: Monde, anne: Usager) -> None:
    client, comptes = client_de(site.a, "idec"), []
    for deja, nombre in ((0, 3), (3, 30)):
        with lier(site.a):
            for n in range(deja, nombre):
                note(usager(f"Essai {n}"), texte=f"Note {n}")
        comptes.append(requetes(client, BASE))

    premiere = client.get(f"{BASE}?taille=20").json()
    seconde = client.get(f"{BASE}?taille=20&apres={premiere['suivant']}").json()
    assert comptes[0] == comptes[1]
    assert (len(premiere["elements"]), len(seconde["elements"]), seconde["suivant"]) == (20, 10, None)

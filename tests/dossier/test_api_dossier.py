import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from dossier.models import Proche, Secteur, Usager, Vigilance
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import FORMULAIRE, requetes
from tests.support.monde import Monde, client_de
from tests.telegestion.fabrique import usager, visite

BASE = "/api/v1/usagers"
DEMANDE = {cle: valeur for cle, valeur in FORMULAIRE.items() if cle != "nom_usage"}


def _sans_numero(reponse: Any) -> dict[str, Any]:
    corps = reponse.json()
    corps.pop("instance")
    return corps


def _poster(client: Any, corps: Any, chemin: str = "") -> Any:
    return client.post(BASE + chemin, json.dumps(corps), content_type="application/json")


@pytest.fixture
def anne(site: Monde) -> Usager:
    with lier(site.a):
        anne = Usager.objects.create(
            civilite="MME",
            nom_naissance="Riou",
            prenoms="Anne",
            ne_le=date(1942, 3, 12),
            accompagne_depuis=date(2023, 2, 6),
            commune="Lannion",
            telephone="0261911234",
            gir=3,
            acces_logement="Coffret, code 2580",
            secteur=Secteur.objects.create(nom="Lannion"),
        )
        Usager.objects.filter(pk=anne.pk).update(modifie_a=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
        Vigilance.objects.create(usager=anne, libelle="Diabète", niveau="alerte", sante=True)
        Vigilance.objects.create(usager=anne, libelle="Chien", niveau="attention")
        Proche.objects.create(usager=anne, nom_complet="Claire Riou", lien="fille", telephone="0639984512")
        return anne


def _ligne(anne: Usager) -> dict[str, Any]:
    return {
        "id": str(anne.pk),
        "civilite": "MME",
        "nom_naissance": "Riou",
        "nom_usage": "",
        "prenoms": "Anne",
        "ne_le": "1942-03-12",
        "statut_ins": "provisoire",
        "secteur": {"id": str(anne.secteur_id), "nom": "Lannion"},
        "commune": "Lannion",
        "telephone": "0261911234",
        "accompagne_depuis": "2023-02-06",
        "sorti_le": None,
        "modifie_a": "2026-11-20T09:00:00Z",
    }


def _dossier(anne: Usager, proche: Proche, gir: int | None, vigilances: list[Any]) -> dict[str, Any]:
    return {
        **_ligne(anne),
        "adresse": "",
        "code_postal": "",
        "vit_seul": False,
        "gir": gir,
        "medecin": "",
        "medecin_telephone": "",
        "vigilances": vigilances,
        "proches": [
            {
                "id": str(proche.pk),
                "nom_complet": "Claire Riou",
                "lien": "fille",
                "telephone": "0639984512",
                "personne_de_confiance": False,
            }
        ],
    }


CHIEN = {"libelle": "Chien", "niveau": "attention", "sante": False}
DIABETE = {"libelle": "Diabète", "niveau": "alerte", "sante": True}


def test_la_liste_entiere(site: Monde, anne: Usager) -> None:
    assert client_de(site.a, "alice").get(BASE).json() == {"elements": [_ligne(anne)], "suivant": None}


def test_la_liste_se_pagine_par_curseur(site: Monde) -> None:
    with lier(site.a):
        ids = [str(usager(f"Essai {n}").pk) for n in range(5)]
    client = client_de(site.a, "alice")

    premiere = client.get(f"{BASE}?taille=3").json()
    seconde = client.get(f"{BASE}?taille=3&apres={premiere['suivant']}").json()

    assert [e["id"] for e in (*premiere["elements"], *seconde["elements"])] == ids[::-1]
    assert seconde["suivant"] is None


@pytest.mark.parametrize(
    ("qui", "gir", "vigilances"),
    [("idec", 3, [DIABETE, CHIEN]), ("direction", None, [CHIEN]), ("alice", None, [CHIEN])],
)
def test_le_dossier_entier_selon_la_fonction(
    site: Monde, anne: Usager, qui: str, gir: int | None, vigilances: list[Any]
) -> None:
    with lier(site.a):
        proche = Proche.objects.get()

    reponse = client_de(site.a, qui).get(f"{BASE}/{anne.pk}")

    assert reponse.json() == _dossier(anne, proche, gir, vigilances)


def _introuvable() -> dict[str, Any]:
    return {
        "type": "/aide/refus/plateforme.objet.introuvable",
        "title": "Introuvable",
        "status": 404,
        "code": "plateforme.objet.introuvable",
        "detail": "Cet élément n’existe pas ou n’est pas dans votre structure.",
    }


@pytest.mark.parametrize("chemin", ["", "/acces-logement"])
def test_le_dossier_de_la_voisine_est_introuvable_comme_un_inconnu(
    site: Monde, anne: Usager, chemin: str
) -> None:
    client = client_de(site.b, "chloe")
    methode = client.post if chemin else client.get

    autre, inconnu = methode(f"{BASE}/{anne.pk}{chemin}"), methode(f"{BASE}/{uuid4()}{chemin}")

    assert (autre.status_code, _sans_numero(autre)) == (404, _introuvable())
    assert _sans_numero(inconnu) == _introuvable()


@pytest.mark.parametrize("chemin", ["", "/acces-logement"])
def test_le_dossier_d_un_autre_cas_est_ferme_et_dit_a_qui_demander(
    site: Monde, anne: Usager, chemin: str
) -> None:
    client = client_de(site.a, "bruno")
    methode = client.post if chemin else client.get

    reponse = methode(f"{BASE}/{anne.pk}{chemin}")

    assert (reponse.status_code, reponse.json()["code"]) == (403, "dossier.acces.ferme")
    assert reponse.json()["detail"] == (
        "Ce dossier ne vous est pas ouvert\u00a0: aucune visite, aucun secteur ni aucune équipe de soins "
        "ne vous relie à cette personne en ce moment. Demandez à Alice Essai."
    )
    assert methode(f"{BASE}/{uuid4()}{chemin}").status_code == 404


def test_awa_ouvre_le_dossier_de_sa_visite_sans_lister(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        visite("awa", "10:00", "11:00", chez=anne)
    client = client_de(site.a, "awa")

    assert client.get(f"{BASE}/{anne.pk}").status_code == 200
    assert client.get(BASE).status_code == 403


def test_sans_session_rien_ne_s_ouvre(site: Monde, anne: Usager) -> None:
    client = client_de(site.a)

    assert [client.get(BASE).status_code, client.get(f"{BASE}/{anne.pk}").status_code] == [401, 401]


def test_admettre_repond_le_dossier(site: Monde) -> None:
    reponse = _poster(client_de(site.a, "accueil"), DEMANDE)

    with lier(site.a):
        cree = Usager.objects.get()
    assert reponse.status_code == 201
    assert reponse.json() == {
        "id": str(cree.pk),
        "civilite": "MME",
        "nom_naissance": "Le Goff",
        "nom_usage": "",
        "prenoms": "Anne Marie",
        "ne_le": "1942-03-12",
        "statut_ins": "provisoire",
        "secteur": None,
        "commune": "Lannion",
        "telephone": "0261911234",
        "accompagne_depuis": "2023-02-06",
        "sorti_le": None,
        "modifie_a": "2026-11-24T07:25:00Z",
        "adresse": "",
        "code_postal": "",
        "vit_seul": False,
        "gir": None,
        "medecin": "",
        "medecin_telephone": "",
        "vigilances": [],
        "proches": [],
    }


def test_une_admission_fausse_dit_ses_champs(site: Monde) -> None:
    reponse = _poster(client_de(site.a, "alice"), {**DEMANDE, "ne_le": "2042-03-12", "code_postal": "1"})

    assert (reponse.status_code, _sans_numero(reponse)) == (
        422,
        {
            "type": "/aide/refus/dossier.usager.incomplet",
            "title": "Demande refusée",
            "status": 422,
            "code": "dossier.usager.incomplet",
            "detail": "Un ou plusieurs champs sont à corriger.",
            "champs": {
                "ne_le": "La date de naissance (12/03/2042) est dans le futur.",
                "code_postal": "Le code postal compte cinq chiffres.",
            },
        },
    )
    with lier(site.a):
        assert Usager.objects.count() == 0


def test_un_homonyme_est_un_conflit_que_l_on_confirme(site: Monde) -> None:
    client = client_de(site.a, "alice")
    _poster(client, DEMANDE)

    refus = _poster(client, DEMANDE)
    confirme = _poster(client, {**DEMANDE, "homonyme_confirme": True})

    assert (refus.status_code, refus.json()["code"]) == (409, "dossier.usager.homonyme")
    assert confirme.status_code == 201


@pytest.mark.parametrize("corps", ["{", "[]", '{"civilite": "MME"}'])
def test_un_corps_illisible_est_un_probleme_et_rien_d_autre(site: Monde, corps: str) -> None:
    reponse = client_de(site.a, "alice").post(BASE, corps, content_type="application/json")

    assert reponse.status_code in (400, 422)
    assert reponse["Content-Type"] == "application/problem+json"


def test_afficher_le_code_par_l_api_laisse_sa_trace(site: Monde, anne: Usager) -> None:
    reponse = client_de(site.a, "alice").post(f"{BASE}/{anne.pk}/acces-logement")

    assert reponse.json() == {"acces_logement": "Coffret, code 2580"}
    with lier(site.a):
        assert Message.objects.filter(genre="dossier.acces.devoile").count() == 1


def test_la_liste_de_l_api_fait_toujours_le_meme_nombre_de_requetes(site: Monde) -> None:
    client, comptes = client_de(site.a, "alice"), []
    for deja, nombre in ((0, 3), (3, 30)):
        with lier(site.a):
            for n in range(deja, nombre):
                usager(f"Essai {n}", secteur=Secteur.objects.create(nom=f"S{n}"))
        comptes.append(requetes(client, BASE))

    assert comptes[0] == comptes[1]

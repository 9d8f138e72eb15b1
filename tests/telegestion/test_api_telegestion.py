import json
from typing import Any
from uuid import uuid4

import pytest

from plateforme.tenancy.courant import lier
from telegestion.models import Intervention
from tests.support.monde import Monde, client_de
from tests.telegestion.fabrique import a, badge, intervenant, usager, visite

BASE = "/api/v1/telegestion"


def _poster(client: Any, chemin: str, corps: Any) -> Any:
    return client.post(BASE + chemin, json.dumps(corps), content_type="application/json")


def _sans_numero(reponse: Any) -> dict[str, Any]:
    corps = reponse.json()
    corps.pop("instance")
    return corps


def test_les_interventions_d_un_jour(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "08:00", "09:00", consigne="Volets")
        badge(ligne, "arrivee", "08:03")
        awa = intervenant("awa")
        visite("awa", "08:00", "09:00", jour=25, chez=usager("Riou"))

    reponse = client_de(site.a, "alice").get(f"{BASE}/interventions?jour=2026-11-24")

    assert reponse.json() == {
        "jour": "2026-11-24",
        "elements": [
            {
                "id": str(ligne.pk),
                "version": 1,
                "debut": "2026-11-24T07:00:00Z",
                "fin": "2026-11-24T08:00:00Z",
                "nature": "toilette",
                "etat": "en_cours",
                "consigne": "Volets",
                "usager": {"id": str(ligne.usager_id), "nom": "Mme Yvonne Le Goff"},
                "intervenant": {"id": str(awa.pk), "nom": "Awa Essai"},
                "arrivee": "2026-11-24T07:03:00Z",
                "depart": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("filtre", "nombre"), [("", 2), ("&etat=a_pourvoir", 1), ("&etat=faite", 0), ("&usager={usager}", 1)]
)
def test_les_filtres_d_un_jour(site: Monde, filtre: str, nombre: int) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
        visite(None, "10:00", "11:00", chez=usager("Riou"))

    adresse = f"{BASE}/interventions?jour=2026-11-24{filtre.format(usager=ligne.usager_id)}"

    assert len(client_de(site.a, "alice").get(adresse).json()["elements"]) == nombre


@pytest.mark.parametrize(
    ("qui", "statut"), [("alice", 200), ("accueil", 200), ("awa", 403), ("bruno", 403), (None, 401)]
)
def test_qui_lit_le_planning_par_l_api(site: Monde, qui: str | None, statut: int) -> None:
    assert client_de(site.a, qui).get(f"{BASE}/interventions").status_code == statut


def test_planifier_repond_201_avec_la_visite(site: Monde) -> None:
    with lier(site.a):
        chez, awa = usager(), intervenant("awa")

    reponse = _poster(
        client_de(site.a, "alice"),
        "/interventions",
        {
            "usager": str(chez.pk),
            "debut": "2026-11-24T10:00:00+01:00",
            "duree_minutes": 45,
            "nature": "repas",
            "intervenant": str(awa.pk),
            "gestes": ["Préparer le repas"],
        },
    )

    corps = reponse.json()
    assert reponse.status_code == 201
    with lier(site.a):
        assert str(Intervention.objects.get().pk) == corps.pop("id")
    assert corps == {
        "version": 1,
        "debut": "2026-11-24T09:00:00Z",
        "fin": "2026-11-24T09:45:00Z",
        "nature": "repas",
        "etat": "a_venir",
        "consigne": "",
        "usager": {"id": str(chez.pk), "nom": "Mme Yvonne Le Goff"},
        "intervenant": {"id": str(awa.pk), "nom": "Awa Essai"},
        "arrivee": None,
        "depart": None,
    }


def test_une_demande_fausse_dit_chaque_champ(site: Monde) -> None:
    reponse = _poster(
        client_de(site.a, "alice"), "/interventions", {"usager": "x", "debut": "demain", "nature": 3}
    )

    assert reponse.status_code == 422
    assert _sans_numero(reponse) == {
        "type": "/aide/refus/plateforme.demande.invalide",
        "title": "Demande refusée",
        "status": 422,
        "code": "plateforme.demande.invalide",
        "detail": "Un ou plusieurs champs sont à corriger.",
        "champs": {
            "demande.usager": "Un identifiant de la forme xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx est attendu.",
            "demande.debut": "Un instant ISO 8601 avec fuseau est attendu.",
            "demande.duree_minutes": "Ce champ est obligatoire.",
            "demande.nature": "Un texte est attendu.",
        },
    }


def test_une_heure_sans_fuseau_est_refusee(site: Monde) -> None:
    with lier(site.a):
        chez = usager()

    reponse = _poster(
        client_de(site.a, "alice"),
        "/interventions",
        {"usager": str(chez.pk), "debut": "2026-11-24T10:00:00", "duree_minutes": 45, "nature": "repas"},
    )

    assert reponse.status_code == 422
    assert reponse.json()["champs"] == {"debut": "Un instant ISO 8601 avec fuseau est attendu."}


def test_deplacer_avec_une_version_depassee_est_un_conflit(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    client = client_de(site.a, "alice")
    demande = {"version": 1, "debut": "2026-11-24T14:00:00+01:00", "intervenant": None}

    premiere = _poster(client, f"/interventions/{ligne.pk}/deplacement", demande)
    seconde = _poster(client, f"/interventions/{ligne.pk}/deplacement", demande)

    assert (premiere.status_code, premiere.json()["version"], premiere.json()["etat"]) == (
        200,
        2,
        "a_pourvoir",
    )
    assert seconde.status_code == 409
    assert _sans_numero(seconde) == {
        "type": "/aide/refus/telegestion.intervention.modifiee_entre_temps",
        "title": "Conflit",
        "status": 409,
        "code": "telegestion.intervention.modifiee_entre_temps",
        "detail": (
            "Alice Essai a modifié cette visite à 8\u00a0h\u00a025, après l’ouverture de votre page. "
            "Rechargez-la pour voir sa version."
        ),
    }


def test_annuler_demande_un_motif(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    client = client_de(site.a, "alice")

    sans = _poster(client, f"/interventions/{ligne.pk}/annulation", {"version": 1, "motif": " "})
    avec = _poster(
        client, f"/interventions/{ligne.pk}/annulation", {"version": 1, "motif": "Hospitalisation"}
    )

    assert (sans.status_code, sans.json()["champs"]) == (
        422,
        {"motif": "Dites pourquoi la visite est annulée."},
    )
    assert (avec.status_code, avec.json()["etat"]) == (200, "annulee")


@pytest.mark.parametrize("acte", ["deplacement", "annulation"])
def test_chloe_recoit_le_meme_404_que_pour_l_inconnu(site: Monde, acte: str) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    chloe = client_de(site.b, "chloe")
    corps = {"version": 1, "debut": "2026-11-24T14:00:00+01:00", "intervenant": None, "motif": "Essai"}

    d_a_cote = _poster(chloe, f"/interventions/{ligne.pk}/{acte}", corps)
    inconnue = _poster(chloe, f"/interventions/{uuid4()}/{acte}", corps)

    assert d_a_cote.status_code == inconnue.status_code == 404
    assert _sans_numero(d_a_cote) == _sans_numero(inconnue)
    with lier(site.a):
        assert Intervention.objects.get().version == 1


def test_les_pointages_du_plus_recent_au_plus_ancien(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "08:00", "09:00")
        badge(ligne, "arrivee", "08:01")
        dernier = badge(ligne, "depart", "08:20")

    corps = client_de(site.a, "alice").get(f"{BASE}/pointages?taille=1").json()

    assert corps == {
        "elements": [
            {
                "id": str(dernier.pk),
                "intervention": str(ligne.pk),
                "intervenant": str(ligne.intervenant_id),
                "sens": "depart",
                "pointe_a": "2026-11-24T07:20:00Z",
                "recu_a": "2026-11-24T07:20:00Z",
                "preuve": "declaree",
            }
        ],
        "suivant": str(dernier.pk),
    }


def test_les_heures_du_jour_sont_celles_de_la_structure(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "23:30", "23:45", jour=23)
        assert ligne.debut == a("23:30", 23)

    client = client_de(site.a, "alice")

    assert len(client.get(f"{BASE}/interventions?jour=2026-11-23").json()["elements"]) == 1
    assert client.get(f"{BASE}/interventions?jour=2026-11-24").json()["elements"] == []


@pytest.mark.parametrize("jour", ["0001-01-01", "9999-12-31"])
def test_un_jour_trop_lointain_est_une_phrase(site: Monde, jour: str) -> None:
    reponse = client_de(site.a, "alice").get(f"{BASE}/interventions?jour={jour}")

    assert (reponse.status_code, reponse.json()["champs"]) == (
        422,
        {"jour": "Cette date est trop lointaine."},
    )

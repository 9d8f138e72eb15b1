import json
from typing import Any
from uuid import uuid4

import pytest

from plateforme.tenancy.courant import lier
from plateforme.terrain.models import EvenementTerrain
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import a, evenement, visite

ENVOI = "/api/v1/terrain/evenements"


def _poster(client: Any, corps: Any, **options: Any) -> Any:
    texte = corps if isinstance(corps, str) else json.dumps(corps)
    return client.post(ENVOI, texte, content_type="application/json", **options)


def _probleme(reponse: Any) -> dict[str, Any]:
    corps = reponse.json()
    corps.pop("instance")
    return corps


def test_la_session_dit_qui_l_on_est_et_l_heure_du_service(site: Monde) -> None:
    with lier(site.a):
        awa = compte("awa")

    reponse = client_de(site.a, "awa").get("/api/v1/session")

    corps = reponse.json()
    assert len(corps.pop("csrf")) == 64
    assert corps == {
        "compte": str(awa.pk),
        "nom": "Awa Essai",
        "role": "intervenant",
        "maintenant": 1795505100000,
    }
    assert reponse.headers["Cache-Control"] == "no-store"


def test_sans_session_c_est_401_en_francais(site: Monde) -> None:
    reponse = client_de(site.a).get("/api/v1/session")

    assert reponse.status_code == 401
    assert reponse.headers["Content-Type"] == "application/problem+json"
    assert _probleme(reponse) == {
        "type": "/aide/refus/plateforme.session.absente",
        "title": "Connexion nécessaire",
        "status": 401,
        "code": "plateforme.session.absente",
        "detail": "Connectez-vous pour continuer.",
    }


def test_un_lot_recoit_un_verdict_par_evenement(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "08:00", "09:00")
    un, deux = str(uuid4()), str(uuid4())
    lot = [
        evenement("badge.debut", a("08:05"), un, intervention=str(ligne.pk)),
        evenement("tout.neuf", a("08:06"), deux),
        {"id": "abc"},
    ]

    reponse = _poster(client_de(site.a, "awa"), {"envoye_a": a("08:25").isoformat(), "evenements": lot})

    assert reponse.status_code == 200
    assert reponse.json() == {
        "resultats": [
            {"id": un, "verdict": "accepte", "code": "", "phrase": ""},
            {
                "id": deux,
                "verdict": "accepte_avec_anomalie",
                "code": "genre_inconnu",
                "phrase": "Cet envoi vient d’une version plus récente\u00a0: "
                "il est gardé, le service le lira.",
            },
            {
                "id": "abc",
                "verdict": "refuse",
                "code": "illisible",
                "phrase": "Cet envoi est illisible. Prévenez le service.",
            },
        ]
    }


def test_les_heures_en_millisecondes_sont_comprises(site: Monde) -> None:
    envoi = evenement("tout.neuf", a("08:00")) | {"appareil_a": int(a("07:00").timestamp() * 1000)}

    _poster(client_de(site.a, "awa"), {"envoye_a": int(a("07:25").timestamp() * 1000), "evenements": [envoi]})

    with lier(site.a):
        assert EvenementTerrain.objects.get().fait_a == a("08:00")


@pytest.mark.parametrize("corps", ["", "x", "[]", "{}", '{"evenements": 3}', "[" * 100_000])
def test_un_corps_illisible_est_400(site: Monde, corps: str) -> None:
    reponse = _poster(client_de(site.a, "awa"), corps)

    assert reponse.status_code == 400
    assert _probleme(reponse) == {
        "type": "/aide/refus/terrain.envoi.illisible",
        "title": "Demande illisible",
        "status": 400,
        "code": "terrain.envoi.illisible",
        "detail": "Le corps de la demande n’est pas du JSON de la forme attendue\u00a0: "
        "{envoye_a, evenements}.",
    }


def test_plus_d_un_mega_octet_est_413(site: Monde) -> None:
    reponse = _poster(client_de(site.a, "awa"), " " * (1024 * 1024 + 1))

    assert reponse.status_code == 413
    assert _probleme(reponse)["detail"] == (
        "Cet envoi dépasse 1\u00a0Mo. Envoyez ce que le téléphone a gardé en plusieurs fois."
    )


def test_cinq_cents_evenements_passent_et_pas_un_de_plus(site: Monde) -> None:
    client = client_de(site.a, "awa")
    illisibles: list[Any] = [None] * 501

    assert len(_poster(client, {"evenements": illisibles[:500]}).json()["resultats"]) == 500
    refus = _poster(client, {"evenements": illisibles})

    assert refus.status_code == 413
    assert _probleme(refus)["detail"] == "Un envoi compte au plus 500 évènements. Envoyez le reste ensuite."


def test_la_file_d_awa_ne_part_pas_sous_le_nom_de_bruno(site: Monde) -> None:
    with lier(site.a):
        awa = compte("awa")

    reponse = _poster(
        client_de(site.a, "bruno"),
        {"compte": str(awa.pk), "evenements": [evenement("tout.neuf", a("08:00"))]},
    )

    assert reponse.status_code == 409
    assert _probleme(reponse)["code"] == "terrain.envoi.autre_compte"
    with lier(site.a):
        assert not EvenementTerrain.objects.exists()


def test_le_bureau_n_envoie_pas_de_faits_du_terrain(site: Monde) -> None:
    reponse = _poster(client_de(site.a, "alice"), {"evenements": []})

    assert reponse.status_code == 403
    assert _probleme(reponse)["code"] == "plateforme.habilitation.refusee"


def test_celia_de_la_structure_voisine_ne_touche_pas_la_visite_d_awa(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "08:00", "09:00")

    reponse = _poster(
        client_de(site.b, "celia"),
        {"evenements": [evenement("badge.debut", a("08:05"), intervention=str(ligne.pk))]},
    )

    assert [r["code"] for r in reponse.json()["resultats"]] == ["intervention_inconnue"]
    with lier(site.a):
        assert not ligne.pointages.exists()


def test_sans_jeton_csrf_rien_n_entre(site: Monde) -> None:
    client = client_de(site.a, "awa", enforce_csrf_checks=True)

    assert _poster(client, {"evenements": []}).status_code == 403
    jeton = client.get("/api/v1/session").json()["csrf"]
    assert _poster(client, {"evenements": []}, headers={"X-CSRFToken": jeton}).status_code == 200


def test_le_manifeste_s_ouvre_sans_compte_et_ne_nomme_que_le_service(site: Monde) -> None:
    reponse = client_de(site.a).get("/m/manifest.webmanifest")

    corps = reponse.json()
    assert reponse.headers["Content-Type"] == "application/manifest+json"
    assert (corps["name"], corps["start_url"], corps["scope"], corps["display"]) == (
        "Ma tournée, SAD Alpha",
        "/m/",
        "/m/",
        "standalone",
    )

"""What is sensitive asks again who one is, keeps what was typed, and goes on."""

import html
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest

from plateforme.identity import elevation
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import lier
from tests.identity.outils import cle_de, code, options_de
from tests.support.monde import Monde, client_de, compte

MIDI = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC)


def a(secondes: float) -> Any:
    return time_machine.travel(MIDI + timedelta(seconds=secondes), tick=False)


def ids(monde: Monde, identifiant: str) -> Any:
    with lier(monde.a):
        return compte(identifiant).pk


@pytest.mark.parametrize(("secondes", "statut"), [(299, 302), (301, 403)])
def test_la_connexion_vaut_preuve_cinq_minutes(monde: Monde, secondes: int, statut: int) -> None:
    with a(0):
        client = client_de(monde.a, "direction")

    with a(secondes):
        assert (
            client.post(f"/equipe/{ids(monde, 'awa')}/role", {"role": "aide_soignant"}).status_code == statut
        )


def test_rien_ne_se_fait_avant_la_preuve_et_tout_se_fait_apres(monde: Monde) -> None:
    adresse = f"/equipe/{ids(monde, 'awa')}/role"
    with a(0):
        client = client_de(monde.a, "direction")
    with a(301):
        page = client.post(adresse, {"role": "aide_soignant", "note": 'é"<'}).content.decode()
        assert "Confirmez que c’est vous" in page
        assert f'action="{adresse}"' in page
        assert '<input type="hidden" name="role" value="aide_soignant">' in page
        assert 'name="note" value="é"<"' in html.unescape(page)
        with lier(monde.a):
            assert compte("awa").role == "intervenant"

        assert client.post(adresse, {"role": "aide_soignant", "_code": "000000"}).status_code == 403
        with lier(monde.a):
            assert compte("awa").role == "intervenant"

        reponse = client.post(adresse, {"role": "aide_soignant", "_code": code()})

    assert reponse.status_code == 302
    with lier(monde.a):
        assert compte("awa").role == "aide_soignant"


def test_une_cle_confirme_aussi(monde: Monde) -> None:
    cle, adresse = cle_de(monde.a, "direction"), f"/equipe/{ids(monde, 'awa')}/etat"
    with a(0):
        client = client_de(monde.a, "direction")
    with a(301):
        page = client.post(adresse)

        assert client.post(adresse, {"_cle": cle.signer(options_de(page))}).status_code == 302

    with lier(monde.a):
        assert not Compte.objects.get(identifiant="awa").actif


def test_une_page_demandee_par_lien_revient_apres_la_preuve(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(301):
        page = client.get("/mon-compte/mot-de-passe")
        assert page.status_code == 403
        assert 'name="suite" value="/mon-compte/mot-de-passe"' in page.content.decode()

        reponse = client.post("/confirmer", {"suite": "/mon-compte/mot-de-passe", "_code": code()})

        assert reponse["Location"] == "/mon-compte/mot-de-passe"
        assert client.get("/mon-compte/mot-de-passe").status_code == 200


def test_la_preuve_ne_mene_jamais_hors_du_site(monde: Monde) -> None:
    client = client_de(monde.a, "alice")

    assert client.post("/confirmer", {"suite": "//ailleurs.example/", "_code": code()})["Location"] == "/"


def test_les_codes_de_la_preuve_se_ferment_aussi(monde: Monde) -> None:
    adresse = f"/equipe/{ids(monde, 'awa')}/etat"
    with a(0):
        client = client_de(monde.a, "direction")
    with a(301):
        for _ in range(3):
            client.post(adresse, {"_code": "000000"})

        assert "Trop d’essais" in client.post(adresse, {"_code": code()}).content.decode()
    with lier(monde.a):
        assert compte("awa").actif


def test_htmx_est_envoye_confirmer_puis_revient_ou_il_etait(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "direction")
    with a(301):
        reponse = client.post(
            f"/equipe/{ids(monde, 'awa')}/etat",
            headers={"HX-Request": "true", "HX-Current-URL": "http://alpha.localhost/equipe?q=awa"},
        )

    assert (reponse.status_code, reponse["HX-Redirect"]) == (204, "/confirmer?suite=/equipe%3Fq%3Dawa")


def test_un_script_recoit_le_refus_de_l_api(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "direction")
    with a(301):
        reponse = client.post(f"/equipe/{ids(monde, 'awa')}/etat", headers={"Accept": "application/json"})

    assert reponse.status_code == 403
    assert reponse.json()["code"] == "plateforme.elevation.requise"


def test_une_operation_de_l_api_est_refusee_tant_que_la_preuve_est_ancienne(monde: Monde) -> None:
    from plateforme.identity.sessions import SessionStore

    demande: Any = HttpRequest()
    with lier(monde.a):
        with a(0):
            client = client_de(monde.a, "direction")
        demande.session = SessionStore(client.cookies["treille_session"].value)
        with a(299):
            demande.session.get("x")
            elevation.exiger(demande)
        with a(301), pytest.raises(elevation.ElevationRequise):
            elevation.exiger(demande)

"""How long a session lives, who closes it, what it costs, and what becomes of what was being typed."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plateforme.identity.models import Reglages, Session
from plateforme.identity.sessions import purger
from plateforme.tenancy.courant import lier
from tests.identity.outils import PHRASE, code, est_connecte, premier
from tests.support.monde import MOT_DE_PASSE, Monde, client_de, compte

MIDI = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC)


def a(secondes: float) -> Any:
    return time_machine.travel(MIDI + timedelta(seconds=secondes), tick=False)


@pytest.mark.parametrize(
    ("minutes", "ecart", "vit"), [(20, -1, True), (20, 1, False), (15, 1, False), (30, -1, True)]
)
def test_l_inactivite_permise_est_celle_de_la_structure(
    monde: Monde, minutes: int, ecart: int, vit: bool
) -> None:
    with lier(monde.a):
        if minutes != 20:
            Reglages.objects.create(inactivite_minutes=minutes)
        with a(0):
            client = client_de(monde.a, "alice")

    with a(minutes * 60 + ecart):
        assert est_connecte(client) is vit


def test_l_activite_prolonge_mais_pas_au_dela_de_dix_heures(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    for minute in range(15, 600, 15):
        with a(minute * 60):
            assert est_connecte(client), minute
    with a(10 * 3600 - 1):
        assert est_connecte(client)
    with a(10 * 3600 + 1):
        assert not est_connecte(client)


def test_ce_qui_se_rafraichit_seul_n_est_l_activite_de_personne(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    for minute in range(1, 20):
        with a(minute * 60):
            assert client.get("/", headers={"X-Rafraichissement": "1"}).status_code == 200
    with a(20 * 60 + 1):
        assert not est_connecte(client)


def test_l_instant_de_derniere_activite_s_ecrit_au_plus_une_fois_par_minute(monde: Monde) -> None:
    def ecritures(client: Any) -> int:
        with CaptureQueriesContext(connection) as requetes:
            client.get("/notifications")
        return sum("UPDATE" in r["sql"] and "identity_session" in r["sql"] for r in requetes)

    with a(0):
        client = client_de(monde.a, "alice")
    comptes = []
    for secondes in (30, 59, 60, 61, 119, 120):
        with a(secondes):
            comptes.append(ecritures(client))

    assert comptes == [0, 0, 1, 0, 0, 1]


def test_une_page_connectee_lit_la_session_et_le_compte_et_rien_de_plus(monde: Monde) -> None:
    client = client_de(monde.a, "alice")

    with CaptureQueriesContext(connection) as requetes:
        client.get("/aide")

    lues = [r["sql"] for r in requetes if "identity_" in r["sql"]]
    assert len(lues) == 2
    assert 'FROM "identity_session"' in lues[0]
    assert 'FROM "identity_compte"' in lues[1]


def test_une_session_expiree_le_dit_et_garde_le_chemin(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        reponse = client.get("/usagers?page=2")

        assert reponse["Location"] == "/connexion?suite=/usagers%3Fpage%3D2&expiree=1"
        assert "Votre session a expiré" in client.get(reponse["Location"]).content.decode()


def test_une_session_expiree_renvoie_htmx_et_l_api_chacun_a_sa_facon(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/connexion")
        assert client_de(monde.a).get("/api/v1/session").status_code == 401


def reconnecter_avec_la_saisie(client: Any, page: Any, identifiant: str) -> Any:
    scelle = re.search(r'name="reprise" value="([^"]+)"', page.content.decode())
    assert scelle
    premier(client, identifiant, reprise=scelle[1])
    return client.post("/connexion/code", {"code": code()})


def test_ce_qu_on_tapait_est_rendu_apres_reconnexion(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        page = client.post(
            "/intervenants/nouveau", {"prenom": "Jeanne", "nom": "L’Hôte", "gestes": ["un", "deux"]}
        )
        assert page.status_code == 401
        assert "Jeanne" not in page.content.decode()

        rendue = html.unescape(reconnecter_avec_la_saisie(client, page, "alice").content.decode())

    assert 'action="/intervenants/nouveau"' in rendue
    for champ in ('name="prenom" value="Jeanne"', 'name="nom" value="L’Hôte"', 'name="gestes" value="deux"'):
        assert champ in rendue


def test_ce_que_tapait_une_autre_personne_n_est_pas_rendu(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        page = client.post("/intervenants/nouveau", {"prenom": "Jeanne"})

        reponse = reconnecter_avec_la_saisie(client, page, "idec")

    assert reponse.status_code == 302
    assert "Jeanne" not in reponse.content.decode()


def test_un_mot_de_passe_tape_n_est_jamais_garde(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        page = client.post("/mon-compte/mot-de-passe", {"mot_de_passe": PHRASE})

    assert page.status_code == 302  # nothing else to keep: the plain way


def test_le_rafraichissement_d_une_page_expiree_ne_fait_pas_perdre_la_saisie(monde: Monde) -> None:
    with a(0):
        client = client_de(monde.a, "alice")
    with a(1300):
        client.get("/", headers={"X-Rafraichissement": "1", "HX-Request": "true"})

        assert client.post("/intervenants/nouveau", {"prenom": "Jeanne"}).status_code == 401


def test_fermer_une_session_agit_a_la_demande_suivante(monde: Monde) -> None:
    ici, ailleurs = client_de(monde.a, "alice"), client_de(monde.a, "alice")
    page = ici.get("/mon-compte").content.decode()
    (reference,) = re.findall(r'name="session" value="([^"]+)"', page)

    ici.post("/mon-compte/sessions", {"session": reference})

    assert not est_connecte(ailleurs)
    assert est_connecte(ici)


def test_fermer_toutes_les_autres_garde_la_mienne_et_celles_des_autres_gens(monde: Monde) -> None:
    ici, ailleurs, idec = (client_de(monde.a, qui) for qui in ("alice", "alice", "idec"))

    ici.post("/mon-compte/sessions", {"toutes": "oui"})

    assert [est_connecte(c) for c in (ici, ailleurs, idec)] == [True, False, True]


def test_la_session_d_une_autre_personne_ne_se_ferme_pas_de_chez_soi(monde: Monde) -> None:
    from plateforme.identity.services.sessions_ouvertes import reference

    idec, alice = client_de(monde.a, "idec"), client_de(monde.a, "alice")

    alice.post("/mon-compte/sessions", {"session": reference(idec.cookies["treille_session"].value)})

    assert est_connecte(idec)


def test_la_page_ne_montre_jamais_la_cle_d_une_session(monde: Monde) -> None:
    ailleurs, ici = client_de(monde.a, "alice"), client_de(monde.a, "alice")

    page = ici.get("/mon-compte").content.decode()

    assert ailleurs.cookies["treille_session"].value not in page
    assert ici.cookies["treille_session"].value not in page


def test_changer_son_mot_de_passe_ferme_les_autres_et_garde_la_sienne(monde: Monde) -> None:
    ici, ailleurs = client_de(monde.a, "alice"), client_de(monde.a, "alice")

    reponse = ici.post("/mon-compte/mot-de-passe", {"ancien": MOT_DE_PASSE, "mot_de_passe": PHRASE})

    assert reponse["Location"] == "/mon-compte"
    assert est_connecte(ici)
    assert not est_connecte(ailleurs)
    with lier(monde.a):
        garde = Session.objects.get(compte_id=compte("alice").pk)
        assert garde.moyen == "totp"  # the columns followed the new key
        assert garde.finit_a is not None


def test_une_session_d_appareil_et_une_session_web_se_distinguent(monde: Monde) -> None:
    with lier(monde.a), a(0):
        client = client_de(monde.a, "awa")
        Session.objects.update(genre="appareil", inactivite=14 * 86400, finit_a=MIDI + timedelta(days=14))
    with a(86400 * 10):
        assert est_connecte(client)


def test_les_vieilles_lignes_sont_purgees_et_elles_seules(monde: Monde) -> None:
    with lier(monde.a):
        with a(0):
            client_de(monde.a, "alice")
        with a(30 * 3600):
            client_de(monde.a, "idec")
        with a(35 * 3600):
            assert purger() == 1
            assert Session.objects.get().compte_id == compte("idec").pk

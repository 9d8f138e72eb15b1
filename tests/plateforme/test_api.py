"""Every refusal of the API is a problem in French; writes may be sent twice; pages hold while rows arrive."""

import json
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as reglages
from django.db import connection

from plateforme.core.clock import now
from plateforme.notifications.models import Notification
from plateforme.outbox.models import CleIdempotence
from plateforme.tenancy.courant import PUBLIC, lier
from tests.plateforme import urls_api
from tests.support.monde import CANARI_A, Monde, client_de, compte

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def site(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns when it does not exist
    settings.URLCONF_STRUCTURE = "tests.plateforme.urls_api"
    milieu = list(reglages.MIDDLEWARE)
    nom = "plateforme.api.middleware.RefusEnProbleme"
    if nom not in milieu:
        milieu.insert(1, nom)
    settings.MIDDLEWARE = milieu
    urls_api.APPELS.clear()


def probleme(reponse: Any) -> dict[str, Any]:
    assert reponse.headers["Content-Type"] == "application/problem+json"
    corps = reponse.json()
    assert corps.pop("instance") == reponse.headers["X-Request-ID"]
    assert corps.pop("type") == f"/aide/refus/{corps['code']}"
    return corps


REFUS = {
    "conflit": {
        "title": "Conflit",
        "status": 409,
        "code": "plateforme.objet.modifie",
        "detail": "Quelqu’un d’autre vient de modifier cet élément. Rechargez la page pour voir sa version.",
    },
    "introuvable": {
        "title": "Introuvable",
        "status": 404,
        "code": "plateforme.objet.introuvable",
        "detail": "Cet élément n’existe pas ou n’est pas dans votre structure.",
    },
    "http404": {
        "title": "Introuvable",
        "status": 404,
        "code": "plateforme.objet.introuvable",
        "detail": "Cet élément n’existe pas ou n’est pas dans votre structure.",
    },
    "interdit": {
        "title": "Accès refusé",
        "status": 403,
        "code": "plateforme.habilitation.refusee",
        "detail": "Ce dossier n’est pas dans votre secteur.",
    },
    "casse": {
        "title": "Erreur interne",
        "status": 500,
        "code": "plateforme.erreur.interne",
        "detail": f"Une erreur inattendue est survenue. Réessayez{NBSP}; si elle revient, donnez ce numéro au support.",
    },
    "sans-base": {
        "title": "Service indisponible",
        "status": 503,
        "code": "plateforme.service.indisponible",
        "detail": "Un service nécessaire ne répond pas. Réessayez dans un instant.",
    },
    "non-declare": {
        "title": "Accès refusé",
        "status": 403,
        "code": "plateforme.habilitation.refusee",
        "detail": "Cette opération n’a déclaré aucun droit : elle reste fermée.",
    },
    "page?taille=beaucoup": {
        "title": "Demande refusée",
        "status": 422,
        "code": "plateforme.demande.invalide",
        "detail": "Un ou plusieurs champs sont à corriger.",
        "champs": {"taille": "Un nombre entier est attendu."},
    },
    "inconnu": {
        "title": "Introuvable",
        "status": 404,
        "code": "plateforme.adresse.introuvable",
        "detail": "Cette adresse n’existe pas dans l’API de cette structure.",
    },
}


@pytest.mark.parametrize("chemin", REFUS)
def test_chaque_refus_est_un_probleme_en_francais(monde: Monde, chemin: str) -> None:
    reponse = client_de(monde.a, "alice").get(f"/api/v1/essai/{chemin}")

    assert probleme(reponse) == REFUS[chemin]
    assert reponse.status_code == REFUS[chemin]["status"]
    assert CANARI_A not in reponse.content.decode()


def test_une_methode_inconnue_dit_lesquelles_existent(monde: Monde) -> None:
    reponse = client_de(monde.a, "alice").put("/api/v1/essai/corps")

    assert probleme(reponse) == {
        "title": "Méthode refusée",
        "status": 405,
        "code": "plateforme.methode.refusee",
        "detail": "Cette adresse ne connaît pas cette méthode HTTP.",
    }
    assert reponse.headers["Allow"] == "POST"


@pytest.mark.parametrize("methode", ["get", "post"])
def test_sans_connexion_c_est_401_avant_tout(monde: Monde, methode: str) -> None:
    client = client_de(monde.a, enforce_csrf_checks=True)

    reponse = getattr(client, methode)(f"/api/v1/essai/{'conflit' if methode == 'get' else 'corps'}")

    assert probleme(reponse) == {
        "title": "Connexion nécessaire",
        "status": 401,
        "code": "plateforme.session.absente",
        "detail": "Connectez-vous pour continuer.",
    }


def test_sans_jeton_csrf_une_ecriture_est_refusee(monde: Monde) -> None:
    client = client_de(monde.a, "alice", enforce_csrf_checks=True)

    reponse = client.post("/api/v1/essai/corps", {"nom": "x", "age": 1}, content_type="application/json")

    assert probleme(reponse) == {
        "title": "Accès refusé",
        "status": 403,
        "code": "plateforme.session.jeton_absent",
        "detail": f"Le jeton de sécurité manque ou n’est plus valable{NBSP}: relisez-le et renvoyez la demande.",
    }
    assert client.get("/api/v1/essai/page").status_code == 200  # a read needs none


def test_un_role_sans_le_droit_est_refuse(monde: Monde) -> None:
    reponse = client_de(monde.a, "awa").get("/api/v1/essai/page")

    corps = probleme(reponse)
    assert (corps["status"], corps["code"]) == (403, "plateforme.habilitation.refusee")
    assert corps["detail"].startswith("Votre rôle (intervenant à domicile) ne permet pas")


def test_la_session_du_voisin_ne_vaut_rien_ici(monde: Monde) -> None:
    de_a, chez_b = client_de(monde.a, "alice"), client_de(monde.b)
    chez_b.cookies = de_a.cookies

    assert probleme(chez_b.get("/api/v1/essai/page"))["status"] == 401


@pytest.mark.parametrize(
    ("corps", "champs"),
    [
        ("{}", {"payload.nom": "Ce champ est obligatoire.", "payload.age": "Ce champ est obligatoire."}),
        (
            '{"nom": 3, "age": "vieux"}',
            {"payload.nom": "Un texte est attendu.", "payload.age": "Un nombre entier est attendu."},
        ),
    ],
)
def test_les_champs_faux_sont_nommes(monde: Monde, corps: str, champs: dict[str, str]) -> None:
    reponse = client_de(monde.a, "alice").post("/api/v1/essai/corps", corps, content_type="application/json")

    assert probleme(reponse) == {
        "title": "Demande refusée",
        "status": 422,
        "code": "plateforme.demande.invalide",
        "detail": "Un ou plusieurs champs sont à corriger.",
        "champs": champs,
    }


def test_un_corps_qui_n_est_pas_du_json_est_illisible(monde: Monde) -> None:
    reponse = client_de(monde.a, "alice").post("/api/v1/essai/corps", "{", content_type="application/json")

    assert probleme(reponse) == {
        "title": "Demande illisible",
        "status": 400,
        "code": "plateforme.demande.illisible",
        "detail": "Demande illisible.",
    }


# -- the same request, twice ------------------------------------------------------------------------------


def noter(client: Any, nom: str, cle: str | None, **options: Any) -> Any:
    entetes = {"Idempotency-Key": cle} if cle is not None else {}
    corps = json.dumps({"nom": nom, "age": 1})
    return client.post(
        "/api/v1/essai/notes", corps, content_type="application/json", headers=entetes, **options
    )


def titres(monde: Monde) -> list[str]:
    with lier(monde.a):
        return list(Notification.objects.order_by("pk").values_list("titre", flat=True))


def test_la_meme_cle_rend_la_meme_reponse_sans_second_effet(monde: Monde) -> None:
    client, cle = client_de(monde.a, "alice"), str(uuid4())

    premiere, seconde = noter(client, "un", cle), noter(client, "un", cle)

    assert (premiere.status_code, seconde.status_code) == (201, 201)
    assert seconde.content == premiere.content
    assert seconde.headers["Content-Type"] == premiere.headers["Content-Type"]
    assert "Idempotency-Replayed" not in premiere.headers
    assert seconde.headers["Idempotency-Replayed"] == "true"
    assert titres(monde) == ["un"]


def test_sans_cle_chaque_envoi_compte(monde: Monde) -> None:
    client = client_de(monde.a, "alice")

    noter(client, "un", None)
    noter(client, "un", None)

    assert titres(monde) == ["un", "un"]


def test_la_meme_cle_pour_autre_chose_est_refusee(monde: Monde) -> None:
    client, cle = client_de(monde.a, "alice"), str(uuid4())
    noter(client, "un", cle)

    assert probleme(noter(client, "deux", cle)) == {
        "title": "Conflit",
        "status": 409,
        "code": "plateforme.idempotence.cle_reutilisee",
        "detail": "Cette clé d’idempotence a déjà servi à une autre demande. Prenez-en une nouvelle.",
    }
    assert titres(monde) == ["un"]


def test_la_cle_d_un_autre_compte_n_est_pas_la_mienne(monde: Monde) -> None:
    cle = str(uuid4())
    noter(client_de(monde.a, "alice"), "un", cle)

    assert noter(client_de(monde.a, "direction"), "deux", cle).status_code == 201
    assert titres(monde) == ["un", "deux"]


def test_un_refus_n_use_pas_la_cle(monde: Monde) -> None:
    client, cle = client_de(monde.a, "alice"), str(uuid4())

    assert [noter(client, "refuse", cle).status_code for _ in range(2)] == [409, 409]
    assert urls_api.APPELS == ["refuse", "refuse"]
    assert noter(client, "un", cle).status_code == 201


def test_une_erreur_interne_ne_laisse_rien(monde: Monde) -> None:
    client, cle = client_de(monde.a, "alice"), str(uuid4())

    assert noter(client, "casse", cle).status_code == 500

    assert titres(monde) == []
    with lier(monde.a):
        assert CleIdempotence.objects.count() == 0


@pytest.mark.parametrize("cle", ["court", "é" * 10, "a" * 201, "avec espace"])
def test_une_cle_illisible_est_refusee(monde: Monde, cle: str) -> None:
    reponse = noter(client_de(monde.a, "alice"), "un", cle)

    assert probleme(reponse)["code"] == "plateforme.idempotence.cle_illisible"
    assert reponse.status_code == 400
    assert titres(monde) == []


def test_la_reponse_gardee_ne_se_rend_qu_a_qui_est_connecte(monde: Monde) -> None:
    cle = str(uuid4())
    noter(client_de(monde.a, "alice"), "un", cle)

    assert noter(client_de(monde.a), "un", cle).status_code == 401


def test_la_reponse_gardee_demande_encore_le_droit_et_le_jeton(monde: Monde) -> None:
    client, cle = client_de(monde.a, "alice", enforce_csrf_checks=True), str(uuid4())
    client.handler.enforce_csrf_checks = False
    assert noter(client, "un", cle).status_code == 201
    client.handler.enforce_csrf_checks = True
    assert noter(client, "un", cle).status_code == 403

    client.handler.enforce_csrf_checks = False
    with lier(monde.a):
        alice = compte("alice")
        alice.role = "intervenant"
        alice.save()
    assert noter(client, "un", cle).status_code == 403


def test_la_meme_cle_en_meme_temps_n_a_qu_un_effet(base_a_part: str) -> None:
    monde, cle = Monde.charger(), str(uuid4())
    clients = [client_de(monde.a, "alice") for _ in range(4)]
    depart, reponses = threading.Barrier(4, timeout=10), []

    def envoyer(client: Any) -> None:
        with lier(PUBLIC):
            depart.wait()
            try:
                reponses.append(noter(client, "un", cle))
            finally:
                connection.close()

    fils = [threading.Thread(target=envoyer, args=(client,)) for client in clients]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)

    assert [r.status_code for r in reponses] == [201] * 4
    assert len({r.content for r in reponses}) == 1
    assert sorted(r.headers.get("Idempotency-Replayed", "") for r in reponses) == ["", "true", "true", "true"]
    assert titres(monde) == ["un"]


# -- pages ---------------------------------------------------------------------------------------------------


def test_les_pages_tiennent_pendant_que_des_lignes_arrivent(monde: Monde) -> None:
    def ecrire(*noms: str) -> None:
        with lier(monde.a):
            for nom in noms:
                Notification.objects.create(
                    compte=compte("alice"), titre=nom, cree_a=now() - timedelta(days=1)
                )

    client, lues, apres = client_de(monde.a, "alice"), [], None
    ecrire("un", "deux", "trois", "quatre", "cinq")
    while True:
        suite = {"apres": apres} if apres else {}
        corps = client.get("/api/v1/essai/page", suite).json()
        lues.append([e["titre"] for e in corps["elements"]])
        apres = corps["suivant"]
        ecrire("tard venu")
        if apres is None:
            break

    assert lues == [["cinq", "quatre"], ["trois", "deux"], ["un"]]


@pytest.mark.parametrize(("taille", "attendu"), [(0, 1), (-5, 1), (3, 3), (100_000, 4)])
def test_la_taille_d_une_page_est_bornee(monde: Monde, taille: int, attendu: int) -> None:
    with lier(monde.a):
        for rang in range(4):
            Notification.objects.create(compte=compte("alice"), titre=str(rang))

    corps = client_de(monde.a, "alice").get("/api/v1/essai/page", {"taille": taille}).json()

    assert len(corps["elements"]) == attendu
    assert (corps["suivant"] is None) == (attendu == 4)

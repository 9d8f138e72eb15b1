"""Passkeys against a soft authenticator: what is accepted, and every lie that is not."""

import json
from dataclasses import replace
from typing import Any

import pytest

from plateforme.identity.models import Facteur, Session
from plateforme.tenancy.courant import lier
from tests.identity.outils import cle_de, code, est_connecte, options_de, premier
from tests.support.authentificateur import Authentificateur
from tests.support.monde import Monde, client_de, compte


def entrer_par_la_cle(client: Any, cle: Authentificateur) -> Any:
    options = json.loads(client.post("/connexion/cle").content)
    return client.post("/connexion", {"_cle": cle.signer(options)})


def test_une_cle_ouvre_seule_la_session(monde: Monde) -> None:
    cle, client = cle_de(monde.a, "alice"), client_de(monde.a)

    reponse = entrer_par_la_cle(client, cle)

    assert reponse["Location"] == "/"
    assert est_connecte(client)
    with lier(monde.a):
        assert Session.objects.get(compte_id=compte("alice").pk).moyen == "passkey"


def test_les_options_ne_disent_pas_quelles_cles_existent(monde: Monde) -> None:
    cle_de(monde.a, "alice")

    options = json.loads(client_de(monde.a).post("/connexion/cle").content)

    assert options["allowCredentials"] == []
    assert (options["rpId"], options["userVerification"]) == ("alpha.localhost", "required")


def test_une_cle_est_un_second_facteur_apres_le_mot_de_passe(monde: Monde) -> None:
    cle, client = cle_de(monde.a, "alice"), client_de(monde.a)
    premier(client, "alice")
    page = client.get("/connexion/code")

    assert client.post("/connexion/code", {"_cle": cle.signer(options_de(page))})["Location"] == "/"


def test_la_cle_d_une_autre_n_est_pas_le_second_facteur(monde: Monde) -> None:
    cle_de(monde.a, "alice")
    autre, client = cle_de(monde.a, "idec"), client_de(monde.a)
    premier(client, "alice")

    reponse = client.post(
        "/connexion/code", {"_cle": autre.signer(options_de(client.get("/connexion/code")))}
    )

    assert reponse.status_code == 422
    assert not est_connecte(client)


@pytest.mark.parametrize(
    "mensonge",
    [
        {"origine": "http://beta.localhost"},
        {"origine": "http://alpha.localhost:9999"},
        {"origine": "https://alpha.localhost.evil.example"},
        {"hote": "beta.localhost"},
        {"hote": "localhost"},
        {"verifie": False},
        {"compteur": -1},
        {"poignee": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_une_cle_qui_ment_est_refusee(monde: Monde, mensonge: dict[str, Any]) -> None:
    cle, client = cle_de(monde.a, "alice"), client_de(monde.a)
    entrer_par_la_cle(client_de(monde.a), cle)
    avant = cle.compteur

    for nom, valeur in mensonge.items():
        setattr(cle, nom, valeur if nom != "compteur" else avant - 1)

    assert entrer_par_la_cle(client, cle).status_code == 422
    assert not est_connecte(client)


def test_la_meme_cle_avec_une_autre_signature_est_refusee(monde: Monde) -> None:
    vraie = cle_de(monde.a, "alice")
    fausse = replace(Authentificateur(vraie.hote, vraie.origine), cle_id=vraie.cle_id, poignee=vraie.poignee)

    assert entrer_par_la_cle(client_de(monde.a), fausse).status_code == 422


def test_la_cle_de_b_n_entre_pas_chez_a(monde: Monde) -> None:
    cle = cle_de(monde.b, "chloe")
    cle.hote, cle.origine = "alpha.localhost", "http://alpha.localhost"

    assert entrer_par_la_cle(client_de(monde.a), cle).status_code == 422


def test_une_reponse_ne_sert_qu_une_fois(monde: Monde) -> None:
    cle, client = cle_de(monde.a, "alice"), client_de(monde.a)
    reponse = cle.signer(json.loads(client.post("/connexion/cle").content))
    assert client.post("/connexion", {"_cle": reponse}).status_code == 302
    client.post("/deconnexion")
    client.post("/connexion/cle")

    assert client.post("/connexion", {"_cle": reponse}).status_code == 422


def test_un_defi_du_second_facteur_n_ouvre_pas_directement(monde: Monde) -> None:
    cle, client = cle_de(monde.a, "alice"), client_de(monde.a)
    premier(client, "alice")
    reponse = cle.signer(options_de(client.get("/connexion/code")))

    assert client.post("/connexion", {"_cle": reponse}).status_code == 422


def test_la_cle_d_un_compte_desactive_n_entre_pas(monde: Monde) -> None:
    cle = cle_de(monde.a, "alice")
    with lier(monde.a):
        qui = compte("alice")
        qui.actif = False
        qui.save()

    assert entrer_par_la_cle(client_de(monde.a), cle).status_code == 422


@pytest.mark.parametrize(
    "brut", ["", "{", "[]", "null", '{"id": 3}', '{"id": "é", "response": []}', "[" * 9999]
)
def test_une_cle_illisible_est_refusee_en_francais(monde: Monde, brut: str) -> None:
    client = client_de(monde.a)
    client.post("/connexion/cle")

    assert client.post("/connexion", {"_cle": brut}).status_code == 422


def test_on_ajoute_plusieurs_cles_nommees_puis_on_en_retire(monde: Monde) -> None:
    client = client_de(monde.a, "alice")
    for nom in ("Téléphone", "Ordinateur"):
        cle = Authentificateur("alpha.localhost", "http://alpha.localhost")
        options = options_de(client.get("/mon-compte/cle"))
        assert (
            client.post("/mon-compte/cle", {"nom": nom, "_cle": cle.creer(options)})["Location"]
            == "/mon-compte"
        )
    page = client.get("/mon-compte").content.decode()
    assert "Téléphone" in page
    assert "Ordinateur" in page

    with lier(monde.a):
        restants = list(Facteur.objects.filter(compte=compte("alice")).values_list("pk", flat=True))
    statuts = [client.post(f"/mon-compte/moyens/{pk}/retirer").status_code for pk in restants]

    assert statuts == [302, 302, 422]  # never the last one
    with lier(monde.a):
        assert Facteur.objects.filter(compte=compte("alice")).count() == 1


def test_la_meme_cle_ne_s_ajoute_pas_deux_fois(monde: Monde) -> None:
    cle, client = cle_de(monde.a, "idec"), client_de(monde.a, "alice")

    reponse = client.post("/mon-compte/cle", {"_cle": cle.creer(options_de(client.get("/mon-compte/cle")))})

    assert reponse.status_code == 422
    assert "déjà enregistrée" in reponse.content.decode()


def test_on_ne_retire_pas_le_moyen_d_une_autre(monde: Monde) -> None:
    with lier(monde.a):
        autre = compte("idec").facteurs.get().pk

    assert client_de(monde.a, "alice").post(f"/mon-compte/moyens/{autre}/retirer").status_code == 404


def test_ajouter_une_application_demande_son_code_et_ferme_les_autres_sessions(monde: Monde) -> None:
    ici, ailleurs = client_de(monde.a, "alice"), client_de(monde.a, "alice")
    page = ici.get("/mon-compte/application").content.decode()
    secret = page.split('id="secret-totp">')[1].split("<")[0]

    assert ici.post("/mon-compte/application", {"code": "000000"}).status_code == 422
    assert ici.post("/mon-compte/application", {"code": code(secret), "nom": "Neuve"}).status_code == 302

    assert not est_connecte(ailleurs)
    with lier(monde.a):
        neuve = Facteur.objects.get(nom="Neuve")
        assert secret.encode() not in bytes(neuve.secret)

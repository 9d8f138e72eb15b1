"""A password opens nothing; a password and a factor do, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from plateforme.identity.models import Session
from plateforme.identity.services import secours
from plateforme.notifications.models import Notification
from plateforme.reseau.models import SessionReseau
from plateforme.tenancy.courant import lier
from tests.identity.outils import code, est_connecte, premier
from tests.support.entree import entrer
from tests.support.monde import Monde, client_de, compte

MIDI = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC)


def avec_code(client: Any, valeur: str) -> Any:
    return client.post("/connexion/code", {"code": valeur})


def test_le_mot_de_passe_seul_n_ouvre_aucune_page(monde: Monde) -> None:
    client = client_de(monde.a)

    reponse = premier(client, "alice")

    assert reponse["Location"] == "/connexion/code"
    assert not est_connecte(client)
    with lier(monde.a):
        assert list(Session.objects.values_list("compte_id", flat=True)) == [None]


def test_le_bon_code_ouvre_la_session_et_dit_par_quoi(monde: Monde) -> None:
    client = client_de(monde.a)

    reponse = entrer(client, "alice", suite="/usagers")

    assert reponse["Location"] == "/usagers"
    assert est_connecte(client)
    with lier(monde.a):
        session = Session.objects.get()
        assert (session.compte_id, session.moyen, session.genre) == (compte("alice").pk, "totp", "web")
        assert session.confirmee_a is not None


@pytest.mark.parametrize(("decalage", "entre"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
@time_machine.travel(MIDI, tick=False)
def test_un_code_vaut_un_pas_avant_et_un_pas_apres(monde: Monde, decalage: int, entre: bool) -> None:
    client = client_de(monde.a)
    premier(client, "alice")

    reponse = avec_code(client, code(decalage=decalage))

    assert reponse.status_code == (302 if entre else 422)
    assert est_connecte(client) is entre


@time_machine.travel(MIDI, tick=False)
def test_un_code_ne_sert_qu_une_fois(monde: Monde) -> None:
    assert entrer(client_de(monde.a), "alice").status_code == 302

    autre = client_de(monde.a)
    premier(autre, "alice")
    reponse = avec_code(autre, code())

    assert reponse.status_code == 422
    assert "a déjà servi" in reponse.content.decode()
    assert avec_code(autre, code(decalage=1)).status_code == 302


@time_machine.travel(MIDI, tick=False)
def test_un_code_plus_ancien_que_le_dernier_utilise_est_refuse(monde: Monde) -> None:
    entrer(client_de(monde.a), "alice", code=code(decalage=1))

    autre = client_de(monde.a)
    premier(autre, "alice")

    assert avec_code(autre, code()).status_code == 422


@pytest.mark.parametrize(("secondes", "attendue"), [(299, "/"), (301, "/connexion?expiree=1")])
def test_le_second_facteur_attend_cinq_minutes(monde: Monde, secondes: int, attendue: str) -> None:
    client = client_de(monde.a)
    with time_machine.travel(MIDI, tick=False):
        premier(client, "alice")

    with time_machine.travel(MIDI + timedelta(seconds=secondes), tick=False):
        assert avec_code(client, code())["Location"] == attendue


def test_sans_premier_facteur_le_code_ne_mene_nulle_part(monde: Monde) -> None:
    client = client_de(monde.a)

    assert avec_code(client, code())["Location"].startswith("/connexion")
    assert not est_connecte(client)


def test_le_premier_facteur_prouve_chez_a_ne_vaut_rien_chez_b(monde: Monde) -> None:
    client = client_de(monde.a)
    premier(client, "direction")

    reponse = client.post("/connexion/code", {"code": code()}, headers={"host": "beta.localhost"})

    assert reponse["Location"].startswith("/connexion")
    with lier(monde.b):
        assert not Session.objects.exists()


def test_la_cle_de_session_change_a_chaque_etape(monde: Monde) -> None:
    """A key planted in somebody's browser carries neither the first proof nor the session."""
    client = client_de(monde.a)
    premier(client, "alice")
    plantee = client.cookies["treille_session"].value
    premier(client, "alice")
    apres_mot_de_passe = client.cookies["treille_session"].value
    avec_code(client, code())
    ouverte = client.cookies["treille_session"].value

    assert len({plantee, apres_mot_de_passe, ouverte}) == 3
    with lier(monde.a):
        assert list(Session.objects.values_list("pk", flat=True)) == [ouverte]


def test_un_code_de_secours_sert_une_fois_et_previent(monde: Monde) -> None:
    with lier(monde.a):
        codes = secours.renouveler(compte("alice"))
    assert len(codes) == 10

    assert entrer(client_de(monde.a), "alice", code=codes[0].upper().replace("-", " ")).status_code == 302

    autre = client_de(monde.a)
    premier(autre, "alice")
    assert avec_code(autre, codes[0]).status_code == 422
    assert avec_code(autre, codes[1]).status_code == 302
    with lier(monde.a):
        titres = list(Notification.objects.values_list("titre", "detail"))
        assert titres[-1][0] == "Un de vos codes de secours vient de servir"
        assert titres[-1][1].startswith("Il vous en reste 9.")


def test_de_nouveaux_codes_de_secours_perimetrent_les_anciens(monde: Monde) -> None:
    with lier(monde.a):
        anciens = secours.renouveler(compte("alice"))
        secours.renouveler(compte("alice"))
        assert not secours.consommer(compte("alice"), anciens[0])


def test_le_code_de_secours_d_une_autre_n_ouvre_rien(monde: Monde) -> None:
    with lier(monde.a):
        codes = secours.renouveler(compte("idec"))
    client = client_de(monde.a)
    premier(client, "alice")

    assert avec_code(client, codes[0]).status_code == 422


def test_une_identite_non_verifiee_n_entre_pas_meme_avec_deux_preuves(monde: Monde) -> None:
    with lier(monde.a):
        qui = compte("alice")
        qui.identite_verifiee_a = None
        qui.save()
    client = client_de(monde.a)

    reponse = entrer(client, "alice")

    assert reponse.status_code == 403
    assert "Votre identité doit encore être vérifiée" in reponse.content.decode()
    assert not est_connecte(client)


def test_un_compte_desactive_entre_les_deux_etapes_n_entre_pas(monde: Monde) -> None:
    client = client_de(monde.a)
    premier(client, "alice")
    with lier(monde.a):
        qui = compte("alice")
        qui.actif = False
        qui.save()

    assert avec_code(client, code())["Location"].startswith("/connexion")


def test_l_operateur_entre_avec_deux_facteurs_lui_aussi(monde: Monde) -> None:
    client = client_de(None)

    assert premier(client, "denis")["Location"] == "/connexion/code"
    assert not est_connecte(client)
    assert avec_code(client, code())["Location"] == "/"
    assert est_connecte(client)
    assert SessionReseau.objects.get().moyen == "totp"


def test_un_intervenant_peut_rester_quatorze_jours_sur_son_telephone(monde: Monde) -> None:
    client = client_de(monde.a)
    with time_machine.travel(MIDI, tick=False):
        entrer(client, "awa", telephone="oui")

    with time_machine.travel(MIDI + timedelta(days=13, hours=23), tick=False):
        assert client.get("/m/").status_code == 200
    with time_machine.travel(MIDI + timedelta(days=14, seconds=1), tick=False):
        assert client.get("/m/").status_code == 302


def test_un_bureau_ne_reste_pas_quatorze_jours(monde: Monde) -> None:
    client = client_de(monde.a)

    entrer(client, "alice", telephone="oui")

    with lier(monde.a):
        assert Session.objects.get().genre == "web"


def test_un_appareil_jamais_vu_est_annonce_et_le_connu_non(monde: Monde) -> None:
    with time_machine.travel(MIDI, tick=False):
        connu = client_de(monde.a)
        entrer(connu, "alice")
        connu.post("/deconnexion")
    with lier(monde.a):
        assert not Notification.objects.exists()

    with time_machine.travel(MIDI + timedelta(hours=1), tick=False):
        entrer(connu, "alice")
    with lier(monde.a):
        assert not Notification.objects.exists()

    with time_machine.travel(MIDI + timedelta(hours=2), tick=False):
        entrer(client_de(monde.a), "alice")
    with lier(monde.a):
        assert [n.titre for n in Notification.objects.all()] == ["Connexion depuis un nouvel appareil"]


@pytest.mark.parametrize(("demo", "montre"), [(True, True), (False, False)])
def test_le_code_n_est_montre_qu_a_la_demonstration(
    monde: Monde, settings: Any, demo: bool, montre: bool
) -> None:
    settings.TREILLE_DEMO = demo
    with lier(monde.a):
        compte("alice").facteurs.update(nom="Démonstration")
    client = client_de(monde.a)
    premier(client, "alice")

    assert ("votre code est" in client.get("/connexion/code").content.decode()) is montre


def test_meme_en_demonstration_le_code_d_un_vrai_facteur_n_est_pas_montre(
    monde: Monde, settings: Any
) -> None:
    settings.TREILLE_DEMO = True
    client = client_de(monde.a)
    premier(client, "alice")

    assert "votre code est" not in client.get("/connexion/code").content.decode()

"""From an invitation to a first session: who may invite whom, links that serve once, identities that are checked."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail

from config.settings.courriel import serveur_de
from plateforme.identity.models import Compte, Facteur, Lien
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.reseau.models import CompteReseau
from plateforme.tenancy.courant import lier
from tests.identity.outils import PHRASE, code, est_connecte, lien_de, options_de, premier
from tests.support.authentificateur import Authentificateur
from tests.support.entree import entrer
from tests.support.monde import Monde, client_de, compte

MIDI = datetime(2026, 11, 24, 11, 0, 0, tzinfo=UTC)
JEANNE = {"prenom": "Jeanne", "nom": "L’Hôte", "role": "intervenant"}
DEVANT_MOI = {"devant_moi": "on", "piece": "cni", "mode": "presence"}


def inviter(monde: Monde, par: str = "alice", **champs: str) -> Any:
    return client_de(monde.a, par).post("/equipe/inviter", {**JEANNE, **champs})


def secret_affiche(reponse: Any) -> str:
    return str(reponse.content.decode().split('id="secret-totp">')[1].split("<")[0])


def s_inscrire(client: Any, lien: str, mot_de_passe: str = PHRASE) -> str:
    """All three pages; answers the secret of the application."""
    reponse = client.post(lien, {"mot_de_passe": mot_de_passe})
    assert reponse["Location"] == "/acces/inscription", reponse.content.decode()
    secret = secret_affiche(client.get("/acces/inscription"))
    fin = client.post("/acces/inscription", {"code": code(secret)})
    assert fin.status_code == 200
    assert fin.content.decode().count("<li><code>") == 10
    return secret


def livrer_tout(monde: Monde) -> None:
    with lier(monde.a):
        while message := Message.objects.filter(etat="a_livrer", essais=0).order_by("id").first():
            livrer(message.pk)


def test_de_l_invitation_a_la_premiere_session(monde: Monde) -> None:
    lien = lien_de(inviter(monde, **DEVANT_MOI))
    client = client_de(monde.a)
    page = client.get(lien).content.decode()
    assert "Bonjour Jeanne" in page
    assert "jeanne.l.hote" in page

    secret = s_inscrire(client, lien)
    assert not est_connecte(client)  # enrolling is not signing in

    premier(client, "jeanne.l.hote", PHRASE)
    assert client.post("/connexion/code", {"code": code(secret, 1)})["Location"] == "/m/"
    assert est_connecte(client)


def test_une_cle_d_acces_peut_etre_le_second_facteur_des_l_inscription(monde: Monde) -> None:
    client, lien = client_de(monde.a), lien_de(inviter(monde, **DEVANT_MOI))
    client.post(lien, {"mot_de_passe": PHRASE})
    cle = Authentificateur("alpha.localhost", "http://alpha.localhost")

    fin = client.post("/acces/inscription", {"_cle": cle.creer(options_de(client.get("/acces/inscription")))})

    assert "codes de secours" in fin.content.decode()
    with lier(monde.a):
        assert list(compte("jeanne.l.hote").facteurs.values_list("genre", flat=True)) == ["passkey"]


def test_rien_n_est_ecrit_avant_le_second_facteur(monde: Monde) -> None:
    client, lien = client_de(monde.a), lien_de(inviter(monde))
    client.post(lien, {"mot_de_passe": PHRASE})
    client.post("/acces/inscription", {"code": "000000"})

    with lier(monde.a):
        assert not compte("jeanne.l.hote").est_enrole
        assert not Facteur.objects.filter(compte__identifiant="jeanne.l.hote").exists()
    assert client_de(monde.a).get(lien).status_code == 200  # the link still serves


def test_sans_verification_d_identite_l_inscription_ne_suffit_pas(monde: Monde) -> None:
    client, lien = client_de(monde.a), lien_de(inviter(monde))
    secret = s_inscrire(client, lien)
    premier(client, "jeanne.l.hote", PHRASE)
    assert client.post("/connexion/code", {"code": code(secret, 1)}).status_code == 403

    with lier(monde.a):
        jeanne = compte("jeanne.l.hote").pk
    responsable = client_de(monde.a, "alice")
    assert "identité à vérifier" in responsable.get("/equipe").content.decode()
    assert (
        responsable.post(f"/equipe/{jeanne}/identite", {"piece": "sejour", "mode": "distance"}).status_code
        == 302
    )

    with lier(monde.a):
        connue = compte("jeanne.l.hote")
        assert (connue.identite_piece, connue.identite_mode, connue.identite_par_id) == (
            "sejour",
            "distance",
            compte("alice").pk,
        )
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        premier(client, "jeanne.l.hote", PHRASE)
        assert client.post("/connexion/code", {"code": code(secret)}).status_code == 302


def test_la_structure_peut_refuser_la_verification_a_distance(monde: Monde) -> None:
    from plateforme.identity.models import Reglages

    with lier(monde.a):
        Reglages.objects.create(verification_a_distance=False)

    reponse = inviter(monde, devant_moi="on", piece="cni", mode="distance")

    assert reponse.status_code == 422
    with lier(monde.a):
        assert not Compte.objects.filter(prenom="Jeanne").exists()


@pytest.mark.parametrize(
    ("par", "role", "statut"),
    [
        ("direction", "direction", 200),
        ("direction", "comptable_rh", 200),
        ("alice", "intervenant", 200),
        ("alice", "infirmier", 200),
        ("alice", "secretariat", 422),
        ("alice", "responsable_secteur", 422),
        ("alice", "direction", 422),
        ("idec", "aide_soignant", 200),
        ("idec", "idec", 422),
        ("accueil", "intervenant", 403),
        ("awa", "intervenant", 403),
    ],
)
def test_chacun_n_invite_que_les_roles_qu_il_peut(monde: Monde, par: str, role: str, statut: int) -> None:
    assert inviter(monde, par, role=role).status_code == statut


def test_un_service_refuse_aussi_un_role_que_le_formulaire_ne_propose_pas(monde: Monde) -> None:
    from plateforme.identity.services.comptes import CompteRefuse
    from plateforme.identity.services.comptes import inviter as service

    with lier(monde.a), pytest.raises(CompteRefuse):
        service(compte("alice"), prenom="Eve", nom="Haute", role="direction")


def test_un_lien_sert_une_seule_fois(monde: Monde) -> None:
    lien = lien_de(inviter(monde))
    s_inscrire(client_de(monde.a), lien)

    reponse = client_de(monde.a).get(lien)

    assert reponse.status_code == 404
    assert "a déjà servi" in reponse.content.decode()


def test_deux_inscriptions_ouvertes_du_meme_lien_une_seule_aboutit(monde: Monde) -> None:
    lien = lien_de(inviter(monde))
    lente = client_de(monde.a)
    lente.post(lien, {"mot_de_passe": "une autre phrase bien longue"})
    secret = secret_affiche(lente.get("/acces/inscription"))
    s_inscrire(client_de(monde.a), lien)

    assert lente.post("/acces/inscription", {"code": code(secret)}).status_code == 404
    assert premier(client_de(monde.a), "jeanne.l.hote", PHRASE).status_code == 302


@pytest.mark.parametrize(("ecart", "statut"), [(-1, 200), (1, 404)])
def test_un_lien_vit_sept_jours(monde: Monde, ecart: int, statut: int) -> None:
    with time_machine.travel(MIDI, tick=False):
        lien = lien_de(inviter(monde))

    with time_machine.travel(MIDI + timedelta(days=7, seconds=ecart), tick=False):
        assert client_de(monde.a).get(lien).status_code == statut


def test_un_lien_de_a_n_est_rien_chez_b(monde: Monde) -> None:
    lien = lien_de(inviter(monde))

    assert client_de(monde.b).get(lien).status_code == 404
    assert client_de(None).get(lien).status_code == 404


def test_une_invitation_revoquee_n_ouvre_plus_rien(monde: Monde) -> None:
    lien = lien_de(inviter(monde))
    en_cours = client_de(monde.a)
    en_cours.post(lien, {"mot_de_passe": PHRASE})
    secret = secret_affiche(en_cours.get("/acces/inscription"))
    with lier(monde.a):
        jeanne = compte("jeanne.l.hote").pk

    client_de(monde.a, "alice").post(f"/equipe/{jeanne}/invitation", {"geste": "revoquer"})

    assert client_de(monde.a).get(lien).status_code == 404
    assert en_cours.post("/acces/inscription", {"code": code(secret)}).status_code == 404


def test_un_nouveau_lien_remplace_l_ancien(monde: Monde) -> None:
    ancien = lien_de(inviter(monde))
    with lier(monde.a):
        jeanne = compte("jeanne.l.hote").pk

    neuf = lien_de(client_de(monde.a, "alice").post(f"/equipe/{jeanne}/invitation"))

    assert client_de(monde.a).get(ancien).status_code == 404
    assert client_de(monde.a).get(neuf).status_code == 200


def test_la_base_ne_garde_pas_le_lien(monde: Monde) -> None:
    lien = lien_de(inviter(monde, courriel="jeanne@example.org"))
    jeton = lien.removeprefix("/acces/")

    with lier(monde.a):
        assert jeton not in Lien.objects.get().empreinte
        assert jeton not in str(Message.objects.get().contenu)


def test_deux_homonymes_ont_deux_identifiants(monde: Monde) -> None:
    inviter(monde)
    inviter(monde)

    with lier(monde.a):
        assert set(Compte.objects.filter(prenom="Jeanne").values_list("identifiant", flat=True)) == {
            "jeanne.l.hote",
            "jeanne.l.hote2",
        }


@pytest.fixture
def serveur_smtp(settings: Any) -> Iterator[list[bytes]]:
    """A real SMTP server; what it received."""
    recus: list[bytes] = []

    class Boite:
        async def handle_DATA(self, _serveur: Any, _session: Any, enveloppe: Any) -> str:  # noqa: N802
            recus.append(enveloppe.content)
            return "250 OK"

    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        libre = prise.getsockname()[1]
    ecoute = Controller(Boite(), hostname="127.0.0.1", port=libre)
    ecoute.start()
    try:
        for nom, valeur in serveur_de(f"smtp://127.0.0.1:{libre}").items():
            setattr(settings, nom, valeur)
        yield recus
    finally:
        ecoute.stop()


def test_l_invitation_part_par_un_vrai_serveur_et_son_lien_ouvre(
    monde: Monde, serveur_smtp: list[bytes]
) -> None:
    inviter(monde, courriel="jeanne@example.org")

    livrer_tout(monde)

    (recu,) = serveur_smtp
    courrier = message_from_bytes(recu, policy=policy.default)
    texte = str(courrier.get_content())
    assert courrier["To"] == "jeanne@example.org"
    assert courrier["Subject"] == "Votre accès à Treille"
    adresse = next(mot for mot in texte.split() if "/acces/" in mot)
    assert adresse.startswith("http://alpha.localhost:8000/acces/")
    assert client_de(monde.a).get(adresse.removeprefix("http://alpha.localhost:8000")).status_code == 200


def test_un_serveur_de_courriel_absent_laisse_le_message_a_livrer(monde: Monde, settings: Any) -> None:
    for nom, valeur in serveur_de("smtp://127.0.0.1:1").items():
        setattr(settings, nom, valeur)
    assert inviter(monde, courriel="jeanne@example.org").status_code == 200

    livrer_tout(monde)

    with lier(monde.a):
        message = Message.objects.get()
        assert (message.etat, message.essais) == ("a_livrer", 1)


# --- passwords -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mot_de_passe", "mot"),
    [
        ("a" * 11, "trop court"),
        ("abcdefgh123", "trop court"),
        ("x" * 129, "trop long"),
        ("aaaaaaaaaaaa", "trop connu"),
        ("motdepasse12345", "trop connu"),
        ("Password123456", "trop connu"),
        ("jeanne-aime-le-tilleul", "votre nom"),
        ("le L’HOTE du dimanche", "votre nom"),
        ("alpha-tilleul-vert-pomme", "votre nom"),
        ("abcdefghijk\x00lmnop", "impossible"),
    ],
)
def test_un_mot_de_passe_faible_est_explique(monde: Monde, mot_de_passe: str, mot: str) -> None:
    lien = lien_de(inviter(monde, nom="Lhote"))

    reponse = client_de(monde.a).post(lien, {"mot_de_passe": mot_de_passe})

    assert reponse.status_code == 422
    assert mot in reponse.content.decode()


@pytest.mark.parametrize(
    "mot_de_passe", ["quatre mots sans rapport", "x7$Kp!92vQ_z", "é" * 5 + "abcdefg", "correct horse " * 9]
)
def test_un_mot_de_passe_long_est_pris_tel_quel(monde: Monde, mot_de_passe: str) -> None:
    lien = lien_de(inviter(monde))

    assert client_de(monde.a).post(lien, {"mot_de_passe": mot_de_passe}).status_code == 302


# --- lost and forgotten ----------------------------------------------------------------------------------


def perdre(monde: Monde, par: str, qui: str, **champs: str) -> Any:
    with lier(monde.a):
        cle = compte(qui).pk
    donnees = {"piece": "cni", "mode": "presence", "motif": "Téléphone perdu", **champs}
    return client_de(monde.a, par).post(f"/equipe/{cle}/facteur", donnees)


def test_un_second_facteur_perdu_se_retrouve_par_une_personne_habilitee(monde: Monde) -> None:
    ouverte = client_de(monde.a, "awa")

    lien = lien_de(perdre(monde, "alice", "awa"))

    assert not est_connecte(ouverte)
    assert entrer(client_de(monde.a), "awa").status_code == 422  # the old code is worth nothing
    with lier(monde.a):
        assert (
            Notification.objects.filter(compte=compte("awa")).get().titre
            == "Votre second facteur a été réinitialisé"
        )
        assert Lien.objects.get().motif == "Téléphone perdu"
    client = client_de(monde.a)
    secret = s_inscrire(client, lien)
    premier(client, "awa", PHRASE)
    assert client.post("/connexion/code", {"code": code(secret, 1)}).status_code == 302


@pytest.mark.parametrize(
    ("par", "qui", "statut"),
    [
        ("idec", "awa", 200),
        ("direction", "alice", 200),
        ("alice", "idec", 422),
        ("alice", "alice", 422),
        ("accueil", "awa", 403),
    ],
)
def test_chacun_n_aide_que_ceux_qu_il_peut(monde: Monde, par: str, qui: str, statut: int) -> None:
    assert perdre(monde, par, qui).status_code == statut


def test_sans_motif_rien_n_est_reinitialise(monde: Monde) -> None:
    assert perdre(monde, "alice", "awa", motif=" ").status_code == 422
    with lier(monde.a):
        assert compte("awa").facteurs.count() == 1


def oublier(monde: Monde, identifiant: str) -> str:
    reponse = client_de(monde.a).post("/connexion/oubli", {"identifiant": identifiant})
    assert reponse.status_code == 200
    sans_jeton = reponse.content.decode()
    livrer_tout(monde)
    return sans_jeton


def donner_un_courriel(monde: Monde, identifiant: str) -> None:
    with lier(monde.a):
        Compte.objects.filter(identifiant=identifiant).update(courriel=f"{identifiant}@example.org")


def test_demander_un_mot_de_passe_ne_dit_rien_de_personne(monde: Monde) -> None:
    donner_un_courriel(monde, "alice")

    assert oublier(monde, "alice") == oublier(monde, "zzinconnue")
    assert [m.to for m in mail.outbox] == [["alice@example.org"]]


def test_le_lien_du_courriel_ne_suffit_pas_il_faut_le_second_facteur(monde: Monde) -> None:
    donner_un_courriel(monde, "alice")
    oublier(monde, "alice")
    lien = next(mot for mot in mail.outbox[0].body.split() if "/acces/" in mot).removeprefix(
        "http://alpha.localhost:8000"
    )
    client, ouverte = client_de(monde.a), client_de(monde.a, "alice")

    assert client.post(lien, {"mot_de_passe": PHRASE, "code": "000000"}).status_code == 422
    assert premier(client_de(monde.a), "alice", PHRASE).status_code == 422

    assert "est changé" in client.post(lien, {"mot_de_passe": PHRASE, "code": code()}).content.decode()
    assert premier(client_de(monde.a), "alice", PHRASE).status_code == 302
    assert not est_connecte(ouverte)
    assert client.get(lien).status_code == 404


def test_qui_n_a_pas_de_courriel_est_signale_a_sa_direction(monde: Monde) -> None:
    oublier(monde, "awa")

    assert mail.outbox == []
    with lier(monde.a):
        avis = Notification.objects.get(compte=compte("direction"))
        assert avis.titre == "Awa Essai a oublié son mot de passe"


def test_demander_pour_une_autre_ne_revoque_pas_le_lien_qu_on_lui_a_donne(monde: Monde) -> None:
    donner_un_courriel(monde, "awa")
    lien = lien_de(perdre(monde, "alice", "awa"))

    oublier(monde, "awa")

    assert client_de(monde.a).get(lien).status_code == 200


# --- the network ----------------------------------------------------------------------------------------


def test_la_commande_invite_un_operateur(monde: Monde, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("inviter_reseau", "operateur", "Odile", "Réseau", "--piece", "passeport")

    adresse = capsys.readouterr().out.split()[-1]
    assert adresse.startswith("http://localhost:8000/acces/")
    client = client_de(None)
    secret = s_inscrire(client, adresse.removeprefix("http://localhost:8000"))
    premier(client, "odile.reseau", PHRASE)
    assert client.post("/connexion/code", {"code": code(secret, 1)}).status_code == 302
    assert CompteReseau.objects.get(identifiant="odile.reseau").identite_piece == "passeport"

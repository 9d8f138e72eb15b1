"""Accounts out to a file, functions back in from one: shown first, applied as shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from plateforme.audit.models import Trace
from plateforme.habilitations.models import Reglage
from plateforme.identity.models import Compte, Session
from plateforme.tableurs import TableauIllisible, lire_csv
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde, client_de, compte


def deposer(client: Any, texte: str | bytes) -> Any:
    octets = texte.encode() if isinstance(texte, str) else texte
    return client.post(
        "/habilitations/fichiers/deposer", {"fichier": SimpleUploadedFile("comptes.csv", octets, "text/csv")}
    )


def jeton_de(reponse: Any) -> str:
    trouve = re.search(r'name="essai" value="([^"]+)"', reponse.content.decode())
    return trouve.group(1) if trouve else ""


def perimer_la_preuve() -> None:
    Session.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))


def test_l_export_dit_qui_a_quoi(monde: Monde) -> None:
    with lier(monde.a):
        Reglage.objects.create(
            role="secretariat",
            code="dossier.usager.lister",
            permis=False,
            motif="x",
            regle_par=compte("direction"),
        )
        Compte.objects.filter(identifiant="bruno").update(prenom="=cmd()", actif=False)

    reponse = client_de(monde.a, "delphine").get("/habilitations/comptes.csv")

    assert reponse.headers["Content-Type"] == "text/csv; charset=utf-8"
    lignes = reponse.content.decode("utf-8-sig").split("\r\n")
    assert lignes[0].startswith("identifiant;fonction;actif;prénom;nom")
    accueil = next(ligne for ligne in lignes if ligne.startswith("accueil;"))
    assert accueil.split(";")[1:3] == ["secretariat", "oui"]
    assert accueil.endswith(";;dossier.usager.lister")
    bruno = next(ligne for ligne in lignes if ligne.startswith("bruno;"))
    assert bruno.split(";")[2:4] == ["non", "'=cmd()"]
    assert "celia" not in reponse.content.decode()
    with lier(monde.a):
        assert Trace.objects.filter(genre="habilitations.droits.exportes").count() == 1


@pytest.mark.parametrize("qui", ["alice", "idec", "accueil", "awa", "compta"])
def test_l_export_est_ferme_aux_autres(qui: str, monde: Monde) -> None:
    assert client_de(monde.a, qui).get("/habilitations/comptes.csv").status_code == 403


def test_l_export_et_le_depot_demandent_une_preuve_fraiche(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    with lier(monde.a):
        perimer_la_preuve()

    assert client.get("/habilitations/comptes.csv").status_code == 403
    assert client.post("/habilitations/fichiers/appliquer", {"essai": "x"}).status_code == 403


def test_un_fichier_montre_puis_applique(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    awa = client_de(monde.a, "awa")
    assert awa.get("/m/").status_code == 200
    fichier = "Identifiant;Fonction;Actif;nom\nawa;secrétariat;oui;x\nbruno;;non;\nalice;responsable_secteur;;\nzoe;idec;oui;\nines;roi;;\n"

    essai = deposer(client, fichier)

    page = essai.content.decode()
    assert essai.status_code == 200
    assert "2 à changer, 1 inchangé, 2 écartés" in page
    assert "Aucun compte ne porte cet identifiant." in page
    assert "Cette fonction n’existe pas." in page
    with lier(monde.a):
        assert compte("awa").role == "intervenant"  # nothing yet
    assert client.post("/habilitations/fichiers/appliquer", {"essai": jeton_de(essai)}).status_code == 302
    with lier(monde.a):
        assert compte("awa").role == "secretariat"
        assert not compte("bruno").actif
        assert compte("ines").role == "infirmier"
        assert Trace.objects.get(genre="habilitations.droits.importes").details == {"comptes": 2}
    assert awa.get("/m/").status_code == 302  # her session is closed


def test_l_essai_ne_s_applique_qu_une_fois(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    jeton = jeton_de(deposer(client, "identifiant;fonction;actif\nawa;secretariat;\n"))
    assert client.post("/habilitations/fichiers/appliquer", {"essai": jeton}).status_code == 302

    assert client.post("/habilitations/fichiers/appliquer", {"essai": jeton}).status_code == 409


def test_un_compte_qui_a_bouge_arrete_tout(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    jeton = jeton_de(deposer(client, "identifiant;fonction;actif\nawa;secretariat;\nbruno;;non\n"))
    with lier(monde.a):
        Compte.objects.filter(identifiant="bruno").update(role="aide_soignant")

    reponse = client.post("/habilitations/fichiers/appliquer", {"essai": jeton})

    assert reponse.status_code == 409
    with lier(monde.a):
        assert compte("awa").role == "intervenant"
        assert compte("bruno").actif


def test_l_essai_d_une_autre_ou_d_ailleurs_est_refuse(monde: Monde) -> None:
    jeton = jeton_de(
        deposer(client_de(monde.a, "direction"), "identifiant;fonction;actif\nawa;secretariat;\n")
    )
    with lier(monde.a):
        Compte.objects.filter(identifiant="alice").update(role="direction")

    for client in (client_de(monde.a, "alice"), client_de(monde.b, "direction")):
        assert client.post("/habilitations/fichiers/appliquer", {"essai": jeton}).status_code == 422
    faux = jeton[:-4] + "AAAA"
    client = client_de(monde.a, "direction")
    assert client.post("/habilitations/fichiers/appliquer", {"essai": faux}).status_code == 422
    with lier(monde.a):
        assert compte("awa").role == "intervenant"


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("direction;secretariat;", "On ne change pas son propre compte."),
        ("direction;;non", "On ne change pas son propre compte."),
        ("awa;partenaire;", "ne devient pas celui d’un usager"),
        ("awa;;peut-être", "écrivez oui ou non"),
        ("awa;idec;\nawa;infirmier;", "déjà plus haut"),
    ],
)
def test_ce_que_le_fichier_ne_fait_pas(ligne: str, phrase: str, monde: Monde) -> None:
    page = deposer(client_de(monde.a, "direction"), f"identifiant;fonction;actif\n{ligne}\n")

    assert phrase in page.content.decode()


def test_la_derniere_direction_reste(monde: Monde) -> None:
    """The IDEC was given the right: she may not leave the structure without a direction."""
    with lier(monde.a):
        for code in ("habilitations.droits.importer", "habilitations.droits.exporter"):
            Reglage.objects.create(
                role="idec", code=code, permis=True, motif="x", regle_par=compte("direction")
            )
    client = client_de(monde.a, "idec")

    seul = deposer(client, "identifiant;fonction;actif\ndirection;secretariat;\n")
    relais = deposer(client, "identifiant;fonction;actif\ndirection;secretariat;\nalice;direction;\n")

    assert "doit garder un compte de direction" in seul.content.decode()
    assert jeton_de(seul) == ""
    assert client.post("/habilitations/fichiers/appliquer", {"essai": jeton_de(relais)}).status_code == 302
    with lier(monde.a):
        assert (compte("alice").role, compte("direction").role) == ("direction", "secretariat")


@pytest.mark.parametrize(
    "octets",
    [b"", b"PK\x03\x04zip", b"a\x00b", b"identifiant;actif\nawa;oui\n", b"identifiant;fonction;actif\n", b"x" * 1_100_000],
)  # fmt: skip
def test_un_fichier_illisible_dit_pourquoi(octets: bytes, monde: Monde) -> None:
    reponse = deposer(client_de(monde.a, "direction"), octets)

    assert reponse.status_code == 422


def test_le_lecteur_de_csv_rend_ce_que_l_export_a_neutralise() -> None:
    lues = lire_csv(
        "identifiant;fonction\r\n'=zoé;x\r\n\r\n'zoé';y\r\n".encode("cp1252"), ("identifiant", "fonction")
    )

    assert lues == [
        (2, {"identifiant": "=zoé", "fonction": "x"}),
        (4, {"identifiant": "'zoé'", "fonction": "y"}),
    ]
    with pytest.raises(TableauIllisible, match="3 lignes, 2 au plus"):
        lire_csv(b"a\n1\n2\n3\n", ("a",), lignes_max=2)

"""The screens: who sees them, who acts, what they say, what they keep."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile

from config.lanceur.bac_a_sable_mie.profils import bon
from plateforme.core.clock import now, today
from plateforme.faits import fait, relever
from plateforme.habilitations.decision import peut
from plateforme.identity.models import Compte, Session
from plateforme.tenancy.courant import Contexte, lier
from socles.mie.models import AdministrateurTechnique, Besoin, Carte, Certificat, ContratAns, Delegation
from socles.mie.rules import cartes
from socles.mie.services import cycle, demandes, personnes, veille
from tests.mie.fabrique import commande, en_service, installer
from tests.support.igc import Igc
from tests.support.monde import FINESS_A, FINESS_EJ, Monde, client_de, compte

QUI_LIT = ("direction", "alice", "idec", "accueil", "compta", "delphine")


def _pas_confirme(monde: Monde) -> Any:
    """Signed in for a while: the proof of identity is no longer fresh."""
    client = client_de(monde.a, "direction")
    with lier(monde.a):
        Session.objects.update(confirmee_a=None)
    return client


@pytest.mark.parametrize("qui", QUI_LIT)
def test_les_fonctions_de_bureau_lisent(qui: str, monde: Monde) -> None:
    for page in ("/mie", "/mie/cartes", "/mie/besoins", "/mie/contrat"):
        assert client_de(monde.a, qui).get(page).status_code == 200, page


@pytest.mark.parametrize("qui", ["awa", "ines"])
def test_le_terrain_ne_voit_rien(qui: str, monde: Monde) -> None:
    assert client_de(monde.a, qui).get("/mie").status_code == 403


def test_importer_demande_de_confirmer_son_identite(monde: Monde) -> None:
    page = _pas_confirme(monde).get("/mie/certificats/importer")

    assert page.status_code == 403
    assert "Conteneur PKCS#12" not in page.content.decode()


def _envoi(octets: bytes, passe: str = "sesame-2026", **autres: Any) -> dict[str, Any]:
    fichier = SimpleUploadedFile("certificat.p12", octets, "application/x-pkcs12")
    return {
        "fichier": fichier, "mot_de_passe": passe, "environnement": "TEST", "offre": "ORG", "usage": "AUTH_CLI",
        "destinations": ["DMP"], **autres,
    }  # fmt: skip


def test_du_conteneur_a_la_mise_en_service(monde: Monde, igc: Igc) -> None:
    """Import, true call, switch: three gestures of the direction, and the list says it is active."""
    client = client_de(monde.a, "direction")
    fichier = bon(igc.test.comptoir.autorite, FINESS_A)

    recu = client.post("/mie/certificats/importer", _envoi(fichier.octets))
    fiche = recu["Location"]
    assert "n’est plus" not in client.get(fiche).content.decode()
    assert "Essayer maintenant" in client.get(fiche).content.decode()
    client.post(f"{fiche}/essayer")
    assert "Mettre en service" in client.get(fiche).content.decode()
    client.post(f"{fiche}/basculer")

    with lier(monde.a):
        assert Certificat.objects.get().etat == "actif"
    assert "Treille rappellera son renouvellement" in client.get(fiche).content.decode()
    assert len(igc.test.comptoir.appels) == 1


def test_un_refus_garde_la_saisie_et_jamais_le_mot_de_passe(monde: Monde, igc: Igc) -> None:
    fichier = bon(igc.test.comptoir.autorite, FINESS_A)

    page = client_de(monde.a, "direction").post(
        "/mie/certificats/importer", _envoi(fichier.octets, "Secret-Ysengrine")
    )

    texte = page.content.decode()
    assert page.status_code == 422
    assert "Le mot de passe n’ouvre pas ce conteneur" in texte
    assert "Ysengrine" not in texte
    assert 'value="DMP"' in texte
    assert texte.count("checked") >= 2


def test_la_confirmation_ne_recopie_pas_le_mot_de_passe(monde: Monde, igc: Igc) -> None:
    page = _pas_confirme(monde).post("/mie/certificats/importer", _envoi(b"x", "Secret-Ysengrine"))

    assert page.status_code == 403

    assert "Ysengrine" not in page.content.decode()


def test_commander_puis_deposer(monde: Monde, igc: Igc) -> None:
    client = client_de(monde.a, "direction")
    recu = client.post(
        "/mie/certificats/generer",
        {
            "environnement": "TEST",
            "offre": "ORG",
            "usage": "AUTH_CLI",
            "destinations": ["INSI"],
            "cn": "INSI-AUTO",
        },
    )
    fiche = recu["Location"]
    demande = client.get(f"{fiche}/demande")
    assert demande["Content-Type"] == "application/pkcs10"
    lue = x509.load_pem_x509_csr(demande.content)
    emis = igc.test.comptoir.autorite.emettre(lue.public_key(), cn="INSI-AUTO", finess=FINESS_EJ)
    from tests.mie.test_depot import x509_pem

    pem = x509_pem(emis) + x509_pem(igc.test.comptoir.autorite.intermediaire)
    recu = client.post(f"{fiche}/deposer", {"fichier": SimpleUploadedFile("insi.pem", pem)})

    assert recu["Location"] == fiche
    assert "Essayer maintenant" in client.get(fiche).content.decode()
    rendu = client.get(f"{fiche}/certificat").content
    assert rendu.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in rendu


@pytest.mark.parametrize("cn", ["insi-auto", "INSI AUTO", "INSI-AUTO2"])
def test_un_nom_insi_mal_ecrit_est_dit_des_la_commande(cn: str, monde: Monde) -> None:
    page = client_de(monde.a, "direction").post(
        "/mie/certificats/generer",
        {"environnement": "PROD", "offre": "ORG", "usage": "AUTH_CLI", "destinations": ["INSI"], "cn": cn},
    )

    assert page.status_code == 422
    assert "doit être exactement INSI-AUTO ou INSI-MANU" in page.content.decode()


def test_l_administrateur_technique_est_une_personne_nommee(monde: Monde, igc: Igc) -> None:
    """A secretary holds nothing by function; named, she handles certificates; replaced, she does not any more."""
    with lier(monde.a):
        certificat = installer(igc)
    client = client_de(monde.a, "accueil")
    assert client.post(f"/mie/certificats/{certificat.pk}/essayer").status_code == 403

    with lier(monde.a):
        personnes.designer(compte("accueil"), "titulaire", par=compte("direction"))
    assert client.post(f"/mie/certificats/{certificat.pk}/essayer").status_code == 302
    assert client.get("/mie/certificats/importer").status_code == 200
    assert client.get("/mie/administrateur").status_code == 403

    with lier(monde.a):
        personnes.designer(compte("idec"), "titulaire", par=compte("direction"))
        assert AdministrateurTechnique.objects.filter(jusqu_au=None).count() == 1
    assert client.get("/mie/certificats/importer").status_code == 403


@pytest.mark.parametrize("qui", ["awa", "ines", "delphine"])
def test_certaines_fonctions_ne_peuvent_pas_etre_nommees(qui: str, dans_a: Contexte) -> None:
    with pytest.raises(personnes.SuiviRefuse, match="sa fonction ne le permet pas"):
        personnes.designer(compte(qui), "titulaire", par=compte("direction"))


def test_un_titre_ne_passe_pas_la_borne_de_la_fonction(dans_a: Contexte) -> None:
    """Named while secretary, then sent to the field: the title opens nothing any more."""
    qui = compte("accueil")
    personnes.designer(qui, "titulaire", par=compte("direction"))
    assert peut(compte("accueil"), "mie.certificat.importer")

    Compte.objects.filter(pk=qui.pk).update(role="intervenant")

    assert not peut(compte("accueil"), "mie.certificat.importer")


def test_deleguer_par_les_pages(monde: Monde, igc: Igc) -> None:
    with lier(monde.a):
        certificat = en_service(igc, finess=FINESS_EJ)
    client = client_de(monde.a, "direction")

    client.post(f"/mie/certificats/{certificat.pk}/deleguer", {"structure": str(monde.b.structure_id)})

    assert "SAD Beta" in client.get(f"/mie/certificats/{certificat.pk}").content.decode()
    with lier(monde.b):
        assert Certificat.objects.get().origine_cle == "deleguee"
    with lier(monde.a):
        delegation = Delegation.objects.get()
    client.post(f"/mie/delegations/{delegation.pk}/retirer")
    with lier(monde.b):
        assert Certificat.objects.get().etat == "retire"


# -- cards ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reponses", "attendu"),
    [
        ({}, "aucun"),
        ({"professionnel": True}, "aucun"),
        ({"partage": True}, "certificat"),
        ({"partage": True, "professionnel": True}, "e_cps"),
        ({"partage": True, "professionnel": True, "telephone": False}, "cps"),
        ({"partage": True, "professionnel": True, "automatique": True}, "certificat"),
    ],
)
def test_le_besoin_d_une_fonction(reponses: dict[str, bool], attendu: str) -> None:
    assert cartes.besoin(cartes.Reponses(**reponses)) == attendu


def test_du_questionnaire_au_bon_de_commande(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    client.post(
        "/mie/besoins/questionnaire",
        {
            "idec-partage": "on",
            "idec-professionnel": "on",
            "infirmier-partage": "on",
            "infirmier-professionnel": "on",
            "idec-telephone": "on",
        },
    )
    with lier(monde.a):
        assert dict(Besoin.objects.exclude(besoin="aucun").values_list("role", "besoin")) == {
            "idec": "e_cps", "infirmier": "cps",
        }  # fmt: skip
        personnes.commander(compte("idec"), "e_cps")

    tableau = client.get("/mie/besoins/bon-de-commande.csv").content.decode("utf-8-sig").splitlines()
    assert tableau == [
        "Fonction;Moyen;Personnes;Déjà en cours;À commander",
        "infirmier coordinateur;e-CPS;1;1;0",
        "infirmier;carte CPS;1;0;1",
    ]
    papier = client.get("/mie/besoins/bon-de-commande.pdf")
    texte = pypdf.PdfReader(io.BytesIO(papier.content)).pages[0].extract_text()
    assert "1 carte CPS, 0 e-CPS" in " ".join(texte.split())
    assert FINESS_EJ in texte


def test_la_vie_d_une_carte_et_ses_refus(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    with lier(monde.a):
        qui = compte("idec")
    depart = {"compte": str(qui.pk), "genre": "cps", "le": "2026-11-02"}
    assert client.post("/mie/cartes/commander", depart).status_code == 302
    assert "déjà une carte de ce genre" in client.post("/mie/cartes/commander", depart).content.decode()
    with lier(monde.a):
        carte = Carte.objects.get()
    url = f"/mie/cartes/{carte.pk}"

    assert client.post(url, {"etat": "recue", "le": "2026-11-01"}).status_code == 422
    assert client.post(url, {"etat": "recue", "le": "2026-11-10"}).status_code == 302
    assert "date d’expiration" in client.post(url, {"etat": "activee", "le": "2026-11-11"}).content.decode()
    fin = {"etat": "activee", "le": "2026-11-11", "expire_le": "2029-11-11", "numero": "2800000000"}
    assert client.post(url, fin).status_code == 302
    assert client.post(url, {"etat": "recue", "le": "2026-11-12"}).status_code == 422
    assert client.post(url, {"etat": "perdue", "le": "2026-11-20"}).status_code == 302
    with lier(monde.a):
        carte.refresh_from_db()
        assert (carte.etat, carte.numero) == ("perdue", "2800000000")


def test_le_contrat_se_suit_et_change_avec_le_representant(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    saisie = {
        "representant": "Aline Morvan",
        "numero": "14729033",
        "depose_le": "2026-07-01",
        "valide_le": "2026-06-01",
    }
    assert "avant d’être déposé" in client.post("/mie/contrat/modifier", saisie).content.decode()
    pdf = SimpleUploadedFile("contrat.pdf", b"", "application/pdf")
    assert pdf.size == 0
    assert client.post("/mie/contrat/modifier", saisie | {"valide_le": ""}).status_code == 302
    with lier(monde.a):
        assert relever()["mie.contrat_ans"].fait == 0
    assert client.post("/mie/contrat/modifier", saisie | {"valide_le": "2026-08-01"}).status_code == 302
    with lier(monde.a):
        assert relever()["mie.contrat_ans"].tenu
        assert ContratAns.objects.get().representant == "Aline Morvan"
    client.post("/mie/contrat/representant")
    with lier(monde.a):
        assert not relever()["mie.contrat_ans"].tenu
        assert ContratAns.objects.count() == 1


def test_une_boite_obtenue_a_une_adresse(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    saisie = {
        "genre": "organisation",
        "operateur": "X",
        "demandee_le": "2026-09-01",
        "obtenue_le": "2026-09-10",
        "adresse": "",
    }
    assert "Donnez l’adresse" in client.post("/mie/boites/nouvelle", saisie).content.decode()
    assert client.post("/mie/boites/nouvelle", saisie | {"adresse": "a@b.mssante.fr"}).status_code == 302
    with lier(monde.a):
        assert relever()["mie.boite_mssante"].tenu


# -- facts ---------------------------------------------------------------------------------------------------


def test_les_faits_suivent_le_certificat_de_production(monde: Monde, igc: Igc) -> None:
    def etats() -> list[bool]:
        codes = ("commandes", "installes", "testes", "valides")
        return [fait(f"mie.certificats_{code}").lire().tenu for code in codes]

    with lier(monde.a):
        assert etats() == [False] * 4
        en_service(igc)  # of test: does not count
        assert etats() == [False] * 4
        demande = demandes.generer(commande(environnement="PROD", cn="DMP"))
        assert etats() == [True, False, False, False]
        Certificat.objects.filter(pk=demande.pk).delete()
        installer(igc, environnement="PROD")
        assert etats() == [True, True, False, False]
        en_service(igc, environnement="PROD", destinations=("MSS",))
        assert etats() == [True, True, False, False]  # one of the two is not tried yet
        Certificat.objects.filter(etat="installe").delete()
        assert etats() == [True] * 4
        valides = fait("mie.certificats_valides").lire()
        assert valides.echeance in {today() + timedelta(days=1095), today() + timedelta(days=1096)}
        assert {d["environnement"] for d in valides.details} == {"PROD", "TEST"}


def test_commander_un_remplacant_ne_defait_rien(monde: Monde, igc: Igc) -> None:
    with lier(monde.a):
        ancien = en_service(igc, environnement="PROD")
        demandes.generer(demandes.comme(ancien), predecesseur=ancien)

        assert [fait(f"mie.certificats_{c}").lire().tenu for c in ("installes", "testes", "valides")] == [
            True
        ] * 3


def test_un_certificat_expire_se_voit_jusqu_a_ce_qu_on_le_remplace_ou_le_quitte(
    monde: Monde, igc: Igc
) -> None:
    with lier(monde.a):
        en_service(igc, environnement="PROD", destinations=("MSS",))
        court = en_service(igc, environnement="PROD", fin=now() + timedelta(days=1))
        with time_machine.travel(now() + timedelta(days=2)):
            veille.suivre_le_temps()
            assert not fait("mie.certificats_valides").lire().tenu
            cycle.abandonner(court.pk)
            assert fait("mie.certificats_valides").lire().tenu


def test_les_autres_faits(dans_a: Contexte) -> None:
    lus = relever()
    assert {code for code in lus if code.startswith("mie.") and lus[code].tenu} == set()
    personnes.designer(compte("accueil"), "titulaire", par=compte("direction"))
    personnes.repondre("idec", cartes.Reponses(partage=True, professionnel=True))
    personnes.suivre_le_rpps(compte("idec"), demandee_le=today(), obtenue_le=None)
    lus = relever()
    assert lus["mie.administrateur_technique"].tenu
    assert (lus["mie.rpps"].fait, lus["mie.rpps"].attendu) == (0, 1)
    personnes.suivre_le_rpps(compte("idec"), demandee_le=today(), obtenue_le=today())
    cde = personnes.commander(compte("direction"), "cde")
    personnes.faire_passer(cde.pk, "activee", le=today(), expire_le=today() + timedelta(days=1000))
    lus = relever()
    assert lus["mie.rpps"].tenu
    assert lus["mie.carte_cde"].echeance == today() + timedelta(days=1000)


def test_un_fait_ne_dit_aucun_nom(dans_a: Contexte, igc: Igc) -> None:
    en_service(igc)
    personnes.designer(compte("accueil"), "titulaire", par=compte("direction"))

    dits = str([relever()[code].details for code in relever() if code.startswith("mie.")])

    assert "Accueil" not in dits
    assert "BEGIN" not in dits


def test_la_liste_coute_un_nombre_fixe_de_requetes(
    monde: Monde, igc: Igc, django_assert_max_num_queries: Any
) -> None:
    with lier(monde.a):
        en_service(igc)
    client = client_de(monde.a, "direction")
    client.get("/mie")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as peu:
        client.get("/mie")
    with lier(monde.a):
        for _ in range(4):
            installer(igc)
    with CaptureQueriesContext(connection) as beaucoup:
        client.get("/mie")
    assert len(beaucoup) == len(peu)

"""Pages of the space, through HTTP: who opens what, papers, the neighbour’s addresses."""

import io
from typing import Any

import pypdf
import pytest

from plateforme.tenancy.courant import lier
from tenants.rgpd import queries
from tenants.rgpd.models import EvenementReseau
from tenants.rgpd.services import aipd, dpd, registre, violations
from tests.rgpd.test_violations import CONNUE
from tests.support.monde import Monde, client_de, compte


def lire(reponse: Any) -> str:
    return " ".join(reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def texte(reponse: Any) -> str:
    pages = pypdf.PdfReader(io.BytesIO(reponse.content)).pages
    return " ".join(" ".join(p.extract_text() for p in pages).replace("\u00a0", " ").split())


@pytest.fixture
def rempli(entites: Monde) -> dict[str, Any]:
    """Alpha’s space with one of each."""
    with lier(entites.a):
        direction, delphine = compte("direction"), compte("delphine")
        dpd.designer(
            direction, nature="interne", designe="Canarizéphyr", contact="dpd@exemple.test", numero_cnil="DPO-1",
            depuis=CONNUE.date(),
        )  # fmt: skip
        registre.preremplir(delphine)
        fiche = queries.registre(queries.organisme_courant())[0].fiche.pk
        analyse = aipd.ouvrir(delphine, raison="Canarizéphyr").pk
        violation = violations.ouvrir(
            delphine, connue_a=CONNUE, atteintes=["integrite"], circonstances="Canarizéphyr"
        ).pk
    return {"a": entites.a, "b": entites.b, "fiche": fiche, "analyse": analyse, "violation": violation}


def test_l_espace_dit_ou_l_on_en_est(rempli: dict[str, Any]) -> None:
    page = lire(client_de(rempli["a"], "delphine").get("/rgpd"))

    assert "Canarizéphyr" in page
    assert "0 signée sur 12" in page
    assert "Il reste 48 h pour notifier la CNIL." in page


@pytest.mark.parametrize("qui", ["alice", "idec", "awa", "accueil", "compta"])
def test_l_espace_est_ferme_aux_autres_fonctions(rempli: dict[str, Any], qui: str) -> None:
    client = client_de(rempli["a"], qui)

    for chemin in (
        "/rgpd",
        "/rgpd/registre",
        f"/rgpd/violations/{rempli['violation']}",
        "/rgpd/dictionnaire",
    ):
        assert client.get(chemin).status_code == 403


@pytest.mark.parametrize("qui", ["direction", "delphine"])
def test_les_adresses_du_voisin_ne_menent_a_rien(rempli: dict[str, Any], qui: str) -> None:
    client = client_de(rempli["b"], qui)
    fiche, analyse, violation = rempli["fiche"], rempli["analyse"], rempli["violation"]

    for chemin in (
        f"/rgpd/registre/{fiche}", f"/rgpd/registre/{fiche}/ecrire", f"/rgpd/registre/{fiche}/signer",
        f"/rgpd/registre/{fiche}/retirer", f"/rgpd/aipd/{analyse}", f"/rgpd/aipd/{analyse}/ecrire",
        f"/rgpd/aipd/{analyse}/avis", f"/rgpd/aipd/{analyse}/decision", f"/rgpd/aipd/{analyse}/pdf",
        f"/rgpd/violations/{violation}", f"/rgpd/violations/{violation}/completer",
        f"/rgpd/violations/{violation}/lignes", f"/rgpd/violations/{violation}/pdf",
    ):  # fmt: skip
        for reponse in (client.get(chemin), client.post(chemin)):
            assert reponse.status_code in (403, 404, 405), chemin
            assert "Canarizéphyr" not in reponse.content.decode()
    for chemin in ("/rgpd", "/rgpd/dpd", "/rgpd/registre", "/rgpd/aipd", "/rgpd/violations", "/"):
        assert "Canarizéphyr" not in client.get(chemin).content.decode()
    assert "Canarizéphyr" not in texte(client.get("/rgpd/registre/pdf"))


def test_le_registre_se_preremplit_se_relit_et_se_signe(entites: Monde) -> None:
    client = client_de(entites.a, "delphine")
    assert client.post("/rgpd/registre/preremplir").status_code == 302
    with lier(entites.a):
        lue = queries.registre(queries.organisme_courant())[0]
    chemin = f"/rgpd/registre/{lue.fiche.pk}"

    champs = {**lue.derniere.contenu, "bases": "", "motif": "Relue", "depuis": "1"}
    refus = client.post(f"{chemin}/ecrire", champs)
    assert (refus.status_code, "aria-invalid" in refus.content.decode()) == (422, True)
    assert client.post(f"{chemin}/ecrire", {**champs, "bases": "Contrat"}).status_code == 302
    tard = client.post(f"{chemin}/signer", {"rang": "1"})
    assert (tard.status_code, "version 2 est parue" in lire(tard)) == (422, True)
    assert client.post(f"{chemin}/signer", {"rang": "2"}).status_code == 302

    page = lire(client.get(chemin))
    assert "Signée par : délégué à la protection des données" in page
    papier = client.get("/rgpd/registre/pdf")
    assert papier["Content-Type"] == "application/pdf"
    assert "Délais d’effacement" in texte(papier)
    assert "délégué à la protection des données, le 02/03/2026" in texte(papier)


def test_un_traitement_a_soi_s_ajoute(entites: Monde) -> None:
    client = client_de(entites.a, "direction")
    rubriques = dict.fromkeys(
        ("responsable", "finalites", "bases", "personnes", "categories", "destinataires", "durees"), "Dit"
    )

    assert (
        client.post("/rgpd/registre/ajouter", {**rubriques, "intitule": "Vidéo du local"}).status_code == 302
    )
    double = client.post("/rgpd/registre/ajouter", {**rubriques, "intitule": "Vidéo du  local"})

    assert (double.status_code, "porte déjà cet intitulé" in lire(double)) == (422, True)
    assert "Vidéo du local" in lire(client.get("/rgpd/registre"))


def test_l_analyse_se_conduit_par_les_pages(entites: Monde) -> None:
    delphine, direction = client_de(entites.a, "delphine"), client_de(entites.a, "direction")
    adresse = delphine.post("/rgpd/aipd", {"raison": "Première"})["Location"]
    with lier(entites.a):
        contenu = queries.analyses(queries.organisme_courant())[0].contenu
    axes = {
        f"{r}_{a}": "limitee"
        for r in ("acces", "modification", "disparition")
        for a in ("gravite", "vraisemblance")
    }

    assert "La gravité et la vraisemblance manquent" in lire(delphine.get(adresse))
    assert delphine.post(f"{adresse}/ecrire", {**contenu, **axes}).status_code == 302
    assert direction.post(f"{adresse}/avis", {"a-avis": "favorable", "a-texte": "x"}).status_code == 403
    assert delphine.post(f"{adresse}/avis", {"a-avis": "favorable", "a-texte": "Bien."}).status_code == 302
    assert delphine.post(f"{adresse}/decision", {"d-decision": "validee"}).status_code == 403
    assert direction.post(f"{adresse}/decision", {"d-decision": "validee", "d-texte": ""}).status_code == 302

    assert "À revoir avant le 02/03/2027" in lire(direction.get(adresse))
    papier = texte(direction.get(f"{adresse}/pdf"))
    assert "Disparition de données" in papier
    assert "validée" in papier


def test_une_violation_se_tient_par_les_pages(entites: Monde) -> None:
    client = client_de(entites.a, "delphine")
    ouverture = {"jour": "2026-03-01", "heure": "10:00", "atteintes": ["confidentialite"], "circonstances": "Courriel mal adressé", "risque": "a_evaluer"}  # fmt: skip
    futur = client.post("/rgpd/violations/ouvrir", {**ouverture, "jour": "2026-03-03"})
    assert (futur.status_code, "pas encore arrivé" in lire(futur)) == (422, True)

    adresse = client.post("/rgpd/violations/ouvrir", ouverture)["Location"]

    assert "Il reste 48 h" in lire(client.get(adresse))  # 10:00 in Paris is 09:00 UTC
    ligne = {
        "l-genre": "cnil_initiale",
        "l-jour": "2026-03-02",
        "l-heure": "09:30",
        "l-reference": "CNIL-7",
        "l-texte": "",
    }
    assert client.post(f"{adresse}/lignes", ligne).status_code == 302
    refus = client.post(f"{adresse}/lignes", {**ligne, "l-genre": "cloture"})
    assert (refus.status_code, "Évaluez le risque" in lire(refus)) == (422, True)
    assert "CNIL-7" in texte(client.get(f"{adresse}/pdf"))
    assert "Violation de données n° 1" in lire(client_de(entites.a, "direction").get("/"))


def test_le_dictionnaire_se_filtre_et_part_en_tableur(entites: Monde) -> None:
    client = client_de(entites.a, "delphine")

    assert "Identité de santé" in lire(client.get("/rgpd/dictionnaire?traitement=dossier_aide&nature=nir"))
    lignes = client.get("/rgpd/dictionnaire?format=csv&nature=nir").content.decode("utf-8-sig").splitlines()
    assert lignes[0].startswith("Traitement;Table;Champ")
    assert len(lignes) == 3
    assert client.get("/rgpd/dictionnaire?traitement=rien&page=zz").status_code == 200


def test_l_operateur_signale_sans_lire_les_dossiers(rempli: dict[str, Any]) -> None:
    client = client_de(None, "denis")
    from tenants.models import Organisme

    cible = Organisme.objects.get(structures__slug="beta")
    champs = {"jour": "2026-03-02", "heure": "08:00", "organismes": [cible.pk], "atteintes": ["disponibilite"], "circonstances": "Panne", "mesures": "Reprise"}  # fmt: skip

    assert client.post("/console/violations", {**champs, "organismes": []}).status_code == 422
    assert client.post("/console/violations", champs).status_code == 302

    page = lire(client.get("/console/violations"))
    assert EvenementReseau.objects.get().reference in page
    assert "Canarizéphyr" not in page
    assert "Signalée par la plateforme" in lire(client_de(rempli["b"], "direction").get("/rgpd/violations"))
    assert "Signalée par la plateforme" not in lire(
        client_de(rempli["a"], "direction").get("/rgpd/violations")
    )

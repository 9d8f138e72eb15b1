"""Pages of the porteur and of the operator, through HTTP."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.projet.models import (
    ConsentementMembre,
    ContactRegional,
    ConventionArs,
    FinancementDeclare,
    Jalon,
    ParcoursAssistant,
    Programme,
    Revision,
    Seuil,
)
from tenants.projet.services import assistant as services
from tests.projet.conftest import Reseau, adherer, conventionner, structure
from tests.support.monde import client_de


@pytest.fixture
def porteur(reseau: Reseau) -> Any:
    return client_de(None, "paule")


@pytest.fixture
def operateur(reseau: Reseau) -> Any:
    return client_de(None, "denis")


def lire(reponse: Any) -> str:
    return " ".join(reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_le_porteur_voit_ce_qui_manque_et_la_regle_citee(reseau: Reseau, porteur: Any) -> None:
    for n in range(14):
        adherer(reseau.grappe, structure("22", n))

    page = lire(porteur.get("/grappe/projet"))

    assert "14 ESMS distincts sur 15 : il en manque 1." in page
    assert "manque 1" in page
    assert "regroupement d’ESMS d’au moins 15 structures" in page
    assert "0 sur 14" in page


def test_un_consentement_s_enregistre_par_la_page(reseau: Reseau, porteur: Any) -> None:
    adhesion = adherer(reseau.grappe, structure("22", 1))
    chemin = f"/grappe/projet/membres/{adhesion.pk}"

    refus = porteur.post(chemin, {"donne_le": "2026-02-01", "fonction": "Direction", "reference": ""})
    assert refus.status_code == 422
    assert 'value="Direction"' in refus.content.decode()  # what was typed stays
    fait = porteur.post(chemin, {"donne_le": "2026-02-01", "fonction": "Direction", "reference": "C-1"})

    assert (fait.status_code, fait["Location"]) == (302, "/grappe/projet")
    assert ConsentementMembre.objects.get().fonction == "Direction"
    assert "Enregistrer un retrait" in lire(porteur.get(chemin))


def test_deposer_montre_le_compte_fige_a_cote_de_celui_du_jour(reseau: Reseau, porteur: Any) -> None:
    adhesions = [adherer(reseau.grappe, structure("22", n)) for n in range(15)]
    for adhesion in adhesions:
        ConsentementMembre.objects.create(
            adhesion=adhesion, donne_le=date(2026, 2, 1), fonction="Direction", reference="C"
        )
    champs = {"programme": reseau.appel.pk, "depose_le": "2026-03-02", "reference": "D-1", "motif": ""}
    assert porteur.post("/grappe/projet/depot", champs).status_code == 302

    adhesions[0].structure.etat = "close"
    adhesions[0].structure.save()

    page = lire(porteur.get("/grappe/projet"))
    assert (
        "Liste figée : <strong>15 ESMS</strong>. Aujourd’hui : 14. Le compte du dépôt reste celui qui vaut."
        in page
    )


def test_sans_grappe_la_page_le_dit(monde: Any) -> None:
    porteur = client_de(None, "paule")

    for chemin in ("/grappe/projet", "/grappe/projet/depot", "/grappe/projet/cumul", "/grappe/convention"):
        assert "Aucune grappe ne vous est confiée" in lire(porteur.get(chemin))


def test_ce_qui_est_d_une_autre_grappe_est_introuvable(reseau: Reseau, porteur: Any) -> None:
    membre = adherer(reseau.autre, structure("22", 1))
    convention = conventionner(reseau.autre, reseau.appel, "C-9")
    jalon = Jalon.objects.create(
        convention=convention, libelle="Canarizéphyr", preuve_attendue="x", echeance=date(2026, 6, 1)
    )
    parcours = ParcoursAssistant.objects.create(grappe=reseau.autre, auteur_id=reseau.denis.pk)

    for chemin in (
        f"/grappe/projet/membres/{membre.pk}", f"/grappe/projet/cumul/{membre.structure_id}",
        f"/grappe/convention/{convention.pk}/jalons", f"/grappe/convention/{convention.pk}/avenant",
        f"/grappe/convention/jalons/{jalon.pk}", f"/grappe/projet/assistant/{parcours.pk}",
        f"/grappe/projet/assistant/{parcours.pk}/pdf",
    ):  # fmt: skip
        for reponse in (porteur.get(chemin), porteur.post(chemin, {"geste": "preuve"})):
            assert reponse.status_code in (404, 405), chemin
            assert "Canarizéphyr" not in reponse.content.decode()
    assert "Canarizéphyr" not in lire(porteur.get("/grappe/convention"))


def test_l_assistant_va_jusqu_au_papier(reseau: Reseau, porteur: Any) -> None:
    depart = porteur.post("/grappe/projet/assistant")
    adresse = depart["Location"]
    assert "Avez-vous un logiciel" in lire(porteur.get(adresse))

    for code, reponse in (("equipe", "non"), ("region", "53")):
        suite = porteur.post(adresse, {"question": code, "reponse": reponse})
        assert (suite.status_code, suite["Location"]) == (302, adresse)
    faute = porteur.post(adresse, {"question": "nombre", "reponse": "quinze"})
    assert faute.status_code == 422
    assert "Écrivez un nombre entier, à partir de 1." in lire(faute)
    porteur.post(adresse, {"question": "nombre", "reponse": "14"})

    fin = lire(porteur.get(adresse))
    assert "Rejoignez une grappe existante" in fin
    assert "GCS e-Santé Bretagne" in fin
    assert "Dans quelle région sont vos structures ?" in fin
    papier = porteur.get(f"{adresse}/pdf")
    assert papier["Content-Type"] == "application/pdf"
    texte = " ".join(pypdf.PdfReader(io.BytesIO(papier.content)).pages[0].extract_text().split())
    for attendu in (
        "Rejoignez une grappe existante",
        "14 ESMS",
        "ARS Bretagne",
        "réponses du 02/03/2026",
        "SONS, vague 1 médico-sociale est clos depuis le 28/02/2024",
    ):
        assert attendu in texte.replace("\u00a0", " "), attendu


def test_la_fin_gardee_ne_change_plus(reseau: Reseau, porteur: Any) -> None:
    parcours = services.commencer(reseau.paule)
    for code, reponse in (("equipe", "non"), ("region", "53"), ("nombre", "15")):
        services.repondre(reseau.paule, parcours.pk, code, reponse)
    adresse = f"/grappe/projet/assistant/{parcours.pk}"
    avant = lire(porteur.get(adresse)).split("<main")[1].split("</main>")[0]

    Seuil.objects.filter(code="continent").update(valeur=40)
    ContactRegional.objects.filter(region__code="53").update(organisme="Un autre nom")

    assert lire(porteur.get(adresse)).split("<main")[1].split("</main>")[0] == avant
    assert "15 ESMS distincts" in avant
    assert porteur.post(f"{adresse}/revenir").status_code == 422
    assert porteur.post(adresse, {"question": "nombre", "reponse": "3"}).status_code == 200
    parcours.refresh_from_db()
    assert parcours.reponses["nombre"] == "15"


def test_revenir_reprend_la_derniere_question_posee(reseau: Reseau, porteur: Any) -> None:
    parcours = services.commencer(reseau.paule)
    for code, reponse in (("equipe", "oui"), ("referencement", "reference"), ("region", "plusieurs")):
        services.repondre(reseau.paule, parcours.pk, code, reponse)

    porteur.post(f"/grappe/projet/assistant/{parcours.pk}/revenir")

    parcours.refresh_from_db()
    assert parcours.reponses == {"equipe": "oui", "referencement": "reference"}


def test_une_page_ancienne_ne_repond_pas_a_la_place_d_une_autre(reseau: Reseau, porteur: Any) -> None:
    parcours = services.commencer(reseau.paule)
    services.repondre(reseau.paule, parcours.pk, "equipe", "non")

    # Sent twice, from a page that still shows the first question.
    services.repondre(reseau.paule, parcours.pk, "equipe", "oui")

    parcours.refresh_from_db()
    assert parcours.reponses == {"equipe": "non"}


def test_la_convention_se_tient_par_les_pages(reseau: Reseau, porteur: Any) -> None:
    region = ContactRegional.objects.filter(region__code="53").first().region  # type: ignore[union-attr]
    champs = {
        "programme": reseau.appel.pk, "region": region.pk, "numero": "C-1", "signataires": "Direction\n\nPrésidence\n",
        "montant": "1 234,50 €", "signee_le": "2026-01-05", "debut": "2026-01-05", "fin": "2027-01-05",
    }  # fmt: skip
    assert porteur.post("/grappe/convention/nouvelle", champs).status_code == 302
    convention = ConventionArs.objects.get()
    assert (convention.montant, convention.signataires) == (Decimal("1234.50"), ["Direction", "Présidence"])

    pose = {"libelle": "Premier", "preuve_attendue": "PV", "echeance": "2026-02-01", "montant": "1000"}
    porteur.post(f"/grappe/convention/{convention.pk}/jalons", pose)
    page = lire(porteur.get("/grappe/convention"))
    assert "234,50 € de moins que la convention" in page
    assert "attendu le 01/02/2026" in page

    jalon = Jalon.objects.get()
    chemin = f"/grappe/convention/jalons/{jalon.pk}"
    faux = SimpleUploadedFile("pv.pdf", b"pas un pdf", content_type="application/pdf")
    assert porteur.post(chemin, {"geste": "preuve", "p-fichier": faux}).status_code == 422
    vrai = SimpleUploadedFile("pv été.txt", "reçu".encode(), content_type="text/plain")
    assert porteur.post(chemin, {"geste": "preuve", "p-fichier": vrai}).status_code == 302
    refus = porteur.post(
        chemin, {"geste": "reponse", "r-reponse": "refuse", "r-le": "2026-03-02", "r-motif": ""}
    )
    assert (refus.status_code, "Recopiez le motif" in lire(refus)) == (422, True)
    porteur.post(chemin, {"geste": "reponse", "r-reponse": "valide", "r-le": "2026-03-02", "r-motif": ""})

    jalon.refresh_from_db()
    assert jalon.etat == "valide_ars"
    rendue = porteur.get(f"/grappe/convention/preuves/{jalon.preuves.get().pk}")
    assert rendue.content.decode() == "reçu"
    assert (
        rendue["Content-Disposition"]
        == "attachment; filename=\"pv _t_.txt\"; filename*=UTF-8''pv%20%C3%A9t%C3%A9.txt"
    )


def test_le_cumul_se_declare_et_se_decide_par_la_page(reseau: Reseau, porteur: Any) -> None:
    membre = adherer(reseau.grappe, structure("22", 1)).structure_id
    chemin = f"/grappe/projet/cumul/{membre}?programme=appel-essai&objet=acquisition"
    declarer = {"geste": "declarer", "f-famille": "europeen", "f-objet": "usages", "f-obtenu_le": "2025-01-01", "f-reference": "UE-1"}  # fmt: skip

    assert porteur.post(chemin, declarer).status_code == 302
    assert "interdit" in lire(porteur.get("/grappe/projet/cumul?programme=appel-essai&objet=acquisition"))
    court = {"geste": "decider", "d-sens": "derogation", "d-rendu_le": "2026-03-01", "d-motif": "Oui.", "d-reference": "D"}  # fmt: skip
    assert porteur.post(chemin, court).status_code == 422
    porteur.post(chemin, {**court, "d-motif": "La direction remboursera le fonds européen avant juin."})

    assert "La direction a décidé de passer outre" in lire(porteur.get(chemin))
    assert FinancementDeclare.objects.count() == 1


def test_l_operateur_tient_les_programmes_avec_leur_histoire(reseau: Reseau, operateur: Any) -> None:
    ligne = Programme.objects.get(code="sons-v2")
    assert "à confirmer" in lire(operateur.get("/console/programmes"))
    chemin = f"/console/programmes/{ligne.pk}"
    champs = {
        "nom": ligne.nom, "objets": ["mise_a_niveau"], "ouvert_du": "2026-06-01", "commande_jusqu_au": "2026-05-01",
        "installation_jusqu_au": "", "citation": "", "source": "Arrêté essai",
    }  # fmt: skip

    refus = operateur.post(chemin, champs)
    assert (refus.status_code, "précède la précédente" in lire(refus)) == (422, True)
    assert operateur.post(chemin, {**champs, "commande_jusqu_au": "2027-05-31"}).status_code == 302

    ligne.refresh_from_db()
    assert ligne.commande_jusqu_au == date(2027, 5, 31)
    revision = Revision.objects.get()
    assert (revision.auteur, revision.avant["ouvert_du"], revision.apres["ouvert_du"]) == ("Denis Réseau", None, "2026-06-01")  # fmt: skip
    assert "Denis Réseau" in lire(operateur.get(chemin))
    assert operateur.post(chemin, {**champs, "commande_jusqu_au": "2027-05-31"}).status_code == 302
    assert Revision.objects.count() == 1  # nothing differed


def test_l_operateur_decrit_un_programme_et_date_un_seuil(
    reseau: Reseau, operateur: Any, porteur: Any
) -> None:
    programme = {
        "code": "sons-v3", "famille": "sons", "nom": "SONS, vague 3", "objets": ["mise_a_niveau"], "ouvert_du": "2026-03-01",
        "commande_jusqu_au": "2026-12-31", "installation_jusqu_au": "", "citation": "", "source": "Arrêté essai",
    }  # fmt: skip
    seuil = {"code": "continent", "depuis": "2026-03-02", "valeur": "12", "source": "Instruction essai"}

    assert operateur.post("/console/programmes/nouveau/programme", programme).status_code == 302
    assert operateur.post("/console/programmes/nouveau/programme", programme).status_code == 422
    assert operateur.post("/console/programmes/nouveau/seuil", seuil).status_code == 302
    assert operateur.post("/console/programmes/nouveau/seuil", seuil).status_code == 422
    assert operateur.get("/console/programmes/nouveau/rien").status_code == 404
    assert porteur.get("/console/programmes/nouveau/seuil").status_code == 403

    for n in range(12):
        adherer(reseau.grappe, structure("22", n))
    assert "12 ESMS distincts : le seuil de 12 est atteint" in lire(porteur.get("/grappe/projet"))
    assert Revision.objects.count() == 2


def test_l_annuaire_se_verifie_et_le_porteur_le_lit(reseau: Reseau, operateur: Any, porteur: Any) -> None:
    contact = ContactRegional.objects.get(region__code="53", genre="ars")
    assert len(set(ContactRegional.objects.values_list("region__code", flat=True))) == 18
    champs = {"organisme": "ARS Bretagne", "site": "https://exemple.test", "courriel": "", "telephone": "", "verifie_le": "2026-03-01", "source": "Site lu"}  # fmt: skip

    assert operateur.post(f"/console/annuaire/{contact.pk}", {**champs, "source": " "}).status_code == 422
    assert operateur.post(f"/console/annuaire/{contact.pk}", champs).status_code == 302

    page = lire(porteur.get("/grappe/annuaire?region=53"))
    assert "vérifié le 01/03/2026" in page
    assert "Modifier" not in page
    assert porteur.get(f"/console/annuaire/{contact.pk}").status_code == 403


def test_une_verification_vieillit_en_un_an(reseau: Reseau) -> None:
    contact = ContactRegional(verifie_le=date(2025, 3, 1))

    assert not contact.a_confirmer(date(2026, 3, 1))
    assert contact.a_confirmer(date(2026, 3, 2))


def test_l_operateur_voit_le_projet_de_chaque_grappe_sans_le_conduire(reseau: Reseau, operateur: Any) -> None:
    page = lire(operateur.get(f"/console/grappes/{reseau.autre.pk}/projet"))

    assert "Autre grappe" in page
    assert "Enregistrer un dépôt" not in page
    assert operateur.post("/grappe/projet/depot").status_code == 403
    assert operateur.get("/grappe/convention").status_code == 403

"""Boards in their pages: what each shows, what a neighbour gets, what they cost."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plateforme.core.clock import today
from plateforme.core.identifiers import Finess
from plateforme.reseau.models import CompteReseau, Travail
from tenants.deploiement.models import Gabarit, Mouvement, Parcours, Vague
from tenants.deploiement.services import ouvrir
from tenants.models import Adhesion, Grappe, Organisme, Profil, ProfilDate, Structure
from tests.deploiement.outils import PAULE, etat, grappe, parcours, passer, public
from tests.support.monde import Monde, client_de

MOTIF = "Aucune donnée à reprendre, service neuf."


@pytest.fixture
def sujet(monde: Monde) -> Iterator[Parcours]:
    with public():
        sienne = grappe(monde.a)
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=sienne.pk)
        yield parcours(monde.a)


@pytest.fixture
def porteur(sujet: Parcours) -> Client:
    return client_de(None, "paule")


@pytest.fixture
def direction(monde: Monde, sujet: Parcours) -> Client:
    return client_de(monde.a, "direction")


def test_la_direction_voit_ses_cinq_prochaines_actions(direction: Client) -> None:
    page = direction.get("/deploiement").content.decode()

    assert page.count('class="rang"') == 5
    assert "avant le" in page
    assert "0 étape sur 29" in page


def test_une_etape_se_marque_depuis_sa_page_et_garde_ce_qu_on_a_tape(
    direction: Client, sujet: Parcours
) -> None:
    refus = direction.post("/deploiement/etapes/besoins/faite", {"preuve": ""})

    assert refus.status_code == 422
    assert "Une référence ou une pièce est attendue." in refus.content.decode()

    fait = direction.post("/deploiement/etapes/besoins/faite", {"preuve": "Compte rendu"})

    assert (fait.status_code, fait["Location"]) == (302, "/deploiement")
    with public():
        assert etat(sujet, "besoins") == "faite"


def test_la_signature_liste_ce_qui_manque_puis_donne_son_proces_verbal(
    direction: Client, sujet: Parcours
) -> None:
    page = direction.get("/deploiement/signature").content.decode()
    assert "Il reste 15 étapes avant de pouvoir signer." in page
    assert direction.get("/deploiement/proces-verbal").status_code == 404
    with public():
        passer(sujet)

    refus = direction.post("/deploiement/signature", {"fonction": "Directrice"})
    assert refus.status_code == 422
    signee = direction.post("/deploiement/signature", {"fonction": "Directrice", "lu": "on"})
    assert signee.status_code == 302

    pv = direction.get("/deploiement/proces-verbal")
    assert pv["Content-Type"] == "application/pdf"
    assert pv.content.startswith(b"%PDF-")
    assert "En production" in direction.get("/deploiement").content.decode()


def test_une_aide_n_a_pas_cette_page(monde: Monde, sujet: Parcours) -> None:
    assert client_de(monde.a, "awa").get("/deploiement").status_code == 403


def test_la_responsable_marque_mais_ne_signe_ni_ne_deroge(monde: Monde, sujet: Parcours) -> None:
    alice = client_de(monde.a, "alice")

    assert alice.get("/deploiement").status_code == 200
    assert alice.get("/deploiement/signature").status_code == 403
    assert alice.post("/deploiement/etapes/reprise/deroger", {"motif": MOTIF}).status_code == 403


def test_sans_parcours_la_page_le_dit(monde: Monde) -> None:
    page = client_de(monde.b, "direction").get("/deploiement").content.decode()

    assert "Aucun déploiement en cours" in page


# -- the porteur -----------------------------------------------------------------------------------
def test_le_porteur_filtre_par_ce_qui_bloque(porteur: Client, sujet: Parcours) -> None:
    with public():
        passer(sujet, "dpd")

    page = porteur.get("/grappe?bloque_par=dpd").content.decode()
    assert "SAD Alpha" in page
    page = porteur.get("/grappe?bloque_par=comptes").content.decode()
    assert "Aucune structure ne répond à ces filtres." in page


def test_le_porteur_marque_ses_etapes_et_pas_celles_des_autres(porteur: Client, sujet: Parcours) -> None:
    base = f"/grappe/structures/{sujet.structure_id}/etapes"

    assert porteur.post(f"{base}/exigences", {"preuve": ""}).status_code == 302
    assert porteur.post(f"{base}/besoins", {"preuve": "CR"}).status_code == 404
    with public():
        assert (etat(sujet, "exigences"), etat(sujet, "besoins")) == ("faite", "a_faire")


def test_un_autre_porteur_ne_trouve_rien(monde: Monde, sujet: Parcours) -> None:
    with public():
        autre = Grappe.objects.create(
            nom="Autre", porteur=Organisme.objects.get(finess=Structure.objects.get(pk=sujet.structure_id).organisme.finess),
            ouverte_le=date(2026, 1, 5),
        )  # fmt: skip
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=autre.pk)
        travail = Travail.objects.create(genre="ouvertures", titre="x", demande={"grappe": str(sujet.pk)})
    voisin = client_de(None, "paule")
    structure = f"/grappe/structures/{sujet.structure_id}"

    for chemin in (structure, f"{structure}/etapes/exigences", f"/grappe/membres/{travail.pk}"):
        assert voisin.get(chemin).status_code == 404, chemin
    assert voisin.post(f"{structure}/date", {"mise_en_production": "2030-01-01"}).status_code == 404
    assert voisin.post(f"{structure}/etapes/exigences", {"preuve": "x"}).status_code == 404
    assert str(sujet.structure_id) not in voisin.get("/grappe").content.decode()
    with public():
        assert etat(sujet, "exigences") == "a_faire"


def test_une_vague_donne_sa_date_a_ses_membres(porteur: Client, sujet: Parcours) -> None:
    le = today() + timedelta(days=120)

    envoi = porteur.post(
        "/grappe/vagues",
        {"nom": "Vague 1", "mise_en_production": le.isoformat(), "structures": [str(sujet.structure_id)]},
    )

    assert envoi.status_code == 302
    with public():
        sujet.refresh_from_db()
        assert (sujet.vague, sujet.mise_en_production) == (Vague.objects.get(), le)


def test_le_comite_recoit_un_papier_et_un_tableur(porteur: Client, sujet: Parcours) -> None:
    papier, tableur = porteur.get("/grappe/copil.pdf"), porteur.get("/grappe/copil.csv")

    assert papier.content.startswith(b"%PDF-")
    lignes = tableur.content.decode("utf-8-sig").splitlines()
    assert lignes[0].startswith("Structure;Commune;Profil;Phase;Vague;Mise en production;Situation")
    assert lignes[1].startswith("SAD Alpha;Lannion;SAD aide et soins;cadrage;")
    assert len(lignes[0].split(";")) == 9 + 29


def _grandir(sienne: Grappe, combien: int, depuis: int = 0) -> None:
    organisme = Organisme.objects.first()
    for n in range(depuis, depuis + combien):
        structure = Structure.objects.create(
            organisme=organisme,
            finess=Finess.lire(_finess(n)).numero,
            raison_sociale=f"SAD {n:03d}",
            slug=f"grand-{n}",
        )
        ProfilDate.objects.create(structure=structure, depuis=date(2025, 1, 1), profil=Profil.SAAD)
        Adhesion.objects.create(grappe=sienne, structure=structure, depuis=date(2026, 1, 5))
        ouvrir.ouvrir(
            structure, type_="acquisition", mise_en_production=today() + timedelta(days=60), par=PAULE
        )


def _finess(n: int) -> str:
    from stdnum import luhn

    racine = f"2288{n:04d}"
    return racine + luhn.calc_check_digit(racine)


def test_le_tableau_coute_autant_pour_trois_que_pour_quinze(porteur: Client, sujet: Parcours) -> None:
    def requetes() -> list[dict[str, Any]]:
        with CaptureQueriesContext(connection) as vues:
            assert porteur.get("/grappe").status_code == 200
        return vues.captured_queries

    with public():
        sienne = Grappe.objects.get(nom="Grappe d’essai")
        _grandir(sienne, 2)
    requetes()
    avant = requetes()
    with public():
        _grandir(sienne, 12, depuis=10)

    assert len(requetes()) == len(avant)


# -- the operator ----------------------------------------------------------------------------------
def test_l_operateur_confirme_le_finess(sujet: Parcours) -> None:
    denis = client_de(None, "denis")
    adresse = f"/console/deploiement/{sujet.structure_id}/etapes/finess"

    assert "Confirmer les FINESS" in denis.get("/console/deploiement").content.decode()
    assert denis.post(adresse, {"preuve": "Annuaire du 22 novembre"}).status_code == 302

    with public():
        assert etat(sujet, "finess") == "faite"
        assert Mouvement.objects.filter(code="finess").get().par == "Denis Réseau, opérateur de la plateforme"


def test_un_gabarit_publie_ne_change_pas_et_sa_suite_vaut_pour_les_suivants(
    monde: Monde, sujet: Parcours
) -> None:
    denis = client_de(None, "denis")
    with public():
        publie = sujet.gabarit
    adresse = f"/console/gabarits/{publie.pk}"
    champs = {
        "titre": "Renommée", "phase": "cadrage", "ordre": "1", "responsable": "direction", "jours_avant": "10",
        "aide": "", "fait": "", "source": "",
    }  # fmt: skip

    refus = denis.post(f"{adresse}/etapes/besoins", champs)
    assert refus.status_code == 422
    assert "Cette version est publiée" in refus.content.decode()

    suite = denis.post(f"{adresse}/version")["Location"]
    assert denis.post(f"{suite}/etapes/besoins", champs).status_code == 302
    cercle = denis.post(f"{suite}/etapes/exigences", champs | {"depend_de": ["bon_de_commande"]})
    assert "Ce choix fait un cercle" in cercle.content.decode()
    assert denis.post(f"{suite}/publier", {"note": ""}).status_code == 422
    assert denis.post(f"{suite}/publier", {"note": "Une étape renommée"}).status_code == 302

    with public():
        assert publie.etapes.get(code="besoins").titre == "Décrire les besoins et l’organisation visée"
        nouveau = Gabarit.objects.get(type="acquisition", profil="domicile", version=2)
        assert parcours(monde.b).gabarit == nouveau
        sujet.refresh_from_db()
        assert sujet.gabarit == publie

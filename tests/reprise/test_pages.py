"""Who sees what of a takeover: rights, fresh proof, masked columns, traces; every gesture without a script."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dossier.models import Secteur, Usager
from dossier.reprise.models import Ligne, Reprise
from plateforme.audit.models import Trace
from plateforme.identity.models import Session
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import FICHE, texte
from tests.reprise.fabrique import INS, csv, deposer, essayer, importer
from tests.support.monde import Monde, client_de

TITRES = "Code;Civ;Nom;Prénom;Né le;Entrée;GIR;NIR;Digicode;Note libre"
FICHIER = csv(
    TITRES,
    f"1;Mme;Quéré;Anne;01/01/1940;06/02/2023;4;{INS};B2580;Confidence",
    f"2;Mme;Tanguy;Odette;31/02/1940;06/02/2023;3;{INS};A1470;Confidence",
)


def ouvrir(monde: Monde, qui: str = "alice") -> Reprise:
    with lier(monde.a):
        sujet = deposer(FICHIER, qui=qui)
        essayer(sujet, qui, ins_oid="1.2.250.1.213.1.4.10")
    return sujet


@pytest.mark.parametrize("qui", ["idec", "accueil", "compta", "delphine", "awa", "ines"])
def test_les_autres_fonctions_n_entrent_pas(monde: Monde, qui: str) -> None:
    sujet = ouvrir(monde)

    client = client_de(monde.a, qui)

    for chemin in (
        "/reprise",
        "/reprise/nouvelle",
        f"/reprise/{sujet.pk}",
        f"/reprise/{sujet.pk}/rapport.csv",
    ):
        assert client.get(chemin).status_code == 403


def test_un_responsable_ne_voit_pas_la_reprise_d_un_autre(monde: Monde) -> None:
    sujet = ouvrir(monde, "direction")

    alice = client_de(monde.a, "alice")

    assert alice.get(f"/reprise/{sujet.pk}").status_code == 404
    assert "Ancien" not in texte(alice.get("/reprise"))
    assert client_de(monde.b, "direction").get(f"/reprise/{sujet.pk}").status_code == 404


@pytest.mark.parametrize("qui", ["alice", "direction"])
def test_sante_cles_et_ins_ne_se_montrent_jamais(monde: Monde, qui: str) -> None:
    sujet = ouvrir(monde)
    client = client_de(monde.a, qui)

    pages = [
        client.get(f"/reprise/{sujet.pk}?voir=pretes"),
        client.get(f"/reprise/{sujet.pk}?voir=refusees"),
        client.get(f"/reprise/{sujet.pk}/colonnes"),
    ]
    with lier(monde.a):
        importer(sujet)
    pages += [client.get(f"/reprise/{sujet.pk}/echantillon"), client.get(f"/reprise/{sujet.pk}")]

    assert [page.status_code for page in pages] == [200] * 5
    for page in pages:
        assert not re.search(f"{INS}|B2580|A1470", page.content.decode())
    assert "renseigné" in texte(pages[3])
    if qui == "direction":
        assert all("Quéré" not in texte(page) for page in pages[2:3])  # examples are for who deposited


def test_le_rapport_rend_tout_a_qui_a_depose_et_masque_aux_autres(monde: Monde) -> None:
    sujet = ouvrir(monde)

    def rapport(qui: str) -> list[str]:
        reponse = client_de(monde.a, qui).get(f"/reprise/{sujet.pk}/rapport.csv")
        assert reponse.headers["Content-Disposition"] == 'attachment; filename="lignes-refusees.csv"'
        lignes: list[str] = reponse.content.decode("utf-8-sig").splitlines()
        return lignes

    sien, autre = rapport("alice"), rapport("direction")

    assert sien[0] == autre[0] == f"{TITRES};ligne;motif"
    assert sien[1].startswith(f"2;Mme;Tanguy;Odette;31/02/1940;06/02/2023;3;{INS};A1470;Confidence;3;")
    assert autre[1].startswith("2;Mme;Tanguy;Odette;31/02/1940;06/02/2023;masqué;masqué;masqué;masqué;3;")
    with lier(monde.a):
        assert Trace.objects.filter(genre="reprise.rapport.remis").count() == 2


@pytest.mark.parametrize("geste", ["importer", "annuler", "signer"])
def test_l_irreversible_demande_une_preuve_fraiche(monde: Monde, geste: str) -> None:
    sujet = ouvrir(monde, "direction")
    client = client_de(monde.a, "direction")
    with lier(monde.a):
        Session.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))

    reponse = client.post(f"/reprise/{sujet.pk}/{geste}")

    assert reponse.status_code == 403
    assert "Confirmez que c’est" in texte(reponse)
    with lier(monde.a):
        sujet.refresh_from_db()
        assert (sujet.etat, Usager.objects.count()) == ("essayee", 0)


def test_une_reprise_se_fait_sans_script(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    with lier(monde.a):
        Secteur.objects.create(nom="Lannion")
        Usager.objects.create(**{**FICHE, "nom_naissance": "Riou", "nom_usage": ""})
    octets = csv(
        "Code;Civ;Nom;Prénom;Né le;Entrée;Secteur",
        "1;Mme;Riou;Anne;12/03/1942;06/02/2023;Plouaret",
        "2;M;Bon;Jean;01/02/1940;06/02/2023;",
    )
    depot = client.post(
        "/reprise/nouvelle",
        {"genre": "usagers", "fichier": SimpleUploadedFile("x.csv", octets), "source": "Vieux"},
    )
    adresse = depot.headers["Location"]
    page = client.get(adresse)
    choix = dict(re.findall(r'name="(colonne_\d+)".*?value="(\w+)" selected', page.content.decode()))
    assert len(choix) == 7
    refusee = client.post(adresse, {**choix, "colonne_2": "prenoms"})
    assert refusee.status_code == 422
    assert "une seule colonne par champ" in texte(refusee)
    sujet = Reprise(pk=UUID(adresse.split("/")[2]))
    racine = f"/reprise/{sujet.pk}"

    def jouer() -> None:
        from dossier.reprise.models import Passage
        from dossier.reprise.services import passages

        with lier(monde.a):
            for passage in Passage.objects.filter(etat="en_attente"):
                passages.executer(passage.pk)

    assert client.post(adresse, choix).headers["Location"] == racine
    assert "En attente" in texte(client.get(racine))
    assert "En attente" in texte(client.get(f"{racine}/suivi"))
    jouer()
    assert client.get(f"{racine}/suivi").headers["HX-Refresh"] == "true"
    client.post(f"{racine}/secteurs", {"secteur_plouaret": "creer"})
    jouer()
    with lier(monde.a):
        ligne = Ligne.objects.get(numero=2)
    assert "Mêmes nom, prénom, naissance et sexe" in texte(client.get(racine))
    assert "Il reste un doublon" in texte(client.post(f"{racine}/importer", follow=True))
    client.post(f"{racine}/lignes/{ligne.pk}/decision", {"choix": "creer"})
    client.post(f"{racine}/importer")
    jouer()
    assert "+2" in texte(client.get(racine))
    client.post(f"{racine}/echantillon/{ligne.pk}", {"etat": "conforme"})
    assert "Il reste 1 ligne" in texte(client.post(f"{racine}/signer", follow=True))
    with lier(monde.a):
        autre = Ligne.objects.get(numero=3)
    client.post(f"{racine}/echantillon/{autre.pk}", {"etat": "conforme"})
    assert "ne s’annule plus" in texte(client.post(f"{racine}/signer", follow=True))
    with lier(monde.a):
        assert Trace.objects.filter(genre="reprise.signee").count() == 1


def test_un_fichier_abandonne_s_efface(monde: Monde) -> None:
    sujet = ouvrir(monde)

    reponse = client_de(monde.a, "alice").post(f"/reprise/{sujet.pk}/abandonner", follow=True)

    assert "son fichier effacé" in texte(reponse)
    with lier(monde.a):
        sujet.refresh_from_db()
        assert (sujet.etat, sujet.efface_a is not None) == ("annulee", True)
        assert Ligne.objects.filter(contenu__isnull=False).count() == 0


def test_l_annulation_refusee_nomme_les_fiches(monde: Monde) -> None:
    sujet = ouvrir(monde)
    with lier(monde.a):
        importer(sujet)
        usager = Usager.objects.get()
        usager.commune = "Guingamp"
        usager.save()
    client = client_de(monde.a, "alice")

    page = texte(client.get(f"/reprise/{sujet.pk}/annulation"))
    reponse = texte(client.post(f"/reprise/{sujet.pk}/annuler", follow=True))

    assert "Mme Anne Quéré, le 01/01/1940 Fiche modifiée" in page
    assert "Une fiche a été travaillée depuis l’import" in reponse

"""The *Documents* tab: who sees, who deposits, how a file comes out."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossier.models import Usager
from dossier.web.documents import dire_le_poids
from plateforme.chiffrement.trousseau import MEMOIRE
from plateforme.core.clock import now
from plateforme.storage.models import Document
from plateforme.storage.services import televerser
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import texte
from tests.storage.fichiers import image, pdf
from tests.support.monde import Monde, client_de, compte

FICHE = {"civilite": "MME", "nom_naissance": "Le Goff", "prenoms": "Anne", "ne_le": date(1942, 3, 12), "accompagne_depuis": date(2023, 2, 6)}  # fmt: skip


@pytest.fixture
def usager(monde: Monde) -> Usager:
    with lier(monde.a):
        return Usager.objects.create(**FICHE)


def deposer(client: Client, usager: Usager, nom: str, octets: bytes, **champs: Any) -> Any:
    fichier = SimpleUploadedFile(nom, octets, content_type="application/octet-stream")
    return client.post(f"/usagers/{usager.pk}/documents", {"fichier": fichier, **champs})


def un_document(
    monde: Monde, usager: Usager, *, sante: bool = False, nom: str = "Été 2026 – plan.pdf"
) -> Document:
    with lier(monde.a):
        return televerser(nom, pdf(), sujet_id=usager.pk, depose_par=compte("alice").pk, sante=sante)


def test_on_depose_on_voit_on_ouvre(monde: Monde, usager: Usager) -> None:
    client = client_de(monde.a, "idec")

    reponse = deposer(client, usager, "Ordonnance.pdf", pdf(), sante="on")

    assert reponse.status_code == 302
    page = client.get(reponse["Location"])
    assert "Ordonnance.pdf" in texte(page)
    assert "donnée de santé" in texte(page)
    with lier(monde.a):
        document = Document.objects.get()
    adresse = client.get(f"/documents/{document.pk}/ouvrir")["Location"]
    assert client.get(adresse).content == pdf()


def test_les_en_tetes_d_un_document_ouvert(monde: Monde, usager: Usager) -> None:
    document = un_document(monde, usager)
    client = client_de(monde.a, "alice")

    reponse = client.get(client.get(f"/documents/{document.pk}/ouvrir")["Location"])

    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == (
        "attachment; filename=\"_t_ 2026 _ plan.pdf\"; filename*=UTF-8''%C3%89t%C3%A9%202026%20%E2%80%93%20plan.pdf"
    )
    assert reponse["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reponse["Cache-Control"] == "no-store, private"


def test_un_nom_hostile_ne_casse_pas_l_en_tete(monde: Monde, usager: Usager) -> None:
    document = un_document(monde, usager, nom='a";\r\nSet-Cookie: x=y; é.pdf')
    client = client_de(monde.a, "alice")

    reponse = client.get(client.get(f"/documents/{document.pk}/ouvrir")["Location"])

    assert reponse.status_code == 200
    assert "Set-Cookie" not in {cle for cle, _ in reponse.items()}
    assert '"' not in re.sub(r'filename="[^"]*"', "", reponse["Content-Disposition"])


def test_une_adresse_ne_sert_ni_tard_ni_a_un_autre_ni_ailleurs(monde: Monde, usager: Usager) -> None:
    document, autre = un_document(monde, usager), un_document(monde, usager, nom="b.pdf")
    client = client_de(monde.a, "alice")
    depart = now()
    with time_machine.travel(depart, tick=False):
        adresse = client.get(f"/documents/{document.pk}/ouvrir")["Location"]
    with time_machine.travel(depart.timestamp() + 60, tick=False):
        assert client.get(adresse).status_code == 200
        assert client_de(monde.a, "idec").get(adresse).status_code == 403
        assert client.get(adresse.replace(str(document.pk), str(autre.pk))).status_code == 403
        assert client.get(adresse[:-1] + ("0" if adresse[-1] != "0" else "1")).status_code == 403
        assert client.get(re.sub(r"e=(\d+)", lambda m: f"e={int(m[1]) + 60}", adresse)).status_code == 403
    with time_machine.travel(depart.timestamp() + 62, tick=False):
        refus = client.get(adresse)
    assert refus.status_code == 403
    assert "Ce lien a expiré" in texte(refus)


@pytest.mark.parametrize(
    "suite", ["", "?e=1&s=x", "?e=²&s=é", "?e=9999999999999&s=", "?e=-1&s=a", "?e=9999999999"]
)
def test_sans_signature_rien_ne_sort(monde: Monde, usager: Usager, suite: str) -> None:
    document = un_document(monde, usager)

    assert client_de(monde.a, "alice").get(f"/documents/{document.pk}{suite}").status_code == 403


def test_un_document_de_sante_ne_s_ouvre_que_dans_une_fonction_de_soin(monde: Monde, usager: Usager) -> None:
    document = un_document(monde, usager, sante=True, nom="Oncologie.pdf")

    for personne, attendu in (("alice", 404), ("direction", 404), ("accueil", 404), ("idec", 302)):
        client = client_de(monde.a, personne)
        assert client.get(f"/documents/{document.pk}/ouvrir").status_code == attendu
        vu = "Oncologie" in texte(client.get(f"/usagers/{usager.pk}/documents"))
        assert vu is (attendu == 302)
        assert ("Oncologie" in texte(client.get(f"/usagers/{usager.pk}"))) is (attendu == 302)


def test_qui_n_est_pas_sur_le_cas_ne_trouve_rien(monde: Monde, usager: Usager) -> None:
    document = un_document(monde, usager)
    client = client_de(monde.a, "awa")

    assert client.get(f"/usagers/{usager.pk}/documents").status_code == 403
    assert client.get(f"/documents/{document.pk}/ouvrir").status_code == 404
    assert client.get(f"/documents/{document.pk}").status_code == 404


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("virus.exe", b"MZ", "ne sont pas acceptés"),
        ("photo.jpg", b"GIF89a" + bytes(20), "n’est pas celui d’un « .jpg »"),
        ("vide.pdf", b"", "vide"),
    ],
)
def test_un_refus_est_une_phrase_sous_le_champ(
    monde: Monde, usager: Usager, nom: str, octets: bytes, phrase: str
) -> None:
    reponse = deposer(client_de(monde.a, "alice"), usager, nom, octets)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    with lier(monde.a):
        assert Document.objects.count() == 0


def test_sans_fichier_on_demande_d_en_choisir_un(monde: Monde, usager: Usager) -> None:
    reponse = client_de(monde.a, "alice").post(f"/usagers/{usager.pk}/documents", {})

    assert reponse.status_code == 422
    assert "Choisissez un fichier" in texte(reponse)


def test_un_envoi_demesure_est_coupe_avant_d_etre_lu(monde: Monde, usager: Usager, settings: Any) -> None:
    settings.DOCUMENT_TAILLE_MAX = 100_000

    reponse = deposer(client_de(monde.a, "alice"), usager, "gros.txt", b"a" * 500_000)

    assert reponse.status_code == 413
    assert "trop lourd" in texte(reponse)


def test_une_photo_deposee_ressort_sans_ses_metadonnees(monde: Monde, usager: Usager) -> None:
    client = client_de(monde.a, "alice")
    deposer(client, usager, "photo.jpg", image(comment=b"CanariLieu"))
    with lier(monde.a):
        document = Document.objects.get()

    octets = client.get(client.get(f"/documents/{document.pk}/ouvrir")["Location"]).content

    assert octets[:3] == b"\xff\xd8\xff"
    assert b"CanariLieu" not in octets


def test_effacer_demande_le_droit_et_laisse_une_trace(monde: Monde, usager: Usager) -> None:
    document = un_document(monde, usager)
    assert client_de(monde.a, "accueil").post(f"/documents/{document.pk}/effacer").status_code == 403

    reponse = client_de(monde.a, "alice").post(f"/documents/{document.pk}/effacer")

    assert reponse.status_code == 302
    with lier(monde.a):
        assert Document.objects.get().etat == "efface"
    assert "Aucun document" in texte(client_de(monde.a, "alice").get(reponse["Location"]))


def test_sans_les_cles_la_page_dit_ce_qui_manque(
    monde: Monde, usager: Usager, settings: Any, tmp_path: Any
) -> None:
    document = un_document(monde, usager)
    settings.CLES_DOSSIER = str(tmp_path / "demonte")
    MEMOIRE.table.clear()
    client = client_de(monde.a, "alice")

    for adresse in (f"/usagers/{usager.pk}", f"/usagers/{usager.pk}/documents"):
        page = client.get(adresse)
        assert page.status_code == 200
        assert "Le service des clés ne répond pas" in texte(page)
    refus = client.get(client.get(f"/documents/{document.pk}/ouvrir")["Location"])
    assert refus.status_code == 503
    assert "Le planning, les transmissions et le reste fonctionnent" in texte(refus)


def test_la_page_ne_fait_pas_une_requete_de_plus_par_document(monde: Monde, usager: Usager) -> None:
    from tests.dossier.fabrique import requetes

    client = client_de(monde.a, "alice")
    un_document(monde, usager)
    seul = requetes(client, f"/usagers/{usager.pk}/documents")
    for rang in range(4):
        un_document(monde, usager, nom=f"{rang}.pdf")

    assert requetes(client, f"/usagers/{usager.pk}/documents") == seul


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (1, "1\u00a0Ko"),
        (27_800, "28\u00a0Ko"),
        (999_499, "999\u00a0Ko"),
        (1_000_000, "1,0\u00a0Mo"),
        (19_960_000, "20,0\u00a0Mo"),
    ],
)
def test_le_poids_se_dit_en_francais(octets: int, dit: str) -> None:
    assert dire_le_poids(octets) == dit

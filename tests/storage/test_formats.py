"""What is taken, what is refused, and that each refusal says how to mend it."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from plateforme.storage.erreurs import FichierRefuse
from plateforme.storage.formats import examiner, nom_propre
from tests.storage import fichiers as f


@pytest.mark.parametrize(
    ("nom", "octets", "type_reel"),
    [
        ("Plan d’aide.pdf", f.pdf(), "application/pdf"),
        ("avec un lien.pdf", f.pdf(lien=True, pages=3), "application/pdf"),
        ("photo.JPG", f.image(), "image/jpeg"),
        ("photo.jpeg", f.photo_situee(), "image/jpeg"),
        ("capture.png", f.image("PNG"), "image/png"),
        ("photo.webp", f.image("WEBP"), "image/webp"),
        ("lettre.docx", f.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("heures.xlsx", f.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("courrier.odt", f.odt(), "application/vnd.oasis.opendocument.text"),
        ("note.txt", b"Vu Mme Le Goff, tout va bien.\r\n", "text/plain"),
        ("vieux.txt", "Été à Tréguier".encode("cp1252"), "text/plain"),
        ("tableau.csv", b"nom;heures\nAwa;12\n", "text/csv"),
    ],
)
def test_les_formats_attendus_sont_pris(nom: str, octets: bytes, type_reel: str) -> None:
    examine = examiner(nom, octets)

    assert examine.type_reel == type_reel
    assert examine.nom.lower() == nom.lower()


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("vide.pdf", b"", "vide"),
        ("sans_extension", f.pdf(), "extension"),
        (".pdf", f.pdf(), "extension"),
        ("programme.exe", b"MZ" + bytes(100), "ne sont pas acceptés"),
        ("page.html", b"<html></html>", "ne sont pas acceptés"),
        ("dessin.svg", b"<svg/>", "ne sont pas acceptés"),
        ("photo.heic", b"\0\0\0\x18ftypheic", "JPEG"),
        ("photo.jpg", f.image("PNG"), "c’est en fait un «\u00a0.png\u00a0»"),
        ("photo.jpg", f.pdf(), "c’est en fait un «\u00a0.pdf\u00a0»"),
        ("lettre.pdf", f.docx(), "c’est en fait un «\u00a0.docx\u00a0»"),
        ("lettre.docx", f.xlsx(), "c’est en fait un «\u00a0.xlsx\u00a0»"),
        ("lettre.docx", f.paquet({"a.txt": b"x"}), "n’est pas celui"),
        ("lettre.pdf", b"MZ\x90\x00" + bytes(200), "n’est pas celui"),
        ("note.txt", b"<html><script>alert(1)</script></html>", "n’est pas celui"),
        ("note.txt", b"#!/bin/sh\nrm -rf /", "n’est pas celui"),
        ("note.txt", b"bin\x00aire", "n’est pas celui"),
        ("tableau.csv", f.image("PNG"), "n’est pas celui"),
    ],
)
def test_un_contenu_qui_n_est_pas_celui_du_nom_est_refuse(nom: str, octets: bytes, phrase: str) -> None:
    with pytest.raises(FichierRefuse, match=phrase) as refus:
        examiner(nom, octets)
    assert refus.value.champs == {"fichier": refus.value.message}


def test_le_poids_est_plafonne(settings: Any) -> None:
    settings.DOCUMENT_TAILLE_MAX = 1_000_000

    assert examiner("a.txt", b"a" * 1_000_000)
    with pytest.raises(FichierRefuse, match="1\u00a0Mo au plus"):
        examiner("a.txt", b"a" * 1_000_001)


@pytest.mark.parametrize(
    ("brut", "propre"),
    [
        ("C:\\Users\\Awa\\ordonnance.PDF", "ordonnance.pdf"),
        ("../../etc/ordonnance.pdf", "ordonnance.pdf"),
        ("facture\u202efdp.pdf", "facturefdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
        ("  deux   espaces .pdf", "deux espaces.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_un_nom_est_nettoye(brut: str, propre: str) -> None:
    assert nom_propre(brut) == propre


def test_une_photo_perd_son_lieu_et_se_remet_droite() -> None:
    octets = f.photo_situee()
    assert b"CanariTelephone" in octets

    rendue = examiner("photo.jpg", octets).octets

    assert b"Canari" not in rendue
    image = Image.open(io.BytesIO(rendue))
    assert len(image.getexif()) == 0
    assert image.size == (30, 40)
    assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()


@pytest.mark.parametrize("suite", [b"<script>alert(1)</script>", f.paquet({"a": b"x"}), b"MZ" + bytes(50)])
def test_ce_qui_suit_une_image_disparait(suite: bytes) -> None:
    rendue = examiner("photo.png", f.image("PNG") + suite).octets

    assert suite not in rendue
    assert not zipfile.is_zipfile(io.BytesIO(rendue))


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("geante.png", f.png_geant(), "trop grande"),
        ("coupee.jpg", f.image(taille=(400, 300))[:-200], "abîmée"),
        ("fausse.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "abîmée"),
        ("fausse.webp", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20), "abîmée"),
    ],
)
def test_une_image_piegee_est_refusee(nom: str, octets: bytes, phrase: str) -> None:
    with pytest.raises(FichierRefuse, match=phrase):
        examiner(nom, octets)


def test_une_image_animee_est_refusee() -> None:
    sortie = io.BytesIO()
    images = [Image.new("RGB", (20, 20), (n * 80, 0, 0)) for n in range(3)]
    images[0].save(sortie, "WEBP", save_all=True, append_images=images[1:])

    with pytest.raises(FichierRefuse, match="animées"):
        examiner("anime.webp", sortie.getvalue())


def test_le_plafond_de_points_se_compte_juste(settings: Any) -> None:
    settings.IMAGE_PIXELS_MAX = 1200

    assert examiner("a.png", f.image("PNG", (40, 30)))
    with pytest.raises(FichierRefuse, match="41\u00a0×\u00a030"):
        examiner("a.png", f.image("PNG", (41, 30)))


@pytest.mark.parametrize(
    "octets",
    [
        f.pdf(js=True),
        f.pdf(joint=True),
        *(
            f.pdf(action=a)
            for a in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE")
        ),
        *(f.pdf(cle=c) for c in ("/AA", "/JS", "/EmbeddedFiles", "/XFA", "/RichMedia")),
        f.pdf(action="/Launch").replace(b"/Launch", b"/L#61unch"),
    ],
)
def test_un_pdf_actif_est_refuse(octets: bytes) -> None:
    with pytest.raises(FichierRefuse, match=r"code, un formulaire actif ou un fichier joint|abîmé"):
        examiner("a.pdf", octets)


def test_un_nom_d_action_ecrit_en_hexadecimal_est_vu() -> None:
    """Same length, so that the table of the file stays right: /Launch, 7 characters, and /JS with #53."""
    octets = f.pdf(cle="/JS").replace(b"/JS", b"/#4A#53")

    with pytest.raises(FichierRefuse):
        examiner("a.pdf", octets)


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (f.pdf(motdepasse=True), "mot de passe"),
        (b"%PDF-1.7\nn'importe quoi\n%%EOF", "abîmé"),
        (f.pdf()[:-10], "abîmé"),
        (f.pdf() + b"<html><script>", "abîmé"),
        (f.pdf(pages=0), "abîmé"),
    ],
)
def test_un_pdf_ferme_ou_abime_est_refuse(octets: bytes, phrase: str) -> None:
    with pytest.raises(FichierRefuse, match=phrase):
        examiner("a.pdf", octets)


def test_un_pdf_qui_est_aussi_une_archive_est_refuse() -> None:
    octets = f.pdf()
    coupe = octets.rfind(b"%%EOF")
    polyglotte = octets[:coupe] + b"% " + f.paquet({"a": b"x"}) + b"\n" + octets[coupe:]

    with pytest.raises(FichierRefuse, match="archive cachée"):
        examiner("a.pdf", polyglotte)


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (f.docx(**{"word/gros.xml": b"\0" * 30_000_000}), "démesuré"),
        (f.zip_menteur(), "démesuré|abîmé"),
        (f.docx(**{f"word/{n}.xml": b"" for n in range(2_001)}), "démesuré|n’est pas celui"),
        (f.docx(**{"word/interne.bin": f.paquet({"a": b"x"})}), "objets incorporés"),
        (f.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (f.docx(**{"word/embeddings/o.xlsx": b"x"}), "macros"),
        (f.docx(**{"word/media/x.bin": b"\xd0\xcf\x11\xe0" + bytes(50)}), "macros"),
        (f.docx(**{"../../x.xml": b"x"}), "abîmé"),
        (f.docx(**{"/etc/x.xml": b"x"}), "abîmé"),
        (
            f.docx(
                **{
                    "word/_rels/settings.xml.rels": b'<Relationship Id="1" Type="http://x/attachedTemplate" '
                    b'Target="http://exemple.test/m.dotm" TargetMode="External"/>'
                }
            ),
            "chercher des éléments ailleurs",
        ),
        (f.docx() + b"suite", "abîmé|n’est pas celui"),
        (f.docx()[:-30], "n’est pas celui|abîmé"),
    ],
)
def test_un_document_de_bureau_piege_est_refuse(octets: bytes, phrase: str) -> None:
    with pytest.raises(FichierRefuse, match=phrase):
        examiner("a.docx", octets)


def test_un_lien_ordinaire_dans_un_document_est_accepte() -> None:
    relation = b'<Relationship Id="1" Type="http://x/hyperlink" Target="https://www.ameli.fr" TargetMode="External"/>'

    assert examiner("a.docx", f.docx(**{"word/_rels/document.xml.rels": relation}))


def test_une_archive_devant_laquelle_on_a_mis_autre_chose_est_refusee() -> None:
    with pytest.raises(FichierRefuse):
        examiner("a.docx", b"MZ" + f.docx())


def test_une_entree_chiffree_est_refusee() -> None:
    octets = bytearray(f.docx())
    for marque, decalage in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        rang = octets.find(marque)
        octets[rang + decalage] |= 1

    with pytest.raises(FichierRefuse, match="mot de passe"):
        examiner("a.docx", bytes(octets))

"""Files made here: good ones, and those nobody should send."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

# The standard test signature, cut in two so that this file is not taken for it.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)


def image(genre: str = "JPEG", taille: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", taille, (200, 30, 30)).save(sortie, genre, **options)
    return sortie.getvalue()


def photo_situee() -> bytes:
    """A JPEG with the place and the name of the phone, as they come."""
    exif = Image.Exif()
    exif[0x010F] = "CanariTelephone"
    exif[0x0112] = 6  # turned
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 43.0, 57.0)
    return image(exif=exif, comment=b"CanariCommentaire")


def pdf(*, pages: int = 1, **actif: Any) -> bytes:
    """``js``, ``ouverture``, ``joint``, ``lien``, ``motdepasse``: what to add."""
    ecrivain = PdfWriter()
    for _ in range(pages):
        ecrivain.add_blank_page(200, 200)
    if "js" in actif:
        script = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
        ecrivain.root_object[NameObject("/OpenAction")] = ecrivain._add_object(DictionaryObject(script))
    if "joint" in actif:
        ecrivain.add_attachment("joint.txt", b"joint")
    if "lien" in actif:
        ecrivain.add_annotation(0, Link(rect=(0, 0, 50, 50), url="https://www.service-public.fr"))
    if "action" in actif:
        action = DictionaryObject(
            {NameObject("/S"): NameObject(actif["action"]), NameObject("/F"): TextStringObject("calc.exe")}
        )
        ecrivain.root_object[NameObject("/OpenAction")] = ecrivain._add_object(action)
    if "cle" in actif:
        ecrivain.root_object[NameObject(actif["cle"])] = DictionaryObject()
    if "motdepasse" in actif:
        ecrivain.encrypt("secret", algorithm="AES-256")
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def paquet(entrees: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", compression) as ecrit:
        for nom, contenu in entrees.items():
            ecrit.writestr(nom, contenu)
    return sortie.getvalue()


def docx(**entrees: bytes) -> bytes:
    return paquet({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w:document/>", **entrees})


def xlsx(**entrees: bytes) -> bytes:
    return paquet({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": b"<workbook/>", **entrees})


def odt() -> bytes:
    return paquet({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"})


def png_geant(cote: int = 60_000) -> bytes:
    """A header that announces billions of points, in a hundred bytes."""

    def morceau(genre: bytes, contenu: bytes) -> bytes:
        return (
            struct.pack(">I", len(contenu)) + genre + contenu + struct.pack(">I", zlib.crc32(genre + contenu))
        )

    entete = struct.pack(">IIBBBBB", cote, cote, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + morceau(b"IHDR", entete)
        + morceau(b"IDAT", zlib.compress(b"\0" * 1000))
        + morceau(b"IEND", b"")
    )


def zip_menteur() -> bytes:
    """A docx whose table says its entry is small: what is counted is what comes out."""
    octets = bytearray(docx(**{"word/gros.xml": b"\0" * 30_000_000}))
    taille = struct.pack("<I", 30_000_000)
    while (rang := octets.find(taille)) >= 0:
        octets[rang : rang + 4] = struct.pack("<I", 1000)
    return bytes(octets)

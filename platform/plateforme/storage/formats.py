"""What a file really is, read from its bytes: the name proposes, the content decides, everything else is refused."""

import io
import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings

from plateforme.storage import bureautique, images, pdf
from plateforme.storage.erreurs import FichierRefuse

PDF = "application/pdf"
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
TEXTE, CSV = "text/plain", "text/csv"

TYPES = {
    "pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "png": PNG, "webp": WEBP, "docx": DOCX, "xlsx": XLSX, "odt": ODT,
    "txt": TEXTE, "csv": CSV,
}  # fmt: skip
EXTENSION = {
    PDF: "pdf",
    JPEG: "jpg",
    PNG: "png",
    WEBP: "webp",
    DOCX: "docx",
    XLSX: "xlsx",
    ODT: "odt",
    TEXTE: "txt",
    CSV: "csv",
}
ACCEPTES = "PDF, photo (JPEG, PNG, WebP), Word, Excel, OpenDocument ou texte"
_NOM_MAX = 150
# Controls, and the characters that turn the reading direction round to hide an extension.
_INVISIBLES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Examine:
    """A file that may be kept: a clean name, its true type, bytes made safe."""

    nom: str
    type_reel: str
    octets: bytes


def nom_propre(brut: str) -> str:
    """Last step of the path, without what does not show. Raises FichierRefuse when nothing is left."""
    dernier = re.split(r"[/\\]", unicodedata.normalize("NFC", brut))[-1]
    visible = "".join(c for c in dernier if unicodedata.category(c) not in _INVISIBLES)
    nom = " ".join(visible.split()).strip(". ")
    racine, point, extension = nom.rpartition(".")
    if not point or not racine.strip() or not extension.isalnum():
        raise FichierRefuse(
            "Ce fichier n’a pas de nom complet\u00a0: donnez-lui un nom et son extension, par exemple « ordonnance.pdf »."
        )
    return f"{racine.strip()[: _NOM_MAX - len(extension) - 1]}.{extension.lower()}"


def examiner(nom: str, octets: bytes) -> Examine:
    """Raises FichierRefuse, with how to mend it."""
    nom = nom_propre(nom)
    extension = nom.rpartition(".")[2]
    if not octets:
        raise FichierRefuse(
            "Ce fichier est vide\u00a0: vérifiez qu’il s’ouvre sur votre appareil, puis recommencez."
        )
    if len(octets) > settings.DOCUMENT_TAILLE_MAX:
        raise FichierRefuse(
            f"Ce fichier est trop lourd\u00a0: {settings.DOCUMENT_TAILLE_MAX // 1_000_000}\u00a0Mo au plus. "
            "Réduisez-le, ou déposez-le en plusieurs parties."
        )
    if extension in {"heic", "heif"}:
        raise FichierRefuse(
            "Les photos HEIC de l’iPhone ne sont pas lues partout\u00a0: envoyez-la en JPEG "
            "(Réglages, Appareil photo, Formats, « Le plus compatible »)."
        )
    voulu = TYPES.get(extension)
    if voulu is None:
        raise FichierRefuse(
            f"Les fichiers «\u00a0.{extension}\u00a0» ne sont pas acceptés\u00a0: {ACCEPTES}."
        )
    reel = deviner(octets)
    if reel != voulu and not (reel == TEXTE and voulu == CSV):
        raise FichierRefuse(
            f"Le contenu de ce fichier n’est pas celui d’un «\u00a0.{extension}\u00a0»"
            f"{_dire(reel, octets)}\u00a0: enregistrez-le de nouveau dans le bon format. Acceptés\u00a0: {ACCEPTES}."
        )
    return Examine(nom, voulu, _assainir(voulu, octets))


def deviner(octets: bytes) -> str:
    """Type by content, "" when it is none of those accepted."""
    if octets.startswith(b"%PDF-"):
        return PDF
    if octets.startswith(b"\xff\xd8\xff"):
        return JPEG
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if octets[:4] == b"RIFF" and octets[8:12] == b"WEBP":
        return WEBP
    if octets.startswith(b"PK\x03\x04"):
        return {"docx": DOCX, "xlsx": XLSX, "odt": ODT}.get(bureautique.genre(octets), "")
    return TEXTE if _est_du_texte(octets) else ""


def _est_du_texte(octets: bytes) -> bool:
    """Printable, in UTF-8 or in the Windows page, and not the start of something a program would run."""
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            texte = octets.decode("cp1252")
        except UnicodeDecodeError:
            return False
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in texte):
        return False
    tete = texte[:4096].lower()
    return not re.search(
        r"<(!doctype|html|svg|script|\?xml|\?php|iframe|body)|^#!|%pdf-|^mz|^gif8|^\s*from:.*\nto:", tete
    )


def _dire(reel: str, octets: bytes) -> str:
    """« (c’est en fait un .png) » when one can tell."""
    connue = EXTENSION.get(reel, "") or _selon_puremagic(octets)
    return f" (c’est en fait un «\u00a0.{connue}\u00a0»)" if connue else ""


def _selon_puremagic(octets: bytes) -> str:
    import puremagic

    try:
        return str(puremagic.from_string(octets[:8192])).lstrip(".")[:8]
    except (puremagic.PureError, ValueError):
        return ""


def _assainir(type_reel: str, octets: bytes) -> bytes:
    if type_reel in (JPEG, PNG, WEBP):
        return images.reencoder(octets, type_reel)
    if type_reel in (DOCX, XLSX, ODT):
        bureautique.verifier(octets)
        return octets
    _refuser_un_second_fichier(octets)
    if type_reel == PDF:
        pdf.verifier(octets)
    return octets


def _refuser_un_second_fichier(octets: bytes) -> None:
    """A polyglot: also a zip for who opens it as one."""
    import zipfile

    if zipfile.is_zipfile(io.BytesIO(octets)):
        raise FichierRefuse(
            "Ce fichier en contient un second, une archive cachée à sa suite\u00a0: "
            "enregistrez-le de nouveau depuis le logiciel qui l’a fait."
        )

"""Word, Excel and OpenDocument files are zips: opened with limits, never trusted on what they declare."""

import io
import re
import zipfile

from plateforme.storage.erreurs import FichierRefuse

ENTREES_MAX = 2_000
CLAIR_MAX = 200_000_000
RAPPORT_MAX = 120
_RAPPORT_DES = 1_000_000
_RELATION_DEHORS = re.compile(
    rb"<Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE
)
_ABIME = (
    "Ce document est abîmé\u00a0: ouvrez-le dans son logiciel, enregistrez-en une copie, puis recommencez."
)
_MACROS = "Ce document contient des macros ou des objets incorporés\u00a0: enregistrez-le sans eux, ou exportez-le en PDF."


def _ouvrir(octets: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(octets))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as erreur:
        raise FichierRefuse(_ABIME) from erreur


def genre(octets: bytes) -> str:
    """docx, xlsx, odt, or "" for any other zip. Reads names only."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as paquet:
            noms = set(paquet.namelist()[: ENTREES_MAX + 1])
            if "[Content_Types].xml" in noms:
                return "docx" if "word/document.xml" in noms else "xlsx" if "xl/workbook.xml" in noms else ""
            if {"mimetype", "content.xml"} <= noms and paquet.getinfo("mimetype").file_size < 100:
                voulu = b"application/vnd.oasis.opendocument.text"
                return "odt" if paquet.read("mimetype") == voulu else ""
    except (zipfile.BadZipFile, ValueError, KeyError, NotImplementedError, RuntimeError, OSError):
        return ""
    return ""


def verifier(octets: bytes) -> None:
    """Raises FichierRefuse: bomb, nested archive, macros, links outside, something before or after the zip."""
    with _ouvrir(octets) as paquet:
        fiches = paquet.infolist()
        _verifier_la_table(octets, paquet, fiches)
        reste = CLAIR_MAX
        for fiche in fiches:
            reste -= _verifier_l_entree(paquet, fiche, reste)


def _verifier_la_table(octets: bytes, paquet: zipfile.ZipFile, fiches: list[zipfile.ZipInfo]) -> None:
    noms = [fiche.filename for fiche in fiches]
    # Overlapping entries, the cheapest bomb: together they would be larger than the file.
    entassees = sum(fiche.compress_size for fiche in fiches) > len(octets)
    # zipfile forgives what comes before or after; a file that is two files is refused.
    premiere = min((fiche.header_offset for fiche in fiches), default=-1)
    fin = octets.rfind(b"PK\x05\x06")
    if len(noms) > ENTREES_MAX or len(set(noms)) != len(noms) or entassees:
        raise FichierRefuse(
            "Ce document se déplie en un contenu démesuré\u00a0: il n’a pas été gardé. Exportez-le en PDF."
        )
    if premiere != 0 or paquet.comment or fin + 22 != len(octets):
        raise FichierRefuse(_ABIME)
    for nom in noms:
        if nom.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", nom) or "\x00" in nom:
            raise FichierRefuse(_ABIME)
        if re.search(
            r"(vbaProject|activeX|oleObject|embeddings/|macrosheets/|^Basic/|^Scripts/|^Object)",
            nom,
            re.IGNORECASE,
        ):
            raise FichierRefuse(_MACROS)


def _verifier_l_entree(paquet: zipfile.ZipFile, fiche: zipfile.ZipInfo, reste: int) -> int:
    """Unfold one entry by pieces, counting what really comes out. Returns its size."""
    if fiche.flag_bits & 1:
        raise FichierRefuse(
            "Ce document est protégé par un mot de passe\u00a0: enregistrez-le sans mot de passe."
        )
    vus, tete, relations = 0, b"", b""
    try:
        with paquet.open(fiche) as entree:
            while bloc := entree.read(65_536):
                tete = tete or bloc[:8]
                vus += len(bloc)
                if vus > reste or (vus > _RAPPORT_DES and vus > RAPPORT_MAX * max(1, fiche.compress_size)):
                    raise FichierRefuse(
                        "Ce document se déplie en un contenu démesuré\u00a0: il n’a pas été gardé. Exportez-le en PDF."
                    )
                if fiche.filename.endswith(".rels"):
                    relations += bloc
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, OSError, EOFError) as erreur:
        raise FichierRefuse(_ABIME) from erreur
    except Exception as erreur:
        if type(erreur).__module__ in {"zlib", "lzma", "_lzma", "bz2"}:
            raise FichierRefuse(_ABIME) from erreur
        raise
    if tete.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"MZ")):
        raise FichierRefuse(_MACROS)
    if fiche.filename == "[Content_Types].xml" and b"macroEnabled" in tete:
        raise FichierRefuse(_MACROS)
    for relation in _RELATION_DEHORS.findall(relations):
        # A link a person clicks is fine; a template, a picture or an object fetched by opening the file is not.
        if b"/hyperlink" not in relation:
            raise FichierRefuse(
                "Ce document va chercher des éléments ailleurs\u00a0: exportez-le en PDF, puis déposez le PDF."
            )
    return vus

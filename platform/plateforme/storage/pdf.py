"""A PDF is kept when it only shows pages: nothing that runs, opens a program, sends a form or carries another file."""

import io
import logging
from typing import Any

from plateforme.storage.erreurs import FichierRefuse

OBJETS_MAX = 60_000
_PROFONDEUR = 40
# Keys whose mere presence means something active. Names are decoded by the parser: « /J#61vaScript » is seen.
_CLES = {
    "/JS",
    "/JavaScript",
    "/AA",
    "/Launch",
    "/EmbeddedFiles",
    "/EmbeddedFile",
    "/RichMedia",
    "/XFA",
    "/EF",
}
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/RichMediaExecute",
}
_GENRES = {"/EmbeddedFile", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen", "/FileAttachment"}
_ABIME = "Ce PDF est abîmé\u00a0: ouvrez-le, imprimez-le «\u00a0en PDF\u00a0», puis déposez la copie."
_ACTIF = (
    "Ce PDF contient du code, un formulaire actif ou un fichier joint\u00a0: "
    "ouvrez-le, imprimez-le «\u00a0en PDF\u00a0», puis déposez la copie."
)


def verifier(octets: bytes) -> None:
    """Raises FichierRefuse. Every object of the file is looked at, reachable or not."""
    fin = octets.rfind(b"%%EOF")
    if fin < 0 or octets[fin + 5 :].strip(b"\r\n\t \x00\x1a"):
        raise FichierRefuse(_ABIME)
    try:
        _lire(octets)
    except FichierRefuse:
        raise
    except RecursionError as erreur:
        raise FichierRefuse(_ABIME) from erreur
    except Exception as erreur:  # a parser fed with anything: whatever it says, the file is not kept
        raise FichierRefuse(_ABIME) from erreur


def _lire(octets: bytes) -> None:
    from pypdf import PdfReader

    journal = logging.getLogger("pypdf")
    niveau = journal.level
    journal.setLevel(logging.CRITICAL)  # it may quote what it reads
    try:
        lecteur = PdfReader(io.BytesIO(octets), strict=False)
        if lecteur.is_encrypted:
            raise FichierRefuse(
                "Ce PDF est protégé par un mot de passe\u00a0: enregistrez-le sans mot de passe."
            )
        if not len(lecteur.pages):
            raise FichierRefuse(_ABIME)
        numeros = {(n, g) for g, table in lecteur.xref.items() for n in table}
        numeros |= {(n, 0) for n in lecteur.xref_objStm}
        if len(numeros) > OBJETS_MAX:
            raise FichierRefuse(
                "Ce PDF est trop complexe\u00a0: imprimez-le «\u00a0en PDF\u00a0», puis déposez la copie."
            )
        _examiner(lecteur.trailer, 0)
        for numero, generation in numeros:
            _examiner(_objet(lecteur, numero, generation), 0)
    finally:
        journal.setLevel(niveau)


def _objet(lecteur: Any, numero: int, generation: int) -> Any:
    from pypdf.generic import IndirectObject

    return IndirectObject(numero, generation, lecteur).get_object()


def _examiner(objet: Any, profondeur: int) -> None:
    """Direct content of one object; what it refers to is looked at for itself."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    if profondeur > _PROFONDEUR:
        raise FichierRefuse(_ABIME)
    if isinstance(objet, DictionaryObject):
        if _CLES & objet.keys():
            raise FichierRefuse(_ACTIF)
        for cle, interdits in (("/S", _ACTIONS), ("/Type", _GENRES), ("/Subtype", _GENRES)):
            if str(dict.get(objet, cle)) in interdits:
                raise FichierRefuse(_ACTIF)
        for valeur in dict.values(objet):
            if not isinstance(valeur, IndirectObject):
                _examiner(valeur, profondeur + 1)
    elif isinstance(objet, ArrayObject):
        for valeur in list.__iter__(objet):
            if not isinstance(valeur, IndirectObject):
                _examiner(valeur, profondeur + 1)

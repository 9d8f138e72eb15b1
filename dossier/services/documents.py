"""Documents of a dossier: who may is decided here, how they are kept is the storage's."""

from typing import Any
from uuid import UUID

from dossier import queries
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.storage import services as stockage
from plateforme.storage.models import Document


def deposer_document(acteur: Any, usager_id: UUID, *, nom: str, octets: bytes, sante: bool) -> Document:
    """Raises: Introuvable, FichierRefuse with how to mend it, CleIndisponible."""
    exiger(acteur, "dossier.document.deposer")
    queries.exiger_usager(acteur, usager_id)
    return stockage.televerser(nom, octets, sujet_id=usager_id, depose_par=acteur.pk, sante=sante)


def ouvrir_document(acteur: Any, cle: UUID) -> tuple[Document, bytes]:
    """The bytes, traced. Raises: Introuvable, EnQuarantaine, DocumentFerme, CleIndisponible."""
    exiger(acteur, "dossier.document.voir")
    document = document_visible(acteur, cle)
    return document, stockage.lire(document)


def effacer_document(acteur: Any, cle: UUID) -> Document:
    exiger(acteur, "dossier.document.effacer")
    document = document_visible(acteur, cle)
    stockage.effacer(document, par=acteur.pk)
    return document


def document_visible(acteur: Any, cle: UUID) -> Document:
    document = queries.document(acteur, cle)
    if document is None:
        raise Introuvable
    return document

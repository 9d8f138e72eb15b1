"""Documents of dossiers: open with the dossier, health ones where this reader gives care."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from dossier.queries.acces import usagers_en_sante, usagers_visibles
from plateforme.storage.models import Document, EtatDocument


def _sans_la_sante_fermee(compte: Any) -> Q:
    return Q(sante=False) | Q(sujet_id__in=usagers_en_sante(compte).values("pk"))


def documents_lisibles(compte: Any, usager_id: UUID) -> list[Document]:
    """Those of one person, newest first, erased ones apart. One query.

    The caller has checked that the dossier is open to this account.
    """
    lignes = Document.objects.filter(_sans_la_sante_fermee(compte), sujet_id=usager_id)
    return list(lignes.exclude(etat=EtatDocument.EFFACE).order_by("-depose_a", "-pk"))


def document(compte: Any, cle: UUID) -> Document | None:
    """None looks the same for unknown, of another structure, not on the case, and health out of one's function."""
    lignes = Document.objects.filter(pk=cle, sujet_id__in=usagers_visibles(compte).values("pk"))
    return lignes.filter(_sans_la_sante_fermee(compte)).first()

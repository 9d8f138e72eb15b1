"""Take a file in, give it back, erase it. Who may is decided by the domain that asks."""

import contextlib
import hashlib
import os
import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre, flux, sujets
from plateforme.chiffrement.erreurs import CleDetruite, ScelleInvalide
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.outbox.models import Message
from plateforme.outbox.services import consommer, publier
from plateforme.storage import antivirus
from plateforme.storage.erreurs import DocumentFerme, EnQuarantaine
from plateforme.storage.formats import examiner
from plateforme.storage.models import Document, EtatDocument
from plateforme.storage.objets import cle as cle_d_objet
from plateforme.storage.objets import magasin

DEPOSE = "storage.document.depose"
EFFACE = "storage.document.efface"


def _usage(document_id: UUID) -> str:
    return f"storage.document.contenu:{document_id}"


def _porteur(sujet_id: UUID | None, *, creer: bool) -> Any:
    """Who seals the key of a document: the usager's key, else the structure's."""
    return sujets.cle_de(sujet_id, creer=creer) if sujet_id is not None else coffre


def televerser(
    nom: str, octets: bytes, *, sujet_id: UUID | None, depose_par: UUID | None, sante: bool = True
) -> Document:
    """Examine, seal, store. In quarantine until the antivirus has spoken, when there is one.

    Raises: FichierRefuse, CleIndisponible, Indisponible. The object is written before the row: a failure in between
    leaves sealed bytes nobody has the key of.
    """
    fichier = examiner(nom, octets)
    pk, cle = uuid7(), os.urandom(32)
    document = Document(
        id=pk,
        sujet_id=sujet_id,
        nom=fichier.nom,
        empreinte=hashlib.sha256(fichier.octets).hexdigest(),
        type_reel=fichier.type_reel,
        taille=len(fichier.octets),
        objet=f"documents/{secrets.token_hex(20)}",
        etat=EtatDocument.QUARANTAINE if antivirus.est_branche() else EtatDocument.SAIN,
        sante=sante,
        depose_par=depose_par,
    )
    with transaction.atomic():
        document.cle = _porteur(sujet_id, creer=True).sceller(cle, _usage(pk))
        document.save(force_insert=True)
        publier(DEPOSE, f"document:{pk}", {"document": str(pk)})
        noter(DEPOSE, sujets=[sujet_id] if sujet_id else [], document=str(pk), type=fichier.type_reel)
        magasin().ecrire(cle_d_objet(document.objet), flux.sceller(cle, fichier.octets, _usage(pk)))
    return document


def contenu(document: Document) -> bytes:
    """Bytes in clear, without asking anything. Raises ScelleInvalide, CleDetruite, CleIndisponible, Introuvable."""
    if document.cle is None:
        raise DocumentFerme
    porteur = _porteur(document.sujet_id, creer=False)
    cle = porteur.ouvrir(bytes(document.cle), _usage(document.pk))
    return flux.ouvrir(cle, magasin().lire(cle_d_objet(document.objet)), _usage(document.pk))


def lire(document: Document) -> bytes:
    """For a person: traced before anything is given. Raises EnQuarantaine, DocumentFerme, and those of ``contenu``."""
    if document.etat == EtatDocument.QUARANTAINE:
        raise EnQuarantaine
    if not document.lisible:
        raise DocumentFerme
    with transaction.atomic():
        noter(
            "storage.document.lu",
            sujets=[document.sujet_id] if document.sujet_id else [],
            document=str(document.pk),
            sante=document.sante,
        )
    return contenu(document)


def effacer(document: Document, *, par: UUID | None) -> None:
    """The key now, the object soon: the row stays to say that something was there. Repeated: nothing more."""
    with transaction.atomic():
        ligne = Document.objects.select_for_update().get(pk=document.pk)
        if ligne.etat == EtatDocument.EFFACE:
            return
        ligne.etat, ligne.efface_par, ligne.efface_a = EtatDocument.EFFACE, par, now()
        _vider(ligne)
        noter(EFFACE, sujets=[ligne.sujet_id] if ligne.sujet_id else [], document=str(ligne.pk))


def _vider(ligne: Document) -> None:
    ligne.cle, ligne.nom, ligne.empreinte = None, None, None
    ligne.save()
    publier(EFFACE, f"document:{ligne.pk}", {"objet": ligne.objet})


def _juger(message: Message) -> None:
    """Consumer of the outbox: tried again until the antivirus answers; until then nobody opens the document."""
    document = Document.objects.select_for_update().filter(pk=UUID(message.contenu["document"])).first()
    if document is None or document.etat != EtatDocument.QUARANTAINE:
        return
    trouve = ""
    try:
        trouve = antivirus.controler(contenu(document))
        document.etat = EtatDocument.INFECTE if trouve else EtatDocument.SAIN
    except (ScelleInvalide, CleDetruite, Introuvable):
        document.etat = EtatDocument.ILLISIBLE
    noter(
        "storage.document.juge",
        sujets=[document.sujet_id] if document.sujet_id else [],
        document=str(document.pk),
        etat=document.etat,
    )
    if trouve:
        _vider(document)
    else:
        document.save(update_fields=["etat"])


def _retirer_l_objet(message: Message) -> None:
    magasin().supprimer(cle_d_objet(message.contenu["objet"]))


def noms_de(documents: list[Document], sujet_id: UUID) -> dict[UUID, str]:
    """Names of documents of one usager, by one reading of the key. Raises CleIndisponible."""
    noms: dict[UUID, str] = {}
    champ: Any = Document._meta.get_field("nom")
    with contextlib.suppress(CleDetruite):
        cle = sujets.cle_de(sujet_id, creer=False)
        for document in documents:
            scelle = document.__dict__.get("nom")
            if scelle is not None:
                noms[document.pk] = cle.ouvrir(bytes(scelle), champ.usage(document)).decode()
    return noms


def brancher() -> None:
    from plateforme.chiffrement.rescellement import inscrire_rescellement

    consommer("storage.antivirus", DEPOSE, _juger)
    consommer("storage.effacement", EFFACE, _retirer_l_objet)
    inscrire_rescellement("storage.document", _resceller)


def _resceller(lot: int) -> int:
    """Only documents without usager hang on the structure's key; those of usagers follow the key of their usager."""
    from plateforme.chiffrement import format as forme
    from plateforme.chiffrement.trousseau import trousseau_courant

    active = trousseau_courant().active().id
    vieux = [
        d
        for d in Document.objects.filter(sujet_id=None, cle__isnull=False).order_by("pk")
        if forme.lire_entete(bytes(d.cle or b""))[1] != active
    ][:lot]
    for document in vieux:
        usage = _usage(document.pk)
        document.cle = coffre.sceller(coffre.ouvrir(bytes(document.cle or b""), usage), usage)
        document.nom, document.empreinte = document.nom, document.empreinte
        document.save(update_fields=["cle", "nom", "empreinte"])
    return len(vieux)

"""One key per usager: destroying it erases what it sealed, in the base, the object store and every backup of both.

A restored base would bring the key back: each destruction is also written in the object store, which is not restored
with it, and ``rejouer_les_destructions`` does them again.
"""

import json
import os
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.chiffrement import format as forme
from plateforme.chiffrement.erreurs import CleDetruite, ScelleInvalide
from plateforme.chiffrement.models import CleSujet, Destruction
from plateforme.chiffrement.rescellement import inscrire_rescellement
from plateforme.chiffrement.trousseau import (
    MEMOIRE,
    CleEnClair,
    Trousseau,
    trousseau_courant,
)
from plateforme.observability.contexte import acteur_courant
from plateforme.outbox.models import Message
from plateforme.outbox.services import consommer, publier
from plateforme.storage.objets import cle as cle_d_objet
from plateforme.storage.objets import magasin

DETRUIT = "chiffrement.sujet.detruit"
_OCTETS = 32


@dataclass(frozen=True, slots=True)
class CleDeSujet:
    """Seals and opens for one usager of the structure in front."""

    proprietaire: str
    cle: CleEnClair

    def sceller(self, octets: bytes, usage: str) -> bytes:
        return forme.sceller(
            self.cle.aead,
            self.cle.id,
            octets,
            genre=forme.PAR_SUJET,
            proprietaire=self.proprietaire,
            usage=usage,
        )

    def ouvrir(self, scelle: bytes, usage: str) -> bytes:
        scelle = bytes(scelle)
        genre, cle_id = forme.lire_entete(scelle)
        if genre != forme.PAR_SUJET:
            raise ScelleInvalide
        if cle_id != self.cle.id:
            # Its own key is gone, another came after: what the first sealed stays closed.
            raise ScelleInvalide if _existe(cle_id) else CleDetruite
        return forme.ouvrir(self.cle.aead, scelle, proprietaire=self.proprietaire, usage=usage)


def _existe(cle_id: UUID) -> bool:
    return CleSujet.objects.filter(pk=cle_id).exists()


def _usage(sujet_id: UUID, cle_id: UUID) -> str:
    return f"chiffrement.sujet:{sujet_id}:{cle_id}"


def cle_de(sujet_id: UUID, *, creer: bool = True, alias: str = "default") -> CleDeSujet:
    """The key of an usager, made at its first use unless ``creer`` is False.

    Raises CleDetruite when there is none and ``creer`` is False.
    """
    trousseau = trousseau_courant(alias)
    nom = f"sujet:{sujet_id}"
    gardee = MEMOIRE.lire(trousseau.base, trousseau.proprietaire, nom)
    if gardee is None:
        ligne = CleSujet.objects.using(alias).filter(sujet_id=sujet_id).first()
        if ligne is None and not creer:
            raise CleDetruite
        if ligne is None:
            ligne = _creer(sujet_id, trousseau)
        octets = coffre.ouvrir(bytes(ligne.scellee), _usage(sujet_id, ligne.pk), trousseau=trousseau)
        gardee = CleEnClair.de(ligne.pk, octets)
        trousseau.retenir(nom, gardee)
    return CleDeSujet(trousseau.proprietaire, gardee)


def _creer(sujet_id: UUID, trousseau: Trousseau) -> CleSujet:
    """Of two first uses at once, the unique constraint keeps one key; both seal with it."""
    cle_id = uuid4()
    scellee = coffre.sceller(os.urandom(_OCTETS), _usage(sujet_id, cle_id), trousseau=trousseau)
    ligne = CleSujet(id=cle_id, sujet_id=sujet_id, scellee=scellee, scellee_par=forme.lire_entete(scellee)[1])
    lignes = CleSujet.objects.using(trousseau.alias)
    lignes.bulk_create([ligne], ignore_conflicts=True)
    return lignes.get(sujet_id=sujet_id)


def detruire_sujet(sujet_id: UUID, *, motif: str) -> bool:
    """Destroy the key of an usager: INS and documents become unreadable for ever. False when there was none.

    The caller has checked that the time of retention is over. Row, register, journal and message in one transaction.
    """
    trousseau = trousseau_courant()
    with transaction.atomic():
        ligne = CleSujet.objects.select_for_update().filter(sujet_id=sujet_id).first()
        if ligne is None:
            return False
        Destruction.objects.create(
            sujet_id=sujet_id, cle_id=ligne.pk, motif=motif, acteur_id=acteur_courant()
        )
        publier(DETRUIT, f"usager:{sujet_id}", {"sujet": str(sujet_id), "cle": str(ligne.pk)})
        noter("chiffrement.sujet.detruit", sujets=[sujet_id], motif=motif)
        CleSujet.objects.filter(pk=ligne.pk).delete()
        MEMOIRE.oublier(trousseau.proprietaire, f"sujet:{sujet_id}")
        transaction.on_commit(lambda: MEMOIRE.oublier(trousseau.proprietaire, f"sujet:{sujet_id}"))
    return True


def _inscrire_au_registre(message: Message) -> None:
    """The register out of the base, written after the commit, at least once. Idempotent: on the key."""
    contenu = json.dumps({"sujet": message.contenu["sujet"], "cle": message.contenu["cle"]}).encode()
    magasin().ecrire(cle_d_objet(f"destructions/{message.contenu['cle']}"), contenu)


def rejouer_les_destructions() -> int:
    """After a restore of the base: destroy again the keys it brought back. Returns how many."""
    refaites = 0
    for chemin in magasin().lister(cle_d_objet("destructions") + "/"):
        fiche = json.loads(magasin().lire(chemin))
        ligne = CleSujet.objects.filter(pk=UUID(fiche["cle"])).first()
        if ligne is not None:
            detruire_sujet(ligne.sujet_id, motif="rejeu_apres_restauration")
            refaites += 1
    return refaites


def resceller_les_cles(lot: int = 500) -> int:
    """Seal again, by the active data key, the keys of usagers an older one sealed. Returns how many were done.

    The data they seal is not touched. Takes ``lot`` at most: call again until 0.
    """
    trousseau = trousseau_courant()
    active = trousseau.active()
    faites = 0
    with transaction.atomic():
        vieilles = (
            CleSujet.objects.select_for_update(skip_locked=True)
            .exclude(scellee_par=active.id)
            .order_by("pk")[:lot]
        )
        for ligne in vieilles:
            usage = _usage(ligne.sujet_id, ligne.pk)
            ligne.scellee = coffre.sceller(coffre.ouvrir(bytes(ligne.scellee), usage), usage)
            ligne.scellee_par = forme.lire_entete(ligne.scellee)[1]
            ligne.save(update_fields=["scellee", "scellee_par"])
            faites += 1
    return faites


def brancher() -> None:
    consommer("chiffrement.registre", DETRUIT, _inscrire_au_registre)
    inscrire_rescellement("chiffrement.cle_sujet", resceller_les_cles)

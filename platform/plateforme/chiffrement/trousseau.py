"""The data keys of one owner: found, made at the first need, renewed, unwrapped and kept a few minutes in memory."""

import os
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connections, transaction

from plateforme.chiffrement.erreurs import CleDetruite, ScelleInvalide
from plateforme.chiffrement.fournisseurs import fournisseur
from plateforme.chiffrement.models import Cle, CleBase, EtatCle
from plateforme.core.clock import now
from plateforme.tenancy.courant import exiger_courant

DONNEES = "donnees"
# The key of blind indexes: another row, another key. Who gets one has not the other.
INDEX = "index"
CACHE_MAX_SECONDES = 300
_OCTETS = 32


@dataclass(frozen=True, slots=True)
class CleEnClair:
    """An unwrapped key. Its bytes are not in its repr: a log may hold one."""

    id: UUID
    octets: bytes = field(repr=False)
    aead: AESGCM = field(repr=False)

    @classmethod
    def de(cls, cle_id: UUID, octets: bytes) -> "CleEnClair":
        if len(octets) != _OCTETS:
            raise ScelleInvalide
        return cls(cle_id, octets, AESGCM(octets))


class _Memoire:
    """Unwrapped keys of this process, by base and owner. Bounded in time and number."""

    def __init__(self) -> None:
        self.table: dict[tuple[str, str, str], tuple[float, CleEnClair]] = {}

    def lire(self, base: str, proprietaire: str, quoi: str) -> CleEnClair | None:
        trouve = self.table.get((base, proprietaire, quoi))
        return trouve[1] if trouve is not None and trouve[0] > time.monotonic() else None

    def garder(self, base: str, proprietaire: str, quoi: str, cle: CleEnClair) -> None:
        if len(self.table) >= 20_000:
            self.table.clear()
        duree = min(settings.CLES_CACHE_SECONDES, CACHE_MAX_SECONDES)
        self.table[base, proprietaire, quoi] = (time.monotonic() + duree, cle)

    def oublier(self, proprietaire: str, quoi: str = "") -> None:
        for cle in [c for c in self.table if c[1] == proprietaire and quoi in {"", c[2]}]:
            self.table.pop(cle, None)


MEMOIRE = _Memoire()


@dataclass(frozen=True, slots=True)
class Trousseau:
    """Keys of one owner: a structure (``reseau`` False, its own schema), or the network and archives (``public``)."""

    proprietaire: str
    reseau: bool
    alias: str = "default"

    @property
    def base(self) -> str:
        return str(connections[self.alias].settings_dict["NAME"])

    def lignes(self) -> Any:
        if not self.reseau:
            return Cle.objects.using(self.alias)
        from plateforme.chiffrement.reseau.models import CleReseau

        return CleReseau.objects.using(self.alias).filter(proprietaire=self.proprietaire)

    def contexte(self, ligne: CleBase) -> dict[str, str]:
        return {"structure": self.proprietaire, "cle": str(ligne.pk), "usage": ligne.usage}

    def retenir(self, quoi: str, cle: CleEnClair) -> None:
        """Keep it once what is being written is sure: a key whose row is rolled back must seal nothing more."""
        base = self.base

        def garder() -> None:
            MEMOIRE.garder(base, self.proprietaire, quoi, cle)

        if connections[self.alias].in_atomic_block:
            transaction.on_commit(garder, using=self.alias)
        else:
            garder()

    def deballer(self, ligne: CleBase) -> CleEnClair:
        octets = fournisseur(ligne.reference).deballer(
            ligne.reference, bytes(ligne.emballee), self.contexte(ligne)
        )
        return CleEnClair.de(ligne.pk, octets)

    def active(self, usage: str = DONNEES) -> CleEnClair:
        """The key that seals now; made if the owner has none yet."""
        gardee = MEMOIRE.lire(self.base, self.proprietaire, usage)
        if gardee is not None:
            return gardee
        ligne = self.lignes().filter(usage=usage, etat=EtatCle.ACTIVE).first() or self._creer(usage)
        cle = self.deballer(ligne)
        self.retenir(usage, cle)
        self.retenir(str(cle.id), cle)
        return cle

    def par_id(self, cle_id: UUID) -> CleEnClair:
        """The key something was sealed by. Raises CleDetruite when the owner has it no more."""
        gardee = MEMOIRE.lire(self.base, self.proprietaire, str(cle_id))
        if gardee is not None:
            return gardee
        ligne = self.lignes().filter(pk=cle_id).first()
        if ligne is None:
            raise CleDetruite
        cle = self.deballer(ligne)
        self.retenir(str(cle_id), cle)
        return cle

    def emballee_par(self, reference: str, usage: str, octets: bytes, **champs: Any) -> CleBase:
        """A row, not saved, holding ``octets`` wrapped by the master key ``reference``."""
        lignes = self.lignes()
        if self.reseau:
            champs["proprietaire"] = self.proprietaire
        ligne: CleBase = lignes.model(**{"pk": uuid4(), "usage": usage, "reference": reference, **champs})
        ligne.emballee = fournisseur(reference).emballer(reference, octets, self.contexte(ligne))
        return ligne

    def _creer(self, usage: str) -> CleBase:
        """Lock: one maker at a time in this owner; the second finds the first one's key."""
        with transaction.atomic(using=self.alias):
            self._verrouiller()
            deja: CleBase | None = self.lignes().filter(usage=usage, etat=EtatCle.ACTIVE).first()
            if deja is not None:
                return deja
            reference = fournisseur().creer(self.proprietaire)
            ligne = self.emballee_par(reference, usage, os.urandom(_OCTETS))
            ligne.save(using=self.alias, force_insert=True)
            return ligne

    def _verrouiller(self) -> None:
        with connections[self.alias].cursor() as curseur:
            curseur.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"treille.chiffrement:{self.proprietaire}"],
            )

    def nouvelle_version(self, usage: str = DONNEES) -> CleBase:
        """Another key seals from now on; the former stays to reread. Other processes follow within the cache's time."""
        with transaction.atomic(using=self.alias):
            self._verrouiller()
            ancienne = self.lignes().select_for_update().filter(usage=usage, etat=EtatCle.ACTIVE).first()
            if ancienne is None:
                return self._creer(usage)
            ancienne.etat, ancienne.retiree_a = EtatCle.RETIREE, now()
            ancienne.save(using=self.alias, update_fields=["etat", "retiree_a"])
            ligne = self.emballee_par(
                ancienne.reference, usage, os.urandom(_OCTETS), version=ancienne.version + 1
            )
            ligne.save(using=self.alias, force_insert=True)
            transaction.on_commit(lambda: MEMOIRE.oublier(self.proprietaire), using=self.alias)
            return ligne

    def reemballer(self, reference: str) -> int:
        """Wrap every key by another master key: rotation without touching data. Returns how many moved.

        Each is unwrapped again before the former wrapping is let go.
        """
        faites = 0
        with transaction.atomic(using=self.alias):
            for ligne in self.lignes().select_for_update().exclude(reference=reference).order_by("pk"):
                octets = self.deballer(ligne).octets
                ligne.anciennes = [*ligne.anciennes, ligne.reference]
                ligne.reference = reference
                ligne.emballee = fournisseur(reference).emballer(reference, octets, self.contexte(ligne))
                if self.deballer(ligne).octets != octets:
                    raise ScelleInvalide
                ligne.save(using=self.alias, update_fields=["reference", "anciennes", "emballee"])
                faites += 1
        return faites

    def remettre(self, cles: dict[UUID, bytes]) -> None:
        """After a restore of its rows: wrap these keys by the owner's living master key, made anew if need be."""
        with transaction.atomic(using=self.alias):
            lignes = list(self.lignes().select_for_update().filter(pk__in=cles))
            if not lignes:
                return
            reference = fournisseur().creer(self.proprietaire)
            for ligne in lignes:
                if ligne.reference != reference:
                    ligne.anciennes = [*ligne.anciennes, ligne.reference]
                ligne.reference = reference
                ligne.emballee = fournisseur(reference).emballer(
                    reference, cles[ligne.pk], self.contexte(ligne)
                )
                ligne.save(using=self.alias, update_fields=["reference", "anciennes", "emballee"])
        self.oublier()

    def references(self) -> set[str]:
        """Every master key that ever wrapped a key of this owner."""
        vues: set[str] = set()
        for reference, anciennes in self.lignes().values_list("reference", "anciennes"):
            vues |= {reference, *anciennes}
        return vues

    def oublier(self) -> None:
        MEMOIRE.oublier(self.proprietaire)


def trousseau_courant(alias: str = "default") -> Trousseau:
    """Keys of the structure in front, or of the network in ``public``. Refuses anything else."""
    contexte = exiger_courant()
    if contexte.structure_id is not None:
        return Trousseau(str(contexte.structure_id), reseau=False, alias=alias)
    if contexte.schema == "public":
        return Trousseau("public", reseau=True, alias=alias)
    raise RuntimeError(f"Aucune clé n’appartient au schéma {contexte.schema}.")


def trousseau_d_archive(structure_id: UUID) -> Trousseau:
    """Keys of a structure's archives, held by the network: usable with ``public`` in front only."""
    return Trousseau(f"archive-{structure_id}", reseau=True)

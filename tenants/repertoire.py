"""The directory, read with a short cache per process: a request costs no query to know whose it is.

A suspension must be effective at once: changes are told to the other processes through Redis; without Redis, the cache
forgets by itself after ``TENANCY_CACHE_SECONDES``.
"""

import logging
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet

from plateforme.core.clock import today
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from plateforme.tenancy.repertoire import Repertoire
from tenants.models import EtatStructure, Structure

logger = logging.getLogger(__name__)

OUVERTS = (EtatStructure.ACTIVE, EtatStructure.SUSPENDUE)
_CLE_VERSION = "repertoire:version"


class _Cache:
    """Process-wide table key → (expiry, context). Bounded; a miss is cached too, shortly."""

    def __init__(self) -> None:
        self.table: dict[object, tuple[float, Contexte | None]] = {}
        self.version: object = None
        self.version_lue_a = 0.0

    def vider(self) -> None:
        self.table.clear()


_cache = _Cache()


def _contexte(structure: Structure) -> Contexte:
    emplacement = structure.emplacement
    return Contexte(
        schema=emplacement.schema,
        role=emplacement.role,
        structure_id=structure.pk,
        slug=structure.slug,
        nom=structure.raison_sociale,
        fuseau=structure.fuseau,
        profil=structure.profil_le(today()),
        etat=structure.etat,
    )


def _lire(cle: object, chercher: Callable[[], Structure | None]) -> Contexte | None:
    maintenant = time.monotonic()
    _verifier_la_version(maintenant)
    trouve = _cache.table.get(cle)
    if trouve is not None and trouve[0] > maintenant:
        return trouve[1]
    with lier(PUBLIC):
        structure = chercher()
        contexte = _contexte(structure) if structure is not None else None
    if len(_cache.table) > 10_000:
        _cache.vider()
    duree = (
        settings.TENANCY_CACHE_SECONDES if contexte is not None else min(5, settings.TENANCY_CACHE_SECONDES)
    )
    _cache.table[cle] = (maintenant + duree, contexte)
    return contexte


def _verifier_la_version(maintenant: float) -> None:
    """Once a second, ask Redis whether the directory changed. Without Redis, wait for the expiry."""
    if maintenant - _cache.version_lue_a < 1.0:
        return
    _cache.version_lue_a = maintenant
    try:
        with lier(PUBLIC):
            version = cache.get(_CLE_VERSION)
    except Exception:  # noqa: BLE001 - the cache is a convenience
        return
    if version != _cache.version:
        _cache.version = version
        _cache.vider()


def oublier() -> None:
    """The directory changed: forget it here and tell the other processes."""
    _cache.vider()
    # Ours already: the next look at Redis must not forget a second time.
    _cache.version = time.time_ns()
    try:
        with lier(PUBLIC):
            cache.set(_CLE_VERSION, _cache.version, timeout=None)
    except Exception:  # noqa: BLE001 - the others will see it at the expiry
        logger.warning("cache injoignable")


def _ouvertes() -> QuerySet[Structure]:
    return Structure.objects.filter(etat__in=OUVERTS, emplacement__etat="attribue").select_related(
        "emplacement"
    )


def par_id(structure_id: UUID) -> Contexte | None:
    """Context of an open structure (active or suspended), by its id."""
    return _lire(structure_id, lambda: _ouvertes().filter(pk=structure_id).first())


def par_hote(hote: str) -> Contexte | None:
    """Context of the structure served under this host name (no port, lower case)."""
    return _lire(hote, lambda: _ouvertes().filter(domaines__hote=hote).first())


def motif_de_suspension(structure_id: UUID | None) -> str:
    """What the operator wrote for the people of the structure, "" when it is open."""
    if structure_id is None:
        return ""
    with lier(PUBLIC):
        return (
            Structure.objects.filter(pk=structure_id).values_list("suspendue_motif", flat=True).first() or ""
        )


def actives() -> Iterator[Contexte]:
    """Every active structure, in a stable order. Evaluated at once: safe to enter each one while iterating."""
    with lier(PUBLIC):
        contextes = [_contexte(s) for s in _ouvertes().filter(etat=EtatStructure.ACTIVE).order_by("pk")]
    return iter(contextes)


REPERTOIRE = Repertoire(par_id=par_id, par_hote=par_hote, actives=actives)

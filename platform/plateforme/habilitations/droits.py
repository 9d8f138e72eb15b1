"""What an account carries of its structure's decisions: read in the same query as the account, fresh at each request."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from plateforme.core.clock import now


def avec_ses_droits(comptes: "QuerySet[Any]") -> "QuerySet[Any]":
    """Accounts of a structure with their cells of the matrix and their open break-glass: subqueries, no round trip.

    Also the support sessions open here, which concern whoever may withdraw them.
    """
    from plateforme.habilitations.models import BrisDeGlace, Reglage, SessionSupport

    reglages = Reglage.objects.filter(role=OuterRef("role")).values(
        json=JSONObject(code="code", permis="permis")
    )
    bris = BrisDeGlace.objects.filter(compte_id=OuterRef("pk"), clos_a__isnull=True, au__gt=now()).values(
        json=JSONObject(sujet="sujet_id", du="du", au="au")
    )
    supports = SessionSupport.objects.ouvertes(now()).values(
        json=JSONObject(id="pk", au="au", entree="entree_a", objet="objet")
    )
    portes: QuerySet[Any] = comptes.annotate(
        reglages_bruts=ArraySubquery(reglages),
        bris_bruts=ArraySubquery(bris),
        supports_bruts=ArraySubquery(supports),
    )
    return portes


def reglages_de(compte: Any) -> dict[str, bool]:
    """Cells this structure decided for the function of ``compte``; empty for the network's people."""
    # ``request.user`` is a lazy proxy: attributes go through, its ``__dict__`` does not.
    portes: dict[str, bool] | None = getattr(compte, "_reglages", None)
    if portes is None:
        bruts = getattr(compte, "reglages_bruts", None)
        if bruts is None:
            bruts = _lire_reglages(compte)
        portes = {ligne["code"]: ligne["permis"] for ligne in bruts}
        compte._reglages = portes
    return portes


def _lire_reglages(compte: Any) -> list[dict[str, Any]]:
    from plateforme.habilitations.models import Reglage

    return [dict(r) for r in Reglage.objects.filter(role=compte.role).values("code", "permis")]


def bris_de(compte: Any) -> list[tuple[Any, datetime, datetime]]:
    """(usager, from, to) of the break-glass this account holds."""
    from uuid import UUID

    portes: list[tuple[Any, datetime, datetime]] | None = getattr(compte, "_bris", None)
    if portes is None:
        bruts = getattr(compte, "bris_bruts", None)
        if bruts is None:
            lignes = compte.bris.filter(clos_a__isnull=True).values_list("sujet_id", "du", "au")
            portes = [(sujet, du, au) for sujet, du, au in lignes]
        else:
            portes = [
                (UUID(b["sujet"]), datetime.fromisoformat(b["du"]), datetime.fromisoformat(b["au"]))
                for b in bruts
            ]
        compte._bris = portes
    return portes


def oublier(compte: Any) -> None:
    """Its rights just changed in this very request."""
    for cle in ("_reglages", "reglages_bruts", "_bris", "bris_bruts", "_liens"):
        if hasattr(compte, cle):
            delattr(compte, cle)

"""Back-channel sign-out: the provider says that a session of its own is over, and ours that rest on it end at once."""

from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.identity.models import LienOidc, Session
from plateforme.identity.oidc import jetons, passages, portes, session
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.identity.oidc.fournisseurs import PSC, Fournisseur


def obeir_au_reseau(brut: Any, fournisseur: Fournisseur) -> int:
    """On the network's host, for every structure; how many sessions were closed. Raises RefusOidc."""
    ordre = jetons.ordre_de_sortie(brut, fournisseur)
    sid, sub = str(ordre.get("sid") or ""), str(ordre.get("sub") or "")
    with transaction.atomic():
        if not passages.premiere_fois(f"{fournisseur.issuer} {ordre['jti']}"):
            raise RefusOidc("ordre-deja-vu")
        passages.abandonner(sid=sid, sub=sub)
        fermees = 0
        for structure_id, ouverte in passages.ou_est_ouverte(sid=sid, sub=sub):
            with portes.structure(structure_id) as contexte:
                if contexte is not None:
                    fermees += session.fermer(PSC, ouverte)
    return fermees


def obeir_dans_la_structure(brut: Any, fournisseur: Fournisseur) -> int:
    """For a provider of the structure's own. Raises RefusOidc."""
    ordre = jetons.ordre_de_sortie(brut, fournisseur)
    with transaction.atomic():
        with portes.reseau():
            nouveau = passages.premiere_fois(f"{fournisseur.cle} {ordre['jti']}")
        if not nouveau:
            raise RefusOidc("ordre-deja-vu")
        if ordre.get("sid"):
            return session.fermer(fournisseur.cle, str(ordre["sid"]))
        # Only the person is named: every session their account opened by this provider.
        comptes = LienOidc.objects.filter(
            fournisseur_id=UUID(fournisseur.cle.removeprefix("oidc:")), sub=ordre["sub"]
        ).values_list("compte_id", flat=True)
        sids = Session.objects.filter(fournisseur=fournisseur.cle, compte_id__in=comptes).values_list(
            "sid", flat=True
        )
        return sum(session.fermer(fournisseur.cle, sid) for sid in set(sids))

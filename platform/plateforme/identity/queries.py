"""Reads of accounts for « Équipe et accès »: three queries, whatever the number of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from plateforme.core.clock import now
from plateforme.identity.models import Compte, Facteur, Lien, Session
from plateforme.identity.rules import peut_inviter
from plateforme.identity.services.annuaire import comptes_en_retard


@dataclass(frozen=True, slots=True)
class LigneEquipe:
    compte: Compte
    applications: int
    cles: int
    vue_a: datetime | None
    invitation: Lien | None
    rpps_a_verifier: bool

    @property
    def etat(self) -> tuple[str, str]:
        """(tone, words) of where this account stands."""
        if not self.compte.actif:
            return "", "désactivé"
        if self.invitation is not None:
            return "info", "invitation en attente" if not self.compte.est_enrole else "doit se réinscrire"
        if not self.compte.est_enrole:
            return "attention", "invitation expirée"
        if not self.compte.identite_est_verifiee:
            return "attention", "identité à vérifier"
        if not (self.applications or self.cles):
            return "alerte", "sans second facteur"
        return "ok", "actif"


def equipe(q: str = "", cle: UUID | None = None) -> list[LigneEquipe]:
    """Everybody by name, the closed accounts last."""
    comptes = Compte.objects.order_by("-actif", "cle_tri")
    if cle is not None:
        comptes = comptes.filter(pk=cle)
    elif q:
        comptes = comptes.filter(Q(cle_tri__contains=q) | Q(identifiant__contains=q))
    comptes = comptes.annotate(
        applications=Count("facteurs", filter=Q(facteurs__genre="totp"), distinct=True),
        cles=Count("facteurs", filter=Q(facteurs__genre="passkey"), distinct=True),
    )
    vues = dict(
        Session.objects.exclude(compte_id=None).values_list("compte_id").annotate(vue=Max("vue_a")).order_by()
    )
    en_cours = {
        lien.compte_id: lien
        for lien in Lien.objects.filter(
            utilise_a=None, revoque_a=None, expire_a__gt=now(), genre__in=("invitation", "facteur")
        )
    }
    en_retard = set(comptes_en_retard().values_list("pk", flat=True))
    return [
        LigneEquipe(
            compte=c,
            applications=c.applications,
            cles=c.cles,
            vue_a=vues.get(c.pk) or c.last_login,
            invitation=en_cours.get(c.pk),
            rpps_a_verifier=c.pk in en_retard,
        )
        for c in comptes
    ]


def facteurs_de(compte: Compte) -> list[Facteur]:
    return list(Facteur.objects.filter(compte=compte))


def est_a_portee(qui: Any, compte: Compte) -> bool:
    """May ``qui`` invite, attest or help somebody of this role?"""
    return peut_inviter(qui.role, compte.role)

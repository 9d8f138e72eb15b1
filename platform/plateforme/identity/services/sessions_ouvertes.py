"""Closing sessions: their rows are deleted, so the next request of each finds nothing, on every worker."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.identity.appareils import adresse_courte
from plateforme.identity.base import GenreDeSession
from plateforme.identity.modeles import modeles
from plateforme.identity.sessions import est_vivante


def reference(cle: str) -> str:
    """What a page may say of a session: its key is a secret."""
    return hashlib.sha256(f"treille.session:{cle}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class SessionOuverte:
    reference: str
    appareil: str
    lieu: str
    moyen: str
    depuis: datetime
    vue_a: datetime
    finit_a: datetime
    du_service: bool
    actuelle: bool


def de(compte_id: UUID, cle_actuelle: str | None = None) -> list[SessionOuverte]:
    """Live sessions of an account, the current one first."""
    instant = now()
    lignes = [
        SessionOuverte(
            reference=reference(ligne.session_key),
            appareil=ligne.appareil or "appareil inconnu",
            lieu=adresse_courte(ligne.adresse),
            moyen=ligne.get_moyen_display() if ligne.moyen else "–",
            depuis=ligne.ouverte_a,
            vue_a=ligne.vue_a,
            finit_a=ligne.finit_a or ligne.expire_date,
            du_service=ligne.genre == GenreDeSession.APPAREIL,
            actuelle=ligne.session_key == cle_actuelle,
        )
        for ligne in modeles().session.objects.filter(compte_id=compte_id).order_by("-vue_a")
        if est_vivante(ligne, instant)
    ]
    return sorted(lignes, key=lambda s: not s.actuelle)


def fermer_une(compte_id: UUID, ref: str) -> bool:
    for cle in modeles().session.objects.filter(compte_id=compte_id).values_list("session_key", flat=True):
        if reference(cle) == ref:
            modeles().session.objects.filter(session_key=cle).delete()
            noter("identity.session.fermee", compte=str(compte_id), nombre=1)
            return True
    return False


def fermer_toutes(compte_id: UUID, sauf: str | None = None) -> int:
    """All of them, but the one whose key is ``sauf``. Says how many."""
    lignes = modeles().session.objects.filter(compte_id=compte_id)
    if sauf:
        lignes = lignes.exclude(session_key=sauf)
    nombre = int(lignes.delete()[0])
    if nombre:
        noter("identity.session.fermee", acteur_id=compte_id, compte=str(compte_id), nombre=nombre)
    return nombre

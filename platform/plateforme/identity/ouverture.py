"""The one door to a signed-in session: whatever the proof, it opens here."""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.identity.appareils import adresse_ip, nom_de_l_appareil
from plateforme.identity.base import GenreDeSession, Moyen
from plateforme.identity.reglages import inactivite_en_secondes
from plateforme.identity.rules import DUREE_APPAREIL, DUREE_WEB

MOTEUR = "plateforme.identity.backends.MotDePasse"
# In the session of somebody a provider vouched for: what its middleware follows.
CLE_DU_SUIVI = "_oidc"


@dataclass(frozen=True, slots=True)
class ParFournisseur:
    """What a provider's word adds to a session. ``niveau``: its ``acr``; ``jetons``: already encrypted."""

    fournisseur: str
    sid: str
    jetons: bytes
    niveau: str
    suivi: dict[str, Any]

    def colonnes(self) -> dict[str, Any]:
        return asdict(self)


def ouvrir_session(
    request: HttpRequest,
    compte: Any,
    *,
    moyen: Moyen,
    fournisseur: str = "",
    sid: str = "",
    jetons: bytes | None = None,
    niveau: str = "",
    suivi: dict[str, Any] | None = None,
    genre: GenreDeSession = GenreDeSession.WEB,
) -> None:
    """Sign ``compte`` in on this browser, once every factor has been proven. The session's key is a new one.

    ``fournisseur``, ``sid``, ``jetons``, ``niveau``, ``suivi``: see ``ParFournisseur``.
    """
    request.session.flush()  # nothing of the anonymous one goes through
    login(request, compte, backend=MOTEUR)
    instant = now()
    appareil = genre == GenreDeSession.APPAREIL
    session: Any = request.session
    session.inscrire(
        genre=genre,
        moyen=moyen,
        fournisseur=fournisseur,
        sid=sid,
        jetons=jetons,
        ouverte_a=instant,
        vue_a=instant,
        finit_a=instant + (DUREE_APPAREIL if appareil else DUREE_WEB),
        inactivite=int(DUREE_APPAREIL.total_seconds()) if appareil else inactivite_en_secondes(),
        confirmee_a=instant,
        adresse=adresse_ip(request),
        appareil=nom_de_l_appareil(request.headers.get("User-Agent", "")),
    )
    if suivi is not None:
        session[CLE_DU_SUIVI] = suivi
    details: dict[str, Any] = {"niveau": niveau[:20]} if niveau else {}
    noter(
        "identity.connexion.reussie",
        acteur_id=compte.pk,
        moyen=moyen.value,
        fournisseur=fournisseur,
        **details,
    )

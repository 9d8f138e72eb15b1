"""The one door to a signed-in session: whatever the proof, it opens here."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from plateforme.identity.base import Moyen

MOTEUR = "plateforme.identity.backends.MotDePasse"


def ouvrir_session(
    request: HttpRequest,
    compte: Any,
    *,
    moyen: Moyen,
    fournisseur: str = "",
    sid: str = "",
    jetons: bytes | None = None,
) -> None:
    """Sign ``compte`` in on this browser, once every factor has been proven.

    ``fournisseur``, ``sid``, ``jetons``: provider's name, its session, its tokens already encrypted.
    """
    login(request, compte, backend=MOTEUR)
    session: Any = request.session
    session.inscrire(moyen=moyen.value, fournisseur=fournisseur, sid=sid, jetons=jetons)

"""Where somebody may be sent: never out of the site, and to a page their role opens."""

from typing import Any

from django.utils.http import url_has_allowed_host_and_scheme

from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import TERRAIN

PAGE_DU_TERRAIN = "/m/"
PAGE_DE_SOI = "/mon-compte"


def chemin_sur(brut: str, defaut: str = "/") -> str:
    """``brut`` when it is a path of this very site, else ``defaut``: an address never leads elsewhere."""
    sur = brut.startswith("/") and url_has_allowed_host_and_scheme(brut, allowed_hosts=None)
    return brut if sur else defaut


def accueil_de(compte: Any) -> str:
    if compte.role in TERRAIN:
        return PAGE_DU_TERRAIN
    du_reseau = compte.role in ("operateur", "porteur")
    return "/" if du_reseau or peut(compte, "plateforme.aujourdhui.voir") else PAGE_DE_SOI

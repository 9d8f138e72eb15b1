"""Addresses across hosts. The network's is the only one Pro Santé Connect knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def _port(request: HttpRequest) -> str:
    hote = request.get_host()
    port = hote.rsplit(":", 1)[1] if ":" in hote.rsplit("]", 1)[-1] else ""
    return f":{port}" if port else ""


def du_reseau(request: HttpRequest, chemin: str) -> str:
    return f"{request.scheme}://{settings.TREILLE_DOMAINE}{_port(request)}{chemin}"


def de_structure(request: HttpRequest, slug: str, chemin: str) -> str:
    return f"{request.scheme}://{slug}.{settings.TREILLE_DOMAINE}{_port(request)}{chemin}"


def suite_sure(brut: str) -> str:
    """A path of the structure's site, or ""."""
    sur = (
        brut.startswith("/")
        and len(brut) <= 500
        and url_has_allowed_host_and_scheme(brut, allowed_hosts=None)
    )
    return brut if sur else ""

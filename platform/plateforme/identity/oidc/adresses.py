"""Addresses across hosts. The network's is the only one Pro Santé Connect knows."""

from django.conf import settings
from django.http import HttpRequest


def _port(request: HttpRequest) -> str:
    hote = request.get_host()
    port = hote.rsplit(":", 1)[1] if ":" in hote.rsplit("]", 1)[-1] else ""
    return f":{port}" if port else ""


def du_reseau(request: HttpRequest, chemin: str) -> str:
    return f"{request.scheme}://{settings.TREILLE_DOMAINE}{_port(request)}{chemin}"


def de_structure(request: HttpRequest, slug: str, chemin: str) -> str:
    return f"{request.scheme}://{slug}.{settings.TREILLE_DOMAINE}{_port(request)}{chemin}"

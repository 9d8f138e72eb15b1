"""``/metrics``: figures for the operator's supervision, in Prometheus' text form. No structure is named in them.

Each domain declares its own figures in ``apps.ready()``; a family that fails says so and hides no other.
"""

import hmac
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from plateforme.habilitations.acces import acces_libre

logger = logging.getLogger(__name__)

# (labels, value); labels are states or kinds, never a structure or a person.
Mesure = tuple[dict[str, str], float]
_LOCALES = ("127.0.0.1", "::1")
_DEPART = time.monotonic()


@dataclass(frozen=True, slots=True)
class Famille:
    nom: str
    aide: str
    lire: Callable[[], Iterable[Mesure]]


_familles: dict[str, Famille] = {}


def mesurer(nom: str, aide: str, lire: Callable[[], Iterable[Mesure]]) -> None:
    """Declare a gauge, read at each visit; twice is once."""
    _familles[nom] = Famille(nom, aide, lire)


mesurer(
    "treille_processus_secondes", "Âge du processus qui répond.", lambda: [({}, time.monotonic() - _DEPART)]
)


def _etiquettes(valeurs: dict[str, str]) -> str:
    paires = (f'{nom}="{valeur}"' for nom, valeur in sorted(valeurs.items()))
    return "{" + ",".join(paires) + "}" if valeurs else ""


def _lignes(famille: Famille) -> list[str]:
    try:
        valeurs = list(famille.lire())
    except (DatabaseError, InterfaceError) as erreur:
        logger.warning("mesure illisible", extra={"code": famille.nom, "exception": type(erreur).__name__})
        valeurs = []
    tete = [f"# HELP {famille.nom} {famille.aide}", f"# TYPE {famille.nom} gauge"]
    return tete + [f"{famille.nom}{_etiquettes(e)} {valeur:g}" for e, valeur in valeurs]


def _est_admis(request: HttpRequest) -> bool:
    """A bearer of the token; without one in the settings, this machine, unless a proxy speaks for somebody else."""
    jeton = getattr(settings, "TREILLE_METRIQUES_JETON", "")
    if jeton:
        recu = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(recu.encode(), jeton.encode())
    relayee = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in _LOCALES and not relayee


@acces_libre
def metrics(request: HttpRequest) -> HttpResponse:
    if not _est_admis(request):
        return HttpResponse("Accès refusé.\n", status=403, content_type="text/plain; charset=utf-8")
    texte = "".join(f"{ligne}\n" for famille in _familles.values() for ligne in _lignes(famille))
    return HttpResponse(texte, content_type="text/plain; version=0.0.4; charset=utf-8")

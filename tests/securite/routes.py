"""Every route of both sites, read from the URL trees: a new one joins by existing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from config import urls_public, urls_structure
from config.api import api_structure
from plateforme.habilitations.acces import action_de


@dataclass(frozen=True)
class Route:
    """A web route. ``site``: structure or reseau; ``action``: its declared right, ``libre`` or None."""

    site: str
    chemin: str
    nom: str
    action: str | None
    parametres: tuple[str, ...]
    methodes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.site} /{self.chemin}"


@dataclass(frozen=True)
class Operation:
    """An API operation."""

    methode: str
    chemin: str
    action: str | None
    parametres: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.methode} {self.chemin}"


def _descendre(motifs: list[Any], prefixe: str = "") -> Iterator[tuple[str, URLPattern]]:
    for motif in motifs:
        chemin = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            if motif.namespace == "api":
                continue
            yield from _descendre(motif.url_patterns, chemin)
        else:
            yield chemin, motif


def _methodes(vue: Any) -> tuple[str, ...]:
    """Read from ``require_http_methods``: its list lives in the closure of the decorator."""
    while vue is not None:
        for cellule in getattr(vue, "__closure__", None) or ():
            valeur = cellule.cell_contents
            if (
                isinstance(valeur, list | tuple)
                and valeur
                and all(isinstance(m, str) and m.isupper() for m in valeur)
            ):
                return tuple(valeur)
        vue = getattr(vue, "__wrapped__", None)
    return ("GET", "POST")


def routes() -> list[Route]:
    return [
        Route(
            site,
            chemin,
            motif.name or "",
            action_de(motif.callback),
            tuple(motif.pattern.converters),
            _methodes(motif.callback),
        )
        for site, urlconf in (("structure", urls_structure), ("reseau", urls_public))
        for chemin, motif in _descendre(urlconf.urlpatterns)
    ]


def operations() -> list[Operation]:
    trouvees = []
    for prefixe, routeur in api_structure._routers:
        for chemin, vue in routeur.path_operations.items():
            for operation in vue.operations:
                codes = {getattr(garde, "action_treille", None) for garde in operation.auth_callbacks}
                complet = "/api/v1" + "/".join(["", prefixe.strip("/"), chemin.strip("/")]).replace(
                    "//", "/"
                ).rstrip("/")
                noms = tuple(m.split(":")[-1].strip("}") for m in complet.split("/") if m.startswith("{"))
                trouvees += [
                    Operation(methode, complet, codes.pop() if len(codes) == 1 else None, noms)
                    for methode in operation.methods
                ]
    return trouvees

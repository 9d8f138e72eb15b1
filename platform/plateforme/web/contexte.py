"""What the shell needs on every page, computed only when a template asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from plateforme.habilitations.decision import peut
from plateforme.habilitations.support import est_du_support
from plateforme.web import annonces, registres

_ENTREES_DU_BAS = 4
_TOUCHES = {
    "aujourdhui": "g a",
    "planning": "g p",
    "usagers": "g u",
    "intervenants": "g i",
    "transmissions": "g t",
}
_PROFILS = {
    "saad": "Service autonomie, aide",
    "domicile": "Service autonomie, aide et soins",
    "ssiad": "Service de soins à domicile",
}


@dataclass
class LigneRail:
    """A line of the rail as this person sees it; its counter is a query, so it waits to be printed."""

    request: HttpRequest
    entree: registres.EntreeRail
    adresse: str
    active: bool = False

    @property
    def cle(self) -> str:
        return self.entree.cle

    @property
    def libelle(self) -> str:
        return self.entree.libelle

    @property
    def icone(self) -> str:
        return self.entree.icone

    @property
    def raccourci(self) -> str:
        return self.entree.raccourci or _TOUCHES.get(self.entree.cle, "")

    @cached_property
    def compte(self) -> int:
        return self.entree.compteur(self.request) if self.entree.compteur else 0


@dataclass
class LigneCreation:
    libelle: str
    icone: str
    adresse: str
    raccourci: str


@dataclass
class GroupeRail:
    titre: str
    entrees: list[LigneRail] = field(default_factory=list)


def adresse(nom: str) -> str:
    """Path of a named page, "" where this site (structure or network) has no such page."""
    try:
        return reverse(nom)
    except NoReverseMatch:
        return ""


def grouper(lignes: Iterable[LigneRail]) -> list[GroupeRail]:
    groupes: dict[str, GroupeRail] = {}
    for ligne in lignes:
        groupes.setdefault(ligne.entree.groupe, GroupeRail(ligne.entree.groupe)).entrees.append(ligne)
    return list(groupes.values())


class Coquille:
    """Lazy: an error page or an anonymous visitor reads the theme and nothing else."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def compte(self) -> Any:
        compte = getattr(self._request, "user", None)
        return compte if compte is not None and compte.is_authenticated else None

    @cached_property
    def theme(self) -> str:
        return self.compte.theme if self.compte else "auto"

    @property
    def _structure(self) -> Any:
        structure = getattr(self._request, "structure", None)
        return structure if structure is not None and structure.est_une_structure else None

    @cached_property
    def nom(self) -> str:
        return self._structure.nom if self._structure else "Réseau Treille"

    @cached_property
    def sous_titre(self) -> str:
        if self._structure:
            return _PROFILS.get(self._structure.profil, "")
        return "Exploitation" if self.compte and self.compte.role == "operateur" else "Grappe"

    @cached_property
    def lignes(self) -> list[LigneRail]:
        if not self.compte:
            return []
        lignes = [
            LigneRail(self._request, entree, lien)
            for entree in registres.rail()
            if peut(self.compte, entree.action) and (lien := adresse(entree.url))
        ]
        chemin = self._request.path
        candidates = [
            ligne
            for ligne in lignes
            if chemin == ligne.adresse or chemin.startswith(ligne.adresse.rstrip("/") + "/")
        ]
        # « / » leads everywhere: it is where we are only when nothing longer fits, and exactly.
        candidates = [ligne for ligne in candidates if ligne.adresse != "/" or chemin == "/"]
        if candidates:
            max(candidates, key=lambda ligne: len(ligne.adresse)).active = True
        return lignes

    @cached_property
    def rail(self) -> list[GroupeRail]:
        return grouper(self.lignes)

    @cached_property
    def barre(self) -> list[LigneRail]:
        """The four entries under the thumb, on a narrow screen."""
        return self.lignes[:_ENTREES_DU_BAS]

    @cached_property
    def reste(self) -> list[GroupeRail]:
        return grouper(self.lignes[_ENTREES_DU_BAS:])

    @cached_property
    def creations(self) -> list[LigneCreation]:
        if not self.compte:
            return []
        return [
            LigneCreation(creation.libelle, creation.icone, lien, creation.raccourci)
            for creation in registres.creations()
            if peut(self.compte, creation.action) and (lien := adresse(creation.url))
        ]

    @cached_property
    def raccourcis(self) -> list[dict[str, Any]]:
        lignes = [(ligne.libelle, ligne.raccourci) for ligne in self.lignes if ligne.raccourci]
        lignes += [
            (creation.libelle, creation.raccourci) for creation in self.creations if creation.raccourci
        ]
        return [{"libelle": libelle, "touches": touches.upper().split()} for libelle, touches in lignes]

    @cached_property
    def notifications(self) -> int:
        if not (self.compte and self._structure) or est_du_support(self.compte):
            return 0
        from plateforme.notifications.queries import nombre_non_lues

        return nombre_non_lues(self.compte)

    @cached_property
    def bandeaux(self) -> list[registres.Bandeau]:
        return registres.bandeaux(self._request) if self.compte and self._structure else []

    @cached_property
    def annonces(self) -> list[dict[str, str]]:
        return [{"texte": texte} for texte in annonces.retirer(self._request)]

    @property
    def adresse_palette(self) -> str:
        return adresse("palette")

    @property
    def adresse_aide(self) -> str:
        return adresse("aide")

    @property
    def adresse_theme(self) -> str:
        return "" if est_du_support(self.compte) else adresse("theme")

    @property
    def adresse_notifications(self) -> str:
        return adresse("notifications") if self._structure and not est_du_support(self.compte) else ""

    @property
    def adresse_mon_compte(self) -> str:
        return "" if est_du_support(self.compte) else adresse("mon_compte")

    @property
    def adresse_deconnexion(self) -> str:
        return adresse("deconnexion")


def coquille(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"coquille": Coquille(request)}

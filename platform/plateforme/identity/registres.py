"""Where other ways of proving who one is plug in: identity providers, and the directory that knows RPPS numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Fournisseur:
    """A button of the sign-in page. Each function answers an address, or None where this site does not use it.

    ``confirmer(request, suite)``: our own address from which a session opened by this provider goes and proves again who
    it is, then comes back to ``suite``; None: it is asked here. ``sortir(request)``: where its own session ends too, and
    under what name, asked before ours is closed.
    """

    cle: str
    libelle: str
    adresse_de: Callable[[HttpRequest], str | None]
    icone: str = "log-in"
    confirmer: Callable[[HttpRequest, str], str | None] | None = None
    sortir: Callable[[HttpRequest], "Sortie | None"] | None = None


@dataclass(frozen=True, slots=True)
class Sortie:
    """The provider's own sign-out page."""

    adresse: str
    nom: str


@dataclass(frozen=True, slots=True)
class FicheRpps:
    """What the directory says of a number."""

    trouve: bool
    nom: str = ""
    prenom: str = ""
    lu_le: date | None = None


@dataclass(frozen=True, slots=True)
class BlocDeCompte:
    """A sheet on somebody's page of « Équipe et accès ». ``contexte`` gets (request, account) and feeds ``gabarit`` as
    ``donnees``; None hides it.
    """

    cle: str
    ordre: int
    action: str
    gabarit: str
    contexte: Callable[[HttpRequest, Any], dict[str, Any] | None]


Annuaire = Callable[[str], FicheRpps | None]

_fournisseurs: dict[str, Fournisseur] = {}
_blocs: dict[str, BlocDeCompte] = {}
_annuaire: list[Annuaire] = []


def inscrire_fournisseur(
    cle: str,
    libelle: str,
    adresse_de: Callable[[HttpRequest], str | None],
    icone: str = "log-in",
    confirmer: Callable[[HttpRequest, str], str | None] | None = None,
    sortir: Callable[[HttpRequest], Sortie | None] | None = None,
) -> None:
    _fournisseurs[cle] = Fournisseur(cle, libelle, adresse_de, icone, confirmer, sortir)


def boutons(request: HttpRequest) -> list[dict[str, Any]]:
    """What the sign-in page lists."""
    return [
        {"cle": f.cle, "libelle": f.libelle, "icone": f.icone, "url": adresse}
        for f in _fournisseurs.values()
        if (adresse := f.adresse_de(request))
    ]


def _de(cle: str) -> Fournisseur | None:
    """By the name a session keeps: a structure's own providers are « oidc:… », inscribed together."""
    return _fournisseurs.get(cle.partition(":")[0])


def adresse_de_confirmation(request: HttpRequest, cle: str, suite: str) -> str | None:
    fournisseur = _de(cle)
    if fournisseur is None or fournisseur.confirmer is None:
        return None
    return fournisseur.confirmer(request, suite)


def sortie_de(request: HttpRequest, cle: str) -> Sortie | None:
    fournisseur = _de(cle)
    return fournisseur.sortir(request) if fournisseur is not None and fournisseur.sortir is not None else None


def inscrire_annuaire(annuaire: Annuaire) -> None:
    """The port ``identity.annuaire``: one directory at most."""
    _annuaire[:] = [annuaire]


def annuaire() -> Annuaire | None:
    return _annuaire[0] if _annuaire else None


def inscrire_bloc_de_compte(bloc: BlocDeCompte) -> None:
    """Called in ``apps.ready()`` by the domains whose links an account carries."""
    _blocs[bloc.cle] = bloc


def blocs_de_compte(request: HttpRequest, compte: Any) -> list[dict[str, Any]]:
    """What the page of ``compte`` shows to this reader, in order."""
    from plateforme.habilitations.decision import peut

    return [
        {"gabarit": bloc.gabarit, "donnees": donnees}
        for bloc in sorted(_blocs.values(), key=lambda b: b.ordre)
        if peut(request.user, bloc.action) and (donnees := bloc.contexte(request, compte)) is not None
    ]

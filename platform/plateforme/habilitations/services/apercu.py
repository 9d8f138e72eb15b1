"""« Voir comme »: what an account may do and open, told by the very functions that decide for it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from plateforme.audit.journal import noter
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger, peut
from plateforme.habilitations.domaines import DOMAINES
from plateforme.habilitations.droits import avec_ses_droits
from plateforme.habilitations.registre import Action, actions
from plateforme.habilitations.registres import DossierOuvert, sujets
from plateforme.identity.models import Compte
from plateforme.web import registres

VOIR = "habilitations.apercu.voir"
PAR_PAGE = 25


@dataclass(frozen=True, slots=True)
class DomaineVu:
    """A row of the matrix for one account: which operations, by which actions."""

    cle: str
    libelle: str
    operations: str
    permises: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Apercu:
    compte: Any
    domaines: tuple[DomaineVu, ...]
    menus: tuple[str, ...]
    nombre: int
    # Dossiers the reader may open too: names are shown for those alone.
    communs: int
    dossiers: tuple[DossierOuvert, ...]
    # Parts of a dossier this function reads: (label, readable).
    rubriques: tuple[tuple[str, bool], ...]

    @property
    def tus(self) -> int:
        """Counted, not named."""
        return self.nombre - self.communs


def comptes_a_voir() -> Any:
    return Compte.objects.filter(actif=True).order_by("cle_tri")


def apercu(acteur: Any, compte_id: UUID, page: int = 1) -> Apercu:
    """Raises Introuvable for an unknown or closed account. Leaves its trace: looking at somebody's rights is an act."""
    exiger(acteur, VOIR)
    compte = avec_ses_droits(comptes_a_voir()).filter(pk=compte_id).first()
    if compte is None:
        raise Introuvable
    domaines = _domaines(compte)
    lus = {d.cle for d in domaines if "L" in d.operations}
    communs, dossiers = sujets().communs(acteur, compte, (page - 1) * PAR_PAGE, PAR_PAGE)
    noter(VOIR, compte=str(compte.pk))
    return Apercu(
        compte=compte,
        domaines=tuple(d for d in domaines if d.operations),
        menus=tuple(_menus(compte)),
        nombre=sujets().nombre(compte),
        communs=communs,
        dossiers=tuple(dossiers),
        rubriques=(
            ("Identité", "identite" in lus),
            ("Clés et code de porte", "acces_logement" in lus),
            ("Transmissions", "transmissions" in lus),
        ),
    )


def _domaines(compte: Any) -> list[DomaineVu]:
    siennes = [a for a in actions() if a.portee == "structure" and peut(compte, a.code)]
    vus = []
    for domaine in DOMAINES.values():
        permises = tuple(a for a in siennes if a.domaine == domaine.cle)
        tenues = {a.operation for a in permises}
        # Who writes or validates a page reads it: a cell is what its actions say, in order.
        vus.append(
            DomaineVu(domaine.cle, domaine.libelle, "".join(o for o in "LEV" if o in tenues), permises)
        )
    return vus


def _menus(compte: Any) -> list[str]:
    return [e.libelle for e in registres.rail() if peut(compte, e.action) and _existe(e.url)]


def _existe(nom: str) -> bool:
    try:
        reverse(nom)
    except NoReverseMatch:
        return False
    return True

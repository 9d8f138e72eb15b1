"""Everything about who may read one dossier, for its « Confidentialité » tab."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from dossier.models import (
    Consentement,
    ConventionPartage,
    MembreEquipe,
    Opposition,
    PorteeOpposition,
    Rattachement,
    Usager,
)
from dossier.queries.acces import TOUTE_LA_STRUCTURE
from dossier.registres import affectations
from plateforme.core.clock import now
from plateforme.habilitations.decision import peut
from plateforme.habilitations.droits import avec_ses_droits
from plateforme.habilitations.models import BrisDeGlace
from plateforme.habilitations.roles import RESPONSABLE, SALARIES, SOINS, TERRAIN
from plateforme.identity.models import Compte


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Somebody whose dossier this is open to, now."""

    compte: Compte
    sante: bool


@dataclass(frozen=True, slots=True)
class Partage:
    equipe: list[MembreEquipe]
    oppositions: list[Opposition]
    consentements: list[Consentement]
    conventions: list[Any]


def partage_de(usager_id: UUID) -> Partage:
    """Dated links in force, four queries."""
    quand = now()
    equipe: Any = MembreEquipe.objects.ouverts(quand).filter(usager_id=usager_id).select_related("compte")
    oppositions: Any = Opposition.objects.ouverts(quand).filter(usager_id=usager_id).select_related("compte")
    accords: Any = (
        Consentement.objects.ouverts(quand).filter(usager_id=usager_id).select_related("convention")
    )
    return Partage(
        equipe=list(equipe.order_by("compte__cle_tri")),
        oppositions=list(oppositions.order_by("du")),
        consentements=list(accords.order_by("du")),
        conventions=list(ConventionPartage.objects.ouverts(quand).order_by("partenaire")),
    )


def lecteurs_de(usager: Usager) -> list[Lecteur]:
    """Everybody this dossier is open to at this minute; the rule of the lists, read the other way. One query.

    A test holds the two ways together.
    """
    quand = now()
    ouverts = _par_un_lien(usager, quand) & ~_opposes(usager, quand, PorteeOpposition.TOUT)
    par_bris = Q(pk__in=BrisDeGlace.objects.ouverts(quand).filter(sujet_id=usager.pk).values("compte_id"))
    soignants = Q(role__in=SOINS) & _par_un_lien(usager, quand)
    de_l_equipe = Q(pk__in=_membres(usager, quand).filter(soins=True).values("compte_id"))
    refuses = _opposes(usager, quand, PorteeOpposition.TOUT, PorteeOpposition.SANTE)
    comptes = (
        avec_ses_droits(Compte.objects.filter(actif=True, role__in=SALARIES))
        .filter(ouverts | par_bris)
        .annotate(
            soigne=_vrai(soignants & ~refuses),
            sante_autrement=_vrai((de_l_equipe & ~refuses) | par_bris),
        )
        .order_by("cle_tri")
    )
    lecteurs = [
        Lecteur(c, (c.soigne and peut(c, "dossier.sante.voir")) or c.sante_autrement)
        for c in comptes
        if peut(c, "dossier.usager.voir")
    ]
    return sorted(lecteurs, key=lambda lecteur: lecteur.compte.role not in TERRAIN)


def _vrai(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _membres(usager: Usager, quand: datetime) -> Any:
    return MembreEquipe.objects.ouverts(quand).filter(usager_id=usager.pk).order_by()


def _par_un_lien(usager: Usager, quand: datetime) -> Q:
    rattaches = Rattachement.objects.ouverts(quand).filter(
        Q(secteur__isnull=True) | Q(secteur_id=usager.secteur_id)
    )
    lien = Q(role__in=TOUTE_LA_STRUCTURE)
    lien |= Q(role=RESPONSABLE, pk__in=rattaches.order_by().values("compte_id"))
    lien |= Q(pk__in=_membres(usager, quand).values("compte_id"))
    for affectation in affectations():
        lien |= Q(role__in=TERRAIN, pk__in=affectation.comptes(usager.pk, quand))
    return lien


def _opposes(usager: Usager, quand: datetime, *portees: str) -> Q:
    visees = Opposition.objects.ouverts(quand).filter(usager_id=usager.pk, portee__in=portees).order_by()
    return Q(pk__in=visees.filter(compte__isnull=False).values("compte_id")) | Q(
        role__in=visees.exclude(role="").values("role")
    )

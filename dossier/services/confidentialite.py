"""Who may read a dossier besides the visits: équipe de soins, oppositions, consents; and the sectors of a responsable."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from dossier.models import (
    Consentement,
    ConventionPartage,
    MembreEquipe,
    Opposition,
    PorteeOpposition,
    Rattachement,
    Secteur,
    Usager,
)
from dossier.queries import refuser, usagers_visibles
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.roles import RESPONSABLE, SALARIES
from plateforme.identity.models import Compte, Role


class ReglageRefuse(ErreurMetier):
    code: ClassVar[str] = "dossier.confidentialite.refusee"


def _usager(acteur: Any, usager_id: UUID) -> Usager:
    exiger(acteur, "dossier.confidentialite.regler")
    ligne = usagers_visibles(acteur).select_for_update(of=("self",)).filter(pk=usager_id).first()
    if ligne is None:
        refuser(acteur, usager_id)
    return ligne


def _compte(compte_id: UUID, champ: str = "compte") -> Compte:
    trouve: Compte | None = Compte.objects.filter(pk=compte_id, actif=True, role__in=SALARIES).first()
    if trouve is None:
        raise ReglageRefuse("Choisissez une personne du service.", champs={champ: "Choisissez une personne."})
    return trouve


def _fin_juste(au: datetime | None) -> None:
    if au is not None and au <= now():
        raise ReglageRefuse("La fin doit être à venir.", champs={"au": "La fin doit être à venir."})


def ajouter_membre(
    acteur: Any, usager_id: UUID, *, compte_id: UUID, motif: str, soins: bool, au: datetime | None
) -> MembreEquipe:
    """Seat somebody in the équipe de soins. ``soins``: health data too. Raises ReglageRefuse."""
    motif = " ".join(motif.split())[:200]
    with transaction.atomic():
        usager = _usager(acteur, usager_id)
        membre = _compte(compte_id)
        if not motif:
            raise ReglageRefuse(
                "Dites ce que cette personne fait dans l’équipe.", champs={"motif": "Dites-le."}
            )
        if membre.role == Role.DPD:
            raise ReglageRefuse(
                "Le délégué à la protection des données ne fait pas partie d’une équipe de soins."
            )
        _fin_juste(au)
        if soins and membre.pk == acteur.pk:
            raise ReglageRefuse(
                "On ne s’ouvre pas à soi-même les données de santé\u00a0: demandez à une autre personne de l’encadrement."
            )
        if MembreEquipe.objects.ouverts(now()).filter(usager=usager, compte=membre).exists():
            raise ReglageRefuse(f"{membre.nom_complet} fait déjà partie de l’équipe.")
        ligne = MembreEquipe.objects.create(usager=usager, compte=membre, motif=motif, soins=soins, au=au)
        noter("dossier.equipe.composee", sujets=[usager_id], compte=str(membre.pk), soins=soins, entre=True)
    return ligne


def retirer_membre(acteur: Any, usager_id: UUID, membre_id: UUID) -> None:
    """Effective at the next request. Ending twice is ending once."""
    with transaction.atomic():
        _usager(acteur, usager_id)
        ligne = _finir(MembreEquipe, usager_id, membre_id)
        if ligne is not None:
            noter(
                "dossier.equipe.composee",
                sujets=[usager_id],
                compte=str(ligne.compte_id),
                soins=ligne.soins,
                entre=False,
            )


def recueillir_opposition(
    acteur: Any, usager_id: UUID, *, compte_id: UUID | None, role: str, portee: str
) -> Opposition:
    """The person refuses that somebody, or a function, reads their dossier. Raises ReglageRefuse."""
    with transaction.atomic():
        usager = _usager(acteur, usager_id)
        if (compte_id is None) == (role == ""):
            raise ReglageRefuse(
                "Dites qui est visé\u00a0: une personne ou une fonction.",
                champs={"compte": "Une personne ou une fonction."},
            )
        if role and role not in Role.values:
            raise ReglageRefuse("Cette fonction n’existe pas.", champs={"role": "Choisissez une fonction."})
        if portee not in PorteeOpposition.values:
            raise ReglageRefuse("Dites ce qui est refusé.", champs={"portee": "Choisissez."})
        vise = _compte(compte_id) if compte_id is not None else None
        ligne = Opposition.objects.create(
            usager=usager, compte=vise, role=role, portee=portee, recueillie_par_id=acteur.pk
        )
        noter(
            "dossier.opposition.recueillie",
            sujets=[usager_id],
            compte=str(vise.pk) if vise else None,
            role=role,
            portee=portee,
            levee=False,
        )
    return ligne


def lever_opposition(acteur: Any, usager_id: UUID, opposition_id: UUID) -> None:
    with transaction.atomic():
        _usager(acteur, usager_id)
        ligne = _finir(Opposition, usager_id, opposition_id)
        if ligne is not None:
            noter("dossier.opposition.recueillie", sujets=[usager_id], portee=ligne.portee, levee=True)


def recueillir_consentement(
    acteur: Any, usager_id: UUID, *, convention_id: UUID, soins: bool, moyen: str, au: datetime | None
) -> Consentement:
    """The person agrees to be shared with a partner under convention. Raises ReglageRefuse."""
    moyen = " ".join(moyen.split())[:120]
    with transaction.atomic():
        usager = _usager(acteur, usager_id)
        convention: Any = ConventionPartage.objects.ouverts(now()).filter(pk=convention_id).first()
        if convention is None:
            raise ReglageRefuse("Cette convention n’est pas en cours.", champs={"convention": "Choisissez."})
        if not moyen:
            raise ReglageRefuse("Dites comment l’accord a été recueilli.", champs={"moyen": "Dites-le."})
        if soins and not convention.soins:
            raise ReglageRefuse(
                "La convention ne couvre pas les données de santé.", champs={"soins": "Décochez."}
            )
        _fin_juste(au)
        ligne = Consentement.objects.create(
            usager=usager, convention=convention, soins=soins, moyen=moyen, au=au, recueilli_par_id=acteur.pk
        )
        noter(
            "dossier.consentement.recueilli",
            sujets=[usager_id],
            convention=str(convention_id),
            soins=soins,
            retire=False,
        )
    return ligne


def retirer_consentement(acteur: Any, usager_id: UUID, consentement_id: UUID) -> None:
    with transaction.atomic():
        _usager(acteur, usager_id)
        ligne = _finir(Consentement, usager_id, consentement_id)
        if ligne is not None:
            noter(
                "dossier.consentement.recueilli",
                sujets=[usager_id],
                convention=str(ligne.convention_id),
                retire=True,
            )


def _finir(modele: Any, usager_id: UUID, cle: UUID) -> Any:
    """End a link now; None when it had already ended. Raises Introuvable."""
    ligne = modele.objects.select_for_update().filter(pk=cle, usager_id=usager_id).first()
    if ligne is None:
        raise Introuvable
    if ligne.au is not None and ligne.au <= now():
        return None
    ligne.au = now()
    ligne.save()
    return ligne


def rattacher(acteur: Any, compte_id: UUID, *, secteurs: Iterable[UUID], toute_la_structure: bool) -> None:
    """Which sectors a responsable answers for, from now on. Raises ReglageRefuse."""
    exiger(acteur, "dossier.rattachement.regler")
    voulus = set(secteurs)
    with transaction.atomic():
        compte = Compte.objects.select_for_update().filter(pk=compte_id, role=RESPONSABLE).first()
        if compte is None:
            raise ReglageRefuse("Seul un responsable de secteur se rattache à des secteurs.")
        if Secteur.objects.filter(pk__in=voulus).count() != len(voulus):
            raise ReglageRefuse(
                "Un des secteurs n’existe pas.", champs={"secteurs": "Choisissez dans la liste."}
            )
        instant = now()
        cibles: set[UUID | None] = {None} if toute_la_structure else set(voulus)
        actuels: list[Any] = list(Rattachement.objects.ouverts(instant).filter(compte=compte))
        for ligne in actuels:
            if ligne.secteur_id not in cibles:
                ligne.au = instant
                ligne.save()
        for cible in cibles - {ligne.secteur_id for ligne in actuels}:
            Rattachement.objects.create(compte=compte, secteur_id=cible, du=instant)
        noter(
            "dossier.rattachement.change",
            compte=str(compte.pk),
            secteurs=len(voulus),
            toute_la_structure=toute_la_structure,
        )

"""Long works of the network: started by a person, run by a worker, resumable, cancellable, never run twice at once."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.observability.contexte import acteur_courant
from plateforme.reseau.models import EtatTravail, Travail
from plateforme.tasks.remise import remettre
from tenants.models import Grappe, Structure
from tenants.services import flotte, ouverture
from tenants.services.ouverture import Demande

logger = logging.getLogger(__name__)

SILENCE = timedelta(seconds=60)  # without a sign for this long, the worker is dead


class TravailRefuse(ErreurMetier):
    code: ClassVar[str] = "tenants.travail.refuse"
    statut = 409


def demander(genre: str, titre: str, demande: dict[str, Any], *, total: int) -> Travail:
    """Write the work and hand it to a worker after the commit; the periodic task catches what a crash loses."""
    travail = Travail.objects.create(
        genre=genre, titre=titre, demande=demande, total=total, auteur_id=acteur_courant()
    )
    transaction.on_commit(lambda: remettre("tenants.executer", str(travail.pk)))
    return travail


def orphelins() -> list[UUID]:
    """Works nobody runs: waiting for long, or whose worker gives no sign."""
    limite = now() - SILENCE
    return list(
        Travail.objects.filter(
            Q(etat=EtatTravail.EN_ATTENTE, cree_a__lt=now() - timedelta(seconds=10))
            | Q(etat=EtatTravail.EN_COURS, battement__lt=limite)
        ).values_list("pk", flat=True)
    )


def prendre(travail_id: UUID) -> Travail | None:
    """Compare-and-set: the work is ours, or None when it is done, cancelled or somebody else's."""
    instant = now()
    pris = Travail.objects.filter(
        Q(etat=EtatTravail.EN_ATTENTE) | Q(etat=EtatTravail.EN_COURS, battement__lt=instant - SILENCE),
        pk=travail_id,
    ).update(etat=EtatTravail.EN_COURS, battement=instant)
    if not pris:
        return None
    travail = Travail.objects.get(pk=travail_id)
    if travail.demarre_a is None:
        Travail.objects.filter(pk=travail_id).update(demarre_a=instant)
        travail.demarre_a = instant
    return travail


def executer(travail_id: UUID) -> None:
    """Run a work to its end. A crash leaves it resumable; an error stops it with a sentence."""
    travail = prendre(travail_id)
    if travail is None:
        return
    try:
        _GENRES[travail.genre](travail)
    except _Annule:
        return
    except ErreurMetier as erreur:
        _finir(travail, EtatTravail.ECHOUE, erreur.message)
    except Exception as erreur:
        _finir(travail, EtatTravail.ECHOUE, "Une erreur inattendue a interrompu ce travail.")
        logger.exception("travail interrompu", extra={"code": type(erreur).__name__})
        raise
    else:
        _finir(travail, EtatTravail.FINI, travail.message)


class _Annule(Exception):
    """Somebody cancelled meanwhile: stop between two lines."""


def _avancer(travail: Travail, ligne: dict[str, Any]) -> None:
    """Keep one line of the report and give a sign of life. Raises _Annule."""
    travail.rapport.append(ligne)
    travail.fait = len(travail.rapport)
    if not Travail.objects.filter(pk=travail.pk, etat=EtatTravail.EN_COURS).update(
        fait=travail.fait, rapport=travail.rapport, battement=now()
    ):
        raise _Annule


def _finir(travail: Travail, etat: EtatTravail, message: str) -> None:
    Travail.objects.filter(pk=travail.pk).exclude(etat=EtatTravail.ANNULE).update(
        etat=etat, message=message, fini_a=now(), battement=now()
    )


def annuler(travail: Travail) -> None:
    """What is done stays done; the rest is not begun. Raises TravailRefuse when it is over."""
    if not Travail.objects.filter(
        pk=travail.pk, etat__in=(EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS)
    ).update(etat=EtatTravail.ANNULE, fini_a=now()):
        raise TravailRefuse("Ce travail est déjà terminé.")


# -- the kinds of works ---------------------------------------------------------------------------


_apres_ouverture: list[Callable[[Structure, dict[str, Any]], None]] = []


def apres_ouverture(suite: Callable[[Structure, dict[str, Any]], None]) -> None:
    """Register what follows each opened line (structure, the work's request); called in ``apps.ready()``."""
    if suite not in _apres_ouverture:
        _apres_ouverture.append(suite)


def demander_ouvertures(
    demandes: list[Demande],
    grappe: Grappe | None,
    nom_du_fichier: str,
    deploiement: dict[str, str] | None = None,
) -> Travail:
    """Open the structures of a list, line by line; ``deploiement`` (type, le, par) opens their deployments too."""
    lignes = [
        {champ: getattr(demande, champ) for champ in Demande.__dataclass_fields__} for demande in demandes
    ]
    return demander(
        "ouvertures",
        f"Ouverture de {len(lignes)} structure{'s' if len(lignes) > 1 else ''}",
        {
            "lignes": lignes,
            "grappe": str(grappe.pk) if grappe else None,
            "fichier": nom_du_fichier,
            "deploiement": deploiement,
        },
        total=len(lignes),
    )


def _ouvrir(travail: Travail) -> None:
    grappe = Grappe.objects.get(pk=travail.demande["grappe"]) if travail.demande["grappe"] else None
    demandes = [Demande(**ligne) for ligne in travail.demande["lignes"]]
    vus = {ligne["finess"]: ligne["numero"] for ligne in travail.rapport if ligne["statut"] != "refusee"}
    for demande in demandes[len(travail.rapport) :]:
        resultat = ouverture.traiter_la_ligne(demande, vus, grappe)
        _avancer(travail, _poursuivre(resultat, travail.demande).en_json())
    comptes = [
        sum(ligne["statut"] == statut for ligne in travail.rapport)
        for statut in ("creee", "deja_la", "refusee")
    ]
    travail.message = bilan(*comptes)


def _poursuivre(resultat: ouverture.Resultat, demande: dict[str, Any]) -> ouverture.Resultat:
    """What follows may be refused: the structure is open, its line says what is left to do."""
    if not resultat.structure_id:
        return resultat
    structure = Structure.objects.get(pk=resultat.structure_id)
    try:
        with transaction.atomic():
            for suite in _apres_ouverture:
                suite(structure, demande)
    except ErreurMetier as erreur:
        return replace(resultat, motif=f"{resultat.motif} {erreur.message}".strip())
    return resultat


def bilan(creees: int, deja_la: int, refusees: int) -> str:
    """« 188 structures créées, 0 déjà ouverte, 12 lignes refusées. »"""

    def accorder(n: int, un: str, plusieurs: str) -> str:
        return f"{n} {plusieurs if n > 1 else un}"

    return (
        f"{accorder(creees, 'structure créée', 'structures créées')}, "
        f"{accorder(deja_la, 'déjà ouverte', 'déjà ouvertes')}, "
        f"{accorder(refusees, 'ligne refusée', 'lignes refusées')}."
    )


def demander_mise_a_jour() -> Travail:
    """Bring the fleet to the current rank."""
    return demander("flotte", "Mise à jour des structures", {}, total=len(flotte.en_retard()))


def _mettre_a_jour(travail: Travail) -> None:
    def suivre(resultat: flotte.Resultat) -> None:
        _avancer(
            travail,
            {
                "schema": resultat.schema,
                "rang": resultat.rang,
                "reussi": resultat.reussi,
                "erreur": resultat.erreur,
            },
        )

    travail.rapport = []
    echecs = [resultat for resultat in flotte.migrer(suivi=suivre) if not resultat.reussi]
    if echecs:
        raise TravailRefuse(f"{len(echecs)} structure(s) en échec : {echecs[0].erreur}")


_GENRES: dict[str, Callable[[Travail], None]] = {"ouvertures": _ouvrir, "flotte": _mettre_a_jour}

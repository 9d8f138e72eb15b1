"""Acts on the planning: right, lock, rules, write, publish; or a refusal with its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dossier.queries import usagers_visibles
from plateforme.core.clock import fuseau, now
from plateforme.core.errors import Introuvable
from plateforme.core.periods import Periode
from plateforme.habilitations.decision import exiger
from plateforme.identity.models import Compte
from plateforme.outbox.services import publier
from telegestion.models import Absence, Geste, Intervenant, Intervention, Nature, Pointage, Statut
from telegestion.queries import interventions_visibles
from telegestion.rules import Creneau, Verdict, heure_dite, verifier
from telegestion.services.errors import (
    ChampRefuse,
    IntervenantAbsent,
    IntervenantParti,
    RegleNonRespectee,
    VisiteAnnulee,
    VisiteCommencee,
    VisiteModifiee,
    VisitesSimultanees,
)

DUREE_MIN, DUREE_MAX = 5, 24 * 60
CONSIGNE_MAX = 300
ANNEES = (2000, 2100)  # beyond, arithmetic on dates itself fails
# A rest of eleven hours is broken by a visit of the day before or after: two days are enough on each side.
AUTOUR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Planification:
    """The visit as written, and what the rules say without blocking."""

    intervention: Intervention
    avertissements: tuple[Verdict, ...] = ()


def planifier_intervention(
    acteur: Any,
    *,
    usager_id: UUID,
    debut: datetime,
    duree_minutes: int,
    nature: str,
    intervenant_id: UUID | None = None,
    consigne: str = "",
    gestes: Sequence[str] = (),
) -> Planification:
    """A new visit; without ``intervenant_id`` it is « à pourvoir ».

    Raises: ChampRefuse, Introuvable, IntervenantAbsent, RegleNonRespectee, VisitesSimultanees.
    """
    exiger(acteur, "telegestion.intervention.planifier")
    if nature not in Nature.values:
        raise ChampRefuse("nature", "Choisissez une nature de visite.")
    usager = usagers_visibles(acteur).accompagnes().filter(pk=usager_id).first()
    if usager is None:
        raise ChampRefuse("usager", "Choisissez un usager accompagné par le service.")
    consigne = consigne.strip()
    if len(consigne) > CONSIGNE_MAX:
        raise ChampRefuse("consigne", f"La consigne tient en {CONSIGNE_MAX} caractères.")
    ligne = Intervention(
        usager=usager,
        debut=debut,
        fin=_fin(debut, duree_minutes),
        nature=nature,
        consigne=consigne,
    )
    with transaction.atomic():
        avertissements = _confier(ligne, intervenant_id)
        _enregistrer(ligne, nouvelle=True)
        Geste.objects.bulk_create(
            [
                Geste(intervention=ligne, libelle=mot, ordre=n)
                for n, mot in enumerate(_lignes(gestes), start=1)
            ]
        )
        _publier(ligne, "planifiee")
    return Planification(ligne, avertissements)


def deplacer_intervention(
    acteur: Any,
    intervention_id: UUID,
    *,
    debut: datetime,
    intervenant_id: UUID | None,
    duree_minutes: int | None = None,
    version: int | None = None,
    vue_a: datetime | None = None,
) -> Planification:
    """Another time, another intervenant, or nobody; the length stays unless ``duree_minutes`` says otherwise.

    ``version``: what the caller saw. ``vue_a`` does the same for a page that only knows when it was drawn:
    somebody else's change after it is a conflict, the caller's own is not.
    Lock: the visit. Raises: as planifier_intervention, and VisiteModifiee, VisiteAnnulee, VisiteCommencee.
    """
    exiger(acteur, "telegestion.intervention.deplacer")
    with transaction.atomic():
        ligne = _verrouiller(acteur, intervention_id)
        _exiger_la_derniere(ligne, acteur, version, vue_a)
        _exiger_modifiable(ligne)
        duree = duree_minutes if duree_minutes is not None else ligne.periode.minutes
        fin = _fin(debut, duree)
        if (ligne.debut, ligne.fin, ligne.intervenant_id) == (debut, fin, intervenant_id):
            return Planification(ligne)
        ligne.debut, ligne.fin = debut, fin
        avertissements = _confier(ligne, intervenant_id)
        _enregistrer(ligne)
        _publier(ligne, "deplacee")
    return Planification(ligne, avertissements)


def affecter(
    acteur: Any, intervention_id: UUID, intervenant_id: UUID | None, *, version: int | None = None
) -> Planification:
    """Same hours, another intervenant; None makes it « à pourvoir »."""
    exiger(acteur, "telegestion.intervention.deplacer")
    debut = interventions_visibles(acteur).filter(pk=intervention_id).values_list("debut", flat=True).first()
    if debut is None:
        raise Introuvable
    return deplacer_intervention(
        acteur, intervention_id, debut=debut, intervenant_id=intervenant_id, version=version
    )


def annuler_intervention(
    acteur: Any, intervention_id: UUID, motif: str, *, version: int | None = None
) -> Intervention:
    """The visit will not take place. It stays in the planning, struck through, with its reason."""
    exiger(acteur, "telegestion.intervention.annuler")
    motif = motif.strip()
    if not motif:
        raise ChampRefuse("motif", "Dites pourquoi la visite est annulée.")
    with transaction.atomic():
        ligne = _verrouiller(acteur, intervention_id)
        _exiger_la_derniere(ligne, acteur, version, None)
        _exiger_modifiable(ligne)
        ligne.statut, ligne.annulee_motif = Statut.ANNULEE, motif[:200]
        _enregistrer(ligne)
        _publier(ligne, "annulee")
    return ligne


def retablir(acteur: Any, intervention_id: UUID, *, version: int | None = None) -> Planification:
    """Undo of a cancellation: the rules are checked again, for the time may have been given away."""
    exiger(acteur, "telegestion.intervention.annuler")
    with transaction.atomic():
        ligne = _verrouiller(acteur, intervention_id)
        _exiger_la_derniere(ligne, acteur, version, None)
        if ligne.statut != Statut.ANNULEE:
            return Planification(ligne)
        ligne.statut, ligne.annulee_motif = Statut.PREVUE, ""
        avertissements = _confier(ligne, ligne.intervenant_id)
        _enregistrer(ligne)
        _publier(ligne, "retablie")
    return Planification(ligne, avertissements)


def liberer(ligne: Intervention) -> None:
    """Make a visit « à pourvoir ». Lock: the caller holds the row."""
    ligne.intervenant = None
    _enregistrer(ligne)
    _publier(ligne, "liberee")


# --- parts ------------------------------------------------------------------------------------------------


def _fin(debut: datetime, duree_minutes: int) -> datetime:
    if debut.tzinfo is None:
        raise ChampRefuse("debut", "Un instant ISO 8601 avec fuseau est attendu.")
    if not ANNEES[0] <= debut.year <= ANNEES[1]:
        raise ChampRefuse("jour", "Cette date est trop lointaine.")
    if not DUREE_MIN <= duree_minutes <= DUREE_MAX:
        raise ChampRefuse("duree", "La durée va de 5 minutes à 24 heures.")
    return debut + timedelta(minutes=duree_minutes)


def _lignes(gestes: Sequence[str]) -> list[str]:
    return [mot.strip()[:120] for mot in gestes if mot.strip()]


def _verrouiller(acteur: Any, intervention_id: UUID) -> Intervention:
    """A visit whose dossier is open to the actor. Raises Introuvable."""
    ligne = (
        interventions_visibles(acteur)
        .select_for_update(of=("self",))
        .select_related("usager")
        .filter(pk=intervention_id)
        .first()
    )
    if ligne is None:
        raise Introuvable("Cette visite n’existe pas ou n’est pas dans votre structure.")
    return ligne


def _exiger_la_derniere(
    ligne: Intervention, acteur: Any, version: int | None, vue_a: datetime | None
) -> None:
    if version is not None and version == ligne.version:
        return
    if version is None and vue_a is None:
        return
    derniere = ligne.history.order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
    if version is None and vue_a is not None:
        a_moi = derniere is None or derniere.history_user_id == acteur.pk
        if a_moi or derniere.history_date <= vue_a:
            return
    auteur = Compte.objects.filter(pk=derniere.history_user_id).first() if derniere is not None else None
    qui = auteur.nom_complet if auteur is not None else "Quelqu’un d’autre"
    quand = heure_dite(derniere.history_date.astimezone(fuseau())) if derniere is not None else ""
    raise VisiteModifiee(
        f"{qui} a modifié cette visite{f' à {quand}' if quand else ''}, après l’ouverture de votre page. "
        "Rechargez-la pour voir sa version."
    )


def _exiger_modifiable(ligne: Intervention) -> None:
    if ligne.statut == Statut.ANNULEE:
        raise VisiteAnnulee
    if (
        ligne.intervenant_id is not None
        and Pointage.objects.filter(intervention_id=ligne.pk, intervenant_id=ligne.intervenant_id).exists()
    ):
        raise VisiteCommencee


def _confier(ligne: Intervention, intervenant_id: UUID | None) -> tuple[Verdict, ...]:
    """Put ``intervenant_id`` on the visit if the rules allow it; what does not block comes back."""
    if intervenant_id is None:
        ligne.intervenant = None
        return ()
    intervenant = Intervenant.objects.filter(pk=intervenant_id).first()
    if intervenant is None:
        raise ChampRefuse("intervenant", "Cet intervenant n’existe pas ou n’est pas dans votre structure.")
    _exiger_present(intervenant, ligne.periode)
    ligne.intervenant = intervenant
    verdicts = verifier(_creneau(ligne), [_creneau(autre) for autre in _autour(ligne)], fuseau())
    for verdict in verdicts:
        if verdict.niveau == "legal":
            raise RegleNonRespectee(
                replace(verdict, phrase=f"{intervenant.nom_complet}\u00a0: {verdict.phrase}")
            )
    return verdicts


def _exiger_present(intervenant: Intervenant, periode: Periode) -> None:
    zone = fuseau()
    if intervenant.parti_le is not None and intervenant.parti_le <= periode.debut.astimezone(zone).date():
        phrase = f"{intervenant.nom_complet} a quitté le service le {intervenant.parti_le:%d/%m/%Y}."
        raise IntervenantParti(phrase, champs={"intervenant": phrase})
    absence = (
        Absence.objects.filter(intervenant=intervenant, debut__lt=periode.fin, fin__gt=periode.debut)
        .order_by("debut")
        .first()
    )
    if absence is not None:
        debut, fin = absence.debut.astimezone(zone), (absence.fin - timedelta(seconds=1)).astimezone(zone)
        # The reason of an absence may be about health: it is not repeated here.
        phrase = f"{intervenant.nom_complet} a une absence déclarée du {debut:%d/%m} au {fin:%d/%m}."
        raise IntervenantAbsent(phrase, champs={"intervenant": phrase})


def _autour(ligne: Intervention) -> list[Intervention]:
    """Other visits of the same intervenant, close enough to matter."""
    if ligne.intervenant_id is None:
        return []
    return list(
        Intervention.objects.maintenues()
        .entre(ligne.debut - AUTOUR, ligne.fin + AUTOUR)
        .filter(intervenant_id=ligne.intervenant_id)
        .exclude(pk=ligne.pk)
        .select_related("usager")
    )


def _creneau(ligne: Intervention) -> Creneau:
    return Creneau(f"la visite de {ligne.usager.nom_court}", ligne.periode)


def _enregistrer(ligne: Intervention, *, nouvelle: bool = False) -> None:
    if not nouvelle:
        ligne.version += 1
    try:
        with transaction.atomic():
            ligne.save(force_insert=nouvelle)
    except IntegrityError as erreur:
        if "intervention_une_a_la_fois" not in str(erreur):
            raise
        raise VisitesSimultanees(_phrase_du_heurt(ligne)) from erreur


def _phrase_du_heurt(ligne: Intervention) -> str:
    """Somebody wrote the other visit between our check and our write."""
    verdicts = verifier(_creneau(ligne), [_creneau(autre) for autre in _autour(ligne)], fuseau())
    if verdicts:
        return f"{ligne.intervenant}\u00a0: {verdicts[0].phrase}"
    return f"{ligne.intervenant} vient de recevoir une autre visite à cette heure. Rechargez la page."


def _publier(ligne: Intervention, fait: str) -> None:
    publier(
        "telegestion.intervention.modifiee",
        f"intervention:{ligne.pk}",
        {
            "intervention": str(ligne.pk),
            "fait": fait,
            "debut": ligne.debut.isoformat(),
            "intervenant": str(ligne.intervenant_id) if ligne.intervenant_id else None,
            "version": ligne.version,
            "a": now().isoformat(),
        },
    )

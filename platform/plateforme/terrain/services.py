"""Receive what phones kept without network: a verdict per event, no lost fact, no double effect."""

import hashlib
import json
import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.terrain.models import EvenementEnDouble, EvenementTerrain, Verdict

logger = logging.getLogger(__name__)

LOT_MAX = 500
ECART_TOLERE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Recu:
    """An event as the phone sent it. ``fait_a``: device time corrected by the offset the phone knew."""

    id: UUID
    genre: str
    contenu: dict[str, Any]
    appareil_a: datetime
    fait_a: datetime
    compte_id: UUID


@dataclass(frozen=True, slots=True)
class Reponse:
    """``code`` names the anomaly, if any; ``phrase`` says it in French for « Mes envois »."""

    id: str
    verdict: str
    code: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Anomalie:
    """A domain's reserve on a fact it nevertheless took."""

    code: str
    phrase: str


NON_APPLIQUE = Anomalie("non_applique", "Cet envoi est gardé, mais il attend d’être repris par le service.")

Traitement = Callable[[Recu], Anomalie | None]
_traitements: dict[str, Traitement] = {}


def traiter_les(genre: str, traitement: Traitement) -> None:
    """Register the domain that understands this type of event; called in ``apps.ready()``."""
    _traitements[genre] = traitement


def recevoir(lot: Iterable[dict[str, Any]], *, compte_id: UUID, envoye_a: datetime | None) -> list[Reponse]:
    """Store and apply each event in its own transaction, in the order of the phone.

    Idempotent: on the event's id. Never refuses a fact: only what cannot be read at all.
    """
    recu_a = now()
    return [_recevoir_un(brut, compte_id=compte_id, envoye_a=envoye_a, recu_a=recu_a) for brut in lot]


def empreinte(contenu: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys)."""
    texte = json.dumps(contenu, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def _recevoir_un(brut: Any, *, compte_id: UUID, envoye_a: datetime | None, recu_a: datetime) -> Reponse:
    try:
        evenement = _lire(brut, compte_id=compte_id, envoye_a=envoye_a, recu_a=recu_a)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError) as erreur:
        logger.warning("évènement illisible", extra={"exception": type(erreur).__name__})
        identifiant = str(brut.get("id", "")) if isinstance(brut, dict) else ""
        return Reponse(
            identifiant[:64], Verdict.REFUSE, "illisible", "Cet envoi est illisible. Prévenez le service."
        )
    try:
        with transaction.atomic():
            return _ecrire(evenement, recu_a)
    except IntegrityError:
        # The same event came twice at once: the other one is written by now. Else the domain broke a
        # constraint: the fact is kept all the same, unapplied.
        with transaction.atomic():
            return _ecrire(evenement, recu_a, appliquer=False)


def _lire(brut: Any, *, compte_id: UUID, envoye_a: datetime | None, recu_a: datetime) -> Recu:
    contenu = _assainir(brut["donnees"])
    if not isinstance(contenu, dict):
        raise TypeError("donnees")
    appareil_a = _instant(brut["appareil_a"])
    # The send time of the same clock tells its error, whatever the phone believed when the act was made.
    decalage = recu_a - envoye_a if envoye_a is not None else timedelta(0)
    if abs(decalage) < timedelta(seconds=5):
        decalage = timedelta(0)  # the network's own delay
    fait_a = min(appareil_a + decalage, recu_a)
    genre = str(_assainir(str(brut["genre"])))[:60]
    return Recu(UUID(str(brut["id"])), genre, contenu, appareil_a, fait_a, compte_id)


def _assainir(valeur: Any, profondeur: int = 0) -> Any:
    """What PostgreSQL cannot hold must not block a phone's queue: NUL, half an emoji, NaN, endless nests."""
    if profondeur > 20:
        raise ValueError("profondeur")
    if isinstance(valeur, str):
        return valeur.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(valeur, dict):
        return {_assainir(str(cle)): _assainir(v, profondeur + 1) for cle, v in valeur.items()}
    if isinstance(valeur, list):
        return [_assainir(v, profondeur + 1) for v in valeur]
    if isinstance(valeur, float) and not math.isfinite(valeur):
        return None
    return valeur


def _instant(valeur: Any) -> datetime:
    """An ISO instant or milliseconds since 1970."""
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return datetime.fromtimestamp(valeur / 1000, UTC)
    instant = datetime.fromisoformat(str(valeur))
    if instant.tzinfo is None:
        raise ValueError("instant sans fuseau")
    return instant.astimezone(UTC)


def _ecrire(evenement: Recu, recu_a: datetime, *, appliquer: bool = True) -> Reponse:
    trace = empreinte({"genre": evenement.genre, "donnees": evenement.contenu})
    existant = EvenementTerrain.objects.filter(pk=evenement.id).values_list("empreinte", flat=True).first()
    if existant is not None:
        return _repondre_au_double(evenement, trace, existant)
    anomalie = _appliquer(evenement, recu_a) if appliquer else NON_APPLIQUE
    ligne = EvenementTerrain(
        id=evenement.id,
        genre=evenement.genre,
        contenu=evenement.contenu,
        empreinte=trace,
        compte_id=evenement.compte_id,
        appareil_a=evenement.appareil_a,
        fait_a=evenement.fait_a,
        recu_a=recu_a,
        verdict=Verdict.ANOMALIE if anomalie else Verdict.ACCEPTE,
        code=anomalie.code if anomalie else "",
    )
    ligne.save(force_insert=True)
    return Reponse(str(evenement.id), ligne.verdict, ligne.code, anomalie.phrase if anomalie else "")


def _appliquer(evenement: Recu, recu_a: datetime) -> Anomalie | None:
    traitement = _traitements.get(evenement.genre)
    if traitement is None:
        return Anomalie(
            "genre_inconnu",
            "Cet envoi vient d’une version plus récente\u00a0: il est gardé, le service le lira.",
        )
    anomalie = _traiter(traitement, evenement)
    if anomalie is None and evenement.appareil_a - recu_a > ECART_TOLERE:
        return Anomalie(
            "horloge_en_avance", "L’horloge du téléphone avance\u00a0: l’heure du service a été retenue."
        )
    return anomalie


def _traiter(traitement: Traitement, evenement: Recu) -> Anomalie | None:
    """Run the domain; whatever it does, the fact is kept and the queue of the phone goes on."""
    try:
        with transaction.atomic():
            return traitement(evenement)
    except ErreurMetier as refus:
        return Anomalie(refus.code[:60], refus.message)
    except (IntegrityError, OperationalError):
        raise  # a double, or no base: the phone sends again
    except Exception as erreur:
        logger.exception(
            "évènement non appliqué", extra={"genre": evenement.genre, "exception": type(erreur).__name__}
        )
        return NON_APPLIQUE


def _repondre_au_double(evenement: Recu, trace: str, existant: str) -> Reponse:
    if trace == existant:
        return Reponse(str(evenement.id), Verdict.DOUBLON)
    EvenementEnDouble.objects.bulk_create(
        [
            EvenementEnDouble(
                evenement_id=evenement.id,
                contenu=evenement.contenu,
                empreinte=trace,
                compte_id=evenement.compte_id,
            )
        ],
        ignore_conflicts=True,
    )
    return Reponse(
        str(evenement.id),
        Verdict.DOUBLON_DIFFERENT,
        "contenu_different",
        "Un envoi de même numéro dit autre chose : le premier est retenu, celui-ci est gardé pour contrôle.",
    )

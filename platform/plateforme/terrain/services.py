"""Receive what phones kept while they had no network: a verdict per event, never a lost fact, never a double effect."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from plateforme.core.clock import now
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
    return hashlib.sha256(orjson.dumps(contenu, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _recevoir_un(brut: Any, *, compte_id: UUID, envoye_a: datetime | None, recu_a: datetime) -> Reponse:
    try:
        evenement = _lire(brut, compte_id=compte_id, envoye_a=envoye_a, recu_a=recu_a)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as erreur:
        logger.warning("évènement illisible", extra={"exception": type(erreur).__name__})
        identifiant = str(brut.get("id", "")) if isinstance(brut, dict) else ""
        return Reponse(identifiant[:64], Verdict.REFUSE, "illisible", "Cet envoi est illisible. Gardez-le et prévenez le service.")
    with transaction.atomic():
        return _ecrire(evenement, brut, recu_a)


def _lire(brut: Any, *, compte_id: UUID, envoye_a: datetime | None, recu_a: datetime) -> Recu:
    contenu = brut["donnees"]
    if not isinstance(contenu, dict):
        raise TypeError("donnees")
    appareil_a = _instant(brut["appareil_a"])
    # The send time of the same clock tells its error, whatever the phone believed when the act was made.
    decalage = recu_a - envoye_a if envoye_a is not None else timedelta(0)
    if abs(decalage) < timedelta(seconds=5):
        decalage = timedelta(0)  # the network's own delay
    fait_a = min(appareil_a + decalage, recu_a)
    return Recu(UUID(str(brut["id"])), str(brut["genre"])[:60], contenu, appareil_a, fait_a, compte_id)


def _instant(valeur: Any) -> datetime:
    """An ISO instant or milliseconds since 1970."""
    if isinstance(valeur, int | float) and not isinstance(valeur, bool):
        return datetime.fromtimestamp(valeur / 1000, UTC)
    instant = datetime.fromisoformat(str(valeur))
    if instant.tzinfo is None:
        raise ValueError("instant sans fuseau")
    return instant.astimezone(UTC)


def _ecrire(evenement: Recu, brut: dict[str, Any], recu_a: datetime) -> Reponse:
    trace = empreinte({"genre": evenement.genre, "donnees": evenement.contenu})
    existant = EvenementTerrain.objects.filter(pk=evenement.id).values_list("empreinte", flat=True).first()
    if existant is not None:
        return _repondre_au_double(evenement, trace, existant)
    anomalie = _appliquer(evenement, recu_a)
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
        return Anomalie("genre_inconnu", "Cet envoi vient d’une version plus récente : il est gardé, le service le lira.")
    anomalie = traitement(evenement)
    if anomalie is None and evenement.appareil_a - recu_a > ECART_TOLERE:
        return Anomalie("horloge_en_avance", "L’horloge du téléphone avance : l’heure du service a été retenue.")
    return anomalie


def _repondre_au_double(evenement: Recu, trace: str, existant: str) -> Reponse:
    if trace == existant:
        return Reponse(str(evenement.id), Verdict.DOUBLON)
    EvenementEnDouble.objects.bulk_create(
        [
            EvenementEnDouble(
                evenement_id=evenement.id, contenu=evenement.contenu, empreinte=trace, compte_id=evenement.compte_id
            )
        ],
        ignore_conflicts=True,
    )
    return Reponse(
        str(evenement.id),
        Verdict.DOUBLON_DIFFERENT,
        "contenu_different",
        "Un envoi portant le même numéro dit autre chose : le premier est retenu, celui-ci est gardé pour contrôle.",
    )

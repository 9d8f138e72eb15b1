"""The phone's events of this domain, handed over by ``plateforme.terrain``."""

from typing import Any
from uuid import UUID

from plateforme.identity.models import Compte
from plateforme.terrain.services import Anomalie, Recu, traiter_les
from telegestion.models import SensPointage
from telegestion.services.pointer import cocher_geste, pointer


def _uuid(valeur: Any) -> UUID | None:
    """None for what is not an id: the fact is kept, qualified as unknown."""
    try:
        return UUID(str(valeur))
    except ValueError:
        return None


def _badge(recu: Recu, sens: str) -> Anomalie | None:
    return pointer(
        Compte.objects.get(pk=recu.compte_id),
        evenement_id=recu.id,
        intervention_id=_uuid(recu.contenu.get("intervention")),
        sens=sens,
        pointe_a=recu.fait_a,
        preuve=str(recu.contenu.get("preuve", "")),
        motif=str(recu.contenu.get("motif", "")),
    ).anomalie


def _arrivee(recu: Recu) -> Anomalie | None:
    return _badge(recu, SensPointage.ARRIVEE)


def _depart(recu: Recu) -> Anomalie | None:
    return _badge(recu, SensPointage.DEPART)


def _geste_fait(recu: Recu) -> Anomalie | None:
    compte = Compte.objects.get(pk=recu.compte_id)
    return cocher_geste(compte, _uuid(recu.contenu.get("geste")), fait_a=recu.fait_a)


def _geste_non_fait(recu: Recu) -> Anomalie | None:
    compte = Compte.objects.get(pk=recu.compte_id)
    motif = str(recu.contenu.get("motif", ""))
    return cocher_geste(compte, _uuid(recu.contenu.get("geste")), fait_a=None, motif=motif)


def brancher() -> None:
    """Called in ``apps.ready()``."""
    traiter_les("badge.debut", _arrivee)
    traiter_les("badge.fin", _depart)
    traiter_les("geste.fait", _geste_fait)
    traiter_les("geste.non_fait", _geste_non_fait)

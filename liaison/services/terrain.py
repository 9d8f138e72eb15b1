"""The phone's notes, handed over by ``plateforme.terrain``: nothing from the field is refused."""

from typing import Any
from uuid import UUID

from dossier.models import Usager
from liaison.models import Audience, Observation, Transmission
from liaison.rules import puces_propres
from liaison.services.errors import HorsAffectation
from liaison.services.publier import TEXTE_MAX, publier_transmission
from plateforme.core.errors import Introuvable
from plateforme.identity.models import Compte
from plateforme.terrain.services import Anomalie, Recu, traiter_les
from telegestion.models import Intervention

USAGER_INCONNU = Anomalie(
    "liaison.usager.inconnu",
    "Cet envoi est gardé, mais la personne n’a pas été reconnue\u00a0: le service le reprendra.",
)
HORS_AFFECTATION = Anomalie(HorsAffectation.code, HorsAffectation.message)
NUMERO_PRIS = Anomalie(
    "liaison.transmission.numero_pris", "Cet envoi porte un numéro déjà utilisé\u00a0: il est gardé."
)
COUPEE = Anomalie(
    "liaison.transmission.coupee", "Note très longue\u00a0: le début est publié, la suite est gardée."
)
IMPRECISE = Anomalie(
    "liaison.transmission.imprecise", "Une partie de cet envoi n’a pas été comprise\u00a0: elle est gardée."
)


def _uuid(valeur: Any) -> UUID | None:
    try:
        return UUID(str(valeur))
    except ValueError:
        return None


def _usager_de(contenu: dict[str, Any], intervention_id: UUID | None) -> UUID | None:
    """The person named, else the one of the visit."""
    dit = _uuid(contenu.get("usager"))
    if dit is not None and Usager.objects.filter(pk=dit).exists():
        return dit
    if intervention_id is None or dit is not None:
        return None
    return Intervention.objects.filter(pk=intervention_id).values_list("usager_id", flat=True).first()


def _transmission(recu: Recu) -> Anomalie | None:
    """The note's id is the event's: a repeat is the same note. What cannot be used leaves an anomaly, no more.

    Raises ErreurMetier: kept as an anomaly by the caller, which holds the event's row.
    """
    contenu = recu.contenu
    intervention_id = _uuid(contenu.get("intervention"))
    usager_id = _usager_de(contenu, intervention_id)
    if usager_id is None:
        return USAGER_INCONNU
    auteur = Compte.objects.get(pk=recu.compte_id)
    if Transmission.objects.filter(pk=recu.id).exclude(auteur_id=auteur.pk).exists():
        return NUMERO_PRIS
    texte = str(contenu.get("texte") or "").strip()
    observation, audience = (
        str(contenu.get("observation") or ""),
        str(contenu.get("audience") or Audience.EQUIPE),
    )
    lisible = observation in ("", *Observation.values) and audience in Audience.values
    try:
        publier_transmission(
            auteur,
            usager_id=usager_id,
            texte=texte[:TEXTE_MAX],
            observation=observation if observation in Observation.values else "",
            # An audience nobody knows may be a narrow one: the narrowest is taken.
            audience=audience if audience in Audience.values else Audience.SOINS,
            puces=puces_propres(contenu.get("puces")),
            intervention_id=intervention_id,
            ecrite_a=recu.fait_a,
            cle=recu.id,
        )
    except Introuvable:
        return HORS_AFFECTATION
    if not lisible:
        return IMPRECISE
    return COUPEE if len(texte) > TEXTE_MAX else None


def brancher() -> None:
    """Called in ``apps.ready()``."""
    traiter_les("transmission", _transmission)

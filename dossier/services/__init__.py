"""Acts of the dossier."""

from dossier.services.documents import (
    deposer_document,
    document_visible,
    effacer_document,
    ouvrir_document,
)
from dossier.services.entourage import ajouter_proche, noter_vigilance, retirer_proche, retirer_vigilance
from dossier.services.errors import DejaSorti, FicheRefusee, HomonymePossible, UsagerModifie
from dossier.services.usagers import (
    admettre_usager,
    annuler_sortie,
    devoiler_acces,
    enregistrer_sortie,
    modifier_usager,
)

__all__ = [
    "DejaSorti",
    "FicheRefusee",
    "HomonymePossible",
    "UsagerModifie",
    "admettre_usager",
    "ajouter_proche",
    "annuler_sortie",
    "deposer_document",
    "devoiler_acces",
    "document_visible",
    "effacer_document",
    "enregistrer_sortie",
    "modifier_usager",
    "noter_vigilance",
    "ouvrir_document",
    "retirer_proche",
    "retirer_vigilance",
]

"""From the product's own fields to the register: what each one is for, and how sensitive it is.

Models come in as plain rows: this module names them by their labels, without importing any domain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    TECHNIQUE = "technique"
    PERSONNELLE = "personnelle"
    SANTE = "sante"
    NIR = "nir"  # INS and NIR: health identifier, its use is bounded


@dataclass(frozen=True, slots=True)
class Champ:
    """A column. ``genre``: Django's class of field; ``lie``: a key to another row."""

    modele: str  # "dossier.usager"
    libelle_modele: str
    nom: str
    libelle: str
    genre: str
    lie: bool = False


class SansTraitement(LookupError):
    """A table nobody said the purpose of: the register would be silent about it."""

    def __init__(self, modele: str) -> None:
        super().__init__(
            f"{modele} n’appartient à aucun traitement\u00a0: ajoutez-le à rules/dictionnaire.py."
        )


# A whole application, then the models that differ. The most precise wins.
APPLICATIONS = {
    "chiffrement": "traces",
    "identity": "habilitations",
    "audit": "traces",
    "habilitations": "habilitations",
    "outbox": "traces",
    "storage": "dossier_aide",
    "notifications": "liaison",
    "terrain": "planning",
    "dossier": "dossier_aide",
    "telegestion": "planning",
    "liaison": "liaison",
    "mie": "habilitations",
    "reprise": "dossier_aide",
    "formation": "habilitations",
    "demandes": "evenements",
}
MODELES = {
    "habilitations.brisdeglace": "traces",
    "habilitations.sessionsupport": "traces",
    "dossier.vigilance": "dossier_soins",
    "dossier.consentement": "liaison",
    "dossier.conventionpartage": "liaison",
    "dossier.membreconvention": "liaison",
    "telegestion.pointage": "geolocalisation",
}

NIR = frozenset({"dossier.usager.ins", "dossier.usager.ins_index"})
# What may tell something of somebody's health, be it by accident: free text, gestures, autonomy.
SANTE = frozenset({
    "dossier.usager.gir", "dossier.historicalusager.gir", "dossier.vigilance.libelle", "dossier.vigilance.niveau",
    "telegestion.intervention.nature", "telegestion.intervention.consigne", "telegestion.historicalintervention.nature",
    "telegestion.historicalintervention.consigne", "telegestion.geste.libelle", "telegestion.geste.precision",
    "telegestion.geste.non_fait_motif", "telegestion.absence.motif", "liaison.transmission.observation",
    "dossier.priseencharge.nature",
    "liaison.transmission.texte", "liaison.transmission.puces", "storage.document.nom", "storage.document.objet",
    "terrain.evenementterrain.contenu", "terrain.evenementendouble.contenu", "outbox.message.contenu",
    "habilitations.brisdeglace.explication", "notifications.notification.detail",
})  # fmt: skip
# A table brought from elsewhere may hold anything.
SANTE_PAR_GENRE = frozenset({("reprise", "JSONField"), ("reprise", "BinaryField")})

# Numbers, keys, digests, dates of the machine: nothing anybody reads.
_GENRES_TECHNIQUES = frozenset({"UUIDField", "BinaryField", "AutoField", "BigAutoField", "BooleanField"})
_NOMS_TECHNIQUES = frozenset({
    "empreinte", "version", "etat", "rang", "ordre", "cle", "objet", "agregat", "essais", "disponible_a", "livre_a", "secret",
    "signature", "jeton", "jetons", "precedente", "scellee", "emballee", "session_key", "session_data", "sid", "compteur",
    "cree_a",
        "history_id",
        "history_date",
        "history_type",
        "history_change_reason",
        "history_user_id", "modifie_a", "battement", "objet_id", "requete",
})  # fmt: skip
# Pure machinery, whole applications then tables: what is personal in them is named above, field by field.
_MACHINERIE = frozenset({"chiffrement", "outbox"})
# Certificates are those of the legal person.
TABLES_TECHNIQUES = frozenset(
    {
        "mie.certificat",
        "mie.delegation",
        "mie.emploi",
        "mie.essai",
        "mie.listederevocation",
        "mie.rappel",
        "reprise.passage",
    }
)


def traitement_de(modele: str) -> str:
    """Code of the processing this table serves. Raises SansTraitement."""
    application = modele.partition(".")[0]
    code = MODELES.get(modele) or APPLICATIONS.get(application)
    if code is None:
        raise SansTraitement(modele)
    return code


def nature_de(champ: Champ) -> Nature:
    """How sensitive this column is; in doubt it is personal."""
    adresse, application = f"{champ.modele}.{champ.nom}", champ.modele.partition(".")[0]
    if adresse in NIR:
        return Nature.NIR
    if adresse in SANTE or (application, champ.genre) in SANTE_PAR_GENRE:
        return Nature.SANTE
    if champ.lie or champ.genre in _GENRES_TECHNIQUES or champ.nom in _NOMS_TECHNIQUES:
        return Nature.TECHNIQUE
    machine = application in _MACHINERIE or champ.modele in TABLES_TECHNIQUES
    return Nature.TECHNIQUE if machine else Nature.PERSONNELLE


def cites() -> Iterable[str]:
    """Every address named here, so that a test finds the one that no longer exists."""
    return NIR | SANTE

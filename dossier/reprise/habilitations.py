"""Who prepares a takeover, who signs it. What a file holds is read by who may read dossiers, no further."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DIRECTION, RESPONSABLE

PREPARENT = (DIRECTION, RESPONSABLE)

declarer(
    "reprise.reprise.voir", "voir les reprises de données", nature="lecture", roles=PREPARENT, domaine="identite",
    vu="a vu votre ligne dans une reprise de données",
)  # fmt: skip
declarer(
    "reprise.reprise.preparer", "préparer une reprise de données", nature="ecriture", roles=PREPARENT,
    domaine="identite", vu="a préparé la reprise de votre dossier",
)  # fmt: skip
declarer(
    "reprise.reprise.importer", "importer une reprise de données", nature="ecriture", roles=PREPARENT,
    domaine="identite", vu="a repris votre dossier d’un autre logiciel", elevation=True,
)  # fmt: skip
declarer(
    "reprise.reprise.annuler", "annuler une reprise non signée", nature="ecriture", roles=PREPARENT,
    domaine="identite", vu="a annulé la reprise de votre dossier", elevation=True,
)  # fmt: skip
declarer(
    "reprise.reprise.signer", "signer une reprise de données", nature="ecriture", roles=(DIRECTION,),
    domaine="identite", vu="a signé la reprise de votre dossier", elevation=True,
)  # fmt: skip

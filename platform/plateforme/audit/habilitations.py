"""What one may do with the journal. Read by the DPD; the direction sees figures, without anybody's name.

Within the row ``traces`` of the matrix: a structure may open the search to its direction or its IDEC, for a reason.
"""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DIRECTION, DPD

declarer(
    "audit.journal.voir",
    "chercher dans le journal des accès",
    nature="lecture",
    roles=(DPD,),
    domaine="traces",
    vu="a cherché votre nom dans le journal des accès",
)
declarer(
    "audit.journal.chiffres",
    "voir les chiffres du journal des accès",
    nature="lecture",
    roles=(DIRECTION, DPD),
    domaine="traces",
)
declarer(
    "audit.journal.exporter",
    "exporter le journal des accès",
    nature="lecture",
    roles=(DPD,),
    domaine="traces",
    elevation=True,
    vu="a exporté les accès à votre dossier",
)
declarer(
    "audit.journal.verifier",
    "vérifier la chaîne du journal",
    nature="ecriture",
    roles=(DPD,),
    domaine="traces",
)

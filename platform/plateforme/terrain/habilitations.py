"""Actions of the phone's shell."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import BUREAU, TERRAIN

declarer("terrain.session.lire", "savoir qui est connecté", nature="lecture", roles=(*BUREAU, *TERRAIN))
declarer(
    "terrain.evenement.envoyer",
    "envoyer ce que le téléphone a gardé",
    nature="ecriture",
    roles=TERRAIN,
    vu="a envoyé ce qu’il a fait chez vous",
)
declarer("terrain.poche.ouvrir", "ouvrir le service sur son téléphone", nature="lecture", roles=TERRAIN)

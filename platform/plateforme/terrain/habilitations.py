"""Actions of the phone's shell."""

from plateforme.habilitations.registre import declarer

TERRAIN = ("soignant", "intervenant")
BUREAU = ("direction", "responsable_secteur", "idec", "secretariat")

declarer("terrain.session.lire", "savoir qui est connecté", nature="lecture", roles=(*BUREAU, *TERRAIN))
declarer(
    "terrain.evenement.envoyer",
    "envoyer ce que le téléphone a gardé",
    nature="ecriture",
    roles=TERRAIN,
    sante=True,
)
declarer("terrain.poche.ouvrir", "ouvrir le service sur son téléphone", nature="lecture", roles=TERRAIN)

"""What the network's own people may do. None of these actions opens a dossier."""

from plateforme.habilitations.registre import declarer

OPERATEUR = ["operateur"]
PORTEUR = ["porteur"]

declarer(
    "tenants.structure.lister",
    "voir les structures de la plateforme",
    nature="lecture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "tenants.structure.ouvrir", "ouvrir des structures", nature="ecriture", roles=OPERATEUR, portee="reseau"
)
declarer(
    "tenants.structure.suspendre",
    "suspendre, clore, rouvrir ou supprimer une structure",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "tenants.structure.archiver",
    "archiver une structure",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "tenants.flotte.voir", "voir l’état de la flotte", nature="lecture", roles=OPERATEUR, portee="reseau"
)
declarer(
    "tenants.travail.voir", "suivre les travaux en cours", nature="lecture", roles=OPERATEUR, portee="reseau"
)
declarer(
    "tenants.travail.annuler",
    "annuler un travail en cours",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "tenants.grappe.modeler",
    "proposer un modèle de droits à sa grappe",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
    elevation=True,
)
declarer(
    "tenants.grappe.porter",
    "voir l’avancement de la grappe qu’on porte",
    nature="lecture",
    roles=PORTEUR,
    portee="reseau",
)

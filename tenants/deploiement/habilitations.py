"""What people may do about a deployment. None of these actions opens a dossier."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import COMPTABLE, DIRECTION, DPD, IDEC, RESPONSABLE, SECRETARIAT
from tenants.habilitations import OPERATEUR, PORTEUR

declarer(
    "deploiement.parcours.voir",
    "suivre la mise en production de la structure",
    nature="lecture",
    roles=[DIRECTION, RESPONSABLE, IDEC, SECRETARIAT, COMPTABLE, DPD],
    domaine="deploiement",
)
declarer(
    "deploiement.etape.marquer",
    "marquer une étape de la mise en production",
    nature="ecriture",
    roles=[DIRECTION, RESPONSABLE, IDEC, SECRETARIAT, DPD],
    domaine="deploiement",
)
declarer(
    "deploiement.etape.deroger",
    "déroger à une étape, ou la dire sans objet",
    nature="ecriture",
    roles=[DIRECTION],
    domaine="deploiement",
    operation="V",
    elevation=True,
)
declarer(
    "deploiement.vsr.signer",
    "signer la mise en production",
    nature="ecriture",
    roles=[DIRECTION],
    domaine="deploiement",
    operation="V",
    elevation=True,
)
declarer(
    "deploiement.grappe.suivre",
    "suivre les déploiements de sa grappe",
    nature="lecture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "deploiement.grappe.planifier",
    "ouvrir et planifier les déploiements de sa grappe",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "deploiement.membre.inscrire",
    "inscrire les membres de sa grappe",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
    elevation=True,
)
declarer(
    "deploiement.console.suivre",
    "suivre tous les déploiements",
    nature="lecture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "deploiement.console.confirmer",
    "marquer les étapes de la plateforme",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)
declarer(
    "deploiement.gabarit.modifier",
    "modifier les gabarits de déploiement",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)

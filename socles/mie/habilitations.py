"""Rights: the direction, and the technical administrator, who is a named account (title « administrateur_technique »)."""

from functools import partial

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import COMPTABLE, DIRECTION, DPD, IDEC, RESPONSABLE, SECRETARIAT
from tenants.habilitations import PORTEUR

TITRE = "administrateur_technique"
_lire = partial(declarer, nature="lecture", domaine="certificats")
_gerer = partial(
    declarer, nature="ecriture", domaine="certificats", roles=(DIRECTION,), elevation=True, titre=TITRE
)
_suivre = partial(declarer, nature="ecriture", domaine="certificats", roles=(DIRECTION,), titre=TITRE)

_lire(
    "mie.certificat.voir",
    "voir les certificats, leurs échéances et les cartes",
    roles=(DIRECTION, RESPONSABLE, IDEC, SECRETARIAT, COMPTABLE, DPD),
)
_gerer("mie.certificat.generer", "générer une clé et sa demande de certificat")
_gerer("mie.certificat.importer", "importer un certificat avec sa clé")
_suivre("mie.certificat.deposer", "déposer un certificat émis")
_suivre("mie.certificat.essayer", "essayer un certificat auprès d’un service")
_gerer("mie.certificat.basculer", "mettre un certificat en service, ou revenir au précédent")
_gerer("mie.certificat.deleguer", "déléguer un certificat à une structure du même organisme")
_suivre("mie.carte.suivre", "suivre les cartes, le RPPS et les boîtes MSSanté")
declarer(
    "mie.grappe.suivre",
    "suivre les échéances des certificats de sa grappe",
    nature="lecture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "mie.grappe.calendrier",
    "donner ou retirer l’adresse du calendrier des échéances",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
    elevation=True,
)
declarer(
    "mie.administrateur.designer",
    "désigner l’administrateur technique et suivre le contrat avec l’ANS",
    nature="ecriture",
    domaine="certificats",
    roles=(DIRECTION,),
    elevation=True,
)

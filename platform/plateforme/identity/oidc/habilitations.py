"""Who links an identity to an account, and who chooses the structure's providers."""

from plateforme.habilitations import roles
from plateforme.habilitations.registre import declarer

declarer("identity.lien.voir", "voir comment on se connecte", nature="lecture", roles=roles.SALARIES)
declarer(
    "identity.lien.relier",
    "relier son compte à un fournisseur d’identité",
    nature="ecriture",
    roles=roles.SALARIES,
    elevation=True,
)
declarer(
    "identity.psc.confirmer",
    "confirmer une identité Pro Santé Connect dont le nom diffère",
    nature="ecriture",
    roles=(roles.DIRECTION,),
    domaine="habilitations",
    elevation=True,
)
declarer(
    "identity.fournisseur.configurer",
    "configurer les fournisseurs d’identité de la structure",
    nature="ecriture",
    roles=(roles.DIRECTION,),
    domaine="habilitations",
    elevation=True,
)

"""Rights on accounts. What one does with one’s own account is everybody’s."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DECIDE, DIRECTION, PARTENAIRE, SALARIES, USAGER

TOUS = (*SALARIES, USAGER, PARTENAIRE)
RESEAU = ("operateur", "porteur")

declarer("identity.equipe.voir", "voir les comptes de l’équipe", nature="lecture", roles=DECIDE)
declarer("identity.compte.inviter", "inviter une personne", nature="ecriture", roles=DECIDE)
declarer("identity.identite.attester", "attester une identité vérifiée", nature="ecriture", roles=DECIDE)
declarer(
    "identity.compte.gerer",
    "changer un rôle, fermer un compte ou ses sessions",
    nature="ecriture",
    roles=(DIRECTION,),
    elevation=True,
)
declarer(
    "identity.facteur.reinitialiser",
    "réinitialiser un second facteur",
    nature="ecriture",
    roles=DECIDE,
    elevation=True,
)
declarer(
    "identity.reglages.changer",
    "changer les réglages des accès",
    nature="ecriture",
    roles=(DIRECTION,),
    elevation=True,
)
declarer("identity.soi.voir", "voir son compte et ses sessions", nature="lecture", roles=TOUS)
declarer("identity.soi.fermer", "fermer ses sessions", nature="ecriture", roles=TOUS)
declarer(
    "identity.soi.gerer",
    "changer son mot de passe et ses moyens de connexion",
    nature="ecriture",
    roles=TOUS,
    elevation=True,
)
declarer(
    "identity.soi.voir_reseau",
    "voir son compte et ses sessions",
    nature="lecture",
    roles=RESEAU,
    portee="reseau",
)
declarer(
    "identity.soi.fermer_reseau", "fermer ses sessions", nature="ecriture", roles=RESEAU, portee="reseau"
)
declarer(
    "identity.soi.gerer_reseau",
    "changer son mot de passe et ses moyens de connexion",
    nature="ecriture",
    roles=RESEAU,
    portee="reseau",
    elevation=True,
)

"""What the porteur and the operator may do about a grappe's project. No dossier, no person."""

from plateforme.habilitations.registre import declarer

OPERATEUR = ["operateur"]
PORTEUR = ["porteur"]
LES_DEUX = [*OPERATEUR, *PORTEUR]

declarer(
    "projet.grappe.voir",
    "voir le projet de la grappe",
    nature="lecture",
    roles=LES_DEUX,
    portee="reseau",
)
declarer(
    "projet.grappe.conduire",
    "conduire le projet de sa grappe",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "projet.assistant.suivre",
    "suivre l’assistant de financement",
    nature="ecriture",
    roles=LES_DEUX,
    portee="reseau",
)
declarer(
    "projet.convention.voir",
    "voir la convention avec l’ARS",
    nature="lecture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "projet.convention.tenir",
    "tenir la convention avec l’ARS",
    nature="ecriture",
    roles=PORTEUR,
    portee="reseau",
)
declarer(
    "projet.annuaire.voir",
    "voir l’annuaire régional",
    nature="lecture",
    roles=LES_DEUX,
    portee="reseau",
)
declarer(
    "projet.referentiel.tenir",
    "tenir les programmes, les seuils et l’annuaire régional",
    nature="ecriture",
    roles=OPERATEUR,
    portee="reseau",
)

"""Who tends the RGPD space: the direction answers for it, the DPD advises and controls. Never by delegation to others."""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DIRECTION, DPD

LES_DEUX = [DIRECTION, DPD]

declarer(
    "rgpd.espace.voir",
    "voir l’espace protection des données",
    nature="lecture",
    roles=LES_DEUX,
    domaine="rgpd",
)
declarer(
    "rgpd.dpd.designer",
    "désigner le délégué à la protection des données",
    nature="ecriture",
    roles=[DIRECTION],
    domaine="rgpd",
)
declarer(
    "rgpd.registre.tenir",
    "tenir le registre des traitements",
    nature="ecriture",
    roles=LES_DEUX,
    domaine="rgpd",
)
declarer(
    "rgpd.registre.signer",
    "signer une fiche du registre",
    nature="ecriture",
    roles=LES_DEUX,
    domaine="rgpd",
    operation="V",
)
declarer("rgpd.aipd.tenir", "rédiger l’analyse d’impact", nature="ecriture", roles=LES_DEUX, domaine="rgpd")
declarer(
    "rgpd.aipd.avis",
    "rendre l’avis du DPD sur l’analyse d’impact",
    nature="ecriture",
    roles=[DPD],
    domaine="rgpd",
    operation="V",
)
declarer(
    "rgpd.aipd.decider",
    "décider de l’analyse d’impact",
    nature="ecriture",
    roles=[DIRECTION],
    domaine="rgpd",
    operation="V",
)
declarer(
    "rgpd.violation.tenir",
    "tenir le registre des violations",
    nature="ecriture",
    roles=LES_DEUX,
    domaine="rgpd",
)
declarer(
    "rgpd.evenement.ouvrir",
    "signaler une violation aux responsables de traitement",
    nature="ecriture",
    roles=["operateur"],
    portee="reseau",
)

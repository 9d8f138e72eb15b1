"""What one may do with rights themselves. Given by the direction, controlled by the DPD; a rank opens no dossier."""

from functools import partial

from plateforme.habilitations.exceptions import FONCTIONS
from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import DIRECTION, DPD, IDEC

_lire = partial(declarer, nature="lecture", domaine="habilitations")
_ecrire = partial(declarer, nature="ecriture", domaine="habilitations", roles=(DIRECTION,))

_lire("habilitations.matrice.voir", "voir la matrice des droits", roles=(DIRECTION, IDEC, DPD))
_ecrire("habilitations.matrice.regler", "changer un droit de la matrice", elevation=True)

_lire(
    "habilitations.droits.exporter",
    "exporter les comptes et leurs droits",
    roles=(DIRECTION, DPD),
    elevation=True,
)
_ecrire("habilitations.droits.importer", "changer des fonctions par un fichier", elevation=True)
_lire("habilitations.revue.voir", "voir les revues des droits", roles=(DIRECTION, DPD))
_ecrire("habilitations.revue.mener", "mener et signer une revue des droits", operation="V", elevation=True)
_lire(
    "habilitations.apercu.voir",
    "voir ce qu’un compte peut ouvrir",
    roles=(DIRECTION, IDEC, DPD),
    vu="a vérifié qui peut ouvrir votre dossier",
)
_lire("habilitations.support.voir", "voir les sessions de support", roles=(DIRECTION, DPD))
_ecrire("habilitations.support.accorder", "accorder une session de support", elevation=True)
_ecrire("habilitations.support.retirer", "retirer une session de support")
declarer(
    "habilitations.support.passer_reseau",
    "se présenter à une structure pour une session de support",
    nature="ecriture",
    roles=("operateur",),
    portee="reseau",
    elevation=True,
)

declarer(
    "habilitations.bris.ouvrir",
    "ouvrir un accès exceptionnel à un dossier",
    nature="ecriture",
    roles=FONCTIONS,
    domaine="identite",
    operation="L",
    elevation=True,
    vu="a ouvert votre dossier par un accès exceptionnel",
)
_lire(
    "habilitations.bris.voir",
    "voir les accès exceptionnels",
    roles=(DIRECTION, DPD),
    vu="a vérifié un accès exceptionnel à votre dossier",
)
_ecrire(
    "habilitations.bris.revoir",
    "juger un accès exceptionnel",
    operation="V",
    vu="a jugé un accès exceptionnel à votre dossier",
)

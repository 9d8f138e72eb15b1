"""What one may do with dossiers. Health data never opens by rank: a function of care is needed.

Which dossiers an action reaches is a matter of links: see ``dossier.queries.acces``.
"""

from plateforme.habilitations.registre import declarer
from plateforme.habilitations.roles import (
    BUREAU,
    COMPTABLE,
    DECIDE,
    DIRECTION,
    DPD,
    IDEC,
    PARTENAIRE,
    RESPONSABLE,
    SECRETARIAT,
    SOINS,
    TERRAIN,
)

declarer(
    "dossier.usager.lister",
    "voir la liste des usagers",
    nature="lecture",
    roles=(*BUREAU, COMPTABLE),
    domaine="identite",
    vu="a vu votre nom dans la liste des usagers",
)
declarer(
    "dossier.usager.voir",
    "ouvrir le dossier d’un usager",
    nature="lecture",
    roles=(*BUREAU, *TERRAIN, COMPTABLE, PARTENAIRE),
    domaine="identite",
    vu="a ouvert votre dossier",
)
declarer(
    "dossier.usager.creer", "admettre un usager", nature="ecriture", roles=BUREAU, domaine="identite",
    vu="a ouvert votre dossier à l’admission",
)  # fmt: skip
declarer(
    "dossier.usager.modifier", "modifier le dossier d’un usager", nature="ecriture", roles=BUREAU, domaine="identite",
    vu="a modifié votre dossier",
)  # fmt: skip
declarer(
    "dossier.usager.sortir", "enregistrer la sortie d’un usager", nature="ecriture", roles=DECIDE, domaine="identite",
    vu="a enregistré votre sortie ou votre retour",
)  # fmt: skip
declarer(
    "dossier.usager.acces_logement",
    "afficher les clés et le code de porte",
    nature="lecture",
    roles=(RESPONSABLE, IDEC, SECRETARIAT, *TERRAIN),
    domaine="acces_logement",
    vu="a affiché les clés et le code de votre porte",
)
declarer(
    "dossier.sante.voir",
    "voir les données de santé d’un usager",
    nature="lecture",
    roles=(*SOINS, PARTENAIRE),
    domaine="sante",
    vu="a lu vos données de santé",
)
declarer(
    "dossier.vigilance.noter",
    "noter ce qu’il faut savoir avant d’entrer",
    nature="ecriture",
    roles=(RESPONSABLE, IDEC, SECRETARIAT, *TERRAIN[:2]),
    domaine="transmissions",
    vu="a noté ce qu’il faut savoir avant d’entrer chez vous",
)
declarer(
    "dossier.confidentialite.voir",
    "voir qui peut lire un dossier et qui l’a lu",
    nature="lecture",
    roles=(RESPONSABLE, IDEC, DIRECTION),
    domaine="identite",
    vu="a vérifié qui lit votre dossier",
)
declarer(
    "dossier.rattachement.regler",
    "dire de quels secteurs répond un responsable",
    nature="ecriture",
    roles=(DIRECTION,),
    domaine="habilitations",
    elevation=True,
)
declarer(
    "dossier.confidentialite.regler",
    "composer l’équipe de soins, enregistrer une opposition ou un consentement",
    nature="ecriture",
    roles=(RESPONSABLE, IDEC),
    domaine="identite",
    vu="a réglé qui peut lire votre dossier",
)
declarer(
    "dossier.document.voir", "ouvrir les documents d’un usager", nature="lecture", roles=(*BUREAU, *TERRAIN),
    domaine="identite", vu="a ouvert un de vos documents",
)  # fmt: skip
declarer(
    "dossier.document.deposer", "déposer un document dans un dossier", nature="ecriture",
    roles=BUREAU, domaine="identite", vu="a déposé un document dans votre dossier",
)  # fmt: skip
declarer(
    "dossier.document.effacer", "effacer un document d’un dossier", nature="ecriture", roles=DECIDE, domaine="identite",
    vu="a effacé un document de votre dossier",
)  # fmt: skip
declarer(
    "dossier.ins.voir", "voir la fin du matricule INS", nature="lecture", roles=(*TERRAIN[:2], SECRETARIAT),
    domaine="ins", vu="a vu la fin de votre matricule INS",
)  # fmt: skip
declarer(
    "dossier.ins.controler", "contrôler le matricule INS", nature="lecture", roles=DECIDE, domaine="ins", operation="V",
    vu="a contrôlé votre matricule INS",
)  # fmt: skip
declarer(
    "dossier.convention.voir", "voir les conventions de partage", nature="lecture", roles=(DIRECTION, IDEC, DPD),
    domaine="habilitations",
)  # fmt: skip
declarer(
    "dossier.convention.regler",
    "ouvrir ou finir une convention, y inscrire des partenaires",
    nature="ecriture",
    roles=(DIRECTION,),
    domaine="habilitations",
    elevation=True,
)

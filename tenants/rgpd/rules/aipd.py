"""The model of an impact analysis: what is asked, and what the product already knows how to answer.

Source: CNIL, méthode AIPD (contexte, principes, risques, validation), adapted to a SAD.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rubrique:
    code: str
    titre: str
    aide: str
    depart: str


RUBRIQUES = (
    Rubrique(
        "contexte",
        "Contexte",
        "Le traitement, ses responsables, ses supports.",
        "La structure tient le dossier de l’usager informatisé, son planning, son cahier de liaison et la télégestion. "
        "Elle est responsable de traitement. L’éditeur de la plateforme est sous-traitant, l’hébergeur certifié HDS est "
        "sous-traitant ultérieur. Le porteur de la grappe ne reçoit que des états et des agrégats.",
    ),
    Rubrique(
        "necessite",
        "Pourquoi une analyse",
        "Les critères qui l’imposent.",
        "Données de santé à grande échelle, personnes vulnérables, croisement de données (RGPD art. 35-3-b).",
    ),
    Rubrique(
        "principes",
        "Principes fondamentaux",
        "Finalités, bases légales, minimisation, durées, information, droits.",
        "Chaque champ du dictionnaire porte sa finalité, ses destinataires et sa durée. Les durées sont purgées. Les "
        "personnes sont informées et exercent leurs droits au guichet de la structure.",
    ),
    Rubrique(
        "mesures",
        "Mesures existantes",
        "Techniques et organisationnelles.",
        "Deux facteurs, droits par fonction et par lien daté, accès exceptionnel revu, chiffrement par structure, journal "
        "chaîné, sauvegardes chiffrées, cloisonnement dans la base, revue des droits, formation des équipes.",
    ),
)

RISQUES = (
    Rubrique(
        "acces",
        "Accès illégitime à des données",
        "Qui pourrait voir ce qu’il ne doit pas, et ce que cela ferait aux personnes.",
        "Compte partagé, téléphone perdu, droit trop large. Effets\u00a0: vie privée atteinte, discrimination, escroquerie.",
    ),
    Rubrique(
        "modification",
        "Modification non désirée",
        "Ce qui pourrait être faussé, et les suites pour les soins et l’aide.",
        "Erreur de saisie, usurpation. Effets\u00a0: consigne fausse, intervention inadaptée.",
    ),
    Rubrique(
        "disparition",
        "Disparition de données",
        "Ce qui pourrait manquer, et combien de temps.",
        "Panne, rançongiciel. Effets\u00a0: visites non faites, perte d’historique.",
    ),
)

NIVEAUX = (
    ("negligeable", "négligeable"),
    ("limitee", "limité"),
    ("importante", "important"),
    ("maximale", "maximal"),
)


def contenu_de_depart() -> dict[str, str]:
    """A first version: texts filled, levels left for the people to judge."""
    textes = {r.code: r.depart for r in (*RUBRIQUES, *RISQUES)}
    return textes | {f"{r.code}_{axe}": "" for r in RISQUES for axe in ("gravite", "vraisemblance")}


def niveaux_manquants(contenu: dict[str, str]) -> list[str]:
    """Titles of the risks somebody has not judged yet."""
    return [
        r.titre
        for r in RISQUES
        if not (contenu.get(f"{r.code}_gravite") and contenu.get(f"{r.code}_vraisemblance"))
    ]

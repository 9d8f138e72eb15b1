"""The processings of a SAD, as the register's fiches start. Each entité juridique then makes its own versions.

Source: RGPD art. 30 ; guide DGCS 11/2023, « Bonnes pratiques RGPD » ; legal bases to be read by the DPD of each EJ.
"""

from dataclasses import dataclass

_MISSION = "Obligation légale et mission d’intérêt public (CASF L311-3 et suivants, loi 2002-2), ou contrat selon le statut"
_SOCIAL = "RGPD art. 9-2-b et 9-2-g pour le social"
_SOINS = "RGPD art. 9-2-h pour les soins"
_TRAVAIL = "Contrat de travail et obligations de l’employeur"
_INTERET = "Intérêt légitime\u00a0: sécurité des données et preuve des accès (RGPD art. 32)"
_USAGERS = "Personnes accompagnées, leurs proches et personnes de confiance"
_SALARIES = "Salariés et intervenants"


@dataclass(frozen=True, slots=True)
class Traitement:
    """``domaines``: rows of the rights matrix that say who reads it; ``conservation``: codes of the schedule."""

    code: str
    intitule: str
    finalite: str
    bases: str
    personnes: str
    domaines: tuple[str, ...]
    conservation: tuple[str, ...]
    sante: bool = False


TRAITEMENTS: dict[str, Traitement] = {
    t.code: t
    for t in (
        Traitement(
            "dossier_aide",
            "Dossier de l’usager, aide",
            "Accompagner la personne à domicile\u00a0: projet personnalisé, contrat, entourage, documents.",
            f"{_MISSION}. {_SOCIAL}.",
            _USAGERS,
            ("identite", "ins", "acces_logement", "projet", "grilles"),
            ("dossier",),
        ),
        Traitement(
            "dossier_soins",
            "Dossier de soins",
            "Coordonner et tracer les soins infirmiers à domicile.",
            f"{_MISSION}. {_SOINS}.",
            _USAGERS,
            ("sante",),
            ("soins",),
            sante=True,
        ),
        Traitement(
            "planning",
            "Planning et télégestion",
            "Organiser les interventions, en tracer l’effectivité, compter le temps de travail.",
            f"{_MISSION}. {_TRAVAIL}.",
            f"{_USAGERS}. {_SALARIES}",
            ("planning", "equipe"),
            ("badges", "dossier"),
        ),
        Traitement(
            "geolocalisation",
            "Preuve de passage au badge",
            "Prouver l’heure et le lieu du badge, sans suivre personne entre deux visites.",
            f"{_TRAVAIL}. Information préalable de chaque salarié et du CSE.",
            _SALARIES,
            ("planning",),
            ("geolocalisation",),
        ),
        Traitement(
            "facturation",
            "Facturation et recouvrement",
            "Facturer les financeurs et les personnes, suivre les paiements.",
            "Contrat et obligations comptables (code de commerce L123-22).",
            _USAGERS,
            ("facturation",),
            ("factures", "comptables"),
        ),
        Traitement(
            "liaison",
            "Cahier de liaison et portail",
            "Transmettre entre intervenants, proches et partenaires ce qui sert à l’accompagnement.",
            f"{_MISSION}. {_SOINS}. Consentement pour le partage hors de l’équipe.",
            f"{_USAGERS}. {_SALARIES}. Partenaires conventionnés",
            ("transmissions",),
            ("dossier", "soins"),
            sante=True,
        ),
        Traitement(
            "traces",
            "Traces et sécurité",
            "Savoir qui a vu ou changé quoi, protéger les données, répondre d’un accès.",
            _INTERET,
            f"{_USAGERS}. {_SALARIES}",
            ("traces",),
            ("traces_acces", "journaux"),
        ),
        Traitement(
            "habilitations",
            "Habilitations et moyens d’identification",
            "Vérifier l’identité de chaque professionnel, donner et revoir ses droits, gérer cartes et certificats.",
            f"{_TRAVAIL}. CSP L1470-1 et suivants pour l’identification électronique.",
            _SALARIES,
            ("habilitations", "certificats"),
            ("traces_acces",),
        ),
        Traitement(
            "evenements",
            "Événements indésirables et réclamations",
            "Recueillir, traiter et déclarer les événements et les réclamations.",
            "Obligation légale (CASF L331-8-1, R331-8).",
            f"{_USAGERS}. {_SALARIES}",
            ("indicateurs",),
            ("evenements",),
        ),
        Traitement(
            "reporting",
            "Indicateurs pour la CNSA et l’ARS",
            "Produire les restitutions demandées, en agrégats sans personne.",
            "Obligation légale et convention de financement.",
            _USAGERS,
            ("indicateurs",),
            ("dossier",),
        ),
        Traitement(
            "candidatures",
            "Contacts et candidatures",
            "Répondre aux demandes de prise en charge et aux candidatures.",
            "Mesures précontractuelles, à la demande de la personne.",
            "Demandeurs, candidats",
            ("equipe",),
            ("candidatures",),
        ),
        Traitement(
            "prospection",
            "Vie de la grappe",
            "Recenser les structures intéressées par le projet mutualisé.",
            "Intérêt légitime\u00a0: conduite du projet de la grappe.",
            "Dirigeants et interlocuteurs des structures",
            ("indicateurs",),
            ("candidatures",),
        ),
    )
}

# Common to every fiche when it is filled for the first time.
TRANSFERTS = "Aucun transfert hors de l’Union européenne. Hébergement certifié HDS en France\u00a0: à confirmer au contrat."
SOUS_TRAITANTS = "Éditeur et exploitant de la plateforme (RGPD art. 28), hébergeur certifié HDS."
MESURES = (
    "Deux facteurs pour tous, droits par fonction et par lien daté avec la personne, chiffrement par structure, journal "
    "des accès chaîné, sauvegardes chiffrées, cloisonnement de chaque structure dans la base."
)

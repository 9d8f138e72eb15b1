"""The matrix of the field: function × domain × operation, its legal bounds. Data; actions point to it.

Source: domain roles §2.12, from CSP L1110-4 (secret, équipe de soins), L1110-12, R1110-2, and the RGPD's separation of
duties. ``secretariat`` is not a column of that table: its cells are ours. Source: à confirmer.
"""

from dataclasses import dataclass
from typing import Literal

from plateforme.habilitations.roles import (
    AIDE_SOIGNANT,
    COMPTABLE,
    DIRECTION,
    DPD,
    INFIRMIER,
    INTERVENANT,
    PARTENAIRE,
    RESPONSABLE,
    SALARIES,
    SECRETARIAT,
    USAGER,
)

# L reads, E writes, V validates.
Operation = Literal["L", "E", "V"]

# A dot: nothing. The rows of domain roles §2.12, ``secretariat`` and ``equipe`` added.
_MATRICE = """
                 direction  responsable_secteur  idec  infirmier  aide_soignant  intervenant  secretariat  comptable_rh  dpd  usager  partenaire
identite         LE         LE                   LE    L          L              L            LE           L             .    L       L
ins              V          EV                   EV    L          L              .            L            .             .    L       .
acces_logement   .          LE                   LE    L          L              L            LE           .             .    LE      L
projet           LV         LEV                  LEV   LE         L              L            LE           .             .    L       L
grilles          L          LE                   LEV   LE         LE             L            .            L             .    L       .
sante            .          .                    LEV   LE         LE             .            .            .             .    L       L
transmissions    L          LE                   LE    LE         LE             LE           LE           .             .    LE      LE
planning         L          LEV                  LEV   L          L              L            LE           L             .    L       L
equipe           LE         LE                   LE    .          .              .            L            LE            L    .       .
facturation      LV         L                    .     .          .              .            .            LE            .    L       .
habilitations    LEV        .                    LE    .          .              .            .            .             L    .       .
traces           L          .                    L     .          .              .            .            .             LE   L       .
indicateurs      L          L                    L     .          .              .            .            L             L    .       .
certificats      LEV        L                    L     .          .              .            L            L             L    .       .
deploiement      LEV        LE                   LE    .          .              .            LE           L             LE   .       .
rgpd             LEV        .                    .     .          .              .            .            .             LEV  .       .
outils           LEV        LEV                  LEV   LEV        LEV            LEV          LEV          LEV           LEV  LEV  LEV
"""  # noqa: E501 - read as a table

_RAISON_DPD = "Le délégué à la protection des données contrôle les accès, il n’ouvre pas les dossiers."
_DU_DOSSIER = frozenset({DPD})


@dataclass(frozen=True, slots=True)
class Domaine:
    """A row. ``defaut``: operations by function. ``jamais``: functions no structure may open it to, and ``raison``."""

    cle: str
    libelle: str
    defaut: dict[str, str]
    jamais: frozenset[str] = frozenset()
    raison: str = ""


# Label, functions it never opens to, why.
_BORNES: dict[str, tuple[str, frozenset[str], str]] = {
    "identite": ("Identité et contacts", _DU_DOSSIER, _RAISON_DPD),
    "ins": (
        "Identité nationale de santé",
        frozenset({INTERVENANT, COMPTABLE, DPD, PARTENAIRE}),
        "Le matricule INS ne sert qu’à identifier la personne pour ses soins (CSP L1111-8-1).",
    ),
    "acces_logement": (
        "Clés et codes du logement",
        frozenset({DIRECTION, COMPTABLE, DPD}),
        "Les clés et les codes ne se montrent qu’à ceux qui organisent les visites ou s’y rendent.",
    ),
    "projet": ("Projet personnalisé et contrat", _DU_DOSSIER, _RAISON_DPD),
    "grilles": ("Grilles d’évaluation et GIR", _DU_DOSSIER, _RAISON_DPD),
    "sante": (
        "Soins et données de santé",
        frozenset({DIRECTION, RESPONSABLE, SECRETARIAT, INTERVENANT, COMPTABLE, DPD}),
        "Une donnée de santé ne s’ouvre jamais par le rang\u00a0: il faut une fonction de soin, "
        "ou faire partie de l’équipe de soins de la personne (CSP L1110-4).",
    ),
    "transmissions": ("Transmissions", _DU_DOSSIER, _RAISON_DPD),
    "planning": ("Planning et télégestion", _DU_DOSSIER, _RAISON_DPD),
    "equipe": (
        "Équipe et absences",
        frozenset({USAGER, PARTENAIRE}),
        "Les données du personnel restent dans la structure.",
    ),
    "facturation": ("Facturation", _DU_DOSSIER, _RAISON_DPD),
    "habilitations": (
        "Comptes et habilitations",
        frozenset({INFIRMIER, AIDE_SOIGNANT, INTERVENANT, SECRETARIAT, COMPTABLE, USAGER, PARTENAIRE}),
        "Les droits sont donnés par la direction et l’encadrement, "
        "et contrôlés par le délégué à la protection des données.",
    ),
    "traces": (
        "Journal des accès",
        frozenset({INFIRMIER, AIDE_SOIGNANT, INTERVENANT, SECRETARIAT, COMPTABLE, PARTENAIRE}),
        "Le journal des accès se lit par le délégué à la protection des données, et par l’encadrement.",
    ),
    "indicateurs": (
        "Indicateurs",
        frozenset({USAGER, PARTENAIRE}),
        "Les indicateurs restent dans la structure.",
    ),
    "certificats": (
        "Certificats et moyens d’identification",
        frozenset({INFIRMIER, AIDE_SOIGNANT, INTERVENANT, USAGER, PARTENAIRE}),
        "Un certificat engage la structure\u00a0: il se gère par la direction.",
    ),
    # Not a row of that table either. Source: à confirmer.
    "deploiement": (
        "Mise en production",
        frozenset({USAGER, PARTENAIRE}),
        "La mise en production se prépare dans la structure.",
    ),
    "rgpd": (
        "Protection des données",
        frozenset({INFIRMIER, AIDE_SOIGNANT, INTERVENANT, SECRETARIAT, COMPTABLE, USAGER, PARTENAIRE}),
        "Le registre, l’analyse d’impact et les violations se tiennent par la direction, qui en répond, et par le "
        "délégué à la protection des données (RGPD articles 24, 30, 33, 35 et 39).",
    ),
    # The shell's own gestures: searching, reading help, one's own account. No data of anybody else.
    "outils": ("Outils de chacun", frozenset(), ""),
}


def _lire_la_matrice() -> dict[str, Domaine]:
    entete, *lignes = _MATRICE.strip("\n").splitlines()
    colonnes = entete.split()
    domaines = {}
    for cle, *cellules in (ligne.split() for ligne in lignes):
        defaut = {role: cell for role, cell in zip(colonnes, cellules, strict=True) if cell != "."}
        domaines[cle] = Domaine(cle, _BORNES[cle][0], defaut, *_BORNES[cle][1:])
    return domaines


COLONNES: tuple[str, ...] = tuple(_MATRICE.strip("\n").splitlines()[0].split())
DOMAINES = _lire_la_matrice()

# Taken from these functions, nobody could give rights back, nor control them.
PLANCHERS: dict[str, frozenset[str]] = {
    "habilitations": frozenset({DIRECTION, DPD}),
    "traces": frozenset({DPD}),
    "outils": frozenset(SALARIES),
}


def motif_d_interdiction(domaine: str, role: str, *, permis: bool) -> str | None:
    """Why the law, or good sense, forbids a structure to set this cell so; None when it may."""
    ligne = DOMAINES[domaine]
    if permis and role in ligne.jamais:
        return ligne.raison
    if not permis and role in PLANCHERS.get(domaine, frozenset()):
        return "Ce droit ne peut pas être retiré à cette fonction : plus personne ne pourrait le rendre."
    return None

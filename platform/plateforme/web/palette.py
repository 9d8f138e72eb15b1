"""Results of Ctrl K: what the domains find, then the actions and the pages this person may open."""

from dataclasses import dataclass

from django.http import HttpRequest

from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import peut
from plateforme.web import registres
from plateforme.web.contexte import Coquille

PAR_GROUPE = 6
ORDRE = ("Usagers", "Intervenants", "Structures", "Actions", "Pages")


@dataclass(frozen=True, slots=True)
class Groupe:
    titre: str
    trouvailles: tuple[registres.Trouvaille, ...]


def _convient(q: str, libelle: str) -> bool:
    """Every typed word starts a word of the label, accents and case ignored."""
    mots = cle_de_tri(libelle).split()
    return all(any(mot.startswith(debut) for mot in mots) for debut in cle_de_tri(q).split())


def _de_la_coquille(request: HttpRequest, q: str) -> list[registres.Trouvaille]:
    coquille = Coquille(request)
    actions = [registres.Trouvaille("Actions", c.libelle, "", c.adresse, c.icone) for c in coquille.creations]
    pages = [
        registres.Trouvaille("Pages", ligne.libelle, "", ligne.adresse, ligne.icone)
        for ligne in coquille.lignes
    ]
    return [t for t in (*actions, *pages) if _convient(q, t.libelle)]


def chercher(request: HttpRequest, q: str) -> list[Groupe]:
    """Groups in reading order. A domain is asked from two characters on, by those who may see it."""
    trouvailles: list[registres.Trouvaille] = []
    if len(q) >= 2:
        for action, chercheur in registres.chercheurs():
            if peut(request.user, action):
                trouvailles.extend(chercheur(request, q))
    trouvailles.extend(_de_la_coquille(request, q))
    groupes: dict[str, list[registres.Trouvaille]] = {}
    for trouvaille in trouvailles:
        groupes.setdefault(trouvaille.groupe, []).append(trouvaille)
    rang = {titre: i for i, titre in enumerate(ORDRE)}
    return [
        Groupe(titre, tuple(groupes[titre][:PAR_GROUPE]))
        for titre in sorted(groupes, key=lambda titre: rang.get(titre, len(ORDRE)))
    ]

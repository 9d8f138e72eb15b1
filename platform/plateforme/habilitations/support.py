"""What a support session is to the engine of rights: no account, no function of the matrix, a frozen list of reads.

No structure may add to it, none may take from it: it grants the session or not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from plateforme.core.clock import now
from plateforme.habilitations.roles import SUPPORT
from plateforme.tenancy.courant import exiger_courant

# Reads alone, none of the domains sante, acces_logement, ins: a test holds it.
ACTIONS = frozenset(
    {
        "plateforme.aujourdhui.voir",
        "plateforme.aide.lire",
        "dossier.usager.lister",
        "dossier.usager.voir",
        "telegestion.planning.voir",
        "telegestion.intervenant.voir",
        "identity.equipe.voir",
        "habilitations.matrice.voir",
    }
)
MOTEUR = "plateforme.habilitations.support.SessionsDeSupport"


@dataclass
class CompteDeSupport:
    """Stands where an account stands, for the length of a grant. Belongs to no table."""

    pk: UUID
    operateur: str
    objet: str
    jusqu_a: datetime

    role: ClassVar[str] = SUPPORT
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False
    is_active: ClassVar[bool] = True
    actif: ClassVar[bool] = True
    theme: ClassVar[str] = "auto"
    prenom: ClassVar[str] = "Support"
    nom: ClassVar[str] = "Treille"
    nom_complet: ClassVar[str] = "Support Treille"
    initiales: ClassVar[str] = "ST"
    libelle_role: ClassVar[str] = "support de la plateforme, lecture seule"
    identifiant: ClassVar[str] = ""
    telephone: ClassVar[str] = ""
    reglages_bruts: ClassVar[tuple[Any, ...]] = ()
    bris_bruts: ClassVar[tuple[Any, ...]] = ()

    @property
    def id(self) -> UUID:
        return self.pk


def est_du_support(acteur: Any) -> bool:
    return getattr(acteur, "role", "") == SUPPORT


class SessionsDeSupport:
    """What Django asks at each request: the grant as it is now. Over or withdrawn, there is nobody."""

    def get_user(self, cle: Any) -> CompteDeSupport | None:
        from plateforme.habilitations.models import SessionSupport

        if not exiger_courant().est_une_structure:
            return None
        try:
            voulue = UUID(str(cle))
        except ValueError:
            return None
        ligne = SessionSupport.objects.ouvertes(now()).filter(pk=voulue, entree_a__isnull=False).first()
        if ligne is None:
            return None
        return CompteDeSupport(ligne.pk, ligne.operateur_nom, ligne.objet, ligne.au)

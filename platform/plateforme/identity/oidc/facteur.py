"""A provider that vouches for a single factor: the second one is asked here, on the same page as everybody's."""

import base64
import json
from dataclasses import asdict
from typing import Any

from plateforme.chiffrement import coffre
from plateforme.identity.oidc import fournisseurs, session
from plateforme.identity.oidc.client import Identite, lire_identite
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur
from plateforme.identity.ouverture import ParFournisseur

_USAGE = "identity.oidc.attente"


def affirme(identite: Identite, f: Fournisseur) -> bool:
    """Did the provider vouch for what the structure asks? Where nothing is asked, nothing is vouched for."""
    if not f.niveaux and not f.amr:
        return False
    return (not f.niveaux or identite.acr in f.niveaux) and f.amr <= set(identite.amr)


def sceller(compte: Any, identite: Identite, f: Fournisseur) -> str:
    """What the provider said, to wait in the session for the second factor."""
    contenu = {"compte": str(compte.pk), "f": f.cle, "identite": asdict(identite)}
    return base64.b64encode(coffre.sceller(json.dumps(contenu).encode(), _USAGE)).decode()


def rouvrir(scelle: str, compte: Any) -> ParFournisseur:
    """The second factor of this account is proven. Raises RefusOidc when the provider was withdrawn meanwhile."""
    lu = json.loads(coffre.ouvrir(base64.b64decode(scelle), _USAGE))
    f = fournisseurs.par_cle(lu["f"])
    if f is None or lu["compte"] != str(compte.pk):
        raise RefusOidc("tentative-inconnue")
    return session.par(compte, lire_identite(lu["identite"]), f, second_facteur_ici=True)

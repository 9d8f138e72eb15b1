"""A provider that vouches for a single factor: the second one is asked here, by whoever knows how, or the door stays shut."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse

from plateforme.chiffrement import coffre
from plateforme.identity.models import Compte
from plateforme.identity.oidc import fournisseurs, session
from plateforme.identity.oidc.client import Identite, Jetons
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur

_CLE = "_oidc_attente"
_USAGE = "identity.oidc.attente"

# Shows the second factor of this account; once proven, it calls ``conclure`` and goes to ``suite``.
Demander = Callable[[HttpRequest, Compte, str], HttpResponse]
_demandeurs: list[Demander] = []


def inscrire_second_facteur(demander: Demander) -> None:
    """Called in ``apps.ready()`` by the local accounts."""
    _demandeurs[:] = [demander]


def affirme(identite: Identite, f: Fournisseur) -> bool:
    """Did the provider vouch for what the structure asks? Where nothing is asked, nothing is vouched for."""
    if not f.niveaux and not f.amr:
        return False
    return (not f.niveaux or identite.acr in f.niveaux) and f.amr <= set(identite.amr)


def demander(
    request: HttpRequest, compte: Compte, identite: Identite, f: Fournisseur, suite: str
) -> HttpResponse:
    """Raises RefusOidc when no second factor may be asked here."""
    if not f.second_facteur_local or not _demandeurs:
        raise RefusOidc("facteur", f.nom)
    contenu = {"compte": str(compte.pk), "f": f.cle, "identite": asdict(identite)}
    scelle = coffre.sceller(json.dumps(contenu).encode(), _USAGE)
    request.session[_CLE] = base64.b64encode(scelle).decode()
    return _demandeurs[0](request, compte, suite)


def conclure(request: HttpRequest) -> Compte:
    """The second factor is proven: open the session that was waiting. Raises RefusOidc when none was."""
    scelle = request.session.pop(_CLE, None)
    if not scelle:
        raise RefusOidc("tentative-inconnue")
    lu: dict[str, Any] = json.loads(coffre.ouvrir(base64.b64decode(scelle), _USAGE))
    compte: Compte | None = Compte.objects.filter(pk=lu["compte"], actif=True).first()
    f = fournisseurs.par_cle(lu["f"])
    if compte is None or f is None:
        raise RefusOidc("tentative-inconnue")
    brute = lu["identite"]
    identite = Identite(**{**brute, "amr": tuple(brute["amr"]), "jetons": Jetons(**brute["jetons"])})
    session.ouvrir(request, compte, identite, f)
    return compte

"""What we know of a provider before asking it: who it must be, who we are for it, what it must assert."""

from dataclasses import dataclass, field

from django.conf import settings

from plateforme.chiffrement import coffre
from plateforme.identity.models import FournisseurOidc
from plateforme.identity.oidc.erreurs import RefusOidc

PSC = "psc"
NIVEAUX_EIDAS = ("eidas1", "eidas2", "eidas3")


@dataclass(frozen=True, slots=True)
class Fournisseur:
    """``niveaux``: admitted values of ``acr``; empty, the provider may say what it likes. ``amr``: all are needed."""

    cle: str
    nom: str
    issuer: str
    decouverte: str
    client_id: str
    secret: str = field(repr=False)
    scopes: str = "openid"
    demande_acr: str = ""
    niveaux: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()
    signatures: frozenset[str] = frozenset({"RS256", "ES256"})
    revendication: str = "sub"
    second_facteur_local: bool = False

    @property
    def est_psc(self) -> bool:
        return self.cle == PSC


def psc() -> Fournisseur | None:
    """Pro Santé Connect, or None where the platform has no client id: then nothing of it exists."""
    if not settings.PSC_CLIENT_ID:
        return None
    minimum = NIVEAUX_EIDAS.index(settings.PSC_ACR)
    return Fournisseur(
        cle=PSC,
        nom="Pro Santé Connect",
        issuer=settings.PSC_ISSUER,
        decouverte=settings.PSC_DECOUVERTE,
        client_id=settings.PSC_CLIENT_ID,
        secret=settings.PSC_CLIENT_SECRET,
        scopes=settings.PSC_SCOPES,
        demande_acr=settings.PSC_ACR,
        # At least: eidas1 is asked and eidas3 may be told. A word nobody ranked is refused.
        niveaux=frozenset(NIVEAUX_EIDAS[minimum:]),
        signatures=frozenset(settings.PSC_SIGNATURES),
        revendication="preferred_username",
    )


def exiger_psc() -> Fournisseur:
    """Raises RefusOidc where Pro Santé Connect is off."""
    fournisseur = psc()
    if fournisseur is None:
        raise RefusOidc("psc-absent")
    return fournisseur


def usage_du_secret(ligne: FournisseurOidc) -> str:
    return f"identity.fournisseur.secret:{ligne.pk}"


def de_structure(ligne: FournisseurOidc) -> Fournisseur:
    """A provider of the structure's own. Raises CleIndisponible when its secret cannot be read."""
    secret = coffre.ouvrir(bytes(ligne.secret), usage_du_secret(ligne)).decode() if ligne.secret else ""
    return Fournisseur(
        cle=f"oidc:{ligne.pk.hex}",
        nom=ligne.nom,
        issuer=ligne.issuer,
        decouverte=ligne.decouverte,
        client_id=ligne.client_id,
        secret=secret,
        scopes=ligne.scopes,
        demande_acr=ligne.acr,
        niveaux=frozenset(ligne.acr.split()),
        amr=frozenset(ligne.amr.split()),
        revendication=ligne.revendication,
        second_facteur_local=ligne.second_facteur_local,
    )


def par_cle(cle: str) -> Fournisseur | None:
    """Provider of an open session; None when it has been withdrawn since."""
    if cle == PSC:
        return psc()
    ligne = FournisseurOidc.objects.filter(pk=cle.removeprefix("oidc:"), actif=True).first()
    return de_structure(ligne) if ligne else None

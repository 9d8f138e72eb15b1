"""What a provider publishes of itself, checked before it is believed, and kept for a while in this process."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from plateforme.identity.oidc import appels
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur

DUREE = 3600.0
# When the provider is down, what it said yesterday still lets sessions be checked and closed.
DUREE_DE_SECOURS = 24 * 3600.0
DUREE_DES_CLES = 600.0
# An unknown key asks again, but not at each forged token.
ATTENTE_DES_CLES = 5.0
# A provider that has just not answered is not waited for by everybody in turn.
REPIT = 5.0
# Is its sign-in page up? Asked before somebody is sent there, at most this often.
DUREE_D_UNE_SONDE = 30.0
DELAI_D_UNE_SONDE = 2.0


@dataclass(frozen=True, slots=True)
class Decouverte:
    issuer: str
    autorisation: str
    jeton: str
    userinfo: str
    cles: str
    fin_de_session: str
    # RFC 9207: the provider promises to say who answers; its silence is then suspect.
    dit_qui_repond: bool

    @property
    def hotes(self) -> frozenset[str]:
        """Where this provider may be called: what its own verified document names, and nowhere else."""
        return appels.hotes_de(self.autorisation, self.jeton, self.userinfo, self.cles)


@dataclass(slots=True)
class _Garde:
    valeur: Any
    lu_a: float


_documents: dict[str, _Garde] = {}
_cles: dict[str, _Garde] = {}
_muets: dict[str, float] = {}
_sondes: dict[str, tuple[float, bool]] = {}


def oublier() -> None:
    """Ask again next time."""
    _documents.clear()
    _cles.clear()
    _muets.clear()
    _sondes.clear()


def lire(fournisseur: Fournisseur) -> Decouverte:
    """Discovery of this provider. Raises RefusOidc (it lies) or FournisseurInjoignable."""
    garde = _documents.get(fournisseur.decouverte)
    maintenant = time.monotonic()
    if garde is not None and maintenant - garde.lu_a < DUREE:
        return _pour(fournisseur, garde.valeur)
    try:
        document = _demander(fournisseur, maintenant)
    except FournisseurInjoignable:
        if garde is None or maintenant - garde.lu_a > DUREE_DE_SECOURS:
            raise
        document = garde.valeur
        maintenant = garde.lu_a
    lue = _pour(fournisseur, document)
    _documents[fournisseur.decouverte] = _Garde(document, maintenant)
    return lue


def _demander(fournisseur: Fournisseur, maintenant: float) -> dict[str, Any]:
    adresse = fournisseur.decouverte
    if maintenant - _muets.get(adresse, -REPIT) < REPIT:
        raise FournisseurInjoignable("muet-a-l-instant")
    try:
        reponse = appels.appeler("GET", adresse, hotes=appels.hotes_de(fournisseur.issuer, adresse))
        if reponse.statut != 200:
            raise FournisseurInjoignable("decouverte-absente")
    except FournisseurInjoignable:
        _muets[adresse] = time.monotonic()
        raise
    _muets.pop(adresse, None)
    return reponse.json()


def exiger_vivant(decouverte: Decouverte) -> None:
    """Told before leaving: a browser sent to a silent page comes back to nobody. Raises FournisseurInjoignable."""
    adresse, instant = decouverte.autorisation, time.monotonic()
    lu_a, vivant = _sondes.get(adresse, (-DUREE_D_UNE_SONDE, False))
    if instant - lu_a >= (DUREE_D_UNE_SONDE if vivant else REPIT):
        vivant = appels.repond(adresse, hotes=decouverte.hotes, delai=DELAI_D_UNE_SONDE)
        _sondes[adresse] = (time.monotonic(), vivant)
    if not vivant:
        raise FournisseurInjoignable("page-muette")


def douter(decouverte: Decouverte) -> None:
    """It has just not answered somebody: the next departure looks before leaving, however recent the last look."""
    _sondes.pop(decouverte.autorisation, None)


def _pour(fournisseur: Fournisseur, document: dict[str, Any]) -> Decouverte:
    """The document, if it is this provider's and says what we need."""
    if document.get("issuer") != fournisseur.issuer:
        raise RefusOidc("decouverte-autre-emetteur")
    adresses = {
        nom: document.get(nom)
        for nom in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    }
    if not all(isinstance(a, str) and appels.adresse_admise(a) for a in adresses.values()):
        raise RefusOidc("decouverte-adresse-non-admise")
    if "code" not in document.get("response_types_supported", ["code"]):
        raise RefusOidc("decouverte-sans-code")
    if "S256" not in document.get("code_challenge_methods_supported", ["S256"]):
        raise RefusOidc("decouverte-sans-pkce")
    fin = document.get("end_session_endpoint") or ""
    return Decouverte(
        issuer=fournisseur.issuer,
        autorisation=str(adresses["authorization_endpoint"]),
        jeton=str(adresses["token_endpoint"]),
        userinfo=str(adresses["userinfo_endpoint"]),
        cles=str(adresses["jwks_uri"]),
        fin_de_session=fin if isinstance(fin, str) and appels.adresse_admise(fin) else "",
        dit_qui_repond=document.get("authorization_response_iss_parameter_supported") is True,
    )


def cle(decouverte: Decouverte, kid: str, alg: str) -> Any:
    """Public key of that id, made for that algorithm. Raises RefusOidc when the provider does not publish it."""
    garde = _cles.get(decouverte.cles)
    maintenant = time.monotonic()
    if garde is None or maintenant - garde.lu_a > DUREE_DES_CLES:
        garde = _relire_les_cles(decouverte)
    trouvee = _chercher(garde.valeur, kid, alg)
    if trouvee is None and maintenant - garde.lu_a > ATTENTE_DES_CLES:
        trouvee = _chercher(_relire_les_cles(decouverte).valeur, kid, alg)
    if trouvee is None:
        raise RefusOidc("cle-inconnue")
    return trouvee


def _relire_les_cles(decouverte: Decouverte) -> _Garde:
    reponse = appels.appeler("GET", decouverte.cles, hotes=decouverte.hotes)
    cles = reponse.json().get("keys") if reponse.statut == 200 else None
    if not isinstance(cles, list):
        raise RefusOidc("cles-illisibles")
    _cles[decouverte.cles] = _Garde(cles, time.monotonic())
    return _cles[decouverte.cles]


def _chercher(cles: list[Any], kid: str, alg: str) -> Any:
    """Exactly one signing key of the right family: a public key never serves as a shared secret."""
    famille = {"RS256": "RSA", "ES256": "EC"}.get(alg)
    bonnes = [
        c
        for c in cles
        if isinstance(c, dict)
        and c.get("kid") == kid
        and c.get("kty") == famille
        and c.get("use", "sig") == "sig"
        and c.get("alg", alg) == alg
        and "d" not in c
    ]
    if len(bonnes) != 1:
        return None
    try:
        return jwt.PyJWK(bonnes[0], algorithm=alg).key
    except jwt.PyJWTError as erreur:
        raise RefusOidc("cles-illisibles") from erreur

"""What the sandbox remembers while it runs: keys, codes, tokens, sessions. Nothing is written anywhere."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from config.lanceur.bac_a_sable_psc.personnes import Professionnel

JETON_SECONDES = 60
CODE_SECONDES = 60
SESSION_SECONDES = 4 * 3600
KID = "bac-a-sable-1"


class DemandeRefusee(Exception):
    """``erreur`` is the word OAuth has for it."""

    def __init__(self, erreur: str) -> None:
        self.erreur = erreur
        super().__init__(erreur)


@dataclass(slots=True)
class Visite:
    """A session here: somebody said who they are."""

    sid: str
    qui: Professionnel
    fin: float
    # When they said it: what ``max_age`` and ``auth_time`` are about.
    prouve_a: int
    refresh: str = ""


@dataclass(slots=True)
class Code:
    visite: Visite
    client_id: str
    redirect_uri: str
    nonce: str
    defi: str
    fin: float


@dataclass
class Etat:
    issuer: str
    client_id: str
    secret: str
    cle: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, tuple[Visite, float]] = field(default_factory=dict)
    visites: dict[str, Visite] = field(default_factory=dict)

    def cles(self) -> dict[str, Any]:
        publique = jwt.algorithms.RSAAlgorithm.to_jwk(self.cle.public_key(), as_dict=True)
        return {"keys": [{**publique, "kid": KID, "alg": "RS256", "use": "sig"}]}

    def entrer(self, qui: Professionnel) -> Visite:
        visite = Visite(secrets.token_urlsafe(24), qui, time.time() + SESSION_SECONDES, int(time.time()))
        self.visites[visite.sid] = visite
        return visite

    def visite(self, sid: str) -> Visite | None:
        trouvee = self.visites.get(sid)
        return trouvee if trouvee and trouvee.fin > time.time() else None

    def donner_un_code(self, visite: Visite, demande: dict[str, str]) -> str:
        code = secrets.token_urlsafe(32)
        self.codes[code] = Code(
            visite,
            demande["client_id"],
            demande["redirect_uri"],
            demande.get("nonce", ""),
            demande["code_challenge"],
            time.time() + CODE_SECONDES,
        )
        return code

    def echanger(self, demande: dict[str, str]) -> dict[str, Any]:
        """Raises DemandeRefusee."""
        code = self.codes.pop(demande.get("code", ""), None)
        if code is None or code.fin < time.time() or code.redirect_uri != demande.get("redirect_uri"):
            raise DemandeRefusee("invalid_grant")
        empreinte = hashlib.sha256(demande.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode() != code.defi:
            raise DemandeRefusee("invalid_grant")
        return self._jetons(code.visite, code.nonce)

    def renouveler(self, refresh: str) -> dict[str, Any]:
        """A refresh token serves once, as long as the session lives. Raises DemandeRefusee."""
        for visite in self.visites.values():
            if refresh and visite.refresh == refresh and visite.fin > time.time():
                return self._jetons(visite, "")
        raise DemandeRefusee("invalid_grant")

    def sortir(self, id_token: str, sid: str) -> None:
        """The session of the hint, else the one of the browser."""
        try:
            lu = jwt.decode(
                id_token,
                self.cle.public_key(),
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_aud": False},
            )
            sid = str(lu.get("sid", sid))
        except jwt.PyJWTError:
            pass
        self.visites.pop(sid, None)
        self.access = {jeton: v for jeton, v in self.access.items() if v[0].sid != sid}

    def qui_est(self, access: str) -> Professionnel | None:
        trouve = self.access.get(access)
        return trouve[0].qui if trouve and trouve[1] > time.time() else None

    def _jetons(self, visite: Visite, nonce: str) -> dict[str, Any]:
        access, visite.refresh = secrets.token_urlsafe(40), secrets.token_urlsafe(40)
        instant = int(time.time())
        self.access = {jeton: v for jeton, v in self.access.items() if v[1] > instant}
        self.access[access] = (visite, instant + JETON_SECONDES)
        moitie = hashlib.sha256(access.encode()).digest()[:16]
        contenu = {
            "iss": self.issuer,
            "sub": visite.qui.sub,
            "aud": self.client_id,
            "azp": self.client_id,
            "exp": instant + JETON_SECONDES,
            "iat": instant,
            "auth_time": visite.prouve_a,
            "acr": "eidas1",
            "sid": visite.sid,
            "preferred_username": visite.qui.identifiant,
            "at_hash": base64.urlsafe_b64encode(moitie).rstrip(b"=").decode(),
            **({"nonce": nonce} if nonce else {}),
        }
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": JETON_SECONDES,
            "refresh_token": visite.refresh,
            "scope": "openid profile email scope_all",
            "id_token": jwt.encode(contenu, self.cle, algorithm="RS256", headers={"kid": KID}),
        }

"""What the tests of sign-in share."""

import html
import json
import re
from typing import Any

import pyotp

from plateforme.core.clock import now
from plateforme.tenancy.courant import Contexte, lier
from tests.support.authentificateur import Authentificateur
from tests.support.monde import MOT_DE_PASSE, SECRET_TOTP, compte

PHRASE = "girafe lente sous verveine"


def code(secret: str = SECRET_TOTP, decalage: int = 0) -> str:
    return str(pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // 30 + decalage))


def premier(client: Any, identifiant: str, mot_de_passe: str = MOT_DE_PASSE, **champs: Any) -> Any:
    return client.post("/connexion", {"identifiant": identifiant, "mot_de_passe": mot_de_passe, **champs})


def est_connecte(client: Any) -> bool:
    return bool(client.get("/mon-compte").status_code == 200)


def options_de(reponse: Any) -> dict[str, Any]:
    """Options a page gives to the browser."""
    brut = re.search(r'data-options="([^"]*)"', reponse.content.decode())
    assert brut
    lu: dict[str, Any] = json.loads(html.unescape(brut[1]))
    return lu


def lien_de(reponse: Any) -> str:
    """Path of the single-use link a page shows once."""
    trouve = re.search(r'id="lien-invitation">https?://[^/]+(/acces/[^<]+)<', reponse.content.decode())
    assert trouve, reponse.content.decode()[:2000]
    return trouve[1]


def cle_de(contexte: Contexte, identifiant: str) -> Authentificateur:
    """A passkey already registered for somebody."""
    from plateforme.identity.services import passkeys

    hote = f"{contexte.slug}.localhost"
    cle = Authentificateur(hote, f"http://{hote}")
    with lier(contexte):
        qui = compte(identifiant)
        site = passkeys.Site(hote, f"http://{hote}")
        options, defi = passkeys.options_d_ajout(qui, site)
        passkeys.ajouter(qui, passkeys.verifier_ajout(json.loads(cle.creer(options)), defi, site), "Essai")
    return cle

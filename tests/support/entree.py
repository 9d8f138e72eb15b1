"""Signing in as people do: a password, then the code of their application."""

import time
from typing import Any

import pyotp

from tests.support.monde import MOT_DE_PASSE, SECRET_TOTP

_PAS_S = 30
_derniers: dict[str, int] = {}


def code(secret: str = SECRET_TOTP, *, qui: str = "", maintenant: float | None = None) -> str:
    """A code never given before to ``qui``: each time step serves once, so the next ones are drawn ahead of time."""
    while True:
        instant = time.time() if maintenant is None else maintenant
        pas, ecoule = int(instant) // _PAS_S, instant % _PAS_S
        # The step before is still good, but not for long when this one is about to end.
        premier = pas - 1 if ecoule < _PAS_S / 2 or maintenant is not None else pas
        prochain = max(premier, _derniers.get(qui, 0) + 1)
        if prochain <= pas + 1 or maintenant is not None:
            break
        time.sleep(0.2)  # three sign-ins of one person in half a minute: the clock must move
    _derniers[qui] = prochain
    return str(pyotp.TOTP(secret).generate_otp(prochain))


def entrer(
    client: Any, identifiant: str, mot_de_passe: str = MOT_DE_PASSE, suite: str = "", **champs: Any
) -> Any:
    """Both steps through the pages, with the code of the running step. Answers the last response."""
    reponse = client.post(
        "/connexion", {"identifiant": identifiant, "mot_de_passe": mot_de_passe, "suite": suite}
    )
    if reponse.status_code != 302 or reponse["Location"] != "/connexion/code":
        return reponse
    champs.setdefault("code", pyotp.TOTP(SECRET_TOTP).now())
    return client.post("/connexion/code", champs)


def entrer_au_navigateur(
    page: Any, adresse: str, identifiant: str, mot_de_passe: str = MOT_DE_PASSE, secret: str = SECRET_TOTP
) -> None:
    """The same in a browser, whatever the site."""
    page.goto(adresse)
    page.fill("#identifiant", identifiant)
    page.fill("#mot_de_passe", mot_de_passe)
    page.press("#mot_de_passe", "Enter")
    page.wait_for_url("**/connexion/code")
    # A secret of one's own was already used to enrol; the shared one is counted for each person.
    qui = f"{adresse.split('/')[2]}:{identifiant}" if secret == SECRET_TOTP else secret
    page.fill("#code", code(secret, qui=qui))
    page.press("#code", "Enter")
    page.wait_for_url(lambda url: "/connexion" not in url)


def s_inscrire_au_navigateur(page: Any, lien: str, mot_de_passe: str) -> str:
    """From an invitation's link to the recovery codes, with an application of codes. Answers its secret."""
    page.goto(lien)
    page.fill("#mot_de_passe", mot_de_passe)
    page.press("#mot_de_passe", "Enter")
    page.wait_for_selector("#secret-totp", state="attached")
    secret = str(page.locator("#secret-totp").text_content()).strip()
    page.fill("#code", code(secret, qui=secret))
    page.press("#code", "Enter")
    page.wait_for_selector("#codes")
    return secret

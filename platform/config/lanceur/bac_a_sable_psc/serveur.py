"""A small OpenID provider with Pro Santé Connect's paths, over plain http on this machine only."""

import base64
import binascii
import json
import logging
import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from config.lanceur.bac_a_sable_psc import pages, personnes
from config.lanceur.bac_a_sable_psc.etat import DemandeRefusee, Etat, Visite

logger = logging.getLogger(__name__)
CHEMIN = "/auth/realms/esante-wallet"
PROTOCOLE = f"{CHEMIN}/protocol/openid-connect"
_COOKIE = "bac_a_sable_psc"
_CORPS_MAX = 20_000
_POLITIQUE = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'"


def decouverte(racine: str) -> dict[str, Any]:
    protocole = racine + PROTOCOLE
    return {
        "issuer": racine + CHEMIN,
        "authorization_endpoint": f"{protocole}/auth",
        "token_endpoint": f"{protocole}/token",
        "userinfo_endpoint": f"{protocole}/userinfo",
        "jwks_uri": f"{protocole}/certs",
        "end_session_endpoint": f"{protocole}/logout",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "scope_all"],
        "acr_values_supported": ["eidas1", "eidas2", "eidas3"],
        "claims_supported": ["sub", "preferred_username", "given_name", "family_name", "SubjectNameID"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "authorization_response_iss_parameter_supported": True,
    }


def _bien_formee(demande: dict[str, str]) -> bool:
    """A code, the identity, PKCE: what the real one will ask too."""
    return (
        demande.get("response_type") == "code"
        and "openid" in demande.get("scope", "").split()
        and demande.get("code_challenge_method") == "S256"
        and len(demande.get("code_challenge", "")) == 43
    )


class BacASable(ThreadingHTTPServer):
    """``retours``: addresses the client registered, as at the agency's."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, hote: str, port: int, donnees: Path, client: tuple[str, str], reseau: str) -> None:
        super().__init__((hote, port), Guichet)
        self.racine = f"http://localhost:{self.server_port}"
        self.etat = Etat(self.racine + CHEMIN, *client)
        self.donnees = donnees
        self.retours = frozenset({f"{reseau}/psc/retour"})
        self.fins = frozenset({f"{reseau}/psc/fin"})


class Guichet(BaseHTTPRequestHandler):
    server: BacASable
    protocol_version = "HTTP/1.1"
    timeout = 20

    def log_message(self, *_args: Any) -> None:
        """Addresses carry codes: they are not written."""

    def do_GET(self) -> None:
        self._servir("GET")

    def do_POST(self) -> None:
        self._servir("POST")

    def _servir(self, methode: str) -> None:
        chemin = urlsplit(self.path).path
        routes = {
            ("GET", f"{CHEMIN}/.well-known/wallet-openid-configuration"): self._decouverte,
            ("GET", f"{PROTOCOLE}/certs"): self._cles,
            ("GET", f"{PROTOCOLE}/auth"): self._autoriser,
            ("GET", f"{PROTOCOLE}/style.css"): self._style,
            ("POST", f"{PROTOCOLE}/token"): self._jetons,
            ("GET", f"{PROTOCOLE}/userinfo"): self._userinfo,
            ("POST", f"{PROTOCOLE}/userinfo"): self._userinfo,
            ("GET", f"{PROTOCOLE}/logout"): self._sortir,
            ("GET", "/"): self._accueil,
        }
        route = routes.get((methode, chemin))
        if route is None:
            self._page(pages.refus("adresse inconnue"), 404)
        else:
            route()

    # -- documents ------------------------------------------------------------------------------
    def _decouverte(self) -> None:
        self._json(decouverte(self.server.racine))

    def _cles(self) -> None:
        self._json(self.server.etat.cles())

    def _style(self) -> None:
        self._envoyer(200, pages.style().encode(), "text/css; charset=utf-8")

    def _accueil(self) -> None:
        self._page(pages.refus("commencez par la page de connexion de Treille"), 200)

    # -- course of a sign-in --------------------------------------------------------------------
    def _autoriser(self) -> None:
        demande = dict(parse_qsl(urlsplit(self.path).query))
        # Before the address is known to be the client's, nothing is sent to it.
        if demande.get("client_id") != self.server.etat.client_id:
            return self._page(pages.refus("client inconnu"), 400)
        if demande.get("redirect_uri") not in self.server.retours:
            return self._page(pages.refus("adresse de retour non déclarée"), 400)
        qui, annuler = demande.pop("qui", ""), demande.pop("annuler", "")
        if annuler or not _bien_formee(demande):
            return self._repondre(demande, error="access_denied" if annuler else "invalid_request")
        # Asked again, whoever is already known here: before a sensitive act.
        a_nouveau = "login" in demande.get("prompt", "").split() or demande.get("max_age") == "0"
        visite = None if a_nouveau else self._visite()
        connus = personnes.lire(self.server.donnees)
        choisi = next((p for p in connus if p.identifiant == qui), None)
        if choisi is not None:
            visite = self.server.etat.entrer(choisi)
        if visite is None:
            return self._page(pages.choix(connus, demande), 200)
        code = self.server.etat.donner_un_code(visite, demande)
        return self._repondre(demande, visite, code=code)

    def _repondre(self, demande: dict[str, str], visite: Visite | None = None, **params: str) -> None:
        complets = {**params, "state": demande.get("state", ""), "iss": self.server.etat.issuer}
        cookie = f"{_COOKIE}={visite.sid}; Path={CHEMIN}; HttpOnly; SameSite=Lax" if visite else ""
        self._rediriger(f"{demande['redirect_uri']}?{urlencode(complets)}", cookie)

    def _visite(self) -> Visite | None:
        lus = SimpleCookie(self.headers.get("Cookie", ""))
        return self.server.etat.visite(lus[_COOKIE].value) if _COOKIE in lus else None

    def _jetons(self) -> None:
        longueur = int(self.headers.get("Content-Length") or 0)
        demande = dict(parse_qsl(self.rfile.read(min(longueur, _CORPS_MAX)).decode(errors="replace")))
        try:
            self._exiger_le_client()
            if demande.get("grant_type") == "authorization_code":
                self._json(self.server.etat.echanger(demande))
            elif demande.get("grant_type") == "refresh_token":
                self._json(self.server.etat.renouveler(demande.get("refresh_token", "")))
            else:
                raise DemandeRefusee("unsupported_grant_type")
        except DemandeRefusee as refus:
            self._json({"error": refus.erreur}, 401 if refus.erreur == "invalid_client" else 400)

    def _exiger_le_client(self) -> None:
        genre, _, valeur = self.headers.get("Authorization", "").partition(" ")
        try:
            nom, _, secret = base64.b64decode(valeur, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise DemandeRefusee("invalid_client") from None
        attendu = self.server.etat.secret
        if (
            genre.lower() != "basic"
            or unquote_plus(nom) != self.server.etat.client_id
            or not secrets.compare_digest(unquote_plus(secret).encode(), attendu.encode())
        ):
            raise DemandeRefusee("invalid_client")

    def _userinfo(self) -> None:
        access = self.headers.get("Authorization", "").removeprefix("Bearer ")
        qui = self.server.etat.qui_est(access)
        if qui is None:
            self._json({"error": "invalid_token"}, 401)
        else:
            self._json(qui.claims())

    def _sortir(self) -> None:
        demande = dict(parse_qsl(urlsplit(self.path).query))
        courante = self._visite()
        self.server.etat.sortir(demande.get("id_token_hint", ""), courante.sid if courante else "")
        efface = f"{_COOKIE}=; Path={CHEMIN}; Max-Age=0; HttpOnly; SameSite=Lax"
        retour = demande.get("post_logout_redirect_uri", "")
        if retour in self.server.fins:
            self._rediriger(f"{retour}?{urlencode({'state': demande.get('state', '')})}", efface)
        else:
            self._page(pages.sortie(), 200, efface)

    # -- answers ----------------------------------------------------------------------------------
    def _json(self, corps: dict[str, Any], statut: int = 200) -> None:
        self._envoyer(statut, json.dumps(corps).encode(), "application/json")

    def _page(self, texte: str, statut: int, cookie: str = "") -> None:
        self._envoyer(statut, texte.encode(), "text/html; charset=utf-8", cookie=cookie)

    def _rediriger(self, vers: str, cookie: str = "") -> None:
        self._envoyer(302, b"", "text/plain", cookie=cookie, vers=vers)

    def _envoyer(self, statut: int, corps: bytes, genre: str, *, cookie: str = "", vers: str = "") -> None:
        self.send_response(statut)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(corps)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLITIQUE)
        self.send_header("Referrer-Policy", "no-referrer")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        if vers:
            self.send_header("Location", vers)
        self.end_headers()
        self.wfile.write(corps)

"""mozilla-django-oidc, kept for the course of the exchange; what it checks loosely is checked by ``jetons``.

Ours: settings per provider instead of global ones, our own outbound calls, algorithm and key chosen by us, exact issuer and
audience, times, level, the person of userinfo, the issuer of the answer. Theirs: state, nonce and PKCE made and kept in
the browser's session, the exchange of the code.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from plateforme.core.clock import now
from plateforme.identity.oidc import appels, jetons
from plateforme.identity.oidc import decouverte as decouvertes
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur

_TENTATIVES = "oidc_states"  # the library's name
DUREE_TENTATIVE = timedelta(minutes=10)
_IDENTIFIANT = re.compile(r"[A-Za-z0-9/._@:+=-]{1,255}")
_ID_NATIONAL = re.compile(r"[A-Za-z0-9/.-]{5,40}")


@dataclass(frozen=True, slots=True)
class Jetons:
    """What must be kept to ask again, and to sign out there."""

    access: str
    refresh: str
    id_token: str


@dataclass(frozen=True, slots=True)
class Identite:
    """Who the provider says it is, verified. ``identifiant``: the national id with its prefix, for PSC."""

    identifiant: str
    sub: str
    sid: str
    prenom: str
    nom: str
    acr: str
    amr: tuple[str, ...]
    jetons: Jetons


def lire_identite(brute: dict[str, Any]) -> Identite:
    """From what ``asdict`` made of one, sealed between two pages."""
    return Identite(**{**brute, "amr": tuple(brute["amr"]), "jetons": Jetons(**brute["jetons"])})


class _Reglages:
    """The library reads its settings by name; each provider has its own, and none are global."""

    fournisseur: Fournisseur
    decouverte: decouvertes.Decouverte

    def get_settings(self, attr: str, *defaut: Any) -> Any:
        f, d = self.fournisseur, self.decouverte
        valeurs: dict[str, Any] = {
            "OIDC_OP_AUTHORIZATION_ENDPOINT": d.autorisation,
            "OIDC_OP_TOKEN_ENDPOINT": d.jeton,
            "OIDC_OP_USER_ENDPOINT": d.userinfo,
            "OIDC_OP_JWKS_ENDPOINT": d.cles,
            "OIDC_RP_CLIENT_ID": f.client_id,
            "OIDC_RP_CLIENT_SECRET": f.secret,
            "OIDC_RP_SIGN_ALGO": "RS256",
            "OIDC_RP_SCOPES": f.scopes,
            "OIDC_USE_PKCE": True,
            "OIDC_USE_NONCE": True,
            "OIDC_AUTHENTICATION_CALLBACK_URL": "connexion",  # replaced by the registered address, always
        }
        return valeurs[attr] if attr in valeurs else defaut[0]


class Demande(_Reglages, OIDCAuthenticationRequestView):
    """Sends the browser to the provider, with a state, a nonce and a PKCE challenge of its own.

    ``a_nouveau``: the person must say again who they are, whatever session the provider still holds.
    """

    def __init__(self, fournisseur: Fournisseur, retour: str, *, a_nouveau: bool = False) -> None:
        self.fournisseur, self.retour, self.a_nouveau = fournisseur, retour, a_nouveau
        self.decouverte = decouvertes.lire(fournisseur)
        decouvertes.exiger_vivant(self.decouverte)
        super().__init__()  # type: ignore[no-untyped-call]

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        # The registered address, whatever name this host was called by.
        params = {"redirect_uri": self.retour}
        if self.fournisseur.demande_acr:
            params["acr_values"] = self.fournisseur.demande_acr
        if self.a_nouveau:
            params |= {"prompt": "login", "max_age": "0"}
        return params

    def partir(self, request: HttpRequest, **contexte: Any) -> HttpResponseRedirect:
        """``contexte`` waits in the browser's session beside the state, for the way back."""
        reponse: HttpResponseRedirect = self.get(request)  # type: ignore[no-untyped-call]
        etat = parse_qs(urlsplit(reponse.url).query)["state"][0]
        tentative = request.session[_TENTATIVES][etat]
        tentative["fournisseur"] = self.fournisseur.cle
        tentative["contexte"] = contexte
        tentative["a_nouveau"] = self.a_nouveau
        request.session.modified = True
        return reponse


@dataclass(frozen=True, slots=True)
class Tentative:
    """What waited for an answer. ``apres``: the proof asked for must be younger than this instant; None: any will do."""

    nonce: str
    verifieur: str
    contexte: dict[str, Any]
    apres: float | None


def reprendre(request: HttpRequest, cle: str) -> Tentative:
    """The attempt this answer belongs to, which is then forgotten.

    Raises RefusOidc when this browser started no such attempt with this provider.
    """
    etat = request.GET.get("state", "")
    tentatives = request.session.get(_TENTATIVES)
    tentative = tentatives.pop(etat, None) if etat and isinstance(tentatives, dict) else None
    if not isinstance(tentative, dict):
        raise RefusOidc("tentative-inconnue")
    # Saved now: the exchange is slow, and the same answer sent twice must find nothing.
    request.session[_TENTATIVES] = tentatives
    request.session.save()
    trop_vieille = now().timestamp() - float(tentative["added_on"]) > DUREE_TENTATIVE.total_seconds()
    # One attempt is with one provider: the answer of another is a mix-up.
    if trop_vieille or tentative.get("fournisseur") != cle:
        raise RefusOidc("tentative-inconnue")
    return Tentative(
        tentative["nonce"],
        tentative["code_verifier"],
        tentative["contexte"],
        float(tentative["added_on"]) if tentative["a_nouveau"] else None,
    )


class Echange(_Reglages, OIDCAuthenticationBackend):
    """Turns the code of an answer into a verified identity."""

    def __init__(self, fournisseur: Fournisseur, retour: str) -> None:
        self.fournisseur, self.retour = fournisseur, retour
        self.decouverte = decouvertes.lire(fournisseur)
        self._recus: dict[str, Any] = {}
        self._apres: float | None = None
        super().__init__()  # type: ignore[no-untyped-call]

    def conclure(self, request: HttpRequest, tentative: Tentative) -> Identite:
        """Raises RefusOidc or FournisseurInjoignable."""
        self._apres = tentative.apres
        self._verifier_qui_repond(request)
        if request.GET.get("error"):
            erreur = request.GET["error"]
            if erreur in ("temporarily_unavailable", "server_error"):
                raise FournisseurInjoignable("en-panne")
            raise RefusOidc("annulee" if erreur == "access_denied" else "refus-du-fournisseur")
        identite = self.authenticate(  # type: ignore[no-untyped-call]
            request, nonce=tentative.nonce, code_verifier=tentative.verifieur
        )
        if not isinstance(identite, Identite):
            raise RefusOidc("reponse-incomplete")
        return identite

    def _verifier_qui_repond(self, request: HttpRequest) -> None:
        """RFC 9207: an answer that says it comes from somebody else does."""
        iss = request.GET.get("iss")
        if (iss is None and self.decouverte.dit_qui_repond) or (
            iss is not None and iss != self.fournisseur.issuer
        ):
            raise RefusOidc("autre-emetteur")

    # -- what the library calls -----------------------------------------------------------------
    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        donnees = {**payload, "redirect_uri": self.retour}
        donnees.pop("client_secret")
        recus = demander_jetons(self.fournisseur, self.decouverte, donnees)
        if str(recus.get("token_type", "")).lower() != "bearer" or not isinstance(
            recus.get("access_token"), str
        ):
            raise RefusOidc("jeton-d-un-autre-genre")
        self._recus = recus
        return recus

    def verify_token(self, token: Any, **autres: Any) -> dict[str, Any]:
        access = str(self._recus.get("access_token", ""))
        lu = jetons.id_token(
            token, self.fournisseur, self.decouverte, nonce=str(autres.get("nonce") or ""), access=access
        )
        if self._apres is not None:
            jetons.exiger_prouve_apres(lu, self._apres)
        return lu

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Never in the clear in a session."""

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        reponse = appels.appeler(
            "GET", self.decouverte.userinfo, hotes=self.decouverte.hotes, porteur=access_token
        )
        if reponse.statut != 200:
            raise RefusOidc("userinfo-refusee")
        corps = (
            reponse.corps.decode(errors="replace")
            if reponse.genre.startswith("application/jwt")
            else reponse.json()
        )
        return jetons.userinfo(corps, self.fournisseur, self.decouverte, sub=payload["sub"])

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Identite:
        """Not a user: an identity. Accounts are never created from what a provider says."""
        infos = self.get_userinfo(access_token, id_token, payload)
        return Identite(
            identifiant=_identifiant(self.fournisseur, infos),
            sub=payload["sub"],
            sid=_sid(payload),
            prenom=_texte(infos, "given_name"),
            nom=_texte(infos, "family_name"),
            acr=str(payload.get("acr", ""))[:80],
            amr=tuple(str(m) for m in payload.get("amr", []) if isinstance(m, str)),
            jetons=Jetons(access_token, str(self._recus.get("refresh_token") or ""), id_token),
        )


def demander_jetons(
    f: Fournisseur, d: decouvertes.Decouverte, donnees: dict[str, str], *, delai: float = appels.DELAI
) -> dict[str, Any]:
    """Token endpoint, as a confidential client. Raises RefusOidc with the provider's own word as motive."""
    try:
        reponse = appels.appeler(
            "POST", d.jeton, hotes=d.hotes, formulaire=donnees, basic=(f.client_id, f.secret), delai=delai
        )
    except FournisseurInjoignable:
        decouvertes.douter(d)
        raise
    lu = reponse.json()
    if reponse.statut != 200 or "error" in lu:
        mot = re.sub(r"[^a-z_]", "", str(lu.get("error", "")))[:40].replace("_", "-")
        raise RefusOidc(f"jeton-refuse-{mot}" if mot else "jeton-refuse")
    return lu


def _identifiant(f: Fournisseur, infos: dict[str, Any]) -> str:
    valeur = infos.get(f.revendication)
    if not isinstance(valeur, str) or not (_ID_NATIONAL if f.est_psc else _IDENTIFIANT).fullmatch(valeur):
        raise RefusOidc("sans-identifiant")
    # PSC says it twice; two different answers are no answer.
    if f.est_psc and infos.get("SubjectNameID", valeur) != valeur:
        raise RefusOidc("identite-discordante")
    return valeur


def _sid(payload: dict[str, Any]) -> str:
    """Session of the provider. Keycloak's older name for it is ``session_state``; without any, the person."""
    for nom in ("sid", "session_state"):
        if isinstance(payload.get(nom), str) and payload[nom]:
            return str(payload[nom])[:255]
    return f"sub:{payload['sub']}"[:255]


def _texte(infos: dict[str, Any], nom: str) -> str:
    valeur = infos.get(nom)
    return " ".join(valeur.split())[:100] if isinstance(valeur, str) else ""

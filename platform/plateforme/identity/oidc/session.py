"""Life of a session opened on a provider's word: its tokens sealed, its provider asked again, signed out on both sides."""

import enum
import json
import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.core.clock import now
from plateforme.core.errors import Indisponible
from plateforme.identity.elevation import marquer
from plateforme.identity.models import Session
from plateforme.identity.oidc import decouverte as decouvertes
from plateforme.identity.oidc import fournisseurs, jetons
from plateforme.identity.oidc.client import Identite, Jetons, demander_jetons
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc
from plateforme.identity.oidc.fournisseurs import Fournisseur
from plateforme.identity.ouverture import CLE_DU_SUIVI, ParFournisseur
from plateforme.tenancy.courant import exiger_courant

logger = logging.getLogger(__name__)

# In the session: which provider, when it was last heard, whether it is down.
CLE = CLE_DU_SUIVI
SEL_DE_SORTIE = "treille.sortie.psc"
DELAI = 2.0
# A provider that is down is asked again after this, not at each page.
REPIT = timedelta(seconds=60)


class Issue(enum.Enum):
    RIEN = "rien"
    CONFIRMEE = "confirmee"
    DEGRADEE = "degradee"
    REFUSEE = "refusee"


def _usage(compte_id: Any) -> str:
    return f"identity.session.jetons:{compte_id}"


def sceller(recus: Jetons, sub: str, compte_id: Any) -> bytes:
    contenu = {**asdict(recus), "sub": sub, "vu": int(now().timestamp())}
    return coffre.sceller(json.dumps(contenu).encode(), _usage(compte_id))


def par(
    compte: Any, identite: Identite, fournisseur: Fournisseur, *, second_facteur_ici: bool = False
) -> ParFournisseur:
    """What this proof adds to the session it opens: tokens sealed beside it, and what the middleware follows."""
    return ParFournisseur(
        fournisseur=fournisseur.cle,
        sid=identite.sid,
        jetons=sceller(identite.jetons, identite.sub, compte.pk),
        niveau=identite.acr,
        suivi=_suivi(fournisseur, second_facteur_ici=second_facteur_ici),
    )


def _suivi(fournisseur: Fournisseur, *, second_facteur_ici: bool) -> dict[str, Any]:
    suivi = {"f": fournisseur.cle, "vu": int(now().timestamp()), "panne": False}
    return {**suivi, "ici": True} if second_facteur_ici else suivi


def confirmer(request: HttpRequest, identite: Identite, fournisseur: Fournisseur) -> None:
    """The person of this very session has proven again who they are: no new session, its tokens are the last ones."""
    session: Any = request.session
    with transaction.atomic():
        session.inscrire(sid=identite.sid, jetons=sceller(identite.jetons, identite.sub, request.user.pk))
        session[CLE] = _suivi(fournisseur, second_facteur_ici=False)
        marquer(request)


def se_confirme_ailleurs(request: HttpRequest) -> bool:
    """Not where the provider alone was not enough to open this session: it is not to confirm it either."""
    suivi = request.session.get(CLE)
    return bool(suivi) and not suivi.get("ici")


def _lire(request: HttpRequest) -> dict[str, Any] | None:
    """Tokens of this session. None when there are none; raises CleIndisponible when they cannot be read."""
    scelle = Session.objects.filter(pk=request.session.session_key).values_list("jetons", flat=True).first()
    if not scelle:
        return None
    lu: dict[str, Any] = json.loads(coffre.ouvrir(bytes(scelle), _usage(request.user.pk)))
    return lu


def en_degrade(request: HttpRequest) -> bool:
    etat = request.session.get(CLE) if hasattr(request, "session") else None
    return bool(etat and etat.get("panne"))


def rafraichir_si_besoin(request: HttpRequest) -> Issue:
    """Ask the provider whether its session still lives, every few minutes of activity.

    Refused: the caller closes the session. Unreachable: the session goes on to its own limit, noted once.
    """
    etat = request.session.get(CLE)
    if not etat or now().timestamp() - etat["vu"] < settings.OIDC_RAFRAICHIR_SECONDES:
        return Issue.RIEN
    if not request.user.is_authenticated:
        return Issue.RIEN
    try:
        issue = _demander(request, etat["f"])
    except (Indisponible, FournisseurInjoignable):
        issue = Issue.DEGRADEE
    except RefusOidc as refus:
        logger.warning("session refusée par son fournisseur", extra={"code": refus.motif})
        return Issue.REFUSEE
    _retenir(request, etat, issue)
    return issue


def _retenir(request: HttpRequest, etat: dict[str, Any], issue: Issue) -> None:
    instant = int(now().timestamp())
    if issue is not Issue.DEGRADEE:
        request.session[CLE] = {**etat, "vu": instant, "panne": False}
        return
    vu = instant - settings.OIDC_RAFRAICHIR_SECONDES + int(REPIT.total_seconds())
    request.session[CLE] = {**etat, "vu": vu, "panne": True}
    if not etat.get("panne"):
        with transaction.atomic():
            noter("identity.oidc.degrade", acteur_id=request.user.pk, fournisseur=etat["f"][:4])


def _demander(request: HttpRequest, cle: str) -> Issue:
    """One request of this session asks; the others of the same moment go on. A refresh token serves once."""
    with transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"treille.rafraichir:{exiger_courant().schema}:{request.session.session_key}"],
            )
            if not curseur.fetchone()[0]:
                return Issue.RIEN
        gardes = _lire(request)
        fournisseur = fournisseurs.par_cle(cle)
        if fournisseur is None:
            raise RefusOidc("fournisseur-retire")
        if gardes is None or not gardes["refresh"]:
            return Issue.RIEN
        if now().timestamp() - gardes["vu"] < settings.OIDC_RAFRAICHIR_SECONDES:
            return Issue.CONFIRMEE  # another request of this session has just asked
        nouveaux = _rafraichir(fournisseur, gardes)
        scelle = sceller(nouveaux, gardes["sub"], request.user.pk)
        Session.objects.filter(pk=request.session.session_key).update(jetons=scelle)
    return Issue.CONFIRMEE


def _rafraichir(fournisseur: Fournisseur, gardes: dict[str, Any]) -> Jetons:
    document = decouvertes.lire(fournisseur)
    donnees = {"grant_type": "refresh_token", "refresh_token": gardes["refresh"]}
    try:
        recus = demander_jetons(fournisseur, document, donnees, delai=DELAI)
    except RefusOidc as refus:
        # Only a word about this grant closes a session: our own secret refused is not this person's affair.
        if refus.motif == "jeton-refuse-invalid-grant":
            raise
        raise FournisseurInjoignable(refus.motif) from refus
    access = recus.get("access_token")
    if not isinstance(access, str):
        raise FournisseurInjoignable("reponse-incomplete")
    id_token = recus.get("id_token") or gardes["id_token"]
    if recus.get("id_token"):
        jetons.id_token_rafraichi(id_token, fournisseur, document, sub=gardes["sub"])
    return Jetons(access, str(recus.get("refresh_token") or gardes["refresh"]), id_token)


def adresse_de_sortie(request: HttpRequest, retour: str, etat: str) -> str:
    """Where to sign out at the provider's too, "" when it cannot be said. Read before the local sign-out."""
    ouverte = request.session.get(CLE)
    if not ouverte or not request.user.is_authenticated:
        return ""
    try:
        fournisseur = fournisseurs.par_cle(ouverte["f"])
        gardes = _lire(request)
        if fournisseur is None or gardes is None:
            return ""
        fin = decouvertes.lire(fournisseur).fin_de_session
    except (RefusOidc, Indisponible):
        return ""  # the local sign-out never waits for the provider
    if not fin:
        return ""
    params = {
        "id_token_hint": gardes["id_token"],
        "client_id": fournisseur.client_id,
        "post_logout_redirect_uri": retour,
        "state": etat,
    }
    return f"{fin}{'&' if '?' in fin else '?'}{urlencode(params)}"


def fermer(cle: str, sid: str) -> int:
    """Close the sessions of the bound structure that rest on this session of the provider; effective at once."""
    with transaction.atomic():
        ouvertes = list(Session.objects.filter(fournisseur=cle, sid=sid).values_list("pk", "compte_id"))
        Session.objects.filter(pk__in=[pk for pk, _ in ouvertes]).delete()
        for _, compte_id in ouvertes:
            noter("identity.oidc.fermeture", acteur_id=compte_id, fournisseur=cle[:4], motif="sortie")
    return len(ouvertes)

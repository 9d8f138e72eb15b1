"""Pro Santé Connect on the network's host: the only addresses it knows of us."""

import re

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from plateforme.audit.journal import noter
from plateforme.core.errors import Introuvable
from plateforme.habilitations.acces import acces_libre
from plateforme.identity.appareils import adresse_ip
from plateforme.identity.oidc import adresses, arriere, passages, rattachements
from plateforme.identity.oidc.client import Demande, Echange, reprendre
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc, SansCompte
from plateforme.identity.oidc.fournisseurs import PSC, exiger_psc
from plateforme.identity.oidc.session import SEL_DE_SORTIE
from plateforme.identity.oidc.web.refus import avec_refus
from plateforme.identity.services import verrous
from plateforme.reseau.models import PassagePsc
from plateforme.tenancy.courant import Contexte
from plateforme.tenancy.repertoire import repertoire
from plateforme.web.adresses import chemin_sur

# Why one goes there, besides signing in: to link the identity to an account, to prove again who one is.
RELIER, CONFIRMER = "relier", "confirmer"
BUTS = (RELIER, CONFIRMER)
_EMPREINTE = re.compile(r"[0-9a-f]{64}")
_CLE_PASSAGE = "psc_passage"
# An anonymous visitor's session only carries an attempt.
_DUREE_ANONYME = 15 * 60


def _structure(slug: str) -> Contexte:
    contexte = repertoire().par_hote(f"{slug}.{settings.TREILLE_DOMAINE}") if slug else None
    if contexte is None or contexte.etat != "active":
        raise Introuvable("Cette structure n’est pas ouverte.")
    return contexte


@acces_libre
@never_cache
@require_GET
@avec_refus
def depart(request: HttpRequest) -> HttpResponse:
    """``structure`` and ``navigateur`` when one comes from a structure's site; neither when one starts here."""
    psc = exiger_psc()
    slug = request.GET.get("structure", "")
    suite = chemin_sur(request.GET.get("suite", ""), "")
    navigateur = request.GET.get("navigateur", "")
    but = request.GET.get("but", "")
    but = but if but in BUTS else ""
    structure = _structure(slug) if slug else None
    if structure is not None:
        request.oidc_retour = adresses.de_structure(request, structure.slug, "/connexion")  # type: ignore[attr-defined]
    if navigateur and not _EMPREINTE.fullmatch(navigateur):
        raise RefusOidc("passage")
    attente = passages.en_attente(request.session.get(_CLE_PASSAGE, ""))
    if structure is not None and navigateur and attente is not None and not but:
        return _vers_la_structure(request, attente, structure, navigateur, suite)
    if not request.user.is_authenticated:
        request.session.set_expiry(_DUREE_ANONYME)
    retour = adresses.du_reseau(request, reverse("psc_retour"))
    verrous.tenter(verrous.cle_de_depart(adresse_ip(request)))
    return Demande(psc, retour, a_nouveau=but == CONFIRMER).partir(
        request, structure=slug, suite=suite, navigateur=navigateur if structure else "", but=but
    )


@acces_libre
@never_cache
@require_GET
@avec_refus
def retour(request: HttpRequest) -> HttpResponse:
    """What Pro Santé Connect answers. Verified here; the account is looked for by the structure, in its own base."""
    psc = exiger_psc()
    tentative = reprendre(request, PSC)
    contexte = tentative.contexte
    slug, navigateur, suite = contexte["structure"], contexte["navigateur"], contexte["suite"]
    if slug:
        request.oidc_retour = adresses.de_structure(request, slug, "/connexion")  # type: ignore[attr-defined]
    echange = Echange(psc, adresses.du_reseau(request, reverse("psc_retour")))
    identite = echange.conclure(request, tentative)
    verrous.rendre_un_essai(verrous.cle_de_depart(adresse_ip(request)))
    passage = passages.deposer(identite, but=contexte["but"])
    if slug and navigateur:
        return _vers_la_structure(request, passage, _structure(slug), navigateur, suite)
    request.session[_CLE_PASSAGE] = str(passage.pk)
    if slug:
        return HttpResponseRedirect(_entree(request, slug, suite))
    return HttpResponseRedirect(reverse("psc_structures"))


def _entree(request: HttpRequest, slug: str, suite: str = "") -> str:
    """The structure's own departure: it makes the cookie that binds the passage to this browser."""
    chemin = reverse("psc_structure", urlconf=settings.URLCONF_STRUCTURE)
    return adresses.de_structure(request, slug, chemin + (f"?{urlencode({'suite': suite})}" if suite else ""))


def _vers_la_structure(
    request: HttpRequest, passage: PassagePsc, structure: Contexte, navigateur: str, suite: str
) -> HttpResponse:
    assert structure.structure_id is not None
    jeton = passages.adresser(passage, structure.structure_id, navigateur)
    request.session.pop(_CLE_PASSAGE, None)
    chemin = reverse("psc_arrivee", urlconf=settings.URLCONF_STRUCTURE)
    params = urlencode({"jeton": jeton, **({"suite": suite} if suite else {})})
    return HttpResponseRedirect(adresses.de_structure(request, structure.slug, f"{chemin}?{params}"))


@acces_libre
@never_cache
@require_GET
@avec_refus
def structures(request: HttpRequest) -> HttpResponse:
    """Where this professional works: at once when it is one place, a list otherwise."""
    attente = passages.en_attente(request.session.get(_CLE_PASSAGE, ""))
    if attente is None:
        raise RefusOidc("tentative-inconnue")
    trouvees = rattachements.structures_de(attente.empreinte)
    if not trouvees:
        raise SansCompte(
            "Aucune structure n’a de compte ouvert à votre identifiant national. "
            "Demandez à la direction de votre structure de l’inscrire sur votre compte, ou de vous inviter."
        )
    if len(trouvees) == 1:
        return HttpResponseRedirect(_entree(request, trouvees[0].slug))
    lignes = [{"nom": c.nom, "adresse": _entree(request, c.slug)} for c in trouvees]
    return render(request, "oidc/structures.html", {"structures": lignes})


@acces_libre
@never_cache
@require_GET
def fin(request: HttpRequest) -> HttpResponse:
    """Signed out on both sides: back to the sign-in page of the structure one left."""
    try:
        slug = signing.loads(request.GET.get("state", ""), salt=SEL_DE_SORTIE, max_age=900)
    except signing.BadSignature:
        return render(request, "oidc/fin.html", {})
    return HttpResponseRedirect(adresses.de_structure(request, slug, "/connexion"))


@acces_libre
@csrf_exempt  # a server calls, with a signed order; no cookie counts
@never_cache
@require_POST
def deconnexion_arriere(request: HttpRequest) -> HttpResponse:
    """Back-channel sign-out. 200 when obeyed, 400 when the order is not the provider's, 429 after too many of those."""
    essai = verrous.tenter(verrous.cle_d_ordre(adresse_ip(request)))
    try:
        arriere.obeir_au_reseau(request.POST.get("logout_token"), exiger_psc())
    except RefusOidc as refus:
        return refuser_ordre(refus)
    except FournisseurInjoignable:
        return HttpResponse(status=503)
    verrous.rendre(essai)
    return HttpResponse(status=200)


def refuser_ordre(refus: RefusOidc) -> HttpResponse:
    with transaction.atomic():
        noter("identity.oidc.refus", motif=refus.motif)
    return JsonResponse({"error": "invalid_request", "error_description": refus.motif}, status=400)

"""What ``identity.apps.ready()`` plugs in."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from plateforme.tenancy.courant import exiger_courant

if TYPE_CHECKING:
    from plateforme.identity.registres import Sortie
    from plateforme.web.registres import Bandeau, LigneATraiter


def _suite(request: HttpRequest) -> str:
    suite = request.POST.get("suite") or request.GET.get("suite") or ""
    return f"?{urlencode({'suite': suite})}" if suite else ""


def _psc(request: HttpRequest) -> str | None:
    from plateforme.identity.oidc.fournisseurs import psc

    if psc() is None:
        return None
    if getattr(request, "structure", None) is None:
        return reverse("psc_depart", urlconf=settings.ROOT_URLCONF)
    return reverse("psc_structure", urlconf=settings.URLCONF_STRUCTURE) + _suite(request)


def _autres(request: HttpRequest) -> str | None:
    from plateforme.identity.models import FournisseurOidc

    if getattr(request, "structure", None) is None or not FournisseurOidc.objects.filter(actif=True).exists():
        return None
    return reverse("oidc_choix", urlconf=settings.URLCONF_STRUCTURE) + _suite(request)


def _confirmer(request: HttpRequest, suite: str) -> str | None:
    """None where the provider does not vouch for two factors: the second one is asked here, as it was to come in."""
    from plateforme.identity.oidc.session import se_confirme_ailleurs

    if not se_confirme_ailleurs(request):
        return None
    fin = f"?{urlencode({'suite': suite})}" if suite else ""
    return reverse("confirmer_chez_le_fournisseur", urlconf=settings.URLCONF_STRUCTURE) + fin


def _sortir_de_psc(request: HttpRequest) -> "Sortie | None":
    from plateforme.identity.oidc import adresses

    retour = adresses.du_reseau(request, reverse("psc_fin", urlconf=settings.ROOT_URLCONF))
    return _sortir(request, retour, "Pro Santé Connect")


def _sortir_d_un_autre(request: HttpRequest) -> "Sortie | None":
    from plateforme.identity.oidc import adresses

    slug = exiger_courant().slug
    return _sortir(request, adresses.de_structure(request, slug, reverse("connexion")), "votre organisme")


def _sortir(request: HttpRequest, retour: str, nom: str) -> "Sortie | None":
    from plateforme.identity.oidc import session
    from plateforme.identity.registres import Sortie

    etat = signing.dumps(exiger_courant().slug, salt=session.SEL_DE_SORTIE)
    adresse = session.adresse_de_sortie(request, retour, etat)
    return Sortie(adresse, nom) if adresse else None


def brancher() -> None:
    from plateforme.identity.models import Compte
    from plateforme.identity.oidc import evenements, habilitations, rattachements, session  # noqa: F401 - declare
    from plateforme.identity.registres import inscrire_fournisseur
    from plateforme.web.registres import EntreeRail, inscrire_a_traiter, inscrire_bandeau, inscrire_rail

    inscrire_fournisseur(
        "psc", "Pro Santé Connect", _psc, "id-card", confirmer=_confirmer, sortir=_sortir_de_psc
    )
    inscrire_fournisseur(
        "oidc",
        "Compte de mon organisme",
        _autres,
        "building-2",
        confirmer=_confirmer,
        sortir=_sortir_d_un_autre,
    )
    inscrire_bandeau("psc", _bandeau)
    inscrire_rail(
        EntreeRail(
            "fournisseurs_oidc",
            "Fournisseurs d’identité",
            "id-card",
            "fournisseurs_oidc",
            910,
            "identity.fournisseur.configurer",
            groupe="Réglages",
        )
    )
    inscrire_a_traiter("rapprochements_psc", "identity.psc.confirmer", _a_confirmer)
    post_save.connect(rattachements.apres_enregistrement, sender=Compte, dispatch_uid="rattachement-psc")
    post_delete.connect(rattachements.apres_suppression, sender=Compte, dispatch_uid="rattachement-psc")


def _bandeau(request: HttpRequest) -> Iterable["Bandeau"]:
    from plateforme.identity.oidc.session import en_degrade
    from plateforme.web.registres import Bandeau

    if en_degrade(request):
        phrase = (
            "Pro Santé Connect ne répond pas. Vous pouvez continuer ; "
            "la prochaine connexion se fera avec votre compte Treille."
        )
        yield Bandeau(ton="attention", icone="triangle-alert", texte=phrase)


def _a_confirmer(_request: HttpRequest, _jour: date) -> Iterable["LigneATraiter"]:
    """One line, however many wait."""
    from plateforme.identity.models import EtatRapprochement, RapprochementPsc
    from plateforme.web.registres import ActionLigne, LigneATraiter

    depuis = list(
        RapprochementPsc.objects.filter(etat=EtatRapprochement.EN_ATTENTE)
        .order_by("cree_a")
        .values_list("cree_a", flat=True)
    )
    if not depuis:
        return
    adresse = reverse("rapprochements_psc")
    yield LigneATraiter(
        cle="rapprochements_psc",
        gravite=1,
        famille="dossiers",
        icone="id-card",
        titre="Identité Pro Santé Connect à confirmer",
        detail=f"{len(depuis)} en attente : le nom diffère de celui du compte",
        url=adresse,
        depuis=depuis[0],
        actions=(ActionLigne("Vérifier", adresse),),
    )

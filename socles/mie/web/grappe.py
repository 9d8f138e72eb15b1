"""The porteur's page of ends, and the calendar read by other programs: states and dates only."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from plateforme.habilitations.acces import acces, acces_libre
from plateforme.habilitations.decision import peut
from plateforme.identity.services.avis import adresse_publique
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from socles.mie.services import grappe as services
from tenants.models import Grappe
from tenants.queries import grappe_de

_CALENDRIER = "mie.grappe.calendrier"


def _sienne(request: HttpRequest) -> Grappe:
    """The porteur's own grappe, or nothing."""
    sienne = grappe_de(getattr(request.user, "grappe_id", None))
    if sienne is None:
        raise Http404
    return sienne


def _page(request: HttpRequest, grappe: Grappe, *, adresse: str = "") -> HttpResponse:
    contexte = {
        "grappe": grappe,
        "vue": services.vue(grappe),
        "adresse": adresse,
        "peut_calendrier": peut(request.user, _CALENDRIER),
        "bandeau": f"Vous voyez les échéances de {grappe.nom}\u00a0: des états et des dates, jamais une clé.",
    }
    return render(request, "mie/grappe.html", contexte)


@acces("mie.grappe.suivre")
@require_GET
def echeances(request: HttpRequest) -> HttpResponse:
    if grappe_de(getattr(request.user, "grappe_id", None)) is None:
        return render(request, "tenants/sans_grappe.html")
    return _page(request, _sienne(request))


@acces(_CALENDRIER)
@never_cache
@require_POST
def calendrier(request: HttpRequest) -> HttpResponse:
    """The address is shown once, on this answer."""
    grappe = _sienne(request)
    jeton = services.donner_le_calendrier(grappe)
    grappe.refresh_from_db()
    return _page(request, grappe, adresse=adresse_publique(reverse("mie_flux", args=[jeton])))


@acces(_CALENDRIER)
@require_POST
def retirer(request: HttpRequest) -> HttpResponse:
    services.retirer_le_calendrier(_sienne(request))
    annoncer(request, "L’adresse du calendrier ne répond plus.")
    return HttpResponseRedirect(reverse("mie_grappe"))


@acces_libre
@never_cache
@require_GET
def flux(_request: HttpRequest, jeton: str) -> HttpResponse:
    """For a calendar, which signs in nowhere: the secret of the address is the key, and it opens this alone."""
    grappe = services.grappe_du_jeton(jeton)
    if grappe is None:
        raise Http404
    octets = services.en_ical(grappe.nom, services.vue(grappe).echeances)
    return fichier(octets, "text/calendar; charset=utf-8", "certificats.ics")

"""Sessions: sign one's own in one tap; organisers plan them and see who is missing."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme import pdf
from plateforme.core.clock import today
from plateforme.formation import services
from plateforme.formation.models import Emargement, Seance
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import SALARIES
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import Formulaire

_PDF = Path(__file__).parent / "pdf"


class NouvelleSeance(Formulaire, forms.Form):
    titre = forms.CharField(label="Sujet", max_length=120)
    le = forms.DateField(label="Date")
    minutes = forms.IntegerField(label="Durée en minutes", min_value=5, max_value=1440, initial=60)
    animee_par = forms.CharField(label="Animée par", max_length=120)


def _page(request: HttpRequest, form: NouvelleSeance) -> HttpResponse:
    compte: Any = request.user
    seances = Seance.objects.annotate(
        presents=Count("emargements"),
        emargee=Exists(Emargement.objects.filter(seance=OuterRef("pk"), compte=compte)),
    )[:100]
    jour = today()
    contexte: dict[str, Any] = {
        "lignes": [(s, s.s_emarge(jour) and not s.emargee) for s in seances],
        "organise": peut(request.user, "formation.seance.organiser"),
        "form": form,
    }
    if contexte["organise"]:
        contexte["sans_formation"] = (
            Compte.objects.filter(actif=True, role__in=SALARIES)
            .exclude(emargements__isnull=False)
            .order_by("nom", "prenom")
        )
    return render(request, "formation/formations.html", contexte, status=422 if form.errors else 200)


@acces("formation.seance.suivre")
@require_GET
def formations(request: HttpRequest) -> HttpResponse:
    return _page(request, NouvelleSeance())


@acces("formation.seance.organiser")
@require_POST
def prevoir(request: HttpRequest) -> HttpResponse:
    form = NouvelleSeance(request.POST)
    if not form.is_valid():
        return _page(request, form)
    services.prevoir(request.user, **form.cleaned_data)
    annoncer(request, "La séance est prévue. Chacun l’émarge depuis sa page Formations.")
    return HttpResponseRedirect(reverse("formations"))


@acces("formation.seance.suivre")
@require_POST
def emarger(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.emarger(request.user, cle)
    annoncer(request, "C’est émargé.")
    return HttpResponseRedirect(reverse("formations"))


@acces("formation.seance.organiser")
@require_http_methods(["GET"])
def feuille(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The attendance sheet, as signed so far."""
    seance = Seance.objects.filter(pk=cle).first()
    if seance is None:
        raise Http404
    presents = seance.emargements.select_related("compte").order_by("compte__nom", "compte__prenom")
    octets = pdf.composer(
        _PDF / "feuille.typ",
        {
            "structure": exiger_courant().nom,
            "titre": seance.titre,
            "le": seance.le,
            "minutes": seance.minutes,
            "animee_par": seance.animee_par,
            "lignes": [
                {"nom": e.compte.nom_complet, "fonction": e.compte.libelle_role, "a": e.a} for e in presents
            ],
        },
    )
    return fichier(octets, "application/pdf", f"emargement-{seance.le:%Y-%m-%d}.pdf")


urlpatterns = [
    path("formations", formations, name="formations"),
    path("formations/prevoir", prevoir, name="formation_prevoir"),
    path("formations/<uuid:cle>/emarger", emarger, name="formation_emarger"),
    path("formations/<uuid:cle>/feuille", feuille, name="formation_feuille"),
]

"""The register of requests: what is open by its due date, what was answered; one page a request."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.demandes import services
from plateforme.demandes.models import Canal, Demande, EtatDemande, Genre, Preuve, Qualite
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre
from plateforme.web.registres import ActionLigne, LigneATraiter, inscrire_a_traiter

VOIR, TRAITER = "demandes.demande.voir", services.TRAITER


def _choix(liste: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [("", "Choisir"), *((v, str(n)[:1].upper() + str(n)[1:]) for v, n in liste)]


class Recevoir(Formulaire, forms.Form):
    genre = forms.ChoiceField(label="Ce qui est demandé", choices=_choix(Genre.choices))
    concerne = forms.CharField(label="Personne concernée", max_length=150)
    qualite = forms.ChoiceField(label="Demandé par", choices=_choix(Qualite.choices))
    canal = forms.ChoiceField(label="Reçue par", choices=_choix(Canal.choices))
    recue_le = forms.DateField(label="Reçue le", initial=today)
    ancien = forms.BooleanField(
        label="Toutes les pièces ont plus de cinq ans",
        required=False,
        help_text="Pour le dossier de soins\u00a0: le délai est alors plus long.",
    )
    objet = forms.CharField(label="Détail", required=False, max_length=4000, widget=forms.Textarea)


class Identite(Formulaire, forms.Form):
    preuve = forms.ChoiceField(label="Comment", choices=_choix(Preuve.choices))


class Motif(Formulaire, forms.Form):
    motif = forms.CharField(
        label="Motif, tel qu’il est dit à la personne", max_length=300, widget=forms.Textarea
    )


class Reponse(Formulaire, forms.Form):
    reponse = forms.CharField(label="Ce qui est répondu, et comment", max_length=4000, widget=forms.Textarea)


def _jours(demande: Demande) -> int:
    return (demande.echeance - today()).days


@acces(VOIR)
@require_GET
def demandes(request: HttpRequest) -> HttpResponse:
    ouvertes = [(d, _jours(d)) for d in Demande.objects.filter(etat=EtatDemande.OUVERTE)]
    closes = Demande.objects.exclude(etat=EtatDemande.OUVERTE).order_by("-close_le", "-pk")
    contexte = {
        "ouvertes": ouvertes,
        "closes": Paginator(closes, 50).get_page(request.GET.get("page")),
        "peut_traiter": peut(request.user, TRAITER),
    }
    return render(request, "demandes/demandes.html", contexte)


@acces(TRAITER)
@require_http_methods(["GET", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    form = Recevoir(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            demande = services.recevoir(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, f"La demande est enregistrée, à répondre avant le {demande.echeance:%d/%m/%Y}.")
            return HttpResponseRedirect(reverse("rgpd_demande", args=[demande.pk]))
    return repondre(request, "demandes/nouvelle.html", {}, form)


def _page(request: HttpRequest, cle: UUID, **formulaires: Any) -> HttpResponse:
    demande = Demande.objects.filter(pk=cle).first()
    if demande is None:
        raise Http404
    contexte = {
        "demande": demande,
        "jours": _jours(demande),
        "ouverte": demande.etat == EtatDemande.OUVERTE,
        "prolongeable": demande.genre != Genre.MEDICAL
        and demande.prolongee_le is None
        and _jours(demande) >= 0,
        "peut_traiter": peut(request.user, TRAITER),
        "form_identite": Identite(),
        "form_motif": Motif(),
        "form_reponse": Reponse(),
        **formulaires,
    }
    refuse = any(f.errors for f in formulaires.values())
    return render(request, "demandes/demande.html", contexte, status=422 if refuse else 200)


@acces(VOIR)
@require_GET
def demande(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


def _geste(
    request: HttpRequest, cle: UUID, nom: str, form: forms.Form, agir: Callable[..., None], annonce: str
) -> HttpResponse:
    """A refusal is shown on the page, with what was typed."""
    if form.is_valid():
        try:
            agir(request.user, cle, *form.cleaned_data.values())
        except ErreurMetier as refus:
            if refus.statut == 404:
                raise
            porter(form, refus)
        else:
            annoncer(request, annonce)
            return HttpResponseRedirect(reverse("rgpd_demande", args=[cle]))
    return _page(request, cle, **{nom: form})


@acces(TRAITER)
@require_POST
def identite(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = Identite(request.POST)
    return _geste(
        request, cle, "form_identite", form, services.verifier_l_identite, "L’identité est vérifiée."
    )


@acces(TRAITER)
@require_POST
def prolonger(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _geste(
        request, cle, "form_motif", Motif(request.POST), services.prolonger, "Le délai est prolongé."
    )


@acces(TRAITER)
@require_POST
def clore(request: HttpRequest, cle: UUID) -> HttpResponse:
    refuse = request.POST.get("geste") == "refuser"
    agir = services.refuser if refuse else services.repondre
    annonce = "Le refus est enregistré." if refuse else "La réponse est enregistrée."
    return _geste(request, cle, "form_reponse", Reponse(request.POST), agir, annonce)


def _a_traiter(_request: HttpRequest, jour: date) -> Iterable[LigneATraiter]:
    for d in Demande.objects.filter(etat=EtatDemande.OUVERTE):
        restants = (d.echeance - jour).days
        if restants > 10:
            continue
        adresse = reverse("rgpd_demande", args=[d.pk])
        yield LigneATraiter(
            cle=f"demande-{d.pk}",
            gravite=0 if restants < 0 else 1,
            famille="dossiers",
            icone="user-round-search",
            titre=f"Demande de données\u00a0: {d.get_genre_display()}",
            detail=f"Réponse attendue le {d.echeance:%d/%m/%Y}.",
            url=adresse,
            depuis=d.cree_a,
            actions=(ActionLigne("Ouvrir", adresse, "arrow-right", principale=True),),
        )


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    inscrire_a_traiter("demandes", TRAITER, _a_traiter)


urlpatterns = [
    path("rgpd/demandes", demandes, name="rgpd_demandes"),
    path("rgpd/demandes/nouvelle", nouvelle, name="rgpd_demande_nouvelle"),
    path("rgpd/demandes/<uuid:cle>", demande, name="rgpd_demande"),
    path("rgpd/demandes/<uuid:cle>/identite", identite, name="rgpd_demande_identite"),
    path("rgpd/demandes/<uuid:cle>/prolonger", prolonger, name="rgpd_demande_prolonger"),
    path("rgpd/demandes/<uuid:cle>/clore", clore, name="rgpd_demande_clore"),
]

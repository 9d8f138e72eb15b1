"""Tab *Confidentialité*: who may read this dossier and why, who did, and what changes it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dossier.models import PorteeOpposition
from dossier.queries import confidentialite as lectures
from dossier.queries import exiger_usager
from dossier.services import confidentialite as services
from dossier.web.dossiers import contexte_usager
from plateforme.audit.queries import PAR_PAGE, passages
from plateforme.core.clock import bornes_du_jour
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import DPD, SALARIES
from plateforme.identity.models import Compte, Role
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter

GABARIT = "dossier/confidentialite.html"


def _equipiers() -> Any:
    return Compte.objects.filter(actif=True, role__in=SALARIES).exclude(role=DPD).order_by("cle_tri")


class NouveauMembre(Formulaire, forms.Form):
    prefix = "membre"
    compte: Any = forms.ModelChoiceField(label="Personne", queryset=None)
    motif = forms.CharField(label="Ce qu’elle fait auprès de cette personne", max_length=200)
    soins = forms.BooleanField(
        label="Peut lire les données de santé",
        required=False,
        help_text="Pour une fonction qui ne donne pas de soins, c’est une décision\u00a0: elle reste au journal.",
    )
    au = forms.DateField(
        label="Jusqu’au", required=False, help_text="Ce jour compris. Vide\u00a0: sans fin prévue."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compte"].queryset = _equipiers()  # type: ignore[attr-defined]


class NouvelleOpposition(Formulaire, forms.Form):
    prefix = "opposition"
    compte: Any = forms.ModelChoiceField(label="Une personne", queryset=None, required=False)
    role = forms.ChoiceField(label="Ou toute une fonction", required=False)
    portee = forms.ChoiceField(
        label="Ce qu’elle refuse qu’on lise",
        choices=[(valeur, libelle.capitalize()) for valeur, libelle in PorteeOpposition.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compte"].queryset = _equipiers()  # type: ignore[attr-defined]
        fonctions = [(r, Role(r).label.capitalize()) for r in SALARIES if r != DPD]
        self.fields["role"].choices = [("", "–"), *fonctions]  # type: ignore[attr-defined]


class NouveauConsentement(Formulaire, forms.Form):
    prefix = "consentement"
    convention = forms.ChoiceField(label="Partenaire")
    moyen = forms.CharField(label="Accord recueilli comment", max_length=120)
    soins = forms.BooleanField(label="Données de santé comprises", required=False)
    au = forms.DateField(
        label="Jusqu’au", required=False, help_text="Ce jour compris. Vide\u00a0: sans fin prévue."
    )

    def __init__(self, *args: Any, conventions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["convention"].choices = [(c.pk, str(c)) for c in conventions]  # type: ignore[attr-defined]


def _page(request: HttpRequest, cle: UUID, **formulaires: Any) -> HttpResponse:
    contexte = contexte_usager(request, cle, "confidentialite")
    partage = lectures.partage_de(cle)
    page = max(1, int(p)) if (p := request.GET.get("page", "1")).isdecimal() and len(p) < 6 else 1
    vus = passages(cle, page=page)
    contexte |= {
        "partage": partage,
        "lecteurs": lectures.lecteurs_de(contexte["usager"]),
        "passages": vus,
        "page": page,
        "suite": len(vus) == PAR_PAGE,
        "peut_regler": peut(request.user, "dossier.confidentialite.regler"),
        "form_membre": NouveauMembre(),
        "form_opposition": NouvelleOpposition(),
        "form_consentement": NouveauConsentement(conventions=partage.conventions),
        **formulaires,
    }
    refuse = any(form.errors for form in formulaires.values())
    return render(request, GABARIT, contexte, status=422 if refuse else 200)


@acces("dossier.confidentialite.voir")
@require_GET
def confidentialite(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _page(request, cle)


@acces("dossier.confidentialite.voir")
@require_GET
def lectures_a_remettre(request: HttpRequest, cle: UUID) -> HttpResponse:
    """« Qui a lu mon dossier », in large type, to print and hand over."""
    contexte = contexte_usager(request, cle, "")
    contexte["passages"] = passages(cle)
    return render(request, "dossier/lectures.html", contexte)


def _fin(jour: date | None) -> datetime | None:
    """The end of that day, in the structure's zone."""
    return bornes_du_jour(jour)[1] if jour is not None else None


def _essayer(request: HttpRequest, cle: UUID, nom: str, form: Any, acte: Any, phrase: str) -> HttpResponse:
    if form.is_valid():
        try:
            acte(form.cleaned_data)
        except services.ReglageRefuse as refus:
            porter(form, refus)
        else:
            annoncer(request, phrase)
            return HttpResponseRedirect(reverse("usager_confidentialite", args=[cle]))
    return _page(request, cle, **{nom: form})


@acces("dossier.confidentialite.regler")
@require_POST
def ajouter_membre(request: HttpRequest, cle: UUID) -> HttpResponse:
    def acte(lus: dict[str, Any]) -> None:
        services.ajouter_membre(
            request.user,
            cle,
            compte_id=lus["compte"].pk,
            motif=lus["motif"],
            soins=lus["soins"],
            au=_fin(lus["au"]),
        )

    return _essayer(
        request, cle, "form_membre", NouveauMembre(request.POST), acte, "L’équipe de soins est à jour."
    )


@acces("dossier.confidentialite.regler")
@require_POST
def opposer(request: HttpRequest, cle: UUID) -> HttpResponse:
    def acte(lus: dict[str, Any]) -> None:
        compte_id = lus["compte"].pk if lus["compte"] else None
        services.recueillir_opposition(
            request.user, cle, compte_id=compte_id, role=lus["role"], portee=lus["portee"]
        )

    form = NouvelleOpposition(request.POST)
    return _essayer(
        request, cle, "form_opposition", form, acte, "L’opposition est enregistrée, dès maintenant."
    )


@acces("dossier.confidentialite.regler")
@require_POST
def consentir(request: HttpRequest, cle: UUID) -> HttpResponse:
    def acte(lus: dict[str, Any]) -> None:
        services.recueillir_consentement(
            request.user,
            cle,
            convention_id=UUID(lus["convention"]),
            soins=lus["soins"],
            moyen=lus["moyen"],
            au=_fin(lus["au"]),
        )

    form = NouveauConsentement(request.POST, conventions=lectures.partage_de(cle).conventions)
    return _essayer(request, cle, "form_consentement", form, acte, "L’accord est enregistré.")


_FINS = {
    "membre": (services.retirer_membre, "L’équipe de soins est à jour."),
    "opposition": (services.lever_opposition, "L’opposition est levée."),
    "consentement": (services.retirer_consentement, "L’accord est retiré, dès maintenant."),
}


@acces("dossier.confidentialite.regler")
@require_POST
def finir(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Ends one link: ``quoi`` (membre, opposition, consentement) and its ``lien``."""
    exiger_usager(request.user, cle)
    acte, phrase = _FINS.get(request.POST.get("quoi", ""), (None, ""))
    try:
        lien = UUID(request.POST.get("lien", ""))
    except ValueError as erreur:
        raise ErreurMetier(
            "Cette demande est incomplète\u00a0: revenez à la page et recommencez."
        ) from erreur
    if acte is None:
        raise ErreurMetier("Cette demande est incomplète\u00a0: revenez à la page et recommencez.")
    acte(request.user, cle, lien)
    annoncer(request, phrase)
    return HttpResponseRedirect(reverse("usager_confidentialite", args=[cle]))

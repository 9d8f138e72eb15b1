"""The porteur's model of rights: advised cells, one form to add one."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.domaines import COLONNES, DOMAINES
from plateforme.habilitations.registre import action, actions
from plateforme.identity.models import Role
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre
from tenants import queries
from tenants.services import modele_de_droits as services


def _actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """By domain, as the matrix of a structure shows them."""
    groupes = []
    for domaine in DOMAINES.values():
        siennes = [
            (a.code, a.phrase.capitalize())
            for a in actions()
            if a.domaine == domaine.cle and a.portee == "structure"
        ]
        if siennes and domaine.cle != "outils":
            groupes.append((domaine.libelle, siennes))
    return groupes


class NouvelleCellule(Formulaire, forms.Form):
    code = forms.ChoiceField(label="Action")
    role = forms.ChoiceField(
        label="Fonction", choices=[(r, str(Role(r).label).capitalize()) for r in COLONNES]
    )
    permis = forms.TypedChoiceField(
        label="Conseil",
        choices=[("oui", "Permettre"), ("non", "Ne pas permettre")],
        coerce=lambda mot: mot == "oui",
        widget=forms.RadioSelect,
    )
    motif = forms.CharField(
        label="Pourquoi", max_length=200, help_text="Lu par chaque structure de la grappe."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = _actions()  # type: ignore[attr-defined]


@acces("tenants.grappe.modeler")
@require_http_methods(["GET", "POST"])
def modele_de_droits(request: HttpRequest) -> HttpResponse:
    form = NouvelleCellule(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.conseiller(request.user, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "Le conseil est publié à votre grappe.")
            return HttpResponseRedirect(reverse("modele_de_droits"))
    lignes = [
        {
            "id": c.pk,
            "phrase": action(c.code).phrase,
            "fonction": Role(c.role).label,
            "permis": c.permis,
            "motif": c.motif,
        }
        for c in queries.cellules_de(getattr(request.user, "grappe_id", None))
    ]
    return repondre(request, "tenants/modele_de_droits.html", {"lignes": lignes}, form)


@acces("tenants.grappe.modeler")
@require_POST
def retirer_une_cellule(request: HttpRequest, cellule_id: UUID) -> HttpResponse:
    services.retirer(request.user, cellule_id)
    annoncer(request, "Le conseil est retiré. Les structures qui l’ont adopté le gardent.")
    return HttpResponseRedirect(reverse("modele_de_droits"))

"""The matrix of rights: what each function may do here, what the law keeps closed, what this structure changed."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from plateforme.core.errors import Conflit
from plateforme.habilitations import queries
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.domaines import COLONNES
from plateforme.habilitations.registre import ActionInconnue, action
from plateforme.habilitations.registres import CelluleConseillee, modele_de
from plateforme.habilitations.services import matrice as services
from plateforme.habilitations.web.onglets import onglets
from plateforme.identity.models import Role
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, porter, repondre

# Column heads; the full name is in the abbreviation's title.
_COURTS = {
    "direction": "Dir.", "responsable_secteur": "Resp.", "idec": "IDEC", "infirmier": "IDE", "aide_soignant": "AS",
    "intervenant": "AVS", "secretariat": "Secr.", "comptable_rh": "Compta", "dpd": "DPD", "usager": "Usager",
    "partenaire": "Part.",
}  # fmt: skip


@acces("habilitations.matrice.voir")
@require_GET
def matrice(request: HttpRequest) -> HttpResponse:
    blocs = queries.matrice()
    contexte = {
        "onglets": onglets(request, "matrice"),
        "blocs": blocs,
        "colonnes": [{"role": r, "court": _COURTS[r], "long": Role(r).label} for r in COLONNES],
        "actions": sum(len(bloc.lignes) for bloc in blocs),
        "reglees": sum(c.regle for bloc in blocs for ligne in bloc.lignes for c in ligne.cellules),
        "peut_regler": peut(request.user, "habilitations.matrice.regler"),
        "modele": modele_de(request.structure.structure_id),  # type: ignore[attr-defined]
    }
    return render(request, "habilitations/matrice.html", contexte)


class Motif(Formulaire, forms.Form):
    motif = forms.CharField(label="Pourquoi", max_length=200, help_text="Conservé avec le changement.")


@acces("habilitations.matrice.regler")
@require_http_methods(["GET", "POST"])
def regler(request: HttpRequest) -> HttpResponse:
    """``?action=…&role=…``: the cell; its present state is shown, the button does the contrary."""
    code, role = request.GET.get("action", "")[:80], request.GET.get("role", "")[:20]
    try:
        voulue = action(code)
        fonction = Role(role)
    except (ActionInconnue, ValueError):
        return HttpResponseRedirect(reverse("matrice"))
    cellule = next(
        (
            c
            for bloc in queries.matrice()
            for ligne in bloc.lignes
            if ligne.action.code == code
            for c in ligne.cellules
            if c.role == role
        ),
        None,
    )
    if cellule is None:
        return HttpResponseRedirect(reverse("matrice"))
    form = Motif(request.POST or None)
    contexte: dict[str, Any] = {"voulue": voulue, "fonction": fonction.label, "cellule": cellule}
    if request.method == "POST" and form.is_valid():
        try:
            services.regler(
                request.user,
                code=code,
                role=role,
                permis=not cellule.permis,
                motif=form.cleaned_data["motif"],
            )
        except services.ReglageRefuse as refus:
            porter(form, refus)
        else:
            annoncer(request, "Le droit est changé, dès maintenant et partout.")
            return HttpResponseRedirect(f"{reverse('matrice')}#{code}")
    return repondre(request, "habilitations/matrice_regler.html", contexte, form)


@acces("habilitations.matrice.regler")
@require_http_methods(["GET", "POST"])
def modele(request: HttpRequest) -> HttpResponse:
    """What the grappe advises, cell by cell, beside what is set here; one gesture adopts the difference."""
    offert = modele_de(request.structure.structure_id)  # type: ignore[attr-defined]
    if offert is None:
        return HttpResponseRedirect(reverse("matrice"))
    differences = services.ecarts(offert.cellules)
    empreinte = _empreinte(differences)
    if request.method == "POST":
        if request.POST.get("empreinte") != empreinte:
            raise Conflit(
                "Le modèle ou vos droits ont changé entre-temps\u00a0: relisez la liste avant de l’adopter."
            )
        faites = services.adopter(request.user, differences, de=offert.nom)
        annoncer(
            request,
            f"{faites} droit{'s' if faites > 1 else ''} changé{'s' if faites > 1 else ''}, dès maintenant.",
        )
        return HttpResponseRedirect(reverse("matrice"))
    lignes = [
        {
            "phrase": action(c.code).phrase,
            "fonction": Role(c.role).label,
            "permis": c.permis,
            "motif": c.motif,
        }
        for c in differences
    ]
    contexte = {"offert": offert, "lignes": lignes, "empreinte": empreinte}
    return render(request, "habilitations/modele.html", contexte)


def _empreinte(cellules: Sequence[CelluleConseillee]) -> str:
    """Of the list somebody read: what is adopted is that very list."""
    texte = "|".join(sorted(f"{c.code} {c.role} {c.permis} {c.motif}" for c in cellules))
    return hashlib.sha256(texte.encode()).hexdigest()

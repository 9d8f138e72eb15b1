"""*Transmissions*: the cahier, newest first; write, read, correct."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dossier import queries as dossiers
from liaison import queries, services
from liaison.rules import lit_les_soins
from liaison.web.forms import Note, NouvelleNote
from liaison.web.inscriptions import compteur
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.adresses import chemin_sur
from plateforme.web.annonces import annoncer, avec_annonce
from plateforme.web.formulaires import porter, repondre

PAR_PAGE = 30


def _uuid(brut: str | None) -> UUID | None:
    try:
        return UUID(brut or "")
    except ValueError:
        return None


@acces("liaison.transmission.lire")
@require_GET
def transmissions(request: HttpRequest) -> HttpResponse:
    compte: Any = request.user
    filtre = request.GET.get("filtre", "")
    filtre = filtre if filtre in queries.FILTRES else ""
    usager_id = _uuid(request.GET.get("usager"))
    usager = dossiers.usager(compte, usager_id) if usager_id else None
    lignes = queries.lister(compte, filtre=filtre, usager_id=usager.pk if usager else None)
    filtres = [{"cle": "", "libelle": "Toutes", "choisi": not filtre}]
    filtres += [
        {"cle": cle, "libelle": mot, "choisi": cle == filtre}
        for cle, mot in queries.FILTRES.items()
        if cle != "soins" or lit_les_soins(compte.role)
    ]
    contexte = {
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "filtre": filtre,
        "filtres": filtres,
        "usager": usager,
        "non_lues": compteur(request),
        "peut_ecrire": peut(compte, "liaison.transmission.publier"),
    }
    return render(request, "liaison/transmissions.html", contexte)


@acces("liaison.transmission.lire")
@require_GET
def transmission(request: HttpRequest, cle: UUID) -> HttpResponse:
    """One note, where notifications and « À traiter » lead. Reading stays an act: opening marks nothing."""
    trouvee = queries.transmission(request.user, cle)
    if trouvee is None:
        raise Http404
    return render(request, "liaison/transmission.html", {"t": trouvee})


@acces("liaison.transmission.lire")
@require_POST
def lire(request: HttpRequest, cle: UUID) -> HttpResponse:
    services.marquer_lue(request.user, cle)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(chemin_sur(request.POST.get("suite", ""), reverse("transmissions")))
    contexte = {"t": queries.transmission(request.user, cle), "non_lues": compteur(request)}
    reponse = render(request, "liaison/_lue.html", contexte)
    add_never_cache_headers(reponse)
    return avec_annonce(reponse, "Transmission marquée comme lue.")


@acces("liaison.transmission.lire")
@require_POST
def tout_lire(request: HttpRequest) -> HttpResponse:
    nombre = services.tout_marquer_lu(request.user)
    pluriel = "s" if nombre > 1 else ""
    annoncer(request, f"{nombre} transmission{pluriel} marquée{pluriel} comme lue{pluriel}.")
    return HttpResponseRedirect(reverse("transmissions"))


@acces("liaison.transmission.publier")
@require_http_methods(["GET", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    usager_id = _uuid(request.GET.get("usager"))
    form = NouvelleNote(
        request.POST or None, acteur=request.user, garder=usager_id, initial={"usager": usager_id}
    )
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            services.publier_transmission(
                request.user,
                usager_id=lu["usager"].pk,
                texte=lu["texte"],
                observation=lu["observation"],
                audience=lu["audience"],
            )
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La transmission est publiée.")
            suite = reverse("usager", args=[lu["usager"].pk]) if usager_id else reverse("transmissions")
            return HttpResponseRedirect(suite)
    retour = reverse("usager", args=[usager_id]) if usager_id else reverse("transmissions")
    return repondre(request, "liaison/nouvelle.html", {"retour": retour}, form)


@acces("liaison.transmission.corriger")
@require_http_methods(["GET", "POST"])
def corriger(request: HttpRequest, cle: UUID) -> HttpResponse:
    ancienne = queries.transmission(request.user, cle)
    if ancienne is None or ancienne.auteur_id != getattr(request.user, "pk", None):
        raise Http404
    initial = {
        "texte": ancienne.texte,
        "observation": ancienne.observation,
        "audience": ancienne.audience,
    }
    form = Note(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.corriger_transmission(request.user, cle, **form.cleaned_data)
        except ErreurMetier as refus:
            porter(form, refus)
        else:
            annoncer(request, "La correction est publiée.")
            return HttpResponseRedirect(reverse("transmissions"))
    return repondre(request, "liaison/corriger.html", {"t": ancienne}, form)

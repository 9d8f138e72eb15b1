"""The list of takeovers, the deposit of a file, and the naming of its columns."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dossier.reprise import queries, registre
from dossier.reprise.models import Correspondance, EtatReprise
from dossier.reprise.rules import cellules
from dossier.reprise.services import depot
from dossier.reprise.services.erreurs import ColonnesRefusees
from dossier.reprise.web.communs import TONS, VOIR, contexte, etapes, revenir, tenter
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.formulaires import Formulaire, porter, repondre

PAR_PAGE = 25


class Depot(Formulaire, forms.Form):
    genre = forms.ChoiceField(
        label="Que contient ce fichier\u00a0?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que contient ce fichier."},
    )
    fichier = forms.FileField(
        label="Tableur",
        help_text="Excel (.xlsx) ou CSV, tel que votre ancien logiciel l’exporte.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "empty": "Ce fichier est vide\u00a0: vérifiez qu’il s’ouvre dans votre tableur, puis recommencez.",
            "required": "Choisissez un fichier sur votre appareil.",
            "missing": "Choisissez un fichier sur votre appareil.",
            "invalid": "Ce fichier n’a pas été reçu\u00a0: choisissez-le de nouveau.",
        },
    )
    source = forms.CharField(
        label="Ancien logiciel",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, acteur: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        genre: Any = self.fields["genre"]
        genre.choices = [(g.cle, g.libelle) for g in queries.genres_permis(acteur)]


@acces(VOIR)
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.reprises(request.user).defer("apercu"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    lignes = []
    genres = {genre.cle: genre for genre in registre.genres()}
    for sujet in page.object_list:
        ton, icone = TONS[EtatReprise(sujet.etat)]
        lignes.append({"sujet": sujet, "genre": genres[sujet.genre], "ton": ton, "icone": icone})
    return render(
        request,
        "reprise/liste.html",
        {
            "page": page,
            "lignes": lignes,
            "genres": queries.genres_permis(request.user),
            "peut_preparer": peut(request.user, depot.PREPARER),
        },
    )


@acces(depot.PREPARER)
@require_http_methods(["GET", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    initial = {"genre": request.GET.get("genre", "usagers")}
    form = Depot(request.POST or None, request.FILES or None, acteur=request.user, initial=initial)
    if request.method == "POST":
        form = Depot(request.POST, request.FILES, acteur=request.user)
        if form.is_valid():
            lus = form.cleaned_data
            try:
                sujet = depot.deposer(
                    request.user,
                    genre=lus["genre"],
                    source=lus["source"],
                    nom=lus["fichier"].name,
                    octets=lus["fichier"].read(),
                )
            except ErreurMetier as refus:
                porter(form, refus)
            else:
                return HttpResponseRedirect(reverse("reprise_colonnes", args=[sujet.pk]))
    return repondre(request, "reprise/nouvelle.html", {"etapes": etapes(None)}, form)


# -- columns ---------------------------------------------------------------------------------------
@acces(depot.PREPARER)
@require_http_methods(["GET", "POST"])
def colonnes(request: HttpRequest, cle: UUID) -> HttpResponse:
    page = contexte(request, cle)
    sujet = page["sujet"]
    if sujet.efface_a is not None or sujet.etat not in depot.MODIFIABLES:
        return revenir(request, cle)
    fautes: dict[str, str] = {}
    choix = {rang: champ for champ, rang in sujet.colonnes.items()}
    options = dict(sujet.options)
    garder_sous = ""
    if request.method == "POST":
        choix, options, garder_sous = _lire(request, page)
        try:
            depot.regler(request.user, cle, choix=choix, options=options, garder_sous=garder_sous)
        except ColonnesRefusees as refus:
            fautes = refus.champs
        else:
            return revenir(request, cle)
    page |= _contexte_colonnes(request, page, choix, options, fautes)
    page["garder_sous"] = garder_sous
    return render(request, "reprise/colonnes.html", page, status=422 if fautes else 200)


def _lire(request: HttpRequest, page: dict[str, Any]) -> tuple[dict[int, str], dict[str, Any], str]:
    choix = {
        int(rang): str(valeur)
        for nom, valeur in request.POST.items()
        if nom.startswith("colonne_") and re.fullmatch("[0-9]{1,4}", rang := nom.removeprefix("colonne_"))
    }
    options = {nom: request.POST.get(nom, "").strip()[:40] for nom in page["genre"].options}
    return choix, options, request.POST.get("garder_sous", "")


def _contexte_colonnes(
    request: HttpRequest,
    page: dict[str, Any],
    choix: dict[int, str],
    options: dict[str, Any],
    fautes: dict[str, str],
) -> dict[str, Any]:
    sujet, genre = page["sujet"], page["genre"]
    sien = sujet.depose_par_id == request.user.pk
    connus = {c.cle for c in genre.champs}
    lignes = []
    for colonne in depot.colonnes(sujet):
        champ = choix.get(colonne.rang, "")
        if champ not in connus:
            champ = ""  # refused above: the page offers what exists
        cachee = bool(champ) and genre.champ(champ).cache
        exemples = () if not sien else ("••••",) if cachee and colonne.exemples else colonne.exemples
        lignes.append(
            {
                "colonne": colonne,
                "champ": champ,
                "exemples": exemples,
                "faute": fautes.get(str(colonne.rang), ""),
            }
        )
    reconnues = sum(1 for ligne in lignes if ligne["champ"])
    return {
        "lignes": lignes,
        "champs": genre.champs,
        "reconnues": reconnues,
        "feuilles": [
            {"rang": rang, **feuille}
            for rang, feuille in enumerate(depot.apercu(sujet)["feuilles"])
            if feuille["titres"] is not None
        ],
        "gardees": list(Correspondance.objects.filter(genre=genre.cle)),
        "options": options,
        "oids": cellules.OID_INS.items(),
        "fautes": fautes,
        "fautes_generales": [
            phrase for champ, phrase in fautes.items() if not champ.isdigit() and champ not in genre.options
        ],
        "etapes": etapes(sujet, ici=1),
    }


@acces(depot.PREPARER)
@require_POST
def feuille(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Another sheet of the workbook."""
    rang = request.POST.get("feuille", "")
    return tenter(
        request, cle, lambda: depot.choisir_la_feuille(request.user, cle, int(rang) if rang.isdigit() else -1)
    )


@acces(depot.PREPARER)
@require_POST
def correspondance(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Columns as they were named for another file."""
    queries.reprise(request.user, cle)
    try:
        voulue = UUID(request.POST.get("correspondance", ""))
    except ValueError:
        return revenir(request, cle, "Choisissez une correspondance.")
    return tenter(request, cle, lambda: depot.utiliser(request.user, cle, voulue))

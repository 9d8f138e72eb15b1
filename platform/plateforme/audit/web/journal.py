"""The DPD's journal: search, hand over, verify. Looking at it is itself on record."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from plateforme.audit import exports, queries
from plateforme.audit.journal import noter
from plateforme.audit.lectures import lectures_muettes
from plateforme.audit.models import Tete, Trace
from plateforme.audit.registre import genres
from plateforme.audit.verification import verifier
from plateforme.core.clock import now, today
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.habilitations.registre import actions
from plateforme.habilitations.registres import sujets
from plateforme.identity.models import Compte
from plateforme.web.annonces import annoncer
from plateforme.web.formulaires import Formulaire, repondre

JOURS_PAR_DEFAUT = 30
# Read again while the person waits: about three seconds.
VERIFIABLE_EN_LIGNE = 100_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ANNEES = range(2000, 2200)


def _genres_a_choisir() -> list[Any]:
    """Events by what they say, then actions by what they allow."""
    return [
        ("", "Tout"),
        ("Événements", sorted(((g.code, g.phrase) for g in genres()), key=lambda g: g[1])),
        (
            "Droits utilisés",
            sorted(((a.code, a.phrase) for a in actions() if a.portee == "structure"), key=lambda a: a[1]),
        ),
    ]


class Filtres(Formulaire, forms.Form):
    du = forms.DateField(label="Du", required=False)
    au = forms.DateField(label="Au", required=False)
    personne: Any = forms.ModelChoiceField(
        label="Personne", queryset=None, required=False, empty_label="Tout le monde"
    )
    usager = forms.CharField(
        label="Usager",
        required=False,
        max_length=300,
        help_text="Collez l’adresse de son dossier ou son identifiant.",
    )
    genre = forms.ChoiceField(label="Ce qui a été fait", required=False)
    mode = forms.ChoiceField(
        label="Accès",
        required=False,
        choices=[("", "Tous"), ("bris", "Accès exceptionnels"), ("support", "Sessions de support")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        personnes: Any = self.fields["personne"]
        personnes.queryset = Compte.objects.order_by("cle_tri")
        personnes.label_from_instance = lambda compte: compte.nom_complet
        choix: Any = self.fields["genre"]
        choix.choices = _genres_a_choisir()

    def _jour(self, champ: str) -> date | None:
        jour: date | None = self.cleaned_data[champ]
        if jour is not None and jour.year not in _ANNEES:
            raise forms.ValidationError("Cette date est trop loin.")
        return jour

    def clean_du(self) -> date | None:
        return self._jour("du")

    def clean_au(self) -> date | None:
        return self._jour("au")

    def clean_usager(self) -> UUID | None:
        saisi = self.cleaned_data["usager"].strip()
        if not saisi:
            return None
        trouve = _UUID.search(saisi)
        if trouve is None:
            raise forms.ValidationError(
                "On ne reconnaît pas d’identifiant\u00a0: collez l’adresse du dossier, telle que le navigateur l’affiche."
            )
        return UUID(trouve.group())

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        if lus.get("du") and lus.get("au") and lus["du"] > lus["au"]:
            self.add_error("au", "La fin vient avant le début.")
        return lus

    def criteres(self) -> queries.Criteres:
        lus = self.cleaned_data
        return queries.Criteres(
            du=lus["du"],
            au=lus["au"],
            acteur_id=lus["personne"].pk if lus["personne"] else None,
            sujet_id=lus["usager"],
            genre=lus["genre"],
            mode=lus["mode"],
        )


def _filtres(request: HttpRequest) -> Filtres:
    """Without a period, the last thirty days."""
    donnees = request.GET.copy()
    if "du" not in donnees:
        donnees["du"] = (today() - timedelta(days=JOURS_PAR_DEFAUT)).isoformat()
    if "au" not in donnees:
        donnees["au"] = today().isoformat()
    return Filtres(donnees)


def _dits(criteres: queries.Criteres) -> dict[str, Any]:
    """What was looked for, as the journal keeps it: codes and ids."""
    dits = {
        "du": criteres.du.isoformat() if criteres.du else None,
        "au": criteres.au.isoformat() if criteres.au else None,
        "personne": str(criteres.acteur_id) if criteres.acteur_id else None,
        "genre": criteres.genre or None,
        "mode": criteres.mode or None,
    }
    return {cle: valeur for cle, valeur in dits.items() if valeur is not None}


def _vises(acteur: Any, criteres: queries.Criteres) -> list[UUID]:
    """The usager looked for, when there is one: they read that somebody looked."""
    if criteres.sujet_id is None:
        return []
    with lectures_muettes():
        return list(sujets().decrire(acteur, [criteres.sujet_id]))


@acces("audit.journal.voir")
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    form = _filtres(request)
    contexte: dict[str, Any] = {
        "lignes": [],
        "page": None,
        "peut_exporter": peut(request.user, "audit.journal.exporter"),
        "peut_verifier": peut(request.user, "audit.journal.verifier"),
        "recherche": request.GET.urlencode(),
        "tete": Tete.objects.first(),
    }
    if form.is_valid():
        criteres = form.criteres()
        page: Any = Paginator(queries.chercher(criteres), queries.PAR_PAGE).get_page(request.GET.get("page"))
        contexte["page"] = page
        contexte["lignes"] = queries.lignes_du_journal(request.user, list(page.object_list))
        noter("audit.journal.consulte", sujets=_vises(request.user, criteres), **_dits(criteres))
    return repondre(request, "audit/journal.html", contexte, form)


@acces("audit.journal.exporter")
@require_GET
def exporter(request: HttpRequest) -> HttpResponse:
    """``?format=csv|fhir`` and the filters of the page."""
    form = _filtres(request)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('journal')}?{request.GET.urlencode()}")
    criteres = form.criteres()
    traces: Sequence[Trace] = list(queries.chercher(criteres)[: exports.LIGNES_MAX + 1])
    if len(traces) > exports.LIGNES_MAX:
        annoncer(
            request,
            "Cette recherche dépasse 20\u00a0000 traces\u00a0: resserrez la période et exportez en plusieurs fois.",
        )
        return HttpResponseRedirect(f"{reverse('journal')}?{request.GET.urlencode()}")
    voulu = "fhir" if request.GET.get("format") == "fhir" else "csv"
    noter(
        "audit.export.remis",
        sujets=_vises(request.user, criteres),
        format=voulu,
        lignes=len(traces),
        **_dits(criteres),
    )
    octets = exports.en_fhir(traces, criteres) if voulu == "fhir" else exports.en_csv(traces)
    reponse = HttpResponse(
        octets,
        content_type="application/fhir+json; charset=utf-8" if voulu == "fhir" else "text/csv; charset=utf-8",
    )
    nom = f"journal-des-acces-{now():%Y-%m-%d}.{'json' if voulu == 'fhir' else 'csv'}"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


@acces("audit.journal.verifier")
@require_POST
def verifier_la_chaine(request: HttpRequest) -> HttpResponse:
    """Read everything again, or say who can when it is long."""
    tete = Tete.objects.first()
    if tete is not None and tete.numero > VERIFIABLE_EN_LIGNE:
        annoncer(
            request,
            "Ce journal est trop long pour être relu ici\u00a0: demandez à l’exploitant de lancer verifier_journal.",
        )
        return HttpResponseRedirect(reverse("journal"))
    verdict = verifier()
    noter("audit.chaine.verifiee", lignes=verdict.lignes, intacte=verdict.intacte, numero=verdict.numero)
    if verdict.intacte:
        annoncer(
            request,
            f"La chaîne est intacte\u00a0: {verdict.lignes} traces relues, de la première à la dernière.",
        )
    else:
        annoncer(request, f"La chaîne est rompue. {verdict.anomalie}")
    return HttpResponseRedirect(reverse("journal"))


@acces("audit.journal.chiffres")
@require_GET
def chiffres(request: HttpRequest) -> HttpResponse:
    au = today()
    du = au - timedelta(days=JOURS_PAR_DEFAUT)
    return render(request, "audit/chiffres.html", {"chiffres": queries.chiffres(du, au), "du": du, "au": au})

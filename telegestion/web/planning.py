"""*Planning du jour*: the frieze, the visit one looks at, and the moves of the frieze."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from dossier.models import Secteur
from plateforme.core.clock import instant, today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.jour import lire_jour, voisins
from telegestion import queries, services
from telegestion.models import Intervention
from telegestion.web import frise
from telegestion.web.forms import Motif


def lire_uuid(brut: str | None) -> UUID | None:
    try:
        return UUID(brut or "")
    except ValueError:
        return None


def contexte_visite(request: HttpRequest, vue: queries.Visite) -> dict[str, Any]:
    """Everything the panel of the chosen visit says."""
    libre = not vue.commencee and vue.etat != "annulee"
    return {
        "visite": vue,
        "detail": queries.detail(vue),
        "form_annuler": Motif(initial={"version": vue.version}),
        "peut_deplacer": libre and peut(request.user, "telegestion.intervention.deplacer"),
        "peut_annuler": libre and peut(request.user, "telegestion.intervention.annuler"),
        "peut_retablir": vue.etat == "annulee" and peut(request.user, "telegestion.intervention.annuler"),
        "jour_visite": localtime(vue.debut).date(),
    }


@acces("telegestion.planning.voir")
@require_GET
def planning(request: HttpRequest) -> HttpResponse:
    jour = lire_jour(request.GET.get("jour", ""))
    secteur_id = lire_uuid(request.GET.get("secteur"))
    par = "usager" if request.GET.get("par") == "usager" else "intervenant"
    journee = queries.journee(request.user, jour, secteur_id=secteur_id)
    veille, lendemain = voisins(jour)
    contexte: dict[str, Any] = {
        "jour": jour,
        "est_aujourdhui": jour == today(),
        "veille": veille,
        "lendemain": lendemain,
        "secteurs": list(Secteur.objects.all()),
        "secteur_id": secteur_id,
        "journee": journee,
        "phrase": journee.phrase(localtime(journee.instant).hour) if jour == today() else "",
        "frise": frise.dresser(request, journee, par=par),
        "avancement": frise.avancement(journee),
        "par": par,
        "peut_creer": peut(request.user, "telegestion.intervention.planifier"),
        "visite": None,
    }
    choisie = lire_uuid(request.GET.get("visite"))
    vue = queries.visite(request.user, choisie) if choisie else None
    if vue is not None:
        contexte |= contexte_visite(request, vue)
    return render(request, "telegestion/planning.html", contexte)


@acces("telegestion.intervention.deplacer")
@require_POST
def deplacer(request: HttpRequest) -> HttpResponse:
    """One path for the pointer, the keyboard and the dialog; a refusal answers its sentence."""
    try:
        planification = _deplacer(request)
    except ErreurMetier as refus:
        return JsonResponse({"detail": refus.message, "code": refus.code}, status=refus.statut)
    ligne = planification.intervention
    return JsonResponse(
        {
            "id": str(ligne.pk),
            "version": ligne.version,
            "avertissements": [verdict.phrase for verdict in planification.avertissements],
        }
    )


def _deplacer(request: HttpRequest) -> services.Planification:
    cle = lire_uuid(request.POST.get("id"))
    if cle is None:
        raise Introuvable
    try:
        heure = time.fromisoformat(request.POST.get("debut", ""))
    except ValueError:
        raise services.ChampRefuse("debut", "Écrivez l’heure sous la forme 08:30.") from None
    brut = request.POST.get("intervenant", "")
    intervenant_id = lire_uuid(brut)
    if brut and intervenant_id is None:
        raise services.ChampRefuse(
            "intervenant", "Cet intervenant n’existe pas ou n’est pas dans votre structure."
        )
    jour = lire_jour(request.POST.get("jour", ""))
    debut = _garder_le_jour(cle, instant(jour, heure))
    return services.deplacer_intervention(
        request.user, cle, debut=debut, intervenant_id=intervenant_id, vue_a=_vu(request.GET.get("vu", ""))
    )


def _garder_le_jour(cle: UUID, debut: datetime) -> datetime:
    """The frieze has columns of five minutes: a start within the same column is the start it already has."""
    actuel = Intervention.objects.filter(pk=cle).values_list("debut", flat=True).first()
    if actuel is not None and abs((actuel - debut).total_seconds()) < 5 * 60 and actuel.minute % 5:
        return actuel
    return debut


def _vu(brut: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(brut) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None

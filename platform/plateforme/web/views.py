"""Views of the shell: Aujourd’hui, palette, theme, notifications, help."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.clock import now, today
from plateforme.habilitations.acces import acces
from plateforme.notifications import queries, services
from plateforme.web import jour as journee
from plateforme.web.adresses import chemin_sur
from plateforme.web.palette import chercher


@acces("plateforme.aujourdhui.voir")
@require_GET
def aujourdhui(request: HttpRequest) -> HttpResponse:
    """The page, or with ``?panneau=`` one panel of it for the refresh."""
    jour = journee.lire_jour(request.GET.get("jour", ""))
    commun: dict[str, Any] = {"jour": jour, "est_aujourdhui": jour == today(), "maintenant": now()}
    demande = request.GET.get("panneau", "")
    if demande and demande != "a_traiter":
        return _panneau_seul(request, demande, commun)
    lignes = journee.a_traiter(request, jour)
    commun |= journee.contexte_a_traiter(lignes, request.GET.get("famille", ""))
    if demande:
        return _fragment(render(request, "plateforme/_a_traiter.html", commun))
    par_zone: dict[str, list[journee.PanneauPret]] = {"tete": [], "principal": [], "cote": [], "pied": []}
    for panneau in journee.panneaux(request, jour):
        par_zone[panneau.zone].append(panneau)
    commun["veille"], commun["lendemain"] = journee.voisins(jour)
    commun["phrase_du_jour"] = journee.phrase_du_jour(lignes, jour)
    return render(request, "plateforme/aujourdhui.html", commun | par_zone)


def _panneau_seul(request: HttpRequest, cle: str, commun: dict[str, Any]) -> HttpResponse:
    prets = journee.panneaux(request, commun["jour"], cle)
    if not prets:
        return _fragment(HttpResponse(status=204))
    return _fragment(render(request, "plateforme/_panneau.html", commun | {"panneau": prets[0]}))


def _fragment(reponse: HttpResponse) -> HttpResponse:
    add_never_cache_headers(reponse)
    return reponse


def _palette(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:80]
    return _fragment(
        render(request, "plateforme/_trouvailles.html", {"q": q, "groupes": chercher(request, q)})
    )


def _theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    compte: Any = request.user
    if theme not in ("clair", "sombre", "auto"):
        return HttpResponse(status=422)
    compte.theme = theme
    compte.save(update_fields=["theme"])
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(chemin_sur(request.POST.get("suite", "")))


def _aide(request: HttpRequest) -> HttpResponse:
    return render(request, "plateforme/aide_raccourcis.html")


# The structure's and the network's sites have the same gestures under their own rights.
palette = acces("plateforme.recherche.lancer")(require_GET(_palette))
theme = acces("plateforme.theme.choisir")(require_POST(_theme))
aide = acces("plateforme.aide.lire")(require_GET(_aide))
palette_reseau = acces("plateforme.recherche.lancer_reseau")(require_GET(_palette))
theme_reseau = acces("plateforme.theme.choisir_reseau")(require_POST(_theme))
aide_reseau = acces("plateforme.aide.lire_reseau")(require_GET(_aide))


@acces("plateforme.notifications.lire")
@require_http_methods(["GET", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """The list; POST marks one (``lue``), all (``toutes``), or one and follows its link (``ouvrir``)."""
    compte: Any = request.user
    if request.method == "POST":
        return HttpResponseRedirect(_marquer(request, compte))
    lignes = queries.pour(compte)
    contexte = {"notifications": lignes, "non_lues": sum(1 for ligne in lignes if ligne.lue_a is None)}
    return render(request, "plateforme/notifications.html", contexte)


def _marquer(request: HttpRequest, compte: Any) -> str:
    """Mark what was asked, answer where to go next."""
    ici = reverse("notifications")
    if request.POST.get("toutes"):
        services.marquer_lues(compte)
        return ici
    brut = request.POST.get("ouvrir") or request.POST.get("lue") or ""
    try:
        cle = UUID(brut)
    except ValueError:
        return ici
    services.marquer_lues(compte, [cle])
    lien = queries.lien_de(compte, cle) if request.POST.get("ouvrir") else ""
    return chemin_sur(lien, ici)

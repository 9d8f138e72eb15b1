"""*Usagers*: the list, and the page of a person with its timeline."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from dossier import queries, services
from dossier.models import Secteur, StatutIns, Usager
from dossier.registres import Prochaine, liens_usager, panneaux_usager, prochaines
from dossier.rules import rendez_vous
from dossier.web.fil import derouler, lire_curseur
from plateforme.chiffrement.coffre import CleIndisponible
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut

PAR_PAGE = 50
# Ton and icon of the identity chip; the words are the label of the status.
INS = {
    StatutIns.QUALIFIEE: ("ok", "badge-check"),
    StatutIns.VALIDEE: ("info", "check"),
    StatutIns.RECUPEREE: ("info", "check"),
    StatutIns.PROVISOIRE: ("attention", "hourglass"),
}
STATUTS = (("accompagnes", "Accompagnés"), ("sortis", "Sortis"), ("tous", "Tous"))


@dataclass(frozen=True, slots=True)
class LigneUsager:
    usager: Usager
    age: int
    gir: int | None
    prochaine: Prochaine | None
    dite: str


def lire_uuid(brut: str | None) -> UUID | None:
    try:
        return UUID(brut or "")
    except ValueError:
        return None


@acces("dossier.usager.lister")
@require_GET
def usagers(request: HttpRequest) -> HttpResponse:
    """Five queries whatever the number of rows: sectors, count, page, next visits, and none per row."""
    texte = request.GET.get("q", "").strip()[:80]
    secteur_id = lire_uuid(request.GET.get("secteur"))
    statut = request.GET.get("statut", "")
    statut = statut if statut in dict(STATUTS) else "accompagnes"
    lignes = queries.lister(request.user, texte=texte, secteur_id=secteur_id, statut=statut)
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    presents = list(page.object_list)
    girs = queries.gir_lisibles(request.user, presents)
    suivantes = prochaines(request.user, [u.pk for u in presents])
    jour = today()
    contexte = {
        "page": page,
        "lignes": [_ligne(u, jour, girs.get(u.pk), suivantes.get(u.pk)) for u in presents],
        "montre_gir": bool(girs),
        "q": texte,
        "secteurs": list(Secteur.objects.all()),
        "secteur_id": secteur_id,
        "statut": statut,
        "statuts": STATUTS,
        "filtre": bool(texte or secteur_id or statut != "accompagnes"),
        "peut_creer": peut(request.user, "dossier.usager.creer"),
    }
    return render(request, "dossier/usagers.html", contexte)


def _ligne(usager: Usager, jour: date, gir: int | None, suivante: Prochaine | None) -> LigneUsager:
    dite = rendez_vous(localtime(suivante.quand), jour) if suivante else ""
    return LigneUsager(usager, usager.age(jour), gir, suivante, dite)


def _lit_l_ins(request: HttpRequest) -> bool:
    return peut(request.user, "dossier.ins.voir") or peut(request.user, "dossier.ins.controler")


def _matricule(usager: Usager) -> dict[str, str] | None:
    """Last characters only. Without the keys the rest of the dossier still opens, and says why this does not."""
    if not usager.a_un_ins:
        return None
    try:
        return {"fin": usager.ins[-4:], "refus": ""}
    except CleIndisponible:
        return {"fin": "", "refus": "illisible pour l’instant"}
    except ErreurMetier:
        return {"fin": "", "refus": "illisible"}


def contexte_usager(request: HttpRequest, cle: UUID, onglet: str) -> dict[str, Any]:
    """Head of the dossier, common to its tabs. Raises Introuvable, or DossierFerme for who is not on the case."""
    fiche = queries.fiche(request.user, cle)
    usager, jour = fiche.usager, today()
    ton, icone = INS[StatutIns(usager.statut_ins)]
    return {
        "fiche": fiche,
        "usager": usager,
        "feminin": usager.civilite == "MME",
        "age": usager.age(jour),
        "ins": {"ton": ton, "icone": icone, "libelle": usager.get_statut_ins_display()},
        "matricule": _matricule(usager) if _lit_l_ins(request) else None,
        "onglet": onglet,
        "sur_le_fil": onglet == "fil",
        "sur_l_entourage": onglet == "entourage",
        "sur_la_confidentialite": onglet == "confidentialite",
        "peut_voir_les_acces": peut(request.user, "dossier.confidentialite.voir"),
        "sur_les_documents": onglet == "documents",
        "peut_documents": peut(request.user, "dossier.document.voir"),
        "peut_lister": peut(request.user, "dossier.usager.lister"),
        "peut_modifier": peut(request.user, "dossier.usager.modifier"),
        "peut_sortir": peut(request.user, "dossier.usager.sortir"),
        "peut_noter": peut(request.user, "dossier.vigilance.noter"),
        "peut_devoiler": peut(request.user, "dossier.usager.acces_logement"),
        "liens": [
            {"libelle": lien.libelle, "icone": lien.icone, "adresse": lien.adresse(usager)}
            for lien in liens_usager()
            if peut(request.user, lien.action)
        ],
    }


def _panneaux(request: HttpRequest, usager: Usager) -> list[dict[str, Any]]:
    prets = []
    for panneau in panneaux_usager():
        if not peut(request.user, panneau.action):
            continue
        donnees = panneau.contexte(request, usager)
        if donnees is not None:
            prets.append({"cle": panneau.cle, "gabarit": panneau.gabarit, "donnees": donnees})
    return prets


def _pourquoi(request: HttpRequest, usager: Usager) -> queries.Explication:
    """The chain of links that opens this dossier to this reader."""
    return queries.expliquer_ouvert(request.user, usager)


@acces("dossier.usager.voir")
@require_GET
def usager(request: HttpRequest, cle: UUID) -> HttpResponse:
    contexte = contexte_usager(request, cle, "fil")
    contexte |= {
        "fil": derouler(
            request,
            cle,
            avant=lire_curseur(request.GET.get("avant", "")),
            famille=request.GET.get("famille", "")[:20],
        ),
        "suite_de": request.GET.get("avant", ""),
        "panneaux": _panneaux(request, contexte["usager"]),
        "pourquoi": _pourquoi(request, contexte["usager"]),
    }
    return render(request, "dossier/usager.html", contexte)


@acces("dossier.usager.voir")
@require_GET
def fil(request: HttpRequest, cle: UUID) -> HttpResponse:
    """For htmx: the timeline under another filter, or with ``avant`` the days before."""
    avant = lire_curseur(request.GET.get("avant", ""))
    famille = request.GET.get("famille", "")[:20]
    trouve = queries.exiger_usager(request.user, cle)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('usager', args=[cle])}?{request.GET.urlencode()}")
    contexte = {
        "usager": trouve,
        "fil": derouler(request, cle, avant=avant, famille=famille),
        "suite_de": "",
    }
    gabarit = "dossier/_jours.html" if avant else "dossier/_fil.html"
    reponse = render(request, gabarit, contexte)
    add_never_cache_headers(reponse)
    return reponse


@acces("dossier.usager.acces_logement")
@require_POST
def acces_logement(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The code in clear, once, for this screen; the page that is reloaded masks it again."""
    code = services.devoiler_acces(request.user, cle)
    if request.headers.get("HX-Request"):
        reponse = render(request, "dossier/_acces.html", {"code": code})
    else:
        contexte = contexte_usager(request, cle, "")
        reponse = render(request, "dossier/acces.html", contexte | {"code": code})
    add_never_cache_headers(reponse)
    return reponse

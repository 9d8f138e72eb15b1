"""Tab *Documents*: list, deposit, opening by a short signed address, erasure."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dossier import queries, services
from dossier.models import Usager
from dossier.registres import PanneauUsager, inscrire_panneau_usager
from dossier.web.dossiers import contexte_usager
from dossier.web.forms import NouveauDocument, porter
from plateforme.chiffrement.erreurs import CleIndisponible, ScelleInvalide
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.storage import liens
from plateforme.storage.models import Document, EtatDocument
from plateforme.storage.services import noms_de
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier

AU_PANNEAU = 4
_ICONES = {"image": "image", "text": "file-text"}
_TONS = {
    EtatDocument.QUARANTAINE: ("attention", "hourglass"),
    EtatDocument.INFECTE: ("alerte", "shield-alert"),
    EtatDocument.ILLISIBLE: ("alerte", "file-x"),
}


@dataclass(frozen=True, slots=True)
class LigneDocument:
    document: Document
    nom: str
    poids: str
    icone: str
    ton: str
    ton_icone: str


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    inscrire_panneau_usager(
        PanneauUsager("documents", 40, "dossier.document.voir", "dossier/_documents.html", panneau)
    )


def _lignes(request: HttpRequest, usager: Usager) -> tuple[list[LigneDocument], str]:
    """Rows, and the sentence that explains why names are missing."""
    documents = queries.documents_lisibles(request.user, usager.pk)
    noms: dict[UUID, str] = {}
    refus = ""
    if documents:
        try:
            noms = noms_de(documents, usager.pk)
        except (CleIndisponible, ScelleInvalide) as erreur:
            refus = erreur.message
    return [_ligne(d, noms.get(d.pk, "")) for d in documents], refus


def _ligne(document: Document, nom: str) -> LigneDocument:
    icone = _ICONES.get(document.type_reel.partition("/")[0], "file")
    ton, ton_icone = _TONS.get(EtatDocument(document.etat), ("", ""))
    return LigneDocument(document, nom or "Document", dire_le_poids(document.taille), icone, ton, ton_icone)


def dire_le_poids(octets: int) -> str:
    """« 28 Ko », « 1,4 Mo »: never a binary unit, never a false precision."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))}\u00a0Ko"
    return f"{octets / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


def panneau(request: HttpRequest, usager: Usager) -> dict[str, Any]:
    lignes, refus = _lignes(request, usager)
    return {
        "lignes": lignes[:AU_PANNEAU],
        "refus": refus,
        "usager": usager,
        "peut_deposer": peut(request.user, "dossier.document.deposer"),
    }


def _page(request: HttpRequest, cle: UUID, form: NouveauDocument) -> HttpResponse:
    contexte = contexte_usager(request, cle, "documents")
    lignes, refus = _lignes(request, contexte["usager"])
    contexte |= {
        "lignes": lignes,
        "refus": refus,
        "form": form,
        "peut_deposer": peut(request.user, "dossier.document.deposer"),
        "peut_effacer": peut(request.user, "dossier.document.effacer"),
    }
    return render(request, "dossier/documents.html", contexte, status=422 if form.errors else 200)


@acces("dossier.document.voir")
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, cle: UUID) -> HttpResponse:
    form = NouveauDocument(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = NouveauDocument(request.POST, request.FILES)
        if form.is_valid():
            depot = form.cleaned_data["fichier"]
            try:
                services.deposer_document(
                    request.user,
                    cle,
                    nom=depot.name,
                    octets=depot.read(),
                    sante=form.cleaned_data["sante"],
                )
            except ErreurMetier as refus:
                if refus.statut != 422:
                    raise
                porter(form, refus)
            else:
                cache = form.cleaned_data["sante"] and not peut(request.user, "dossier.sante.voir")
                annoncer(
                    request,
                    "Le document est déposé. Seules les fonctions de soin l’ouvrent."
                    if cache
                    else "Le document est déposé.",
                )
                return HttpResponseRedirect(reverse("usager_documents", args=[cle]))
    return _page(request, cle, form)


@acces("dossier.document.voir")
@require_GET
def ouvrir(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Rights first; then an address that opens this document, for this account, for a minute."""
    document = services.document_visible(request.user, cle)
    compte: Any = request.user
    return HttpResponseRedirect(
        f"{reverse('document', args=[document.pk])}?{liens.signer(document.pk, compte.pk)}"
    )


@acces("dossier.document.voir")
@require_GET
def contenu(request: HttpRequest, cle: UUID) -> HttpResponse:
    """The address does not replace the right: both are asked, at each opening."""
    compte: Any = request.user
    services.document_visible(compte, cle)
    liens.exiger(cle, compte.pk, request.GET.get("e", ""), request.GET.get("s", ""))
    document, octets = services.ouvrir_document(compte, cle)
    return fichier(octets, document.type_reel, document.nom or f"document.{document.extension}")


@acces("dossier.document.effacer")
@require_POST
def effacer(request: HttpRequest, cle: UUID) -> HttpResponse:
    document = services.effacer_document(request.user, cle)
    annoncer(request, "Le document est effacé.")
    return HttpResponseRedirect(reverse("usager_documents", args=[document.sujet_id]))

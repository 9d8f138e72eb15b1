"""Screens of certificates: the list, one certificate, what comes in and what goes out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.web.annonces import annoncer
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import porter, repondre
from socles.mie import queries
from socles.mie.models import Certificat, Delegation, Emploi, Rang
from socles.mie.rules import etats
from socles.mie.rules.lecture import OCTETS_MAX
from socles.mie.services import bascule, cycle, delegation, demandes, depot, essais
from socles.mie.services.porteur import voisines
from socles.mie.web.commun import fichiers, saisie
from socles.mie.web.formulaires import DeleguerForm, DeposerForm, GenererForm, ImporterForm
from socles.mie.web.onglets import onglets

DROITS = ("generer", "importer", "deposer", "essayer", "basculer", "deleguer")


def droits(request: HttpRequest) -> dict[str, bool]:
    return {verbe: peut(request.user, f"mie.certificat.{verbe}") for verbe in DROITS}


@acces("mie.certificat.voir")
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    lignes = queries.lignes()
    vivantes = [ligne for ligne in lignes if ligne.certificat.etat in etats.VIVANTS]
    contexte = {
        "onglets": onglets("mie"),
        "vivantes": vivantes,
        "attendues": [x for x in lignes if x.certificat.etat not in etats.VIVANTS | etats.FINIS],
        "finies": [ligne for ligne in lignes if ligne.certificat.etat in etats.FINIS],
        "administrateurs": queries.administrateurs(),
        "prochaine": next((ligne.certificat for ligne in vivantes if ligne.certificat.fin), None),
        "droits": droits(request),
    }
    return render(request, "mie/certificats.html", contexte)


@acces("mie.certificat.voir")
@require_GET
def fiche(request: HttpRequest, cle: UUID) -> HttpResponse:
    certificat = cycle.trouver(cle)
    emplois = list(certificat.emplois.all())
    contexte = {
        "c": certificat,
        "etapes": _etapes(certificat),
        "ton": queries.ton(certificat),
        "emplois": emplois,
        "devant": any(e.rang == Rang.PRINCIPAL for e in emplois),
        "derriere": bool(emplois) and all(e.rang == Rang.SECOURS for e in emplois),
        "reprenable": _reprenable(emplois),
        "essais": list(certificat.essais.all()[:6]),
        "delegations": list(certificat.delegations.all()),
        "successeurs": list(certificat.successeurs.all()),
        "droits": droits(request),
        "delegable": certificat.vivant and certificat.detenteur_id is None and bool(voisines()),
    }
    return render(request, "mie/certificat.html", contexte)


@dataclass(frozen=True, slots=True)
class Etape:
    libelle: str
    faite: bool
    ici: bool


# How far each state went on the way to service.
_RANGS = {etats.A_COMMANDER: 0, etats.COMMANDE: 1, etats.EMIS: 1, etats.INSTALLE: 2, etats.TESTE: 3}


def _etapes(certificat: Certificat) -> list[Etape]:
    """Ordered, installed, tried, in service; what ended says it at the end."""
    libelles = ["Commandé", "Installé", "Testé", "En service"]
    rang = _RANGS.get(certificat.etat, 4)
    if certificat.etat in etats.FINIS:
        faits = [True, bool(certificat.installe_a), bool(certificat.teste_a), bool(certificat.actif_a), True]
        libelles.append(certificat.get_etat_display().capitalize())
    else:
        faits = [n < rang for n in range(4)]
    return [
        Etape(libelle, fait, ici=n == (len(libelles) if rang == 4 else rang))
        for n, (libelle, fait) in enumerate(zip(libelles, faits, strict=True))
    ]


def _reprenable(emplois: list[Any]) -> bool:
    """Somebody stands behind it: the switch can be undone."""
    return any(
        Emploi.objects.filter(
            environnement=e.environnement, usage=e.usage, destination=e.destination, rang=Rang.SECOURS
        ).exists()
        for e in emplois
        if e.rang == Rang.PRINCIPAL
    )


def _nom(certificat: Certificat, extension: str) -> str:
    return f"{certificat.cn} {certificat.get_environnement_display()}.{extension}"


@acces("mie.certificat.voir")
@require_GET
def telecharger_la_demande(_request: HttpRequest, cle: UUID) -> HttpResponse:
    certificat = cycle.trouver(cle)
    if not certificat.demande:
        raise demandes.DemandeRefusee(
            "Ce certificat n’a pas de demande\u00a0: sa clé n’a pas été générée ici."
        )
    return fichier(certificat.demande.encode(), "application/pkcs10", _nom(certificat, "csr"))


@acces("mie.certificat.voir")
@require_GET
def telecharger(_request: HttpRequest, cle: UUID) -> HttpResponse:
    """The certificate and its chain: public. The key has no way out."""
    certificat = cycle.trouver(cle)
    octets = (certificat.pem + certificat.chaine).encode()
    return fichier(octets, "application/x-pem-file", _nom(certificat, "pem"))


@acces("mie.certificat.generer")
@never_cache
@require_http_methods(["GET", "POST"])
def generer(request: HttpRequest) -> HttpResponse:
    ancien = _remplace(request)
    form = GenererForm(saisie(request), initial=GenererForm.depuis(ancien) if ancien else None)
    if request.method == "POST" and form.is_valid():
        try:
            certificat = demandes.generer(form.commande(), predecesseur=ancien)
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            annoncer(request, "La clé est générée. Téléchargez la demande et envoyez-la à l’IGC-Santé.")
            return HttpResponseRedirect(reverse("mie_certificat", args=[certificat.pk]))
    return repondre(request, "mie/generer.html", {"ancien": ancien}, form)


def _remplace(request: HttpRequest) -> Certificat | None:
    """The certificate the order renews, by its id in the address."""
    try:
        cle = UUID(request.GET.get("remplace", ""))
    except ValueError:
        return None
    return Certificat.objects.filter(pk=cle).first()


@acces("mie.certificat.importer")
@never_cache
@require_http_methods(["GET", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    form = ImporterForm(saisie(request), fichiers(request))
    if request.method == "POST" and form.is_valid():
        passe = bytearray(form.cleaned_data.pop("mot_de_passe").encode())
        try:
            octets = form.cleaned_data["fichier"].read(OCTETS_MAX + 1)
            certificat = depot.importer(octets, passe, form.commande())
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            annoncer(
                request,
                "Le certificat est installé. Essayez-le auprès du service avant de le mettre en service.",
            )
            return HttpResponseRedirect(reverse("mie_certificat", args=[certificat.pk]))
    return repondre(request, "mie/importer.html", {}, form)


@acces("mie.certificat.deposer")
@never_cache
@require_http_methods(["GET", "POST"])
def deposer(request: HttpRequest, cle: UUID) -> HttpResponse:
    certificat = cycle.trouver(cle)
    form = DeposerForm(saisie(request), fichiers(request))
    if request.method == "POST" and form.is_valid():
        try:
            depot.deposer(certificat, form.cleaned_data["fichier"].read(OCTETS_MAX + 1))
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            annoncer(
                request,
                "Le certificat est installé. Essayez-le auprès du service avant de le mettre en service.",
            )
            return HttpResponseRedirect(reverse("mie_certificat", args=[certificat.pk]))
    return repondre(request, "mie/deposer.html", {"c": certificat}, form)


@acces("mie.certificat.essayer")
@require_POST
def essayer(request: HttpRequest, cle: UUID) -> HttpResponse:
    issues = essais.essayer(cycle.trouver(cle))
    rates = [issue for issue in issues if not issue.reussi]
    if rates:
        annoncer(request, f"L’essai n’a pas abouti\u00a0: {rates[0].phrase}.")
    else:
        annoncer(request, "L’essai a réussi\u00a0: le service a reconnu la structure.")
    return HttpResponseRedirect(reverse("mie_certificat", args=[cle]))


def _geste(request: HttpRequest, cle: UUID, faire: Callable[[UUID], Any], dit: str) -> HttpResponse:
    faire(cle)
    annoncer(request, dit)
    return HttpResponseRedirect(reverse("mie_certificat", args=[cle]))


@acces("mie.certificat.basculer")
@require_POST
def basculer(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _geste(
        request, cle, bascule.basculer, "Le certificat est en service. Le précédent reste en secours."
    )


@acces("mie.certificat.basculer")
@require_POST
def revenir(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _geste(request, cle, bascule.revenir, "Le certificat précédent est de nouveau en service.")


@acces("mie.certificat.basculer")
@require_POST
def clore(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _geste(request, cle, bascule.clore, "Le certificat est remplacé. Sa clé est détruite.")


@acces("mie.certificat.generer")
@require_POST
def abandonner(request: HttpRequest, cle: UUID) -> HttpResponse:
    return _geste(request, cle, cycle.abandonner, "Ce certificat n’est plus suivi. Sa clé est détruite.")


@acces("mie.certificat.deleguer")
@never_cache
@require_http_methods(["GET", "POST"])
def deleguer(request: HttpRequest, cle: UUID) -> HttpResponse:
    certificat = cycle.trouver(cle)
    structures = [(str(v.id), v.nom) for v in voisines()]
    form = DeleguerForm(saisie(request), structures=structures)
    if request.method == "POST" and form.is_valid():
        try:
            delegation.deleguer(certificat.pk, UUID(form.cleaned_data["structure"]))
        except ErreurMetier as erreur:
            porter(form, erreur)
        else:
            annoncer(
                request, "Le certificat est délégué. L’autre structure doit l’essayer avant de s’en servir."
            )
            return HttpResponseRedirect(reverse("mie_certificat", args=[certificat.pk]))
    return repondre(request, "mie/deleguer.html", {"c": certificat}, form)


@acces("mie.certificat.deleguer")
@require_POST
def retirer_delegation(request: HttpRequest, cle: UUID) -> HttpResponse:
    ligne = Delegation.objects.filter(pk=cle).first()
    if ligne is None:
        raise Introuvable
    delegation.retirer(cle)
    annoncer(request, "La délégation est retirée. La clé est détruite dans l’autre structure.")
    return HttpResponseRedirect(reverse("mie_certificat", args=[ligne.certificat_id]))

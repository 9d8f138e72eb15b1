"""Screens of needs: the questionnaire by function and the order sheet it makes."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from plateforme import pdf
from plateforme.core.clock import today
from plateforme.habilitations import roles
from plateforme.habilitations.acces import acces
from plateforme.habilitations.decision import peut
from plateforme.identity.models import Role
from plateforme.tableurs import ecrire_csv
from plateforme.tenancy.courant import exiger_courant
from plateforme.web.fichiers import fichier
from plateforme.web.formulaires import repondre
from socles.mie import queries
from socles.mie.models import Besoin
from socles.mie.rules import cartes as regles
from socles.mie.services import personnes as services
from socles.mie.services.porteur import porteur
from socles.mie.web.commun import SUIVRE, retour, saisie
from socles.mie.web.formulaires import BesoinsForm
from socles.mie.web.onglets import onglets

_BON = Path(__file__).parents[1] / "pdf" / "bon_de_commande.typ"


def _reponses() -> dict[str, dict[str, bool]]:
    cles = [cle for cle, _ in BesoinsForm.QUESTIONS]
    return {b.role: {cle: bool(getattr(b, cle)) for cle in cles} for b in Besoin.objects.all()}


@acces("mie.certificat.voir")
@require_GET
def besoins(request: HttpRequest) -> HttpResponse:
    lignes = {b.role: b for b in Besoin.objects.all()}
    commande = queries.bon_de_commande()
    contexte = {
        "onglets": onglets("mie_besoins"),
        "besoins": [{"libelle": str(Role(r).label), "besoin": lignes.get(r)} for r in roles.SALARIES],
        "commande": commande,
        "total_cps": queries.total(commande, regles.CPS),
        "total_e_cps": queries.total(commande, regles.E_CPS),
        "peut_suivre": peut(request.user, SUIVRE),
    }
    return render(request, "mie/besoins.html", contexte)


@acces(SUIVRE)
@require_http_methods(["GET", "POST"])
def questionnaire(request: HttpRequest) -> HttpResponse:
    form = BesoinsForm(saisie(request), roles=list(roles.SALARIES), reponses=_reponses())
    if request.method == "POST" and form.is_valid():
        for role in form.roles:
            services.repondre(role, regles.Reponses(**form.reponses(role)))
        return retour(request, "Les besoins sont à jour, et le bon de commande avec eux.", "mie_besoins")
    return repondre(request, "mie/questionnaire.html", {"questions": BesoinsForm.QUESTIONS}, form)


def _nom(extension: str) -> str:
    return f"cartes-{exiger_courant().slug}-{today():%Y-%m-%d}.{extension}"


@acces("mie.certificat.voir")
@require_GET
def commande_csv(_request: HttpRequest) -> HttpResponse:
    titres = ["Fonction", "Moyen", "Personnes", "Déjà en cours", "À commander"]
    lignes = [
        (ligne.fonction, ligne.libelle_besoin, ligne.personnes, ligne.en_cours, ligne.a_commander)
        for ligne in queries.bon_de_commande()
    ]
    return fichier(ecrire_csv(titres, lignes), "text/csv; charset=utf-8", _nom("csv"))


@acces("mie.certificat.voir")
@require_GET
def commande_pdf(_request: HttpRequest) -> HttpResponse:
    qui, raison_sociale = porteur()
    lignes = queries.bon_de_commande()
    donnees = {
        "structure": exiger_courant().nom,
        "organisme": raison_sociale,
        "finess": qui.finess,
        "finess_juridique": qui.finess_juridique,
        "le": today(),
        "lignes": [
            {
                "fonction": ligne.fonction,
                "moyen": ligne.libelle_besoin,
                "personnes": str(ligne.personnes),
                "en_cours": str(ligne.en_cours),
                "a_commander": str(ligne.a_commander),
            }
            for ligne in lignes
        ],
        "cps": str(queries.total(lignes, regles.CPS)),
        "e_cps": str(queries.total(lignes, regles.E_CPS)),
    }
    return fichier(pdf.composer(_BON, donnees), "application/pdf", _nom("pdf"))

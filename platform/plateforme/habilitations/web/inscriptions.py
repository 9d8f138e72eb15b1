"""What rights add to the shell: rail, banner, lines to deal with."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from plateforme.core.clock import now
from plateforme.habilitations import queries
from plateforme.habilitations.decision import peut
from plateforme.habilitations.registres import sujets
from plateforme.habilitations.support import est_du_support
from plateforme.web import registres


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "droits", "Droits", "shield", "matrice", 80, "habilitations.matrice.voir", "Gestion"
        )
    )
    registres.inscrire_rail(
        registres.EntreeRail(
            "bris",
            "Accès exceptionnels",
            "shield-alert",
            "bris_registre",
            82,
            "habilitations.bris.voir",
            "Gestion",
            compteur=lambda _request: queries.nombre_a_revoir(),
        )
    )
    registres.inscrire_rail(
        registres.EntreeRail(
            "bris_chercher",
            "Accès exceptionnel",
            "shield-alert",
            "bris_chercher",
            85,
            "habilitations.bris.ouvrir",
            "Gestion",
        )
    )
    registres.inscrire_a_traiter("revue", "habilitations.revue.mener", revues_a_traiter)
    registres.inscrire_bandeau("support", bandeau_support)
    registres.inscrire_bandeau("bris", bandeau)
    registres.inscrire_a_traiter("bris", "habilitations.bris.revoir", a_traiter)


def bandeau(request: HttpRequest) -> Iterable[registres.Bandeau]:
    compte: Any = request.user
    for ouvert in queries.bris_ouverts_de(compte):
        yield registres.Bandeau(
            "alerte",
            "shield-alert",
            f"Accès exceptionnel à un dossier, ouvert jusqu’à {localtime(ouvert.au):%H\u00a0h\u00a0%M}. Il sera relu.",
            sujets().adresse(ouvert.sujet_id),
            "Voir le dossier",
            reverse("bris_refermer", args=[ouvert.pk]),
            "Refermer",
        )


def bandeau_support(request: HttpRequest) -> Iterable[registres.Bandeau]:
    """To the operator, on every page: where he is. To who may withdraw it: somebody may look, or looks."""
    compte: Any = request.user
    if est_du_support(compte):
        yield registres.Bandeau(
            "attention",
            "eye-off",
            f"Session de support\u00a0: lecture seule, données masquées, jusqu’à "
            f"{localtime(compte.jusqu_a):%H\u00a0h\u00a0%M}. Chaque page est enregistrée. Objet\u00a0: {compte.objet}",
            geste=reverse("deconnexion"),
            libelle_geste="Quitter",
        )
        return
    ouvertes = getattr(compte, "supports_bruts", ())
    if not ouvertes or not peut(compte, "habilitations.support.retirer"):
        return
    for ligne in ouvertes:
        fin = localtime(datetime.fromisoformat(ligne["au"]))
        qui = "Le support regarde votre structure" if ligne["entree"] else "Le support peut entrer"
        yield registres.Bandeau(
            "attention",
            "life-buoy",
            f"{qui}, données masquées, jusqu’à {fin:%H\u00a0h\u00a0%M}. Objet\u00a0: {ligne['objet']}",
            reverse("support"),
            "Voir",
            reverse("support_retirer", args=[ligne["id"]]),
            "Retirer",
        )


def revues_a_traiter(_request: HttpRequest, jour: date) -> Iterable[registres.LigneATraiter]:
    """The campaign whose deadline comes, or the next one when the last is too old."""
    rappel = queries.rappel_de_revue(jour)
    if rappel is None:
        return
    campagne = rappel.campagne
    yield registres.LigneATraiter(
        cle="revue-des-droits",
        gravite=1 if rappel.en_retard else 2,
        famille="dossiers",
        icone="user-check",
        titre="Revue des droits à signer" if campagne else "Revue des droits à ouvrir",
        detail=rappel.phrase,
        url=reverse("revue", args=[campagne.pk]) if campagne else reverse("revues"),
        depuis=rappel.depuis,
    )


def a_traiter(request: HttpRequest, _jour: date) -> Iterable[registres.LigneATraiter]:
    for vu in queries.bris_recents(request.user, a_revoir=True):
        if vu.mien:
            continue
        retard = vu.bris.revue_avant < now()
        yield registres.LigneATraiter(
            cle=f"bris-{vu.bris.pk}",
            gravite=0 if retard else 1,
            famille="dossiers",
            icone="shield-alert",
            titre=f"Accès exceptionnel de {vu.bris.compte.nom_complet} à revoir",
            detail="Le délai de 72 heures est passé."
            if retard
            else str(vu.bris.get_motif_display()).capitalize(),
            url=reverse("bris_revoir", args=[vu.bris.pk]),
            depuis=vu.bris.du,
        )

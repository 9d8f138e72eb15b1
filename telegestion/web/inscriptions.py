"""What télégestion adds to the shell: rail, creations, *Aujourd’hui*, palette, tabs of the phone."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from plateforme.habilitations.decision import peut
from plateforme.terrain.registres import Onglet, inscrire_onglet
from plateforme.web import registres
from plateforme.web.registres import ActionLigne, LigneATraiter
from plateforme.web.templatetags.treille import heure
from telegestion import queries
from telegestion.rules import NBSP, Etat
from telegestion.web import frise


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    voir = "telegestion.planning.voir"
    registres.inscrire_rail(
        registres.EntreeRail("planning", "Planning", "calendar-days", "planning", 20, voir)
    )
    registres.inscrire_rail(
        registres.EntreeRail(
            "intervenants", "Intervenants", "id-card", "intervenants", 40, "telegestion.intervenant.voir"
        )
    )
    registres.inscrire_creation(
        registres.Creation(
            "Intervention",
            "calendar-plus",
            "intervention_nouvelle",
            "telegestion.intervention.planifier",
            10,
            "n i",
        )
    )
    registres.inscrire_creation(
        registres.Creation(
            "Intervenant", "user-plus", "intervenant_nouveau", "telegestion.intervenant.creer", 40
        )
    )
    registres.inscrire_panneau(
        registres.Panneau("avancement", "tete", 10, voir, "telegestion/_avancement.html", _avancement)
    )
    registres.inscrire_panneau(
        registres.Panneau("tournees", "pied", 10, voir, "telegestion/_tournees.html", _tournees)
    )
    registres.inscrire_a_traiter("telegestion", voir, a_traiter)
    registres.inscrire_chercheur("intervenants", "telegestion.intervenant.voir", _chercher)
    inscrire_onglet(Onglet("tournee", "Tournée", "route", "tournee", 10, "telegestion.tournee.voir"))
    inscrire_onglet(Onglet("badger", "Badger", "nfc", "badger", 30, "telegestion.tournee.voir"))


def _journee(request: HttpRequest, jour: date) -> queries.Journee:
    """Read once for the three places of the page that show the same day."""
    cle = "_telegestion_journees"
    gardees: dict[date, queries.Journee] = request.__dict__.setdefault(cle, {})
    if jour not in gardees:
        gardees[jour] = queries.journee(request.user, jour)
    return gardees[jour]


def _avancement(request: HttpRequest, jour: date) -> dict[str, Any]:
    return frise.avancement(_journee(request, jour))


def _tournees(request: HttpRequest, jour: date) -> dict[str, Any]:
    return frise.dresser(request, _journee(request, jour))


def a_traiter(request: HttpRequest, jour: date) -> Iterable[LigneATraiter]:
    """Somebody is waiting, somebody has nobody, somebody was forgotten: in that order of harm."""
    journee = _journee(request, jour)
    deplacer = peut(request.user, "telegestion.intervention.deplacer")
    for visite in journee.de_etat(Etat.EN_RETARD):
        yield _en_retard(visite, deplacer=deplacer)
    a_pourvoir = journee.de_etat(Etat.A_POURVOIR)
    if a_pourvoir:
        yield _a_pourvoir(a_pourvoir, jour, deplacer=deplacer)
    for visite in journee.de_etat(Etat.MANQUEE):
        yield _manquee(visite)


def _en_retard(visite: queries.Visite, *, deplacer: bool) -> LigneATraiter:
    seul = " Usager vivant seul." if visite.usager_vit_seul else ""
    actions = []
    if visite.intervenant_telephone:
        appel = f"tel:{visite.intervenant_telephone.replace(' ', '')}"
        actions.append(ActionLigne(f"Appeler {visite.intervenant_prenom}", appel, "phone", principale=True))
    if deplacer:
        actions.append(ActionLigne("Remplacer", reverse("intervention_remplacer", args=[visite.id])))
    return LigneATraiter(
        cle=f"retard-{visite.id}",
        gravite=0,
        famille="planning",
        icone="clock-alert",
        titre=f"{visite.usager_nom} n’a pas encore reçu sa visite",
        detail=(
            f"{visite.nature_libelle} à {heure(visite.debut)}, {visite.intervenant_nom} n’a pas badgé.{seul}"
        ),
        url=reverse("intervention", args=[visite.id]),
        depuis=visite.debut,
        actions=tuple(actions),
    )


def _a_pourvoir(visites: list[queries.Visite], jour: date, *, deplacer: bool) -> LigneATraiter:
    noms = ", ".join(list(dict.fromkeys(v.usager_court for v in visites))[:4])
    n = len(visites)
    premiere = min(visites, key=lambda v: v.debut)
    heures = ", ".join(f"{v.nature_libelle.lower()} à {heure(v.debut)}" for v in visites[:3])
    planning = f"{reverse('planning')}?jour={jour.isoformat()}"
    # Straight to who could take the first one: three clicks at most between the alarm and somebody on their way.
    mot = "Trouver un remplaçant" if n == 1 else "Pourvoir la première"
    action = ActionLigne(mot, reverse("intervention_remplacer", args=[premiere.id]))
    return LigneATraiter(
        cle=f"a-pourvoir-{jour.isoformat()}",
        gravite=0,
        famille="planning",
        icone="user-round-x",
        titre=f"{n} intervention{'s' if n > 1 else ''} à pourvoir{NBSP}: {noms}",
        detail=f"{heures[:1].upper()}{heures[1:]}{'…' if n > 3 else '.'}",
        url=planning,
        depuis=premiere.debut,
        actions=(action,) if deplacer else (),
    )


def _manquee(visite: queries.Visite) -> LigneATraiter:
    constat = "personne n’était prévu"
    if visite.intervenant_nom:
        constat = f"{visite.intervenant_nom} n’a badgé ni l’arrivée ni le départ"
    seul = " Usager vivant seul." if visite.usager_vit_seul else ""
    actions: tuple[ActionLigne, ...] = ()
    if visite.usager_telephone:
        actions = (
            ActionLigne(
                f"Appeler {visite.usager_court}",
                f"tel:{visite.usager_telephone.replace(' ', '')}",
                "phone",
                principale=True,
            ),
        )
    return LigneATraiter(
        cle=f"manquee-{visite.id}",
        gravite=0 if visite.usager_vit_seul else 1,
        famille="planning",
        icone="circle-x",
        titre=f"Visite sans badge chez {visite.usager_nom}",
        detail=f"{visite.nature_libelle} de {heure(visite.debut)} à {heure(visite.fin)}, {constat}.{seul}",
        url=reverse("intervention", args=[visite.id]),
        depuis=visite.debut,
        actions=actions,
    )


def _chercher(request: HttpRequest, q: str) -> Iterable[registres.Trouvaille]:
    for i in queries.intervenants(q)[:6]:
        detail = str(i.get_metier_display())
        if i.secteur is not None:
            detail += f", {i.secteur.nom}"
        yield registres.Trouvaille(
            "Intervenants", i.nom_complet, detail, reverse("intervenant", args=[i.pk]), "id-card"
        )

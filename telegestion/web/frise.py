"""Turns a day into the rows and blocks of the frieze: classes only, no inline style."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from plateforme.core.clock import now, today
from plateforme.core.periods import Periode
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import peut
from plateforme.web.templatetags.treille import heure, initiales
from telegestion.queries import Journee, Visite
from telegestion.rules import Etat, colonnes, couloirs, duree_dite, retard

_CLASSES = {
    Etat.FAITE: "fait",
    Etat.EN_COURS: "encours",
    Etat.EN_RETARD: "retard",
    Etat.MANQUEE: "retard",
    Etat.A_POURVOIR: "vide",
    Etat.A_VENIR: "prevu",
    Etat.ANNULEE: "annule",
}
_ICONES = {
    Etat.FAITE: "check",
    Etat.EN_COURS: "circle-dot",
    Etat.EN_RETARD: "clock-alert",
    Etat.MANQUEE: "circle-x",
    Etat.ANNULEE: "ban",
}
BANDE = (
    ("Faites", Etat.FAITE, "fait", "", "check"),
    ("En cours", Etat.EN_COURS, "encours", "encours", "circle-dot"),
    ("En retard", Etat.EN_RETARD, "retard", "retard", "clock-alert"),
    ("Manquées", Etat.MANQUEE, "retard", "retard", "circle-x"),
    ("À pourvoir", Etat.A_POURVOIR, "vide", "vide", "user-round-x"),
    ("À venir", Etat.A_VENIR, "", "", "calendar-clock"),
)


@dataclass(frozen=True, slots=True)
class Bloc:
    visite: Visite
    adresse: str
    classes: str
    nom: str
    mot: str
    icone: str
    titre: str
    mobile: bool  # may be moved


@dataclass(frozen=True, slots=True)
class Rangee:
    cle: str  # id of the intervenant or of the usager, "" for « à pourvoir »
    nom: str
    detail: str
    initiales: str
    adresse: str
    absent: bool
    vide: bool
    blocs: tuple[Bloc, ...]
    ensemble: int  # visits at the same time, at most


def dresser(request: HttpRequest, journee: Journee, *, par: str = "intervenant") -> dict[str, Any]:
    """Context of ``telegestion/_frise.html``."""
    deplacable = par == "intervenant" and peut(request.user, "telegestion.intervention.deplacer")
    rangees = _par_usager(journee) if par == "usager" else _par_intervenant(journee, deplacable=deplacable)
    maintenant, rang = "", -99
    if journee.jour == today():
        minutes = _minutes(journee.instant)
        if 7 * 60 <= minutes < 21 * 60:
            rang = colonnes(minutes, minutes)[0]
            maintenant = f"d{rang}"
    return {
        "rangees": rangees,
        "maintenant": maintenant,
        "instant": journee.instant,
        "jour": journee.jour,
        "par": par,
        # What this page knows ends here: a later change by somebody else is a conflict, not an overwrite.
        "deplacer": f"{reverse('planning_deplacer')}?vu={int(journee.instant.timestamp() * 1000)}"
        if deplacable
        else "",
        "equipe": [(str(e.id), e.nom) for e in journee.equipe if not e.absence],
        # An hour under the badge of the present one would be a blot: it is left out.
        "heures": [
            (f"d{1 + 12 * n} l12", f"{7 + n}\u00a0h")
            for n in range(14)
            if not -6 <= rang - (1 + 12 * n) <= 11
        ],
    }


def avancement(journee: Journee) -> dict[str, Any]:
    """Context of the progress strip."""
    total = len(journee.tenues)
    lignes, x, dits = [], 0, []
    for libelle, etat, couleur, classe, icone in BANDE:
        nombre = journee.comptes.get(etat, 0)
        if etat is Etat.MANQUEE and not nombre:
            continue
        lignes.append(
            {
                "libelle": libelle,
                "nombre": nombre,
                "x": x,
                "couleur": couleur,
                "classe": classe,
                "icone": icone,
            }
        )
        dits.append(f"{nombre} {libelle.lower()}")
        x += nombre
    return {
        "total": total,
        "lignes": lignes,
        "description": f"{total} interventions\u00a0: " + ", ".join(dits),
    }


def _par_intervenant(journee: Journee, *, deplacable: bool) -> list[Rangee]:
    par_cle: dict[UUID | None, list[Visite]] = defaultdict(list)
    for visite in journee.visites:
        par_cle[visite.intervenant_id].append(visite)
    a_pourvoir = par_cle.get(None, [])
    ouvertes = sum(1 for v in a_pourvoir if v.etat is not Etat.ANNULEE)
    rangees = [
        Rangee(
            "",
            "À pourvoir",
            f"{ouvertes} intervention{'s' if ouvertes > 1 else ''}" if ouvertes else "aucune",
            "",
            "",
            absent=False,
            vide=True,
            blocs=_blocs(a_pourvoir, journee, deplacable=deplacable),
            ensemble=_ensemble(a_pourvoir),
        )
    ]
    for equipier in sorted(journee.equipe, key=lambda e: e.cle_tri):
        visites = par_cle.get(equipier.id, [])
        detail = equipier.absence.capitalize() if equipier.absence else _charge(visites)
        rangees.append(
            Rangee(
                str(equipier.id),
                equipier.nom,
                detail,
                equipier.initiales,
                reverse("intervenant", args=[equipier.id]),
                absent=bool(equipier.absence),
                vide=False,
                blocs=_blocs(visites, journee, deplacable=deplacable),
                ensemble=_ensemble(visites),
            )
        )
    connus = {e.id for e in journee.equipe}
    # Somebody of another secteur, or gone since: what they have today is still shown.
    for cle, visites in par_cle.items():
        if cle is not None and cle not in connus:
            nom = visites[0].intervenant_nom
            rangees.append(
                Rangee(
                    str(cle),
                    nom,
                    _charge(visites),
                    initiales(nom),
                    reverse("intervenant", args=[cle]),
                    absent=False,
                    vide=False,
                    blocs=_blocs(visites, journee, deplacable=deplacable),
                    ensemble=_ensemble(visites),
                )
            )
    return rangees


def _par_usager(journee: Journee) -> list[Rangee]:
    par_cle: dict[UUID, list[Visite]] = defaultdict(list)
    for visite in journee.visites:
        par_cle[visite.usager_id].append(visite)
    rangees = [
        Rangee(
            str(cle),
            visites[0].usager_nom,
            _charge(visites),
            initiales(visites[0].usager_nom),
            "",
            absent=False,
            vide=False,
            blocs=_blocs(visites, journee, deplacable=False, nommer_intervenant=True),
            ensemble=_ensemble(visites),
        )
        for cle, visites in par_cle.items()
    ]
    return sorted(rangees, key=lambda r: cle_de_tri(r.nom.split(" ", 1)[-1]))


def _charge(visites: Iterable[Visite]) -> str:
    tenues = [v for v in visites if v.etat is not Etat.ANNULEE]
    if not tenues:
        return "aucune visite"
    return (
        f"{duree_dite(sum(v.minutes for v in tenues))}, {len(tenues)} visite{'s' if len(tenues) > 1 else ''}"
    )


def _ensemble(visites: Iterable[Visite]) -> int:
    return max(couloirs([Periode(v.debut, v.fin) for v in visites if v.etat is not Etat.ANNULEE]), default=0)


def _blocs(
    visites: Iterable[Visite], journee: Journee, *, deplacable: bool, nommer_intervenant: bool = False
) -> tuple[Bloc, ...]:
    return tuple(
        _bloc(v, journee, deplacable=deplacable, nommer_intervenant=nommer_intervenant) for v in visites
    )


def _bloc(visite: Visite, journee: Journee, *, deplacable: bool, nommer_intervenant: bool) -> Bloc:
    debut = _minutes(visite.debut) if localtime(visite.debut).date() == journee.jour else 0
    fin = _minutes(visite.fin) if localtime(visite.fin).date() == journee.jour else 24 * 60
    rang, large = colonnes(debut, fin)
    nom = (visite.intervenant_nom or "À pourvoir") if nommer_intervenant else visite.usager_famille
    mot = visite.nature_libelle
    if visite.etat is Etat.EN_RETARD:
        mot = duree_dite(retard(visite.debut, journee.instant))
    titre = f"{heure(visite.debut)}–{heure(visite.fin)} {visite.usager_nom}, {visite.nature_libelle}"
    return Bloc(
        visite,
        f"{reverse('planning')}?jour={journee.jour.isoformat()}&visite={visite.id}",
        f"{_CLASSES[visite.etat]} d{rang} l{large}",
        nom,
        mot,
        _ICONES.get(visite.etat, ""),
        titre,
        mobile=deplacable and not visite.commencee and visite.etat is not Etat.ANNULEE,
    )


def bloc_seul(visite: Visite, *, deplacable: bool) -> Bloc:
    """One block, to refresh it in a page that is already drawn."""
    journee = Journee(localtime(visite.debut).date(), now(), (), ())
    return _bloc(visite, journee, deplacable=deplacable, nommer_intervenant=False)


def _minutes(instant: Any) -> int:
    locale = localtime(instant)
    return locale.hour * 60 + locale.minute

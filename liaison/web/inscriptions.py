"""What the cahier adds to the shell: rail, creation, *Aujourd’hui*; and to the dossier: timeline, side panels."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from dossier.registres import (
    LienUsager,
    PanneauUsager,
    inscrire_lien_usager,
    inscrire_panneau_usager,
    inscrire_prochaine,
)
from liaison import queries
from liaison.models import Audience, Transmission
from liaison.rules import extrait, gravite
from liaison.web import dossier
from plateforme.core.clock import bornes_du_jour, today
from plateforme.identity.models import Compte, Role
from plateforme.web import registres
from plateforme.web.registres import ActionLigne, LigneATraiter
from plateforme.web.templatetags.treille import quand

LIRE = "liaison.transmission.lire"
PUBLIER = "liaison.transmission.publier"
VOIR = "dossier.usager.voir"


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail(
            "transmissions", "Transmissions", "notebook-pen", "transmissions", 50, LIRE, compteur=compteur
        )
    )
    registres.inscrire_creation(
        registres.Creation("Transmission", "notebook-pen", "transmission_nouvelle", PUBLIER, 20, "n t")
    )
    registres.inscrire_panneau(
        registres.Panneau("transmissions", "cote", 10, LIRE, "liaison/_panneau.html", panneau)
    )
    registres.inscrire_a_traiter("liaison", LIRE, a_traiter)
    registres.inscrire_fil("interventions", VOIR, dossier.fil_interventions)
    registres.inscrire_fil("transmissions", LIRE, dossier.fil_transmissions)
    inscrire_prochaine("interventions", dossier.prochaines)
    inscrire_panneau_usager(
        PanneauUsager("prochaines", 10, VOIR, "liaison/_prochaines.html", dossier.prochaines_interventions)
    )
    inscrire_panneau_usager(PanneauUsager("equipe", 20, VOIR, "liaison/_equipe.html", dossier.equipe))
    inscrire_lien_usager(
        LienUsager(
            "transmission",
            10,
            PUBLIER,
            "Écrire une transmission",
            "notebook-pen",
            lambda usager: f"{reverse('transmission_nouvelle')}?usager={usager.pk}",
        )
    )


def compteur(request: HttpRequest) -> int:
    """Read once per page: the rail and the panel of *Aujourd’hui* say the same number."""
    gardes: dict[str, int] = request.__dict__.setdefault("_liaison_non_lues", {})
    if "nombre" not in gardes:
        gardes["nombre"] = queries.nombre_non_lues(request.user)
    return gardes["nombre"]


def panneau(request: HttpRequest, jour: date) -> dict[str, Any]:
    """The four latest of the day one looks at, or before it."""
    fin = None if jour >= today() else bornes_du_jour(jour)[1]
    return {"transmissions": queries.dernieres(request.user, avant=fin), "non_lues": compteur(request)}


def a_traiter(request: HttpRequest, jour: date) -> Iterable[LigneATraiter]:
    """What this person has not read yet: today all that waits, on another day that day's own."""
    bornes: tuple[datetime | None, datetime | None] = (None, None)
    if jour != today():
        bornes = bornes_du_jour(jour)
    notes = queries.a_suivre(request.user, *bornes)
    idec = _idec_a_appeler(request, notes)
    for note in notes:
        yield _ligne(note, idec)


def _idec_a_appeler(request: HttpRequest, notes: list[Transmission]) -> Compte | None:
    """The one to call for a serious note; nobody when it is oneself."""
    role = getattr(request.user, "role", "")
    if role == Role.IDEC or not any(gravite(note.observation) == 0 for note in notes):
        return None
    return Compte.objects.filter(role=Role.IDEC, actif=True).exclude(telephone="").order_by("cle_tri").first()


def _ligne(note: Transmission, idec: Compte | None) -> LigneATraiter:
    grave = gravite(note.observation)
    adresse = reverse("transmission", args=[note.pk])
    actions = [ActionLigne("Lire", adresse)]
    if grave == 0 and idec is not None:
        tel = f"tel:{idec.telephone.replace(' ', '')}"
        actions.insert(0, ActionLigne("Prévenir l’IDEC", tel, "phone", principale=True))
    constat = "Le service est prévenu" if grave == 0 else "À surveiller"
    cite = extrait(note.texte) or "Aucun mot n’accompagne cette observation."
    moment = quand(note.ecrite_a)
    moment = f"à {moment}" if localtime(note.ecrite_a).date() == today() else moment
    return LigneATraiter(
        cle=f"transmission-{note.pk}",
        gravite=0 if grave == 0 else 1,
        famille="sante",
        icone="triangle-alert"
        if grave == 0
        else "stethoscope"
        if note.audience == Audience.SOINS
        else "notebook-pen",
        titre=f"{constat}\u00a0: {note.usager.nom_complet}",
        detail=f"{note.auteur.nom_complet}, {moment}\u00a0: {cite}",
        url=adresse,
        depuis=note.ecrite_a,
        actions=tuple(actions),
    )

"""Reminders of an end, exactly once: a row with a unique constraint, in the transaction of the message that carries it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import today
from plateforme.habilitations import roles
from plateforme.identity.models import Compte
from plateforme.identity.services.avis import ecrire
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import publier
from plateforme.reference.models import Parametre
from socles.mie.models import AdministrateurTechnique, Carte, Certificat, EtatCarte, Rang, Rappel
from socles.mie.rules import echeances, etats

GENRE = "mie.rappel"
CODE_SEUILS = "mie.rappels.jours"
# Source: domain MIE-4 (J-90/60/30/7) et security §6.2 (J-1). The dated parameter, where there is one, wins.
SEUILS = (90, 60, 30, 7, 1)
FIN = 0
DEPART = -1
ADT, DIRECTION = "adt", "direction"
DESTINATAIRES = (ADT, DIRECTION)
CERTIFICAT, CARTE = "certificat", "carte"


def seuils(le: date | None = None) -> tuple[int, ...]:
    ligne = Parametre.objects.filter(code=CODE_SEUILS, en_vigueur__contains=le or today()).first()
    lus = tuple(int(mot) for mot in ligne.valeur.split() if mot.isdigit()) if ligne else ()
    return tuple(sorted(lus or SEUILS, reverse=True))


def rappeler() -> int:
    """Every threshold reached since the last time. Says how many reminders left."""
    jours, jour = seuils(), today()
    # One behind another is already replaced: nothing to remind of.
    en_service = Certificat.objects.filter(etat__in=etats.EN_SERVICE, emplois__rang=Rang.PRINCIPAL).distinct()
    objets: list[tuple[str, Any, date | None]] = [(CERTIFICAT, c, c.fin_le) for c in en_service]
    actives = Carte.objects.filter(etat=EtatCarte.ACTIVEE, expire_le__isnull=False, compte__actif=True)
    objets += [(CARTE, carte, carte.expire_le) for carte in actives]
    partis = sum(_rappeler(genre, objet.pk, fin, jour, jours) for genre, objet, fin in objets if fin)
    return partis + _rappeler_les_departs()


def _rappeler(genre: str, objet_id: UUID, fin: date, jour: date, jours: Iterable[int]) -> int:
    partis = 0
    with transaction.atomic():
        dits = list(Rappel.objects.filter(genre=genre, objet_id=objet_id))
        for destinataire in DESTINATAIRES:
            siens = [r.seuil for r in dits if r.destinataire == destinataire]
            maintenant, passes = echeances.a_dire(fin, jour, jours, siens)
            for seuil in passes:
                _inscrire(genre, objet_id, seuil, destinataire, envoye=False)
            if maintenant is not None:
                partis += _inscrire(genre, objet_id, maintenant, destinataire, envoye=True)
    return partis


def _inscrire(genre: str, objet_id: UUID, seuil: int, destinataire: str, *, envoye: bool) -> int:
    """1 when the row is new: another process that was quicker has sent it."""
    _, neuf = Rappel.objects.get_or_create(
        genre=genre, objet_id=objet_id, seuil=seuil, destinataire=destinataire, defaults={"envoye": envoye}
    )
    if not neuf or not envoye:
        return 0
    contenu = {"genre": genre, "objet": str(objet_id), "seuil": seuil, "destinataire": destinataire}
    publier(GENRE, f"rappel:{objet_id}", contenu)
    noter("mie.rappel.envoye", objet=genre, seuil=seuil, destinataire=destinataire)
    return 1


def dire_la_fin(certificat: Certificat) -> None:
    """In the transaction that makes it « expiré », when it was still in service."""
    if certificat.emplois.filter(rang=Rang.PRINCIPAL).exists():
        for destinataire in DESTINATAIRES:
            _inscrire(CERTIFICAT, certificat.pk, FIN, destinataire, envoye=True)


def _rappeler_les_departs() -> int:
    """Somebody left: the card is to be given back, or revoked."""
    partis = 0
    restees = Carte.objects.filter(etat__in=[EtatCarte.RECUE, EtatCarte.ACTIVEE], compte__actif=False)
    for cle in restees.values_list("pk", flat=True):
        with transaction.atomic():
            partis += sum(_inscrire(CARTE, cle, DEPART, d, envoye=True) for d in DESTINATAIRES)
    return partis


# -- delivery ------------------------------------------------------------------------------------------------


def destinataires(qui: str) -> list[Compte]:
    """Accounts to tell now. A technical administrator who directs is told as the direction."""
    if qui == DIRECTION:
        return list(Compte.objects.filter(role=roles.DIRECTION, actif=True))
    jour = today()
    nommes = AdministrateurTechnique.objects.filter(jusqu_au=None, depuis__lte=jour, compte__actif=True)
    return [n.compte for n in nommes.select_related("compte") if n.compte.role != roles.DIRECTION]


def livrer(message: Message) -> None:
    """Consumer of the outbox: once per message, in the transaction of its inbox row."""
    contenu = message.contenu
    phrases = _du_certificat(contenu) if contenu["genre"] == CERTIFICAT else _de_la_carte(contenu)
    if phrases is None:
        return
    titre, detail, url = phrases
    for compte in destinataires(contenu["destinataire"]):
        Notification.objects.create(compte=compte, titre=titre, detail=detail, url=url, icone="badge-alert")
        if compte.courriel:
            ecrire(compte.pk, "mie_rappel", titre=titre, detail=detail, chemin=url)


def _du_certificat(contenu: dict[str, Any]) -> tuple[str, str, str] | None:
    certificat = Certificat.objects.filter(pk=UUID(contenu["objet"])).first()
    if certificat is None or certificat.fin_le is None:
        return None
    seuil = contenu["seuil"]
    titre = "Certificat expiré" if seuil == FIN else f"Certificat à renouveler sous {_jours(seuil)}"
    detail = f"{certificat.intitule}, jusqu’au {certificat.fin_le:%d/%m/%Y}."
    if seuil != FIN:
        detail += " La commande du remplaçant est préremplie."
    return titre, detail, f"/mie/certificats/{certificat.pk}"


def _de_la_carte(contenu: dict[str, Any]) -> tuple[str, str, str] | None:
    """The name stays on the page: what is sent by e-mail names nobody."""
    carte = Carte.objects.filter(pk=UUID(contenu["objet"])).first()
    if carte is None:
        return None
    if contenu["seuil"] == DEPART:
        return (
            "Carte à récupérer",
            "Une personne partie a encore sa carte\u00a0: faites-la rendre ou révoquer.",
            "/mie/cartes",
        )
    fin = f"{carte.expire_le:%d/%m/%Y}" if carte.expire_le else ""
    return (
        f"Carte à renouveler sous {_jours(contenu['seuil'])}",
        f"{carte.get_genre_display()}, jusqu’au {fin}.",
        "/mie/cartes",
    )


def _jours(seuil: int) -> str:
    return "1\u00a0jour" if seuil == 1 else f"{seuil}\u00a0jours"

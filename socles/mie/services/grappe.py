"""What the porteur sees of its members: states and dates, from the facts they told. No structure's table is read."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import today
from socles.mie.rules import etats, usages
from tenants.deploiement.models import Releve
from tenants.models import Adhesion, Grappe

VALIDES = "mie.certificats_valides"
# In the order they are needed: the first one not held is what blocks.
CHEMIN = {
    "mie.contrat_ans": "le contrat avec l’ANS",
    "mie.carte_cde": "la carte CDE",
    "mie.administrateur_technique": "l’administrateur technique",
    "mie.certificats_commandes": "la commande des certificats",
    "mie.certificats_installes": "l’installation des certificats",
    "mie.certificats_testes": "l’essai des certificats",
    VALIDES: "la validité des certificats",
}
_PROCHE, _LOIN = 30, 90


@dataclass(frozen=True, slots=True)
class Echeance:
    """An end: of a certificate, or of a card of director."""

    structure: str
    structure_id: UUID
    quoi: str
    environnement: str
    etat: str
    le: date
    reste: int

    @property
    def ton(self) -> str:
        if self.reste < 0 or self.etat in {etats.EXPIRE, etats.REVOQUE} or self.reste <= 7:
            return "alerte"
        return "attention" if self.reste <= _LOIN else "ok"

    @property
    def libelle_etat(self) -> str:
        return etats.LIBELLES.get(self.etat, self.etat)

    @property
    def depassee(self) -> int:
        return -self.reste


@dataclass
class Membre:
    nom: str
    structure_id: UUID
    commune: str
    releves: dict[str, Releve] = field(default_factory=dict)
    echeances: list[Echeance] = field(default_factory=list)

    @property
    def frein(self) -> str:
        """The first thing it lacks; "" when nothing."""
        for code, libelle in CHEMIN.items():
            releve = self.releves.get(code)
            if releve is None or not releve.tenu:
                return libelle
        return ""

    @property
    def prochaine(self) -> Echeance | None:
        return next((e for e in self.echeances if e.reste >= 0), None)

    @property
    def passees(self) -> int:
        return sum(1 for code in CHEMIN if (r := self.releves.get(code)) is not None and r.tenu)

    @property
    def etapes(self) -> int:
        return len(CHEMIN)


@dataclass
class Vue:
    membres: list[Membre]

    @property
    def echeances(self) -> list[Echeance]:
        return sorted((e for m in self.membres for e in m.echeances), key=lambda e: (e.le, e.structure))

    @property
    def finies(self) -> int:
        return sum(1 for e in self.echeances if e.reste < 0)

    @property
    def proches(self) -> int:
        return sum(1 for e in self.echeances if 0 <= e.reste <= _PROCHE)

    @property
    def a_venir(self) -> int:
        return sum(1 for e in self.echeances if _PROCHE < e.reste <= _LOIN)

    @property
    def prets(self) -> int:
        return sum(1 for membre in self.membres if not membre.frein)

    @property
    def freins(self) -> list[tuple[str, list[Membre]]]:
        """What blocks, with whom; the most blocking first."""
        par_frein: dict[str, list[Membre]] = {}
        for membre in self.membres:
            if membre.frein:
                par_frein.setdefault(membre.frein, []).append(membre)
        return sorted(par_frein.items(), key=lambda ligne: -len(ligne[1]))


def vue(grappe: Grappe) -> Vue:
    """Two queries whatever the number of members."""
    adhesions = (
        Adhesion.objects.filter(grappe=grappe, jusqu_au=None)
        .select_related("structure")
        .order_by("structure__raison_sociale")
    )
    membres = {
        a.structure_id: Membre(a.structure.raison_sociale, a.structure_id, a.structure.commune)
        for a in adhesions
    }
    jour = today()
    for releve in Releve.objects.filter(structure_id__in=list(membres), code__startswith="mie."):
        membres[releve.structure_id].releves[releve.code] = releve
    for membre in membres.values():
        membre.echeances = sorted(_echeances(membre, jour), key=lambda e: e.le)
    return Vue(list(membres.values()))


def _echeances(membre: Membre, jour: date) -> Iterator[Echeance]:
    valides = membre.releves.get(VALIDES)
    for ligne in valides.details if valides is not None else ():
        if lue := _lire(ligne):
            le, usage, environnement, etat = lue
            quoi = f"certificat {usage}"
            yield Echeance(membre.nom, membre.structure_id, quoi, environnement, etat, le, (le - jour).days)
    cde = membre.releves.get("mie.carte_cde")
    if cde is not None and cde.echeance is not None:
        reste = (cde.echeance - jour).days
        yield Echeance(membre.nom, membre.structure_id, "carte CDE", "", "activée", cde.echeance, reste)


def _lire(ligne: Any) -> tuple[date, str, str, str] | None:
    """A row of the fact; one written otherwise is left out rather than believed."""
    try:
        le = date.fromisoformat(str(ligne["expire_le"]))
        return le, str(ligne["usage"]), usages.ENVIRONNEMENTS[str(ligne["environnement"])], str(ligne["etat"])
    except (KeyError, TypeError, ValueError):
        return None


# -- calendar ------------------------------------------------------------------------------------------------


def donner_le_calendrier(grappe: Grappe) -> str:
    """A new secret, told once; the former address stops at once."""
    jeton = secrets.token_urlsafe(32)
    with transaction.atomic():
        Grappe.objects.filter(pk=grappe.pk).update(calendrier=_empreinte(jeton))
        noter("mie.calendrier.donne", grappe=str(grappe.pk))
    return jeton


def retirer_le_calendrier(grappe: Grappe) -> None:
    with transaction.atomic():
        Grappe.objects.filter(pk=grappe.pk).update(calendrier="")
        noter("mie.calendrier.retire", grappe=str(grappe.pk))


def grappe_du_jeton(jeton: str) -> Grappe | None:
    return Grappe.objects.filter(calendrier=_empreinte(jeton)).first() if len(jeton) >= 40 else None


def _empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def en_ical(nom: str, echeances: Iterable[Echeance]) -> bytes:
    """RFC 5545: a day-long event per end, reminded 30 days before."""
    lignes = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Treille//Certificats//FR",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_texte(f'Certificats, {nom}')}",
    ]
    horodatage = f"{today():%Y%m%d}T000000Z"
    for e in echeances:
        cle = hashlib.sha256(f"{e.structure_id}:{e.quoi}:{e.environnement}:{e.le}".encode()).hexdigest()[:32]
        ou = f" ({e.environnement})" if e.environnement else ""
        lignes += [
            "BEGIN:VEVENT",
            f"UID:{cle}@treille",
            f"DTSTAMP:{horodatage}",
            f"DTSTART;VALUE=DATE:{e.le:%Y%m%d}",
            f"SUMMARY:{_texte(f'{e.structure} : fin de {e.quoi}{ou}')}",
            f"DESCRIPTION:{_texte(f'État : {e.libelle_etat}.')}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-P30D",
            f"DESCRIPTION:{_texte(f'{e.structure} : {e.quoi} dans 30 jours')}",
            "END:VALARM",
            "END:VEVENT",
        ]
    lignes.append("END:VCALENDAR")
    return b"".join(_plier(ligne) for ligne in lignes)


def _texte(brut: str) -> str:
    propre = brut.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(propre.split())


def _plier(ligne: str) -> bytes:
    """Lines of 75 bytes at most, never cut inside a letter."""
    morceaux: list[bytes] = []
    courant = b""
    for lettre in ligne:
        octets = lettre.encode()
        if len(courant) + len(octets) > (75 if not morceaux else 74):
            morceaux.append(courant)
            courant = b""
        courant += octets
    morceaux.append(courant)
    return b"\r\n ".join(morceaux) + b"\r\n"

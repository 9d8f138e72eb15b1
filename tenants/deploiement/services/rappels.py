"""Reminders: each one leaves once for a subject, a threshold and a recipient, whatever stops and starts again.

The row that remembers it and the message that carries it are written in one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from plateforme.core.clock import now, today
from plateforme.habilitations import roles
from plateforme.identity.models import Compte
from plateforme.identity.services import avis
from plateforme.reference.models import Parametre
from plateforme.reseau.models import CompteReseau, RoleReseau
from plateforme.tenancy.courant import exiger_courant
from tenants.contexte import en_public
from tenants.deploiement import queries, rules
from tenants.deploiement.models import Parcours, Rappel, Releve, Responsable
from tenants.deploiement.rules import EtapeVue
from tenants.models import Adhesion, Grappe
from tenants.projet.queries import jalons_a_venir

# Who of the structure hears of a step. Several functions may hold one part.
DESTINATAIRES: dict[str, tuple[str, ...]] = {
    Responsable.DIRECTION: (roles.DIRECTION,),
    Responsable.ADMINISTRATEUR: (roles.DIRECTION,),
    Responsable.DPD: (roles.DPD, roles.DIRECTION),
    Responsable.ENCADREMENT: (roles.RESPONSABLE, roles.IDEC),
}
# The dated parameter of the certificates themselves: « 90 60 30 7 1 ».
SEUILS_CERTIFICAT = "mie.rappels.jours"


# States of a certificate that serves, or has just stopped, as its fact names them.
_EN_SERVICE = frozenset({"actif", "a_renouveler", "expire"})


@dataclass(frozen=True, slots=True)
class _Du:
    sujet: str
    seuil: int
    titre: str
    detail: str
    etape: EtapeVue


def _phrase(etape: EtapeVue, seuil: int, jour: date) -> str:
    restants = (etape.echeance - jour).days
    if seuil < 0:
        return f"Elle était prévue pour le {etape.echeance:%d/%m/%Y}."
    if restants == 0:
        return "Elle est prévue pour aujourd’hui."
    return f"Elle est prévue pour le {etape.echeance:%d/%m/%Y}, dans {restants} jour{'s' if restants > 1 else ''}."


def _minuscule(titre: str) -> str:
    """Inside a sentence; acronyms keep their capitals."""
    return titre[:1].lower() + titre[1:]


def _etapes_dues(parcours: Parcours, jour: date) -> list[_Du]:
    """Steps to remind of today. One that waits for another stays silent until its due date: the other speaks."""
    vues = queries.etapes_vues(parcours)
    par_code = {v.code: v for v in vues}
    dues = []
    for vue in vues:
        seuil = None if vue.passee else rules.seuil_d_etape(vue.echeance, jour)
        if seuil is None or (rules.attend(vue, par_code) and seuil >= 0):
            continue
        # The date is in the subject: a step planned again is reminded of again.
        sujet = f"etape:{vue.code}:{vue.echeance.isoformat()}"
        dues.append(
            _Du(
                sujet,
                seuil,
                f"À faire\u00a0: {_minuscule(vue.titre)}"
                if seuil >= 0
                else f"En retard\u00a0: {_minuscule(vue.titre)}",
                _phrase(vue, seuil, jour),
                vue,
            )
        )
    return dues


def _premiere_fois(structure_id: UUID, sujet: str, seuil: int, destinataire: str) -> bool:
    """Takes the reminder; False when it already left. Run in public, in the transaction of the message."""
    ligne = Rappel(structure_id=structure_id, sujet=sujet, seuil=seuil, destinataire=destinataire, a=now())
    Rappel.objects.bulk_create([ligne], ignore_conflicts=True)
    return Rappel.objects.filter(pk=ligne.pk).exists()


def rappeler_a_la_structure() -> int:
    """In the current structure: tell its people what is due. Returns how many reminders left."""
    structure_id = exiger_courant().structure_id
    assert structure_id is not None
    jour = today()
    partis = 0
    with transaction.atomic():
        with en_public():
            parcours = queries.parcours_de(structure_id)
            if parcours is None or parcours.en_production:
                return 0
            dues = [d for d in _etapes_dues(parcours, jour) if d.etape.role in DESTINATAIRES]
        comptes = _comptes({r for d in dues for r in DESTINATAIRES[d.etape.role]})
        for du in dues:
            for compte in comptes:
                if compte.role not in DESTINATAIRES[du.etape.role]:
                    continue
                with en_public():
                    neuf = _premiere_fois(structure_id, du.sujet, du.seuil, f"compte:{compte.pk}")
                if neuf:
                    avis.rappeler(
                        compte, du.titre, du.detail, reverse("deploiement", urlconf="config.urls_structure")
                    )
                    partis += 1
    return partis


def _comptes(fonctions: set[str]) -> list[Any]:
    return list(Compte.objects.filter(role__in=fonctions, actif=True).order_by("pk")) if fonctions else []


# -- the network's people --------------------------------------------------------------------------
def _porteurs(grappe_id: UUID) -> "QuerySet[CompteReseau]":
    lignes: QuerySet[CompteReseau] = CompteReseau.objects.filter(
        role=RoleReseau.PORTEUR, grappe_id=grappe_id, actif=True
    )
    return lignes


def rappeler_aux_porteurs() -> int:
    """In public: steps that wait for the porteur, certificates of members near their end, the week’s digest."""
    jour = today()
    return sum(_rappeler_au_porteur(grappe, jour) for grappe in Grappe.objects.order_by("pk"))


def _rappeler_au_porteur(grappe: Grappe, jour: date) -> int:
    porteurs = list(_porteurs(grappe.pk))
    if not porteurs:
        return 0
    membres = Adhesion.objects.filter(grappe=grappe, jusqu_au__isnull=True)
    lettres = [*_ses_etapes(membres, jour), *_certificats(membres, jour), *_jalons(grappe, membres, jour)]
    if bilan := _bilan(membres, jour):
        lettres.append(bilan)
    partis = 0
    for structure_id, sujet, seuil, titre, detail in lettres:
        for porteur in porteurs:
            with transaction.atomic():
                if _premiere_fois(structure_id, sujet, seuil, f"reseau:{porteur.pk}"):
                    avis.rappeler(porteur, titre, detail, "/grappe")
                    partis += 1
    return partis


_Lettre = tuple[UUID, str, int, str, str]


def _ses_etapes(membres: "QuerySet[Adhesion]", jour: date) -> Iterable[_Lettre]:
    ouverts = Parcours.objects.filter(
        structure__in=membres.values("structure"), clos_a__isnull=True, vsr_signee_a__isnull=True
    ).select_related("structure")
    for parcours in ouverts:
        for du in _etapes_dues(parcours, jour):
            if du.etape.role == Responsable.PORTEUR:
                yield (
                    parcours.structure_id,
                    du.sujet,
                    du.seuil,
                    f"{parcours.structure.raison_sociale}. {du.titre}",
                    du.detail,
                )


def _certificats(membres: "QuerySet[Adhesion]", jour: date) -> Iterable[_Lettre]:
    """From the facts alone: the use of a certificate and its end, never the certificate."""
    seuils = [int(s) for s in Parametre.objects.valeur(SEUILS_CERTIFICAT, jour).split()]
    releves = Releve.objects.filter(
        structure__in=membres.values("structure"), code="mie.certificats_valides"
    ).select_related("structure")
    for releve in releves:
        for ligne in releve.details:
            if ligne["environnement"] != "PROD" or ligne["etat"] not in _EN_SERVICE or not ligne["expire_le"]:
                continue
            fin = date.fromisoformat(ligne["expire_le"])
            seuil = rules.seuil_de_certificat(fin, jour, seuils)
            if seuil is not None:
                usage = f"{ligne.get('offre', '')} {ligne.get('usage', '')}".strip()
                verbe = "a expiré" if seuil == 0 else "expire"
                yield (
                    releve.structure_id, f"certificat:{usage}:{ligne['expire_le']}", seuil,
                    f"{releve.structure.raison_sociale}\u00a0: un certificat {verbe} le {fin:%d/%m/%Y}",
                    f"Certificat {usage}. La structure prépare son remplacement depuis sa page des certificats.",
                )  # fmt: skip


def _doyenne(membres: "QuerySet[Adhesion]") -> UUID | None:
    """The member that has been there longest: what concerns the whole grappe hangs on it, whoever joins later."""
    return membres.order_by("pk").values_list("structure_id", flat=True).first()


def _jalons(grappe: Grappe, membres: "QuerySet[Adhesion]", jour: date) -> Iterable[_Lettre]:
    """Steps of the ConventionArs without their proof. They are the whole grappe's."""
    premier = _doyenne(membres)
    if premier is None:
        return
    for jalon in jalons_a_venir(grappe.pk, jour + timedelta(days=max(rules.SEUILS_AVANT) + 1)):
        seuil = rules.seuil_d_etape(jalon.echeance, jour)
        if seuil is not None:
            titre = "Un jalon attend sa preuve" if seuil >= 0 else "Un jalon a dépassé son échéance"
            yield (
                premier, f"jalon:{jalon.pk}:{jalon.echeance.isoformat()}", seuil, f"{titre}\u00a0: {jalon.libelle}",
                f"Convention {jalon.convention.numero}, échéance le {jalon.echeance:%d/%m/%Y}.",
            )  # fmt: skip


def _bilan(membres: "QuerySet[Adhesion]", jour: date) -> _Lettre | None:
    """Who is ready, who is late, what holds them back: with the first run of the week."""
    premiere = _doyenne(membres)
    if premiere is None:
        return None
    vue = queries.tableau(membres)
    annee, semaine, _ = jour.isocalendar()
    comptes = vue.situations
    lignes = [
        f"{comptes.get('production', 0)} en production, {comptes.get('prete', 0)} prêtes, "
        f"{comptes.get('retard', 0)} en retard, sur {vue.total}.",
        *(f"{titre}\u00a0: {n} structure{'s' if n > 1 else ''}." for _, titre, n in vue.freins[:5]),
    ]
    return (
        premiere,
        f"bilan:{annee}-S{semaine:02d}",
        0,
        "Votre grappe cette semaine",
        "\n".join(lignes),
    )

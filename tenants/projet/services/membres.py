"""Consents of the members, type of project, filing."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from plateforme.audit.journal import noter
from plateforme.core.clock import now, today
from plateforme.core.errors import Introuvable
from tenants.models import Adhesion, Grappe
from tenants.projet import queries
from tenants.projet.models import ConsentementMembre, Depot, MembreDepose, Programme, ProjetDate
from tenants.projet.rules.eligibilite import Issue
from tenants.projet.services.acteur import ProjetRefuse, la_sienne, net

CONDUIRE = "projet.grappe.conduire"


def _adhesion(grappe: Grappe, adhesion_id: UUID) -> Adhesion:
    """Locked, so that two consents at once are one after the other."""
    ligne = Adhesion.objects.select_for_update().filter(pk=adhesion_id, grappe=grappe).first()
    if ligne is None:
        raise Introuvable("Cette structure n’est pas membre de votre grappe.")
    return ligne


def consentir(
    acteur: Any, adhesion_id: UUID, *, donne_le: date, fonction: str, reference: str
) -> ConsentementMembre:
    """Record that a member agreed. Raises ProjetRefuse, Introuvable."""
    grappe = la_sienne(acteur, CONDUIRE)
    with transaction.atomic():
        adhesion = _adhesion(grappe, adhesion_id)
        if donne_le > today():
            raise ProjetRefuse(
                "La date est dans le futur.", champs={"donne_le": "Cette date n’est pas encore arrivée."}
            )
        if adhesion.consentements.filter(retire_le__isnull=True).exists():
            raise ProjetRefuse("Cette structure a déjà consenti. Retirez d’abord ce consentement.")
        ligne = ConsentementMembre.objects.create(
            adhesion=adhesion, donne_le=donne_le, fonction=net(fonction, 120), reference=net(reference, 120)
        )
        noter("projet.membre.consentement", structure=str(adhesion.structure_id))
    return ligne


def retirer_le_consentement(
    acteur: Any, adhesion_id: UUID, *, retire_le: date, motif: str
) -> ConsentementMembre:
    """The member no longer agrees: the row stays with its end. What was filed does not change."""
    grappe = la_sienne(acteur, CONDUIRE)
    with transaction.atomic():
        adhesion = _adhesion(grappe, adhesion_id)
        ligne = adhesion.consentements.filter(retire_le__isnull=True).first()
        if ligne is None:
            raise ProjetRefuse("Aucun consentement en cours à retirer.")
        if retire_le < ligne.donne_le or retire_le > today():
            raise ProjetRefuse(
                "Date de retrait impossible.",
                champs={"retire_le": f"Entre le {ligne.donne_le:%d/%m/%Y} et aujourd’hui."},
            )
        ligne.retire_le, ligne.retire_motif = retire_le, net(motif, 300)
        ligne.save()
        noter("projet.membre.retrait", structure=str(adhesion.structure_id))
    return ligne


def fixer_le_type(acteur: Any, *, programme: Programme, genre: str, depuis: date) -> ProjetDate:
    """From ``depuis`` on the project is of this type in this programme; the same day again corrects it."""
    grappe = la_sienne(acteur, CONDUIRE)
    if genre not in programme.objets:
        permis = ", ".join(Programme.Objet(o).label for o in programme.objets)
        raise ProjetRefuse(
            "Ce programme ne finance pas ce type de projet.",
            champs={"genre": f"{programme.nom} finance\u00a0: {permis}."},
        )
    with transaction.atomic():
        ligne, _ = ProjetDate.objects.update_or_create(
            grappe=grappe, programme=programme, depuis=depuis, defaults={"genre": genre}
        )
        noter("projet.grappe.type", programme=programme.code, genre=genre)
    return ligne


def deposer(acteur: Any, *, programme: Programme, depose_le: date, reference: str, motif: str) -> Depot:
    """Freeze the list of members who agreed, with what the rule says of it that day.

    A list the rule does not clear may be filed too, with why: the ARS decides, we do not. A second filing for the same
    programme rectifies the first, with why. Raises ProjetRefuse.
    """
    grappe = la_sienne(acteur, CONDUIRE)
    motif = net(motif, 300)
    with transaction.atomic():
        Grappe.objects.select_for_update().get(pk=grappe.pk)
        if depose_le > today():
            raise ProjetRefuse(
                "La date est dans le futur.", champs={"depose_le": "Cette date n’est pas encore arrivée."}
            )
        lus = [m for m in queries.membres(grappe, depose_le) if m.consentement is not None]
        if not lus:
            raise ProjetRefuse(
                "Aucune structure n’avait consenti ce jour-là\u00a0: enregistrez d’abord les consentements."
            )
        bilan = queries.bilan(lus, depose_le)
        rang = (
            Depot.objects.filter(grappe=grappe, programme=programme).aggregate(n=Max("rang"))["n"] or 0
        ) + 1
        if not motif and rang > 1:
            raise ProjetRefuse(
                "Un dépôt existe déjà.", champs={"motif": "Dites pourquoi ce dépôt rectifie le précédent."}
            )
        if not motif and bilan.issue != Issue.ELIGIBLE:
            raise ProjetRefuse(
                bilan.phrase, champs={"motif": f"{bilan.phrase} Dites pourquoi vous déposez quand même."}
            )
        depot = Depot.objects.create(
            grappe=grappe, programme=programme, rang=rang, depose_le=depose_le, reference=net(reference, 120),
            motif=motif, issue=bilan.issue, appel=bilan.appel, compte=bilan.compte, seuil=bilan.seuil, phrase=bilan.phrase,
            regles=[{"citation": t.citation, "source": t.source} for t in bilan.textes], depose_par=acteur.pk, cree_a=now(),
        )  # fmt: skip
        MembreDepose.objects.bulk_create(
            MembreDepose(
                depot=depot, structure=m.structure, finess=m.structure.finess, raison_sociale=m.structure.raison_sociale,
                profil=m.profil, region=m.region.nom if m.region else "", compte=m.compte,
            )
            for m in lus
        )  # fmt: skip
        noter("projet.grappe.depot", programme=programme.code, rang=rang, compte=bilan.compte)
    return depot

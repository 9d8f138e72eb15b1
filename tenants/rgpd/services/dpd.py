"""Designation of the data protection officer."""

from datetime import date
from typing import Any

from plateforme.core.clock import today
from tenants.models import Organisme
from tenants.rgpd.models import DesignationDpd
from tenants.rgpd.services.commun import RgpdRefuse, acte, net

DESIGNER = "rgpd.dpd.designer"


def _en_poste(organisme: Organisme) -> DesignationDpd | None:
    return DesignationDpd.objects.filter(organisme=organisme, jusqu_au=None).first()


def _numero(brut: str) -> str:
    return "".join(brut.split()).upper()[:30]


def designer(
    acteur: Any, *, nature: str, designe: str, contact: str, numero_cnil: str, depuis: date
) -> DesignationDpd:
    """Put a DPD in office; the former one must have left, and not after. Raises RgpdRefuse."""
    with acte(acteur, DESIGNER, "rgpd.dpd.designe", nature=nature) as organisme:
        if _en_poste(organisme) is not None:
            raise RgpdRefuse("Un DPD est déjà en fonction\u00a0: mettez d’abord fin à sa désignation.")
        dernier = DesignationDpd.objects.filter(organisme=organisme).first()
        if dernier is not None and dernier.jusqu_au is not None and depuis < dernier.jusqu_au:
            raise RgpdRefuse(
                "Date impossible.",
                champs={"depuis": f"Le précédent DPD est parti le {dernier.jusqu_au:%d/%m/%Y}."},
            )
        return DesignationDpd.objects.create(
            organisme=organisme, nature=nature, designe=net(designe, 150), contact=contact, numero_cnil=_numero(numero_cnil),
            depuis=depuis, enregistre_par=acteur.pk, enregistre_role=acteur.libelle_role,
        )  # fmt: skip


def donner_le_numero(acteur: Any, *, numero_cnil: str) -> DesignationDpd:
    """The number comes after the declaration to the CNIL; once given it does not change."""
    with acte(acteur, DESIGNER, "rgpd.dpd.change", geste="numero") as organisme:
        ligne = _en_poste(organisme)
        if ligne is None:
            raise RgpdRefuse("Aucun DPD n’est en fonction.")
        if ligne.numero_cnil:
            raise RgpdRefuse("Le numéro est déjà enregistré\u00a0: une nouvelle désignation le remplace.")
        ligne.numero_cnil = _numero(numero_cnil)
        if not ligne.numero_cnil:
            raise RgpdRefuse("Écrivez le numéro.", champs={"numero_cnil": "Écrivez le numéro de la CNIL."})
        ligne.save()
        return ligne


def mettre_fin(acteur: Any, *, jusqu_au: date, motif: str) -> DesignationDpd:
    """The designation ends (departure, merger into one entity); the row stays. Raises RgpdRefuse."""
    with acte(acteur, DESIGNER, "rgpd.dpd.change", geste="fin") as organisme:
        ligne = _en_poste(organisme)
        if ligne is None:
            raise RgpdRefuse("Aucun DPD n’est en fonction.")
        if jusqu_au < ligne.depuis or jusqu_au > today():
            raise RgpdRefuse(
                "Date impossible.",
                champs={"jusqu_au": f"Entre le {ligne.depuis:%d/%m/%Y} et aujourd’hui."},
            )
        ligne.jusqu_au, ligne.fin_motif = jusqu_au, net(motif, 300)
        ligne.save()
        return ligne

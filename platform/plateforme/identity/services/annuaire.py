"""The RPPS, looked up when an account is made and every two years, where a directory is plugged in."""

from datetime import date
from typing import Any

from django.db.models import Q

from plateforme.audit.journal import noter
from plateforme.core.clock import today
from plateforme.identity.registres import annuaire
from plateforme.identity.rules import RPPS_MOIS, RPPS_PARAMETRE


def periodicite_en_mois(le: date) -> int:
    """The dated parameter when there is one, else two years."""
    from plateforme.reference.models import Parametre

    lu = Parametre.objects.filter(code=RPPS_PARAMETRE, en_vigueur__contains=le).first()
    return int(lu.valeur) if lu is not None and lu.valeur.isdigit() else RPPS_MOIS


def _il_y_a(mois: int, jour: date) -> date:
    annee, reste = divmod(jour.year * 12 + jour.month - 1 - mois, 12)
    return date(annee, reste + 1, min(jour.day, 28))


def comptes_en_retard() -> Any:
    """Active accounts with a number nobody has looked up for too long, or ever."""
    from plateforme.identity.models import Compte

    jour = today()
    limite = _il_y_a(periodicite_en_mois(jour), jour)
    return (
        Compte.objects.filter(actif=True)
        .exclude(id_national="")
        .filter(Q(rpps_verifie_le=None) | Q(rpps_verifie_le__lt=limite))
        .order_by("cle_tri")
    )


def verifier(compte: Any) -> bool | None:
    """Look the account's number up; None when no directory answers: it stays « à vérifier »."""
    demander = annuaire()
    if demander is None or not compte.id_national:
        return None
    fiche = demander(compte.id_national)
    if fiche is None:
        return None
    if fiche.trouve:
        compte.rpps_verifie_le = today()
        compte.save(update_fields=["rpps_verifie_le"])
    noter("identity.rpps.verifie", compte=str(compte.pk), trouve=fiche.trouve)
    return fiche.trouve


def verifier_les_echus() -> int:
    """Every overdue number of the structure. Says how many were found."""
    if annuaire() is None:
        return 0
    return sum(1 for compte in list(comptes_en_retard()) if verifier(compte))

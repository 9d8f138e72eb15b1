"""Answers to the questionnaire: kept one after the other, the last one counts."""

from typing import Any

from django.db import transaction

from plateforme.core.clock import now
from tenants.deploiement.models import Maturite, Mouvement, Parcours
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.services.releves import cocher


def repondre(parcours: Parcours, *, version: int, reponses: dict[str, Any], par: Auteur) -> Maturite:
    with transaction.atomic():
        ligne = Maturite.objects.create(
            parcours=parcours, version=version, reponses=reponses, repondu_a=now(), repondu_par=par.nom
        )
        Mouvement.objects.create(parcours=parcours, code="maturite", geste="maturite", par=par.nom, a=now())
        cocher(parcours)
    return ligne

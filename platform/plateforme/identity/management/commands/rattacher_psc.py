"""``manage.py rattacher_psc``: rebuild the directory of attachments, after a restore or a change of its key."""

from typing import Any

from django.core.management.base import BaseCommand

from plateforme.identity.oidc import portes, rattachements
from plateforme.reseau.models import RattachementPsc
from plateforme.tenancy.repertoire import repertoire


class Command(BaseCommand):
    help = "Reconstruit l’annuaire des rattachements à Pro Santé Connect. Sans effet là où il est déjà juste."

    def handle(self, *_args: Any, **_options: Any) -> None:
        comptes, vues = 0, set()
        for contexte in repertoire().actives():
            assert contexte.structure_id is not None
            with portes.structure(contexte.structure_id) as ouverte:
                if ouverte is not None:
                    comptes += rattachements.reparer()
                    vues.add(contexte.structure_id)
        with portes.reseau():
            fermees = {
                pk
                for pk in set(RattachementPsc.objects.values_list("structure_id", flat=True)) - vues
                if repertoire().par_id(pk) is None
            }
            RattachementPsc.objects.filter(structure_id__in=fermees).delete()
        self.stdout.write(f"{comptes} rattachement(s) dans {len(vues)} structure(s).")

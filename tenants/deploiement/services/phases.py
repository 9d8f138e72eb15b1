"""The member's phase on the grappe's board follows its steps."""

from tenants.deploiement import queries
from tenants.deploiement.models import Parcours
from tenants.deploiement.rules import phase_courante
from tenants.models import Adhesion, PhaseDeploiement


def tenir_la_phase(parcours: Parcours) -> None:
    phase = (
        PhaseDeploiement.PRODUCTION.value
        if parcours.en_production
        else phase_courante(queries.etapes_vues(parcours))
    )
    Adhesion.objects.filter(structure_id=parcours.structure_id, jusqu_au__isnull=True).exclude(
        phase=phase
    ).update(phase=phase)

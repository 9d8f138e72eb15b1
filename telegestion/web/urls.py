"""Pages of the planning, of the team, and of the phone's tour."""

from django.urls import path

from telegestion.web import interventions, mobile, planning, team

urlpatterns = [
    path("planning", planning.planning, name="planning"),
    path("planning/deplacer", planning.deplacer, name="planning_deplacer"),
    path("interventions/nouvelle", interventions.nouvelle, name="intervention_nouvelle"),
    path("interventions/<uuid:cle>", interventions.intervention, name="intervention"),
    path("interventions/<uuid:cle>/deplacer", interventions.deplacer, name="intervention_deplacer"),
    path("interventions/<uuid:cle>/annuler", interventions.annuler, name="intervention_annuler"),
    path("interventions/<uuid:cle>/retablir", interventions.retablir, name="intervention_retablir"),
    path("interventions/<uuid:cle>/remplacer", interventions.remplacer, name="intervention_remplacer"),
    path("intervenants", team.intervenants, name="intervenants"),
    path("intervenants/nouveau", team.nouveau, name="intervenant_nouveau"),
    path("intervenants/<uuid:cle>", team.intervenant, name="intervenant"),
    path("intervenants/<uuid:cle>/absence", team.absence, name="intervenant_absence"),
    path("m/", mobile.tournee, name="tournee"),
    path("m/badger", mobile.badger, name="badger"),
    path("m/visites/<uuid:cle>", mobile.visite, name="visite_mobile"),
    path("m/visites/<uuid:cle>/terminer", mobile.terminer, name="visite_terminer"),
]

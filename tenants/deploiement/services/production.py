"""The last signature: the structure declares the service in order, and is in production."""

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from tenants.deploiement import queries
from tenants.deploiement.models import Mouvement, Parcours
from tenants.deploiement.rules import VSR, Etat, bloquants
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.services.erreurs import DeploiementRefuse, SaisieRefusee
from tenants.deploiement.services.phases import tenir_la_phase


def signer_la_vsr(parcours: Parcours, *, par: Auteur, fonction: str, reserves: str = "") -> Parcours:
    """Raises DeploiementRefuse that names each step in the way: nothing else puts a structure in production."""
    fonction = " ".join(fonction.split())
    if not fonction:
        raise SaisieRefusee(
            "Dites à quel titre vous signez.", champs={"fonction": "Votre fonction est attendue."}
        )
    with transaction.atomic():
        parcours = Parcours.objects.select_for_update().get(pk=parcours.pk)
        if parcours.en_production:
            raise DeploiementRefuse("La vérification est déjà signée.")
        restent = bloquants(queries.etapes_vues(parcours))
        if restent:
            noms = ", ".join(f"«\u00a0{e.titre}\u00a0»" for e in restent)
            raise DeploiementRefuse(f"La mise en production attend encore\u00a0: {noms}.")
        parcours.vsr_signee_a, parcours.vsr_signataire = now(), f"{par.nom}, {fonction}"[:200]
        parcours.vsr_reserves = reserves.strip()[:4000]
        parcours.save(update_fields=["vsr_signee_a", "vsr_signataire", "vsr_reserves", "modifie_a"])
        parcours.etapes.filter(modele__code=VSR).update(
            etat=Etat.FAITE, faite_a=parcours.vsr_signee_a, faite_par=par.nom, du_fait=True
        )
        Mouvement.objects.create(
            parcours=parcours, code=VSR, geste="vsr", detail=parcours.vsr_reserves[:500], par=par.nom, a=now()
        )
        tenir_la_phase(parcours)
        noter("deploiement.vsr.signee", parcours=str(parcours.pk))
    return parcours

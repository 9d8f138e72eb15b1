"""The RGPD space of the first entité juridique, half way: a DPD, a register partly signed, an analysis, a violation."""

from datetime import timedelta
from typing import Any

from plateforme.core.clock import now, today
from plateforme.identity.models import Compte
from tenants.rgpd import queries
from tenants.rgpd.models.violation import Atteinte
from tenants.rgpd.rules.aipd import RISQUES
from tenants.rgpd.services import aipd, dpd, registre, violations


def installer() -> None:
    """Inside the structure. Idempotent by its designation."""
    organisme = queries.organisme_courant()
    if queries.designations(organisme):
        return
    direction: Any = Compte.objects.filter(role="direction").first()
    delegue: Any = Compte.objects.filter(role="dpd").first()
    dpd.designer(
        direction, nature="mutualise", designe="Cabinet de démonstration", contact="dpd@exemple.test",
        numero_cnil="DPO-00000", depuis=today() - timedelta(days=400),
    )  # fmt: skip
    registre.preremplir(direction)
    for lue in queries.registre(organisme)[:9]:
        registre.signer(delegue or direction, lue.fiche.pk, rang=1)
    ligne = aipd.ouvrir(direction, raison="Première analyse")
    niveaux = {f"{r.code}_gravite": "importante" for r in RISQUES} | {
        f"{r.code}_vraisemblance": "limitee" for r in RISQUES
    }
    aipd.ecrire(direction, ligne.pk, contenu={**ligne.contenu, **niveaux})
    if delegue is not None:
        texte = "Les mesures couvrent les risques. La revue des droits doit être tenue chaque trimestre."
        aipd.rendre_l_avis(delegue, ligne.pk, avis="reserves", texte=texte)
    violations.ouvrir(
        direction, connue_a=now() - timedelta(hours=30), survenue="La veille au soir",
        atteintes=[Atteinte.CONFIDENTIALITE], circonstances="Un téléphone de tournée a été perdu, écran verrouillé.",
        categories_personnes="Usagers d’une tournée", nombre_personnes=9, categories_donnees="Tournée de deux jours",
        risque="probable",
    )  # fmt: skip

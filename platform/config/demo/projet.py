"""The grappe's project: consents, a filing, a convention in the middle of its life. Idempotent by its convention."""

from datetime import date
from decimal import Decimal
from typing import Any

from plateforme.reseau.models import CompteReseau
from tenants.models import Adhesion, Structure
from tenants.projet.models import ContactRegional, ConventionArs, Programme, Region
from tenants.projet.services import assistant, convention, cumul, membres, referentiel

APPEL = {
    "nom": "Appel à projet régional 2026 (démonstration)",
    "famille": Programme.Famille.ESMS_NUMERIQUE,
    "objets": [Programme.Objet.ACQUISITION, Programme.Objet.USAGES],
    "ouvert_du": date(2026, 1, 15),
    "commande_jusqu_au": date(2026, 12, 31),
    "source": "Programme inventé pour la démonstration\u00a0: aucun texte ne le prévoit.",
}
JALONS = (
    ("Convention signée et porteur désigné", "Convention signée des deux parties", date(2026, 5, 29), "61800.00"),
    ("Premières structures en production", "Procès-verbaux de mise en production", date(2026, 9, 30), "123600.00"),
    ("Dix structures en production", "Procès-verbaux de mise en production", date(2026, 11, 13), "123600.00"),
    ("Usages constatés sur trois mois", "Export des indicateurs d’usage", date(2027, 6, 30), "103000.00"),
)  # fmt: skip
PIECE = b"%s\nPiece de demonstration, sans valeur.\n"


def installer(structures: list[Structure]) -> None:
    porteur: Any = CompteReseau.objects.get(identifiant="porteur")
    if porteur.grappe_id is None or ConventionArs.objects.filter(grappe_id=porteur.grappe_id).exists():
        return
    appel, _ = Programme.objects.get_or_create(code="appel-demo-2026", defaults=APPEL)
    bretagne = Region.objects.get(code="53")
    _projet(porteur, appel)
    _convention(porteur, appel, bretagne)
    _cumul(porteur, appel, structures)
    operateur: Any = CompteReseau.objects.get(identifiant="operateur")
    ars = ContactRegional.objects.get(region=bretagne, genre="ars")
    referentiel.changer(
        operateur,
        ars,
        {"verifie_le": date(2026, 11, 2), "source": "Site public de l’organisme, lu pour la démonstration."},
    )
    _assistant(porteur)


def _projet(porteur: Any, appel: Programme) -> None:
    adhesions = list(Adhesion.objects.filter(grappe_id=porteur.grappe_id).order_by("structure__finess"))
    for rang, adhesion in enumerate(adhesions, start=1):
        membres.consentir(
            porteur,
            adhesion.pk,
            donne_le=date(2026, 3, 3 + rang),
            fonction="Direction",
            reference=f"CONS-{rang:02d}",
        )
    membres.fixer_le_type(porteur, programme=appel, genre="acquisition", depuis=date(2026, 3, 2))
    membres.fixer_le_type(porteur, programme=appel, genre="usages", depuis=date(2027, 1, 1))
    membres.deposer(porteur, programme=appel, depose_le=date(2026, 3, 27), reference="DEP-2026-031", motif="")
    membres.retirer_le_consentement(
        porteur,
        adhesions[-1].pk,
        retire_le=date(2026, 10, 5),
        motif="La structure rejoint une autre grappe en 2027.",
    )


def _convention(porteur: Any, appel: Programme, bretagne: Region) -> None:
    ligne = convention.signer(
        porteur, programme=appel, region=bretagne, numero="BRE-DEMO-2026-0142",
        signataires=["Direction générale de l’ARS", "Présidence du porteur"], montant=Decimal("384000.00"),
        signee_le=date(2026, 4, 24), debut=date(2026, 4, 24), fin=date(2027, 6, 30),
    )  # fmt: skip
    convention.amender(
        porteur, ligne.pk, signe_le=date(2026, 8, 28), objet="Deux structures de plus",
        montant=Decimal("412000.00"), fin=date(2027, 9, 30), reference="AV-1",
    )  # fmt: skip
    poses = [
        convention.poser_jalon(
            porteur,
            ligne.pk,
            libelle=libelle,
            preuve_attendue=preuve,
            echeance=echeance,
            montant=Decimal(montant),
        )
        for libelle, preuve, echeance, montant in JALONS
    ]
    for jalon in poses[:3]:
        convention.deposer_preuve(porteur, jalon.pk, "preuve.txt", PIECE % jalon.libelle.encode())
    convention.enregistrer_la_reponse(porteur, poses[0].pk, validee=True, le=date(2026, 6, 12), motif="")
    convention.enregistrer_la_reponse(
        porteur,
        poses[2].pk,
        validee=False,
        le=date(2026, 11, 18),
        motif="Il manque le procès-verbal de Plestin.",
    )


def _cumul(porteur: Any, appel: Programme, structures: list[Structure]) -> None:
    sons = Programme.objects.get(code="sons-v1")
    deja = (("sons", sons, "mise_a_niveau"), ("autre", None, "acquisition"), ("europeen", None, "usages"))
    for rang, (famille, programme, objet) in enumerate(deja):
        cumul.declarer(
            porteur, structures[rang].pk, famille=famille, programme=programme, objet=objet,
            obtenu_le=date(2024, 2, 12), montant=None, reference=f"FIN-{rang + 1}",
        )  # fmt: skip
    cumul.decider(
        porteur, structures[0].pk, programme=appel, objet="acquisition", sens="favorable", rendu_le=date(2026, 3, 20),
        motif="L’ARS admet le changement de logiciel, l’éditeur d’origine ayant cessé son activité.", reference="AVIS-7",
    )  # fmt: skip


def _assistant(porteur: Any) -> None:
    parcours = assistant.commencer(porteur)
    for code, reponse in (("equipe", "non"), ("region", "53"), ("nombre", "16")):
        assistant.repondre(porteur, parcours.pk, code, reponse)

"""The convention with the ARS: steps, proofs, answers of the ARS, amendments."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from uuid_utils.compat import uuid7

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.core.clock import now, today
from plateforme.core.errors import Introuvable
from plateforme.storage import antivirus, objets
from plateforme.storage.erreurs import FichierRefuse
from plateforme.storage.formats import examiner
from tenants.models import Grappe
from tenants.projet.models import (
    AvenantArs,
    ConventionArs,
    EtatJalon,
    Jalon,
    PassageDeJalon,
    PreuveDeJalon,
    Programme,
    Region,
)
from tenants.projet.rules.convention import peut_passer
from tenants.projet.services.acteur import ProjetRefuse, la_sienne, net

TENIR = "projet.convention.tenir"
VOIR = "projet.convention.voir"


def _convention(grappe: Grappe, convention_id: UUID) -> ConventionArs:
    """Locked: amounts and ranks are read, then written."""
    ligne = ConventionArs.objects.select_for_update().filter(pk=convention_id, grappe=grappe).first()
    if ligne is None:
        raise Introuvable("Cette convention n’est pas celle de votre grappe.")
    return ligne


def _jalon(grappe: Grappe, jalon_id: UUID) -> Jalon:
    ligne = Jalon.objects.select_for_update().filter(pk=jalon_id, convention__grappe=grappe).first()
    if ligne is None:
        raise Introuvable("Ce jalon n’est pas dans une convention de votre grappe.")
    return ligne


def signer(
    acteur: Any,
    *,
    programme: Programme,
    region: Region,
    numero: str,
    signataires: Sequence[str],
    montant: Decimal,
    signee_le: date,
    debut: date,
    fin: date,
) -> ConventionArs:
    """Record the convention as it was signed. Raises ProjetRefuse."""
    grappe = la_sienne(acteur, TENIR)
    numero = net(numero, 60)
    if fin < debut:
        raise ProjetRefuse(
            "Dates impossibles.", champs={"fin": f"La fin précède le début ({debut:%d/%m/%Y})."}
        )
    with transaction.atomic():
        if ConventionArs.objects.filter(region=region, numero=numero).exists():
            raise ProjetRefuse(
                "Ce numéro existe déjà.",
                champs={"numero": "Une convention de cette ARS porte déjà ce numéro."},
            )
        ligne = ConventionArs.objects.create(
            grappe=grappe, programme=programme, region=region, numero=numero,
            signataires=[net(s, 120) for s in signataires if s.strip()],
            montant=montant, signee_le=signee_le, debut=debut, fin=fin,
        )  # fmt: skip
        noter("projet.convention.tenue", convention=str(ligne.pk), geste="signee")
    return ligne


def poser_jalon(
    acteur: Any,
    convention_id: UUID,
    *,
    libelle: str,
    preuve_attendue: str,
    echeance: date,
    montant: Decimal,
    jalon_id: UUID | None = None,
) -> Jalon:
    """Add a step, or correct one the ARS has not validated and whose proof is not in its hands."""
    grappe = la_sienne(acteur, TENIR)
    with transaction.atomic():
        convention = _convention(grappe, convention_id)
        ligne = _jalon(grappe, jalon_id) if jalon_id else Jalon(convention=convention)
        if ligne.etat in (EtatJalon.VALIDE_ARS, EtatJalon.PREUVE_DEPOSEE):
            raise ProjetRefuse(
                f"Ce jalon est {ligne.get_etat_display()}\u00a0: il ne change plus que par un avenant ou par la réponse "
                "de l’ARS."
            )
        ligne.libelle, ligne.preuve_attendue = net(libelle, 200), net(preuve_attendue, 300)
        ligne.echeance, ligne.montant = echeance, montant
        ligne.save()
        noter("projet.convention.tenue", convention=str(convention.pk), geste="jalon", jalon=str(ligne.pk))
    return ligne


def _passer(jalon: Jalon, etat: EtatJalon, le: date, motif: str, acteur: Any) -> None:
    if not peut_passer(jalon.etat, etat):
        raise ProjetRefuse(
            f"Ce jalon est {jalon.get_etat_display()}\u00a0: il ne peut pas devenir «\u00a0{etat.label}\u00a0»."
        )
    jalon.etat, jalon.motif = etat, motif
    jalon.save()
    PassageDeJalon.objects.create(
        jalon=jalon, etat=etat, le=le, motif=motif, par=acteur.pk, enregistre_a=now()
    )
    noter("projet.jalon.passage", jalon=str(jalon.pk), etat=etat)


def deposer_preuve(acteur: Any, jalon_id: UUID, nom: str, octets: bytes) -> PreuveDeJalon:
    """Examine, seal under the network's key, store; the former proofs stay. Raises FichierRefuse, ProjetRefuse."""
    grappe = la_sienne(acteur, TENIR)
    fichier = examiner(nom, octets)
    if antivirus.est_branche() and antivirus.controler(fichier.octets):
        raise FichierRefuse(
            "L’antivirus a trouvé un programme dangereux dans ce fichier\u00a0: rien n’est gardé."
        )
    pk, chemin = uuid7(), f"projet/preuves/{secrets.token_hex(20)}"
    with transaction.atomic():
        jalon = _jalon(grappe, jalon_id)
        _passer(jalon, EtatJalon.PREUVE_DEPOSEE, today(), "", acteur)
        objets.deposer(chemin, coffre.sceller(fichier.octets, _usage(pk)))
        return PreuveDeJalon.objects.create(
            id=pk, jalon=jalon, nom=fichier.nom, type_reel=fichier.type_reel, taille=len(fichier.octets),
            empreinte=hashlib.sha256(fichier.octets).hexdigest(), objet=chemin, deposee_par=acteur.pk, deposee_a=now(),
        )  # fmt: skip


def lire_preuve(acteur: Any, preuve_id: UUID) -> tuple[PreuveDeJalon, bytes]:
    """Bytes in clear for the porteur of the grappe, traced before they are given. Raises Introuvable."""
    grappe = la_sienne(acteur, VOIR)
    preuve = PreuveDeJalon.objects.filter(pk=preuve_id, jalon__convention__grappe=grappe).first()
    if preuve is None:
        raise Introuvable("Cette preuve n’est pas dans une convention de votre grappe.")
    with transaction.atomic():
        noter("projet.preuve.lue", preuve=str(preuve.pk))
    return preuve, coffre.ouvrir(objets.retirer(preuve.objet), _usage(preuve.pk))


def _usage(preuve_id: UUID) -> str:
    return f"projet.preuve.contenu:{preuve_id}"


def enregistrer_la_reponse(acteur: Any, jalon_id: UUID, *, validee: bool, le: date, motif: str) -> Jalon:
    """What the ARS answered about a proof. A refusal says why. Raises ProjetRefuse, Introuvable."""
    grappe = la_sienne(acteur, TENIR)
    motif = net(motif, 300)
    if not validee and not motif:
        raise ProjetRefuse("Dites pourquoi.", champs={"motif": "Recopiez le motif donné par l’ARS."})
    if le > today():
        raise ProjetRefuse(
            "La date est dans le futur.", champs={"le": "Cette date n’est pas encore arrivée."}
        )
    with transaction.atomic():
        jalon = _jalon(grappe, jalon_id)
        _passer(jalon, EtatJalon.VALIDE_ARS if validee else EtatJalon.REFUSE, le, motif, acteur)
    return jalon


def amender(
    acteur: Any,
    convention_id: UUID,
    *,
    signe_le: date,
    objet: str,
    montant: Decimal,
    fin: date,
    reference: str,
) -> AvenantArs:
    """Record an amendment; nothing before it changes. Raises ProjetRefuse, Introuvable."""
    grappe = la_sienne(acteur, TENIR)
    with transaction.atomic():
        convention = _convention(grappe, convention_id)
        dernier = convention.avenants.order_by("-rang").first()
        avant = dernier.signe_le if dernier else convention.signee_le
        if signe_le < avant:
            raise ProjetRefuse(
                "Date impossible.", champs={"signe_le": f"Le texte qu’il modifie est du {avant:%d/%m/%Y}."}
            )
        if fin < convention.debut:
            raise ProjetRefuse(
                "Date impossible.", champs={"fin": f"La convention commence le {convention.debut:%d/%m/%Y}."}
            )
        rang = (convention.avenants.aggregate(n=Max("rang"))["n"] or 0) + 1
        ligne = AvenantArs.objects.create(
            convention=convention, rang=rang, signe_le=signe_le, objet=net(objet, 300), montant=montant, fin=fin,
            reference=net(reference, 120), enregistre_par=acteur.pk, enregistre_a=now(),
        )  # fmt: skip
        noter("projet.convention.tenue", convention=str(convention.pk), geste="avenant", rang=rang)
    return ligne

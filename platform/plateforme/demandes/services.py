"""Receive, check who asks, prolong once, answer or refuse with a motive; tell in time, once."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.core.periods import plus_mois
from plateforme.demandes import rules
from plateforme.demandes.models import Demande, EtatDemande, Genre, RappelDemande
from plateforme.demandes.rules import Delais
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.roles import DIRECTION, DPD
from plateforme.identity.models import Compte
from plateforme.identity.services import avis
from plateforme.reference.models import Parametre

TRAITER = "demandes.demande.traiter"
MOTIF_MIN = 15


class DemandeRefusee(ErreurMetier):
    code: ClassVar[str] = "demandes.demande.refusee"


def _refuser(champ: str, phrase: str) -> DemandeRefusee:
    return DemandeRefusee(phrase, champs={champ: phrase})


def delais(le: date) -> Delais:
    """Figures of the law in force on ``le``."""
    valeurs = (
        int(Parametre.objects.valeur(f"demandes.delai.{code}", le))
        for code in ("mois", "prolongation", "medical_jours", "medical_ancien_mois")
    )
    return Delais(*valeurs)


def recevoir(
    acteur: Any,
    *,
    genre: str,
    concerne: str,
    qualite: str,
    canal: str,
    recue_le: date,
    ancien: bool = False,
    objet: str = "",
) -> Demande:
    """Raises DemandeRefusee for a date to come, or for old pieces of something else than the file of care."""
    exiger(acteur, TRAITER)
    if recue_le > today():
        raise _refuser("recue_le", "Une demande ne se reçoit pas demain\u00a0: corrigez la date.")
    medical = genre == Genre.MEDICAL
    if ancien and not medical:
        raise _refuser("ancien", "Ce délai ne vaut que pour le dossier de soins\u00a0: décochez.")
    with transaction.atomic():
        demande = Demande.objects.create(
            genre=genre,
            concerne=" ".join(concerne.split()),
            qualite=qualite,
            canal=canal,
            recue_le=recue_le,
            ancien=ancien,
            objet=objet.strip(),
            echeance=rules.echeance(recue_le, delais(recue_le), medical=medical, ancien=ancien),
        )
        noter("demandes.demande.recue", demande=str(demande.pk), genre=genre)
    return demande


def _ouverte(demande_id: UUID) -> Demande:
    demande: Demande | None = Demande.objects.select_for_update().filter(pk=demande_id).first()
    if demande is None:
        raise Introuvable
    if demande.etat != EtatDemande.OUVERTE:
        raise DemandeRefusee("Cette demande est close\u00a0: enregistrez-en une nouvelle.")
    return demande


def verifier_l_identite(acteur: Any, demande_id: UUID, preuve: str) -> None:
    exiger(acteur, TRAITER)
    with transaction.atomic():
        demande = _ouverte(demande_id)
        demande.identite, demande.identite_le = preuve, today()
        demande.save(update_fields=["identite", "identite_le", "modifie_a"])
        noter("demandes.demande.suivie", demande=str(demande.pk), geste="identite", preuve=preuve)


def prolonger(acteur: Any, demande_id: UUID, motif: str) -> None:
    """Once, before the end, with a motive the person is told. Never for the file of care."""
    exiger(acteur, TRAITER)
    motif = _motif(motif, "motif")
    with transaction.atomic():
        demande = _ouverte(demande_id)
        if demande.genre == Genre.MEDICAL:
            raise _refuser("motif", "Le délai du dossier de soins ne se prolonge pas.")
        if demande.prolongee_le is not None:
            raise _refuser("motif", "Le délai est déjà prolongé\u00a0: il ne l’est qu’une fois.")
        if today() > demande.echeance:
            raise _refuser(
                "motif", "Le délai est passé\u00a0: il fallait le prolonger avant. Répondez sans attendre."
            )
        demande.prolongee_le, demande.prolongation_motif = today(), motif
        demande.echeance = plus_mois(demande.echeance, delais(today()).prolongation)
        demande.save()
        noter("demandes.demande.suivie", demande=str(demande.pk), geste="prolongation")


def repondre(acteur: Any, demande_id: UUID, reponse: str) -> None:
    """Nothing is given to somebody whose identity was not checked."""
    _clore(acteur, demande_id, EtatDemande.REPONDUE, _motif(reponse, "reponse"))


def refuser(acteur: Any, demande_id: UUID, motif: str) -> None:
    _clore(acteur, demande_id, EtatDemande.REFUSEE, _motif(motif, "reponse"))


def _clore(acteur: Any, demande_id: UUID, etat: EtatDemande, texte: str) -> None:
    exiger(acteur, TRAITER)
    with transaction.atomic():
        demande = _ouverte(demande_id)
        if etat == EtatDemande.REPONDUE and not demande.identite:
            raise _refuser(
                "reponse", "Vérifiez d’abord l’identité de qui demande\u00a0: rien ne se remet sans elle."
            )
        demande.etat, demande.reponse = etat, texte
        demande.close_le, demande.close_par = today(), f"{acteur.nom_complet}, {acteur.libelle_role}"[:150]
        demande.save()
        noter("demandes.demande.close", demande=str(demande.pk), etat=etat.value)


def _motif(texte: str, champ: str) -> str:
    texte = texte.strip()
    if len(texte) < MOTIF_MIN:
        raise _refuser(champ, "Écrivez-le en une phrase\u00a0: la personne peut le demander, la CNIL aussi.")
    return texte


def rappeler() -> int:
    """In the current structure: the open requests near their end, told once a threshold. Says how many left."""
    jour = today()
    partis = 0
    for demande in Demande.objects.filter(etat=EtatDemande.OUVERTE):
        seuil = rules.seuil_atteint(demande.echeance, jour)
        if seuil is None:
            continue
        with transaction.atomic():
            ligne = RappelDemande(demande=demande, echeance=demande.echeance, seuil=seuil)
            RappelDemande.objects.bulk_create([ligne], ignore_conflicts=True)
            if not RappelDemande.objects.filter(pk=ligne.pk).exists():
                continue
            titre = "Une demande a dépassé son délai" if seuil < 0 else "Une demande attend sa réponse"
            for compte in Compte.objects.filter(role__in=(DPD, DIRECTION), actif=True):
                detail = f"À répondre au plus tard le {demande.echeance:%d/%m/%Y}."
                avis.rappeler(
                    compte, titre, detail, f"/rgpd/demandes/{demande.pk}", icone="user-round-search"
                )
            partis += 1
    return partis

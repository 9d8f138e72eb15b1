"""Named persons, the contract with the ANS, cards, RPPS and mailboxes: dated facts, each with its trace."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.clock import today
from plateforme.core.errors import Conflit, ErreurMetier, Introuvable
from plateforme.habilitations.domaines import DOMAINES
from plateforme.identity.models import Compte
from socles.mie.models import (
    AdministrateurTechnique,
    Besoin,
    BoiteMssante,
    Carte,
    ContratAns,
    EtatCarte,
    InscriptionRpps,
)
from socles.mie.models.personnes import SUITES_CARTE
from socles.mie.rules import cartes


class SuiviRefuse(ErreurMetier):
    code = "mie.suivi.refuse"


class CarteRefusee(Conflit):
    code = "mie.carte.refusee"


def designables() -> Any:
    """Accounts whose function may handle certificates at all."""
    return Compte.objects.filter(actif=True).exclude(role__in=DOMAINES["certificats"].jamais | {"dpd"})


def designer(compte: Compte, rang: str, *, par: Compte) -> AdministrateurTechnique:
    """Name somebody from today; who held the rank until now leaves it. Raises SuiviRefuse."""
    if not designables().filter(pk=compte.pk).exists():
        raise SuiviRefuse(
            "Cette personne ne peut pas gérer les certificats\u00a0: sa fonction ne le permet pas.",
            champs={"compte": "Choisissez quelqu’un de l’encadrement ou du secrétariat."},
        )
    with transaction.atomic():
        en_cours = AdministrateurTechnique.objects.select_for_update().filter(jusqu_au=None)
        for ligne in en_cours:
            if ligne.rang == rang or ligne.compte_id == compte.pk:
                ligne.jusqu_au = max(today(), ligne.depuis)
                ligne.save()
        nomme = AdministrateurTechnique.objects.create(compte=compte, rang=rang, designe_par=par)
        noter("mie.administrateur.designe", compte=str(compte.pk), rang=rang)
        faits.signaler()
    return nomme


def est_administrateur(compte: Any) -> bool:
    """The title read by the engine of rights."""
    return AdministrateurTechnique.objects.filter(
        compte_id=compte.pk, jusqu_au=None, depuis__lte=today()
    ).exists()


def suivre_le_contrat(champs: dict[str, Any]) -> ContratAns:
    """The current démarche, or a new one. A validation before its filing is refused. Raises SuiviRefuse."""
    _exiger_l_ordre(champs["depose_le"], champs.get("valide_le"), "valide_le", "validé", "déposé")
    with transaction.atomic():
        contrat = ContratAns.objects.select_for_update().filter(clos_le=None).first() or ContratAns()
        for nom, valeur in champs.items():
            setattr(contrat, nom, valeur)
        contrat.save()
        noter("mie.contrat.suivi", contrat=str(contrat.pk), valide=contrat.valide_le is not None)
        faits.signaler()
    return contrat


def changer_de_representant() -> None:
    """The démarche in progress ends: a new legal representative signs a new one."""
    with transaction.atomic():
        ContratAns.objects.filter(clos_le=None).update(clos_le=today())
        noter("mie.contrat.suivi", clos=True)
        faits.signaler()


def _exiger_l_ordre(avant: date, apres: date | None, champ: str, fait: str, origine: str) -> None:
    if apres is not None and apres < avant:
        phrase = f"Il ne peut pas être {fait} avant d’être {origine}\u00a0: corrigez l’une des deux dates."
        raise SuiviRefuse(phrase, champs={champ: phrase})


def commander(compte: Compte, genre: str, *, le: date | None = None) -> Carte:
    """Raises CarteRefusee: one of a kind at a time."""
    with transaction.atomic():
        en_cours = [EtatCarte.COMMANDEE, EtatCarte.RECUE, EtatCarte.ACTIVEE]
        # The account's row is the lock: two orders at once make one.
        Compte.objects.select_for_update().get(pk=compte.pk)
        if Carte.objects.filter(compte=compte, genre=genre, etat__in=en_cours).exists():
            raise CarteRefusee("Cette personne a déjà une carte de ce genre en cours.")
        carte = Carte.objects.create(compte=compte, genre=genre, commandee_le=le or today())
        noter("mie.carte.suivie", carte=str(carte.pk), genre=genre, etat=carte.etat)
        faits.signaler()
    return carte


_DATES = {
    "recue": "recue_le",
    "activee": "activee_le",
    "perdue": "finie_le",
    "rendue": "finie_le",
    "revoquee": "finie_le",
}


def faire_passer(
    carte_id: UUID, etat: str, *, le: date, expire_le: date | None = None, numero: str = ""
) -> Carte:
    """Raises Introuvable, CarteRefusee, SuiviRefuse."""
    with transaction.atomic():
        carte: Carte | None = Carte.objects.select_for_update().filter(pk=carte_id).first()
        if carte is None:
            raise Introuvable
        if etat not in SUITES_CARTE[carte.etat]:
            raise CarteRefusee(
                f"Cette carte est {carte.get_etat_display()}\u00a0: elle ne peut pas passer à cet état. Rechargez la page."
            )
        _exiger_l_ordre(carte.commandee_le, le, "le", "fait", "commandé")
        if etat == EtatCarte.ACTIVEE and expire_le is None:
            phrase = "Donnez la date d’expiration écrite sur la carte\u00a0: Treille rappellera son renouvellement."
            raise SuiviRefuse(phrase, champs={"expire_le": phrase})
        carte.etat = etat
        if champ := _DATES.get(etat):
            setattr(carte, champ, le)
        carte.expire_le = expire_le or carte.expire_le
        carte.numero = numero or carte.numero
        carte.save()
        noter("mie.carte.suivie", carte=str(carte.pk), genre=carte.genre, etat=etat)
        faits.signaler()
    return carte


def suivre_le_rpps(compte: Compte, *, demandee_le: date, obtenue_le: date | None) -> InscriptionRpps:
    _exiger_l_ordre(demandee_le, obtenue_le, "obtenue_le", "obtenu", "demandé")
    with transaction.atomic():
        ligne, _ = InscriptionRpps.objects.update_or_create(
            compte=compte, defaults={"demandee_le": demandee_le, "obtenue_le": obtenue_le}
        )
        noter("mie.rpps.suivi", compte=str(compte.pk), obtenu=obtenue_le is not None)
        faits.signaler()
    return ligne


def suivre_la_boite(boite: BoiteMssante) -> BoiteMssante:
    """Raises SuiviRefuse: a mailbox obtained has an address, and was asked for before."""
    _exiger_l_ordre(boite.demandee_le, boite.obtenue_le, "obtenue_le", "obtenue", "demandée")
    if boite.obtenue_le is not None and not boite.adresse:
        phrase = "Donnez l’adresse de la boîte obtenue."
        raise SuiviRefuse(phrase, champs={"adresse": phrase})
    with transaction.atomic():
        boite.save()
        noter("mie.boite.suivie", boite=str(boite.pk), obtenue=boite.obtenue_le is not None)
        faits.signaler()
    return boite


def repondre(role: str, reponses: cartes.Reponses) -> Besoin:
    """Answers of one function; what it needs follows."""
    with transaction.atomic():
        ligne, _ = Besoin.objects.update_or_create(
            role=role,
            defaults={
                "partage": reponses.partage,
                "professionnel": reponses.professionnel,
                "automatique": reponses.automatique,
                "telephone": reponses.telephone,
                "besoin": cartes.besoin(reponses),
            },
        )
        noter("mie.besoin.repondu", role=role, besoin=ligne.besoin)
    return ligne

"""Mark a step, set it aside with a motive, open it again. Each gesture is kept for good."""

from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from tenants.deploiement import queries
from tenants.deploiement.models import EtapeDeParcours, Mouvement, Parcours
from tenants.deploiement.rules import VSR, Etat, attend
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.services.erreurs import DeploiementRefuse, SaisieRefusee
from tenants.deploiement.services.phases import tenir_la_phase

MOTIF_MIN = 15


def _etape(parcours: Parcours, code: str) -> EtapeDeParcours:
    """Locked until the end of the transaction: two hands do not mark the same step."""
    etape = (
        parcours.etapes.select_related("modele")
        .select_for_update(of=("self",))
        .filter(modele__code=code)
        .first()
    )
    if etape is None:
        raise Introuvable
    return etape


def _noter(parcours: Parcours, code: str, geste: str, detail: str, par: Auteur) -> None:
    Mouvement.objects.create(
        parcours=parcours, code=code, geste=geste, detail=detail[:500], par=par.nom, a=now()
    )
    tenir_la_phase(parcours)


def _exiger_ouvert(parcours: Parcours) -> None:
    if parcours.en_production:
        raise DeploiementRefuse("La mise en production est signée\u00a0: les étapes ne changent plus.")


def marquer(
    parcours: Parcours, code: str, *, par: Auteur, preuve: str = "", piece_id: UUID | None = None
) -> None:
    """Done, by a person. Refused: a step a fact ticks, one that waits for others, one without its evidence."""
    preuve = " ".join(preuve.split())
    with transaction.atomic():
        _exiger_ouvert(parcours)
        etape = _etape(parcours, code)
        modele = etape.modele
        if modele.fait:
            raise DeploiementRefuse(
                "Cette étape se coche d’elle-même dès que le fait est constaté\u00a0: il n’y a rien à marquer."
            )
        vues = {v.code: v for v in queries.etapes_vues(parcours)}
        if manquent := attend(vues[code], vues):
            noms = ", ".join(f"«\u00a0{m.titre}\u00a0»" for m in manquent)
            raise DeploiementRefuse(f"Cette étape attend {noms}.")
        if modele.preuve_exigee and not preuve and piece_id is None:
            raise SaisieRefusee(
                "Dites ce qui le prouve\u00a0: une référence, ou une pièce.",
                champs={"preuve": "Une référence ou une pièce est attendue."},
            )
        etape.etat, etape.faite_a, etape.faite_par = Etat.FAITE, now(), par.nom
        etape.preuve, etape.motif, etape.du_fait = preuve[:300], "", False
        if piece_id is not None:
            etape.piece_id = piece_id
        etape.save()
        _noter(parcours, code, "faite", preuve, par)
        noter("deploiement.etape.marquee", parcours=str(parcours.pk), etape=code)


def rouvrir(parcours: Parcours, code: str, *, par: Auteur, motif: str) -> None:
    """Not done after all; why is kept."""
    motif = _motif(motif)
    with transaction.atomic():
        _exiger_ouvert(parcours)
        etape = _etape(parcours, code)
        if etape.du_fait and etape.etat == Etat.FAITE:
            raise DeploiementRefuse(
                "Cette étape suit un fait\u00a0: elle se rouvrira d’elle-même s’il n’est plus vrai."
            )
        if etape.etat == Etat.A_FAIRE:
            raise DeploiementRefuse("Cette étape est déjà à faire.")
        etape.etat, etape.faite_a, etape.faite_par, etape.motif, etape.du_fait = (
            Etat.A_FAIRE,
            None,
            "",
            "",
            False,
        )
        etape.save()
        _noter(parcours, code, "rouverte", motif, par)
        noter("deploiement.etape.marquee", parcours=str(parcours.pk), etape=code, rouverte=True)


def deroger(parcours: Parcours, code: str, *, par: Auteur, motif: str) -> None:
    """Production without this step, for a stated reason, where the rule allows it."""
    motif = _motif(motif)
    with transaction.atomic():
        _exiger_ouvert(parcours)
        etape = _etape(parcours, code)
        if etape.etat == Etat.FAITE:
            raise DeploiementRefuse("Cette étape est faite\u00a0: il n’y a rien à déroger.")
        if not etape.modele.derogeable:
            raise DeploiementRefuse(
                "La règle ne permet pas de déroger à cette étape\u00a0: elle reste à faire."
            )
        etape.etat, etape.motif, etape.faite_a, etape.faite_par = Etat.DEROGEE, motif, now(), par.nom
        etape.save()
        _noter(parcours, code, "derogee", motif, par)
        noter("deploiement.etape.derogee", parcours=str(parcours.pk), etape=code)


def dire_sans_objet(parcours: Parcours, code: str, *, par: Auteur, motif: str) -> None:
    """A step that does not concern this structure; one that blocks production is derogated instead."""
    motif = _motif(motif)
    with transaction.atomic():
        _exiger_ouvert(parcours)
        etape = _etape(parcours, code)
        if etape.modele.bloquante or code == VSR:
            raise DeploiementRefuse(
                "Cette étape bloque la mise en production\u00a0: elle se fait, ou se déroge si la règle le permet."
            )
        etape.etat, etape.motif, etape.faite_a, etape.faite_par = Etat.SANS_OBJET, motif, now(), par.nom
        etape.save()
        _noter(parcours, code, "sans_objet", motif, par)
        noter("deploiement.etape.derogee", parcours=str(parcours.pk), etape=code, sans_objet=True)


def _motif(motif: str) -> str:
    motif = " ".join(motif.split())
    if len(motif) < MOTIF_MIN:
        raise SaisieRefusee(
            "Écrivez le motif en une phrase\u00a0: il sera lu par le porteur et gardé.",
            champs={"motif": f"Au moins {MOTIF_MIN} caractères."},
        )
    return motif[:500]

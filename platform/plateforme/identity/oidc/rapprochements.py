"""An identity proven at Pro Santé Connect becomes an account's: set once, never taken, confirmed when names differ."""

from typing import Any

from django.db import IntegrityError, transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.core.tri import cle_de_tri
from plateforme.identity.models import Compte, EtatRapprochement, LienOidc, RapprochementPsc
from plateforme.identity.oidc.client import Identite
from plateforme.identity.oidc.erreurs import RapprochementRefuse

_DEJA = (
    "Cette identité Pro Santé Connect est déjà celle d’un autre compte de la structure. "
    "Demandez à votre direction de vérifier les deux comptes."
)
_AUTRE = (
    "Votre compte porte déjà un autre identifiant national. "
    "Demandez à votre direction de le corriger avant de relier cette identité."
)


def memes_noms(compte: Compte, identite: Identite) -> bool:
    """Accents, case and hyphens apart; the first given name is enough, as a card may carry all of them."""
    nom, prenoms = cle_de_tri(identite.nom), cle_de_tri(identite.prenom).split()
    attendu = cle_de_tri(compte.prenom).split()
    return (
        bool(nom) and nom == cle_de_tri(compte.nom) and prenoms[: len(attendu)] == attendu and bool(attendu)
    )


def relier(compte: Compte, identite: Identite) -> bool:
    """True when linked, False when somebody must confirm. Raises RapprochementRefuse."""
    with transaction.atomic():
        compte = Compte.objects.select_for_update().get(pk=compte.pk)
        _exiger_libre(compte, identite.identifiant)
        if compte.id_national == identite.identifiant:
            return True
        if memes_noms(compte, identite):
            _poser(compte, identite.identifiant)
            noter("identity.psc.relier", acteur_id=compte.pk, compte=str(compte.pk))
            return True
        RapprochementPsc.objects.filter(compte=compte, etat=EtatRapprochement.EN_ATTENTE).delete()
        RapprochementPsc.objects.create(
            compte=compte, id_national=identite.identifiant, prenom=identite.prenom, nom=identite.nom
        )
        noter("identity.psc.demander", acteur_id=compte.pk, compte=str(compte.pk))
        return False


def _exiger_libre(compte: Compte, id_national: str) -> None:
    if Compte.objects.filter(id_national=id_national).exclude(pk=compte.pk).exists():
        raise RapprochementRefuse(_DEJA)
    if compte.id_national and compte.id_national != id_national:
        raise RapprochementRefuse(_AUTRE)


def _poser(compte: Compte, id_national: str) -> None:
    compte.id_national = id_national
    try:
        with transaction.atomic():
            compte.save(update_fields=["id_national"])
    except IntegrityError as erreur:
        raise RapprochementRefuse(_DEJA) from erreur


def decider(rapprochement_id: Any, decideur: Compte, *, confirmer: bool) -> RapprochementPsc:
    """A person with the right says yes or no. Raises Introuvable, RapprochementRefuse."""
    with transaction.atomic():
        demande = (
            RapprochementPsc.objects.select_for_update()
            .filter(pk=rapprochement_id, etat=EtatRapprochement.EN_ATTENTE)
            .first()
        )
        if demande is None:
            raise Introuvable("Cette demande n’existe pas, ou elle est déjà décidée.")
        compte = Compte.objects.select_for_update().get(pk=demande.compte_id)
        if compte.pk == decideur.pk:
            raise RapprochementRefuse(
                "Personne ne confirme sa propre identité : demandez à quelqu’un d’autre."
            )
        if confirmer:
            _exiger_libre(compte, demande.id_national)
            _poser(compte, demande.id_national)
        demande.etat = EtatRapprochement.CONFIRME if confirmer else EtatRapprochement.ECARTE
        demande.decide_par, demande.decide_a = decideur, now()
        demande.save()
        noter(
            "identity.psc.confirmer" if confirmer else "identity.psc.ecarter",
            acteur_id=decideur.pk,
            compte=str(compte.pk),
        )
        return demande


def relier_au_fournisseur(compte: Compte, fournisseur_id: Any, identite: Identite) -> None:
    """Link with a provider of the structure's own. Raises RapprochementRefuse."""
    with transaction.atomic():
        existant = LienOidc.objects.filter(fournisseur_id=fournisseur_id, sub=identite.identifiant).first()
        if existant is not None and existant.compte_id != compte.pk:
            raise RapprochementRefuse("Cette identité est déjà celle d’un autre compte de la structure.")
        LienOidc.objects.update_or_create(
            fournisseur_id=fournisseur_id, compte=compte, defaults={"sub": identite.identifiant}
        )
        noter("identity.oidc.relier", acteur_id=compte.pk, compte=str(compte.pk))

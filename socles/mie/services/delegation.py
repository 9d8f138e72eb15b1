"""A certificate lent to another structure of the organisme: sealed again there, under that structure's own key."""

from uuid import UUID

from django.db import transaction

from plateforme import faits
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import Conflit
from plateforme.observability.contexte import acteur_courant
from plateforme.tenancy.courant import exiger_courant
from socles.mie.models import Certificat, Delegation, OrigineCle
from socles.mie.rules import etats
from socles.mie.services import cles, cycle
from socles.mie.services.porteur import voisines
from tenants.contexte import elever

# What is the same there. The state is not: it is tried there before it serves.
_COMMUNS = (
    "offre", "usage", "environnement", "destinations", "cn", "dn", "noms", "serie", "emetteur", "aki", "ski", "debut",
    "fin", "empreinte", "pem", "chaine", "crl", "ocsp", "revocation", "revocation_vue_a",
)  # fmt: skip


class DelegationRefusee(Conflit):
    code = "mie.delegation.refusee"


def deleguer(certificat_id: UUID, structure_id: UUID) -> Delegation:
    """Raises DelegationRefusee, CleIndisponible. The caller has the right to (holder's technical administrator)."""
    ici = exiger_courant()
    voisine = next((v for v in voisines() if v.id == structure_id), None)
    if voisine is None:
        raise DelegationRefusee(
            "Un certificat ne se délègue qu’à une structure active du même organisme\u00a0: choisissez-la dans la liste."
        )
    with transaction.atomic():
        certificat = cycle.trouver(certificat_id, verrouiller=True)
        _exiger_delegable(certificat, structure_id)
        distant = _deposer_la_bas(certificat, structure_id, ici.structure_id)
        delegation = Delegation.objects.create(
            certificat=certificat,
            structure_id=structure_id,
            structure_nom=voisine.nom,
            certificat_distant=distant,
            accordee_par=acteur_courant(),
        )
        noter("mie.delegation.accordee", certificat=str(certificat.pk), structure=str(structure_id))
    return delegation


def _exiger_delegable(certificat: Certificat, structure_id: UUID) -> None:
    if certificat.detenteur_id is not None:
        raise DelegationRefusee("Ce certificat vous est prêté\u00a0: seul son détenteur peut le déléguer.")
    if certificat.origine_cle == OrigineCle.MODULE:
        raise DelegationRefusee(
            "La clé de ce certificat ne sort pas du module matériel\u00a0: il ne se délègue pas."
        )
    if not certificat.vivant:
        raise DelegationRefusee("Ce certificat ne peut pas servir en ce moment\u00a0: il ne se délègue pas.")
    if certificat.delegations.filter(structure_id=structure_id, retiree_a=None).exists():
        raise DelegationRefusee("Ce certificat est déjà délégué à cette structure.")


def _deposer_la_bas(certificat: Certificat, structure_id: UUID, detenteur_id: UUID | None) -> UUID:
    """The key crosses in this process's memory, from one seal to the other."""
    cle = cles.ouvrir(certificat)
    communs = {nom: getattr(certificat, nom) for nom in _COMMUNS}
    with elever(structure_id, motif="mie.delegation"):
        if Certificat.objects.filter(empreinte=certificat.empreinte).exists():
            raise DelegationRefusee("Cette structure a déjà ce certificat.")
        copie = Certificat(
            **communs,
            etat=etats.INSTALLE,
            installe_a=now(),
            origine_cle=OrigineCle.DELEGUEE,
            detenteur_id=detenteur_id,
        )
        cles.ranger(copie, cle)
        copie.save(force_insert=True)
        noter("mie.certificat.installe", certificat=str(copie.pk), usage=copie.usage, delegue=True)
        faits.signaler()
    return copie.pk


def retirer(delegation_id: UUID) -> None:
    """The key over there is destroyed at once. Repeated: nothing more."""
    with transaction.atomic():
        delegation = Delegation.objects.select_for_update().filter(pk=delegation_id, retiree_a=None).first()
        if delegation is None:
            return
        retirer_la_bas(delegation)
        delegation.retiree_a, delegation.retiree_par = now(), acteur_courant()
        delegation.save()
        noter(
            "mie.delegation.retiree",
            certificat=str(delegation.certificat_id),
            structure=str(delegation.structure_id),
        )


def retirer_la_bas(delegation: Delegation) -> None:
    with elever(delegation.structure_id, motif="mie.delegation.retrait"):
        copie = Certificat.objects.select_for_update().filter(pk=delegation.certificat_distant).first()
        if copie is None or copie.etat in etats.FINIS:
            return
        # The same certificate may be lent again: its print is free for that.
        copie.empreinte = ""
        cycle.passer(copie, etats.RETIRE)

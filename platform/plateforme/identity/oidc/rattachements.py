"""Who has an account where: a public directory of digests, so that a professional finds their structures."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from plateforme.identity.models import Compte
from plateforme.identity.oidc import portes
from plateforme.reseau.models import RattachementPsc
from plateforme.tenancy.courant import Contexte, exiger_courant
from plateforme.tenancy.repertoire import repertoire


def empreinte(valeur: str, usage: str = "id_national") -> str:
    """Keyed digest: there are fewer than a million RPPS, a plain one would be read in a second."""
    cle: bytes = settings.PSC_CLE_RATTACHEMENT.encode()
    if not cle:
        cle = salted_hmac("treille.rattachement", "", algorithm="sha256").digest()
    return hmac.new(cle, f"{usage}:{valeur}".encode(), hashlib.sha256).hexdigest()


def _structure_courante() -> UUID:
    structure_id = exiger_courant().structure_id
    assert structure_id is not None
    return structure_id


def rattacher(compte: Compte) -> None:
    """Make the directory say what this account says now. Idempotent, in the caller's transaction."""
    structure_id = _structure_courante()
    voulue = empreinte(compte.id_national) if compte.actif and compte.id_national else ""
    with portes.reseau():
        lignes = RattachementPsc.objects.filter(structure_id=structure_id, compte_id=compte.pk)
        if not voulue:
            lignes.delete()
        elif not lignes.filter(empreinte=voulue).exists():
            RattachementPsc.objects.update_or_create(
                structure_id=structure_id, compte_id=compte.pk, defaults={"empreinte": voulue}
            )


def detacher(compte_id: UUID) -> None:
    structure_id = _structure_courante()
    with portes.reseau():
        RattachementPsc.objects.filter(structure_id=structure_id, compte_id=compte_id).delete()


def reparer() -> int:
    """Rebuild the bound structure's part of the directory; how many lines it holds."""
    structure_id = _structure_courante()
    voulues = {
        pk: empreinte(id_national)
        for pk, id_national in Compte.objects.filter(actif=True)
        .exclude(id_national="")
        .values_list("pk", "id_national")
    }
    with portes.reseau():
        lignes = RattachementPsc.objects.filter(structure_id=structure_id)
        lignes.exclude(compte_id__in=voulues).delete()
        justes = {ligne.compte_id for ligne in lignes if voulues.get(ligne.compte_id) == ligne.empreinte}
        for compte_id, digest in voulues.items():
            if compte_id not in justes:
                RattachementPsc.objects.update_or_create(
                    structure_id=structure_id, compte_id=compte_id, defaults={"empreinte": digest}
                )
    return len(voulues)


def structures_de(empreinte_: str) -> list[Contexte]:
    """Open structures where this person has an active account, by name."""
    with portes.reseau():
        ids = set(RattachementPsc.objects.filter(empreinte=empreinte_).values_list("structure_id", flat=True))
    trouvees = [contexte for pk in ids if (contexte := repertoire().par_id(pk)) and contexte.etat == "active"]
    return sorted(trouvees, key=lambda c: c.nom)


# -- kept true whoever changes an account ---------------------------------------------------------
_CHAMPS = {"id_national", "actif"}


def apres_enregistrement(instance: Compte, update_fields: Any = None, **_autres: Any) -> None:
    if update_fields is None or _CHAMPS & set(update_fields):
        rattacher(instance)


def apres_suppression(instance: Compte, **_autres: Any) -> None:
    detacher(instance.pk)

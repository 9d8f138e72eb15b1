"""From the network's host to a structure's: what was proven travels sealed, once, within a minute, in one browser.

The browser carries a signed reference and nothing else. The proof of the browser is a cookie of the structure's host, made
before the departure: a reference sent to somebody else opens nothing.
"""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.crypto import get_random_string

from plateforme.chiffrement import coffre
from plateforme.core.clock import now
from plateforme.identity.oidc import portes
from plateforme.identity.oidc.client import Identite, lire_identite
from plateforme.identity.oidc.erreurs import RefusOidc
from plateforme.identity.oidc.rattachements import empreinte
from plateforme.reseau.models import JetonVu, PassagePsc

DUREE = timedelta(seconds=60)
# Time to read the list of one's structures and to choose.
DUREE_DU_CHOIX = timedelta(minutes=3)
# Longer than any session of ours.
DUREE_DE_LA_TRACE = timedelta(hours=24)
_SEL = "treille.passage.psc"


@dataclass(frozen=True, slots=True)
class Arrivee:
    """What the structure receives."""

    identite: Identite
    but: str


def _usage(passage: PassagePsc) -> str:
    return f"reseau.passage:{passage.pk}"


def deposer(identite: Identite, *, but: str = "") -> PassagePsc:
    """On the network's host: keep a verified identity for the structure that will take it."""
    passage = PassagePsc(
        empreinte=empreinte(identite.identifiant),
        sid=identite.sid,
        sujet=empreinte(identite.sub, "sub"),
        expire_a=now() + DUREE_DU_CHOIX,
    )
    contenu = {"identite": asdict(identite), "but": but}
    passage.contenu = coffre.sceller(json.dumps(contenu).encode(), _usage(passage))
    with transaction.atomic():
        PassagePsc.objects.filter(expire_a__lt=now()).delete()
        passage.save(force_insert=True)
    return passage


def en_attente(passage_id: str) -> PassagePsc | None:
    """A deposit of this browser that no structure has taken yet."""
    try:
        cle = UUID(passage_id)
    except ValueError:
        return None
    return PassagePsc.objects.filter(pk=cle, pris_a=None, expire_a__gt=now()).first()


def adresser(passage: PassagePsc, structure_id: UUID, navigateur: str) -> str:
    """Bind the deposit to one structure and one browser; the reference to carry there."""
    passage.structure_id, passage.navigateur = structure_id, navigateur
    passage.expire_a = now() + DUREE
    passage.save(update_fields=["structure_id", "navigateur", "expire_a", "modifie_a"])
    return signing.dumps({"p": str(passage.pk), "s": str(structure_id)}, salt=_SEL, compress=False)


def prendre(reference: str, structure_id: UUID, secret_du_navigateur: str) -> Arrivee:
    """On the structure's host: take the deposit, which is erased. Raises RefusOidc."""
    try:
        lu = signing.loads(reference, salt=_SEL, max_age=DUREE)
        cle = UUID(lu["p"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as erreur:
        raise RefusOidc("passage") from erreur
    attendu = empreinte_du_navigateur(secret_du_navigateur)
    with portes.reseau(), transaction.atomic():
        passage = (
            PassagePsc.objects.select_for_update()
            .filter(pk=cle, structure_id=structure_id, pris_a=None, expire_a__gt=now())
            .first()
        )
        if (
            passage is None
            or passage.contenu is None
            or lu.get("s") != str(structure_id)
            or not secret_du_navigateur
            or not hmac.compare_digest(passage.navigateur, attendu)
        ):
            raise RefusOidc("passage")
        contenu = json.loads(coffre.ouvrir(bytes(passage.contenu), _usage(passage)))
        passage.contenu, passage.pris_a = None, now()
        passage.expire_a = now() + DUREE_DE_LA_TRACE
        passage.save()
    return Arrivee(lire_identite(contenu["identite"]), contenu["but"])


def secret_de_navigateur() -> str:
    return get_random_string(43)


def empreinte_du_navigateur(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def ou_est_ouverte(*, sid: str, sub: str) -> set[tuple[UUID, str]]:
    """(structure, session of the provider) where this provider's session, or this person's, was taken."""
    lignes = PassagePsc.objects.exclude(pris_a=None).exclude(structure_id=None)
    lignes = lignes.filter(sid=sid) if sid else lignes.filter(sujet=empreinte(sub, "sub"))
    return {(s, v) for s, v in lignes.values_list("structure_id", "sid") if s is not None}


def abandonner(*, sid: str, sub: str) -> None:
    """Deposits that no structure has taken, of a session that has just ended there."""
    lignes = PassagePsc.objects.filter(pris_a=None)
    (lignes.filter(sid=sid) if sid else lignes.filter(sujet=empreinte(sub, "sub"))).delete()


def premiere_fois(jti: str) -> bool:
    """True once for this order of sign-out, whoever repeats it."""
    JetonVu.objects.filter(expire_a__lt=now()).delete()
    _, nouveau = JetonVu.objects.get_or_create(
        empreinte=empreinte(jti, "jti"), defaults={"expire_a": now() + DUREE_DE_LA_TRACE}
    )
    return nouveau

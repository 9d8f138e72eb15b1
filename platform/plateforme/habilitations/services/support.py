"""Support: the structure lets one operator look, masked, for a stated object and a few hours, and takes it back at will."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.models import SessionSupport
from plateforme.habilitations.support import MOTEUR
from plateforme.identity.appareils import adresse_ip, nom_de_l_appareil
from plateforme.identity.models import Session
from plateforme.identity.oidc.passages import empreinte_du_navigateur, premiere_fois
from plateforme.identity.oidc.portes import reseau
from plateforme.identity.reglages import inactivite_en_secondes
from plateforme.tenancy.courant import exiger_courant

ACCORDER, RETIRER, VOIR = (
    "habilitations.support.accorder",
    "habilitations.support.retirer",
    "habilitations.support.voir",
)
ENTRER = "habilitations.support.passer_reseau"
HEURES = (1, 2, 3, 4)
# From the network's host to the structure's, then the time to type the code.
DUREE_DU_PASSAGE = timedelta(minutes=5)
_SEL = "treille.passage.support"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class SupportRefuse(ErreurMetier):
    code: ClassVar[str] = "habilitations.support.refuse"


@dataclass(frozen=True, slots=True)
class Accord:
    """``code`` is known here and now, and by nobody else afterwards."""

    session: SessionSupport
    code: str


def _empreinte(code: str) -> str:
    """65 bits of chance: a keyed digest is enough, and the base alone opens nothing."""
    plat = "".join(c for c in code.upper() if c in _ALPHABET)
    cle = f"{settings.SECRET_KEY}:{_SEL}".encode()
    return hmac.new(cle, f"{exiger_courant().structure_id}:{plat}".encode(), hashlib.sha256).hexdigest()


def accorder(acteur: Any, *, objet: str, heures: int) -> Accord:
    """Raises SupportRefuse."""
    exiger(acteur, ACCORDER)
    objet = " ".join(objet.split())[:200]
    if len(objet) < 10:
        faute = "Dites en une phrase ce que le support doit regarder."
        raise SupportRefuse(faute, champs={"objet": faute})
    if heures not in HEURES:
        raise SupportRefuse("De une à quatre heures.", champs={"heures": "De une à quatre heures."})
    brut = "".join(secrets.choice(_ALPHABET) for _ in range(13))
    with transaction.atomic():
        instant = now()
        ligne = SessionSupport.objects.create(
            accordee_par_id=acteur.pk,
            objet=objet,
            du=instant,
            au=instant + timedelta(hours=heures),
            code_empreinte=_empreinte(brut),
        )
        noter("habilitations.support.accorde", session=str(ligne.pk), heures=heures)
    return Accord(ligne, f"{brut[:4]}-{brut[4:8]}-{brut[8:]}")


def retirer(acteur: Any, cle: UUID) -> None:
    """From the next request on, nobody is there."""
    exiger(acteur, RETIRER)
    with transaction.atomic():
        ligne = SessionSupport.objects.select_for_update().filter(pk=cle).first()
        if ligne is None:
            raise Introuvable
        if ligne.retiree_a is None and ligne.au > now():
            ligne.retiree_a = now()
            ligne.save()
            Session.objects.filter(compte_id=ligne.pk).delete()
            noter("habilitations.support.retire", session=str(ligne.pk))


# -- the passage between hosts ---------------------------------------------------------------------
def emettre(operateur: Any, *, structure_id: UUID, navigateur: str) -> str:
    """On the network's host: who this operator is, for one structure, one browser, once."""
    contenu = {
        "j": secrets.token_hex(16),
        "s": str(structure_id),
        "n": navigateur,
        "o": str(operateur.pk),
        "q": operateur.nom_complet[:210],
    }
    with transaction.atomic():
        noter(ENTRER, structure=str(structure_id))
    return signing.dumps(contenu, salt=_SEL)


def lire(jeton: str, secret_du_navigateur: str) -> dict[str, str]:
    """Raises SupportRefuse for a passage that is not for this structure and this browser, or too old."""
    refus = SupportRefuse("Ce passage n’est plus valable\u00a0: recommencez depuis le début.")
    try:
        lu = signing.loads(jeton, salt=_SEL, max_age=DUREE_DU_PASSAGE)
    except signing.BadSignature as erreur:
        raise refus from erreur
    attendu = empreinte_du_navigateur(secret_du_navigateur)
    juste = bool(secret_du_navigateur) and hmac.compare_digest(str(lu.get("n", "")), attendu)
    if not juste or lu.get("s") != str(exiger_courant().structure_id):
        raise refus
    return {str(k): str(v) for k, v in lu.items()}


def entrer(request: HttpRequest, *, jeton: str, code: str, secret_du_navigateur: str) -> SessionSupport:
    """The operator proved by the network, the grant proved by its code. One try a passage. Raises SupportRefuse."""
    lu = lire(jeton, secret_du_navigateur)
    with reseau(), transaction.atomic():
        neuf = premiere_fois(f"support:{lu['j']}")
    if not neuf:
        raise SupportRefuse("Ce passage a déjà servi\u00a0: recommencez depuis le début.")
    with transaction.atomic():
        ligne: SessionSupport | None = (
            SessionSupport.objects.ouvertes(now())
            .select_for_update()
            .filter(code_empreinte=_empreinte(code))
            .first()
        )
        # The first operator who enters takes the grant; another one is refused in the same words.
        if ligne is None or ligne.operateur_id not in (None, UUID(lu["o"])):
            raise SupportRefuse("Ce code n’ouvre rien\u00a0: vérifiez-le avec la structure, et recommencez.")
        ligne.operateur_id, ligne.operateur_nom, ligne.entree_a = UUID(lu["o"]), lu["q"], now()
        ligne.save()
        _ouvrir(request, ligne)
        noter("habilitations.support.entre", acteur_id=ligne.pk, session=str(ligne.pk), operateur=lu["o"])
    return ligne


def _ouvrir(request: HttpRequest, ligne: SessionSupport) -> None:
    """A session of this structure that ends with the grant, and belongs to no account."""
    request.session.flush()
    request.session["_auth_user_id"] = str(ligne.pk)
    request.session["_auth_user_backend"] = MOTEUR
    session: Any = request.session
    session.inscrire(
        ouverte_a=now(),
        vue_a=now(),
        finit_a=ligne.au,
        inactivite=inactivite_en_secondes(),
        adresse=adresse_ip(request),
        appareil=nom_de_l_appareil(request.headers.get("User-Agent", "")),
    )
    rotate_token(request)

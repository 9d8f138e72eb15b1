"""Certificates, cards and contracts of the demonstration: issued by the sandbox authority, for people who do not exist."""

import contextlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from config.lanceur.bac_a_sable_mie.autorite import Autorite, charger_ou_creer, nouvelle_cle
from config.lanceur.bac_a_sable_mie.profils import MOT_DE_PASSE, p12
from plateforme.core.clock import now, today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations import roles
from plateforme.identity.models import Compte
from socles.mie.models import BoiteMssante, Certificat
from socles.mie.rules import cartes
from socles.mie.services import bascule, demandes, depot, essais, personnes, veille
from socles.mie.services.demandes import Commande
from socles.mie.services.porteur import porteur

TROIS_ANS = timedelta(days=3 * 365 + 1)
# Environment, CN, usage, destinations, days left.
COMPLETE = (
    ("PROD", "INSI-AUTO", "AUTH_CLI", ("INSI",), 611),
    ("PROD", "DMP", "AUTH_CLI", ("DMP", "ROR"), 26),
    ("PROD", "MSSANTE", "AUTH_CLI", ("MSS",), 402),
    ("PROD", "DMP SIGN", "SIGN", ("DMP",), 611),
    ("TEST", "INSI-MANU", "AUTH_CLI", ("INSI",), 730),
)
# The others of the grappe, by rank: days left of their certificates.
VOISINES = {1: (5,), 2: (58, 240), 3: (1010,), 4: (330, 88), 6: (720,), 8: (17,)}
REPRESENTANTS = {1: "Yann Le Meur", 2: "Aline Morvan", 4: "Gwenola Prigent", 8: "Hervé Le Roux"}


def completer(rang: int) -> None:
    """In the bound structure; ``rang`` 0 is the complete one. Once, and only beside the sandbox."""
    if not settings.MIE_BAC_A_SABLE or Certificat.objects.exists():
        return
    if rang == 0:
        for voulu in COMPLETE:
            _installer(*voulu)
        demandes.generer(Commande("ORG", "SIGN", "PROD", ("ROR",), "ROR SIGN"))
        _des_personnes()
    elif rang in REPRESENTANTS:
        _contrat(REPRESENTANTS[rang], "Président")
    for reste in VOISINES.get(rang, ()):
        _installer("PROD", f"DMP {reste}", "AUTH_CLI", ("DMP",) if reste != 240 else ("MSS",), reste)
    veille.suivre_le_temps()


@cache
def _autorite(environnement: str) -> Autorite:
    urls = dict(ligne.split("=", 1) for ligne in settings.MIE_BAC_A_SABLE_URLS)
    return charger_ou_creer(
        Path(settings.MIE_BAC_A_SABLE), settings.MIE_BAC_A_SABLE_SECRET, urls[environnement], environnement
    )


def _contrat(representant: str, qualite: str) -> None:
    jour = today()
    personnes.suivre_le_contrat(
        {
            "representant": representant,
            "qualite": qualite,
            "numero": "CAF101-14729033",
            "depose_le": jour - timedelta(days=140),
            "valide_le": jour - timedelta(days=112),
        }
    )


def _installer(environnement: str, cn: str, usage: str, destinations: tuple[str, ...], reste: int) -> None:
    """Issued as if three years less ``reste`` ago; tried against the peer, then switched on."""
    qui, raison_sociale = porteur()
    autorite = _autorite(environnement)
    fin: datetime = now().replace(microsecond=0) + timedelta(days=reste, hours=6)
    cle = nouvelle_cle()
    certificat = autorite.emettre(
        cle.public_key(),
        cn=cn,
        finess=qui.finess_juridique,
        usage=usage,
        organisation=raison_sociale[:60],
        debut=fin - TROIS_ANS,
        fin=fin,
    )
    octets = p12(cle, certificat, autorite.intermediaire)
    commande = Commande("ORG", usage, environnement, destinations, "")
    installe = depot.importer(octets, bytearray(MOT_DE_PASSE.encode()), commande)
    # The peer may not be up yet: the certificate then waits for somebody to try it.
    with contextlib.suppress(ErreurMetier):
        essais.essayer(installe)
        bascule.basculer(installe.pk)


def _des_personnes() -> None:
    direction = Compte.objects.filter(role=roles.DIRECTION).order_by("cle_tri").first()
    secretariat = Compte.objects.filter(role=roles.SECRETARIAT).order_by("cle_tri").first()
    if direction is None or secretariat is None:
        return
    jour = today()
    personnes.designer(secretariat, "titulaire", par=direction)
    personnes.designer(direction, "suppleant", par=direction)
    _contrat(direction.nom_complet, "Directrice")
    soin = cartes.Reponses(partage=True, professionnel=True)
    for role in roles.SALARIES:
        personnes.repondre(role, soin if role in roles.SOINS else cartes.Reponses())
    personnes.repondre(roles.DIRECTION, cartes.Reponses(partage=True, automatique=True))
    cde = personnes.commander(direction, "cde", le=jour - timedelta(days=100))
    personnes.faire_passer(cde.pk, "recue", le=jour - timedelta(days=80))
    personnes.faire_passer(
        cde.pk, "activee", le=jour - timedelta(days=78), expire_le=jour + timedelta(days=1017)
    )
    for n, compte in enumerate(Compte.objects.filter(role__in=roles.SOINS, actif=True).order_by("cle_tri")):
        if n % 3 == 2:
            continue
        carte = personnes.commander(compte, "e_cps", le=jour - timedelta(days=60 + n))
        if n % 3 == 0:
            fin = jour + timedelta(days=64 if n else 900)
            personnes.faire_passer(carte.pk, "activee", le=jour - timedelta(days=40), expire_le=fin)
    personnes.suivre_la_boite(
        BoiteMssante(
            genre="organisation",
            adresse="sad.tregor@exemple.mssante.fr",
            operateur="Opérateur de démonstration",
            demandee_le=jour - timedelta(days=90),
            obtenue_le=jour - timedelta(days=70),
        )
    )

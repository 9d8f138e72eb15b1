"""Certificates already in, for tests that look at what comes after."""

from typing import Any

from config.lanceur.bac_a_sable_mie.profils import bon
from socles.mie.models import Certificat
from socles.mie.services import bascule, depot, essais
from socles.mie.services.demandes import Commande
from tests.support.igc import Igc
from tests.support.monde import FINESS_A


def commande(
    usage: str = "AUTH_CLI",
    environnement: str = "TEST",
    destinations: tuple[str, ...] = ("DMP",),
    cn: str = "",
) -> Commande:
    return Commande(
        "SERV" if usage in {"SSL_SERV", "SMIME"} else "ORG", usage, environnement, destinations, cn
    )


def installer(igc: Igc, *, finess: str = FINESS_A, cn: str = "DMP", **options: Any) -> Certificat:
    """A good certificate, imported."""
    voulu = {nom: options.pop(nom) for nom in ("usage", "environnement", "destinations") if nom in options}
    autorite = igc.bac(voulu.get("environnement", "TEST")).ici
    fichier = bon(autorite, finess, cn=cn, usage=voulu.get("usage", "AUTH_CLI"), **options)
    return depot.importer(fichier.octets, bytearray(fichier.mot_de_passe.encode()), commande(**voulu))


def en_service(igc: Igc, **options: Any) -> Certificat:
    """Imported, tried against the local peer, switched on."""
    certificat = installer(igc, **options)
    assert all(issue.reussi for issue in essais.essayer(certificat))
    return bascule.basculer(certificat.pk)

"""Pinned roots, environment by environment, and the intermediates installed beside them."""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings

from socles.mie.rules import usages
from socles.mie.rules.controles import Ancres

_LIVREE = Path(__file__).parents[1] / "racines" / "production.pem"


def _fichier(environnement: str) -> Path | None:
    choisi = settings.MIE_RACINES.get(environnement)
    if choisi:
        return Path(choisi)
    return _LIVREE if environnement == usages.PROD else None


@lru_cache(maxsize=8)
def _lire(fichier: Path, _date: int) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(fichier.read_bytes()))


def _certificats(environnement: str) -> tuple[x509.Certificate, ...]:
    fichier = _fichier(environnement)
    if fichier is None or not fichier.is_file():
        return ()
    return _lire(fichier, fichier.stat().st_mtime_ns)


def racines(environnement: str) -> list[x509.Certificate]:
    return [c for c in _certificats(environnement) if c.subject == c.issuer]


def intermediaires(environnement: str) -> list[x509.Certificate]:
    return [c for c in _certificats(environnement) if c.subject != c.issuer]


def ancres(environnement: str) -> Ancres:
    autres = [r for autre in usages.ENVIRONNEMENTS if autre != environnement for r in racines(autre)]
    return Ancres(racines(environnement), autres)

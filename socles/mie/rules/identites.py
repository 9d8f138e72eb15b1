"""Whose certificate it is: the numbers its subject carries, against those of the structure and of its organisme."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

# « 1 » + FINESS, « 3 » + SIRET (typologie des identifiants de structure), « 0002 » + SIREN or SIRET (ISO 6523).
# Source: interop §4 (OU de l'exemple VIHF) ; le préfixe 3 : à confirmer.
_FINESS = re.compile(r"^1?([0-9][0-9AB][0-9]{7})$")
_SIRET = re.compile(r"^(?:3|0002\s?)?([0-9]{14})$")
_SIREN = re.compile(r"^0002\s?([0-9]{9})$")


@dataclass(frozen=True, slots=True)
class Porteur:
    """The structure in front and the legal person it belongs to."""

    finess: str
    finess_juridique: str
    siret: str = ""

    def possede(self, numero: str) -> bool:
        sirens = {self.siret, self.siret[:9]} - {""}
        return numero in {self.finess, self.finess_juridique} | sirens or numero[:9] in sirens


def numeros(certificat: x509.Certificate) -> list[str]:
    """FINESS, SIRET and SIREN its subject names, in order."""
    trouves = []
    for attribut in certificat.subject:
        if attribut.oid not in {NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_IDENTIFIER}:
            continue
        texte = str(attribut.value).strip().upper()
        for forme in (_FINESS, _SIRET, _SIREN):
            if trouve := forme.match(texte):
                trouves.append(trouve[1])
                break
    return trouves


def etrangers(certificat: x509.Certificate, porteur: Porteur) -> Iterable[str]:
    return [numero for numero in numeros(certificat) if not porteur.possede(numero)]


def cn(certificat: x509.Certificate) -> str:
    noms = certificat.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(noms[0].value) if noms else ""

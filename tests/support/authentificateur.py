"""A soft authenticator: what a phone's passkey answers, with every lie one may want to tell."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENTE, VERIFIEE, ATTESTEE = 0x01, 0x04, 0x40


@dataclass
class Authentificateur:
    """One key. ``compteur`` goes up at each use; ``hote`` and ``origine`` are what its browser believes."""

    hote: str
    origine: str
    compteur: int = 0
    verifie: bool = True
    poignee: str = ""
    cle_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _cle: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creer(self, options: dict[str, Any]) -> str:
        self.poignee = options["user"]["id"]
        nombres = self._cle.public_key().public_numbers()
        publique = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: nombres.x.to_bytes(32, "big"), -3: nombres.y.to_bytes(32, "big")}
        )
        donnees = (
            self._donnees(ATTESTEE) + bytes(16) + len(self.cle_id).to_bytes(2, "big") + self.cle_id + publique
        )
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": donnees})
        return self._emballer(
            {
                "clientDataJSON": bytes_to_base64url(self._client("webauthn.create", options["challenge"])),
                "attestationObject": bytes_to_base64url(attestation),
                "transports": ["internal"],
            }
        )

    def signer(self, options: dict[str, Any]) -> str:
        self.compteur += 1
        donnees, client = self._donnees(), self._client("webauthn.get", options["challenge"])
        signature = self._cle.sign(donnees + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._emballer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(donnees),
                "signature": bytes_to_base64url(signature),
                "userHandle": self.poignee,
            }
        )

    def _donnees(self, drapeaux: int = 0) -> bytes:
        drapeaux |= PRESENTE | (VERIFIEE if self.verifie else 0)
        return (
            hashlib.sha256(self.hote.encode()).digest() + bytes([drapeaux]) + self.compteur.to_bytes(4, "big")
        )

    def _client(self, genre: str, defi: str) -> bytes:
        return json.dumps({"type": genre, "challenge": defi, "origin": self.origine}).encode()

    def _emballer(self, reponse: dict[str, Any]) -> str:
        cle = bytes_to_base64url(self.cle_id)
        return json.dumps(
            {"id": cle, "rawId": cle, "type": "public-key", "response": reponse, "clientExtensionResults": {}}
        )

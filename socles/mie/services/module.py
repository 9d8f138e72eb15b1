"""The hardware module (PKCS#11), where there is one: keys born in it and never leaving it. They sign; they open no TLS."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pkcs11
from asn1crypto import csr as asn1_csr
from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from django.conf import settings
from pkcs11.util.rsa import encode_rsa_public_key

from plateforme.core.errors import ErreurMetier, Indisponible
from socles.mie.services.cles import BITS


class SansModule(ErreurMetier):
    code = "mie.module.absent"
    message = "Aucun module matériel n’est branché ici\u00a0: générez la clé dans le coffre de la structure."


class ModuleMuet(Indisponible):
    code = "mie.module.muet"
    message = "Le module matériel ne répond pas. Réessayez, ou prévenez l’exploitant."


def est_branche() -> bool:
    return bool(settings.MIE_PKCS11_MODULE)


@contextmanager
def _session(*, ecrire: bool = False) -> Iterator[Any]:
    if not est_branche():
        raise SansModule
    try:
        jeton = pkcs11.lib(settings.MIE_PKCS11_MODULE).get_token(token_label=settings.MIE_PKCS11_JETON)
        with jeton.open(user_pin=settings.MIE_PKCS11_PIN, rw=ecrire) as session:
            yield session
    except (pkcs11.PKCS11Error, RuntimeError) as erreur:
        raise ModuleMuet from erreur


def generer(etiquette: str, sujet: x509.Name) -> tuple[str, str]:
    """(label of the key, its CSR in PEM). The key is not extractable. Raises SansModule, ModuleMuet."""
    with _session(ecrire=True) as session:
        publique, privee = session.generate_keypair(
            pkcs11.KeyType.RSA,
            BITS,
            store=True,
            label=etiquette,
            private_template={
                pkcs11.Attribute.EXTRACTABLE: False,
                pkcs11.Attribute.SENSITIVE: True,
                pkcs11.Attribute.PRIVATE: True,
            },
        )
        info = asn1_csr.CertificationRequestInfo(
            {
                "version": "v1",
                "subject": asn1_x509.Name.load(sujet.public_bytes()),
                "subject_pk_info": asn1_keys.PublicKeyInfo(
                    {
                        "algorithm": {"algorithm": "rsa"},
                        "public_key": asn1_keys.RSAPublicKey.load(encode_rsa_public_key(publique)),
                    }
                ),
                "attributes": asn1_csr.CRIAttributes([]),
            }
        )
        demande = asn1_csr.CertificationRequest(
            {
                "certification_request_info": info,
                "signature_algorithm": {"algorithm": "sha256_rsa"},
                "signature": privee.sign(info.dump(), mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS),
            }
        )
    return etiquette, asn1_pem.armor("CERTIFICATE REQUEST", demande.dump()).decode()


def signer(etiquette: str, octets: bytes) -> bytes:
    """RSA PKCS#1 v1.5 over SHA-256, made inside the module."""
    with _session() as session:
        cle = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=etiquette)
        signature: bytes = cle.sign(octets, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
        return signature


def detruire(etiquette: str) -> None:
    with _session(ecrire=True) as session:
        for objet in session.get_objects({pkcs11.Attribute.LABEL: etiquette}):
            objet.destroy()

"""A certification authority that imitates IGC-Santé: root, intermediate, three-year leaves, CRL, OCSP.

Source of the names and of the durations: security §6.1 (public test outputs). Each « deviation » of ``emettre`` makes a
certificate that must be refused.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

Cle = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
TROIS_ANS = timedelta(days=3 * 365 + 1)
_NONCE = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.2")

# What a leaf of each usage may do: (key usage bits, extended usages).
GABARITS: dict[str, tuple[frozenset[str], tuple[x509.ObjectIdentifier, ...]]] = {
    "AUTH_CLI": (frozenset({"digital_signature"}), (ExtendedKeyUsageOID.CLIENT_AUTH,)),
    "SIGN": (frozenset({"content_commitment"}), ()),
    "CONF": (frozenset({"key_encipherment"}), ()),
    "SSL_SERV": (frozenset({"digital_signature", "key_encipherment"}), (ExtendedKeyUsageOID.SERVER_AUTH,)),
    "SMIME": (
        frozenset({"digital_signature", "key_encipherment"}),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    ),
}  # fmt: skip


def nouvelle_cle(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _nom(cn: str, organisation: str, unites: Sequence[str]) -> x509.Name:
    parties = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]
    parties.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    parties += [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unite) for unite in unites]
    parties.append(x509.NameAttribute(NameOID.COMMON_NAME, cn))
    return x509.Name(parties)


def _usages(voulus: frozenset[str]) -> x509.KeyUsage:
    noms = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{nom: nom in voulus for nom in noms})


def _maintenant() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Autorite:
    """``environnement`` TEST puts « TEST  » before the names, as the real one does."""

    environnement: str
    url: str
    racine_cle: Cle
    racine: x509.Certificate
    cle: Cle
    intermediaire: x509.Certificate
    revoques: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def creer(cls, environnement: str = "TEST", url: str = "http://localhost:9") -> "Autorite":
        racine_cle, cle = nouvelle_cle(), nouvelle_cle()
        debut = _maintenant() - timedelta(days=365)
        prefixe = "TEST " if environnement == "TEST" else ""
        unites = ("0002 187512751", "IGC-SANTE TEST" if prefixe else "IGC-SANTE")
        nom_racine = _nom(f"{prefixe}AC RACINE IGC-SANTE ELEMENTAIRE", "ASIP-SANTE", unites)
        nom = _nom(f"{prefixe}AC IGC-SANTE ELEMENTAIRE ORGANISATIONS", "ASIP-SANTE", unites)
        racine = _ac(nom_racine, racine_cle, nom_racine, racine_cle, debut, None)
        intermediaire = _ac(nom, cle, nom_racine, racine_cle, debut, 0)
        return cls(environnement, url, racine_cle, racine, cle, intermediaire)

    @property
    def racine_pem(self) -> bytes:
        return self.racine.public_bytes(serialization.Encoding.PEM)

    def emettre(
        self,
        publique: Any,
        *,
        cn: str,
        finess: str = "",
        usage: str = "AUTH_CLI",
        organisation: str = "SAD d’essai",
        debut: datetime | None = None,
        fin: datetime | None = None,
        noms: Sequence[str] = (),
        courriel: str = "",
        unites: Sequence[str] | None = None,
        ac: bool = False,
    ) -> x509.Certificate:
        """A leaf for ``publique``; ``finess`` goes in OU after its type « 1 »."""
        debut = debut or _maintenant() - timedelta(minutes=5)
        bits, etendus = GABARITS[usage]
        unites = ([f"1{finess}"] if finess else []) if unites is None else unites
        chantier = (
            x509.CertificateBuilder()
            .subject_name(_nom(cn, organisation, unites))
            .issuer_name(self.intermediaire.subject)
            .public_key(publique)
            .serial_number(x509.random_serial_number())
            .not_valid_before(debut)
            .not_valid_after(fin or debut + TROIS_ANS)
            .add_extension(x509.BasicConstraints(ca=ac, path_length=None), critical=True)
            .add_extension(_usages(frozenset({"key_cert_sign"}) if ac else bits), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(publique), critical=False)
            .add_extension(_aki(self.intermediaire), critical=False)
            .add_extension(self._points_de_crl(), critical=False)
            .add_extension(self._acces(), critical=False)
        )
        if etendus:
            chantier = chantier.add_extension(x509.ExtendedKeyUsage(etendus), critical=False)
        alternatifs: list[x509.GeneralName] = [x509.DNSName(nom) for nom in noms]
        if courriel:
            alternatifs.append(x509.RFC822Name(courriel))
        if alternatifs:
            chantier = chantier.add_extension(x509.SubjectAlternativeName(alternatifs), critical=False)
        return chantier.sign(self.cle, hashes.SHA256())

    def emettre_en_sha1(self, modele: x509.Certificate) -> bytes:
        """The same certificate signed as nobody signs any more, in DER: our library no longer makes such ones."""
        cle = self.cle
        assert isinstance(cle, rsa.RSAPrivateKey)
        brut = asn1_x509.Certificate.load(modele.public_bytes(serialization.Encoding.DER))
        brut["tbs_certificate"]["signature"] = {"algorithm": "sha1_rsa"}
        brut["signature_algorithm"] = {"algorithm": "sha1_rsa"}
        empreinte = hashlib.sha1(brut["tbs_certificate"].dump(force=True)).digest()  # noqa: S324 - a bad profile
        # EMSA-PKCS1-v1_5 (RFC 8017 §9.2), SHA-1.
        suite = bytes.fromhex("3021300906052b0e03021a05000414") + empreinte
        taille = cle.key_size // 8
        bourre = b"\x00\x01" + b"\xff" * (taille - len(suite) - 3) + b"\x00" + suite
        nombres = cle.private_numbers()
        signe = pow(int.from_bytes(bourre), nombres.d, nombres.public_numbers.n)
        brut["signature_value"] = signe.to_bytes(taille)
        der: bytes = brut.dump(force=True)
        return der

    def revoquer(self, certificat: x509.Certificate, quand: datetime | None = None) -> None:
        self.revoques[certificat.serial_number] = quand or _maintenant()

    def crl(self, *, maintenant: datetime | None = None, jours: int = 7) -> bytes:
        maintenant = maintenant or _maintenant()
        chantier = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.intermediaire.subject)
            .last_update(maintenant - timedelta(minutes=1))
            .next_update(maintenant + timedelta(days=jours))
            .add_extension(x509.CRLNumber(int(maintenant.timestamp())), critical=False)
            .add_extension(_aki(self.intermediaire), critical=False)
        )
        for serie, quand in self.revoques.items():
            ligne = x509.RevokedCertificateBuilder().serial_number(serie).revocation_date(quand)
            ligne = ligne.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            chantier = chantier.add_revoked_certificate(ligne.build())
        return chantier.sign(self.cle, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def ocsp(self, demande: bytes, *, maintenant: datetime | None = None, avec_nonce: bool = True) -> bytes:
        """The answer to a request, its nonce repeated."""
        maintenant = maintenant or _maintenant()
        lue = ocsp.load_der_ocsp_request(demande)
        revoque = self.revoques.get(lue.serial_number)
        chantier = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=lue.issuer_name_hash,
                issuer_key_hash=lue.issuer_key_hash,
                serial_number=lue.serial_number,
                algorithm=lue.hash_algorithm,
                cert_status=ocsp.OCSPCertStatus.REVOKED if revoque else ocsp.OCSPCertStatus.GOOD,
                this_update=maintenant - timedelta(minutes=1),
                next_update=maintenant + timedelta(hours=12),
                revocation_time=revoque,
                revocation_reason=x509.ReasonFlags.key_compromise if revoque else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.intermediaire)
        )
        if avec_nonce:
            for extension in lue.extensions:
                if extension.oid == _NONCE:
                    chantier = chantier.add_extension(extension.value, critical=False)
        return chantier.sign(self.cle, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _points_de_crl(self) -> x509.CRLDistributionPoints:
        adresse = x509.UniformResourceIdentifier(f"{self.url}/CRL/ACI-EL-ORG.crl")
        return x509.CRLDistributionPoints([x509.DistributionPoint([adresse], None, None, None)])

    def _acces(self) -> x509.AuthorityInformationAccess:
        return x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{self.url}/ocsp")
                ),
                x509.AccessDescription(
                    AuthorityInformationAccessOID.CA_ISSUERS,
                    x509.UniformResourceIdentifier(f"{self.url}/AC/ACI-EL-ORG.cer"),
                ),
            ]
        )


def _aki(emetteur: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    ski = emetteur.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski.value)


def _ac(
    nom: x509.Name, cle: Cle, emetteur: x509.Name, cle_emetteur: Cle, debut: datetime, longueur: int | None
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(nom)
        .issuer_name(emetteur)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(debut + timedelta(days=20 * 365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=longueur), critical=True)
        .add_extension(_usages(frozenset({"key_cert_sign", "crl_sign"})), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_emetteur.public_key()), critical=False
        )
        .sign(cle_emetteur, hashes.SHA256())
    )


# -- kept between two starts of a demonstration ----------------------------------------------------------------


def racines(dossier: Path, environnement: str) -> Path:
    """Where the root of a demonstration is written, for Treille to trust."""
    return dossier / f"racines-{environnement}.pem"


def charger_ou_creer(dossier: Path, secret: str, url: str, environnement: str) -> Autorite:
    """The authority of this demonstration: its keys sealed by the launcher's own secret."""
    dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
    fichier = dossier / f"autorite-{environnement}.pem"
    if not fichier.exists():
        autorite = Autorite.creer(environnement, url)
        _ecrire(fichier, _serialiser(autorite, secret))
        _ecrire(racines(dossier, environnement), autorite.racine_pem)
        return autorite
    morceaux = fichier.read_bytes().split(b"-----END ENCRYPTED PRIVATE KEY-----\n")
    cles: Any = [
        serialization.load_pem_private_key(
            morceau + b"-----END ENCRYPTED PRIVATE KEY-----\n", secret.encode()
        )
        for morceau in morceaux[:2]
    ]
    racine, intermediaire = x509.load_pem_x509_certificates(morceaux[2])
    return Autorite(environnement, url, cles[0], racine, cles[1], intermediaire)


def _serialiser(autorite: Autorite, secret: str) -> bytes:
    chiffre = serialization.BestAvailableEncryption(secret.encode())
    pkcs8 = serialization.PrivateFormat.PKCS8
    return b"".join(
        [
            autorite.racine_cle.private_bytes(serialization.Encoding.PEM, pkcs8, chiffre),
            autorite.cle.private_bytes(serialization.Encoding.PEM, pkcs8, chiffre),
            autorite.racine_pem,
            autorite.intermediaire.public_bytes(serialization.Encoding.PEM),
        ]
    )


def _ecrire(fichier: Path, octets: bytes) -> None:
    provisoire = fichier.with_suffix(".nouveau")
    with open(provisoire, "wb", opener=lambda nom, drapeaux: os.open(nom, drapeaux, 0o600)) as sortie:
        sortie.write(octets)
    provisoire.replace(fichier)

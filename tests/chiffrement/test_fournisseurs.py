"""The same contract for keys in files and for a KMS spoken to over its real protocol (moto's server, loopback)."""

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from plateforme.chiffrement import coffre
from plateforme.chiffrement.coffre import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.chiffrement.fournisseurs import FournisseurDeCles, _kms, fournisseur
from plateforme.chiffrement.fournisseurs.fichiers import ClesEnFichiers
from plateforme.chiffrement.fournisseurs.kms import ClesAuKms
from plateforme.chiffrement.models import Cle
from plateforme.chiffrement.trousseau import trousseau_courant
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde

CONTEXTE = {"structure": "a", "cle": "1", "usage": "donnees"}


@pytest.fixture(scope="module")
def kms() -> Iterator[str]:
    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serveur.start()
    yield f"http://127.0.0.1:{serveur.get_host_and_port()[1]}"
    serveur.stop()


@pytest.fixture
def reglages_kms(kms: str, settings: Any) -> Any:
    settings.CLES_FOURNISSEUR, settings.KMS_ENDPOINT_URL, settings.KMS_REGION = "kms", kms, "eu-west-3"
    settings.KMS_ACCESS_KEY_ID = settings.KMS_SECRET_ACCESS_KEY = "essai"
    _kms.cache_clear()
    yield settings
    _kms.cache_clear()


@pytest.fixture(params=["fichiers", "kms"])
def cles(request: pytest.FixtureRequest, tmp_path: Path) -> FournisseurDeCles:
    if request.param == "fichiers":
        return ClesEnFichiers(tmp_path / "cles")
    request.getfixturevalue("reglages_kms")
    return fournisseur()


def proprietaire(request: pytest.FixtureRequest) -> str:
    return f"p-{abs(hash(request.node.nodeid)) % 10**9}"


def test_ce_qui_est_emballe_se_deballe(cles: FournisseurDeCles, request: pytest.FixtureRequest) -> None:
    reference = cles.creer(proprietaire(request))
    emballee = cles.emballer(reference, b"k" * 32, CONTEXTE)

    assert b"k" * 32 not in emballee
    assert cles.deballer(reference, emballee, CONTEXTE) == b"k" * 32


def test_creer_deux_fois_rend_la_meme_cle_et_nouvelle_une_autre(
    cles: FournisseurDeCles, request: pytest.FixtureRequest
) -> None:
    nom = proprietaire(request)
    une = cles.creer(nom)

    assert cles.creer(nom) == une
    autre = cles.creer(nom, nouvelle=True)
    assert autre != une
    assert cles.creer(nom) == autre
    assert cles.deballer(une, cles.emballer(une, b"x", CONTEXTE), CONTEXTE) == b"x"


@pytest.mark.parametrize("champ", ["structure", "cle", "usage"])
def test_un_autre_contexte_est_refuse(
    cles: FournisseurDeCles, request: pytest.FixtureRequest, champ: str
) -> None:
    reference = cles.creer(proprietaire(request))
    emballee = cles.emballer(reference, b"k" * 32, CONTEXTE)

    with pytest.raises(ScelleInvalide):
        cles.deballer(reference, emballee, CONTEXTE | {champ: "autre"})


def test_la_cle_d_un_autre_ne_deballe_pas(cles: FournisseurDeCles, request: pytest.FixtureRequest) -> None:
    une, autre = (cles.creer(f"{proprietaire(request)}-{n}") for n in (1, 2))
    emballee = cles.emballer(une, b"k" * 32, CONTEXTE)

    # A KMS says IncorrectKey; moto says AccessDenied, which is no proof of anything: unavailable.
    with pytest.raises((ScelleInvalide, CleIndisponible)):
        cles.deballer(autre, emballee, CONTEXTE)


def test_une_cle_detruite_ne_sert_plus_et_une_autre_prend_la_suite(
    cles: FournisseurDeCles, request: pytest.FixtureRequest
) -> None:
    nom = proprietaire(request)
    reference = cles.creer(nom)
    emballee = cles.emballer(reference, b"k" * 32, CONTEXTE)

    for _ in range(2):
        cles.detruire(reference)

    for acte in (
        lambda: cles.deballer(reference, emballee, CONTEXTE),
        lambda: cles.emballer(reference, b"x", CONTEXTE),
    ):
        with pytest.raises(CleDetruite):
            acte()
    suivante = cles.creer(nom)
    assert suivante != reference
    assert cles.deballer(suivante, cles.emballer(suivante, b"x", CONTEXTE), CONTEXTE) == b"x"


def test_les_fichiers_ne_se_lisent_que_par_leur_proprietaire(tmp_path: Path) -> None:
    cles = ClesEnFichiers(tmp_path / "cles")
    cles.creer("a")

    assert stat.S_IMODE((tmp_path / "cles").stat().st_mode) == 0o700
    [fichier] = (tmp_path / "cles").iterdir()
    assert (fichier.name, stat.S_IMODE(fichier.stat().st_mode), fichier.stat().st_size) == (
        "a.1.cle",
        0o600,
        32,
    )


def test_un_fichier_de_cle_disparu_n_est_pas_une_cle_detruite(tmp_path: Path) -> None:
    """A disk that is not mounted: it will come back, nothing was destroyed, and no new key takes its place."""
    cles = ClesEnFichiers(tmp_path)
    emballee = cles.emballer(cles.creer("a"), b"x", CONTEXTE)
    (tmp_path / "a.1.cle").unlink()

    with pytest.raises(CleIndisponible):
        cles.deballer("fichier:a.1", emballee, CONTEXTE)


@pytest.mark.parametrize("reference", ["fichier:../x.1", "fichier:a", "fichier:A.1", "fichier:a.1/..", "x"])
def test_une_reference_ne_sort_pas_du_dossier(tmp_path: Path, reference: str) -> None:
    for acte in (ClesEnFichiers(tmp_path).detruire, lambda r: ClesEnFichiers(tmp_path).deballer(r, b"", {})):
        with pytest.raises(ScelleInvalide):
            acte(reference)


def _passer_au_kms() -> None:
    """The structure's keys, made in files when its people were, go under the KMS."""
    trousseau_courant().active()
    trousseau_courant().reemballer(fournisseur().creer(trousseau_courant().proprietaire))


def test_une_structure_par_cle_au_kms_et_son_nom_dans_le_contexte(monde: Monde, reglages_kms: Any) -> None:
    for contexte in (monde.a, monde.b):
        with lier(contexte):
            _passer_au_kms()
            scelle = coffre.sceller(b"secret", "u")
            assert coffre.ouvrir(scelle, "u") == b"secret"
    with lier(monde.a):
        de_a = Cle.objects.get(usage="donnees", etat="active")
    with lier(monde.b):
        assert Cle.objects.get(usage="donnees", etat="active").reference != de_a.reference
    assert de_a.reference.startswith("kms:")
    client = fournisseur("kms:").client
    contexte = {"structure": str(monde.a.structure_id), "cle": str(de_a.pk), "usage": "donnees"}
    rendu = client.decrypt(CiphertextBlob=bytes(de_a.emballee), EncryptionContext=contexte)
    assert len(rendu["Plaintext"]) == 32


def test_des_fichiers_au_kms_sans_toucher_aux_donnees(
    dans_a: Contexte, kms: str, request: pytest.FixtureRequest
) -> None:
    scelle = coffre.sceller(b"secret", "u")
    request.getfixturevalue("reglages_kms")

    trousseau_courant().reemballer(fournisseur().creer(trousseau_courant().proprietaire, nouvelle=True))

    assert coffre.ouvrir(scelle, "u") == b"secret"
    assert Cle.objects.get().reference.startswith("kms:")


def test_un_kms_muet_ferme_la_lecture_et_ne_fait_attendre_qu_une_fois(
    dans_a: Contexte, reglages_kms: Any
) -> None:
    _passer_au_kms()
    scelle = coffre.sceller(b"secret", "u")
    prise = socket.create_server(("127.0.0.1", 0))  # accepts, never answers
    try:
        reglages_kms.KMS_ENDPOINT_URL = f"http://127.0.0.1:{prise.getsockname()[1]}"
        _kms.cache_clear()
        with pytest.raises(CleIndisponible):
            coffre.ouvrir(scelle, "u")
        import time

        debut = time.monotonic()
        with pytest.raises(CleIndisponible):
            coffre.ouvrir(scelle, "u")
        assert time.monotonic() - debut < 0.2
    finally:
        prise.close()


def test_un_kms_eteint_puis_revenu(dans_a: Contexte, reglages_kms: Any, kms: str) -> None:
    _passer_au_kms()
    scelle = coffre.sceller(b"secret", "u")
    reglages_kms.KMS_ENDPOINT_URL = "http://127.0.0.1:9"
    with pytest.raises(CleIndisponible):
        coffre.ouvrir(scelle, "u")

    reglages_kms.KMS_ENDPOINT_URL = kms
    assert coffre.ouvrir(scelle, "u") == b"secret"


def test_un_refus_du_kms_n_est_pas_pris_pour_une_destruction(kms: str) -> None:
    from botocore.exceptions import ClientError

    class Refuse:
        def describe_key(self, **_c: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "Decrypt")

    with pytest.raises(CleIndisponible):
        ClesAuKms(Refuse()).deballer("kms:1", b"x", {})

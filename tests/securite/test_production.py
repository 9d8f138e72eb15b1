"""Production refuses to start when something was weakened; and says what to mend."""

import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import Settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ImproperlyConfigured

from plateforme.chiffrement.controles import cles_de_production
from plateforme.web.controles import exiger, secrets_de_production
from tests.plateforme.outils import RACINE, environnement
from tests.support.monde import MOT_DE_PASSE, Monde, client_de

BONS = {
    "DEBUG": False, "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 63_072_000, "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True, "SESSION_COOKIE_NAME": "__Host-treille_session", "CSRF_COOKIE_NAME": "__Host-treille_csrf",
    "ALLOWED_HOSTS": [".treille.example"], "SORTANT_LOCAL": False, "CLES_FOURNISSEUR": "kms", "KMS_ENDPOINT_URL": "https://kms.example",
}  # fmt: skip


@pytest.fixture
def prod(settings: Any) -> Any:
    for nom, valeur in BONS.items():
        setattr(settings, nom, valeur)
    settings.SECRET_KEY = secrets.token_hex(48)
    return settings


def ids() -> set[str]:
    return {str(f.id) for f in (*secrets_de_production(), *cles_de_production())}


def test_une_production_bien_reglee_demarre(prod: Any) -> None:
    assert ids() == set()
    exiger()


@pytest.mark.parametrize(
    "cle", ["courte", "x" * 60, "django-insecure-" + "a1b2c3d4e5" * 6, "test-" + "x" * 60, "motdepasse" * 8, "abc" * 30]
)  # fmt: skip
def test_une_cle_faible_est_refusee(prod: Any, cle: str) -> None:
    prod.SECRET_KEY = cle

    assert ids() == {"treille.E001"}
    with pytest.raises(ImproperlyConfigured, match="TREILLE_SECRET_KEY"):
        exiger()


@pytest.mark.parametrize(
    ("nom", "valeur", "attendu"),
    [
        ("DEBUG", True, "E002"),
        ("SECURE_SSL_REDIRECT", False, "E003"),
        ("SECURE_HSTS_SECONDS", 3600, "E003"),
        ("SESSION_COOKIE_NAME", "treille_session", "E004"),
        ("CSRF_COOKIE_SECURE", False, "E004"),
        ("SESSION_COOKIE_DOMAIN", ".treille.example", "E004"),
        ("SESSION_COOKIE_PATH", "/x", "E004"),
        ("ALLOWED_HOSTS", ["*"], "E005"),
        ("SORTANT_LOCAL", True, "E006"),
        ("CLES_FOURNISSEUR", "", "E010"),
        ("CLES_FOURNISSEUR", "fichier", "E011"),
        ("KMS_ENDPOINT_URL", "http://kms.example", "E012"),
        ("S3_ENDPOINT_URL", "http://s3.example", "E013"),
        ("CLES_CACHE_SECONDES", 301, "E014"),
    ],
)
def test_chaque_affaiblissement_est_nomme(prod: Any, nom: str, valeur: Any, attendu: str) -> None:
    setattr(prod, nom, valeur)

    assert ids() == {f"treille.{attendu}"}


def test_des_cles_en_fichiers_s_admettent_expressement(prod: Any) -> None:
    prod.CLES_FOURNISSEUR, prod.CLES_FICHIER_ADMIS = "fichier", True

    assert ids() == set()


@pytest.mark.parametrize(
    ("reglages", "sortie"),
    [
        ({"TREILLE_SECRET_KEY": "courte", "TREILLE_CLES": "kms"}, "TREILLE_SECRET_KEY est trop faible"),
        ({"TREILLE_SECRET_KEY": secrets.token_hex(48)}, "TREILLE_CLES=kms"),
        ({"TREILLE_SECRET_KEY": secrets.token_hex(48), "TREILLE_CLES": "kms"}, ""),
    ],
)
def test_le_serveur_lui_meme_refuse_de_demarrer(reglages: dict[str, str], sortie: str) -> None:
    env = environnement(
        DJANGO_SETTINGS_MODULE="config.settings.prod",
        DATABASE_URL="postgres://a:x@/t?host=/nonexistent",
        REDIS_URL="unix:///nonexistent/v.sock?db=0",
        TREILLE_DOMAINE="treille.example",
        **reglages,
    )

    fini = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import config.wsgi"],
        env=env, cwd=RACINE, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (fini.returncode == 0) is (sortie == "")
    assert sortie in fini.stderr


def test_les_mots_de_passe_passent_par_argon2_et_lui_seul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREILLE_SECRET_KEY", "x" * 60)
    hacheurs = Settings("config.settings.prod").PASSWORD_HASHERS

    assert hacheurs == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert (
        Argon2PasswordHasher()
        .encode("un mot de passe long", "un-sel-de-seize-c")
        .startswith("argon2$argon2id$")
    )


def test_le_cookie_de_session_echappe_aux_scripts(monde: Monde) -> None:
    client = client_de(monde.a)
    reponse = client.post("/connexion", {"identifiant": "alice", "mot_de_passe": MOT_DE_PASSE})
    cookie = reponse.cookies["treille_session"]

    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")

"""The harness: real servers, two neighbouring structures, people who are always the same."""

import contextlib
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections

from config.lanceur.ephemere import grappe_ephemere, valkey_ephemere
from config.lanceur.postgres import GrappePostgres
from plateforme.audit.journal import acte
from plateforme.tenancy.courant import PUBLIC, Contexte, lier

# One authority of certificates, one product and one browser for every journey of the session, wherever it is written.
from tests.support.igc import _igc  # noqa: F401
from tests.support.monde import Monde, peupler
from tests.support.produit import chromium, produit, quitter_la_base  # noqa: F401

# Playwright's synchronous API keeps a loop running in the thread; Django would take every test after it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_PUBLIC = lier(PUBLIC)
_ACTE = acte("essai")


def pytest_configure() -> None:
    """Tests run like ``manage.py``: in public, until they enter a structure; what they write says it is a test."""
    _PUBLIC.__enter__()
    _ACTE.__enter__()


def _viser(url: str, alias: str) -> None:
    """Point a Django alias, already configured, at the session's cluster."""
    from config.settings.database import base_de

    connections[alias].close()
    for cle in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        settings.DATABASES[alias][cle] = base_de(url)[cle]
        connections[alias].settings_dict[cle] = base_de(url)[cle]


@pytest.fixture(scope="session")
def serveurs(tmp_path_factory: pytest.TempPathFactory) -> Generator[GrappePostgres]:
    """PostgreSQL and Valkey of this test session, stopped and erased at its end."""
    with grappe_ephemere() as grappe, valkey_ephemere() as valkey:
        _viser(grappe.url("treille_app"), "default")
        _viser(grappe.url("treille_ddl"), "ddl")
        adresse = valkey.url()
        settings.REDIS_URL = adresse
        settings.CACHES["default"]["LOCATION"] = adresse
        caches.settings["default"]["LOCATION"] = adresse
        with contextlib.suppress(AttributeError):
            del caches["default"]  # one made before the address was known
        settings.TREILLE_DATA = tmp_path_factory.mktemp("donnees")
        from config.celery import app

        app.conf.broker_url = adresse.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        yield grappe
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(serveurs: GrappePostgres, django_db_blocker: Any) -> Iterator[None]:
    """Bring the base up once and open the two structures; each test then rolls back."""
    from tenants.services.amorcage import amorcer

    with django_db_blocker.unblock():
        amorcer(reserve=4)
        peupler()
        connections.close_all()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def monde(db: None) -> Monde:
    """The two structures and their people."""
    return Monde.charger()


@pytest.fixture
def dans_a(monde: Monde) -> Iterator[Contexte]:
    """Run the test inside structure A, role pinned."""
    with lier(monde.a) as contexte:
        yield contexte


@pytest.fixture
def cles_a_part(django_db_setup: None, tmp_path: Path) -> Iterator[Path]:
    """A copy of the keys, for tests that destroy some: those of the session outlive them."""
    from plateforme.chiffrement.trousseau import MEMOIRE

    dossier, avant = tmp_path / "cles-a-part", settings.CLES_DOSSIER
    shutil.copytree(avant or settings.TREILLE_DATA / "cles", dossier)
    settings.CLES_DOSSIER = str(dossier)
    MEMOIRE.table.clear()
    yield dossier
    settings.CLES_DOSSIER = avant
    MEMOIRE.table.clear()


@pytest.fixture
def base_a_part(
    serveurs: GrappePostgres, django_db_setup: None, django_db_blocker: Any, cles_a_part: Path
) -> Iterator[str]:
    """A copy of the base, for tests that commit: structures opened, migrated, destroyed. Dropped afterwards."""
    from uuid import uuid4

    from tenants import repertoire

    nom, avant = f"essai_{uuid4().hex[:12]}", settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        quitter_la_base()
        serveurs.creer_base(nom, gabarit=avant)
        _nommer(nom)
        repertoire.oublier()
        yield nom
        quitter_la_base()
        _nommer(avant)
        repertoire.oublier()
        serveurs.supprimer_base(nom)


def _nommer(nom: str) -> None:
    for alias in ("default", "ddl"):
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = nom


@pytest.fixture(scope="session")
def materiel() -> Path:
    """Official test material, outside the project. Absent: the test is skipped, and says so."""
    dossier = Path(__file__).resolve().parents[2] / "shared" / "conformance"
    if not dossier.is_dir():
        pytest.skip(f"MATÉRIEL ABSENT : {dossier.name} n’est pas à côté du projet")
    return dossier

"""Doors there is one of: a parser of XML, a way out, a place where bytes are encrypted."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.test_maison import RACINE, fichiers_python

# Module -> who may import it. A new line is a decision.
PORTES = {
    "lxml": {"platform/plateforme/lecture_xml.py"},
    "xml": set(),
    "defusedxml": set(),
    "httpx": {"platform/plateforme/sortant.py"},
    "httpcore": {"platform/plateforme/sortant.py"},
    "urllib.request": set(),
    "http.client": {"platform/config/lanceur/demarrage.py"},  # asks the server it has just started
    "pickle": set(),
    "marshal": set(),
    # Beside the object, renamed over it: sealed bytes. The launcher's hold no data of persons.
    "tempfile": {
        "platform/plateforme/storage/objets.py",
        "platform/config/lanceur/binaires.py",
        "platform/config/lanceur/emplacement.py",
        "platform/config/lanceur/ephemere.py",
        "platform/config/lanceur/verifications.py",
    },
    # The last two only read.
    "csv": {
        "platform/plateforme/tableurs.py",
        "tenants/services/liste_csv.py",
        "dossier/reprise/services/lecture.py",
    },
    "openpyxl": {"dossier/reprise/services/lecture.py"},
    "cryptography.hazmat.primitives.ciphers": {
        "platform/plateforme/chiffrement/format.py",
        "platform/plateforme/chiffrement/flux.py",
        "platform/plateforme/chiffrement/trousseau.py",
        "platform/plateforme/chiffrement/fournisseurs/fichiers.py",
    },
}


def _imports() -> Iterator[tuple[str, str]]:
    for fichier in fichiers_python():
        nom = str(fichier.relative_to(RACINE))
        for noeud in ast.walk(ast.parse(fichier.read_text())):
            if isinstance(noeud, ast.Import):
                yield from ((nom, alias.name) for alias in noeud.names)
            elif isinstance(noeud, ast.ImportFrom) and noeud.module:
                yield nom, noeud.module
                yield from ((nom, f"{noeud.module}.{alias.name}") for alias in noeud.names)


@pytest.mark.parametrize("module", PORTES)
def test_une_seule_porte(module: str) -> None:
    dehors = {
        fichier for fichier, importe in _imports() if importe == module or importe.startswith(f"{module}.")
    }

    assert dehors <= PORTES[module]


# SQL written by hand, each time with parameters: who may. The ORM does the rest.
SQL_A_LA_MAIN = {
    "dossier/queries/acces.py",
    "platform/config/lanceur/postgres.py",
    "platform/config/lanceur/roles.py",
    "platform/plateforme/audit/ecriture.py",
    "platform/plateforme/audit/verification.py",
    "platform/plateforme/chiffrement/trousseau.py",
    "platform/plateforme/identity/oidc/session.py",
    "platform/plateforme/identity/services/verrous.py",
    "platform/plateforme/observability/sante.py",
    "platform/plateforme/outbox/relais.py",
    "platform/plateforme/outbox/services.py",
    "platform/plateforme/tenancy/backend/base.py",
    "platform/plateforme/tenancy/backend/introspection.py",
    "tenants/services/amorcage.py",
    "tenants/services/archive.py",
    "tenants/services/conservation.py",
    "tenants/services/estampille.py",
    "tenants/services/flotte.py",
    "tenants/services/modele.py",
}
_ENTREES_SQL = {"execute", "executemany", "raw", "extra", "RawSQL", "cursor"}


def test_le_sql_ecrit_a_la_main_est_connu() -> None:
    """A new file that speaks SQL is a decision: tables of a tenant are reached by models, which leave traces."""
    ailleurs = {
        nom
        for fichier in fichiers_python()
        if "migrations" not in (nom := str(fichier.relative_to(RACINE)))
        for noeud in ast.walk(ast.parse(fichier.read_text()))
        if isinstance(noeud, ast.Call) and _parle_sql(noeud)
    }

    assert ailleurs - SQL_A_LA_MAIN == set()


def _parle_sql(appel: ast.Call) -> bool:
    nom = getattr(appel.func, "attr", getattr(appel.func, "id", ""))
    return nom in _ENTREES_SQL

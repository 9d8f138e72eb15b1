"""The house guards itself."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

RACINE = Path(__file__).resolve().parents[2]
DOMAINES = ("tenants", "dossier", "telegestion", "liaison", "socles", "billing")
SOURCES = ("platform/plateforme", "platform/config", *DOMAINES)


def fichiers_python() -> Iterator[Path]:
    for source in SOURCES:
        for fichier in (RACINE / source).rglob("*.py"):
            if "migrations" not in fichier.parts:
                yield fichier


def test_platform_est_un_chemin_et_non_un_paquet() -> None:
    assert list((RACINE / "platform").glob("*.py")) == []


def test_le_module_platform_reste_celui_de_python() -> None:
    sortie = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    )

    assert sortie.stdout.strip() == "Linux"


@pytest.mark.parametrize("nom", ["plateforme", "config", *DOMAINES])
def test_un_nom_de_paquet_n_appartient_qu_a_nous(nom: str) -> None:
    porteurs = set(importlib.metadata.packages_distributions().get(nom, []))

    assert porteurs <= {"treille-sad"}


def test_les_fichiers_restent_courts() -> None:
    longs = [
        f"{f.relative_to(RACINE)} ({n})"
        for f in fichiers_python()
        if (n := len(f.read_text().splitlines())) > 600
    ]

    assert longs == []


def test_les_fonctions_restent_courtes() -> None:
    longues = [
        f"{fichier.relative_to(RACINE)}:{noeud.lineno} {noeud.name}"
        for fichier in fichiers_python()
        for noeud in ast.walk(ast.parse(fichier.read_text()))
        if isinstance(noeud, ast.FunctionDef) and noeud.end_lineno - noeud.lineno > 60
    ]

    assert longues == []


def test_lier_n_est_appele_que_par_les_portes() -> None:
    """The door is ``tenants.contexte``; below it, only the edge and the network's own machinery bind a structure."""
    portes = {
        "platform/plateforme/tenancy/courant.py",
        "platform/plateforme/audit/ecriture.py",
        "platform/plateforme/audit/tasks.py",
        "platform/plateforme/core/events.py",
        "platform/plateforme/identity/oidc/portes.py",
        "platform/plateforme/observability/sante.py",
        "platform/plateforme/outbox/relais.py",
        "platform/plateforme/tasks/base.py",
        "tenants/contexte.py",
        "tenants/repertoire.py",
        "tenants/services/amorcage.py",
        "tenants/services/archive.py",
        "tenants/services/estampille.py",
        "tenants/services/flotte.py",
        "tenants/web/middleware.py",
    }
    appels = {
        str(fichier.relative_to(RACINE))
        for fichier in fichiers_python()
        if re.search(r"(?<![\w.])lier\(", fichier.read_text())
    }

    assert appels == portes


def test_l_environnement_n_est_lu_qu_a_une_porte() -> None:
    lecteurs = {
        str(f.relative_to(RACINE))
        for f in fichiers_python()
        if re.search(r"os\.(environ\b(?!\.setdefault)|getenv)", f.read_text())
    }

    assert {nom for nom in lecteurs if "config/lanceur" not in nom} == {"platform/config/settings/env.py"}


def test_l_horloge_n_est_lue_qu_a_une_porte() -> None:
    lecteurs = {
        str(f.relative_to(RACINE))
        for f in fichiers_python()
        if re.search(r"datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(\)", f.read_text())
    }

    assert {nom for nom in lecteurs if "config/lanceur" not in nom} == {"platform/plateforme/core/clock.py"}


def test_chaque_application_est_d_un_seul_cote() -> None:
    cotes = [set(settings.SHARED_APPS), set(settings.TENANT_APPS), set(settings.REF_APPS)]

    assert sum(len(c) for c in cotes) == len(set.union(*cotes))


def _cote(modele: type) -> str:
    nom = apps.get_app_config(modele._meta.app_label).name
    return next(
        c
        for c, liste in (
            ("public", settings.SHARED_APPS),
            ("ref", settings.REF_APPS),
            ("structure", settings.TENANT_APPS),
        )
        if nom in liste
    )


def test_aucune_cle_etrangere_ne_sort_d_une_structure() -> None:
    dehors = [
        f"{modele._meta.label}.{champ.name}"
        for modele in apps.get_models(include_auto_created=True)
        for champ in modele._meta.get_fields()
        if champ.is_relation
        and champ.concrete
        and champ.related_model
        and _cote(champ.related_model) != _cote(modele)
    ]

    assert dehors == []


def test_aucune_table_n_existe_dans_deux_schemas() -> None:
    tables = [modele._meta.db_table for modele in apps.get_models(include_auto_created=True)]

    assert len(tables) == len(set(tables))


def test_chaque_modele_de_structure_se_souvient_de_la_sienne() -> None:
    from plateforme.tenancy.modeles import ModeleDeStructure

    sans_garde = {
        modele._meta.label
        for modele in apps.get_models()
        if _cote(modele) == "structure" and not issubclass(modele, ModeleDeStructure)
    }

    # Sessions are Django's own shape; history rows are written by their library and read through their parent.
    assert sans_garde == {
        "identity.Session",
        "dossier.HistoricalUsager",
        "telegestion.HistoricalIntervention",
    }


def test_les_libelles_commencent_par_une_minuscule() -> None:
    sigles = ("FINESS", "INS", "OID", "GIR", "SIRET", "SQL")
    grands = [
        f"{modele._meta.label}.{champ.name} : {champ.verbose_name}"
        for modele in apps.get_models()
        if modele.__module__.startswith(("plateforme", *DOMAINES))
        and not modele.__name__.startswith("Historical")
        for champ in modele._meta.fields
        if champ.verbose_name != "ID"
        and str(champ.verbose_name)[:1].isupper()
        and not str(champ.verbose_name).startswith(sigles)
    ]

    assert grands == []


def test_chaque_tache_periodique_existe_et_la_table_est_triee() -> None:
    from config.celery import app
    from config.schedule import PERIODIQUES

    app.loader.import_default_modules()

    assert list(PERIODIQUES) == sorted(PERIODIQUES)
    assert {tache["task"] for tache in PERIODIQUES.values()} <= set(app.tasks)


def test_chaque_tache_sait_pour_qui_elle_travaille() -> None:
    from config.celery import app
    from plateforme.tasks.base import TacheDeStructure

    app.loader.import_default_modules()
    sans = [
        nom
        for nom, tache in app.tasks.items()
        if not nom.startswith("celery.") and not isinstance(tache, TacheDeStructure)
    ]

    assert sans == []


def test_aucune_source_incertaine_n_est_cachee() -> None:
    """A doubt is written « Source: à confirmer »: they are listed, and each says what is to be confirmed."""
    douteuses = [
        (f.relative_to(RACINE), ligne.strip())
        for f in fichiers_python()
        for ligne in f.read_text().splitlines()
        if "Source: à confirmer" in ligne
    ]

    assert all(len(texte) > len("Source: à confirmer — ") for _, texte in douteuses)

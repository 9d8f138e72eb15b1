"""Makes a database ready to host structures, or brings it up to date: idempotent, quick when nothing changed."""

from typing import Any

import psycopg
from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from plateforme.audit.sql import FONCTIONS as FONCTIONS_DU_JOURNAL
from plateforme.tenancy.courant import PUBLIC, REFERENCE, Contexte, lier
from plateforme.tenancy.routeur import apps_du_schema
from tenants.models import Cellule
from tenants.queries import rang_courant
from tenants.services import estampille, flotte
from tenants.services.ddl import GROUPE, SCHEMA_MODELE, connexion_ddl, role_d_execution

EXTENSIONS = ("btree_gist", "pg_trgm")

_SONNETTE = """
    CREATE TABLE IF NOT EXISTS relais.sonnette (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        structure_id uuid NOT NULL,
        disponible_a timestamptz NOT NULL DEFAULT now()
    )
"""


def preparer_le_sol() -> None:
    """Roles, schemas, extensions and the doorbell. Everything ``public`` gave to everybody is taken back."""
    app = sql.Identifier(role_d_execution())
    groupe = sql.Identifier(GROUPE)
    with connexion_ddl() as connexion:
        connexion.execute("SELECT pg_advisory_lock(hashtext('treille.amorcage'))")
        if not connexion.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [GROUPE]).fetchone():
            connexion.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(groupe))
        for schema in ("ext", "ref", "relais", SCHEMA_MODELE):
            connexion.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        for extension in EXTENSIONS:
            connexion.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA ext").format(sql.Identifier(extension))
            )
        connexion.execute(_SONNETTE)
        connexion.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for ordre in (
            "GRANT USAGE ON SCHEMA ref, ext, relais TO {groupe}",
            "GRANT INSERT ON relais.sonnette TO {groupe}",
            "GRANT USAGE ON SCHEMA public, ref, ext, relais TO {app}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON relais.sonnette TO {app}",
        ):
            connexion.execute(sql.SQL(ordre).format(groupe=groupe, app=app))
        connexion.execute(estampille.FONCTION)
        for fonction in FONCTIONS_DU_JOURNAL:
            connexion.execute(fonction)


def migrer_le_reseau() -> None:
    """Tables of ``public`` and ``ref``, by Django's own migrations, then their rights."""
    for contexte in (PUBLIC, REFERENCE):
        _migrer(contexte)
    app = sql.Identifier(role_d_execution())
    with connexion_ddl() as connexion:
        _accorder(connexion, "public", "SELECT, INSERT, UPDATE, DELETE", app)
        _restreindre_les_journaux(connexion, app)
        _accorder(connexion, "ref", "SELECT", app)
        _accorder(connexion, "ref", "SELECT", sql.Identifier(GROUPE))


def _migrer(contexte: Contexte) -> None:
    with lier(contexte):
        executeur = MigrationExecutor(connections["ddl"])
        etiquettes = apps_du_schema(contexte.schema)
        cibles = [noeud for noeud in executeur.loader.graph.leaf_nodes() if noeud[0] in etiquettes]
        executeur.migrate(cibles)
        connections["ddl"].close()


def _accorder(connexion: "psycopg.Connection[Any]", schema: str, droits: str, role: sql.Identifier) -> None:
    noms = [
        ligne[0]
        for ligne in connexion.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')",
            [schema],
        )
    ]
    if not noms:
        return
    tables = sql.SQL(", ").join(sql.Identifier(schema, nom) for nom in noms)
    connexion.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(droits), tables, role))
    connexion.execute(
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(sql.Identifier(schema), role)
    )


def _restreindre_les_journaux(connexion: "psycopg.Connection[Any]", role: sql.Identifier) -> None:
    """What the network writes once stays written: its journals lose the rights their models do not declare."""
    tout = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    for modele_ in apps.get_models():
        declares = getattr(modele_, "privileges", None)
        if declares and modele_._meta.app_label in apps_du_schema("public"):
            table = sql.Identifier("public", modele_._meta.db_table)
            retires = sql.SQL(", ".join(sorted(tout - set(declares))))
            connexion.execute(sql.SQL("REVOKE {} ON {} FROM {}").format(retires, table, role))


def amorcer(*, reserve: int = 0) -> dict[str, int]:
    """The whole sequence. Returns the rank reached, steps added and schemas stamped ahead."""
    preparer_le_sol()
    migrer_le_reseau()
    with lier(PUBLIC):
        Cellule.objects.get_or_create(nom="cellule-1")
        nouvelles = flotte.planifier()
        faits = estampille.remplir_la_reserve(reserve) if reserve else 0
        return {"rang": rang_courant(), "etapes": nouvelles, "reserve": faits}

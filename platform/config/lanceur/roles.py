"""The roles and the base of an embedded cluster; in production an administrator makes the same ones."""

import psycopg
from psycopg import sql

from config.lanceur.coffre import Coffre

MAITRE = "postgres"
DDL = "treille_ddl"
APP = "treille_app"
BASE = "treille"
SECRETS = {MAITRE: "pg_maitre", DDL: "pg_ddl", APP: "pg_app"}

ATTRIBUTS = {
    DDL: "LOGIN INHERIT CREATEROLE NOCREATEDB NOSUPERUSER NOREPLICATION NOBYPASSRLS",
    APP: "LOGIN NOINHERIT NOCREATEROLE NOCREATEDB NOSUPERUSER NOREPLICATION NOBYPASSRLS",
}

Connexion = psycopg.Connection[tuple[object, ...]]


def poser(connexion: Connexion, coffre: Coffre) -> None:
    """Idempotent: what ``secrets.json`` says becomes true in the cluster."""
    for role, droits in ATTRIBUTS.items():
        connu = connexion.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        # The verifier, not the password: a failed statement is written to the server's journal.
        empreinte = connexion.pgconn.encrypt_password(
            coffre.obtenir(SECRETS[role]).encode(), role.encode(), b"scram-sha-256"
        )
        connexion.execute(
            sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                sql.SQL("ALTER" if connu else "CREATE"),
                sql.Identifier(role),
                sql.SQL(droits),
                sql.Literal(empreinte.decode()),
            )
        )
    if not connexion.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE]).fetchone():
        connexion.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(BASE), sql.Identifier(DDL))
        )
    fermer_base(connexion, BASE)


def fermer_base(connexion: Connexion, nom: str) -> None:
    """Nobody enters but the owner and the application's role."""
    connexion.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(nom)))
    connexion.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(nom), sql.Identifier(APP))
    )

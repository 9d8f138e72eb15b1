"""Stamps a schema from the stored text in one round trip, keeps a warm pool of them, gives one to a structure."""

import contextlib
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg import sql
from uuid_utils.compat import uuid7

from plateforme.tenancy.courant import PUBLIC, lier
from tenants.models import Emplacement, EtatEmplacement, Modele, Structure
from tenants.rules import nouveau_nom_de_schema
from tenants.services.ddl import GROUPE, connexion_ddl, role_d_execution

# One message, one transaction: the schema, its role, its tables and its line in the directory exist together or not.
FONCTION = """
CREATE OR REPLACE FUNCTION public.treille_estampiller(
    p_id uuid, p_schema text, p_rang integer, p_app text, p_groupe text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    texte text;
    le_rang integer;
BEGIN
    SELECT ddl, rang INTO STRICT texte, le_rang FROM public.tenants_modele
    WHERE rang = coalesce(p_rang, (SELECT max(rang) FROM public.tenants_modele));
    EXECUTE format('CREATE ROLE %1$I NOLOGIN; GRANT %2$I TO %1$I; GRANT %1$I TO %3$I WITH INHERIT FALSE, SET TRUE',
                   p_schema, p_groupe, p_app);
    EXECUTE format('CREATE SCHEMA %1$I; GRANT USAGE ON SCHEMA %1$I TO %1$I', p_schema);
    PERFORM set_config('search_path', quote_ident(p_schema) || ', ref, ext', true);
    EXECUTE replace(texte, '{{role}}', quote_ident(p_schema));
    INSERT INTO public.tenants_emplacement (id, cree_a, modifie_a, cellule_id, structure_id, schema, role, cle, rang, etat)
    VALUES (p_id, now(), now(), (SELECT id FROM public.tenants_cellule ORDER BY nom LIMIT 1), NULL,
            p_schema, p_schema, '', le_rang, 'pret');
END $$
"""

_PRENDRE = """
    UPDATE tenants_emplacement SET structure_id = %s, etat = 'attribue', modifie_a = now()
    WHERE id = (SELECT id FROM tenants_emplacement WHERE etat = 'pret' AND rang = %s
                ORDER BY cree_a LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


class ModeleAbsent(RuntimeError):
    def __init__(self) -> None:
        super().__init__(
            "Aucun modèle de schéma : lancez « manage.py amorcer » avant d’ouvrir une structure."
        )


def _rang_courant() -> int:
    rang = Modele.objects.order_by("-rang").values_list("rang", flat=True).first()
    if rang is None:
        raise ModeleAbsent
    return rang


def estampiller(combien: int = 1, *, rang: int | None = None) -> list[str]:
    """Make ``combien`` empty schemas, free in the pool. Returns their names."""
    with connexion_ddl() as connexion:
        return [estampiller_par(connexion, rang=rang) for _ in range(combien)]


def estampiller_par(connexion: "psycopg.Connection[Any]", *, rang: int | None = None) -> str:
    """One empty schema by an open connection of the owner: one round trip. Returns its name."""
    nom = nouveau_nom_de_schema()
    connexion.execute(
        "SELECT public.treille_estampiller(%s, %s, %s, %s, %s)",
        [uuid7(), nom, rang, role_d_execution(), GROUPE],
    )
    return nom


def remplir_la_reserve(voulus: int) -> int:
    """Bring the pool up to ``voulus`` free schemas of the current rank. Returns how many were made."""
    with lier(PUBLIC):
        libres = Emplacement.objects.filter(etat=EtatEmplacement.PRET, rang=_rang_courant()).count()
    manquent = max(0, voulus - libres)
    if manquent:
        estampiller(manquent)
    return manquent


def attribuer(structure: Structure) -> None:
    """Give a free schema to a structure: one UPDATE from the pool, or a stamp when the pool is dry.

    Lock: two openings at once take two different schemas (SKIP LOCKED).
    """
    rang = _rang_courant()
    with transaction.atomic():
        # Another opening may take the schema just stamped: try again, each turn adds one.
        for _ in range(20):
            if _prendre(structure, rang):
                return
            estampiller(1, rang=rang)
        raise RuntimeError("La réserve de schémas est vidée plus vite qu’elle ne se remplit : recommencez.")


def _prendre(structure: Structure, rang: int) -> bool:
    with connection.cursor() as curseur:
        curseur.execute(_PRENDRE, [structure.pk, rang])
        return curseur.fetchone() is not None


def detruire(schema: str) -> None:
    """Drop a schema and its role. The caller has archived what must be.

    Roles belong to the whole cluster: one still used by a copy of the base is left, powerless here.
    """
    with connexion_ddl() as connexion:
        connexion.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        if connexion.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema]).fetchone():
            with contextlib.suppress(psycopg.errors.DependentObjectsStillExist):
                connexion.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(schema)))

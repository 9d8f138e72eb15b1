"""Catalogue reading whose cost does not grow with the number of structures."""

from typing import Any

from django.db.backends.postgresql.introspection import DatabaseIntrospection, TableInfo


class Introspection(DatabaseIntrospection):
    """Lists the tables of the schema in front through ``pg_depend``'s index, not by scanning ``pg_class``.

    Django asks ``pg_table_is_visible`` of every row of ``pg_class``: two seconds per call at 1 000 structures.
    """

    def get_table_list(self, cursor: Any) -> list[TableInfo]:  # type: ignore[override]
        cursor.execute(
            """
            SELECT c.relname,
                   CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
                   obj_description(c.oid, 'pg_class')
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_class c ON c.oid = d.objid
            WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass
              AND d.refobjid = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
              AND d.classid = 'pg_catalog.pg_class'::regclass
              AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
            """
        )
        return [TableInfo(*ligne) for ligne in cursor.fetchall() if ligne[0] not in self.ignored_tables]

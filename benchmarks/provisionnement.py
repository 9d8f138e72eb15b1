"""Opening a structure: by the stored text, from the pool, against Django's own migrations in the same run."""

import time

from benchmarks.banc import Environnement, dire, mesurer, p50, p95


def suite(_env: Environnement, *, grand: bool) -> None:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor
    from plateforme.core.identifiers import Finess
    from plateforme.tenancy.courant import Contexte, lier
    from stdnum import luhn
    from tenants.models import Profil
    from tenants.services import archive, estampille, modele, ouverture
    from tenants.services.ddl import connexion_ddl

    estampille.estampiller(3)
    durees = mesurer(lambda: estampille.estampiller(1), 60)
    with connexion_ddl() as ddl:
        [schema] = estampille.estampiller(1)
        tables = len(modele.tables_du_schema(ddl, schema))
    supplement = max(0, tables - 81) * 1.9
    dire(f"estampiller une structure ({tables} tables), p50", f"{p50(durees):.0f} ms", but=f"≤ {150 + supplement:.0f} ms", tenu=p50(durees) <= 150 + supplement)
    dire("estampiller une structure, p95", f"{p95(durees):.0f} ms", but=f"≤ {250 + supplement:.0f} ms", tenu=p95(durees) <= 250 + supplement)

    def par_migrations(nom: str) -> float:
        with connexion_ddl() as ddl:
            ddl.execute(f'CREATE SCHEMA "{nom}"')
        debut = time.perf_counter()
        with lier(Contexte(schema=nom)):
            executeur = MigrationExecutor(connections["ddl"])
            executeur.migrate(executeur.loader.graph.leaf_nodes())
            connections["ddl"].close()
        duree = (time.perf_counter() - debut) * 1000
        with connexion_ddl() as ddl:
            ddl.execute(f'DROP SCHEMA "{nom}" CASCADE')
        return duree

    migrations = p50([par_migrations(f"t_migration{n}") for n in range(3)])
    dire("la même par les migrations de Django", f"{migrations:.0f} ms")
    dire("rapport migrations / estampille", f"× {migrations / p50(durees):.0f}", but="≥ × 50", tenu=migrations / p50(durees) >= 50)

    estampille.estampiller(30)
    numeros = iter(range(1, 1000))
    ej = Finess.lire("23009999" + luhn.calc_check_digit("23009999"))

    def prendre_et_montrer() -> None:
        from django.test import Client

        racine = f"2300{next(numeros):04d}"
        structure, _ = ouverture.ouvrir(
            raison_sociale=f"Banc {racine}", finess_et=Finess.lire(racine + luhn.calc_check_digit(racine)), finess_ej=ej, commune="Guéret", profil=Profil.SAAD,
        )  # fmt: skip
        reponse = Client(headers={"host": f"{structure.slug}.localhost"}).get("/connexion")
        assert reponse.status_code == 200, reponse.status_code

    prendre_et_montrer()
    durees = mesurer(prendre_et_montrer, 20)
    dire("de la réserve à la première page, p50", f"{p50(durees):.1f} ms", but="≤ 20 ms", tenu=p50(durees) <= 20)

    with connexion_ddl() as ddl:
        nombre, index, octets = ddl.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'),"
            " sum(pg_total_relation_size(oid)) FILTER (WHERE relkind = 'r') FROM pg_class WHERE relnamespace = %s::regnamespace",
            [schema],
        ).fetchone()
    dire("tables d’une structure vide", str(nombre), but="≤ 120", tenu=nombre <= 120)
    dire("index d’une structure vide", str(index), but="≤ 420", tenu=index <= 420)
    dire("place d’une structure vide", f"{octets / 1e6:.2f} Mo", but="≤ 5 Mo", tenu=octets <= 5_000_000)

    from tenants.models import Emplacement

    emplacement = Emplacement.objects.filter(etat="attribue").select_related("structure").first()
    durees = mesurer(lambda: archive.exporter(emplacement, emplacement.structure), 20)
    dire("exporter une petite structure, p50", f"{p50(durees):.0f} ms", but="≤ 50 ms", tenu=p50(durees) <= 50)

"""The fleet: who is behind, and one AddField replayed, against django-tenants' executor on the same schemas."""

import json
import time

from benchmarks.banc import Environnement, dans_un_processus, dire, mesurer, p50

ECHANTILLON = 8


def suite(env: Environnement, *, grand: bool) -> None:
    from django.db import connections, migrations, models
    from django.db.migrations.executor import MigrationExecutor

    from plateforme.tenancy.courant import PUBLIC, lier
    from tenants.models import Emplacement
    from tenants.services import estampille, flotte

    combien = 1000 if grand else 200
    estampille.remplir_la_reserve(combien)
    total = Emplacement.objects.count()
    durees = mesurer(flotte.en_retard, 20)
    dire(
        f"qui est en retard, {total} schémas",
        f"{p50(durees):.1f} ms",
        but="≤ 100 ms",
        tenu=p50(durees) <= 100,
    )

    champ = models.CharField(max_length=20, default="vert")
    migration = type(
        "Migration",
        (migrations.Migration,),
        {"operations": [migrations.AddField("secteur", "couleur", champ)]},
    )("0099_banc", "dossier")
    with lier(flotte.MODELE):
        executeur = MigrationExecutor(connections["ddl"])
        etapes = list(flotte._executer(executeur, [migration]))
        connections["ddl"].close()
    with lier(PUBLIC):
        flotte._enregistrer(etapes)
    debut = time.perf_counter()
    resultats = flotte.migrer(ouvriers=2)
    duree = time.perf_counter() - debut
    assert all(r.reussi for r in resultats)
    notre = p50([r.duree_ms for r in resultats])
    dire(f"un AddField sur {len(resultats)} schémas, en tout", f"{duree:.2f} s")
    dire("par structure, p50", f"{notre:.2f} ms", but="≤ 25 ms", tenu=notre <= 25)

    schemas = list(Emplacement.objects.order_by("schema").values_list("schema", flat=True)[:ECHANTILLON])
    mesures = json.loads(
        dans_un_processus(
            "benchmarks.pair.migrer",
            *schemas,
            DATABASE_URL=env.url_ddl,
            DJANGO_SETTINGS_MODULE="benchmarks.pair.reglages",
        )
    )
    voisin = p50(mesures["durees"])
    dire(f"la même étape par django-tenants (échantillon de {len(schemas)})", f"{voisin:.0f} ms")
    dire(
        "rapport django-tenants / Treille, par structure",
        f"× {voisin / notre:.0f}",
        but="≥ × 100",
        tenu=voisin / notre >= 100,
    )
    memoire = json.loads(
        dans_un_processus(
            "benchmarks.pair.memoire",
            DATABASE_URL=env.url,
            DATABASE_DDL_URL=env.url_ddl,
            DJANGO_SETTINGS_MODULE="benchmarks.pair.treille",
        )
    )
    dire(
        f"mémoire d’un serveur PostgreSQL après {memoire['structures']} structures, au plus",
        f"{memoire['max_mo']:.0f} Mo",
        but="≤ 100 Mo",
        tenu=memoire["max_mo"] <= 100,
    )

"""The cost of tenancy on a request: the same ninja view with and without it, called through WSGI in process."""

import json

from benchmarks.banc import Environnement, dans_un_processus, dire

STRUCTURES = 50


def suite(env: Environnement, *, grand: bool) -> None:
    from benchmarks.pair.vues import remplir
    from tenants.models import Emplacement

    schemas = remplir(STRUCTURES)
    assert Emplacement.objects.filter(schema__in=schemas).count() == STRUCTURES
    communs = {"BANC_SCHEMA": schemas[0]}
    passes = [
        (
            json.loads(dans_un_processus("benchmarks.pair.vues", "nu", DATABASE_URL=env.url_ddl, DJANGO_SETTINGS_MODULE="benchmarks.pair.nu", **communs)),
            json.loads(dans_un_processus("benchmarks.pair.vues", "treille", DATABASE_URL=env.url, DATABASE_DDL_URL=env.url_ddl, DJANGO_SETTINGS_MODULE="benchmarks.pair.treille", **communs)),
        )
        for _ in range(5)
    ]  # fmt: skip
    nu = {cle: min(p[0][cle] for p in passes) for cle in passes[0][0]}
    nous = {cle: min(p[1][cle] for p in passes) for cle in passes[0][1]}
    for vue in ("ping", "liste"):
        rapport = nu[vue] / nous[vue]
        dire(f"{vue} : Django nu", f"{nu[vue]:.0f} µs")
        dire(
            f"{vue} : avec la cloison, même structure",
            f"{nous[vue]:.0f} µs ({nous[vue] - nu[vue]:+.0f})",
            but="≤ +50 µs",
            tenu=nous[vue] - nu[vue] <= 50,
        )
        if vue == "liste":
            dire(
                "liste : débit avec la cloison / Django nu",
                f"{100 * rapport:.0f} %",
                but="≥ 93 %",
                tenu=rapport >= 0.93,
            )
    surcout = nous["tournante"] - nu["liste"]
    dire(
        "liste : une autre structure à chaque requête",
        f"{nous['tournante']:.0f} µs ({surcout:+.0f})",
        but="≤ +200 µs",
        tenu=surcout <= 200,
    )

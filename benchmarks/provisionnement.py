"""Opening a structure: by the stored text, from the pool, against Django's own migrations in the same run."""

import json

from benchmarks.banc import Environnement, dans_un_processus, dire, mesurer, p50, p95


def suite(env: Environnement, *, grand: bool) -> None:
    from django.test import Client
    from stdnum import luhn

    from plateforme.core.identifiers import Finess
    from tenants.models import Domaine, Organisme, Profil, Structure
    from tenants.services import archive, estampille, modele, ouverture
    from tenants.services.ddl import connexion_ddl

    estampille.estampiller(3)
    with connexion_ddl() as ddl:
        durees = mesurer(lambda: estampille.estampiller_par(ddl), 60)
    with connexion_ddl() as ddl:
        [schema] = estampille.estampiller(1)
        tables = len(modele.tables_du_schema(ddl, schema))
    supplement = max(0, tables - 81) * 1.9
    dire(
        f"estampiller une structure ({tables} tables), p50",
        f"{p50(durees):.0f} ms",
        but=f"≤ {150 + supplement:.0f} ms",
        tenu=p50(durees) <= 150 + supplement,
    )
    dire(
        "estampiller une structure, p95",
        f"{p95(durees):.0f} ms",
        but=f"≤ {250 + supplement:.0f} ms",
        tenu=p95(durees) <= 250 + supplement,
    )

    mesures = json.loads(
        dans_un_processus(
            "benchmarks.pair.ouvrir",
            DATABASE_URL=env.url_ddl,
            DJANGO_SETTINGS_MODULE="benchmarks.pair.reglages",
        )
    )
    migrations = p50(mesures["durees"])
    dire("la même par django-tenants (create_schema, migrations)", f"{migrations:.0f} ms")
    dire("rapport migrations / estampille, sans réserve", f"× {migrations / p50(durees):.0f}")

    estampille.estampiller(30)
    numeros = iter(range(1, 1000))
    ej = Finess.lire("23009999" + luhn.calc_check_digit("23009999"))

    def inscrire() -> Structure:
        racine = f"2300{next(numeros):04d}"
        organisme, _ = Organisme.objects.get_or_create(finess=ej.numero, defaults={"raison_sociale": "Banc"})
        structure = Structure.objects.create(
            organisme=organisme,
            finess=racine + luhn.calc_check_digit(racine),
            raison_sociale=f"Banc {racine}",
            slug=f"banc-{racine}",
            etat="active",
        )
        Domaine.objects.create(structure=structure, hote=f"{structure.slug}.localhost")
        return structure

    def ouvrir_une() -> None:
        racine = f"2300{next(numeros):04d}"
        et = Finess.lire(racine + luhn.calc_check_digit(racine))
        ouverture.ouvrir(
            raison_sociale=f"Banc {racine}", finess_et=et, finess_ej=ej, commune="Guéret", profil=Profil.SAAD
        )

    inscrites = iter([inscrire() for _ in range(25)])

    def prendre_et_montrer() -> None:
        structure = next(inscrites)
        estampille.attribuer(structure)
        reponse = Client(headers={"host": f"{structure.slug}.localhost"}).get("/connexion")
        assert reponse.status_code == 200, reponse.status_code

    estampille.estampiller(25)
    ouvrir_une()
    durees = mesurer(ouvrir_une, 20)
    rapport = migrations / p50(durees)
    dire(
        "ouvrir une structure, réserve tenue, p50",
        f"{p50(durees):.0f} ms",
        but="≤ 150 ms",
        tenu=p50(durees) <= 150,
    )
    dire("rapport migrations / ouverture", f"× {rapport:.0f}", but="≥ × 50", tenu=rapport >= 50)

    prendre_et_montrer()
    durees = mesurer(prendre_et_montrer, 20)
    dire(
        "de la réserve à la première page, p50",
        f"{p50(durees):.1f} ms",
        but="≤ 20 ms",
        tenu=p50(durees) <= 20,
    )

    with connexion_ddl() as ddl:
        nombre, index, octets = ddl.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'),"
            " sum(pg_total_relation_size(oid)) FILTER (WHERE relkind = 'r') FROM pg_class WHERE relnamespace = %s::regnamespace",
            [schema],
        ).fetchone()
    octets = int(octets)
    dire("tables d’une structure vide", str(nombre), but="≤ 120", tenu=nombre <= 120)
    dire("index d’une structure vide", str(index), but="≤ 420", tenu=index <= 420)
    dire("place d’une structure vide", f"{octets / 1e6:.2f} Mo", but="≤ 5 Mo", tenu=octets <= 5_000_000)

    from tenants.models import Emplacement

    emplacement = Emplacement.objects.filter(etat="attribue").select_related("structure").first()
    durees = mesurer(lambda: archive.exporter(emplacement, emplacement.structure), 20)
    dire("exporter une petite structure, p50", f"{p50(durees):.0f} ms", but="≤ 50 ms", tenu=p50(durees) <= 50)

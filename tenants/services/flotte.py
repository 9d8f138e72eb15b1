"""The fleet's evolution: each migration is planned once on the template, then replayed everywhere.

Who is behind is one query on the directory. A step is replayed in one message per structure, under a lock timeout, with
its rank written in the same transaction: killed at structure k of n, the next run goes on from k.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from plateforme.tenancy.routeur import apps_du_schema
from tenants.models import Emplacement, Etape, EtatEmplacement, Modele, Passage
from tenants.queries import rang_courant
from tenants.services import modele
from tenants.services.ddl import SCHEMA_MODELE, connexion_ddl

logger = logging.getLogger(__name__)

MODELE = Contexte(schema=SCHEMA_MODELE)
VERROU_MS = 2000
ESSAIS = 3


@dataclass(frozen=True, slots=True)
class Resultat:
    """What one schema made of its steps. ``rang`` is the last one it has."""

    schema: str
    rang: int
    reussi: bool
    duree_ms: float
    erreur: str = ""


def planifier() -> int:
    """Apply pending migrations to the template and record each as a step. Returns how many were added.

    The rows of ``Etape`` and ``Modele`` are written last: interrupted, the next run finds the template ahead and
    records what is missing.
    """
    with lier(MODELE):
        executeur = MigrationExecutor(connections["ddl"])
        etiquettes = apps_du_schema(SCHEMA_MODELE)
        plan = [
            migration
            for migration, _ in executeur.migration_plan(executeur.loader.graph.leaf_nodes())
            if migration.app_label in etiquettes
        ]
        etapes = list(_executer(executeur, plan))
        connections["ddl"].close()
    with lier(PUBLIC):
        if etapes or not Modele.objects.exists():
            _enregistrer(etapes)
    return len(etapes)


def _executer(executeur: MigrationExecutor, plan: list[Migration]) -> Iterator[Etape]:
    connexion = connections["ddl"]
    executeur.recorder.ensure_schema()
    etat = executeur._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    for migration in plan:
        python = any(not operation.reduces_to_sql for operation in migration.operations)
        texte = ""
        if not python:
            if not migration.atomic:
                raise RuntimeError(
                    f"{migration} : une migration non atomique n’a pas de voie dans la flotte."
                )
            with connexion.schema_editor(collect_sql=True, atomic=True) as editeur:
                migration.apply(etat.clone(), editeur, collect_sql=True)
            texte = "\n".join(ligne for ligne in editeur.collected_sql if not ligne.startswith("--"))
        etat = executeur.apply_migration(etat, migration)
        yield Etape(application=migration.app_label, nom=migration.name, sql=texte, python=python)


def _enregistrer(etapes: list[Etape]) -> None:
    with connexion_ddl() as connexion:
        texte = modele.ecrire_le_ddl(connexion)
        structurelle = modele.empreinte_structurelle(connexion, SCHEMA_MODELE)
    with transaction.atomic():
        rang = rang_courant()
        for decalage, etape in enumerate(etapes, start=1):
            etape.rang = rang + decalage
        Etape.objects.bulk_create(etapes)
        Modele.objects.update_or_create(
            rang=rang + len(etapes),
            defaults={"ddl": texte, "empreinte": modele.empreinte(texte), "structurelle": structurelle},
        )


def en_retard(rang: int | None = None) -> list[Emplacement]:
    """Schemas that lack a step, free ones included: one query on the directory."""
    voulu = rang if rang is not None else rang_courant()
    return list(
        Emplacement.objects.filter(rang__lt=voulu)
        .exclude(etat=EtatEmplacement.SUPPRIME)
        .order_by("rang", "schema")
    )


def vagues(emplacements: list[Emplacement]) -> list[list[Emplacement]]:
    """Canary first: one schema, then one in a hundred, then the rest. Free schemas are the first canaries."""
    ordonnes = sorted(emplacements, key=lambda e: (e.etat != EtatEmplacement.PRET, e.schema))
    un, centieme = 1, max(1, len(ordonnes) // 100)
    return [v for v in (ordonnes[:un], ordonnes[un : un + centieme], ordonnes[un + centieme :]) if v]


def migrer(
    *,
    ouvriers: int = 2,
    suivi: Callable[[Resultat], None] | None = None,
    seulement: Iterable[str] | None = None,
) -> list[Resultat]:
    """Bring every schema to the current rank, wave by wave; a failed wave stops the next ones.

    Returns a result per schema that was behind. Each is also kept in ``Passage``.
    """
    with lier(PUBLIC):
        etapes = list(Etape.objects.order_by("rang"))
        droits = modele.lignes_de_droits(Modele.objects.order_by("-rang").values_list("ddl", flat=True)[0])
        emplacements = en_retard()
    if seulement is not None:
        garder = set(seulement)
        emplacements = [e for e in emplacements if e.schema in garder]
    resultats: list[Resultat] = []
    for vague in vagues(emplacements):
        lot = list(_passer_la_vague(vague, etapes, droits, ouvriers))
        for resultat in lot:
            if suivi:
                suivi(resultat)
        _conserver(vague, lot)
        resultats += lot
        if not all(resultat.reussi for resultat in lot):
            break
    return resultats


def _passer_la_vague(
    vague: list[Emplacement], etapes: list[Etape], droits: str, ouvriers: int
) -> Iterator[Resultat]:
    if any(etape.python and etape.rang > min(e.rang for e in vague) for etape in etapes):
        ouvriers = 1  # Python migrations share Django's state: one at a time
    parts = [vague[i::ouvriers] for i in range(ouvriers)]

    def part(emplacements: list[Emplacement]) -> list[Resultat]:
        if not emplacements:
            return []
        with connexion_ddl() as connexion:
            return [_amener(connexion, emplacement, etapes, droits) for emplacement in emplacements]

    with ThreadPoolExecutor(max_workers=ouvriers) as bassin:
        for lot in bassin.map(part, parts):
            yield from lot


def _amener(
    connexion: "psycopg.Connection[Any]", emplacement: Emplacement, etapes: list[Etape], droits: str
) -> Resultat:
    """All the missing steps of one schema; stops at the first that fails, keeping those before."""
    debut = time.perf_counter()
    rang = emplacement.rang
    erreur = ""
    for groupe in _grouper([etape for etape in etapes if etape.rang > rang]):
        # Rights name every table of the last rank: they are given with the step that reaches it.
        accorder = droits.replace("{{role}}", f'"{emplacement.schema}"') if groupe[-1] is etapes[-1] else ""
        try:
            if groupe[0].python:
                _voie_python(emplacement, groupe[0], accorder)
            else:
                _rejouer(connexion, emplacement.schema, groupe, accorder)
        except Exception as cause:  # noqa: BLE001 - becomes this schema's result
            erreur = f"{groupe[0].application}.{groupe[0].nom} : {cause}".strip()
            logger.warning(
                "migration refusée", extra={"emplacement": emplacement.schema, "rang": groupe[0].rang}
            )
            break
        rang = groupe[-1].rang
    return Resultat(emplacement.schema, rang, not erreur, (time.perf_counter() - debut) * 1000, erreur)


def _grouper(etapes: list[Etape]) -> Iterator[list[Etape]]:
    """Consecutive SQL steps go in one message; each Python step goes alone."""
    lot: list[Etape] = []
    for etape in etapes:
        if etape.python:
            if lot:
                yield lot
            yield [etape]
            lot = []
        else:
            lot.append(etape)
    if lot:
        yield lot


def _rejouer(connexion: "psycopg.Connection[Any]", schema: str, groupe: list[Etape], accorder: str) -> None:
    """One message: path, steps, rights, rank. A lock not obtained is tried again; anything else is final."""
    message = (
        f'BEGIN; SET LOCAL lock_timeout = {VERROU_MS}; SET LOCAL search_path TO "{schema}", ref, ext;\n'
        + "\n".join(etape.sql for etape in groupe)
        + f"\n{accorder}"
        + f"\nUPDATE public.tenants_emplacement SET rang = {groupe[-1].rang} WHERE schema = '{schema}'; COMMIT"
    )
    for essai in range(1, ESSAIS + 1):
        try:
            connexion.execute(message.encode())
        except psycopg.errors.LockNotAvailable:
            connexion.execute("ROLLBACK")
            if essai == ESSAIS:
                raise
        except psycopg.Error:
            connexion.execute("ROLLBACK")
            raise
        else:
            return


def _voie_python(emplacement: Emplacement, etape: Etape, accorder: str) -> None:
    """A data migration, run by Django in this schema alone, in one transaction with its rank.

    It knows whose data it moves: what it seals is sealed by the keys of that structure.
    """
    with lier(Contexte(schema=emplacement.schema, structure_id=emplacement.structure_id)):
        connexion = connections["ddl"]
        executeur = MigrationExecutor(connexion)
        migration = executeur.loader.get_migration(etape.application, etape.nom)
        noeud = (etape.application, etape.nom)
        etat = executeur.loader.project_state(
            [cle for cle in executeur.loader.graph.forwards_plan(noeud) if cle != noeud]
        )
        with connexion.schema_editor(atomic=True) as editeur:
            migration.apply(etat, editeur)
            if accorder:
                editeur.execute(accorder)
            editeur.execute(
                "UPDATE public.tenants_emplacement SET rang = %s WHERE schema = %s",
                (etape.rang, emplacement.schema),
            )
        connexion.close()


def _conserver(vague: list[Emplacement], lot: list[Resultat]) -> None:
    ids = {emplacement.schema: emplacement.pk for emplacement in vague}
    with lier(PUBLIC):
        Passage.objects.bulk_create(
            [
                Passage(
                    emplacement_id=ids[r.schema],
                    rang=r.rang,
                    reussi=r.reussi,
                    erreur=r.erreur,
                    duree_ms=r.duree_ms,
                )
                for r in lot
            ]
        )


def derives() -> list[str]:
    """Schemas of the current rank whose catalogue differs from the template's: someone altered them by hand."""
    with lier(PUBLIC):
        reference = Modele.objects.get(rang=rang_courant()).structurelle
        schemas = list(
            Emplacement.objects.filter(rang=rang_courant())
            .exclude(etat=EtatEmplacement.SUPPRIME)
            .values_list("schema", flat=True)
        )
    with connexion_ddl() as connexion:
        return [schema for schema in schemas if modele.empreinte_structurelle(connexion, schema) != reference]

"""One structure as one file: COPY of each table in one snapshot, a manifest with rows and hashes; and back.

The file is sealed by a key of archives that the network holds for this structure, and carries the structure's own data
keys: it can be read after those are destroyed, until its own key is (decisions/0006).

Never ``pg_dump``: it reads the catalogue of every structure. Restoring beside live structures stamps a fresh schema at
the archive's rank, copies back, replays the later steps.
"""

import hashlib
import io
import json
import tarfile
from typing import Any, ClassVar, LiteralString
from uuid import UUID

import psycopg
from django.db import connections, transaction
from psycopg import sql

from plateforme.chiffrement import destructions, enveloppe
from plateforme.chiffrement.erreurs import ScelleInvalide
from plateforme.chiffrement.models import Cle
from plateforme.chiffrement.trousseau import Trousseau, trousseau_d_archive
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.storage.objets import magasin
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tenants import repertoire
from tenants.models import Emplacement, EtatEmplacement, EtatStructure, Modele, Structure
from tenants.services import estampille, flotte, modele
from tenants.services.ddl import connexion_ddl

FORMAT = 2


class ArchiveRefusee(ErreurMetier):
    code: ClassVar[str] = "tenants.archive.refusee"
    statut = 409


def archiver(structure: Structure) -> str:
    """Write the archive of a structure to the object store and read it back. Returns its key."""
    emplacement = Emplacement.objects.get(structure=structure, etat=EtatEmplacement.ATTRIBUE)
    octets = exporter(emplacement, structure)
    cle = f"{structure.pk}/archives/{now():%Y%m%dt%H%M%S}.tar"
    magasin().ecrire(cle, enveloppe.sceller(octets, _usage(cle), trousseau=trousseau_d_archive(structure.pk)))
    verifier(cle)
    return cle


def _usage(cle: str) -> str:
    return f"tenants.archive:{cle}"


def _trousseau_de(cle: str) -> Trousseau:
    """Keyring of the archives of the structure whose prefix the key bears."""
    try:
        return trousseau_d_archive(UUID(cle.partition("/")[0]))
    except ValueError as erreur:
        raise ArchiveRefusee("Ce fichier n’est pas une archive de structure.") from erreur


def _cles_de_donnees(
    connexion: "psycopg.Connection[Any]", structure: Structure, noms: list[str]
) -> list[dict[str, str]]:
    """Data keys in clear, of the same snapshot: they leave the base only inside a sealed archive."""
    if Cle._meta.db_table not in noms:
        return []
    trousseau = Trousseau(str(structure.pk), reseau=False)
    lignes = connexion.execute("SELECT id, usage, reference, emballee FROM chiffrement_cle").fetchall()
    cles = [Cle(id=i, usage=u, reference=r, emballee=e) for i, u, r, e in lignes]
    return [{"id": str(cle.pk), "octets": trousseau.deballer(cle).octets.hex()} for cle in cles]


def references_des_cles(schema: str) -> set[str]:
    """Every master key that wraps, or ever wrapped, the data keys of a schema."""
    with connexion_ddl() as connexion:
        if Cle._meta.db_table not in modele.tables_du_schema(connexion, schema):
            return set()
        lignes = connexion.execute(
            sql.SQL("SELECT reference, anciennes FROM {}").format(sql.Identifier(schema, "chiffrement_cle"))
        ).fetchall()
    return {reference for premiere, anciennes in lignes for reference in (premiere, *anciennes)}


def detruire(structure: Structure, *, motif: str) -> int:
    """End of the retention of a deleted structure: the key of its archives, then its objects. Returns how many objects.

    After that nothing of the structure can be read by anybody, backups included. Raises ArchiveRefusee while its schema
    lives.
    """
    if Emplacement.objects.filter(structure=structure, etat=EtatEmplacement.ATTRIBUE).exists():
        raise ArchiveRefusee(
            "Cette structure a encore son schéma : supprimez-le avant de détruire ses archives."
        )
    trousseau = trousseau_d_archive(structure.pk)
    references = trousseau.references()
    with transaction.atomic():
        destructions.inscrire(trousseau.proprietaire, references, motif=motif)
        Structure.objects.filter(pk=structure.pk).update(archive="")
    destructions.executer(trousseau.proprietaire, references)
    objets = magasin().lister(f"{structure.pk}/")
    for objet in objets:
        magasin().supprimer(objet)
    return len(objets)


def exporter(emplacement: Emplacement, structure: Structure) -> bytes:
    """Tar of ``manifeste.json`` and one COPY file per table, all of one REPEATABLE READ snapshot.

    Column names travel with each table: their physical order differs between a schema stamped and one altered.
    """
    tampon = io.BytesIO()
    tables: dict[str, dict[str, Any]] = {}
    with connexion_ddl() as connexion, tarfile.open(fileobj=tampon, mode="w") as paquet:
        noms = modele.tables_du_schema(connexion, emplacement.schema)
        with connexion.transaction():
            connexion.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connexion.execute(
                sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(emplacement.schema))
            )
            for nom in noms:
                colonnes = modele.colonnes_de(connexion, emplacement.schema, nom)
                contenu, lignes = _copier_dehors(connexion, nom, colonnes)
                tables[nom] = {
                    "lignes": lignes,
                    "colonnes": colonnes,
                    "sha256": hashlib.sha256(contenu).hexdigest(),
                }
                _ajouter(paquet, f"tables/{nom}.copy", contenu)
            cles = _cles_de_donnees(connexion, structure, noms)
        _ajouter(paquet, "cles.json", json.dumps(cles).encode())
        manifeste = {
            "format": FORMAT,
            "structure": str(structure.pk),
            "finess": structure.finess,
            "raison_sociale": structure.raison_sociale,
            "rang": emplacement.rang,
            "exporte_a": now().isoformat(),
            "tables": tables,
        }
        _ajouter(paquet, "manifeste.json", json.dumps(manifeste, ensure_ascii=False, indent=1).encode())
    return tampon.getvalue()


def _ordre(gabarit: LiteralString, table: str, colonnes: list[str]) -> sql.Composed:
    liste = sql.SQL(", ").join(sql.Identifier(colonne) for colonne in colonnes)
    return sql.SQL(gabarit).format(sql.Identifier(table), liste)


def _copier_dehors(
    connexion: "psycopg.Connection[Any]", table: str, colonnes: list[str]
) -> tuple[bytes, int]:
    with connexion.cursor() as curseur:
        ordre = _ordre("COPY {} ({}) TO STDOUT", table, colonnes)
        with curseur.copy(ordre) as flux:
            contenu = b"".join(bytes(bloc) for bloc in flux)
        return contenu, curseur.rowcount


def _ajouter(paquet: tarfile.TarFile, nom: str, contenu: bytes) -> None:
    fiche = tarfile.TarInfo(nom)
    fiche.size = len(contenu)
    paquet.addfile(fiche, io.BytesIO(contenu))


def verifier(cle: str) -> dict[str, Any]:
    """Read an archive back and compare every hash. Returns its manifest. Raises ArchiveRefusee, naming the table."""
    manifeste, contenus = _ouvrir(cle)
    for nom, fiche in manifeste["tables"].items():
        if hashlib.sha256(contenus.get(nom, b"")).hexdigest() != fiche["sha256"]:
            raise ArchiveRefusee(
                f"L’archive est abîmée : la table « {nom} » ne correspond pas à son empreinte."
            )
    return manifeste


def _ouvrir(cle: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        octets = enveloppe.ouvrir(magasin().lire(cle), _usage(cle), trousseau=_trousseau_de(cle))
    except Introuvable as erreur:
        raise ArchiveRefusee("L’archive est introuvable dans le stockage.") from erreur
    except ScelleInvalide as erreur:
        raise ArchiveRefusee(
            "L’archive est abîmée, ou ce fichier n’est pas une archive de structure."
        ) from erreur
    contenus: dict[str, bytes] = {}
    manifeste: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=io.BytesIO(octets), mode="r") as paquet:
            for fiche in paquet:
                fichier = paquet.extractfile(fiche)
                contenu = fichier.read() if fichier else b""
                if fiche.name == "manifeste.json":
                    manifeste = json.loads(contenu)
                else:
                    contenus[fiche.name.removeprefix("tables/").removesuffix(".copy")] = contenu
    except (tarfile.TarError, ValueError) as erreur:
        raise ArchiveRefusee("Ce fichier n’est pas une archive de structure.") from erreur
    if manifeste is None or manifeste.get("format") != FORMAT:
        raise ArchiveRefusee("Ce fichier n’est pas une archive de structure lisible par cette version.")
    return manifeste, contenus


def restaurer(structure: Structure, cle: str) -> Structure:
    """Put an archive back into a fresh schema of its structure, beside the live ones, then replay later steps.

    Raises ArchiveRefusee when it is another structure's, damaged, or when a live schema would be replaced.
    """
    manifeste = verifier(cle)
    if manifeste["structure"] != str(structure.pk):
        raise ArchiveRefusee(
            f"Cette archive est celle de « {manifeste['raison_sociale']} », pas de cette structure."
        )
    if Emplacement.objects.filter(structure=structure, etat=EtatEmplacement.ATTRIBUE).exists():
        raise ArchiveRefusee(
            "Cette structure a encore son schéma : supprimez-le avant de restaurer une archive."
        )
    if not Modele.objects.filter(rang=manifeste["rang"]).exists():
        raise ArchiveRefusee("Cette archive vient d’une version dont le modèle n’est pas connu ici.")
    [schema] = estampille.estampiller(1, rang=manifeste["rang"])
    _, contenus = _ouvrir(cle)
    try:
        with connexion_ddl() as connexion, connexion.transaction():
            connexion.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
            connexion.execute("SET CONSTRAINTS ALL DEFERRED")
            for nom, fiche in manifeste["tables"].items():
                _copier_dedans(connexion, nom, fiche["colonnes"], contenus[nom])
        _remettre_les_cles(structure, schema, json.loads(contenus["cles.json"]))
        echecs = [r for r in flotte.migrer(seulement=[schema]) if not r.reussi]
        if echecs:
            raise ArchiveRefusee(f"Les données sont relues, mais une étape a échoué : {echecs[0].erreur}")
    except Exception:
        _abandonner(schema)
        raise
    with lier(PUBLIC), transaction.atomic():
        Emplacement.objects.filter(schema=schema).update(structure=structure, etat=EtatEmplacement.ATTRIBUE)
        Structure.objects.filter(pk=structure.pk).update(etat=EtatStructure.ACTIVE)
        transaction.on_commit(repertoire.oublier)
    return Structure.objects.get(pk=structure.pk)


def _remettre_les_cles(structure: Structure, schema: str, cles: list[dict[str, str]]) -> None:
    """Wrap the data keys of the archive by a master key that lives; theirs may have been destroyed."""
    with lier(Contexte(schema=schema, structure_id=structure.pk)):
        trousseau = Trousseau(str(structure.pk), reseau=False, alias="ddl")
        trousseau.remettre({UUID(cle["id"]): bytes.fromhex(cle["octets"]) for cle in cles})
        connections["ddl"].close()


def _copier_dedans(
    connexion: "psycopg.Connection[Any]", table: str, colonnes: list[str], contenu: bytes
) -> None:
    with (
        connexion.cursor() as curseur,
        curseur.copy(_ordre("COPY {} ({}) FROM STDIN", table, colonnes)) as flux,
    ):
        flux.write(contenu)


def _abandonner(schema: str) -> None:
    with lier(PUBLIC):
        Emplacement.objects.filter(schema=schema).delete()
    estampille.detruire(schema)

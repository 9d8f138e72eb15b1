"""The fleet's evolution: planned once, replayed everywhere, resumable, honest about failures."""

from typing import Any

import pytest
from django.db import connection, connections, migrations, models
from django.db.migrations.executor import MigrationExecutor

from dossier.models import Secteur
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.contexte import epingler
from tenants.models import Emplacement, Etape, Modele, Passage, Structure
from tenants.queries import rang_courant
from tenants.services import estampille, flotte, modele
from tenants.services.ddl import SCHEMA_MODELE, connexion_ddl


@pytest.fixture
def etape(base_a_part: str):
    """Plans a migration of ``dossier`` on the template, as ``planifier`` would for a file of the next version."""

    def planifier(*operations: Any, nom: str = "0002_essai") -> None:
        migration = type("Migration", (migrations.Migration,), {"operations": list(operations)})(
            nom, "dossier"
        )
        with lier(flotte.MODELE):
            executeur = MigrationExecutor(connections["ddl"])
            etapes = list(flotte._executer(executeur, [migration]))
            connections["ddl"].close()
        with lier(PUBLIC):
            flotte._enregistrer(etapes)

    return planifier


def colonnes(schema: str) -> set[str]:
    with connexion_ddl() as ddl:
        return set(modele.colonnes_de(ddl, schema, "dossier_secteur"))


def ajouter_couleur(defaut: str = "vert") -> migrations.AddField:
    return migrations.AddField("secteur", "couleur", models.CharField(max_length=20, default=defaut))


def test_sans_nouvelle_etape_personne_n_est_en_retard(base_a_part: str) -> None:
    assert flotte.planifier() == 0
    assert flotte.en_retard() == []
    assert flotte.derives() == []


def test_un_ajout_de_champ_passe_partout_et_garde_les_donnees(etape: Any) -> None:
    alpha = Structure.objects.get(slug="alpha")
    with epingler(alpha):
        Secteur.objects.create(nom="Lannion")
    etape(ajouter_couleur())
    retard = flotte.en_retard()

    resultats = flotte.migrer()

    assert len(resultats) == len(retard) >= 4
    assert all(r.reussi for r in resultats)
    assert flotte.en_retard() == []
    assert flotte.derives() == []
    with epingler(alpha), connection.cursor() as curseur:
        curseur.execute("SELECT nom, couleur FROM dossier_secteur")
        assert curseur.fetchall() == [("Lannion", "vert")]
    assert Passage.objects.filter(reussi=True).count() == len(resultats)


def test_un_schema_estampille_apres_l_etape_est_a_jour(etape: Any) -> None:
    etape(ajouter_couleur())

    [schema] = estampille.estampiller(1)

    assert "couleur" in colonnes(schema)
    assert schema not in {e.schema for e in flotte.en_retard()}


def test_une_table_nouvelle_est_ouverte_au_role_de_la_structure(etape: Any) -> None:
    etape(migrations.CreateModel("Essai", [("id", models.UUIDField(primary_key=True))]))
    flotte.migrer()

    with epingler(Structure.objects.get(slug="alpha")), connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM dossier_essai")
        assert curseur.fetchone() == (0,)


@pytest.fixture
def version_suivante(base_a_part: str, settings: Any) -> None:
    """The next version’s files: a data migration of ``dossier``, planned on the template as a release would."""
    settings.MIGRATION_MODULES = {"dossier": "tests.tenants.migrations_essai"}
    assert flotte.planifier() == 1
    assert Etape.objects.latest("rang").python


def test_la_voie_python_transforme_les_donnees_de_chacune(version_suivante: None) -> None:
    alpha, beta = (Structure.objects.get(slug=s) for s in ("alpha", "beta"))
    for structure, nom in ((alpha, "nord"), (beta, "sud")):
        with epingler(structure):
            Secteur.objects.create(nom=nom)

    resultats = flotte.migrer()

    assert all(r.reussi for r in resultats)
    assert flotte.en_retard() == []
    for structure, nom in ((alpha, "NORD"), (beta, "SUD")):
        with epingler(structure):
            assert Secteur.objects.get().nom == nom


def test_la_voie_python_qui_echoue_n_ecrit_rien_et_se_reprend(version_suivante: None) -> None:
    alpha = Emplacement.objects.get(structure__slug="alpha")
    with epingler(alpha.structure):
        Secteur.objects.create(nom="avant")
        fautif = Secteur.objects.create(nom="refuse")

    [resultat] = flotte.migrer(seulement=[alpha.schema])

    assert (resultat.reussi, resultat.rang) == (False, alpha.rang)
    assert "nom refusé" in resultat.erreur
    with epingler(alpha.structure):
        assert Secteur.objects.filter(nom="avant").exists()
        fautif.delete()
    [repris] = flotte.migrer(seulement=[alpha.schema])
    assert repris.reussi


def test_un_echec_arrete_la_vague_et_le_dit(etape: Any) -> None:
    etape(ajouter_couleur())
    canari = flotte.vagues(flotte.en_retard())[0][0]
    with connexion_ddl() as ddl:
        ddl.execute(f'ALTER TABLE "{canari.schema}".dossier_secteur ADD COLUMN couleur text')

    resultats = flotte.migrer()

    assert [(r.schema, r.reussi) for r in resultats] == [(canari.schema, False)]
    assert "already exists" in resultats[0].erreur
    assert len(flotte.en_retard()) >= 4
    assert Passage.objects.get().reussi is False


def test_coupee_en_chemin_la_mise_a_jour_reprend(etape: Any) -> None:
    etape(ajouter_couleur())
    tous = flotte.en_retard()

    flotte.migrer(seulement=[tous[0].schema])
    assert {e.schema for e in flotte.en_retard()} == {e.schema for e in tous[1:]}
    flotte.migrer()

    assert flotte.en_retard() == []


def test_un_verrou_tenu_fait_echouer_sans_bloquer(etape: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flotte, "VERROU_MS", 50)
    etape(ajouter_couleur())
    alpha = Emplacement.objects.get(structure__slug="alpha")
    with connexion_ddl(autocommit=False) as bloqueur:
        bloqueur.execute(f'LOCK TABLE "{alpha.schema}".dossier_secteur IN ACCESS SHARE MODE')

        [resultat] = flotte.migrer(seulement=[alpha.schema])

        assert not resultat.reussi
        assert "lock timeout" in resultat.erreur
        bloqueur.rollback()
    [resultat] = flotte.migrer(seulement=[alpha.schema])
    assert resultat.reussi


def test_une_main_etrangere_dans_un_schema_se_voit(base_a_part: str) -> None:
    alpha = Emplacement.objects.get(structure__slug="alpha")
    with connexion_ddl() as ddl:
        ddl.execute(f'ALTER TABLE "{alpha.schema}".dossier_secteur ADD COLUMN note text')

    assert flotte.derives() == [alpha.schema]


def test_le_canari_est_un_schema_libre_puis_un_centieme(base_a_part: str) -> None:
    lots = [Emplacement(schema=f"t_{n:016d}", etat="pret" if n == 150 else "attribue") for n in range(200)]

    vagues = flotte.vagues(lots)

    assert [len(v) for v in vagues] == [1, 2, 197]
    assert vagues[0][0].etat == "pret"


def test_le_texte_estampille_rend_le_catalogue_du_modele(base_a_part: str) -> None:
    [schema] = estampille.estampiller(1)

    with connexion_ddl() as ddl:
        du_modele = modele.empreinte_structurelle(ddl, SCHEMA_MODELE)
        assert modele.empreinte_structurelle(ddl, schema) == du_modele
        assert modele.tables_du_schema(ddl, schema) == modele.tables_du_schema(ddl, SCHEMA_MODELE)
    assert Modele.objects.get(rang=rang_courant()).structurelle == du_modele


def test_budget_d_une_structure_vide(base_a_part: str) -> None:
    """≤ 120 tables, ≤ 420 indexes, ≤ 5 MB: raising one is a decision with its reason (tenancy §8)."""
    [schema] = estampille.estampiller(1)

    with connexion_ddl() as ddl:
        tables, index, octets = ddl.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'),"
            " sum(pg_total_relation_size(oid)) FILTER (WHERE relkind = 'r')"
            " FROM pg_class WHERE relnamespace = %s::regnamespace",
            [schema],
        ).fetchone()
        declencheurs = ddl.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal",
            [schema],
        ).fetchone()[0]
        dehors = ddl.execute(
            "SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
            " WHERE k.contype = 'f' AND c.relnamespace = %s::regnamespace AND f.relnamespace <> c.relnamespace",
            [schema],
        ).fetchone()[0]

    assert tables <= 120
    assert index <= 420
    assert octets <= 5_000_000
    assert (declencheurs, dehors) == (0, 0)

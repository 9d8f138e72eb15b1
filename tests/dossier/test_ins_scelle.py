"""The matricule INS: never in clear in the base, found by the complete number, shown by its end."""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from dossier import queries
from dossier.models import Usager
from plateforme.chiffrement.coffre import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.chiffrement.sujets import detruire_sujet
from plateforme.chiffrement.trousseau import MEMOIRE
from plateforme.core.identifiers import IdentifiantInvalide, MatriculeIns
from plateforme.tenancy.courant import Contexte, lier
from tests.dossier.fabrique import FICHE
from tests.support.monde import Monde, client_de, compte

# Test range: OID 1.2.250.1.213.1.4.10.
INS, AUTRE = "279035121518989", "297022A02077878"
OID, OID_DEMO = "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"


def fabriquer(**champs: Any) -> Usager:
    return Usager.objects.create(**(FICHE | champs))


def avec_ins(numero: str = INS, oid: str = OID, **champs: Any) -> Usager:
    usager = fabriquer(**champs)
    usager.ins, usager.ins_oid = numero, oid
    usager.save()
    return usager


def brut(usager: Usager) -> tuple[bytes, bytes]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT ins, ins_index FROM dossier_usager WHERE id = %s", [usager.pk])
        return tuple(bytes(v) for v in curseur.fetchone())


def test_le_matricule_se_relit_et_la_base_ne_le_contient_pas(dans_a: Contexte) -> None:
    usager = avec_ins()

    assert Usager.objects.get(pk=usager.pk).ins == INS
    scelle, index = brut(usager)
    assert INS.encode() not in scelle + index
    assert len(index) == 32
    with connection.cursor() as curseur:
        curseur.execute("SELECT h::text FROM dossier_usager_historique h")
        assert INS not in str(curseur.fetchall())


def test_une_liste_de_noms_ne_demande_aucune_cle(dans_a: Contexte, settings: Any, tmp_path: Any) -> None:
    avec_ins()
    settings.CLES_DOSSIER = str(tmp_path / "demonte")
    MEMOIRE.table.clear()

    [usager] = Usager.objects.all()

    assert usager.a_un_ins is True
    with pytest.raises(CleIndisponible):
        _ = usager.ins


@pytest.mark.parametrize("saisi", [INS, "2 79 03 51 215 189 89", "297022a02077878"])
def test_on_retrouve_quelqu_un_par_son_matricule_complet(dans_a: Contexte, saisi: str) -> None:
    usager, autre = avec_ins(), avec_ins(AUTRE, nom_naissance="Autre")
    attendu = autre if "a" in saisi else usager

    assert list(queries.lister(compte("alice"), texte=saisi)) == [attendu]


@pytest.mark.parametrize("saisi", [INS[:14], INS[:13], "89", "279035121518988"])
def test_un_matricule_incomplet_ou_faux_ne_trouve_personne(dans_a: Contexte, saisi: str) -> None:
    avec_ins()

    assert list(queries.lister(compte("alice"), texte=saisi)) == []


def test_un_scelle_recopie_sur_une_autre_ligne_est_refuse(dans_a: Contexte) -> None:
    un, deux = avec_ins(), avec_ins(AUTRE, nom_naissance="Autre")
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE dossier_usager SET ins = (SELECT ins FROM dossier_usager WHERE id = %s) WHERE id = %s",
            [un.pk, deux.pk],
        )

    with pytest.raises(ScelleInvalide):
        _ = Usager.objects.get(pk=deux.pk).ins
    assert Usager.objects.get(pk=un.pk).ins == INS


def test_un_scelle_recopie_d_une_autre_structure_est_refuse(monde: Monde) -> None:
    with lier(monde.b):
        avec_ins()
        chez_b = Usager.objects.get()
        scelle, index_b = brut(chez_b)
    with lier(monde.a):
        usager = avec_ins()
        assert brut(usager)[1] != index_b
        with connection.cursor() as curseur:
            curseur.execute("UPDATE dossier_usager SET ins = %s WHERE id = %s", [scelle, usager.pk])
        with pytest.raises((CleDetruite, ScelleInvalide)):
            _ = Usager.objects.get(pk=usager.pk).ins


def test_le_meme_matricule_ne_sert_pas_deux_fois_sous_le_meme_oid(dans_a: Contexte) -> None:
    avec_ins()
    avec_ins(oid=OID_DEMO, nom_naissance="Autre")

    with pytest.raises(IntegrityError, match="usager_ins_unique"), transaction.atomic():
        avec_ins(nom_naissance="Troisième")


def test_un_matricule_sans_oid_est_refuse_par_la_base(dans_a: Contexte) -> None:
    with pytest.raises(IntegrityError, match="usager_ins_avec_son_oid"), transaction.atomic():
        avec_ins(oid="")


def test_effacer_le_matricule_efface_l_index(dans_a: Contexte) -> None:
    usager = avec_ins()
    usager.ins, usager.ins_oid = "", ""
    usager.save()

    assert Usager.objects.get().a_un_ins is False
    assert Usager.objects.get().ins == ""


def test_enregistrer_autre_chose_ne_rescelle_pas(dans_a: Contexte) -> None:
    usager = avec_ins()
    avant = brut(usager)

    relu = Usager.objects.get()
    relu.commune = "Guingamp"
    relu.save()

    assert brut(usager) == avant


def test_la_colonne_scellee_ne_se_compare_pas(dans_a: Contexte) -> None:
    with pytest.raises(FieldError):
        Usager.objects.filter(ins=INS).exists()
    with pytest.raises(TypeError, match="scellé"):
        Usager.objects.update(ins=INS)


def test_detruire_la_cle_de_l_usager_rend_son_matricule_illisible(dans_a: Contexte) -> None:
    usager = avec_ins()
    detruire_sujet(usager.pk, motif="effacement")

    with pytest.raises(CleDetruite):
        _ = Usager.objects.get().ins


def test_la_page_ne_montre_que_la_fin(monde: Monde) -> None:
    with lier(monde.a):
        usager = avec_ins()

    page = client_de(monde.a, "alice").get(f"/usagers/{usager.pk}").content.decode()

    assert "•••• 8989" in page
    assert INS not in page
    assert INS[:-4] not in page


def test_sans_les_cles_le_dossier_s_ouvre_et_dit_ce_qui_manque(
    monde: Monde, settings: Any, tmp_path: Any
) -> None:
    with lier(monde.a):
        usager = avec_ins()
    settings.CLES_DOSSIER = str(tmp_path / "demonte")
    MEMOIRE.table.clear()

    reponse = client_de(monde.a, "alice").get(f"/usagers/{usager.pk}")

    assert reponse.status_code == 200
    assert "illisible pour l’instant" in reponse.content.decode()


def test_la_migration_scelle_ce_qui_etait_en_clair(base_a_part: str) -> None:
    """Backwards to the clear column on the template, two rows, then forwards: the step itself, on real tables."""
    modele = Contexte(schema="t_modele", structure_id=Monde.charger().a.structure_id)
    avant, apres = ("dossier", "0004_acces"), ("dossier", "0005_ins_scelle")
    with lier(modele):
        executeur = MigrationExecutor(connections["ddl"])
        executeur.migrate([avant])
        anciens = (
            executeur.loader.project_state([avant]).apps.get_model("dossier", "Usager").objects.using("ddl")
        )
        champs = {
            cle: FICHE[cle] for cle in ("civilite", "nom_naissance", "prenoms", "ne_le", "accompagne_depuis")
        }
        un = anciens.create(**champs, ins=INS, ins_oid=OID).pk
        deux = anciens.create(**champs).pk

        MigrationExecutor(connections["ddl"]).migrate([apres])

        usagers = Usager.objects.using("ddl")
        assert usagers.get(pk=un).ins == INS
        assert usagers.get(pk=un).ins_index is not None
        assert usagers.get(pk=deux).a_un_ins is False
        with connections["ddl"].cursor() as curseur:
            curseur.execute("SELECT u::text FROM dossier_usager u")
            assert INS not in str(curseur.fetchall())
        connections["ddl"].close()


@pytest.mark.parametrize("saisi", ["147720425367411", "123456789012244", "12345", "", "9" * 15])
def test_un_matricule_mal_recopie_est_refuse_sans_le_repeter(saisi: str) -> None:
    with pytest.raises(IdentifiantInvalide) as refus:
        MatriculeIns.lire(saisi)
    assert saisi == "" or saisi not in str(refus.value)


@pytest.mark.parametrize("saisi", ["297022A02077878", "2 36 06 63 220 836 56", "279035121518989"])
def test_les_matricules_de_test_sont_acceptes(saisi: str) -> None:
    matricule = MatriculeIns.lire(saisi)

    assert matricule.fin == matricule.numero[11:]
    assert matricule.numero not in repr(matricule)

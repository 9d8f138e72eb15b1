"""The life of a structure: suspend, archive, close, delete, restore beside the living."""

from datetime import date

import pytest

from dossier.models import Proche, Usager
from plateforme.chiffrement import enveloppe
from plateforme.chiffrement.coffre import CleDetruite
from plateforme.chiffrement.destructions import rejouer
from plateforme.chiffrement.fournisseurs import fournisseur
from plateforme.chiffrement.reseau.models import DestructionDeCle
from plateforme.chiffrement.trousseau import trousseau_d_archive
from plateforme.core.errors import Introuvable
from plateforme.core.identifiers import Finess
from plateforme.storage.objets import magasin
from tenants.contexte import epingler
from tenants.models import Emplacement, Profil, Structure
from tenants.services import archive, cycle, ouverture
from tenants.services.ddl import connexion_ddl
from tests.support.listes import finess

INS, OID = "279035121518989", "1.2.250.1.213.1.4.10"


@pytest.fixture
def ephemere(base_a_part: str) -> Structure:
    # The copied base shares its pool's roles with the original: these schemas are made here.
    Emplacement.objects.filter(etat="pret").delete()
    structure, _ = ouverture.ouvrir(
        raison_sociale="SAD Éphémère",
        finess_et=Finess.lire(finess("23000077")),
        finess_ej=Finess.lire("750712184"),
        commune="Guéret",
        profil=Profil.SAAD,
    )
    with epingler(structure):
        usager = Usager.objects.create(
            civilite="MME",
            nom_naissance="L’Hôte\tTab\\N",
            prenoms="Zoé",
            ne_le=date(1940, 3, 2),
            accompagne_depuis=date(2024, 1, 1),
        )
        Proche.objects.create(usager=usager, nom_complet="Claire\nLigne", lien="fille")
    return structure


def detruire(structure: Structure) -> None:
    cycle.supprimer(cycle.clore(structure), confirmation=structure.finess)


def test_une_structure_suspendue_ne_s_ouvre_plus_aux_taches_puis_revient(ephemere: Structure) -> None:
    suspendue = cycle.suspendre(ephemere, motif="Impayé de l’abonnement")

    assert (suspendue.etat, suspendue.suspendue_motif) == ("suspendue", "Impayé de l’abonnement")
    assert cycle.rouvrir(suspendue).etat == "active"


def test_une_suspension_demande_un_motif(ephemere: Structure) -> None:
    with pytest.raises(cycle.TransitionRefusee, match="motif"):
        cycle.suspendre(ephemere, motif="  ")

    ephemere.refresh_from_db()
    assert ephemere.etat == "active"


def test_clore_archive_d_abord_et_ferme_la_porte(ephemere: Structure) -> None:
    close = cycle.clore(ephemere)

    assert close.etat == "close"
    assert archive.verifier(close.archive)["tables"]["dossier_usager"]["lignes"] == 1
    with pytest.raises(Introuvable), epingler(close):
        pass


def test_on_ne_supprime_pas_une_structure_vivante_ni_sans_son_finess(ephemere: Structure) -> None:
    with pytest.raises(cycle.SuppressionRefusee, match="close"):
        cycle.supprimer(ephemere, confirmation=ephemere.finess)
    close = cycle.clore(ephemere)
    with pytest.raises(cycle.SuppressionRefusee, match="recopié"):
        cycle.supprimer(close, confirmation="220000137")

    assert Emplacement.objects.filter(structure=ephemere).exists()


def test_supprimer_efface_le_schema_et_le_role(ephemere: Structure) -> None:
    schema = ephemere.emplacement.schema

    detruire(ephemere)

    with connexion_ddl() as ddl:
        assert ddl.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone() is None
        assert ddl.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema]).fetchone() is None
    assert Emplacement.objects.get(schema=schema).etat == "supprime"
    with epingler(Structure.objects.get(slug="beta")):
        assert Usager.objects.count() == 0


def test_une_archive_rend_tout_a_cote_des_vivantes(ephemere: Structure) -> None:
    detruire(ephemere)
    ephemere.refresh_from_db()

    restauree = archive.restaurer(ephemere, ephemere.archive)

    with epingler(restauree):
        usager = Usager.objects.get()
        assert (usager.nom_naissance, usager.prenoms) == ("L’Hôte\tTab\\N", "Zoé")
        assert usager.proches.get().nom_complet == "Claire\nLigne"
        assert usager.history.count() == 1


def test_l_archive_rendue_a_les_memes_empreintes(ephemere: Structure) -> None:
    avant = archive.verifier(archive.archiver(ephemere))["tables"]
    detruire(ephemere)
    ephemere.refresh_from_db()

    apres = archive.verifier(archive.archiver(archive.restaurer(ephemere, ephemere.archive)))["tables"]

    assert {t: f["sha256"] for t, f in apres.items()} == {t: f["sha256"] for t, f in avant.items()}


def test_une_archive_abimee_est_refusee(ephemere: Structure) -> None:
    cle = archive.archiver(ephemere)
    octets = bytearray(magasin().lire(cle))
    octets[len(octets) // 2] ^= 1
    magasin().ecrire(cle, bytes(octets))

    with pytest.raises(archive.ArchiveRefusee, match="abîmée"):
        archive.verifier(cle)


def test_une_table_qui_ne_correspond_pas_a_son_empreinte_est_nommee(ephemere: Structure) -> None:
    """Sealed by whoever holds the key, from a content that was altered before."""
    cle = archive.archiver(ephemere)
    trousseau = trousseau_d_archive(ephemere.pk)
    clair = enveloppe.ouvrir(magasin().lire(cle), f"tenants.archive:{cle}", trousseau=trousseau)
    altere = clair.replace("Zoé".encode(), b"Zoo!")
    magasin().ecrire(cle, enveloppe.sceller(altere, f"tenants.archive:{cle}", trousseau=trousseau))

    with pytest.raises(archive.ArchiveRefusee, match="dossier_usager"):
        archive.verifier(cle)


def test_l_archive_ne_montre_rien_et_se_lit_apres_la_destruction_des_cles(ephemere: Structure) -> None:
    with epingler(ephemere):
        usager = Usager.objects.get()
        usager.ins, usager.ins_oid = INS, OID
        usager.save()
    detruire(ephemere)
    ephemere.refresh_from_db()
    assert "Zoé".encode() not in magasin().lire(ephemere.archive)
    assert DestructionDeCle.objects.get().motif == "suppression_de_la_structure"
    [reference] = DestructionDeCle.objects.get().references
    with pytest.raises(CleDetruite):
        fournisseur(reference).emballer(reference, b"x", {})

    restauree = archive.restaurer(ephemere, ephemere.archive)

    with epingler(restauree):
        assert Usager.objects.get().ins == INS
        assert Usager.objects.cherches(INS).count() == 1


def test_detruire_les_archives_ne_laisse_rien_de_lisible(ephemere: Structure) -> None:
    magasin().ecrire(f"{ephemere.pk}/documents/1", b"scelle")
    with pytest.raises(archive.ArchiveRefusee, match="encore son schéma"):
        archive.detruire(ephemere, motif="fin_de_conservation")
    detruire(ephemere)
    ephemere.refresh_from_db()
    cle = ephemere.archive
    copie = magasin().lire(cle)

    assert archive.detruire(ephemere, motif="fin_de_conservation") == 2

    assert magasin().lister(f"{ephemere.pk}/") == []
    magasin().ecrire(cle, copie)  # a backup of the object store
    with pytest.raises(CleDetruite):
        archive.verifier(cle)
    assert rejouer() == 1


def test_l_archive_d_une_autre_structure_est_refusee(ephemere: Structure) -> None:
    cle = archive.archiver(ephemere)
    beta = Structure.objects.get(slug="beta")

    with pytest.raises(archive.ArchiveRefusee, match="SAD Éphémère"):
        archive.restaurer(beta, cle)


def test_on_ne_restaure_pas_par_dessus_une_structure_vivante(ephemere: Structure) -> None:
    cle = archive.archiver(ephemere)

    with pytest.raises(archive.ArchiveRefusee, match="encore son schéma"):
        archive.restaurer(ephemere, cle)


@pytest.mark.parametrize("octets", [b"", b"pas une archive", b"\x00" * 2048])
def test_un_fichier_quelconque_n_est_pas_une_archive(base_a_part: str, octets: bytes) -> None:
    for cle in ("essai/archives/x.tar", f"{Structure.objects.first().pk}/archives/x.tar"):
        magasin().ecrire(cle, octets)

        with pytest.raises(archive.ArchiveRefusee):
            archive.verifier(cle)

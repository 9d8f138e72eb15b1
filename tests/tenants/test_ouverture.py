"""Opening structures: one by one, from a list, twice, all at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections

from dossier.models import Usager
from plateforme.core.identifiers import Finess
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.contexte import epingler
from tenants.models import Adhesion, Emplacement, Grappe, Organisme, Profil, Structure
from tenants.rules import SCHEMA
from tenants.services import estampille, liste_csv, ouverture, travaux
from tests.support.listes import finess, liste_de_deux_cents

ET = Finess.lire(finess("23000001"))
EJ = Finess.lire("230099996")


def ouvrir(**autres):
    donnees = {
        "raison_sociale": "SAD Fictif",
        "finess_et": ET,
        "finess_ej": EJ,
        "commune": "Guéret",
        "profil": Profil.SAAD,
    }
    return ouverture.ouvrir(**{**donnees, **autres})


def test_une_structure_ouverte_sert_aussitot(base_a_part: str) -> None:
    structure, nouvelle = ouvrir()

    assert nouvelle
    assert structure.etat == "active"
    assert SCHEMA.fullmatch(structure.emplacement.schema)
    assert structure.domaines.get().hote == "sad-fictif.localhost"
    assert structure.profil_le(date(2099, 1, 1)) == "saad"
    with epingler(structure):
        assert Usager.objects.count() == 0


def test_ouvrir_deux_fois_la_meme_ne_cree_rien(base_a_part: str) -> None:
    premiere, _ = ouvrir()

    seconde, nouvelle = ouvrir(raison_sociale="SAD Fictif, écrit autrement")

    assert not nouvelle
    assert seconde.pk == premiere.pk
    assert seconde.raison_sociale == "SAD Fictif"


def test_une_ouverture_coupee_reprend_ou_elle_en_etait(base_a_part: str) -> None:
    organisme = Organisme.objects.create(finess=EJ.numero, raison_sociale="Association Fictive")
    coupee = Structure.objects.create(
        organisme=organisme, finess=ET.numero, raison_sociale="SAD Fictif", slug="coupee"
    )

    structure, nouvelle = ouvrir()

    assert (structure.pk, structure.etat, nouvelle) == (coupee.pk, "active", False)
    assert structure.emplacement.etat == "attribue"


@pytest.mark.parametrize(
    ("autres", "phrase"),
    [
        ({"finess_ej": Finess.lire("750712184")}, "rattachée à un autre organisme"),
        ({"finess_et": EJ, "finess_ej": Finess.lire("750712184")}, "connu comme organisme"),
        ({"finess_et": Finess.lire("690781810"), "finess_ej": ET}, "celui d’un service"),
    ],
)
def test_un_numero_deja_pris_est_explique(base_a_part: str, autres: dict, phrase: str) -> None:
    ouvrir()
    avant = Structure.objects.count()

    with pytest.raises(ouverture.OuvertureRefusee, match=phrase):
        ouvrir(**autres)

    assert Structure.objects.count() == avant


def test_outre_mer_le_fuseau_est_celui_du_departement(base_a_part: str) -> None:
    structure, _ = ouvrir(finess_et=Finess.lire(finess("97400001")))

    assert structure.fuseau == "Indian/Reunion"


def test_une_structure_n_est_que_d_une_grappe(base_a_part: str) -> None:
    organisme = Organisme.objects.create(finess="750712184", raison_sociale="Porteur")
    une, autre = (
        Grappe.objects.create(nom=n, porteur=organisme, ouverte_le=date(2026, 1, 1)) for n in ("Une", "Autre")
    )
    ouvrir(grappe=une)

    with pytest.raises(ouverture.OuvertureRefusee, match="déjà membre de la grappe « Une »"):
        ouvrir(grappe=autre)

    assert Adhesion.objects.get().grappe == une


def test_deux_cents_lignes_dont_douze_fausses(base_a_part: str) -> None:
    octets, attendus = liste_de_deux_cents()
    demandes = liste_csv.lire(octets)
    avant = Structure.objects.count()

    premiers = ouverture.ouvrir_une_liste(demandes)
    seconds = ouverture.ouvrir_une_liste(demandes)

    assert [r.statut for r in premiers].count("creee") == 188
    refusees = {r.numero: r.motif for r in premiers if r.statut == "refusee"}
    assert refusees.keys() == attendus.keys()
    for numero, mot in attendus.items():
        assert mot in refusees[numero]
    assert {r.statut for r in seconds} == {"deja_la", "refusee"}
    assert Structure.objects.count() == avant + 188
    assert Emplacement.objects.filter(etat="attribue").count() == avant + 188


def test_un_travail_coupe_reprend_sans_refaire(base_a_part: str) -> None:
    octets, _ = liste_de_deux_cents()
    demandes = liste_csv.lire(octets)[:6]
    travail = travaux.demander_ouvertures(demandes, None, "liste.csv")
    deja = ouverture.ouvrir_une_liste(demandes[:2])
    travail.rapport, travail.fait = [r.en_json() for r in deja], 2
    travail.save()

    travaux.executer(travail.pk)

    travail.refresh_from_db()
    assert (travail.etat, travail.fait, travail.total) == ("fini", 6, 6)
    assert [ligne["statut"] for ligne in travail.rapport] == ["creee"] * 6
    assert travail.message == "6 structures créées, 0 déjà ouverte, 0 ligne refusée."


def test_un_travail_fini_ne_se_refait_pas(base_a_part: str) -> None:
    travail = travaux.demander_ouvertures(liste_csv.lire(liste_de_deux_cents()[0])[:1], None, "liste.csv")
    travaux.executer(travail.pk)

    assert travaux.prendre(travail.pk) is None


def test_un_travail_annule_s_arrete_entre_deux_lignes(base_a_part: str) -> None:
    travail = travaux.demander_ouvertures(liste_csv.lire(liste_de_deux_cents()[0])[:3], None, "liste.csv")
    travaux.annuler(travail)

    travaux.executer(travail.pk)

    travail.refresh_from_db()
    assert (travail.etat, travail.fait) == ("annule", 0)
    assert not Structure.objects.filter(raison_sociale__startswith="SAD Fictif").exists()


def test_des_ouvertures_simultanees_prennent_des_schemas_differents(base_a_part: str) -> None:
    estampille.remplir_la_reserve(4)

    def une(n: int) -> str:
        try:
            with lier(PUBLIC):
                structure, _ = ouvrir(
                    finess_et=Finess.lire(finess(f"2300{n:04d}")), raison_sociale=f"SAD Fictif {n}"
                )
                return structure.emplacement.schema
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as bassin:
        schemas = list(bassin.map(une, range(40, 52)))

    assert len(set(schemas)) == 12


def test_la_reserve_se_complete_et_ne_deborde_pas(base_a_part: str) -> None:
    estampille.remplir_la_reserve(3)

    assert estampille.remplir_la_reserve(3) == 0
    assert Emplacement.objects.filter(etat="pret").count() >= 3


def test_un_nom_de_schema_parlant_est_refuse_par_la_base(base_a_part: str) -> None:
    from django.db.utils import IntegrityError

    cellule_id = Emplacement.objects.values_list("cellule_id", flat=True)[0]

    with pytest.raises(IntegrityError, match="emplacement_schema_opaque"):
        Emplacement.objects.create(cellule_id=cellule_id, schema="t_sadlannion", role="t_sadlannion", rang=1)
    connection.close()

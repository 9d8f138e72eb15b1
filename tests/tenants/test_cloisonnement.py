"""The silent cross-structure traps: each test fails if its guard is removed."""

import threading
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from dossier.models import Proche, Usager
from plateforme.storage import objets
from plateforme.tenancy.courant import AucuneStructure, AutreStructure, lier
from tenants.contexte import dans_structure, elever, epingler
from tenants.models import Structure
from tests.support.monde import Monde


def usager(nom: str = "Le Goff") -> Usager:
    return Usager.objects.create(
        civilite="MME",
        nom_naissance=nom,
        prenoms="Yvonne",
        ne_le=date(1940, 3, 2),
        accompagne_depuis=date(2024, 1, 1),
    )


def test_un_usager_reste_dans_sa_structure(monde: Monde) -> None:
    with lier(monde.a):
        usager()

    with lier(monde.b):
        assert Usager.objects.count() == 0
    with lier(monde.a):
        assert Usager.objects.count() == 1


def test_un_queryset_bati_chez_le_voisin_est_refuse(monde: Monde) -> None:
    with lier(monde.a):
        tous = Usager.objects.filter(gir__isnull=True)

    with lier(monde.b):
        for evaluer in (
            list,
            len,
            lambda q: q.count(),
            lambda q: q.exists(),
            lambda q: q.update(gir=1),
            lambda q: q.delete(),
        ):
            with pytest.raises(AutreStructure):
                evaluer(tous.all())


def test_un_objet_du_voisin_ne_s_enregistre_pas_ici(monde: Monde) -> None:
    with lier(monde.a):
        elle = usager()

    with lier(monde.b):
        elle.nom_naissance = "Changé"
        with pytest.raises(AutreStructure):
            elle.save()
        with pytest.raises(AutreStructure):
            elle.delete()
        with pytest.raises(AutreStructure):
            elle.refresh_from_db()


def test_la_relation_d_un_objet_du_voisin_ne_se_suit_pas_ici(monde: Monde) -> None:
    with lier(monde.a):
        elle = usager()
        proche = Proche.objects.create(usager=elle, nom_complet="Claire", lien="fille")
        proche = Proche.objects.get(pk=proche.pk)

    with lier(monde.b):
        with pytest.raises(AutreStructure):
            _ = proche.usager.nom
        with pytest.raises(AutreStructure):
            list(elle.proches.all())


def test_on_ne_rattache_pas_un_objet_d_ici_a_celui_du_voisin(monde: Monde) -> None:
    with lier(monde.a):
        elle = usager()

    with lier(monde.b), pytest.raises(ValueError, match="router prevents this relation"):
        Proche(usager=elle, nom_complet="Claire", lien="fille")


def test_changer_de_chemin_sans_changer_de_role_est_refuse_par_postgresql(monde: Monde) -> None:
    with lier(monde.a):
        usager()

    with epingler(monde.b), dans_structure(monde.a), pytest.raises(ProgrammingError), transaction.atomic():
        Usager.objects.count()


def test_un_nom_qualifie_du_voisin_est_refuse_par_postgresql(monde: Monde) -> None:
    with lier(monde.b), connection.cursor() as curseur:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            curseur.execute(f'SELECT * FROM "{monde.a.schema}".dossier_usager')


def test_le_repertoire_est_invisible_depuis_une_structure(monde: Monde) -> None:
    with lier(monde.b), connection.cursor() as curseur:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            curseur.execute("SELECT * FROM public.tenants_structure")
        with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
            curseur.execute("SELECT * FROM tenants_structure")


def test_le_role_d_execution_seul_ne_lit_aucune_structure(monde: Monde) -> None:
    with (
        connection.cursor() as curseur,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        curseur.execute(f'SELECT * FROM "{monde.a.schema}".dossier_usager')


def test_un_passage_explicite_voit_le_voisin_puis_revient(monde: Monde) -> None:
    with lier(monde.a):
        usager()

    with epingler(monde.b):
        with elever(monde.a, motif="essai.passage"):
            assert Usager.objects.count() == 1
        assert Usager.objects.count() == 0


def test_la_structure_comme_gestionnaire_de_contexte_est_interdite(monde: Monde) -> None:
    structure = Structure.objects.get(slug="alpha")

    with pytest.raises(TypeError, match="dans_structure"):
        structure.__enter__()


def test_un_fil_neuf_n_a_aucune_structure(monde: Monde) -> None:
    vu: list[Any] = []

    def lire() -> None:
        try:
            vu.append(Usager.objects.count())
        except AucuneStructure as refus:
            vu.append(refus)
        finally:
            connection.close()

    with lier(monde.a):
        fil = threading.Thread(target=lire)
        fil.start()
        fil.join(10)

    assert isinstance(vu[0], AucuneStructure)


def test_deux_fils_entrelaces_gardent_chacun_leur_structure(monde: Monde) -> None:
    barriere, vu = threading.Barrier(2, timeout=10), {}

    def travailler(contexte: Any) -> None:
        for _ in range(50):
            with lier(contexte):
                barriere.wait()
                with connection.cursor() as curseur:
                    curseur.execute("SELECT current_schema(), current_user")
                    vu.setdefault(contexte.slug, set()).add(curseur.fetchone())
                barriere.wait()
        connection.close()

    fils = [threading.Thread(target=travailler, args=(c,)) for c in (monde.a, monde.b)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)

    assert vu == {
        "alpha": {(monde.a.schema, monde.a.schema)},
        "beta": {(monde.b.schema, monde.b.schema)},
    }


def test_une_transaction_annulee_ne_laisse_pas_le_chemin_du_voisin(monde: Monde) -> None:
    class Annulation(Exception):
        pass

    with lier(monde.a):
        usager()
        with pytest.raises(Annulation), transaction.atomic():
            with epingler(monde.b):
                assert Usager.objects.count() == 0
            raise Annulation

        assert Usager.objects.count() == 1


def test_une_exception_dans_le_voisin_ramene_chez_soi(monde: Monde) -> None:
    with lier(monde.a):
        usager()
        with pytest.raises(RuntimeError), epingler(monde.b):
            raise RuntimeError

        assert Usager.objects.count() == 1


def test_le_cache_separe_les_structures(monde: Monde) -> None:
    with lier(monde.a):
        cache.set("compteur", "de A")

    with lier(monde.b):
        assert cache.get("compteur") is None
    with lier(monde.a):
        assert cache.get("compteur") == "de A"


def test_le_stockage_separe_les_structures(monde: Monde) -> None:
    with lier(monde.a):
        cle_a = objets.cle("photos/1.jpg")

    with lier(monde.b):
        assert objets.cle("photos/1.jpg") != cle_a
        with pytest.raises(objets.ClefInvalide):
            objets.cle(f"../{monde.a.structure_id}/photos/1.jpg")


def test_un_lien_signe_par_a_ne_vaut_rien_chez_b(monde: Monde) -> None:
    with lier(monde.a):
        signature = objets.signer_lien("photos/1.jpg", 2_000_000_000)
        assert objets.lien_valide("photos/1.jpg", 2_000_000_000, signature, maintenant=1_900_000_000)
        assert not objets.lien_valide("photos/1.jpg", 2_000_000_000, signature, maintenant=2_000_000_001)

    with lier(monde.b):
        assert not objets.lien_valide("photos/1.jpg", 2_000_000_000, signature, maintenant=1_900_000_000)


def test_la_connexion_refuse_qu_on_la_change_a_la_main(monde: Monde) -> None:
    for methode in ("set_tenant", "set_schema", "set_schema_to_public"):
        with pytest.raises(TypeError, match=r"tenants\.contexte"):
            getattr(connection, methode)(monde.a)

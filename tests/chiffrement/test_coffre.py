"""What is sealed opens in its place only, and never without the key provider."""

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from plateforme.chiffrement import coffre
from plateforme.chiffrement.coffre import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.chiffrement.fournisseurs import fournisseur
from plateforme.chiffrement.models import Cle
from plateforme.chiffrement.trousseau import MEMOIRE, trousseau_courant
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tests.support.monde import Monde

USAGE = "essai.champ:42"
SECRET = "Secret très long de l’essai".encode()


def test_ce_qui_est_scelle_se_rouvre(dans_a: Contexte) -> None:
    assert coffre.ouvrir(coffre.sceller(SECRET, USAGE), USAGE) == SECRET
    assert coffre.ouvrir(coffre.sceller(b"", USAGE), USAGE) == b""


def test_deux_scelles_du_meme_contenu_different_et_ne_le_montrent_pas(dans_a: Contexte) -> None:
    un, deux = coffre.sceller(SECRET, USAGE), coffre.sceller(SECRET, USAGE)

    assert un != deux
    assert SECRET not in un
    assert len(un) == len(SECRET) + 45


@pytest.mark.parametrize("usage", ["essai.champ:43", "essai.autre:42", "", "essai.champ:42 "])
def test_un_scelle_deplace_est_refuse(dans_a: Contexte, usage: str) -> None:
    scelle = coffre.sceller(SECRET, USAGE)

    with pytest.raises(ScelleInvalide):
        coffre.ouvrir(scelle, usage)


def test_chaque_bit_du_scelle_est_authentifie(dans_a: Contexte) -> None:
    scelle = coffre.sceller(SECRET, USAGE)

    for rang in range(len(scelle)):
        abime = bytearray(scelle)
        abime[rang] ^= 1
        # A changed key id names a key the structure does not have.
        with pytest.raises(CleDetruite if 1 <= rang <= 16 else ScelleInvalide):
            coffre.ouvrir(bytes(abime), USAGE)


@pytest.mark.parametrize("octets", [b"", b"\x01", b"\x01" * 44, b"en clair " * 10, b"\x00" * 80])
def test_ce_qui_n_est_pas_un_scelle_est_refuse(dans_a: Contexte, octets: bytes) -> None:
    with pytest.raises(ScelleInvalide):
        coffre.ouvrir(octets, USAGE)


def test_le_scelle_d_une_structure_ne_s_ouvre_pas_chez_la_voisine(monde: Monde) -> None:
    with lier(monde.a):
        scelle = coffre.sceller(SECRET, USAGE)
        cle_de_a = trousseau_courant().active()
    with lier(monde.b):
        coffre.sceller(SECRET, USAGE)
        with pytest.raises(CleDetruite):
            coffre.ouvrir(scelle, USAGE)
        # Even with A's key in hand: the structure is bound to what is sealed.
        from plateforme.chiffrement import format as forme

        with pytest.raises(ScelleInvalide):
            forme.ouvrir(cle_de_a.aead, scelle, proprietaire=str(monde.b.structure_id), usage=USAGE)
    with lier(monde.a):
        assert coffre.ouvrir(scelle, USAGE) == SECRET


def test_le_reseau_a_sa_propre_cle(monde: Monde) -> None:
    with lier(PUBLIC):
        scelle = coffre.sceller(SECRET, USAGE)
        assert coffre.ouvrir(scelle, USAGE) == SECRET
    with lier(monde.a), pytest.raises(CleDetruite):
        coffre.ouvrir(scelle, USAGE)


def test_la_cle_en_base_est_emballee(dans_a: Contexte) -> None:
    cle = trousseau_courant().active()

    ligne = Cle.objects.get()
    assert (ligne.usage, ligne.version, ligne.etat) == ("donnees", 1, "active")
    assert cle.octets not in bytes(ligne.emballee)
    assert cle.octets.hex() not in repr(cle)


def test_une_cle_emballee_pour_un_usage_ne_sert_pas_a_un_autre(dans_a: Contexte) -> None:
    """Somebody who may write in the base puts the key of indexes in the place of the key of data."""
    trousseau = trousseau_courant()
    trousseau.active("index")
    trousseau.active("donnees")
    emballee = Cle.objects.get(usage="index").emballee
    Cle.objects.filter(usage="donnees").update(emballee=emballee)
    trousseau.oublier()

    with pytest.raises(ScelleInvalide):
        trousseau.active("donnees")


def test_une_nouvelle_version_scelle_et_l_ancienne_relit(dans_a: Contexte) -> None:
    ancien = coffre.sceller(SECRET, USAGE)
    trousseau_courant().nouvelle_version()
    nouveau = coffre.sceller(SECRET, USAGE)

    assert ancien[1:17] != nouveau[1:17]
    assert coffre.ouvrir(ancien, USAGE) == coffre.ouvrir(nouveau, USAGE) == SECRET
    assert list(Cle.objects.order_by("version").values_list("version", "etat")) == [
        (1, "retiree"),
        (2, "active"),
    ]


def test_changer_de_cle_maitresse_ne_touche_pas_aux_donnees(dans_a: Contexte) -> None:
    trousseau = trousseau_courant()
    scelle = coffre.sceller(SECRET, USAGE)
    trousseau.active("index")
    avant = trousseau.references()
    neuve = fournisseur().creer(trousseau.proprietaire, nouvelle=True)

    assert trousseau.reemballer(neuve) == 2
    assert trousseau.reemballer(neuve) == 0

    trousseau.oublier()
    assert coffre.ouvrir(scelle, USAGE) == SECRET
    assert trousseau.references() == {neuve, *avant}
    # The new master key is enough: the former one may go.
    for reference in avant:
        fournisseur(reference).detruire(reference)
    assert coffre.ouvrir(scelle, USAGE) == SECRET


def test_detruire_la_cle_maitresse_rend_tout_illisible(dans_a: Contexte) -> None:
    trousseau = trousseau_courant()
    scelle = coffre.sceller(SECRET, USAGE)
    neuve = fournisseur().creer(trousseau.proprietaire, nouvelle=True)
    trousseau.reemballer(neuve)
    fournisseur(neuve).detruire(neuve)
    trousseau.oublier()

    with pytest.raises(CleDetruite, match="effacée avec sa clé"):
        coffre.ouvrir(scelle, USAGE)


def test_sans_le_service_des_cles_rien_n_est_lu_ni_ecrit(
    dans_a: Contexte, settings: Any, tmp_path: Path
) -> None:
    scelle, avant = coffre.sceller(SECRET, USAGE), settings.CLES_DOSSIER
    settings.CLES_DOSSIER = str(tmp_path / "demonte")

    with pytest.raises(CleIndisponible, match="Le planning, les transmissions") as refus:
        coffre.ouvrir(scelle, USAGE)
    with pytest.raises(CleIndisponible):
        coffre.sceller(SECRET, USAGE)
    assert refus.value.statut == 503

    settings.CLES_DOSSIER = avant
    assert coffre.ouvrir(scelle, USAGE) == SECRET


def test_une_cle_dont_la_ligne_est_annulee_n_est_pas_gardee_en_memoire(base_a_part: str) -> None:
    """A key made in a transaction that fails would seal what nobody could ever open."""
    monde = Monde.charger()
    with lier(monde.a):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            trousseau_courant().nouvelle_version()
            MEMOIRE.table.clear()
            perdu = coffre.sceller(SECRET, USAGE)
            raise ZeroDivisionError
        scelle = coffre.sceller(SECRET, USAGE)

        assert scelle[1:17] != perdu[1:17]
        assert Cle.objects.get(usage="donnees", etat="active").pk == UUID(bytes=scelle[1:17])


def test_une_cle_validee_est_gardee_puis_oubliee(base_a_part: str, django_assert_num_queries: object) -> None:
    monde = Monde.charger()
    with lier(monde.a):
        scelle = coffre.sceller(SECRET, USAGE)
        with django_assert_num_queries(0):
            assert coffre.ouvrir(scelle, USAGE) == SECRET
        trousseau_courant().oublier()
        with django_assert_num_queries(1):
            assert coffre.ouvrir(scelle, USAGE) == SECRET


def test_deux_premieres_fois_en_meme_temps_font_une_seule_cle(base_a_part: str) -> None:
    monde = Monde.charger()
    depart = threading.Barrier(4)
    scelles: list[bytes] = []

    def premiere_fois() -> None:
        try:
            with lier(monde.a):
                depart.wait(10)
                scelles.append(coffre.sceller(SECRET, USAGE))
        finally:
            connection.close()

    fils = [threading.Thread(target=premiere_fois) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)

    assert len({scelle[:17] for scelle in scelles}) == 1
    with lier(monde.a):
        assert [coffre.ouvrir(scelle, USAGE) for scelle in scelles] == [SECRET] * 4


def test_hors_d_une_structure_il_n_y_a_pas_de_cle(db: None) -> None:
    with lier(Contexte(schema="t_modele")), pytest.raises(RuntimeError, match="t_modele"):
        coffre.sceller(SECRET, USAGE)


def test_le_role_d_une_structure_ne_peut_pas_supprimer_ses_cles(dans_a: Contexte) -> None:
    from django.db import ProgrammingError

    trousseau_courant().active()
    with pytest.raises(ProgrammingError, match="permission denied"):
        Cle.objects.all().delete()


def test_la_memoire_ne_garde_pas_plus_de_cinq_minutes(settings: object) -> None:
    import time

    settings.CLES_CACHE_SECONDES = 86_400
    cle = object()

    MEMOIRE.garder("base", "x", "donnees", cle)

    assert 299 <= MEMOIRE.table["base", "x", "donnees"][0] - time.monotonic() <= 300
    MEMOIRE.oublier("x")
    assert ("base", "x", "donnees") not in MEMOIRE.table


def test_les_associes_ne_se_confondent_pas() -> None:
    from plateforme.chiffrement.format import associe

    assert associe("a", "bc") != associe("ab", "c")
    assert associe("a", "") != associe("a")

from datetime import date
from typing import Any

import pytest

from dossier.models import Proche, Usager
from dossier.services import (
    DejaSorti,
    FicheRefusee,
    UsagerModifie,
    admettre_usager,
    ajouter_proche,
    annuler_sortie,
    enregistrer_sortie,
    modifier_usager,
    retirer_proche,
)
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import FICHE
from tests.support.monde import Monde, client_de, compte


@pytest.fixture
def anne(alice: Any) -> Usager:
    return admettre_usager(alice, FICHE)


def test_modifier_change_ce_qui_est_dit_et_garde_le_reste(alice: Any, anne: Usager) -> None:
    modifier_usager(alice, anne.pk, {"commune": "Perros-Guirec"}, vu_a=anne.modifie_a)

    relu = Usager.objects.get(pk=anne.pk)
    assert (relu.commune, relu.telephone) == ("Perros-Guirec", "0261911234")


def test_l_historique_dit_qui_a_ecrit(monde: Monde) -> None:
    client = client_de(monde.a, "accueil")
    client.post("/usagers/nouveau", {cle: valeur for cle, valeur in FICHE.items() if valeur is not None})

    with lier(monde.a):
        version = Usager.history.get(nom_naissance=FICHE["nom_naissance"])
        assert version.history_user_id == compte("accueil").pk


def test_la_version_d_un_autre_n_est_pas_ecrasee(alice: Any, anne: Usager) -> None:
    vu_a = anne.modifie_a
    Usager.objects.filter(pk=anne.pk).update(commune="Trégastel", modifie_a=date_plus_tard(anne))

    with pytest.raises(UsagerModifie) as conflit:
        modifier_usager(alice, anne.pk, {"commune": "Perros-Guirec"}, vu_a=vu_a)

    assert conflit.value.actuel.commune == "Trégastel"
    assert Usager.objects.get(pk=anne.pk).commune == "Trégastel"


def date_plus_tard(usager: Usager) -> Any:
    from datetime import timedelta

    return usager.modifie_a + timedelta(seconds=1)


def test_une_modification_fausse_ne_change_rien(alice: Any, anne: Usager) -> None:
    with pytest.raises(FicheRefusee):
        modifier_usager(alice, anne.pk, {"commune": "Perros-Guirec", "telephone": "12"}, vu_a=None)

    assert Usager.objects.get(pk=anne.pk).commune == "Lannion"


def test_l_usager_du_voisin_est_introuvable(site: Monde) -> None:
    with lier(site.b):
        chez_b = admettre_usager(compte("chloe"), FICHE)

    with lier(site.a), pytest.raises(Introuvable):
        modifier_usager(compte("alice"), chez_b.pk, {"commune": "Ici"}, vu_a=None)

    with lier(site.b):
        assert Usager.objects.get(pk=chez_b.pk).commune == "Lannion"


def test_une_sortie_s_enregistre_une_fois_puis_s_annule(alice: Any, anne: Usager) -> None:
    enregistrer_sortie(alice, anne.pk, date(2026, 11, 20))

    with pytest.raises(DejaSorti):
        enregistrer_sortie(alice, anne.pk, date(2026, 11, 21))
    assert Usager.objects.get(pk=anne.pk).sorti_le == date(2026, 11, 20)
    annuler_sortie(alice, anne.pk)
    assert Usager.objects.accompagnes().filter(pk=anne.pk).exists()


def test_une_sortie_avant_l_entree_est_refusee(alice: Any, anne: Usager) -> None:
    with pytest.raises(FicheRefusee) as refus:
        enregistrer_sortie(alice, anne.pk, date(2023, 2, 5))

    assert list(refus.value.champs) == ["sorti_le"]
    assert Usager.objects.get(pk=anne.pk).sorti_le is None


def test_le_secretariat_n_enregistre_pas_de_sortie(accueil: Any, anne: Usager) -> None:
    with pytest.raises(HabilitationRefusee):
        enregistrer_sortie(accueil, anne.pk, date(2026, 11, 20))


def test_il_n_y_a_qu_une_personne_de_confiance(alice: Any, anne: Usager) -> None:
    ajouter_proche(alice, anne.pk, nom_complet="Claire Riou", lien="fille", personne_de_confiance=True)

    ajouter_proche(
        alice,
        anne.pk,
        nom_complet="Paul Riou",
        lien="fils",
        telephone="06 39 98 45 12",
        personne_de_confiance=True,
    )

    assert list(
        Proche.objects.order_by("ordre").values_list("nom_complet", "ordre", "personne_de_confiance")
    ) == [
        ("Claire Riou", 1, False),
        ("Paul Riou", 2, True),
    ]


def test_un_proche_se_retire_de_son_dossier_seulement(alice: Any, anne: Usager) -> None:
    proche = ajouter_proche(alice, anne.pk, nom_complet="Claire Riou", lien="fille")
    autre = admettre_usager(alice, {**FICHE, "prenoms": "Odile"})

    with pytest.raises(Introuvable):
        retirer_proche(alice, autre.pk, proche.pk)

    assert Proche.objects.count() == 1
    retirer_proche(alice, anne.pk, proche.pk)
    assert Proche.objects.count() == 0


def test_un_proche_sans_lien_ou_au_telephone_faux_est_refuse(alice: Any, anne: Usager) -> None:
    with pytest.raises(FicheRefusee) as refus:
        ajouter_proche(alice, anne.pk, nom_complet="Claire", lien=" ", telephone="12")

    assert (set(refus.value.champs), Proche.objects.count()) == ({"lien", "telephone"}, 0)

from datetime import date
from typing import Any

import pytest

from dossier.models import Secteur, Usager
from dossier.services import FicheRefusee, HomonymePossible, admettre_usager
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import Contexte
from tests.dossier.fabrique import FICHE
from tests.support.monde import compte


def test_admettre_ouvre_un_dossier_d_ins_provisoire(alice: Any) -> None:
    secteur = Secteur.objects.create(nom="Lannion")

    cree = admettre_usager(alice, {**FICHE, "secteur_id": secteur.pk})

    relu = Usager.objects.get(pk=cree.pk)
    assert (relu.nom_complet, relu.telephone, relu.statut_ins) == (
        "Mme Anne Riou",
        "0261911234",
        "provisoire",
    )
    assert Message.objects.get(genre="dossier.usager.admis").contenu == {"usager": str(cree.pk)}


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("ne_le", date(2026, 11, 25), "La date de naissance (25/11/2026) est dans le futur."),
        ("ne_le", date(1842, 3, 12), "La date de naissance précède 1900\u00a0: vérifiez l’année."),
        (
            "telephone",
            "02 61",
            "Ce numéro n’est pas complet\u00a0: dix chiffres, par exemple 02 61 91 12 34.",
        ),
        ("code_postal", "2230", "Le code postal compte cinq chiffres."),
        ("prenoms", "  ", "Écrivez au moins un prénom."),
        ("civilite", "DR", "Choisissez une civilité."),
        ("nom_naissance", "R" * 101, "100 caractères au plus."),
    ],
)
def test_une_fiche_fausse_est_refusee_champ_par_champ(
    alice: Any, champ: str, valeur: Any, phrase: str
) -> None:
    with pytest.raises(FicheRefusee) as refus:
        admettre_usager(alice, {**FICHE, champ: valeur})

    assert refus.value.champs == {champ: phrase}
    assert (Usager.objects.count(), Message.objects.count()) == (0, 0)


def test_toutes_les_fautes_se_disent_ensemble(alice: Any) -> None:
    with pytest.raises(FicheRefusee) as refus:
        admettre_usager(alice, {**FICHE, "telephone": "12", "accompagne_depuis": date(1942, 3, 11)})

    assert set(refus.value.champs) == {"telephone", "accompagne_depuis"}


def test_un_secteur_d_ailleurs_est_refuse(alice: Any) -> None:
    with pytest.raises(FicheRefusee) as refus:
        admettre_usager(alice, {**FICHE, "secteur_id": alice.pk})

    assert refus.value.champs == {"secteur_id": "Ce secteur n’existe pas dans votre structure."}


@pytest.mark.parametrize("autre", [{"nom_usage": ""}, {"prenoms": "ANNE"}, {"nom_naissance": "Le Bihan"}])
def test_un_homonyme_ne_devient_pas_un_second_dossier(alice: Any, autre: dict[str, Any]) -> None:
    admettre_usager(alice, FICHE)

    with pytest.raises(HomonymePossible):
        admettre_usager(alice, {**FICHE, **autre})

    assert Usager.objects.count() == 1


def test_une_vraie_homonyme_s_admet_apres_verification(alice: Any) -> None:
    admettre_usager(alice, FICHE)

    admettre_usager(alice, FICHE, homonyme_confirme=True)

    assert Usager.objects.count() == 2


@pytest.mark.parametrize("autre", [{"ne_le": date(1942, 3, 13)}, {"prenoms": "Annie"}])
def test_une_soeur_jumelle_de_nom_n_est_pas_un_homonyme(alice: Any, autre: dict[str, Any]) -> None:
    admettre_usager(alice, FICHE)

    admettre_usager(alice, {**FICHE, **autre})

    assert Usager.objects.count() == 2


@pytest.mark.parametrize("qui", ["awa", "bruno"])
def test_le_terrain_n_admet_personne(matin: None, dans_a: Contexte, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        admettre_usager(compte(qui), FICHE)

    assert Usager.objects.count() == 0


@pytest.mark.parametrize("qui", ["alice", "direction", "accueil"])
def test_le_gir_ne_se_saisit_que_par_une_fonction_de_soin(matin: None, dans_a: Contexte, qui: str) -> None:
    with pytest.raises(FicheRefusee) as refus:
        admettre_usager(compte(qui), {**FICHE, "gir": 3})

    assert refus.value.champs == {
        "gir": "Le GIR est une donnée de santé\u00a0: l’infirmier coordinateur le saisit."
    }


def test_l_idec_saisit_le_gir(matin: None, dans_a: Contexte) -> None:
    assert admettre_usager(compte("idec"), {**FICHE, "gir": 3}).gir == 3

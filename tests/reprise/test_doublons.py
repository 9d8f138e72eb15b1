"""The same person twice: proposed by traits, decided by somebody, one line at a time."""

import pytest

from dossier.models import Rattachement, Secteur, Usager
from dossier.reprise.models import Ligne, ReferenceExterne
from dossier.reprise.services import integration
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.tenancy.courant import Contexte
from tests.dossier.fabrique import FICHE
from tests.reprise.fabrique import INS, OID_TEST, csv, decider, deposer, essayer, etats, fautes, importer
from tests.support.monde import compte

TITRES = "Code;Civ;Nom;Nom d’usage;Prénom;Né le;Entrée;Tél;NIR;OID"


@pytest.fixture
def anne(dans_a: Contexte) -> Usager:
    """Anne Marie Le Goff, wife Riou, born on 12 March 1942."""
    champs = {**FICHE, "telephone": ""}
    anne: Usager = Usager.objects.create(**champs)
    return anne


def doublons(sujet: object) -> dict[int, str]:
    return {
        ligne.numero: ligne.doublon["nature"]
        for ligne in Ligne.objects.filter(reprise=sujet).exclude(doublon={})
    }


def test_les_traits_stricts_et_les_approchants_sont_proposes(anne: Usager) -> None:
    sujet = deposer(
        csv(
            TITRES,
            "1;Mme;LE GOFF;;anne;12/03/1942;06/02/2023;;;",
            "2;Mme;Riou;;Annie;12/03/1942;06/02/2023;;;",
            "3;M;Le Goff;;Anne;12/03/1942;06/02/2023;;;",
            "4;Mme;Le Goff;;Anne;13/03/1942;06/02/2023;;;",
            "5;Mme;Legoff;;Anne;12/03/1942;06/02/2023;;;",
        )
    )

    essayer(sujet)

    # Line 6 names « Legoff »: no name in common, letter for letter; a person reading the list sees both.
    assert doublons(sujet) == {2: "strict", 3: "proche", 4: "proche"}
    assert etats(sujet) == {2: "a_decider", 3: "a_decider", 4: "a_decider", 5: "prete", 6: "prete"}


def test_un_doublon_dans_le_fichier_est_propose(dans_a: Contexte) -> None:
    sujet = deposer(
        csv(
            TITRES,
            "1;Mme;Quéré;;Anne;12/03/1942;06/02/2023;;;",
            "1;Mme;Tanguy;;Odette;01/01/1940;06/02/2023;;;",
            "3;Mme;QUERE;;Anne Marie;12/03/1942;06/02/2023;;;",
        )
    )

    essayer(sujet)

    assert doublons(sujet) == {3: "meme_reference", 4: "strict"}


def test_rien_ne_s_importe_tant_qu_un_doublon_attend(anne: Usager) -> None:
    sujet = deposer(
        csv(TITRES, "1;Mme;Le Goff;;Anne;12/03/1942;06/02/2023;;;", "2;M;Bon;;Jean;01/02/1940;06/02/2023;;;")
    )
    essayer(sujet)

    with pytest.raises(RepriseRefusee, match="Il reste un doublon à décider"):
        integration.importer(compte("alice"), sujet.pk)

    assert Usager.objects.count() == 1


def test_garder_l_existant_ne_cree_rien_mais_retient_sa_reference(anne: Usager) -> None:
    sujet = deposer(
        csv(TITRES, "C7;Mme;Le Goff;;Anne;12/03/1942;06/02/2023;;;", "2;M;Bon;;Jean;01/02/1940;06/02/2023;;;")
    )
    essayer(sujet)
    decider(sujet, 2, "garder")

    importer(sujet)

    assert etats(sujet) == {2: "ecartee", 3: "importee"}
    assert Usager.objects.count() == 2
    assert ReferenceExterne.objects.filter(objet_id=anne.pk).get().reference == "C7"


def test_completer_ne_remplit_que_le_vide(anne: Usager) -> None:
    ligne = f"C7;Mme;Le Goff;Autre;Anne;12/03/1942;01/01/2020;0261910000;{INS};{OID_TEST}"
    sujet = deposer(csv(TITRES, ligne))
    essayer(sujet)
    decider(sujet, 2, "completer")

    importer(sujet)

    anne.refresh_from_db()
    assert (anne.telephone, anne.nom_usage, f"{anne.accompagne_depuis}") == (
        "0261910000",
        "Riou",
        "2023-02-06",
    )
    assert (anne.ins, anne.ins_oid, anne.statut_ins) == (INS, OID_TEST, "provisoire")
    assert sorted(Ligne.objects.get(reprise=sujet).complements) == ["ins", "telephone"]


def test_un_fichier_depose_deux_fois_ne_double_personne(dans_a: Contexte) -> None:
    octets = csv(TITRES, "C1;Mme;Quéré;;Anne;12/03/1942;06/02/2023;;;")
    premier = deposer(octets)
    essayer(premier)
    importer(premier)
    second = deposer(octets)

    essayer(second)

    assert doublons(second) == {2: "reference"}
    with pytest.raises(RepriseRefusee, match="pas possible"):
        decider(second, 2, "creer")
    decider(second, 2, "completer")
    importer(second)
    assert Usager.objects.count() == 1


def test_un_meme_matricule_est_un_doublon_et_ne_se_cree_pas_deux_fois(dans_a: Contexte) -> None:
    Usager.objects.create(**{**FICHE, "nom_naissance": "Autre"}, ins=INS, ins_oid=OID_TEST)
    sujet = deposer(csv(TITRES, f"1;Mme;Quéré;;Anne;01/01/1950;06/02/2023;;{INS};{OID_TEST}"))
    essayer(sujet)
    assert doublons(sujet) == {2: "strict"}
    decider(sujet, 2, "creer")

    importer(sujet)

    assert etats(sujet) == {2: "refusee"}
    assert "déjà celui d’un autre dossier" in fautes(sujet, 2)["ins"]
    assert Usager.objects.count() == 1


def test_un_responsable_ne_decide_pas_d_une_personne_hors_de_ses_secteurs(anne: Usager) -> None:
    ici, ailleurs = Secteur.objects.create(nom="Ici"), Secteur.objects.create(nom="Ailleurs")
    Usager.objects.filter(pk=anne.pk).update(secteur=ailleurs)
    Rattachement.objects.filter(compte=compte("alice")).update(secteur=ici)
    sujet = deposer(
        csv(
            TITRES + ";Secteur",
            "1;Mme;Le Goff;;Anne;12/03/1942;06/02/2023;;;;Ici",
            "2;Mme;Tanguy;;Odette;01/01/1940;06/02/2023;;;;Ailleurs",
            "3;Mme;Bon;;Odette;01/01/1940;06/02/2023;;;;",
        )
    )
    essayer(sujet)

    assert etats(sujet) == {2: "a_decider", 3: "refusee", 4: "refusee"}
    assert "Vous ne répondez pas de ce secteur" in fautes(sujet, 3)["secteur"]
    with pytest.raises(RepriseRefusee, match="ne vous est pas ouvert"):
        decider(sujet, 2, "garder")
    decider(sujet, 2, "garder", "direction")
    assert etats(sujet)[2] == "ecartee"


def test_une_decision_se_change_jusqu_a_l_import(anne: Usager) -> None:
    sujet = deposer(csv(TITRES, "1;Mme;Le Goff;;Anne;12/03/1942;06/02/2023;;;"))
    essayer(sujet)
    decider(sujet, 2, "garder")
    decider(sujet, 2, "creer")

    importer(sujet)

    assert (etats(sujet), Usager.objects.count()) == ({2: "importee"}, 2)

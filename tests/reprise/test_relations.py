"""Files that hang on one another: the people around, what pays, sectors, and those who visit."""

from datetime import date

import pytest

from dossier.models import PriseEnCharge, Proche, Secteur, Usager
from dossier.reprise.models import Correspondance
from dossier.reprise.services import depot
from plateforme.tenancy.courant import Contexte
from telegestion.models import Intervenant
from tests.reprise.fabrique import csv, deposer, essayer, etats, fautes, finir, importer
from tests.support.monde import compte


@pytest.fixture
def anne(dans_a: Contexte) -> Usager:
    sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", "A-12;Mme;Quéré;Anne;12/03/1942;06/02/2023"))
    essayer(sujet)
    importer(sujet)
    anne: Usager = Usager.objects.get()
    return anne


def test_l_entourage_trouve_son_usager_par_sa_reference(anne: Usager) -> None:
    sujet = deposer(
        csv(
            "Code client;Nom;Prénom;Lien;Portable;Personne de confiance",
            "A-12;Quéré;Claire;fille;639980000;oui",
            "a-12;Quéré;Paul;fils;;",
            "A12;Quéré;Autre;fils;;",
            "A-12;Quéré;Léa;petite-fille;;oui",
            ";Quéré;Sans;voisine;;",
        ),
        genre="proches",
    )

    essayer(sujet)

    assert etats(sujet) == {2: "prete", 3: "prete", 4: "refusee", 5: "refusee", 6: "refusee"}
    assert "Aucun usager repris ne porte la référence «\u00a0A12\u00a0»" in fautes(sujet, 4)["usager"]
    assert "déjà une personne de confiance" in fautes(sujet, 5)["personne_de_confiance"]
    importer(sujet)
    assert list(
        Proche.objects.filter(usager=anne).values_list("nom_complet", "lien", "telephone", "ordre", "personne_de_confiance")
    ) == [("Claire Quéré", "fille", "0639980000", 1, True), ("Paul Quéré", "fils", "", 2, False)]  # fmt: skip


def test_une_prise_en_charge_se_reprend_avec_son_volume(anne: Usager) -> None:
    sujet = deposer(
        csv(
            "Code usager;Type d'aide;Organisme;N° notification;Heures;Du;Au",
            "A-12;APA à domicile;Département;2026-114;12h30;01/01/2026;31/12/2026",
            "A-12;CARSAT;Carsat Bretagne;;10;01/01/2027;31/12/2026",
            "A-12;Loterie;;;10;01/01/2026;",
        ),
        genre="prises",
    )

    essayer(sujet)

    assert etats(sujet) == {2: "prete", 3: "refusee", 4: "refusee"}
    assert fautes(sujet, 3)["au"] == "La fin (31/12/2026) précède le début (01/01/2027)."
    importer(sujet)
    prise = PriseEnCharge.objects.get(usager=anne)
    assert (prise.nature, prise.financeur, prise.numero, prise.minutes_mois, prise.du, prise.au) == (
        "apa", "Département", "2026-114", 750, date(2026, 1, 1), date(2026, 12, 31)
    )  # fmt: skip


def test_un_intervenant_se_reprend_sans_compte(dans_a: Contexte) -> None:
    Secteur.objects.create(nom="Lannion")
    sujet = deposer(
        csv(
            "Salarié;Fonction;Portable;Secteur;Contrat",
            "TANGUY Marc;Auxiliaire de vie sociale;06 39 98 00 01;lannion;28h",
            "RIOU Léa;Aide-soignante;;;50h",
            "ESSAI Awa;Aide à domicile;;;",
        ),
        genre="intervenants",
    )

    essayer(sujet)

    assert etats(sujet) == {2: "prete", 3: "refusee", 4: "a_decider"}
    sujet.lignes.filter(numero=4).update(etat="ecartee", decision="garder")
    importer(sujet)
    marc = Intervenant.objects.get(nom="TANGUY")
    assert (marc.prenom, marc.metier, marc.telephone, str(marc.secteur), marc.minutes_semaine, marc.compte) == (
        "Marc", "auxiliaire", "0639980001", "Lannion", 1680, None
    )  # fmt: skip


def test_un_secteur_inconnu_se_cree_ou_se_rattache(dans_a: Contexte) -> None:
    lannion = Secteur.objects.create(nom="Lannion")
    sujet = deposer(
        csv(
            "Code;Civ;Nom;Prénom;Né le;Entrée;Secteur",
            "1;Mme;Un;Anne;12/03/1942;06/02/2023;Lannion ville",
            "2;Mme;Deux;Anne;12/03/1943;06/02/2023;TRÉGASTEL",
            "3;Mme;Trois;Anne;12/03/1944;06/02/2023;divers",
        )
    )
    essayer(sujet)
    assert sorted(sujet.secteurs_inconnus) == ["Lannion ville", "TRÉGASTEL", "divers"]
    assert set(etats(sujet).values()) == {"refusee"}

    choix = {"lannion ville": str(lannion.pk), "tregastel": "creer", "divers": "aucun"}
    finir(depot.placer_les_secteurs(compte("alice"), sujet.pk, choix), sujet)
    importer(sujet)

    assert list(Usager.objects.order_by("ne_le").values_list("secteur__nom", flat=True)) == [
        "Lannion",
        "TRÉGASTEL",
        None,
    ]
    assert Secteur.objects.count() == 2


def test_une_correspondance_gardee_resert_au_fichier_suivant(dans_a: Contexte) -> None:
    titres = "Truc;Machin;Nom;Prénom;Né le;Entrée"
    sujet = deposer(csv(titres, "Mme;C1;Un;Anne;12/03/1942;06/02/2023"))
    assert "civilite" not in sujet.colonnes
    choix = {
        0: "civilite",
        1: "reference",
        2: "nom_naissance",
        3: "prenoms",
        4: "ne_le",
        5: "accompagne_depuis",
    }
    depot.regler(compte("alice"), sujet.pk, choix=choix, options={}, garder_sous="Export de Machin")

    suivant = deposer(csv(titres, "M;C2;Deux;Jean;12/03/1943;06/02/2023"))

    assert Correspondance.objects.get().nom == "Export de Machin"
    assert suivant.colonnes == {
        "civilite": 0,
        "reference": 1,
        "nom_naissance": 2,
        "prenoms": 3,
        "ne_le": 4,
        "accompagne_depuis": 5,
    }

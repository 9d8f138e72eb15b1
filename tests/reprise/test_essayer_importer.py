"""A file is tried, imported, undone, signed: counts, traits, and what each refuses."""

from dossier.models import Secteur, Usager
from dossier.reprise.models import Controle, EtatReprise, Ligne
from plateforme.tenancy.courant import Contexte
from tests.reprise.fabrique import csv, deposer, essayer, etats, importer

TROIS = csv(
    "Code;Civ;Nom;Prénom;Date de naissance;Entrée",
    "1;Mme;Le Goff;Anne;12/03/1942;06/02/2023",
    "2;M.;RIOU;Jean;3 avril 1938;2023-02-06",
    "3;Mlle;Tanguy;Odette;31/02/1940;06/02/2023",
)


def test_l_essai_n_ecrit_rien_et_l_import_ecrit_les_lignes_pretes(dans_a: Contexte) -> None:
    sujet = deposer(TROIS)
    passage = essayer(sujet)

    assert (passage.etat, passage.message) == (
        "fini",
        "2 lignes prêtes, 0 doublon à décider, 1 ligne refusée.",
    )
    assert etats(sujet) == {2: "prete", 3: "prete", 4: "refusee"}
    assert Usager.objects.count() == 0

    passage = importer(sujet)

    assert (passage.etat, passage.message) == ("fini", "2 fiches créées, 0 complétée.")
    assert sujet.etat == EtatReprise.IMPORTEE
    assert list(
        Usager.objects.values_list("nom_naissance", "prenoms", "civilite", "ne_le__year", "statut_ins")
    ) == [
        ("Le Goff", "Anne", "MME", 1942, "provisoire"),
        ("RIOU", "Jean", "M", 1938, "provisoire"),
    ]
    assert (sujet.comptes["avant"]["usagers"], sujet.comptes["apres"]["usagers"]) == (0, 2)
    assert Ligne.objects.filter(reprise=sujet, controle=Controle.A_VOIR).count() == 2
    assert Secteur.objects.count() == 0

"""Must show 5: 2,000 usagers from a workbook nobody tidied; and memory that does not follow the length of the file."""

import gc
import tracemalloc

import pytest

from dossier.models import Secteur, Usager
from dossier.reprise.models import EtatReprise, Ligne, ReferenceExterne
from dossier.reprise.services import annulation, lecture
from dossier.reprise.services.rapport import refusees
from plateforme.tenancy.courant import Contexte
from tenants.contexte import epingler
from tenants.models import Structure
from tests.reprise.fabrique import (
    TITRES,
    csv,
    decider,
    deposer,
    desordre,
    essayer,
    finir,
    importer,
    lignes_usagers,
)
from tests.support.monde import compte


@pytest.mark.timeout(300)
def test_deux_mille_usagers_en_desordre(dans_a: Contexte) -> None:
    Secteur.objects.create(nom="Lannion")
    sujet = deposer(desordre(), "Export.xlsx")
    assert (sujet.feuille, len(sujet.colonnes)) == (1, 15)

    essai = essayer(sujet)

    assert (essai.etat, essai.fait, essai.total) == ("fini", 2004, 2004)
    assert essai.message == "2000 lignes prêtes, 1 doublon à décider, 3 lignes refusées."
    assert Usager.objects.count() == 0
    rapport = refusees(compte("alice"), sujet.pk).decode("utf-8-sig").splitlines()
    assert [ligne.split(";")[0] for ligne in rapport] == ["Code client", "X1", "X2", "X3"]
    assert rapport[1].split(";")[3:6] == ["FAUX", "Jour", "31/02/1940"]
    assert (
        "F Date de naissance\u00a0: Le «\u00a031/02/1940\u00a0» n’existe pas dans le calendrier" in rapport[1]
    )

    _renvoyer_corrige(rapport)

    decider(sujet, 2009, "garder")
    passage = importer(sujet)

    assert (passage.etat, passage.fait, passage.message) == ("fini", 2001, "2000 fiches créées, 0 complétée.")
    assert (Usager.objects.count(), Usager.history.count(), ReferenceExterne.objects.count()) == (
        2000,
        2000,
        2001,
    )
    assert Ligne.objects.filter(reprise=sujet).exclude(controle="").count() == 40
    assert sujet.comptes["apres"]["usagers"] - sujet.comptes["avant"]["usagers"] == 2000

    retour = finir(annulation.annuler(compte("alice"), sujet.pk), sujet)

    assert (retour.etat, retour.fait, sujet.etat) == ("fini", 2000, EtatReprise.ANNULEE)
    assert (Usager.objects.count(), Usager.history.count(), ReferenceExterne.objects.count()) == (0, 0, 0)


def _renvoyer_corrige(rapport: list[str]) -> None:
    """What was refused is mended in the report itself, and sent again: the reasons are one column too many, ignored."""
    corrige = "\r\n".join(rapport).replace("31/02/1940", "29/02/1940", 1).replace("2090", "1941", 1)
    lignes = corrige.splitlines()
    lignes[2] = lignes[2].replace(";7;", ";5;")

    sujet = deposer("\r\n".join(lignes).encode("utf-8-sig"), "lignes-refusees.csv")

    assert essayer(sujet).message == "3 lignes prêtes, 0 doublon à décider, 0 ligne refusée."


def _en_csv(nombre: int) -> bytes:
    return csv(";".join(TITRES), *(";".join(str(c) for c in ligne) for ligne in lignes_usagers(nombre)))


def _crete(nombre: int) -> dict[str, int]:
    """Peak of the Python heap over what there was before, for each step, in bytes. Each chunk is committed."""
    octets = _en_csv(nombre)
    cretes = {"octets": len(octets)}
    sujet = deposer(octets)
    for etape in (essayer, importer):
        gc.collect()
        tracemalloc.start()
        passage = etape(sujet)
        cretes[etape.__name__] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (passage.etat, passage.fait) == ("fini", nombre)
    finir(annulation.annuler(compte("alice"), sujet.pk), sujet)
    return cretes


@pytest.mark.timeout(600)
def test_la_memoire_ne_suit_pas_la_longueur_du_fichier(base_a_part: str) -> None:
    with epingler(Structure.objects.get(slug="alpha")):
        Secteur.objects.create(nom="Lannion")
        _crete(50)  # what is imported and cached once and for all

        court, long = _crete(200), _crete(4_000)

    # The import holds one chunk; the dry run holds one chunk and the bytes of the file, sealed and clear.
    assert long["importer"] - court["importer"] < 1_000_000
    assert long["essayer"] - court["essayer"] < 3 * (long["octets"] - court["octets"]) + 1_000_000


@pytest.mark.timeout(300)
def test_vingt_mille_lignes_se_lisent_une_a_une() -> None:
    octets = _en_csv(20_000)

    def crete(contenu: bytes) -> tuple[int, int]:
        gc.collect()
        tracemalloc.start()
        lues = sum(1 for _ in lecture.lignes("csv", contenu, 0))
        haut = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return lues, haut

    (peu, bas), (beaucoup, haut) = crete(_en_csv(200)), crete(octets)

    assert (peu, beaucoup) == (201, 20_001)
    # Given the bytes, a hundred times more lines cost no more: one line at a time.
    assert haut - bas < 300_000

"""The timeline: whole days, newest first, nothing lost between two pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import RequestFactory

from dossier.web.fil import Fil, derouler, lire_curseur
from plateforme.web import registres
from plateforme.web.registres import EntreeFil, inscrire_fil
from tests.telegestion.fabrique import a

USAGER = uuid4()


def _entree(quand: datetime, famille: str, n: int = 0) -> EntreeFil:
    return EntreeFil(f"{famille}-{quand.isoformat()}-{n}", quand, famille, "clock", famille, "", "", {})


@pytest.fixture
def sources() -> Iterator[Any]:
    garde = dict(registres._fil)
    registres._fil.clear()

    def inscrire(famille: str, entrees: list[EntreeFil]) -> None:
        def source(_r: Any, _u: UUID, avant: datetime | None, limite: int) -> list[EntreeFil]:
            plus_anciennes = [e for e in entrees if avant is None or e.quand < avant]
            return sorted(plus_anciennes, key=lambda e: e.quand, reverse=True)[:limite]

        inscrire_fil(famille, "dossier.usager.voir", source)

    yield inscrire
    registres._fil.clear()
    registres._fil.update(garde)


def _page(compte: Any, avant: datetime | None = None, famille: str = "", par_page: int = 5) -> Fil:
    request = RequestFactory().get("/")
    request.user = compte
    return derouler(request, USAGER, avant=avant, famille=famille, par_page=par_page)


def _tout(compte: Any, famille: str = "", par_page: int = 5) -> list[list[str]]:
    pages, avant = [], None
    while True:
        fil = _page(compte, avant, famille, par_page)
        pages.append([e.cle for jour in fil.jours for e in jour.entrees])
        if fil.suite is None:
            return pages
        avant = lire_curseur(fil.suite.isoformat())


def test_les_jours_ont_leur_titre(alice: Any, sources: Any) -> None:
    sources("intervention", [_entree(a("08:00", jour), "intervention") for jour in (24, 23, 22)])

    assert [jour.titre for jour in _page(alice).jours] == [
        "Aujourd’hui, mardi 24 novembre",
        "Hier, lundi 23 novembre",
        "Dimanche 22 novembre",
    ]


def test_les_sources_se_melangent_par_date(alice: Any, sources: Any) -> None:
    sources("intervention", [_entree(a("08:00"), "intervention"), _entree(a("06:00"), "intervention")])
    sources("transmission", [_entree(a("07:00"), "transmission")])

    (jour,) = _page(alice).jours

    assert [e.famille for e in jour.entrees] == ["intervention", "transmission", "intervention"]


def test_une_page_ne_coupe_pas_un_jour(alice: Any, sources: Any) -> None:
    sources(
        "intervention",
        [
            _entree(a(heure, jour), "intervention")
            for jour in (24, 23, 22)
            for heure in ("07:00", "08:00", "06:00")
        ],
    )

    assert [len(page) for page in _tout(alice)] == [3, 3, 3]


@pytest.mark.parametrize("par_page", [1, 2, 3, 5, 8, 40])
@pytest.mark.parametrize("famille", ["", "intervention"])
def test_rien_ne_se_perd_ni_ne_se_repete_d_une_page_a_l_autre(
    alice: Any, sources: Any, par_page: int, famille: str
) -> None:
    visites = [_entree(a("08:00") - timedelta(hours=7 * n), "intervention", n) for n in range(30)]
    notes = [_entree(a("08:10") - timedelta(hours=19 * n), "transmission", n) for n in range(11)]
    sources("intervention", visites)
    sources("transmission", notes)

    lues = [cle for page in _tout(alice, famille, par_page) for cle in page]

    attendues = visites if famille else [*visites, *notes]
    assert lues == [e.cle for e in sorted(attendues, key=lambda e: (e.quand, e.cle), reverse=True)]


def test_un_filtre_garde_les_autres_a_portee(alice: Any, sources: Any) -> None:
    sources("intervention", [_entree(a("08:00"), "intervention")])
    sources("transmission", [_entree(a("07:00"), "transmission")])

    fil = _page(alice, famille="transmission")

    assert [(f.libelle, f.choisi) for f in fil.filtres] == [
        ("Tout", False),
        ("Transmissions", True),
        ("Interventions", False),
    ]
    assert [e.famille for jour in fil.jours for e in jour.entrees] == ["transmission"]


def test_une_source_interdite_n_est_pas_lue(awa: Any, sources: Any) -> None:
    def explose(*_: Any) -> list[EntreeFil]:
        raise AssertionError

    inscrire_fil("interdite", "dossier.usager.lister", explose)

    assert _page(awa).jours == ()


@pytest.mark.parametrize("brut", ["", "hier", "2026-11-24", "2026-11-24T08:00:00"])
def test_un_curseur_qui_ne_veut_rien_dire_est_le_debut(brut: str) -> None:
    assert lire_curseur(brut) is None

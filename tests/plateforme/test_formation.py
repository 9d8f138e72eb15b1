"""Training: each signs for oneself, in time, once; the fact counts people, never names them."""

from datetime import timedelta

import pytest

from plateforme import faits
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.formation import services
from plateforme.formation.models import Emargement, Seance
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import Contexte
from tests.support.monde import Monde, client_de, compte, lier


def seance(jours: int = 0) -> Seance:
    return services.prevoir(
        compte("direction"),
        titre="Prise en main",
        le=today() + timedelta(days=jours),
        minutes=90,
        animee_par="Essai",
    )


def test_chacun_emarge_pour_soi_une_seule_fois(dans_a: Contexte) -> None:
    sujet = seance()

    services.emarger(compte("awa"), sujet.pk)
    services.emarger(compte("awa"), sujet.pk)

    assert [e.compte.identifiant for e in Emargement.objects.select_related("compte")] == ["awa"]
    assert Message.objects.filter(genre=faits.GENRE).exists()


@pytest.mark.parametrize(("jours", "phrase"), [(1, "n’a pas encore eu lieu"), (-31, "il y a plus d’un mois")])
def test_hors_du_temps_l_emargement_est_refuse(dans_a: Contexte, jours: int, phrase: str) -> None:
    sujet = seance(jours)

    with pytest.raises(ErreurMetier, match=phrase):
        services.emarger(compte("awa"), sujet.pk)

    assert not Emargement.objects.exists()


def test_le_trentieme_jour_est_encore_temps(dans_a: Contexte) -> None:
    services.emarger(compte("awa"), seance(-30).pk)

    assert Emargement.objects.count() == 1


def test_le_fait_compte_les_salaries_formes(dans_a: Contexte) -> None:
    un, deux = seance(), seance(-2)
    for qui in ("awa", "bruno"):
        services.emarger(compte(qui), un.pk)
    services.emarger(compte("awa"), deux.pk)

    etat = faits.fait("formation.emargee").lire()

    assert (etat.fait, etat.attendu, etat.tenu) == (2, 9, False)


def test_une_aide_emarge_depuis_sa_page_et_ne_voit_pas_qui_manque(monde: Monde) -> None:
    with lier(monde.a):
        sujet = seance()
    awa = client_de(monde.a, "awa")

    page = awa.get("/formations").content.decode()
    assert "J’ai suivi cette séance" in page
    assert "Sans formation" not in page
    assert awa.post(f"/formations/{sujet.pk}/emarger").status_code == 302
    assert "Émargée" in awa.get("/formations").content.decode()
    assert awa.get(f"/formations/{sujet.pk}/feuille").status_code == 403


def test_la_direction_imprime_la_feuille(monde: Monde) -> None:
    import io

    import pypdf

    with lier(monde.a):
        sujet = seance()
        services.emarger(compte("awa"), sujet.pk)

    papier = client_de(monde.a, "direction").get(f"/formations/{sujet.pk}/feuille").content

    assert "Awa Essai" in pypdf.PdfReader(io.BytesIO(papier)).pages[0].extract_text()

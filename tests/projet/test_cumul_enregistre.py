"""What members declared and what was decided change what the rules say, and stay on record."""

from datetime import date
from typing import Any

import pytest

from plateforme.core.errors import Introuvable
from tenants.projet import queries
from tenants.projet.models import DecisionDeCumul
from tenants.projet.rules.cumul import Verdict
from tenants.projet.services import cumul as services
from tenants.projet.services.acteur import ProjetRefuse
from tests.projet.conftest import Reseau, adherer, structure

LE = date(2026, 3, 2)
MOTIF = "L’éditeur d’origine a cessé son activité l’an dernier."


def verdict(reseau: Reseau, objet: str = "acquisition") -> Verdict:
    lus = queries.membres(reseau.grappe, LE)
    return queries.cumuls(lus, reseau.appel, objet, LE)[0].verdict


def declarer(reseau: Reseau, cle: Any, **champs: Any) -> None:
    services.declarer(
        reseau.paule, cle,
        **{"famille": "sons", "programme": reseau.sons, "objet": "mise_a_niveau", "obtenu_le": date(2024, 2, 1), "montant": None, "reference": "F", **champs},
    )  # fmt: skip


def decider(reseau: Reseau, cle: Any, sens: str, **champs: Any) -> None:
    services.decider(
        reseau.paule, cle,
        **{"programme": reseau.appel, "objet": "acquisition", "sens": sens, "rendu_le": LE, "motif": MOTIF, "reference": "A", **champs},
    )  # fmt: skip


@pytest.fixture
def membre(reseau: Reseau) -> Any:
    return adherer(reseau.grappe, structure("22", 1)).structure.pk


def test_une_declaration_puis_un_avis_changent_l_issue(reseau: Reseau, membre: Any) -> None:
    assert verdict(reseau) == Verdict.AUTORISE
    declarer(reseau, membre)
    assert verdict(reseau) == Verdict.AVIS_ARS
    assert verdict(reseau, "usages") == Verdict.AUTORISE

    decider(reseau, membre, "favorable")
    assert verdict(reseau) == Verdict.AUTORISE
    decider(reseau, membre, "defavorable")

    assert verdict(reseau) == Verdict.INTERDIT
    assert DecisionDeCumul.objects.count() == 2


def test_l_europe_ne_se_leve_que_par_la_direction(reseau: Reseau, membre: Any) -> None:
    declarer(reseau, membre, famille="europeen", programme=None)
    decider(reseau, membre, "favorable")
    assert verdict(reseau) == Verdict.INTERDIT

    decider(reseau, membre, "derogation")

    assert verdict(reseau) == Verdict.AUTORISE


def test_une_decision_ne_vaut_que_pour_sa_demande(reseau: Reseau, membre: Any) -> None:
    declarer(reseau, membre, famille="europeen", programme=None)
    decider(reseau, membre, "derogation", objet="usages")

    assert verdict(reseau) == Verdict.INTERDIT


def test_une_decision_sans_motif_est_refusee(reseau: Reseau, membre: Any) -> None:
    with pytest.raises(ProjetRefuse) as refus:
        decider(reseau, membre, "derogation", motif="Voilà.")
    assert list(refus.value.champs) == ["motif"]


def test_un_programme_va_avec_sa_famille(reseau: Reseau, membre: Any) -> None:
    with pytest.raises(ProjetRefuse) as refus:
        declarer(reseau, membre, famille="europeen")
    assert list(refus.value.champs) == ["programme"]


def test_le_membre_du_voisin_est_introuvable(reseau: Reseau) -> None:
    ailleurs = adherer(reseau.autre, structure("22", 9)).structure.pk

    with pytest.raises(Introuvable):
        declarer(reseau, ailleurs)
    with pytest.raises(Introuvable):
        decider(reseau, ailleurs, "favorable")

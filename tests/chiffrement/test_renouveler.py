"""``manage.py renouveler_cles``: dry by default, nothing lost."""

import pytest
from django.core.management import CommandError, call_command

from plateforme.chiffrement import coffre, sujets
from plateforme.chiffrement.models import Cle, CleSujet
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde


def test_a_blanc_rien_ne_change(base_a_part: str, capsys: pytest.CaptureFixture[str]) -> None:
    with lier(Monde.charger().a):
        coffre.sceller(b"x", "u")

    call_command("renouveler_cles", "alpha", donnees=True, maitresse=True)

    assert "alpha : 1 clé(s) à renouveler.\nRien n’est écrit sans --appliquer." in capsys.readouterr().out
    with lier(Monde.charger().a):
        assert Cle.objects.get().version == 1


def test_tout_renouveler_et_tout_relire(base_a_part: str, capsys: pytest.CaptureFixture[str]) -> None:
    monde = Monde.charger()
    with lier(monde.a):
        scelle = coffre.sceller(b"x", "u")
        cle = sujets.cle_de(monde.a.structure_id)
        de_sujet, avant = cle.sceller(b"y", "u"), Cle.objects.get().reference

    call_command("renouveler_cles", "alpha", donnees=True, maitresse=True, resceller=True, appliquer=True)

    sortie = capsys.readouterr().out
    assert "alpha : 1 clé(s) emballée(s) de nouveau." in sortie
    assert "alpha : clé de données v2." in sortie
    assert "alpha : 1 ligne(s) de chiffrement.cle_sujet scellée(s) de nouveau." in sortie
    with lier(monde.a):
        assert coffre.ouvrir(scelle, "u") == b"x"
        assert sujets.cle_de(monde.a.structure_id).ouvrir(de_sujet, "u") == b"y"
        assert {c.reference for c in Cle.objects.all()} & {avant} == set()
        assert CleSujet.objects.get().scellee_par == Cle.objects.get(version=2).pk


def test_sans_dire_quoi_ou_pour_qui_c_est_une_erreur(db: None) -> None:
    with pytest.raises(CommandError, match="Dites quoi faire"):
        call_command("renouveler_cles", "alpha")
    with pytest.raises(CommandError, match="inconnue"):
        call_command("renouveler_cles", "inconnue", donnees=True)

"""Commands of the operator: dry by default, an exit code that counts failures, French sentences."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Structure
from tenants.services.ddl import connexion_ddl
from tests.support.listes import TITRES, lignes_bonnes


@pytest.fixture
def liste(tmp_path: Path) -> Path:
    fichier = tmp_path / "liste.csv"
    fichier.write_text("\n".join([TITRES, *lignes_bonnes(2)]), encoding="utf-8")
    return fichier


def test_sans_appliquer_rien_n_est_ecrit(
    base_a_part: str, liste: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    avant = Structure.objects.count()

    call_command("ouvrir_structures", str(liste))

    assert "Rien n’est écrit sans --appliquer" in capsys.readouterr().out
    assert Structure.objects.count() == avant


def test_appliquer_ouvre_et_redit_le_bilan(
    base_a_part: str, liste: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ouvrir_structures", str(liste), appliquer=True)
    call_command("ouvrir_structures", str(liste), appliquer=True)

    sortie = capsys.readouterr().out
    assert "2 structures créées, 0 déjà ouverte, 0 ligne refusée." in sortie
    assert "0 structure créée, 2 déjà ouvertes, 0 ligne refusée." in sortie


def test_une_ligne_fausse_donne_un_code_d_erreur(base_a_part: str, liste: Path) -> None:
    liste.write_text(liste.read_text() + "\nFaux;230000001;230099996;Guéret;SAAD", encoding="utf-8")

    with pytest.raises(CommandError, match="1 ligne"):
        call_command("ouvrir_structures", str(liste), appliquer=True)


def test_migrate_dit_quoi_lancer_a_la_place(db: None) -> None:
    with pytest.raises(CommandError, match="migrer_structures"):
        call_command("migrate", skip_checks=True)


def test_amorcer_deux_fois_ne_change_rien(base_a_part: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("amorcer")

    assert "0 étape(s) ajoutée(s)" in capsys.readouterr().out


def test_la_derive_d_un_schema_fait_echouer_la_verification(base_a_part: str) -> None:
    call_command("verifier_structures")
    schema = Structure.objects.get(slug="alpha").emplacement.schema
    with connexion_ddl() as ddl:
        ddl.execute(f'CREATE INDEX a_la_main ON "{schema}".dossier_secteur (nom)')

    with pytest.raises(CommandError, match="modifiés à la main"):
        call_command("verifier_structures")


def test_la_flotte_a_jour_passe_le_controle(base_a_part: str) -> None:
    call_command("migrer_structures", verifier=True)


def test_archiver_puis_restaurer_par_la_commande(
    base_a_part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("archiver_structure", "alpha")
    cle = capsys.readouterr().out.strip()

    with pytest.raises(CommandError, match="encore son schéma"):
        call_command("archiver_structure", "alpha", restaurer=cle)
    with pytest.raises(CommandError, match="Aucune structure"):
        call_command("archiver_structure", "inconnue")

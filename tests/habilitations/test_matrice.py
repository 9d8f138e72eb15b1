"""The matrix is data: the default is the field's, a structure changes it within the law, at once and everywhere."""

import pytest
from django.db import connection

from plateforme.audit.models import Trace
from plateforme.habilitations.decision import HabilitationRefusee, peut
from plateforme.habilitations.domaines import COLONNES, DOMAINES, motif_d_interdiction
from plateforme.habilitations.models import Reglage
from plateforme.habilitations.registre import actions
from plateforme.habilitations.services.matrice import ReglageRefuse, regler
from plateforme.identity.models import Role
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte


def test_les_colonnes_sont_les_fonctions() -> None:
    assert sorted(COLONNES) == sorted(Role.values)


@pytest.mark.parametrize("action", [a for a in actions() if a.portee == "structure"], ids=lambda a: a.code)
def test_aucune_action_ne_donne_plus_que_sa_ligne(action: object) -> None:
    """A function holds an action by default only where its domain's row gives that operation."""
    ligne = DOMAINES[action.domaine].defaut  # type: ignore[attr-defined]
    trop = [r for r in action.roles if action.operation not in ligne.get(r, "")]  # type: ignore[attr-defined]

    assert trop == []


@pytest.mark.parametrize("domaine", DOMAINES.values(), ids=lambda d: d.cle)
def test_le_defaut_respecte_ses_propres_bornes(domaine: object) -> None:
    assert domaine.jamais & set(domaine.defaut) == set()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "role", ["direction", "responsable_secteur", "secretariat", "intervenant", "comptable_rh", "dpd"]
)
def test_la_sante_ne_s_ouvre_jamais_par_le_rang(role: str) -> None:
    assert "CSP L1110-4" in (motif_d_interdiction("sante", role, permis=True) or "")


def test_le_dpd_n_ouvre_aucun_domaine_du_dossier() -> None:
    du_dossier = {"identite", "ins", "acces_logement", "projet", "grilles", "sante", "transmissions", "planning", "facturation"}  # fmt: skip

    assert {d for d in DOMAINES if motif_d_interdiction(d, "dpd", permis=True)} == du_dossier


def test_retirer_un_droit_vaut_au_geste_suivant(monde: Monde) -> None:
    client = client_de(monde.a, "accueil")
    assert client.get("/usagers").status_code == 200

    with lier(monde.a):
        regler(
            compte("direction"), code="dossier.usager.lister", role="secretariat", permis=False, motif="Essai"
        )

    assert client.get("/usagers").status_code == 403
    assert client.get("/api/v1/usagers").status_code == 403
    assert client_de(monde.a, "alice").get("/usagers").status_code == 200
    assert client_de(monde.b, "accueil").get("/usagers").status_code == 200


def test_revenir_au_defaut_efface_la_case(dans_a: Contexte) -> None:
    donner = {"code": "telegestion.intervention.annuler", "role": "secretariat", "motif": "Petite équipe"}
    regler(compte("direction"), permis=True, **donner)
    assert peut(compte("accueil"), "telegestion.intervention.annuler")

    regler(compte("direction"), permis=False, **donner)

    assert not peut(compte("accueil"), "telegestion.intervention.annuler")
    assert Reglage.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "role", "permis", "dit"),
    [
        ("dossier.sante.voir", "direction", True, "jamais par le rang"),
        ("dossier.usager.voir", "dpd", True, "n’ouvre pas les dossiers"),
        ("dossier.usager.acces_logement", "direction", True, "clés"),
        ("habilitations.matrice.regler", "intervenant", True, "direction"),
        ("habilitations.matrice.regler", "direction", False, "plus personne"),
        ("tenants.structure.ouvrir", "direction", True, "n’appartient pas"),
        ("rien.du.tout", "direction", True, "n’existe pas"),
        ("dossier.usager.lister", "roi", True, "n’existe pas"),
    ],
)
def test_la_loi_borne_les_reglages(dans_a: Contexte, code: str, role: str, permis: bool, dit: str) -> None:
    with pytest.raises(ReglageRefuse, match=dit):
        regler(compte("direction"), code=code, role=role, permis=permis, motif="Essai")
    assert Reglage.objects.count() == 0


def test_sans_motif_rien_ne_change(dans_a: Contexte) -> None:
    with pytest.raises(ReglageRefuse) as refus:
        regler(compte("direction"), code="dossier.usager.lister", role="secretariat", permis=False, motif=" ")
    assert list(refus.value.champs) == ["motif"]


@pytest.mark.parametrize("qui", ["alice", "idec", "delphine", "accueil"])
def test_seule_la_direction_regle(dans_a: Contexte, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        regler(compte(qui), code="dossier.usager.lister", role="secretariat", permis=False, motif="Essai")


def test_le_changement_est_au_journal(dans_a: Contexte) -> None:
    connection._notes = []
    regler(compte("direction"), code="dossier.usager.lister", role="secretariat", permis=False, motif="Essai")
    connection.ecrire_avant_commit()

    trace = Trace.objects.get(genre="habilitations.matrice.modifiee")
    assert trace.details == {
        "action": "dossier.usager.lister",
        "role": "secretariat",
        "permis": False,
        "motif": "Essai",
    }


def test_la_page_montre_chaque_action_et_ce_qui_est_ferme_par_la_regle(monde: Monde) -> None:
    page = client_de(monde.a, "direction").get("/habilitations").content.decode()

    for a in actions():
        assert (f'id="{a.code}"' in page) == (a.portee == "structure"), a.code
    assert "fermé par la règle" in page
    assert client_de(monde.a, "delphine").get("/habilitations").status_code == 200
    assert client_de(monde.a, "accueil").get("/habilitations").status_code == 403


DU_DOSSIER = {"identite", "ins", "acces_logement", "projet", "grilles", "sante", "transmissions", "planning", "facturation"}  # fmt: skip


def test_chaque_action_du_dossier_se_dit_a_la_personne() -> None:
    """What an action leaves in « Qui a lu mon dossier » is a sentence written for the person."""
    muettes = [a.code for a in actions() if a.domaine in DU_DOSSIER and not a.vu and a.portee == "structure"]

    assert muettes == []

"""A grappe advises a matrix; each structure reads the difference and stays master of its own."""

import re
from datetime import date
from typing import Any

import pytest

from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee, peut
from plateforme.habilitations.models import Reglage
from plateforme.habilitations.registres import modele_de
from plateforme.reseau.models import CompteReseau
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.models import Adhesion, CelluleModele, Grappe, Organisme, Structure
from tenants.services import modele_de_droits as services
from tests.support.monde import Monde, client_de, compte

CONSEIL = {
    "code": "telegestion.intervention.annuler",
    "role": "secretariat",
    "permis": True,
    "motif": "Petites équipes",
}


@pytest.fixture
def grappe(monde: Monde) -> Grappe:
    """Paule's, with A in it and B out of it."""
    with lier(PUBLIC):
        porteur = Organisme.objects.order_by("pk").first()
        grappe = Grappe.objects.create(nom="Grappe du Trégor", porteur=porteur, ouverte_le=date(2026, 1, 5))
        Adhesion.objects.create(
            grappe=grappe, structure=Structure.objects.get(slug="alpha"), depuis=date(2026, 1, 5)
        )
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=grappe.pk)
    return grappe


def conseiller(**change: Any) -> CelluleModele:
    with lier(PUBLIC):
        return services.conseiller(compte("paule"), **{**CONSEIL, **change})


def test_un_conseil_est_lu_par_les_membres_et_par_eux_seuls(grappe: Grappe, monde: Monde) -> None:
    conseiller()

    with lier(monde.a):
        offert = modele_de(monde.a.structure_id)
        assert offert is not None
        assert (offert.nom, [(c.code, c.role, c.permis) for c in offert.cellules]) == (
            "Grappe du Trégor", [("telegestion.intervention.annuler", "secretariat", True)],
        )  # fmt: skip
        # Publishing changes nothing by itself.
        assert not peut(compte("accueil"), "telegestion.intervention.annuler")
    with lier(monde.b):
        assert modele_de(monde.b.structure_id) is None


def test_une_adhesion_finie_n_offre_plus_rien(grappe: Grappe, monde: Monde) -> None:
    conseiller()
    with lier(PUBLIC):
        Adhesion.objects.filter(grappe=grappe).update(jusqu_au=date(2026, 6, 30))

    with lier(monde.a):
        assert modele_de(monde.a.structure_id) is None


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"code": "dossier.sante.voir", "role": "direction"}, "jamais par le rang"),
        ({"code": "dossier.usager.voir", "role": "dpd"}, "n’ouvre pas les dossiers"),
        ({"code": "tenants.structure.ouvrir"}, "d’une structure"),
        ({"code": "rien.du.tout"}, "n’existe pas"),
        ({"role": "roi"}, "d’une structure"),
        ({"permis": False}, "réglage d’origine"),
        ({"motif": "  "}, "pourquoi"),
    ],
)
def test_le_modele_a_les_bornes_de_la_loi(grappe: Grappe, change: dict[str, Any], dit: str) -> None:
    with pytest.raises(services.ModeleRefuse, match=dit):
        conseiller(**change)
    with lier(PUBLIC):
        assert CelluleModele.objects.count() == 0


def test_l_operateur_ne_modele_pas_et_un_porteur_ne_touche_que_la_sienne(grappe: Grappe) -> None:
    cellule = conseiller()
    with lier(PUBLIC):
        with pytest.raises(HabilitationRefusee):
            services.conseiller(compte("denis"), **CONSEIL)
        autre = Grappe.objects.create(nom="Autre", porteur=grappe.porteur, ouverte_le=date(2026, 1, 5))
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=autre.pk)
        with pytest.raises(Introuvable):
            services.retirer(compte("paule"), cellule.pk)
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=None)
        with pytest.raises(services.ModeleRefuse, match="aucune grappe"):
            services.conseiller(compte("paule"), **CONSEIL)


def test_la_direction_lit_la_difference_et_l_adopte_d_un_geste(grappe: Grappe, monde: Monde) -> None:
    conseiller()
    client = client_de(monde.a, "direction")
    assert "Voir le modèle de droits de Grappe du Trégor" in client.get("/habilitations").content.decode()
    page = client.get("/habilitations/modele").content.decode()
    assert "Annuler une intervention" in page
    assert "Petites équipes" in page
    empreinte = re.search(r'name="empreinte" value="(\w+)"', page)
    assert empreinte is not None

    assert client.post("/habilitations/modele", {"empreinte": empreinte[1]}).status_code == 302

    with lier(monde.a):
        assert peut(compte("accueil"), "telegestion.intervention.annuler")
        assert Reglage.objects.get().motif == "Modèle de Grappe du Trégor : Petites équipes"
    assert "Rien à changer" in client.get("/habilitations/modele").content.decode()
    with lier(monde.b):
        assert not peut(compte("accueil"), "telegestion.intervention.annuler")


def test_un_modele_change_entre_temps_se_relit(grappe: Grappe, monde: Monde) -> None:
    conseiller()
    client = client_de(monde.a, "direction")
    empreinte = re.search(r'value="(\w{64})"', client.get("/habilitations/modele").content.decode())
    assert empreinte is not None
    conseiller(code="dossier.usager.sortir")

    assert client.post("/habilitations/modele", {"empreinte": empreinte[1]}).status_code == 409
    with lier(monde.a):
        assert Reglage.objects.count() == 0


def test_sans_modele_la_page_renvoie_a_la_matrice(monde: Monde) -> None:
    assert client_de(monde.b, "direction").get("/habilitations/modele").status_code == 302
    assert client_de(monde.a, "alice").get("/habilitations/modele").status_code == 403


def test_la_page_du_porteur_publie_et_retire(grappe: Grappe) -> None:
    client = client_de(None, "paule")
    champs = {**CONSEIL, "permis": "oui"}
    refus = client.post("/grappe/droits", {**champs, "motif": ""})
    assert refus.status_code == 422
    assert client.post("/grappe/droits", champs).status_code == 302
    with lier(PUBLIC):
        cellule = CelluleModele.objects.get()
    assert "Petites équipes" in client.get("/grappe/droits").content.decode()

    assert client.post(f"/grappe/droits/{cellule.pk}/retirer").status_code == 302

    with lier(PUBLIC):
        assert CelluleModele.objects.count() == 0

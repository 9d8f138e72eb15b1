"""« Voir comme »: the same decisions as the account's own, and never more than the reader may see."""

import pytest

from dossier.models import MembreEquipe, Opposition
from plateforme.audit.models import Trace
from plateforme.habilitations.models import Reglage
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import usager


def page(monde: Monde, lecteur: str, vu: str) -> str:
    with lier(monde.a):
        cle = compte(vu).pk
    reponse = client_de(monde.a, lecteur).get(f"/habilitations/voir-comme/{cle}")
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_la_direction_voit_les_dossiers_et_leur_raison(monde: Monde) -> None:
    with lier(monde.a):
        anne = usager("Riou")
        usager("Kerbrat")
        MembreEquipe.objects.create(usager=anne, compte=compte("awa"), motif="Toilette du soir")

    vue = page(monde, "direction", "awa")

    assert "1 dossier ouvert maintenant" in vue
    assert "Riou" in vue
    assert "Membre de l’équipe de soins\u00a0: Toilette du soir" in vue
    assert "Kerbrat" not in vue
    with lier(monde.a):
        trace = Trace.objects.filter(
            genre="habilitations.apercu.voir", nature="R", sujets__contains=[anne.pk]
        )
        assert trace.exists()


def test_le_nom_d_un_dossier_ferme_au_lecteur_est_tu(monde: Monde) -> None:
    with lier(monde.a):
        anne = usager("Riou")
        MembreEquipe.objects.create(usager=anne, compte=compte("awa"), motif="Toilette")
        Opposition.objects.create(
            usager=anne, role="direction", portee="tout", recueillie_par=compte("alice")
        )

    vue = page(monde, "direction", "awa")

    assert "Riou" not in vue
    assert "Toilette" not in vue
    assert "1 dossier dont vous ne voyez pas le nom" in vue


def test_la_dpd_ne_voit_que_des_nombres(monde: Monde) -> None:
    with lier(monde.a):
        usager("Riou")

    vue = page(monde, "delphine", "idec")

    assert "Riou" not in vue
    assert "1 dossier dont vous ne voyez pas le nom" in vue
    with lier(monde.a):
        assert Trace.objects.filter(genre="habilitations.apercu.voir").exists()
        assert not Trace.objects.filter(genre="habilitations.apercu.voir").exclude(sujets=[]).exists()


def test_la_sante_se_dit_et_ne_s_ouvre_pas(monde: Monde) -> None:
    """The direction learns that the IDEC reads health data; not one word of it."""
    with lier(monde.a):
        usager("Riou", gir=2, medecin="Dr Hippocrate")

    vue = page(monde, "direction", "idec")

    assert "Santé</span>" in vue or "Santé" in vue
    assert "Hippocrate" not in vue
    assert "GIR" not in vue
    assert "Soins et données de santé" in vue
    assert "Soins et données de santé" not in page(monde, "direction", "awa")


def test_un_droit_retire_disparait_de_l_apercu(monde: Monde) -> None:
    assert "Usagers" in page(monde, "direction", "accueil")
    with lier(monde.a):
        Reglage.objects.create(
            role="secretariat",
            code="dossier.usager.lister",
            permis=False,
            motif="x",
            regle_par=compte("direction"),
        )

    vue = page(monde, "direction", "accueil")

    assert "Voir la liste des usagers" not in vue


@pytest.mark.parametrize("qui", ["alice", "awa", "ines", "accueil", "compta"])
def test_l_apercu_est_ferme_aux_autres(qui: str, monde: Monde) -> None:
    assert client_de(monde.a, qui).get("/habilitations/voir-comme").status_code == 403


def test_un_compte_inconnu_ferme_ou_d_a_cote_n_a_pas_d_apercu(monde: Monde) -> None:
    with lier(monde.b):
        ailleurs = compte("celia").pk
    with lier(monde.a):
        Compte.objects.filter(identifiant="bruno").update(actif=False)
        ferme = compte("bruno").pk
    client = client_de(monde.a, "direction")

    assert client.get(f"/habilitations/voir-comme/{ailleurs}").status_code == 404
    assert client.get(f"/habilitations/voir-comme/{ferme}").status_code == 404

"""« Équipe et accès »: roles, closed accounts, sessions of others, RPPS."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plateforme.identity import registres
from plateforme.identity.models import Compte
from plateforme.identity.registres import FicheRpps
from plateforme.identity.rpps import Rpps
from plateforme.identity.services.annuaire import comptes_en_retard, verifier_les_echus
from plateforme.tenancy.courant import lier
from tests.identity.outils import est_connecte, premier
from tests.support.monde import Monde, client_de, compte


def cle(monde: Monde, identifiant: str) -> Any:
    with lier(monde.a):
        return compte(identifiant).pk


def test_changer_un_role_prend_effet_a_la_demande_suivante(monde: Monde) -> None:
    ouverte = client_de(monde.a, "awa")

    client_de(monde.a, "direction").post(f"/equipe/{cle(monde, 'awa')}/role", {"role": "secretariat"})

    assert not est_connecte(ouverte)
    with lier(monde.a):
        assert compte("awa").role == "secretariat"


def test_un_compte_desactive_perd_ses_sessions_et_sa_connexion_puis_revient(monde: Monde) -> None:
    ouverte, direction = client_de(monde.a, "awa"), client_de(monde.a, "direction")
    adresse = f"/equipe/{cle(monde, 'awa')}/etat"

    direction.post(adresse)
    assert not est_connecte(ouverte)
    assert premier(client_de(monde.a), "awa").status_code == 422

    direction.post(adresse)
    assert premier(client_de(monde.a), "awa").status_code == 302


def test_la_direction_ne_se_coupe_pas_elle_meme(monde: Monde) -> None:
    direction, adresse = client_de(monde.a, "direction"), f"/equipe/{cle(monde, 'direction')}"

    assert direction.post(f"{adresse}/etat").status_code == 422
    assert direction.post(f"{adresse}/role", {"role": "secretariat"}).status_code == 422
    assert est_connecte(direction)


@pytest.mark.parametrize("par", ["alice", "idec", "accueil", "awa"])
def test_seule_la_direction_change_un_role_ou_ferme_un_compte(monde: Monde, par: str) -> None:
    client, adresse = client_de(monde.a, par), f"/equipe/{cle(monde, 'bruno')}"

    assert [
        client.post(f"{adresse}/{quoi}", {"role": "direction"}).status_code
        for quoi in ("role", "etat", "sessions")
    ] == [403] * 3


def test_la_direction_ferme_la_session_de_quelqu_un(monde: Monde) -> None:
    ouverte, direction = client_de(monde.a, "awa"), client_de(monde.a, "direction")

    direction.post(f"/equipe/{cle(monde, 'awa')}/sessions", {"toutes": "oui"})

    assert not est_connecte(ouverte)
    assert est_connecte(direction)


def test_personne_ne_verifie_sa_propre_identite(monde: Monde) -> None:
    reponse = client_de(monde.a, "direction").post(
        f"/equipe/{cle(monde, 'direction')}/identite", {"piece": "cni", "mode": "presence"}
    )

    assert reponse.status_code == 422


def test_la_liste_coute_le_meme_nombre_de_requetes_a_dix_ou_a_quarante(monde: Monde) -> None:
    def cout() -> int:
        with CaptureQueriesContext(connection) as requetes:
            assert client.get("/equipe").status_code == 200
        return sum("identity_" in r["sql"] for r in requetes)

    client = client_de(monde.a, "direction")
    avant = cout()
    with lier(monde.a):
        for n in range(30):
            Compte.objects.ouvrir(
                identifiant=f"n{n}", mot_de_passe=None, prenom="N", nom=f"{n}", role="intervenant"
            )

    assert cout() == avant


def test_la_page_mon_compte_ne_montre_que_le_sien(monde: Monde) -> None:
    page = client_de(monde.a, "alice").get("/mon-compte").content.decode()

    assert "Alice Essai" in page
    assert "Idec" not in page


# --- RPPS ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("saisi", ["99700218896", "899700218896", "997 002 188 96", "8 997 00 21 88 96"])
def test_un_rpps_juste_se_lit_avec_ou_sans_prefixe(saisi: str) -> None:
    assert Rpps.lire(saisi).id_national == "899700218896"


@pytest.mark.parametrize(
    "saisi", ["99700218897", "9970021889", "997002188961", "", "9970021889²", "ANS20210107"]
)
def test_un_rpps_faux_est_refuse(saisi: str) -> None:
    with pytest.raises(ValueError, match="RPPS"):
        Rpps.lire(saisi)


def test_un_rpps_faux_se_voit_sur_le_formulaire_et_n_invite_personne(monde: Monde) -> None:
    donnees = {"prenom": "Inès", "nom": "Soin", "role": "infirmier", "id_national": "99700218897"}

    reponse = client_de(monde.a, "direction").post("/equipe/inviter", donnees)

    assert reponse.status_code == 422
    assert "clé de contrôle" in reponse.content.decode()
    with lier(monde.a):
        assert not Compte.objects.filter(prenom="Inès").exists()


@pytest.fixture
def annuaire() -> Any:
    """A directory that knows one number."""
    avant = list(registres._annuaire)
    demandes: list[str] = []

    def chercher(id_national: str) -> FicheRpps:
        demandes.append(id_national)
        return FicheRpps(trouve=id_national == "899700218896")

    registres.inscrire_annuaire(chercher)
    yield demandes
    registres._annuaire[:] = avant


def test_l_annuaire_est_consulte_a_la_creation(monde: Monde, annuaire: list[str]) -> None:
    donnees = {"prenom": "Inès", "nom": "Soin", "role": "infirmier", "id_national": "99700218896"}

    client_de(monde.a, "direction").post("/equipe/inviter", donnees)

    assert annuaire == ["899700218896"]
    with lier(monde.a):
        assert Compte.objects.get(prenom="Inès").rpps_verifie_le is not None
        assert not comptes_en_retard().exists()


def test_sans_annuaire_le_numero_reste_a_verifier(monde: Monde) -> None:
    donnees = {"prenom": "Inès", "nom": "Soin", "role": "infirmier", "id_national": "99700218896"}
    client = client_de(monde.a, "direction")

    client.post("/equipe/inviter", donnees)

    assert "Numéros RPPS à vérifier" in client.get("/equipe").content.decode()


@pytest.mark.parametrize(("verifie", "echu"), [(date(2024, 11, 24), False), (date(2024, 11, 23), True)])
@time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=False)
def test_un_numero_est_reverifie_tous_les_deux_ans(
    monde: Monde, annuaire: list[str], verifie: date, echu: bool
) -> None:
    with lier(monde.a):
        Compte.objects.filter(identifiant="idec").update(id_national="899700218896", rpps_verifie_le=verifie)

        assert verifier_les_echus() == int(echu)
        assert compte("idec").rpps_verifie_le == (date(2026, 11, 24) if echu else verifie)

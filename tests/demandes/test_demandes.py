"""Requests of persons: the delay of the law, who asks, one prolongation, an answer or a motive, each told in time once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from plateforme.core.errors import ErreurMetier
from plateforme.demandes import rules, services
from plateforme.demandes.models import Demande, RappelDemande
from plateforme.notifications.models import Notification
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte

JOUR = date(2026, 11, 22)
DELAIS = rules.Delais(mois=1, prolongation=2, medical_jours=8, medical_ancien_mois=2)
REPONSE = "Copie remise en main propre contre signature."


@pytest.fixture(autouse=True)
def _aujourd_hui() -> Any:
    with time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False):
        yield


def recevoir(**autres: Any) -> Demande:
    return services.recevoir(
        compte("delphine"),
        **{
            "genre": "acces", "concerne": "Mme Essai", "qualite": "personne", "canal": "courrier", "recue_le": JOUR,
            **autres,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("recue", "medical", "ancien", "attendue"),
    [
        (date(2026, 11, 22), False, False, date(2026, 12, 22)),
        (date(2026, 1, 31), False, False, date(2026, 2, 28)),  # a shorter month
        (date(2028, 1, 31), False, False, date(2028, 2, 29)),
        (date(2026, 12, 15), False, False, date(2027, 1, 15)),
        (date(2026, 11, 22), True, False, date(2026, 11, 30)),
        (date(2026, 11, 22), True, True, date(2027, 1, 22)),
    ],
)
def test_le_delai_est_celui_du_texte(recue: date, medical: bool, ancien: bool, attendue: date) -> None:
    assert rules.echeance(recue, DELAIS, medical=medical, ancien=ancien) == attendue


def test_une_demande_recoit_son_echeance(dans_a: Contexte) -> None:
    demande = recevoir()

    assert demande.echeance == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"recue_le": JOUR + timedelta(days=1)}, "ne se reçoit pas demain"),
        ({"ancien": True}, "ne vaut que pour le dossier de soins"),
    ],
)
def test_une_saisie_fausse_est_refusee(dans_a: Contexte, champs: dict[str, Any], phrase: str) -> None:
    with pytest.raises(ErreurMetier, match=phrase):
        recevoir(**champs)

    assert not Demande.objects.exists()


def test_rien_ne_se_remet_sans_identite(dans_a: Contexte) -> None:
    demande = recevoir()

    with pytest.raises(ErreurMetier, match="Vérifiez d’abord l’identité"):
        services.repondre(compte("delphine"), demande.pk, REPONSE)
    services.verifier_l_identite(compte("delphine"), demande.pk, "piece")
    services.repondre(compte("delphine"), demande.pk, REPONSE)

    demande.refresh_from_db()
    assert (demande.etat, demande.close_le) == ("repondue", JOUR)
    with pytest.raises(ErreurMetier, match="est close"):
        services.refuser(compte("delphine"), demande.pk, "Demande déjà satisfaite.")


def test_un_refus_se_motive_et_n_exige_pas_l_identite(dans_a: Contexte) -> None:
    demande = recevoir()

    with pytest.raises(ErreurMetier, match="en une phrase"):
        services.refuser(compte("delphine"), demande.pk, "non")
    services.refuser(compte("delphine"), demande.pk, "Identité jamais établie malgré deux relances.")

    demande.refresh_from_db()
    assert demande.etat == "refusee"


def test_le_delai_se_prolonge_une_fois_avant_son_terme(dans_a: Contexte) -> None:
    demande = recevoir()
    motif = "Dossier ancien réparti sur trois sites."

    services.prolonger(compte("delphine"), demande.pk, motif)

    demande.refresh_from_db()
    assert demande.echeance == date(2027, 2, 22)
    with pytest.raises(ErreurMetier, match="déjà prolongé"):
        services.prolonger(compte("delphine"), demande.pk, motif)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"genre": "medical"}, "ne se prolonge pas"),
        ({"recue_le": JOUR - timedelta(days=40)}, "Le délai est passé"),
    ],
)
def test_une_prolongation_impossible_est_refusee(
    dans_a: Contexte, champs: dict[str, Any], phrase: str
) -> None:
    demande = recevoir(**champs)

    with pytest.raises(ErreurMetier, match=phrase):
        services.prolonger(compte("delphine"), demande.pk, "Dossier ancien réparti sur trois sites.")


def test_chaque_seuil_rappelle_une_fois(dans_a: Contexte) -> None:
    demande = recevoir()

    for jour in range(40):
        with time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC) + timedelta(days=jour), tick=False):
            services.rappeler()
            services.rappeler()

    assert sorted(RappelDemande.objects.filter(demande=demande).values_list("seuil", flat=True)) == [
        -1,
        0,
        3,
        10,
    ]
    assert Notification.objects.filter(compte__identifiant="delphine").count() == 4
    assert not Notification.objects.filter(compte__identifiant="awa").exists()


# -- pages -----------------------------------------------------------------------------------------
def _ouvrir(monde: Monde) -> UUID:
    with lier(monde.a):
        return recevoir().pk


def test_le_dpd_enregistre_verifie_et_repond(monde: Monde) -> None:
    dpd = client_de(monde.a, "delphine")
    envoi = dpd.post(
        "/rgpd/demandes/nouvelle",
        {
            "genre": "acces",
            "concerne": "Mme Essai",
            "qualite": "personne",
            "canal": "oral",
            "recue_le": "2026-11-20",
        },
    )
    adresse = envoi["Location"]

    assert envoi.status_code == 302
    assert "32 jours" not in dpd.get(adresse).content.decode()
    refus = dpd.post(f"{adresse}/clore", {"reponse": REPONSE, "geste": "repondre"})
    assert refus.status_code == 422
    assert REPONSE in refus.content.decode()
    assert dpd.post(f"{adresse}/identite", {"preuve": "connue"}).status_code == 302
    assert dpd.post(f"{adresse}/clore", {"reponse": REPONSE, "geste": "repondre"}).status_code == 302
    assert "répondue" in dpd.get("/rgpd/demandes").content.decode()


@pytest.mark.parametrize("qui", ["alice", "awa", "accueil", "idec"])
def test_les_autres_fonctions_n_ont_pas_ce_registre(monde: Monde, qui: str) -> None:
    cle = _ouvrir(monde)

    assert client_de(monde.a, qui).get("/rgpd/demandes").status_code == 403
    assert client_de(monde.a, qui).get(f"/rgpd/demandes/{cle}").status_code == 403


def test_la_voisine_ne_trouve_pas_la_demande(monde: Monde) -> None:
    cle = _ouvrir(monde)

    assert client_de(monde.b, "delphine").get(f"/rgpd/demandes/{cle}").status_code == 404

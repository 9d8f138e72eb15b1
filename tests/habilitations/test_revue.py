"""Recertification: one line per account, decisions, a signature that can be computed again."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from plateforme.audit.models import Trace
from plateforme.core.clock import today
from plateforme.habilitations import queries
from plateforme.habilitations.models import Campagne, LigneDeRevue
from plateforme.habilitations.services import revue
from plateforme.identity.models import Compte, Session
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte


def ouverte(client: Any) -> str:
    reponse = client.post(
        "/habilitations/revues/ouvrir",
        {"titre": "Revue annuelle", "echeance": f"{today() + timedelta(days=30):%Y-%m-%d}"},
    )
    assert reponse.status_code == 302
    return str(reponse.headers["Location"])


def tout_maintenir(**autres: tuple[str, str, str]) -> dict[str, str]:
    """The form filled: everybody stays, but those named, as (decision, function, note)."""
    champs = {}
    for ligne in LigneDeRevue.objects.select_related("compte"):
        decision, role, note = autres.get(ligne.compte.identifiant, ("maintenu", "", ""))
        champs |= {f"d-{ligne.pk}": decision, f"r-{ligne.pk}": role, f"n-{ligne.pk}": note}
    return champs


def test_une_revue_se_mene_jusqu_a_la_signature(monde: Monde) -> None:
    client, bruno = client_de(monde.a, "direction"), client_de(monde.a, "bruno")
    with lier(monde.a):
        Compte.objects.filter(identifiant="compta").update(actif=False)
    adresse = ouverte(client)
    with lier(monde.a):
        assert set(LigneDeRevue.objects.values_list("compte__identifiant", flat=True)) == {
            "alice", "awa", "bruno", "direction", "idec", "accueil", "delphine", "ines",
        }  # fmt: skip
        champs = tout_maintenir(
            awa=("modifie", "aide_soignant", "Diplôme obtenu"), bruno=("retire", "", "Parti en octobre")
        )

    assert client.post(f"{adresse}/signer").status_code == 422  # nothing decided yet
    assert client.post(f"{adresse}/decider", champs).status_code == 302
    with lier(monde.a):
        assert compte("awa").role == "intervenant"  # not before the signature
    assert client.post(f"{adresse}/signer").status_code == 302

    with lier(monde.a):
        assert compte("awa").role == "aide_soignant"
        assert not compte("bruno").actif
        assert compte("alice").role == "responsable_secteur"
        campagne = Campagne.objects.get()
        assert campagne.signee_par == compte("direction")
        assert campagne.empreinte == hashlib.sha256(campagne.resultat.encode()).hexdigest()
        assert "moyen d’authentification\u00a0: mot de passe et code" in campagne.resultat
        assert (
            "awa | Awa Essai | intervenant | modifie | aide_soignant | actif | Diplôme obtenu | direction"
            in (campagne.resultat)
        )
        assert (
            Trace.objects.get(genre="habilitations.revue.signee").details["empreinte"] == campagne.empreinte
        )
    assert bruno.get("/m/").status_code == 302
    assert client.get(f"{adresse}/telecharger").content.decode() == campagne.resultat
    assert "Ce résultat est intact." in client.get(f"{adresse}/verifier").content.decode()
    assert client.post(f"{adresse}/decider", champs).status_code == 409
    assert client.post(f"{adresse}/signer").status_code == 409


@pytest.mark.parametrize("refaire", [False, True])
def test_un_resultat_modifie_se_voit(refaire: bool, monde: Monde) -> None:
    """Even by who computes the hash again: the journal kept the true one."""
    client = client_de(monde.a, "direction")
    adresse = ouverte(client)
    with lier(monde.a):
        champs = tout_maintenir()
    client.post(f"{adresse}/decider", champs)
    client.post(f"{adresse}/signer")
    with lier(monde.a):
        campagne = Campagne.objects.get()
        campagne.resultat = campagne.resultat.replace("maintenu", "retire", 1)
        if refaire:
            campagne.empreinte = revue.empreinte(campagne.resultat)
        campagne.save()

    page = client.get(f"{adresse}/verifier").content.decode()

    assert "Ce résultat a été modifié." in page
    assert ("Le texte ne donne plus son empreinte" in page) is not refaire
    assert "Le journal a retenu une autre empreinte" in page


def test_les_lignes_fautives_reviennent_les_autres_restent(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    adresse = ouverte(client)
    with lier(monde.a):
        champs = tout_maintenir(
            awa=("modifie", "", "x"), bruno=("retire", "", ""), direction=("retire", "", "moi"),
            ines=("modifie", "infirmier", "x"), idec=("couronner", "", ""),
        )  # fmt: skip

    reponse = client.post(f"{adresse}/decider", champs)

    page = reponse.content.decode()
    assert reponse.status_code == 422
    for phrase in (
        "Choisissez la nouvelle fonction.", "Dites pourquoi", "On ne change pas son propre compte.",
        "C’est déjà sa fonction", "Choisissez maintenir, changer ou retirer.",
    ):  # fmt: skip
        assert phrase in page
    with lier(monde.a):
        faits = LigneDeRevue.objects.filter(decision="maintenu").values_list("compte__identifiant", flat=True)
        assert set(faits) == {"alice", "accueil", "delphine", "compta"}


def test_un_compte_qui_a_bouge_se_redecide(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    adresse = ouverte(client)
    with lier(monde.a):
        champs = tout_maintenir()
    client.post(f"{adresse}/decider", champs)
    with lier(monde.a):
        Compte.objects.filter(identifiant="awa").update(role="aide_soignant")

    reponse = client.post(f"{adresse}/signer")

    assert reponse.status_code == 409
    assert "Awa Essai a changé de fonction" in reponse.content.decode()
    with lier(monde.a):
        assert Campagne.objects.get().signee_a is None
        ligne = LigneDeRevue.objects.get(compte=compte("awa"))
        assert (ligne.role, ligne.decision) == ("aide_soignant", "en_attente")


def test_une_seule_revue_a_la_fois_et_une_echeance_a_venir(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    hier = {"titre": "Revue", "echeance": f"{today():%Y-%m-%d}"}
    assert client.post("/habilitations/revues/ouvrir", hier).status_code == 422
    ouverte(client)

    deux = client.post("/habilitations/revues/ouvrir", {"titre": "Deux", "echeance": "2099-01-01"})

    assert deux.status_code == 422
    with lier(monde.a):
        assert Campagne.objects.count() == 1


def test_la_dpd_lit_et_ne_mene_pas(monde: Monde) -> None:
    adresse = ouverte(client_de(monde.a, "direction"))
    dpd = client_de(monde.a, "delphine")

    assert dpd.get(adresse).status_code == 200
    assert "Enregistrer les décisions" not in dpd.get(adresse).content.decode()
    assert dpd.post(f"{adresse}/decider").status_code == 403
    assert dpd.post(f"{adresse}/signer").status_code == 403
    assert client_de(monde.a, "idec").get(adresse).status_code == 403
    assert client_de(monde.b, "direction").get(adresse).status_code == 404
    assert client_de(monde.b, "direction").post(f"{adresse}/signer").status_code == 404


def test_signer_demande_une_preuve_fraiche(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    adresse = ouverte(client)
    with lier(monde.a):
        client.post(f"{adresse}/decider", tout_maintenir())
        Session.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))

    assert client.post(f"{adresse}/signer").status_code == 403
    with lier(monde.a):
        assert Campagne.objects.get().signee_a is None


def test_le_rappel_suit_l_echeance(dans_a: Contexte) -> None:
    jour = date(2026, 11, 24)
    assert queries.rappel_de_revue(jour) is None
    campagne = Campagne.objects.create(
        ouverte_par=compte("direction"), titre="Revue", echeance=jour + timedelta(days=16)
    )
    assert queries.rappel_de_revue(jour) is None
    rappel = queries.rappel_de_revue(jour + timedelta(days=1))
    assert rappel is not None
    assert not rappel.en_retard
    assert rappel.campagne == campagne
    tard = queries.rappel_de_revue(jour + timedelta(days=17))
    assert tard is not None
    assert tard.en_retard


def test_le_rappel_suit_le_parametre_date_puis_l_annee(dans_a: Contexte) -> None:
    from plateforme.habilitations.queries import REVUE_JOURS, REVUE_MOIS

    assert (REVUE_JOURS, REVUE_MOIS) == (15, 12)
    signee = Campagne.objects.create(
        ouverte_par=compte("direction"), titre="Ancienne", echeance=date(2025, 1, 1), signee_a=timezone.now(),
        signee_par=compte("direction"),
    )  # fmt: skip
    jour = signee.signee_a.date()
    assert queries.rappel_de_revue(jour + timedelta(days=364)) is None
    rappel = queries.rappel_de_revue(jour + timedelta(days=365))
    assert rappel is not None
    assert rappel.campagne is None

"""The DPD's page: finds, hands over, verifies; never shows a dossier; is itself on record."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossier.models import Usager
from plateforme.audit.journal import acte, noter
from plateforme.audit.models import Trace
from plateforme.core.clock import today
from plateforme.observability.contexte import tracer
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde, client_de, compte

ANNE = {"civilite": "MME", "nom_naissance": "Zanzibar", "prenoms": "Anne", "ne_le": date(1941, 5, 3), "accompagne_depuis": date(2024, 1, 8)}  # fmt: skip


@pytest.fixture
def anne(monde: Monde) -> Usager:
    """Three traces: Alice opened Anne's dossier, Ines by break-glass, a task wrote a row."""
    with lier(monde.a):
        usager = Usager.objects.create(**ANNE)
        connection._notes = []
        with acte("web", role="responsable_secteur"), tracer(acteur_id=compte("alice").pk):
            noter("dossier.usager.voir", sujets=[usager.pk])
        with acte("web", role="infirmier", mode="bris"), tracer(acteur_id=compte("ines").pk):
            noter("dossier.usager.voir", sujets=[usager.pk])
        with acte("tache:essai"):
            noter("audit.ligne.ecrite")
        connection.ecrire_avant_commit()
    return usager


def page(monde: Monde, **criteres: Any) -> str:
    return client_de(monde.a, "delphine").get("/journal", criteres).content.decode()


def test_le_dpd_lit_des_phrases_et_des_reperes_jamais_un_nom_d_usager(monde: Monde, anne: Usager) -> None:
    html = page(monde)

    assert "Alice Essai" in html
    assert "Mme A. Z., née en 1941" in html
    assert "Zanzibar" not in html
    assert "Le service lui-même" in html
    assert "accès exceptionnel" in html
    assert f"/usagers/{anne.pk}" not in html


@pytest.mark.parametrize(
    ("critere", "vues"),
    [
        ({"mode": "bris"}, {"Ines Essai"}),
        ({"genre": "audit.ligne.ecrite"}, {"Le service lui-même"}),
        ({"du": "2019-01-01", "au": "2019-12-31"}, set()),
    ],
)
def test_chaque_filtre_retient_ce_qu_il_dit(
    monde: Monde, anne: Usager, critere: dict[str, str], vues: set[str]
) -> None:
    html = page(monde, **critere).split('id="traces-titre"', 1)[1]

    assert {nom for nom in ("Alice Essai", "Ines Essai", "Le service lui-même") if nom in html} == vues


def test_la_personne_et_l_usager_se_choisissent(monde: Monde, anne: Usager) -> None:
    with lier(monde.a):
        alice = compte("alice").pk
    de_alice = page(monde, personne=str(alice)).split('id="traces-titre"', 1)[1]
    d_anne = page(monde, usager=f"http://alpha.localhost:8000/usagers/{anne.pk}/sante").split('id="traces-titre"', 1)[1]  # fmt: skip
    d_un_autre = page(monde, usager=str(uuid4())).split('id="traces-titre"', 1)[1]

    assert ("Alice Essai" in de_alice, "Ines Essai" in de_alice) == (True, False)
    assert ("Alice Essai" in d_anne, "Le service lui-même" in d_anne) == (True, False)
    assert "Aucune trace" in d_un_autre


@pytest.mark.parametrize(
    ("critere", "dit"),
    [
        ({"usager": "Anne"}, "collez l’adresse du dossier"),
        ({"du": "2026-02-01", "au": "2026-01-01"}, "La fin vient avant le début"),
        ({"du": "0001-01-01"}, "trop loin"),
        ({"au": "9999-12-31"}, "trop loin"),
        ({"genre": "rien.du.tout"}, "choix"),
    ],
)
def test_un_filtre_faux_est_explique(monde: Monde, critere: dict[str, str], dit: str) -> None:
    reponse = client_de(monde.a, "delphine").get("/journal", critere)

    assert reponse.status_code == 422
    assert dit in reponse.content.decode()


def test_consulter_est_note_et_l_usager_cherche_le_lira(monde: Monde, anne: Usager) -> None:
    client_de(monde.a, "delphine").get("/journal", {"usager": str(anne.pk), "mode": "bris"})
    with lier(monde.a):
        trace = Trace.objects.get(genre="audit.journal.consulte")

    assert (trace.role, trace.sujets) == ("dpd", [anne.pk])
    assert trace.details == {"du": str(today() - timedelta(days=30)), "au": str(today()), "mode": "bris"}


def test_chercher_ne_dit_pas_avoir_ouvert_les_dossiers(monde: Monde, anne: Usager) -> None:
    page(monde)
    with lier(monde.a):
        lectures = Trace.objects.filter(acteur_id=compte("delphine").pk)

        assert [(t.genre, t.sujets) for t in lectures] == [("audit.journal.consulte", [])]


@pytest.mark.parametrize(("qui", "statuts"), [("delphine", (200, 200)), ("direction", (403, 200)), ("idec", (403, 403)), ("alice", (403, 403)), ("awa", (403, 403))])  # fmt: skip
def test_le_journal_est_au_dpd_les_chiffres_aussi_a_la_direction(
    monde: Monde, qui: str, statuts: tuple[int, int]
) -> None:
    client = client_de(monde.a, qui)

    assert (client.get("/journal").status_code, client.get("/journal/chiffres").status_code) == statuts


def test_les_chiffres_ne_nomment_personne(monde: Monde, anne: Usager) -> None:
    html = client_de(monde.a, "direction").get("/journal/chiffres").content.decode()

    assert "Lectures par accès exceptionnel" in html
    for nom in ("Alice", "Ines", "Zanzibar", "Mme A. Z."):
        assert nom not in html


def test_cinquante_lignes_coutent_autant_que_trois(monde: Monde, anne: Usager) -> None:
    client = client_de(monde.a, "delphine")
    client.get("/journal")
    with CaptureQueriesContext(connection) as peu:
        client.get("/journal")
    with lier(monde.a):
        for i in range(80):
            autre = Usager.objects.create(**ANNE | {"prenoms": f"Anne {i}"})
            connection._notes = []
            with acte("web", role="idec"), tracer(acteur_id=compte("idec").pk):
                noter("dossier.usager.voir", sujets=[autre.pk])
            connection.ecrire_avant_commit()
    with CaptureQueriesContext(connection) as beaucoup:
        client.get("/journal")

    assert len(beaucoup) == len(peu)


def test_le_tableur_porte_des_identifiants_et_se_note(monde: Monde, anne: Usager) -> None:
    reponse = client_de(monde.a, "delphine").get("/journal/exporter", {"format": "csv", "mode": "bris"})
    lignes = list(csv.DictReader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))

    assert reponse["Content-Disposition"].startswith('attachment; filename="journal-des-acces-')
    assert [(ligne["Personne"], ligne["Accès particulier"], ligne["Usagers (identifiants)"]) for ligne in lignes] == [("Ines Essai", "accès exceptionnel", str(anne.pk))]  # fmt: skip
    assert "Zanzibar" not in reponse.content.decode()
    with lier(monde.a):
        trace = Trace.objects.get(genre="audit.export.remis")
    assert (trace.details["format"], trace.details["lignes"]) == ("csv", 1)


def test_exporter_demande_une_preuve_fraiche(monde: Monde, anne: Usager) -> None:
    from plateforme.core.clock import now
    from plateforme.identity.models import Session

    client = client_de(monde.a, "delphine")
    with lier(monde.a):
        Session.objects.update(confirmee_a=now() - timedelta(minutes=6))
    reponse = client.get("/journal/exporter", {"format": "csv"})

    assert (
        "c’est bien vous" in client.get(reponse.url).content.decode()
        if reponse.status_code == 302
        else reponse.content.decode()
    )
    assert "attachment" not in reponse.get("Content-Disposition", "")


def test_trop_de_traces_se_decoupent(monde: Monde, anne: Usager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plateforme.audit.exports.LIGNES_MAX", 1)
    reponse = client_de(monde.a, "delphine").get("/journal/exporter", {"format": "fhir"}, follow=True)

    assert "resserrez la période" in reponse.content.decode()


def test_verifier_la_chaine_dit_le_verdict_et_se_note(monde: Monde, anne: Usager) -> None:
    client = client_de(monde.a, "delphine")
    reponse = client.post("/journal/verifier", follow=True)
    with lier(monde.a):
        trace = Trace.objects.get(genre="audit.chaine.verifiee")

    assert "La chaîne est intacte" in reponse.content.decode()
    assert (trace.details["intacte"], trace.details["lignes"]) == (True, 3)


def test_un_journal_trop_long_se_verifie_par_la_commande(
    monde: Monde, anne: Usager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plateforme.audit.web.journal.VERIFIABLE_EN_LIGNE", 2)
    reponse = client_de(monde.a, "delphine").post("/journal/verifier", follow=True)

    assert "verifier_journal" in reponse.content.decode()


def test_l_usager_ne_se_retrouve_pas_dans_le_lot_fhir_autrement_que_par_son_identifiant(
    monde: Monde, anne: Usager
) -> None:
    reponse = client_de(monde.a, "delphine").get("/journal/exporter", {"format": "fhir"})
    lot = json.loads(reponse.content)

    assert reponse["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert (lot["resourceType"], lot["type"], lot["total"]) == ("Bundle", "searchset", 3)
    assert lot["entry"][1]["resource"]["entity"][0]["what"] == {"reference": f"Patient/{anne.pk}", "type": "Patient"}  # fmt: skip
    assert "Zanzibar" not in reponse.content.decode()

"""The porteur's page: what expires, who is blocked by what; its calendar, by a secret address. States only."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plateforme.core.clock import now, today
from plateforme.reseau.models import CompteReseau
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from socles.mie.services.grappe import en_ical, vue
from tenants.deploiement.models import Releve
from tenants.models import Adhesion, Grappe, Organisme
from tests.support.monde import FINESS_EJ, Monde, client_de

URL = "/grappe/mie"


@pytest.fixture
def grappe(monde: Monde) -> Grappe:
    with lier(PUBLIC):
        porteur = Organisme.objects.get(finess=FINESS_EJ)
        ligne = Grappe.objects.create(
            nom="Grappe d’essai, Léon", porteur=porteur, ouverte_le=date(2026, 1, 1)
        )
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=ligne.pk)
        for contexte in (monde.a, monde.b):
            Adhesion.objects.create(grappe=ligne, structure_id=contexte.structure_id, depuis=date(2026, 1, 1))
    return ligne


def _relever(contexte: Contexte, code: str, fait: int = 1, **champs: Any) -> None:
    with lier(PUBLIC):
        Releve.objects.update_or_create(
            structure_id=contexte.structure_id,
            code=code,
            defaults={"fait": fait, "releve_a": now(), **champs},
        )


def _certificat(dans: int, etat: str = "actif") -> dict[str, str]:
    le = today() + timedelta(days=dans)
    return {
        "offre": "ORG",
        "usage": "AUTH_CLI",
        "environnement": "PROD",
        "etat": etat,
        "expire_le": le.isoformat(),
    }


def _tout(contexte: Contexte, *certificats: dict[str, str]) -> None:
    for code in ("contrat_ans", "carte_cde", "administrateur_technique", "certificats_commandes", "certificats_installes", "certificats_testes"):  # fmt: skip
        _relever(contexte, f"mie.{code}")
    _relever(contexte, "mie.certificats_valides", details=list(certificats))


def test_ce_qui_expire_et_qui_est_bloque(monde: Monde, grappe: Grappe) -> None:
    _tout(monde.a, _certificat(12, "a_renouveler"), _certificat(400))
    _relever(monde.b, "mie.contrat_ans")
    _relever(monde.b, "mie.carte_cde", fait=0)

    page = client_de(None, "paule").get(URL).content.decode()

    assert "12 jours" in page
    assert "400 jours" in page
    assert "À renouveler" in page
    assert "La carte CDE" in page
    assert page.index("SAD Alpha") < page.index("400 jours")
    with lier(PUBLIC):
        lue = vue(grappe)
        assert [(frein, [m.nom for m in membres]) for frein, membres in lue.freins] == [
            ("la carte CDE", ["SAD Beta"])
        ]
        assert (lue.finies, lue.proches, lue.a_venir, lue.prets) == (0, 1, 0, 1)


def test_un_certificat_expire_reste_en_tete(monde: Monde, grappe: Grappe) -> None:
    _tout(monde.a, _certificat(-3, "expire"), _certificat(20))
    with lier(PUBLIC):
        assert [e.reste for e in vue(grappe).echeances] == [-3, 20]
    assert "dépassé de 3 jours" in client_de(None, "paule").get(URL).content.decode()


def test_un_releve_mal_ecrit_est_laisse_de_cote(monde: Monde, grappe: Grappe) -> None:
    _tout(monde.a, {"usage": "AUTH_CLI"}, {"expire_le": "demain"}, _certificat(5))
    with lier(PUBLIC):
        assert len(vue(grappe).echeances) == 1


def test_le_porteur_d_une_autre_grappe_ne_voit_rien(monde: Monde, grappe: Grappe) -> None:
    _tout(monde.a, _certificat(5))
    with lier(PUBLIC):
        autre = Grappe.objects.create(nom="Une autre", porteur=grappe.porteur, ouverte_le=date(2026, 1, 1))
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=autre.pk)

    page = client_de(None, "paule").get(URL)

    assert page.status_code == 200
    assert "SAD Alpha" not in page.content.decode()
    assert client_de(None, "denis").get(URL).status_code == 403


def test_le_calendrier_par_son_adresse_secrete(monde: Monde, grappe: Grappe) -> None:
    _tout(monde.a, _certificat(12))
    porteur, agenda = client_de(None, "paule"), client_de(None)

    page = porteur.post(f"{URL}/calendrier").content.decode()
    adresse = page.split('value="http')[1].split('"')[0]
    chemin = "/calendrier/" + adresse.split("/calendrier/")[1]
    flux = agenda.get(chemin)

    assert flux["Content-Type"] == "text/calendar; charset=utf-8"
    lignes = flux.content.decode().replace("\r\n ", "").split("\r\n")
    assert f"DTSTART;VALUE=DATE:{today() + timedelta(days=12):%Y%m%d}" in lignes
    assert "SUMMARY:SAD Alpha : fin de certificat AUTH_CLI (production)" in lignes
    assert chemin not in porteur.get(URL).content.decode()
    grappe.refresh_from_db()
    assert chemin.removeprefix("/calendrier/")[:20] not in grappe.calendrier

    porteur.post(f"{URL}/calendrier")
    assert agenda.get(chemin).status_code == 404


def test_retirer_ferme_l_adresse(monde: Monde, grappe: Grappe) -> None:
    porteur = client_de(None, "paule")
    page = porteur.post(f"{URL}/calendrier").content.decode()
    chemin = (
        "/calendrier/" + page.split("/calendrier/")[-1].split('"')[0]
        if ".ics" in page.split("/calendrier/")[-1]
        else ""
    )
    porteur.post(f"{URL}/calendrier/retirer")
    assert client_de(None).get(chemin or "/calendrier/x.ics").status_code == 404
    for faux in ("x", "a" * 43, ""):
        assert client_de(None).get(f"/calendrier/{faux}.ics").status_code == 404


def test_le_calendrier_est_bien_forme() -> None:
    """RFC 5545: CRLF, 75 bytes a line, commas and semicolons escaped; nobody’s name can add a line."""
    from uuid import UUID

    from socles.mie.services.grappe import Echeance

    mechant = "SAD, « É »; " + "é" * 60 + "\r\nEND:VCALENDAR"
    octets = en_ical(
        "X", [Echeance(mechant, UUID(int=1), "certificat SIGN", "test", "actif", date(2027, 1, 2), 5)]
    )

    lignes = octets.split(b"\r\n")
    assert max(len(ligne) for ligne in lignes) <= 75
    assert lignes.count(b"END:VCALENDAR") == 1
    assert lignes[-2:] == [b"END:VCALENDAR", b""]
    assert b"SUMMARY:SAD\\, " in octets
    octets.decode()


def test_deux_requetes_quel_que_soit_le_nombre_de_membres(monde: Monde, grappe: Grappe) -> None:
    with lier(PUBLIC):
        with CaptureQueriesContext(connection) as vide:
            vue(grappe)
        _tout(monde.a, _certificat(1))
        _tout(monde.b, *[_certificat(n) for n in range(20)])
        with CaptureQueriesContext(connection) as plein:
            assert len(vue(grappe).echeances) == 21
    assert len(vide) == len(plein) == 2

"""Log lines say where, who and what kind; never a name, a number or a sentence that could hold one."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import path

from plateforme.habilitations.acces import acces_libre
from plateforme.observability.contexte import tracer
from plateforme.observability.journaux import formateur
from plateforme.tenancy.courant import Contexte
from tests.support.monde import CANARI_A, Monde, client_de, compte

NIR = "2840522278046 23"
TELEPHONE = "06 12 34 56 78"
CANARIS = (CANARI_A, "Zéphyrine", NIR, TELEPHONE)
ACTEUR = UUID("01a20231-f33a-7520-a6f9-3baafc96256c")


@acces_libre
def casser(request: Any, nom: str) -> None:
    dossier = {"nom": CANARI_A}
    raise KeyError(f"{dossier['nom']} {NIR}")


urlpatterns = [path("essai/<str:nom>", casser)]


@pytest.fixture
def sortie() -> Iterator[io.StringIO]:
    """What the product's handler would write, from every logger."""
    flux = io.StringIO()
    poignee = logging.StreamHandler(flux)
    poignee.setFormatter(formateur())
    racine = logging.getLogger()
    niveau = racine.level
    racine.addHandler(poignee)
    racine.setLevel(logging.INFO)
    yield flux
    racine.removeHandler(poignee)
    racine.setLevel(niveau)


def lignes(flux: io.StringIO) -> list[dict[str, Any]]:
    assert not [canari for canari in CANARIS if canari in flux.getvalue()]
    return [json.loads(ligne) for ligne in flux.getvalue().splitlines()]


def test_une_ligne_dit_la_structure_la_correlation_et_l_acteur(dans_a: Contexte, sortie: io.StringIO) -> None:
    with tracer(correlation="abcd-1234", acteur_id=ACTEUR):
        logging.getLogger("dossier").info("usager admis", extra={"code": "dossier.usager.admettre"})

    (ligne,) = lignes(sortie)
    assert ligne.pop("timestamp").endswith("Z")
    assert ligne == {
        "event": "usager admis",
        "level": "info",
        "logger": "dossier",
        "structure": str(dans_a.structure_id),
        "correlation": "abcd-1234",
        "acteur": "01a20231-f33a-7520-a6f9-3baafc96256c",
        "code": "dossier.usager.admettre",
    }


def test_une_cle_qui_n_est_pas_sur_la_liste_ne_sort_pas(sortie: io.StringIO) -> None:
    logging.getLogger("dossier").info(
        "usager admis", extra={"nom": CANARI_A, "nir": NIR, "telephone": TELEPHONE, "rang": 3}
    )

    (ligne,) = lignes(sortie)
    assert set(ligne) == {
        "event",
        "level",
        "logger",
        "timestamp",
        "structure",
        "correlation",
        "acteur",
        "rang",
    }


def test_ce_qui_remplit_la_phrase_d_une_bibliotheque_ne_sort_pas(sortie: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", f"/usagers/{CANARI_A}")

    assert lignes(sortie)[0]["event"] == "Not Found: %s"


def test_une_exception_garde_son_genre_et_ses_cadres(sortie: io.StringIO) -> None:
    def chercher() -> None:
        try:
            raise KeyError(f"{CANARI_A} {NIR}")
        except KeyError as erreur:
            raise ValueError(TELEPHONE) from erreur

    try:
        chercher()
    except ValueError as vue:
        logging.getLogger("dossier").exception("échec")
        logging.getLogger("dossier").error(vue)  # noqa: TRY400 - a careless caller

    en_clair, seule = lignes(sortie)
    assert en_clair["exception"] == "ValueError < KeyError"
    assert [cadre.rpartition(" ")[2] for cadre in en_clair["cadres"]] == [
        "test_une_exception_garde_son_genre_et_ses_cadres",
        "chercher",
    ]
    assert seule["event"] == "ValueError"


def test_une_valeur_etrange_n_arrete_pas_le_journal(sortie: io.StringIO) -> None:
    logging.getLogger("dossier").info("fait", extra={"code": object()})

    assert lignes(sortie)[0]["code"] == "object"


def test_une_requete_dit_sa_structure_et_sa_route_jamais_son_chemin(
    monde: Monde, sortie: io.StringIO, settings: Any, tmp_path: Any
) -> None:
    settings.STATIC_ROOT = tmp_path
    client = client_de(monde.a, "alice", raise_request_exception=False)
    settings.URLCONF_STRUCTURE = "tests.plateforme.test_journaux"
    from plateforme.tenancy.courant import lier

    with lier(monde.a):
        alice = compte("alice")

    reponse = client.get(f"/essai/{CANARI_A}?tel={TELEPHONE}", headers={"X-Request-ID": "phone-0001"})

    assert reponse.status_code == 500
    assert CANARI_A not in reponse.content.decode()
    vues = {ligne["logger"]: ligne for ligne in lignes(sortie)}
    requete = vues["treille.requete"]
    assert requete.pop("duree_ms") >= 0
    requete.pop("timestamp")
    assert requete == {
        "event": "requete",
        "level": "info",
        "logger": "treille.requete",
        "structure": str(monde.a.structure_id),
        "correlation": "phone-0001",
        "acteur": str(alice.pk),
        "methode": "GET",
        "route": "essai/<str:nom>",
        "statut": 500,
    }
    assert vues["django.request"]["exception"] == "KeyError"
    assert vues["django.request"]["correlation"] == "phone-0001"


@pytest.mark.parametrize("recue", ["", "court", "a" * 65, "nom de famille", 'x"y12345678'])
def test_un_numero_de_requete_farfelu_est_remplace(
    monde: Monde, recue: str, settings: Any, tmp_path: Any
) -> None:
    settings.STATIC_ROOT = tmp_path
    reponse = client_de(monde.a).get("/connexion", headers={"X-Request-ID": recue})

    assert len(reponse.headers["X-Request-ID"]) == 16
    assert reponse.headers["X-Request-ID"] != recue


def test_une_tache_en_echec_est_nommee_sans_ses_arguments(sortie: io.StringIO) -> None:
    contexte = {
        "name": "essai.tache",
        "id": "1",
        "args": f"({CANARI_A},)",
        "exc": NIR,
        "description": "raised",
    }
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] %(description)s: %(exc)s", contexte, extra={"data": contexte}
    )

    assert lignes(sortie)[0]["tache"] == "essai.tache"

"""A task knows for whom it works, by a signed header, and forgets it afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from celery.app.trace import build_tracer
from django.core import signing

from plateforme.observability.contexte import trace, tracer
from plateforme.tasks.base import TacheSansStructure
from plateforme.tenancy.courant import PUBLIC, Contexte, courant, epingle, lier
from tenants.models import Structure
from tenants.services import cycle
from tests.plateforme import taches
from tests.support.monde import Monde


@pytest.fixture(autouse=True)
def vus() -> Iterator[list[Any]]:
    taches.VUS.clear()
    return taches.VUS


@pytest.fixture
def envoyes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Headers of what goes to the broker, which is not reached."""
    partis: list[dict[str, Any]] = []

    def retenir(_app: Any, nom: str, *_args: Any, headers: Any = None, **_options: Any) -> None:
        partis.append({"nom": nom, "headers": headers})

    from celery import Celery

    monkeypatch.setattr(Celery, "send_task", retenir)
    return partis


def entete(tache: Any, contexte: Contexte) -> dict[str, str]:
    """What sending this task from there puts in its header."""
    with lier(contexte):
        return {"treille_structure": signing.dumps([tache.name, tache._cle_a_signer()], salt="treille.tache")}


def executer(tache: Any, headers: dict[str, str]) -> Any:
    """Run it as a worker does when a message with these headers comes in; returns the state."""
    suivre = build_tracer(tache.name, tache, app=tache.app, eager=False)
    requete = {"id": "essai-1", "headers": headers, "is_eager": True, "retries": 0, "delivery_info": {}}
    return suivre("essai-1", [], {}, request=requete)


def issue(tache: Any, headers: dict[str, str]) -> str:
    """``OK``, or the name of the error that the worker would record."""
    _valeur, infos, *_ = executer(tache, headers)
    return type(infos.retval).__name__ if infos is not None else "OK"


def test_l_entete_de_a_fait_travailler_dans_a(monde: Monde, vus: list[Any]) -> None:
    assert issue(taches.de_structure, entete(taches.de_structure, monde.a)) == "OK"

    assert vus == [("alpha", monde.a.schema, monde.a.schema)]


def test_apres_la_tache_le_travailleur_n_est_plus_lie(monde: Monde) -> None:
    avant = courant(), epingle()

    issue(taches.de_structure, entete(taches.de_structure, monde.a))
    assert (courant(), epingle()) == avant

    assert issue(taches.qui_tombe, entete(taches.qui_tombe, monde.b)) == "ZeroDivisionError"
    assert (courant(), epingle()) == avant


def _altere(signe: str) -> str:
    tete, _, queue = signe.rpartition(":")
    return f"{tete}:{queue[::-1]}"


def test_sans_entete_la_tache_est_refusee(monde: Monde, vus: list[Any]) -> None:
    assert issue(taches.de_structure, {}) == "TacheSansStructure"
    assert vus == []


def test_un_entete_forge_est_refuse(monde: Monde, vus: list[Any]) -> None:
    bon = entete(taches.de_structure, monde.a)["treille_structure"]
    forges = [
        str(monde.b.structure_id),
        _altere(bon),
        signing.dumps(["essai.de_structure", str(monde.b.structure_id)], salt="autre"),
        signing.dumps(["essai.de_structure", str(monde.b.structure_id)], key="autre", salt="treille.tache"),
        signing.dumps(str(monde.b.structure_id), salt="treille.tache"),
    ]

    assert [issue(taches.de_structure, {"treille_structure": f}) for f in forges] == [
        "TacheSansStructure"
    ] * 5
    assert vus == []


def test_l_entete_d_une_tache_n_en_ouvre_pas_une_autre(monde: Monde, vus: list[Any]) -> None:
    assert issue(taches.qui_tombe, entete(taches.de_structure, monde.a)) == "TacheSansStructure"


def test_une_tache_de_structure_ne_s_envoie_pas_de_public(monde: Monde) -> None:
    with lier(PUBLIC), pytest.raises(TacheSansStructure, match="depuis public"):
        taches.de_structure.apply_async()


def test_une_tache_du_reseau_ne_s_envoie_pas_d_une_structure(dans_a: Contexte) -> None:
    with pytest.raises(TacheSansStructure, match="depuis une structure"):
        taches.de_reseau.apply_async()


def test_une_tache_de_structure_signee_public_est_refusee(monde: Monde, vus: list[Any]) -> None:
    signe = signing.dumps(["essai.de_structure", "public"], salt="treille.tache")

    assert issue(taches.de_structure, {"treille_structure": signe}) == "TacheSansStructure"
    assert vus == []


def test_une_tache_du_reseau_signee_d_une_structure_est_refusee(monde: Monde, vus: list[Any]) -> None:
    signe = signing.dumps(["essai.de_reseau", str(monde.a.structure_id)], salt="treille.tache")

    assert issue(taches.de_reseau, {"treille_structure": signe}) == "TacheSansStructure"
    assert vus == []


def test_une_tache_du_reseau_travaille_dans_public(monde: Monde, vus: list[Any]) -> None:
    assert issue(taches.de_reseau, entete(taches.de_reseau, PUBLIC)) == "OK"
    assert vus == ["public"]


def test_les_taches_d_une_structure_suspendue_sont_refusees(base_a_part: str, vus: list[Any]) -> None:
    a = Monde.charger().a
    headers = entete(taches.de_structure, a)
    cycle.suspendre(Structure.objects.get(slug="alpha"), motif="essai")

    assert issue(taches.de_structure, headers) == "TacheSansStructure"
    cycle.rouvrir(Structure.objects.get(slug="alpha"))
    assert issue(taches.de_structure, headers) == "OK"

    assert [slug for slug, *_ in vus] == ["alpha"]


def test_une_structure_inconnue_est_refusee(monde: Monde) -> None:
    from uuid import uuid4

    inconnue = replace(monde.a, structure_id=uuid4())

    assert issue(taches.de_structure, entete(taches.de_structure, inconnue)) == "TacheSansStructure"


def test_un_nouvel_essai_garde_la_structure(monde: Monde, vus: list[Any]) -> None:
    with lier(monde.a):
        fini = taches.tetue.apply(headers=entete(taches.tetue, monde.a))

    assert fini.state == "SUCCESS"
    assert vus == [(0, "alpha"), (1, "alpha"), (2, "alpha")]


def test_la_correlation_suit_jusque_dans_la_tache(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    vues = []
    monkeypatch.setattr(taches.de_structure, "run", lambda: vues.append(trace().correlation))
    with lier(monde.a), tracer(correlation="abc-12345678"):
        headers = {**entete(taches.de_structure, monde.a), "treille_correlation": trace().correlation}

    issue(taches.de_structure, headers)

    assert vues == ["abc-12345678"]
    assert trace().correlation == ""

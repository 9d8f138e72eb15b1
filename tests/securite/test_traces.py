"""A page that shows somebody leaves its trace, and the trace names them: whatever the page, whoever looks."""

from typing import Any

import pytest
from django.db import connection

from plateforme.audit.models import Trace
from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.registre import action
from plateforme.tenancy.courant import lier
from tests.securite.routes import Operation, operations, routes
from tests.securite.scenes import CANARI, corps, dresser, objet_du_chemin, remplir
from tests.securite.test_matrice_des_droits import _lier, _methodes, _taire_le_service
from tests.support.monde import Monde, client_de, compte

LISIBLES = [
    r
    for r in (*routes(), *operations())
    if getattr(r, "site", "structure") == "structure" and r.action != LIBRE and "GET" in _methodes(r)
]
PERSONNES = ("direction", "alice", "idec", "accueil", "awa", "ines", "compta")


@pytest.mark.parametrize("qui", PERSONNES)
def test_montrer_quelqu_un_laisse_une_trace_qui_le_nomme(qui: str, monde: Monde) -> None:
    scene = dresser(monde.a)
    usager_id = scene.objets["usagers"]
    with lier(monde.a):
        _taire_le_service(scene)
        if qui in ("awa", "ines"):
            _lier_au_terrain(scene, qui)
    client = client_de(monde.a, qui)
    muettes, montrees = [], 0
    for route in LISIBLES:
        if compte_role(monde, qui) not in action(route.action).roles:
            continue
        cible = objet_du_chemin(scene, route.chemin) if route.parametres else usager_id
        avant = _derniere(monde)
        reponse = client.get(remplir(route.chemin, cible, scene))
        if reponse.status_code != 200 or CANARI not in corps(reponse):
            continue
        montrees += 1
        with lier(monde.a):
            lues = Trace.objects.filter(
                numero__gt=avant, sujets__contains=[usager_id], acteur_id=compte(qui).pk
            )
            if not lues.exists():
                muettes.append(str(route))

    assert not muettes
    assert montrees >= {"awa": 3, "ines": 3, "compta": 4}.get(qui, 8)


def _lier_au_terrain(scene: Any, qui: str) -> None:
    from telegestion.models import Intervenant

    Intervenant.objects.filter(compte__identifiant=qui).update(compte=None)
    _lier(scene, compte(qui))


def compte_role(monde: Monde, qui: str) -> str:
    with lier(monde.a):
        return str(compte(qui).role)


def _derniere(monde: Monde) -> int:
    with lier(monde.a):
        return Trace.objects.order_by("-numero").values_list("numero", flat=True).first() or 0


def test_chaque_ecriture_reussie_laisse_une_trace(monde: Monde) -> None:
    """An admission, a change, a visit, a note: each says who, what, about whom, in one line."""
    scene = dresser(monde.a)
    usager_id = scene.objets["usagers"]
    client = client_de(monde.a, "alice")
    gestes = [
        (f"/usagers/{usager_id}/entourage/ajouter", {"nom_complet": "Paul Essai", "lien": "fils", "ordre": 2}, "dossier.usager.modifier"),
        (f"/usagers/{usager_id}/vigilances/noter", {"libelle": "Chien", "niveau": "attention"}, "dossier.vigilance.noter"),
        (f"/usagers/{usager_id}/oppositions", {"opposition-role": "infirmier", "opposition-portee": "sante"}, "dossier.confidentialite.regler"),
    ]  # fmt: skip
    for adresse, champs, code in gestes:
        avant = _derniere(monde)
        connection._notes = []
        assert client.post(adresse, champs).status_code == 302, adresse
        with lier(monde.a):
            trace = Trace.objects.filter(numero__gt=avant, genre=code).first()
        assert trace is not None, code
        assert (trace.sujets, trace.role) == ([usager_id], "responsable_secteur")


def test_une_page_qui_se_rafraichit_ne_le_dit_qu_une_fois(monde: Monde) -> None:
    scene = dresser(monde.a)
    client = client_de(monde.a, "alice")
    tour = {"headers": {"X-Rafraichissement": "1"}}
    with lier(monde.a):
        debut = Trace.objects.count()
    for _ in range(4):
        assert client.get("/planning", **tour).status_code == 200
    with lier(monde.a):
        lues = Trace.objects.filter(
            genre="telegestion.planning.voir", sujets__contains=[scene.objets["usagers"]]
        )
        assert (debut, lues.count()) == (0, 1)


def test_sans_redis_chaque_rafraichissement_est_ecrit(monde: Monde, settings: Any) -> None:
    from django.core.cache import caches

    dresser(monde.a)
    client = client_de(monde.a, "alice")
    vrai = caches["default"]
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    try:
        for _ in range(2):
            assert client.get("/planning", headers={"X-Rafraichissement": "1"}).status_code == 200
        with lier(monde.a):
            assert Trace.objects.filter(genre="telegestion.planning.voir").count() == 2
    finally:
        caches["default"] = vrai


@pytest.mark.parametrize("route", [r for r in LISIBLES if isinstance(r, Operation)], ids=str)
def test_une_lecture_par_l_api_dit_qu_elle_en_vient(route: Operation, monde: Monde) -> None:
    scene = dresser(monde.a)
    client = client_de(monde.a, "alice")
    cible = objet_du_chemin(scene, route.chemin) if route.parametres else scene.objets["usagers"]
    reponse = client.get(remplir(route.chemin, cible, scene))
    if reponse.status_code != 200 or str(scene.objets["usagers"]) not in reponse.content.decode():
        return
    with lier(monde.a):
        assert set(Trace.objects.filter(nature="R").values_list("origine", flat=True)) == {"api"}


@pytest.mark.parametrize(
    "adresse",
    [
        f"/recherche?q={CANARI[:6]}",
        f"/usagers?q={CANARI[:6]}&statut=tous",
        "/planning?par=usager",
        "/planning?par=intervenant",
        "/transmissions?filtre=non_lues",
        f"/api/v1/usagers?q={CANARI[:6]}",
        "/api/v1/telegestion/interventions",
    ],
)
def test_une_recherche_qui_montre_quelqu_un_laisse_sa_trace(adresse: str, monde: Monde) -> None:
    scene = dresser(monde.a)
    with lier(monde.a):
        _taire_le_service(scene)
    reponse = client_de(monde.a, "idec").get(adresse)
    assert reponse.status_code == 200
    assert CANARI in corps(reponse), "la page ne montre personne : l’essai ne prouve rien"
    with lier(monde.a):
        assert Trace.objects.filter(nature="R", sujets__contains=[scene.objets["usagers"]]).exists()

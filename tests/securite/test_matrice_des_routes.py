"""Every route and API operation, attacked: undeclared, anonymous, without the right, and from the neighbour."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.registre import action, actions
from plateforme.identity.models import Role
from plateforme.reseau.models import RoleReseau
from tests.securite.routes import Operation, Route, operations, routes
from tests.securite.scenes import (
    CANARI,
    CANARI_DU_SERVICE,
    INCONNU,
    Scene,
    corps,
    dresser,
    objet_du_chemin,
    remplir,
)
from tests.support.monde import Monde, client_de

ROUTES = routes()
OPERATIONS = operations()
DE_STRUCTURE = [r for r in ROUTES if r.site == "structure" and r.action != LIBRE]
DU_RESEAU = [r for r in ROUTES if r.site == "reseau" and r.action != LIBRE]
# Anybody may ask for these; the list is short, and a new line is a decision.
LIBRES = {
    "livez", "readyz", "metrics", "connexion", "deconnexion", "m/manifest.webmanifest", "",
    "connexion/code", "connexion/cle", "connexion/oubli", "acces/inscription", "acces/<str:jeton>",
    # Departures, arrivals and orders of identity providers: nobody is signed in yet, or a server calls.
    "psc/depart", "psc/retour", "psc/structures", "psc/fin", "psc/deconnexion", "connexion/psc", "connexion/psc/depart",
    # The way in of an operator of the platform: he proves himself to the network, then by the structure's code.
    "support", "support/depart",
    # A calendar signs in nowhere: the secret of its address is its key.
    "calendrier/<str:jeton>.ics",
    "connexion/oidc", "connexion/oidc/retour", "connexion/oidc/<uuid:cle>/depart", "connexion/oidc/<uuid:cle>/deconnexion",
}  # fmt: skip
PERSONNE_PAR_ROLE = {
    Role.DIRECTION: "direction", Role.RESPONSABLE: "alice", Role.IDEC: "idec", Role.SECRETARIAT: "accueil", Role.INTERVENANT: "awa",
}  # fmt: skip


@pytest.fixture
def scenes(monde: Monde) -> tuple[Scene, Scene]:
    return dresser(monde.a), dresser(monde.b)


def demander(client: Client, methode: str, chemin: str) -> Any:
    if methode == "GET":
        return client.get(chemin)
    if chemin.startswith("/api/"):
        return client.generic(methode, chemin, b"{}", content_type="application/json")
    return client.generic(methode, chemin)


def test_chaque_route_declare_son_action() -> None:
    sans = [str(r) for r in ROUTES if r.action is None] + [str(o) for o in OPERATIONS if o.action is None]

    assert sans == []


def test_la_documentation_de_l_api_demande_un_droit(monde: Monde) -> None:
    for chemin in ("/api/v1/docs", "/api/v1/openapi.json"):
        assert client_de(monde.a).get(chemin).status_code == 302
        assert client_de(monde.a, "awa").get(chemin).status_code == 403
        assert client_de(monde.a, "alice").get(chemin).status_code == 200


def test_les_routes_libres_sont_celles_qu_on_a_voulues() -> None:
    assert {r.chemin for r in ROUTES if r.action == LIBRE} <= LIBRES


def test_chaque_action_declaree_sert_a_quelque_chose() -> None:
    """An action no route uses is either checked by a service or forgotten; the forgotten ones are named here."""
    servies = {r.action for r in ROUTES} | {o.action for o in OPERATIONS}
    par_les_services = {a.code for a in actions() if a.code not in servies}

    for code in par_les_services:
        assert _cite_par_un_service(code), code


def _cite_par_un_service(code: str) -> bool:
    from tests.architecture.test_maison import fichiers_python

    return sum(code in fichier.read_text() for fichier in fichiers_python()) >= 2


def test_chaque_parametre_de_route_a_son_objet_d_attaque(scenes: tuple[Scene, Scene]) -> None:
    a, _ = scenes
    for route in (*DE_STRUCTURE, *OPERATIONS):
        if route.parametres:
            assert objet_du_chemin(a, route.chemin), route


def _methodes(route: Route | Operation) -> Iterator[str]:
    if isinstance(route, Operation):
        yield route.methode
    else:
        yield from (m for m in route.methodes if m in ("GET", "POST", "PUT", "DELETE"))


@pytest.mark.parametrize("route", DE_STRUCTURE, ids=str)
def test_un_inconnu_est_renvoye_a_la_connexion(route: Route, monde: Monde) -> None:
    client = client_de(monde.a)
    for methode in _methodes(route):
        reponse = demander(client, methode, remplir(route.chemin, INCONNU))
        assert reponse.status_code in (302, 405), (methode, reponse.status_code)
        if reponse.status_code == 302:
            assert reponse["Location"].startswith("/connexion?suite=")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_un_inconnu_recoit_401_de_l_api(operation: Operation, monde: Monde) -> None:
    reponse = demander(client_de(monde.a), operation.methode, remplir(operation.chemin, INCONNU))

    assert reponse.status_code == 401
    assert reponse["Content-Type"] == "application/problem+json"
    assert reponse.json()["code"] == "plateforme.session.absente"


@pytest.mark.parametrize("role", list(PERSONNE_PAR_ROLE), ids=lambda r: r.value)
def test_un_role_sans_le_droit_est_refuse_partout(
    role: Role, monde: Monde, scenes: tuple[Scene, Scene]
) -> None:
    a, _ = scenes
    client = client_de(monde.a, PERSONNE_PAR_ROLE[role])
    for route in (*DE_STRUCTURE, *OPERATIONS):
        if role in action(route.action).roles:
            continue
        cible = objet_du_chemin(a, route.chemin) if route.parametres else INCONNU
        for methode in _methodes(route):
            reponse = demander(client, methode, remplir(route.chemin, cible))
            assert reponse.status_code in (403, 405), (str(route), methode, reponse.status_code)
            assert CANARI not in corps(reponse), (str(route), methode)


@pytest.mark.parametrize("personne", ["chloe", "direction", "idec", "celia"])
def test_le_voisin_ne_touche_a_aucun_objet_de_la_structure(
    personne: str, monde: Monde, scenes: tuple[Scene, Scene]
) -> None:
    """B's people, on B's site, naming A's objects: never found, nothing of A comes out, nothing of A changes."""
    a, b = scenes
    _vider_les_canaris(b)
    client = client_de(monde.b, personne)
    for route in (*DE_STRUCTURE, *OPERATIONS):
        cible = objet_du_chemin(a, route.chemin) if route.parametres else INCONNU
        for methode in _methodes(route):
            reponse = demander(client, methode, remplir(route.chemin, cible))
            if route.parametres:
                # The API judges the body before it looks for the object: 422 says nothing of A.
                muets = (403, 404, 405, 422) if isinstance(route, Operation) else (403, 404, 405)
                assert reponse.status_code in muets, (str(route), methode, reponse.status_code)
            else:
                assert reponse.status_code < 500, (str(route), methode, reponse.status_code)
            assert CANARI not in corps(reponse), (str(route), methode)
            assert CANARI_DU_SERVICE not in corps(reponse), (str(route), methode)


def _vider_les_canaris(scene: Scene) -> None:
    """B keeps objects of its own, without the canary: what comes out of B's pages with it can only be A's."""
    from django.db import connection

    from plateforme.tenancy.courant import lier

    colonnes = {
        "dossier_secteur": ("nom",), "dossier_usager": ("nom_naissance", "cle_tri", "adresse", "acces_logement", "medecin"),
        "dossier_vigilance": ("libelle",), "dossier_proche": ("nom_complet",), "telegestion_intervenant": ("nom", "cle_tri"),
        "telegestion_intervention": ("consigne",), "telegestion_geste": ("libelle",), "liaison_transmission": ("texte",),
        "notifications_notification": ("titre",), "habilitations_brisdeglace": ("explication",),
        "identity_fournisseur_oidc": ("nom",), "identity_rapprochement_psc": ("nom",),
        "dossier_conventionpartage": ("partenaire",), "habilitations_campagne": ("titre",),
        "habilitations_sessionsupport": ("objet",), "mie_certificat": ("cn", "demande"),
        "mie_delegation": ("structure_nom",), "mie_boitemssante": ("operateur",),
    }  # fmt: skip
    with lier(scene.contexte), connection.cursor() as curseur:
        for table, noms in colonnes.items():
            for nom in noms:
                for canari in (CANARI, CANARI_DU_SERVICE):
                    curseur.execute(
                        f"UPDATE {table} SET {nom} = replace(replace({nom}, %s, 'Voisin'), lower(%s), 'voisin')",
                        [canari, canari],
                    )
        curseur.execute("UPDATE formation_seance SET titre = 'Séance du voisin'")
        curseur.execute("UPDATE demandes_demande SET concerne = 'Voisine'")


@pytest.mark.parametrize("route", DE_STRUCTURE, ids=str)
def test_la_session_de_a_ne_vaut_rien_chez_b(route: Route, monde: Monde, scenes: tuple[Scene, Scene]) -> None:
    """The same cookie, sent to the neighbour's host, is nobody's."""
    a, _ = scenes
    client = client_de(monde.a, "direction")
    cible = objet_du_chemin(a, route.chemin) if route.parametres else INCONNU
    for methode in _methodes(route):
        reponse = client.generic(methode, remplir(route.chemin, cible), headers={"host": "beta.localhost"})
        assert reponse.status_code in (302, 405), (methode, reponse.status_code)


@pytest.mark.parametrize("route", DU_RESEAU, ids=str)
def test_le_reseau_refuse_l_inconnu_et_les_gens_des_structures(route: Route, monde: Monde) -> None:
    inconnu = client_de(None)
    de_structure = client_de(monde.a, "direction")
    for methode in _methodes(route):
        for client in (inconnu, de_structure):
            reponse = client.generic(methode, remplir(route.chemin, INCONNU), headers={"host": "localhost"})
            assert reponse.status_code in (302, 405), (methode, reponse.status_code)


@pytest.mark.parametrize("route", DU_RESEAU, ids=str)
def test_le_porteur_n_a_que_sa_page(route: Route, monde: Monde) -> None:
    if RoleReseau.PORTEUR in action(route.action).roles:
        return
    client = client_de(None, "paule")
    for methode in _methodes(route):
        reponse = client.generic(methode, remplir(route.chemin, INCONNU))
        assert reponse.status_code in (403, 405), (methode, reponse.status_code)


def test_l_operateur_ne_lit_aucun_dossier(monde: Monde, scenes: tuple[Scene, Scene]) -> None:
    """The operator's session means nothing on a structure's host, and no page of the network shows a canary."""
    client = client_de(None, "denis")
    for route in DU_RESEAU:
        if "GET" in _methodes(route) and not route.parametres:
            assert CANARI not in corps(client.get(f"/{route.chemin}"))
    for route in DE_STRUCTURE:
        for methode in _methodes(route):
            reponse = client.generic(
                methode, remplir(route.chemin, INCONNU), headers={"host": "alpha.localhost"}
            )
            assert reponse.status_code in (302, 405)


def test_une_route_de_structure_n_existe_pas_sur_le_reseau_ni_l_inverse(monde: Monde) -> None:
    assert client_de(None, "denis").get("/planning").status_code == 404
    assert client_de(monde.a, "direction").get("/console/structures").status_code == 404


def test_un_hote_inconnu_ne_mene_nulle_part(monde: Monde) -> None:
    for hote in ("gamma.localhost", "alpha.localhost.evil.example", "evil.example", "alpha"):
        assert client_de(None).get("/", headers={"host": hote}).status_code == 404


def test_une_ecriture_sans_jeton_csrf_est_refusee(monde: Monde) -> None:
    client = client_de(monde.a, "alice", enforce_csrf_checks=True)
    for route in (*DE_STRUCTURE, *OPERATIONS):
        for methode in _methodes(route):
            if methode == "GET" or Role.RESPONSABLE not in action(route.action).roles:
                continue
            reponse = demander(client, methode, remplir(route.chemin, INCONNU))
            assert reponse.status_code == 403, (str(route), methode, reponse.status_code)


def test_les_reponses_personnelles_ne_se_gardent_pas(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    for route in DE_STRUCTURE:
        if "GET" in _methodes(route) and not route.parametres:
            assert "no-store" in client.get(f"/{route.chemin}")["Cache-Control"], route


def test_le_nombre_de_cellules_est_imprime(capsys: pytest.CaptureFixture[str]) -> None:
    cellules = sum(len(list(_methodes(r))) for r in (*ROUTES, *OPERATIONS)) * (
        len(Role) + len(RoleReseau) + 1
    )
    with capsys.disabled():
        print(
            f"\nmatrice : {len(ROUTES)} routes, {len(OPERATIONS)} opérations, {len(actions())} actions, {cellules} cellules"
        )

    assert cellules > 300

"""Every action × every function × six situations, over every page and every API operation that names a dossier.

What must open is written here, in full, by function and situation; which function holds an action is the declared
matrix, whose own test is ``tests/habilitations/test_matrice.py``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from plateforme.core.clock import now
from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.registre import action, actions
from plateforme.identity.models import Compte, Role
from plateforme.tenancy.courant import lier
from tests.securite.routes import Operation, Route, operations, routes
from tests.securite.scenes import CANARI, Scene, corps, dresser, objet_du_chemin, remplir
from tests.support.monde import Monde, client_de, compte

VISEES = [
    r
    for r in (*routes(), *operations())
    if getattr(r, "site", "structure") == "structure" and r.action != LIBRE
]

# Which dossier is open, by function: (linked, same function not linked, link over, opposed, break-glass).
# « = » is open, « . » is closed, « - » does not exist for this function.
OUVERTURES = {
    "direction": "== .-",
    "responsable_secteur": "=...=",
    "idec": "== .-",
    "infirmier": "=...=",
    "aide_soignant": "=...=",
    "intervenant": "=...-",
    "secretariat": "== .-",
    "comptable_rh": "== .-",
    "dpd": ". . -",
    "usager": ". . -",
    "partenaire": "=...-",
}
SITUATIONS = ("affecté", "même fonction non affectée", "affectation finie", "opposition", "bris de glace")

# Not about somebody's dossier: the object named is the service's own.
HORS_DOSSIER = (
    "equipe/", "mon-compte/", "intervenants/", "acces-exceptionnels/", "habilitations", "reglages/", "conventions/",
    "deploiement/", "formations/", "reprise/", "mie/", "rgpd/",
)  # fmt: skip
# What a page asks besides the right and the link, and who therefore gets nothing on the scene's object.
EN_PLUS: dict[str, str] = {
    "transmissions/<uuid:cle>/corriger": "one corrects what one wrote, and the scene's note is somebody else's",
    "documents/<uuid:cle>": "asks for the signed address given to one person for a minute: tests/dossier",
    "acces-exceptionnel/<uuid:cle>": "break-glass is for closed dossiers: it answers for any usager of the structure",
    # One's own past visits go with the dossier; somebody else's are not on one's phone.
    "m/visites/<uuid:cle>": "",
    "m/visites/<uuid:cle>/terminer": "",
    "deploiement/proces-verbal": "asks for a signed deployment: tests/deploiement",
    "mie/contrat/piece": "asks for a deposited contract: tests/mie",
    # One's own files, or all of them for the direction; a run, an imported line: tests/reprise.
    **{
        f"reprise/<uuid:cle>{suite}": ""
        for suite in (
            "", "/suivi", "/continuer", "/abandonner", "/colonnes", "/feuille", "/correspondance", "/secteurs", "/rapport.csv",
            "/lignes/<uuid:ligne>/decision", "/importer", "/echantillon", "/echantillon/<uuid:ligne>", "/signer",
            "/annulation", "/annuler",
        )
    },
}  # fmt: skip


@dataclass(frozen=True)
class Personnage:
    """An account of one function in one situation towards the scene's usager."""

    identifiant: str
    role: str
    situation: str


def _usager(scene: Scene) -> Any:
    from dossier.models import Usager

    return Usager.objects.get(pk=scene.objets["usagers"])


def _lier(scene: Scene, qui: Compte, *, fini: bool = False) -> None:
    """What puts this function on the case of the scene's usager."""
    from dossier.models import Consentement, ConventionPartage, MembreConvention, Rattachement
    from telegestion.models import Intervenant, Intervention

    usager, fin = _usager(scene), now() - timedelta(days=4) if fini else None
    if qui.role == "responsable_secteur":
        Rattachement.objects.create(compte=qui, secteur=usager.secteur, du=now() - timedelta(days=9), au=fin)
    elif qui.role in ("infirmier", "aide_soignant", "intervenant"):
        fiche = Intervenant.objects.create(compte=qui, prenom="Essai", nom="Essai", metier="aide")
        visite = Intervention.objects.get(pk=scene.objets["interventions"])
        quand = (fin or now()).replace(minute=0, second=0, microsecond=0)
        Intervention.objects.filter(pk=visite.pk).update(
            intervenant=fiche, debut=quand - timedelta(hours=1), fin=quand
        )
    elif qui.role == "partenaire":
        convention = ConventionPartage.objects.create(partenaire="Kinés", objet="Soins", soins=True)
        MembreConvention.objects.create(convention=convention, compte=qui)
        Consentement.objects.create(
            usager=usager, convention=convention, soins=True, moyen="écrit", recueilli_par=qui,
            du=now() - timedelta(days=9), au=fin,
        )  # fmt: skip


def _opposer(scene: Scene, qui: Compte) -> None:
    from dossier.models import Opposition

    Opposition.objects.create(
        usager=_usager(scene), compte=qui, portee="tout", recueillie_par=compte("alice")
    )


def _briser(scene: Scene, qui: Compte) -> None:
    from plateforme.habilitations.models import BrisDeGlace

    BrisDeGlace.objects.create(
        compte=qui, sujet_id=scene.objets["usagers"], motif="urgence", explication="Essai de la matrice",
        du=now() - timedelta(minutes=5), au=now() + timedelta(hours=1), revue_avant=now() + timedelta(hours=72),
    )  # fmt: skip


def _taire_le_service(scene: Scene) -> None:
    """Only the dossier keeps its canary: sectors, colleagues and bells are the service's own."""
    from dossier.models import ConventionPartage, Secteur
    from plateforme.habilitations.models import BrisDeGlace, Campagne, SessionSupport
    from plateforme.identity.models import FournisseurOidc, RapprochementPsc
    from plateforme.notifications.models import Notification
    from socles.mie.models import BoiteMssante, Certificat, Delegation
    from telegestion.models import Intervenant

    Secteur.objects.update(nom="Secteur")
    ConventionPartage.objects.update(partenaire="Partenaire")
    Intervenant.objects.filter(nom=CANARI).update(nom="Collègue", cle_tri="collegue")
    BrisDeGlace.objects.update(explication="Essai")
    Campagne.objects.update(titre="Revue")
    SessionSupport.objects.update(objet="Objet")
    Notification.objects.update(titre="Essai")
    FournisseurOidc.objects.update(nom="Fournisseur")
    RapprochementPsc.objects.update(nom="Essai")
    Certificat.objects.update(cn="Essai", demande="Essai")
    Delegation.objects.update(structure_nom="Voisine")
    BoiteMssante.objects.update(operateur="Opérateur")
    assert _usager(scene).nom_naissance == CANARI


def personnage(scene: Scene, role: str, situation: str) -> Personnage:
    """A new account, set in its situation."""
    from telegestion.models import Intervention

    qui = Compte.objects.ouvrir(
        identifiant=f"p-{role}", mot_de_passe=None, prenom="Personne", nom=role.capitalize(), role=role
    )
    if situation in ("affecté", "opposition"):
        _lier(scene, qui)
    if situation == "affectation finie":
        _lier(scene, qui, fini=True)
    if situation == "opposition":
        _opposer(scene, qui)
    if situation == "bris de glace":
        _briser(scene, qui)
    assert Intervention.objects.filter(pk=scene.objets["interventions"]).exists()
    return Personnage(qui.identifiant, role, situation)


def _methodes(route: Route | Operation) -> Iterator[str]:
    if isinstance(route, Operation):
        yield route.methode
    else:
        yield from (m for m in route.methodes if m in ("GET", "POST", "PUT", "DELETE"))


def _demander(client: Any, methode: str, route: Route | Operation, cible: UUID, scene: Scene) -> Any:
    chemin = remplir(route.chemin, cible, scene)
    if methode == "GET":
        return client.get(chemin)
    if isinstance(route, Operation):
        return client.generic(methode, chemin, b"{}", content_type="application/json")
    return client.generic(methode, chemin)


def _du_dossier(route: Route | Operation) -> bool:
    return bool(route.parametres) and not route.chemin.startswith(HORS_DOSSIER)


CELLULES: dict[str, int] = {}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("role", Role.values)
def test_chaque_cellule_de_la_matrice(role: str, situation: str, monde: Monde) -> None:
    attendu = OUVERTURES[role][SITUATIONS.index(situation)]
    if attendu in " -":
        return  # the situation does not exist for this function
    scene = dresser(monde.a)
    with lier(monde.a):
        _taire_le_service(scene)
        qui = personnage(scene, role, situation)
    client = client_de(monde.a, qui.identifiant)
    faux: list[str] = []
    for route in VISEES:
        cible = objet_du_chemin(scene, route.chemin) if route.parametres else scene.objets["usagers"]
        permis = role in action(route.action).roles
        for methode in _methodes(route):
            reponse = _demander(client, methode, route, cible, scene)
            CELLULES[f"{role}/{situation}"] = CELLULES.get(f"{role}/{situation}", 0) + 1
            faute = _juger(route, reponse, permis=permis, ouvert=attendu == "=")
            if faute:
                faux.append(f"{methode} {route.chemin} : {reponse.status_code}, {faute}")

    assert not faux, "\n" + "\n".join(faux)


def _juger(route: Route | Operation, reponse: Any, *, permis: bool, ouvert: bool) -> str:
    """What is wrong with this answer; "" when it is as the matrix says."""
    statut = reponse.status_code
    if statut >= 500:
        return "la page est cassée"
    if not permis:
        return "" if statut in (403, 405) else "la fonction n’a pas ce droit"
    montre = CANARI in corps(reponse) if statut in (200, 422) else False
    if not ouvert and montre:
        return "le dossier est fermé et la page le montre"
    if route.chemin == "planning/deplacer" or route.chemin.startswith("mon-compte/"):
        return ""  # names its visit in its body (tests/telegestion); one's own links (tests/identity)
    if not _du_dossier(route):
        if route.chemin in EN_PLUS:
            return ""
        return (
            ""
            # The factor of the scene is a colleague's: nobody removes it, whatever their function.
            if statut not in (403, 404)
            or "acces-exceptionnel" in route.chemin
            or route.chemin.startswith("mon-compte/moyens")
            else "la page devait s’ouvrir"
        )
    if not ouvert:
        # The API judges the body before it looks for the object: 422 says nothing of the dossier.
        muets = (403, 404, 422) if isinstance(route, Operation) else (403, 404)
        return "" if statut in muets or route.chemin in EN_PLUS else "le dossier est fermé"
    if route.chemin in EN_PLUS:
        return ""
    return "" if statut not in (403, 404) else "le dossier est ouvert"


@pytest.mark.parametrize("role", Role.values)
def test_le_voisin_de_meme_fonction_n_obtient_rien(role: str, monde: Monde) -> None:
    """Same function, well assigned at home, naming the objects of the structure next door."""
    a, b = dresser(monde.a), dresser(monde.b)
    with lier(monde.b):
        qui = personnage(b, role, "affecté")
        for modele, champ in _textes():
            for ligne in modele.objects.all():
                modele.objects.filter(pk=ligne.pk).update(
                    **{champ: getattr(ligne, champ).replace(CANARI, "Voisin")}
                )
    client = client_de(monde.b, qui.identifiant)
    faux = []
    for route in VISEES:
        if not route.parametres:
            continue
        for methode in _methodes(route):
            reponse = _demander(client, methode, route, objet_du_chemin(a, route.chemin), a)
            CELLULES["voisin"] = CELLULES.get("voisin", 0) + 1
            muets = (403, 404, 405, 422) if isinstance(route, Operation) else (403, 404, 405)
            if reponse.status_code not in muets or CANARI in corps(reponse):
                faux.append(f"{methode} {route.chemin} : {reponse.status_code}")

    assert not faux, "\n" + "\n".join(faux)


def _textes() -> list[tuple[Any, str]]:
    from dossier.models import Usager
    from liaison.models import Transmission

    return [(Usager, "nom_naissance"), (Usager, "adresse"), (Transmission, "texte")]


def test_aucune_action_n_echappe_a_la_matrice(capsys: pytest.CaptureFixture[str]) -> None:
    """Every declared action is a right of a function, and every function has its five situations."""
    assert set(OUVERTURES) == set(Role.values)
    assert {len(v) for v in OUVERTURES.values()} == {len(SITUATIONS)}
    compter: Callable[[Any], int] = lambda r: len(list(_methodes(r)))  # noqa: E731
    reelles = sum(1 for ligne in OUVERTURES.values() for c in ligne if c not in " -")
    cellules = sum(map(compter, VISEES)) * (reelles + len(Role))
    with capsys.disabled():
        print(
            f"\nmatrice des droits : {len(actions())} actions, {len(VISEES)} pages et opérations, {len(Role)} fonctions, "
            f"{reelles} situations, {cellules} cellules"
        )

    assert cellules > 1000

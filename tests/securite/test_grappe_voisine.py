"""A porteur, and the objects of a grappe she does not lead: each page of the network that names one, generated.

A route of the porteur whose parameter has no object here makes the suite fail: a new page joins by giving its own.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from plateforme.core.clock import now, today
from plateforme.habilitations.registre import action
from plateforme.reseau.models import CompteReseau, RoleReseau, Travail
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.deploiement.services import ouvrir
from tenants.deploiement.services.auteur import Auteur
from tenants.models import Adhesion, CelluleModele, Grappe, Organisme, Structure
from tenants.projet.models import ConventionArs, Jalon, ParcoursAssistant, PreuveDeJalon, Programme, Region
from tests.securite.routes import Route, routes
from tests.securite.scenes import corps
from tests.support.monde import Monde, client_de

CANARI = "Bécassinoroît"
VISEES = [
    r
    for r in routes()
    if r.site == "reseau"
    and r.parametres
    and r.chemin.startswith("grappe/")
    and RoleReseau.PORTEUR in action(r.action).roles
]


@pytest.fixture
def objets(monde: Monde) -> Iterator[dict[str, UUID]]:
    """Everything the neighbouring grappe owns, by the name of the parameter that leads to it. Paule leads another."""
    with lier(PUBLIC):
        organisme = Organisme.objects.create(finess="750712184", raison_sociale="Porteur")
        sienne, voisine = (
            Grappe.objects.create(nom=n, porteur=organisme, ouverte_le=today())
            for n in ("Sienne", f"{CANARI} grappe")
        )
        CompteReseau.objects.filter(identifiant="paule").update(grappe_id=sienne.pk)
        structure = Structure.objects.get(pk=monde.b.structure_id)
        Structure.objects.filter(pk=structure.pk).update(raison_sociale=f"{CANARI} structure")
        adhesion = Adhesion.objects.create(grappe=voisine, structure=structure, depuis=today())
        ouvrir.ouvrir(
            structure,
            type_="acquisition",
            mise_en_production=today() + timedelta(days=90),
            par=Auteur(CANARI),
        )
        convention = ConventionArs.objects.create(
            grappe=voisine, programme=Programme.objects.all()[0], region=Region.objects.all()[0], numero=CANARI,
            signataires=[CANARI], montant=1000, signee_le=today(), debut=today(), fin=today() + timedelta(days=300),
        )  # fmt: skip
        jalon = Jalon.objects.create(
            convention=convention, libelle=f"{CANARI} jalon", preuve_attendue=CANARI, echeance=today()
        )
        preuve = PreuveDeJalon.objects.create(
            jalon=jalon, nom=f"{CANARI}.pdf", type_reel="application/pdf", taille=1, empreinte="0" * 64,
            objet="preuves/x", deposee_par=uuid4(), deposee_a=now(),
        )  # fmt: skip
        yield {
            "cellule_id": CelluleModele.objects.create(
                grappe=voisine, role="idec", code="dossier.usager.lister", permis=True, motif=CANARI
            ).pk,
            "travail_id": Travail.objects.create(
                genre="ouvertures",
                titre=f"{CANARI} ouverture",
                demande={"grappe": str(voisine.pk), "fichier": CANARI},
            ).pk,
            "structure_id": structure.pk,
            "adhesion_id": adhesion.pk,
            "parcours_id": ParcoursAssistant.objects.create(grappe=voisine, auteur_id=uuid4()).pk,
            "convention_id": convention.pk,
            "jalon_id": jalon.pk,
            "preuve_id": preuve.pk,
        }


def _adresse(route: Route, objets: dict[str, UUID]) -> str:
    morceaux = []
    for morceau in route.chemin.split("/"):
        nom = morceau.strip("<>").split(":")[-1]
        # A step that exists: what is refused is the structure, not its code.
        morceaux.append(
            morceau if not morceau.startswith("<") else "besoins" if nom == "code" else str(objets[nom])
        )
    return "/" + "/".join(morceaux)


def _empreinte() -> list[Any]:
    """What the neighbour holds: nothing of it may move."""
    from tenants.deploiement.models import EtapeDeParcours, Mouvement

    return [
        list(modele.objects.order_by("pk").values_list(*champs))
        for modele, champs in (
            (EtapeDeParcours, ("pk", "etat", "echeance")),
            (Mouvement, ("pk",)),
            (Jalon, ("pk", "etat", "montant")),
            (ConventionArs, ("pk", "montant")),
            (CelluleModele, ("pk", "permis")),
            (Adhesion, ("pk", "phase", "jusqu_au")),
        )
    ]


def test_chaque_route_du_porteur_a_son_objet(objets: dict[str, UUID]) -> None:
    assert len(VISEES) >= 14
    for route in VISEES:
        assert _adresse(route, objets)


@pytest.mark.parametrize("route", VISEES, ids=str)
def test_le_porteur_ne_touche_a_rien_de_la_grappe_voisine(
    route: Route, monde: Monde, objets: dict[str, UUID]
) -> None:
    paule = client_de(None, "paule")
    with lier(PUBLIC):
        avant = _empreinte()
    for methode in (m for m in route.methodes if m in ("GET", "POST")):
        reponse = paule.generic(methode, _adresse(route, objets))
        assert reponse.status_code in (403, 404, 405), (methode, reponse.status_code)
        assert CANARI not in corps(reponse)

    with lier(PUBLIC):
        assert _empreinte() == avant


def test_les_pages_sans_parametre_ne_montrent_que_la_sienne(monde: Monde, objets: dict[str, UUID]) -> None:
    paule = client_de(None, "paule")
    for route in routes():
        if (
            route.site == "reseau"
            and not route.parametres
            and route.chemin.startswith("grappe")
            and "GET" in route.methodes
        ):
            assert CANARI not in corps(paule.get(f"/{route.chemin}")), route

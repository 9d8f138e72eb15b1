"""Sectors of a responsable and conventions with partners, set by the direction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossier.models import Consentement, ConventionPartage, MembreConvention, Rattachement, Secteur
from dossier.queries import usagers_visibles
from plateforme.identity.models import Compte, Session
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import usager


def partenaire(identifiant: str = "kine", **champs: object) -> Compte:
    role = champs.pop("role", "partenaire")
    return Compte.objects.ouvrir(
        identifiant=identifiant, mot_de_passe=None, prenom="Kim", nom="Kiné", role=role, **champs
    )


def oublier_la_preuve(contexte: Contexte) -> None:
    with lier(contexte):
        Session.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))


def test_la_direction_donne_un_secteur_a_une_responsable(monde: Monde) -> None:
    with lier(monde.a):
        alice = compte("alice")
        nord, sud = Secteur.objects.create(nom="Nord"), Secteur.objects.create(nom="Sud")
        chez_nord, chez_sud = usager("Nordet", secteur=nord), usager("Sudois", secteur=sud)
        direction = client_de(monde.a, "direction")

    reponse = direction.post(f"/equipe/{alice.pk}/secteurs", {"secteurs": [str(nord.pk)]})

    assert reponse.status_code == 302
    with lier(monde.a):
        assert list(usagers_visibles(compte("alice"))) == [chez_nord]
        assert chez_sud not in usagers_visibles(compte("alice"))
        assert Rattachement.objects.filter(compte=alice, secteur=None, au__isnull=False).count() == 1
    page = direction.get(f"/equipe/{alice.pk}").content.decode()
    assert "Nord" in page
    assert "Toute la structure" not in page


def test_un_intervenant_n_a_pas_de_secteur(monde: Monde) -> None:
    with lier(monde.a):
        awa = compte("awa")
    client = client_de(monde.a, "direction")

    assert client.post(f"/equipe/{awa.pk}/secteurs", {"toute_la_structure": "on"}).status_code == 302
    assert "Régler les secteurs" not in client.get(f"/equipe/{awa.pk}").content.decode()
    with lier(monde.a):
        assert not Rattachement.objects.filter(compte=awa).exists()


@pytest.mark.parametrize("qui", ["alice", "idec", "accueil", "delphine"])
def test_seule_la_direction_regle_les_secteurs(qui: str, monde: Monde) -> None:
    with lier(monde.a):
        alice = compte("alice")

    reponse = client_de(monde.a, qui).post(f"/equipe/{alice.pk}/secteurs", {"toute_la_structure": "on"})

    assert reponse.status_code == 403


def test_les_secteurs_demandent_une_preuve_fraiche(monde: Monde) -> None:
    with lier(monde.a):
        alice = compte("alice")
    client = client_de(monde.a, "direction")
    oublier_la_preuve(monde.a)

    reponse = client.post(f"/equipe/{alice.pk}/secteurs", {})

    assert reponse.status_code == 403
    assert "Confirmez que c’est" in reponse.content.decode()
    with lier(monde.a):
        assert Rattachement.objects.ouverts(timezone.now()).filter(compte=alice).exists()


def test_un_secteur_de_la_voisine_est_refuse(monde: Monde) -> None:
    with lier(monde.b):
        voisin = Secteur.objects.create(nom="Voisin")
    with lier(monde.a):
        alice = compte("alice")

    reponse = client_de(monde.a, "direction").post(
        f"/equipe/{alice.pk}/secteurs", {"secteurs": [str(voisin.pk)]}
    )

    assert reponse.status_code == 422


def test_une_convention_vit_du_debut_a_la_fin(monde: Monde) -> None:
    with lier(monde.a):
        kine, anne = partenaire(), usager("Riou")
    client = client_de(monde.a, "direction")

    ouverte = client.post("/conventions/nouvelle", {"partenaire": "Kinés du port", "objet": "Rééducation"})
    adresse = ouverte.headers["Location"]
    assert client.post(f"{adresse}/membres", {"compte": str(kine.pk)}).status_code == 302
    with lier(monde.a):
        convention = ConventionPartage.objects.get()
        assert not usagers_visibles(compte("kine")).exists()  # nobody has agreed yet
        Consentement.objects.create(
            usager=anne, convention=convention, moyen="par écrit", recueilli_par=compte("alice")
        )
        assert list(usagers_visibles(compte("kine"))) == [anne]
    assert "1 personne a donné son accord" in client.get(adresse).content.decode()

    assert client.post(f"{adresse}/finir").status_code == 302

    with lier(monde.a):
        assert not usagers_visibles(compte("kine")).exists()
    assert client.post(f"{adresse}/membres", {"compte": str(kine.pk)}).status_code == 422
    assert "terminée" in client.get("/conventions").content.decode().lower()


def test_un_partenaire_retire_ne_lit_plus_rien(monde: Monde) -> None:
    with lier(monde.a):
        kine, anne = partenaire(), usager("Riou")
        convention = ConventionPartage.objects.create(partenaire="Kinés", objet="Soins")
        membre = MembreConvention.objects.create(convention=convention, compte=kine)
        autre = ConventionPartage.objects.create(partenaire="Autre", objet="Soins")
        Consentement.objects.create(
            usager=anne, convention=convention, moyen="oral", recueilli_par=compte("alice")
        )
    client = client_de(monde.a, "direction")

    assert client.post(f"/conventions/{autre.pk}/membres/{membre.pk}/retirer").status_code == 404
    assert client.post(f"/conventions/{convention.pk}/membres/{membre.pk}/retirer").status_code == 302

    with lier(monde.a):
        assert not usagers_visibles(compte("kine")).exists()


def test_un_salarie_n_est_pas_un_partenaire(monde: Monde) -> None:
    with lier(monde.a):
        awa = compte("awa")
        convention = ConventionPartage.objects.create(partenaire="Kinés", objet="Soins")

    reponse = client_de(monde.a, "direction").post(
        f"/conventions/{convention.pk}/membres", {"compte": str(awa.pk)}
    )

    assert reponse.status_code == 422
    with lier(monde.a):
        assert not MembreConvention.objects.exists()


def test_la_convention_refuse_une_fin_passee_et_un_objet_vide(monde: Monde) -> None:
    client = client_de(monde.a, "direction")

    hier = {"partenaire": "Kinés", "objet": "Soins", "au": "2020-01-01"}
    assert client.post("/conventions/nouvelle", hier).status_code == 422
    assert client.post("/conventions/nouvelle", {"partenaire": "Kinés", "objet": "  "}).status_code == 422
    with lier(monde.a):
        assert not ConventionPartage.objects.exists()


def test_la_voisine_ne_voit_pas_la_convention(monde: Monde) -> None:
    with lier(monde.a):
        convention = ConventionPartage.objects.create(partenaire="Kinés du port", objet="Soins")
    voisine = client_de(monde.b, "direction")

    assert voisine.get(f"/conventions/{convention.pk}").status_code == 404
    assert "Kinés du port" not in voisine.get("/conventions").content.decode()
    assert voisine.post(f"/conventions/{convention.pk}/finir").status_code == 404


def test_la_dpd_lit_les_conventions_sans_les_changer(monde: Monde) -> None:
    client = client_de(monde.a, "delphine")

    assert client.get("/conventions").status_code == 200
    assert client.post("/conventions/nouvelle", {"partenaire": "X", "objet": "Y"}).status_code == 403

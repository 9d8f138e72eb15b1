"""Who may read a dossier, link by link; and who did, as the person reads it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from dossier.models import (
    Consentement,
    ConventionPartage,
    MembreConvention,
    Opposition,
    Rattachement,
    Secteur,
    Usager,
)
from dossier.queries import DossierFerme, expliquer, usagers_en_sante, usagers_visibles
from dossier.queries.confidentialite import lecteurs_de
from dossier.services import confidentialite as services
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee, peut
from plateforme.identity.backends import MotDePasse
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import usager, visite

MATIN = datetime.fromisoformat("2026-11-24T07:00:00+01:00")
QUI = ("alice", "awa", "bruno", "direction", "idec", "accueil", "delphine", "compta", "ines")


@pytest.fixture
def horloge() -> Iterator[Any]:
    with time_machine.travel(MATIN, tick=False) as voyageur:
        yield voyageur


@pytest.fixture
def anne(horloge: Any, dans_a: Contexte) -> Usager:
    return usager("Riou", gir=3)


def ouvre(qui: str, ligne: Usager) -> tuple[bool, bool]:
    """(dossier, health data) open to this account now."""
    lecteur = compte(qui)
    return (
        usagers_visibles(lecteur).filter(pk=ligne.pk).exists(),
        usagers_en_sante(lecteur).filter(pk=ligne.pk).exists(),
    )


@pytest.mark.parametrize(
    ("qui", "attendu"),
    [
        ("direction", (True, False)),
        ("alice", (True, False)),
        ("idec", (True, True)),
        ("accueil", (True, False)),
        ("compta", (True, False)),
        ("delphine", (False, False)),
        ("ines", (False, False)),
        ("awa", (False, False)),
    ],
)
def test_sans_aucun_lien_seuls_ceux_qui_tiennent_le_service(anne: Usager, qui: str, attendu: Any) -> None:
    assert ouvre(qui, anne) == attendu


def test_une_responsable_ne_voit_que_ses_secteurs(anne: Usager) -> None:
    nord, sud = Secteur.objects.create(nom="Nord"), Secteur.objects.create(nom="Sud")
    anne.secteur = nord
    anne.save()
    services.rattacher(compte("direction"), compte("alice").pk, secteurs=[sud.pk], toute_la_structure=False)
    assert ouvre("alice", anne) == (False, False)

    services.rattacher(compte("direction"), compte("alice").pk, secteurs=[nord.pk], toute_la_structure=False)

    assert ouvre("alice", anne) == (True, False)
    explication = expliquer(compte("alice"), anne.pk)
    assert explication is not None
    assert "Responsable du secteur Nord" in [m.libelle for m in explication.maillons]


def test_une_responsable_sans_secteur_ne_voit_rien(anne: Usager) -> None:
    Rattachement.objects.filter(compte=compte("alice")).update(au=MATIN)

    assert ouvre("alice", anne) == (False, False)


def test_l_equipe_de_soins_ouvre_jusqu_a_sa_fin(anne: Usager, horloge: Any) -> None:
    fin = MATIN + timedelta(days=2)
    services.ajouter_membre(
        compte("idec"), anne.pk, compte_id=compte("bruno").pk, motif="Référent", soins=False, au=fin
    )

    assert ouvre("bruno", anne) == (True, False)
    horloge.move_to(fin - timedelta(seconds=1))
    assert ouvre("bruno", anne) == (True, False)
    horloge.move_to(fin)
    assert ouvre("bruno", anne) == (False, False)


def test_le_directeur_infirmier_lit_la_sante_s_il_est_de_l_equipe(anne: Usager) -> None:
    services.ajouter_membre(
        compte("idec"),
        anne.pk,
        compte_id=compte("direction").pk,
        motif="Infirmier remplaçant",
        soins=True,
        au=None,
    )

    assert ouvre("direction", anne) == (True, True)
    assert ouvre("direction", usager("Kerbrat")) == (True, False)


def test_on_ne_s_ouvre_pas_la_sante_a_soi_meme(anne: Usager) -> None:
    alice = compte("alice")
    with pytest.raises(services.ReglageRefuse, match="à soi-même"):
        services.ajouter_membre(alice, anne.pk, compte_id=alice.pk, motif="Moi", soins=True, au=None)

    assert ouvre("alice", anne) == (True, False)


@pytest.mark.parametrize(
    ("portee", "vise", "attendu"),
    [
        ("sante", {"compte": "idec"}, (True, False)),
        ("tout", {"compte": "idec"}, (False, False)),
        ("sante", {"role": "idec"}, (True, False)),
        ("tout", {"role": "idec"}, (False, False)),
        ("tout", {"compte": "ines"}, (True, True)),
        ("tout", {"role": "infirmier"}, (True, True)),
    ],
)
def test_une_opposition_ferme_ce_qu_elle_vise_et_rien_d_autre(
    anne: Usager, portee: str, vise: dict[str, str], attendu: Any
) -> None:
    services.recueillir_opposition(
        compte("alice"),
        anne.pk,
        compte_id=compte(vise["compte"]).pk if "compte" in vise else None,
        role=vise.get("role", ""),
        portee=portee,
    )

    assert ouvre("idec", anne) == attendu


def test_lever_une_opposition_rouvre(anne: Usager) -> None:
    ligne = services.recueillir_opposition(
        compte("alice"), anne.pk, compte_id=compte("idec").pk, role="", portee="sante"
    )
    services.lever_opposition(compte("alice"), anne.pk, ligne.pk)
    services.lever_opposition(compte("alice"), anne.pk, ligne.pk)

    assert ouvre("idec", anne) == (True, True)
    assert Opposition.objects.count() == 1


def test_une_opposition_passe_avant_l_equipe_et_la_visite(anne: Usager) -> None:
    Compte.objects.filter(identifiant="awa").update(role="aide_soignant")
    visite("awa", "10:00", "11:00", chez=anne)
    assert ouvre("awa", anne) == (True, True)

    services.recueillir_opposition(
        compte("alice"), anne.pk, compte_id=compte("awa").pk, role="", portee="sante"
    )

    assert ouvre("awa", anne) == (True, False)


@pytest.fixture
def convention(anne: Usager) -> ConventionPartage:
    partenaire = Compte.objects.ouvrir(
        identifiant="pia", mot_de_passe=None, prenom="Pia", nom="Kine", role="partenaire"
    )
    convention = ConventionPartage.objects.create(
        partenaire="Kinés du Trégor", objet="Rééducation", soins=True
    )
    MembreConvention.objects.create(convention=convention, compte=partenaire)
    return convention


@pytest.mark.parametrize(("soins", "attendu"), [(True, (True, True)), (False, (True, False))])
def test_un_partenaire_lit_par_convention_et_par_accord(
    anne: Usager, convention: ConventionPartage, soins: bool, attendu: Any
) -> None:
    assert ouvre("pia", anne) == (False, False)

    services.recueillir_consentement(
        compte("alice"), anne.pk, convention_id=convention.pk, soins=soins, moyen="de vive voix", au=None
    )

    assert ouvre("pia", anne) == attendu
    assert ouvre("pia", usager("Kerbrat")) == (False, False)


@pytest.mark.parametrize("quoi", ["accord", "convention", "membre"])
def test_un_maillon_fini_ferme_tout(anne: Usager, convention: ConventionPartage, quoi: str) -> None:
    services.recueillir_consentement(
        compte("alice"), anne.pk, convention_id=convention.pk, soins=True, moyen="par écrit", au=None
    )
    modele = {"accord": Consentement, "convention": ConventionPartage, "membre": MembreConvention}[quoi]
    modele.objects.update(au=MATIN)

    assert ouvre("pia", anne) == (False, False)


def test_une_convention_sans_soins_ne_laisse_pas_consentir_aux_soins(
    anne: Usager, convention: ConventionPartage
) -> None:
    ConventionPartage.objects.update(soins=False)
    with pytest.raises(services.ReglageRefuse, match="ne couvre pas"):
        services.recueillir_consentement(
            compte("alice"), anne.pk, convention_id=convention.pk, soins=True, moyen="par écrit", au=None
        )


def test_la_liste_des_lecteurs_dit_comme_chaque_compte(anne: Usager, convention: ConventionPartage) -> None:
    """The rule read from the dossier and the rule read from each account are one rule."""
    visite("awa", "10:00", "11:00", chez=anne)
    services.ajouter_membre(
        compte("idec"), anne.pk, compte_id=compte("bruno").pk, motif="Référent", soins=True, au=None
    )
    services.recueillir_opposition(
        compte("alice"), anne.pk, compte_id=None, role="secretariat", portee="tout"
    )
    services.recueillir_opposition(
        compte("alice"), anne.pk, compte_id=compte("idec").pk, role="", portee="sante"
    )

    vus = {lecteur.compte.identifiant: lecteur.sante for lecteur in lecteurs_de(anne)}
    par_compte = {
        qui: ouvre(qui, anne)[1]
        for qui in QUI
        if ouvre(qui, anne)[0] and peut(MotDePasse().get_user(compte(qui).pk), "dossier.usager.voir")
    }

    assert vus == par_compte
    assert vus == {
        "alice": False,
        "awa": False,
        "bruno": True,
        "direction": False,
        "idec": False,
        "compta": False,
    }


@pytest.mark.parametrize("qui", ["direction", "accueil", "awa", "delphine"])
def test_seul_l_encadrement_proche_regle(anne: Usager, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        services.recueillir_opposition(compte(qui), anne.pk, compte_id=None, role="idec", portee="tout")


def test_on_ne_regle_pas_un_dossier_ferme_ni_celui_d_a_cote(anne: Usager, monde: Monde) -> None:
    Rattachement.objects.filter(compte=compte("alice")).update(au=MATIN)
    with pytest.raises(DossierFerme):
        services.recueillir_opposition(compte("alice"), anne.pk, compte_id=None, role="idec", portee="tout")
    with lier(monde.b), pytest.raises(Introuvable):
        services.recueillir_opposition(compte("chloe"), anne.pk, compte_id=None, role="idec", portee="tout")


def test_qui_a_lu_se_dit_en_francais_et_jamais_a_demi(anne: Usager, monde: Monde) -> None:
    visite("awa", "10:00", "11:00", chez=anne)
    connection._notes = []
    client_de(monde.a, "awa").get(f"/usagers/{anne.pk}")
    client_de(monde.a, "awa").get(f"/usagers/{anne.pk}")
    client_de(monde.a, "bruno").get(f"/usagers/{anne.pk}")

    page = client_de(monde.a, "idec").get(f"/usagers/{anne.pk}/confidentialite")
    lu = " ".join(page.content.decode().split())

    assert page.status_code == 200
    assert "<strong>Awa Essai</strong> a ouvert votre dossier (2 fois)" in lu
    assert "<strong>Bruno Essai</strong> a demandé un dossier qui ne lui est pas ouvert" in lu
    remise = client_de(monde.a, "idec").get(f"/usagers/{anne.pk}/lectures").content.decode()
    assert "Qui a lu mon dossier" in remise
    assert "Awa Essai" in remise


def test_la_confidentialite_n_est_pas_a_tous(anne: Usager, monde: Monde) -> None:
    visite("awa", "10:00", "11:00", chez=anne)
    for qui, statut in (("awa", 403), ("accueil", 403), ("direction", 200), ("alice", 200)):
        assert client_de(monde.a, qui).get(f"/usagers/{anne.pk}/confidentialite").status_code == statut


def test_les_gestes_de_la_page_tiennent(anne: Usager, monde: Monde) -> None:
    client = client_de(monde.a, "alice")
    base = f"/usagers/{anne.pk}"
    refus = client.post(f"{base}/equipe", {"membre-compte": compte("bruno").pk, "membre-motif": ""})
    assert refus.status_code == 422

    fait = client.post(
        f"{base}/equipe",
        {"membre-compte": compte("bruno").pk, "membre-motif": "Référent", "membre-au": "2026-11-25"},
    )
    assert fait.status_code == 302
    assert ouvre("bruno", anne) == (True, False)
    membre = compte("bruno").equipes.get()
    assert membre.au.isoformat() == "2026-11-25T23:00:00+00:00"

    client.post(f"{base}/confidentialite/finir", {"quoi": "membre", "lien": membre.pk})
    assert ouvre("bruno", anne) == (False, False)
    assert (
        client.post(f"{base}/confidentialite/finir", {"quoi": "autre", "lien": membre.pk}).status_code == 422
    )


def test_une_responsable_n_admet_personne_hors_de_ses_secteurs(anne: Usager) -> None:
    from dossier.services import FicheRefusee, admettre_usager

    nord, sud = Secteur.objects.create(nom="Nord"), Secteur.objects.create(nom="Sud")
    services.rattacher(compte("direction"), compte("alice").pk, secteurs=[nord.pk], toute_la_structure=False)
    fiche = {"civilite": "M", "nom_naissance": "Kerbrat", "prenoms": "Yann", "ne_le": date(1940, 2, 1), "accompagne_depuis": date(2026, 1, 5)}  # fmt: skip

    with pytest.raises(FicheRefusee) as refus:
        admettre_usager(compte("alice"), {**fiche, "secteur_id": sud.pk})
    assert list(refus.value.champs) == ["secteur_id"]
    assert Usager.objects.filter(nom_naissance="Kerbrat").count() == 0

    admis = admettre_usager(compte("alice"), {**fiche, "secteur_id": nord.pk})
    assert ouvre("alice", admis) == (True, False)

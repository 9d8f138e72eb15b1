"""Pages of the operator and of the porteur, through HTTP."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plateforme.core.identifiers import Finess
from plateforme.identity.models import Compte
from plateforme.reseau.models import CompteReseau, Travail
from tenants.contexte import epingler
from tenants.models import Grappe, Organisme, Profil, Structure
from tenants.services import cycle, ouverture, travaux
from tests.support.listes import TITRES, finess, lignes_bonnes
from tests.support.monde import client_de


@pytest.fixture
def operateur(base_a_part: str) -> Client:
    return client_de(None, "denis")


def deposer(client: Client, lignes: list[str], **champs: Any) -> Any:
    fichier = SimpleUploadedFile(
        "liste.csv", "\r\n".join([TITRES, *lignes]).encode("cp1252"), content_type="text/csv"
    )
    return client.post("/console/structures/ouvrir", {"fichier": fichier, **champs})


def test_une_liste_deposee_devient_un_travail_puis_un_rapport(operateur: Client) -> None:
    reponse = deposer(operateur, [*lignes_bonnes(2), "Faux;230000001;230099996;Guéret;SAAD"])
    travail = Travail.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (302, f"/console/travaux/{travail.pk}")

    travaux.executer(travail.pk)

    page = operateur.get(reponse["Location"]).content.decode()
    assert "2 structures créées, 0 déjà ouverte, 1 ligne refusée." in page
    assert "mal recopié" in page


def test_un_classeur_est_refuse_sur_le_champ(operateur: Client) -> None:
    fichier = SimpleUploadedFile("liste.xlsx", b"PK\x03\x04reste", content_type="application/zip")

    reponse = operateur.post("/console/structures/ouvrir", {"fichier": fichier})

    assert reponse.status_code == 422
    assert "enregistrez-le au format CSV" in reponse.content.decode()
    assert not Travail.objects.exists()


def test_la_carte_de_suivi_s_arrete_d_elle_meme(operateur: Client) -> None:
    deposer(operateur, lignes_bonnes(1))
    travail = Travail.objects.get()
    suivi = f"/console/travaux/{travail.pk}/suivi"
    assert "hx-trigger" in operateur.get(suivi).content.decode()

    travaux.executer(travail.pk)

    fini = operateur.get(suivi)
    assert "hx-trigger" not in fini.content.decode()
    assert fini["HX-Refresh"] == "true"


def test_suspendre_sans_motif_garde_la_structure_active(operateur: Client) -> None:
    alpha = Structure.objects.get(slug="alpha")

    reponse = operateur.post(f"/console/structures/{alpha.pk}/suspendre", {"motif": ""})

    alpha.refresh_from_db()
    assert (reponse.status_code, alpha.etat) == (422, "active")
    assert '<details class="geste" open>' in reponse.content.decode()  # the refusal is seen


def test_une_structure_suspendue_dit_pourquoi_a_ses_gens(operateur: Client) -> None:
    alpha = Structure.objects.get(slug="alpha")
    operateur.post(f"/console/structures/{alpha.pk}/suspendre", {"motif": "Abonnement échu"})

    reponse = Client(headers={"host": "alpha.localhost"}).get("/connexion")

    assert reponse.status_code == 503
    assert "SAD Alpha" in reponse.content.decode()
    assert "<strong>Abonnement échu</strong>" in reponse.content.decode()
    operateur.post(f"/console/structures/{alpha.pk}/rouvrir")
    assert Client(headers={"host": "alpha.localhost"}).get("/connexion").status_code == 200


def test_on_ne_supprime_pas_une_structure_active(operateur: Client) -> None:
    alpha = Structure.objects.get(slug="alpha")

    reponse = operateur.post(f"/console/structures/{alpha.pk}/supprimer", {"confirmation": alpha.finess})

    assert reponse.status_code == 409
    assert "close, donc archivée" in reponse.content.decode()


def inviter(operateur: Client, structure: Structure) -> Any:
    return operateur.post(
        f"/console/structures/{structure.pk}/direction",
        {"prenom": "Nadine", "nom": "L’Hôte", "piece": "cni", "mode": "presence"},
    )


def test_l_operateur_invite_la_premiere_direction_et_elle_seule(operateur: Client) -> None:
    alpha = Structure.objects.get(slug="alpha")
    with epingler(alpha):
        Compte.objects.filter(role="direction").update(actif=False)

    page = inviter(operateur, alpha).content.decode()

    assert "nadine.l.hote" in page
    assert "http://alpha.localhost:8000/acces/" in page
    with epingler(alpha):
        invitee = Compte.objects.get(identifiant="nadine.l.hote")
        assert (invitee.role, invitee.est_enrole, invitee.identite_piece) == ("direction", False, "cni")
    with epingler(Structure.objects.get(slug="beta")):
        assert not Compte.objects.filter(identifiant="nadine.l.hote").exists()


def test_l_operateur_n_entre_pas_la_ou_quelqu_un_dirige_deja(operateur: Client) -> None:
    alpha = Structure.objects.get(slug="alpha")

    reponse = inviter(operateur, alpha)

    assert reponse.status_code == 422
    assert "déjà une direction" in reponse.content.decode()
    with epingler(alpha):
        assert not Compte.objects.filter(identifiant="nadine.l.hote").exists()


def test_une_grappe_s_ouvre_avec_son_porteur(operateur: Client) -> None:
    reponse = operateur.post(
        "/console/grappes/ouvrir",
        {
            "nom": "Grappe d’essai",
            "porteur": "Association",
            "finess": "750712184",
            "ouverte_le": "2026-03-02",
        },
    )

    grappe = Grappe.objects.get(nom="Grappe d’essai")
    assert reponse["Location"] == f"/console/structures/ouvrir?grappe={grappe.pk}"
    assert grappe.porteur.finess == "750712184"


def test_une_grappe_au_finess_faux_garde_ce_qui_est_tape(operateur: Client) -> None:
    reponse = operateur.post(
        "/console/grappes/ouvrir",
        {
            "nom": "Grappe d’essai",
            "porteur": "Association",
            "finess": "750712185",
            "ouverte_le": "2026-03-02",
        },
    )

    assert reponse.status_code == 422
    assert "mal recopié" in reponse.content.decode()
    assert "Grappe d’essai" in reponse.content.decode()
    assert not Grappe.objects.exists()


def test_le_porteur_voit_les_membres_de_sa_grappe_et_eux_seuls(base_a_part: str) -> None:
    organisme = Organisme.objects.create(finess="750712184", raison_sociale="Porteur")
    sienne, autre = (
        Grappe.objects.create(nom=n, porteur=organisme, ouverte_le=date(2026, 1, 1))
        for n in ("Sienne", "Autre")
    )
    for rang, grappe in enumerate((sienne, autre), start=1):
        ouverture.ouvrir(
            raison_sociale=f"SAD {grappe.nom}", finess_et=Finess.lire(finess(f"2300{rang:04d}")),
            finess_ej=Finess.lire("690781810"), commune="Guéret", profil=Profil.SAAD, grappe=grappe,
        )  # fmt: skip
    CompteReseau.objects.filter(identifiant="paule").update(grappe_id=sienne.pk)

    page = client_de(None, "paule").get("/grappe").content.decode()

    assert "SAD Sienne" in page
    assert "SAD Autre" not in page


def test_la_liste_coute_autant_pour_trois_que_pour_trente(operateur: Client) -> None:
    def requetes() -> int:
        with CaptureQueriesContext(connection) as vues:
            assert operateur.get("/console/structures").status_code == 200
        return len(vues)

    requetes()
    avant = requetes()
    ouverture.ouvrir_une_liste(_demandes(27))

    assert requetes() == avant
    assert avant <= 9


def _demandes(combien: int) -> Any:
    from tenants.services import liste_csv

    return liste_csv.lire("\n".join([TITRES, *lignes_bonnes(combien)]).encode())


def test_clore_depuis_la_console_archive(operateur: Client) -> None:
    beta = Structure.objects.get(slug="beta")

    operateur.post(f"/console/structures/{beta.pk}/clore")

    beta.refresh_from_db()
    assert beta.etat == "close"
    assert beta.archive.startswith(f"{beta.pk}/archives/")
    assert cycle.rouvrir(beta).etat == "active"

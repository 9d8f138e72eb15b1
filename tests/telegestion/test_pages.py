import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plateforme.tenancy.courant import lier
from plateforme.terrain.registres import Prudence, _prudences, inscrire_prudence
from telegestion.models import Geste, Intervenant, Intervention
from tests.support.monde import Monde, client_de
from tests.telegestion.fabrique import a, badge, intervenant, usager, visite


def _texte(reponse: Any) -> str:
    """What is read, tags and runs of blanks taken away."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.content.decode())).strip()


@pytest.fixture
def le_goff(site: Monde) -> Intervention:
    with lier(site.a):
        return visite("awa", "08:00", "09:00", chez=usager(vit_seul=True))


def test_le_planning_montre_la_visite_en_retard(site: Monde, le_goff: Intervention) -> None:
    reponse = client_de(site.a, "alice").get("/planning")

    page = reponse.content.decode()
    assert f'id="bloc-{le_goff.pk}" data-id="{le_goff.pk}" class="bloc retard d13 l12"' in page
    assert "Une visite demande une décision ce matin." in page
    assert 'class="maintenant d18"' in page


@pytest.mark.parametrize("adresse", ["/planning", "/", "/intervenants", "/planning?par=usager"])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_visites(site: Monde, adresse: str) -> None:
    client = client_de(site.a, "alice")
    client.get(adresse)
    comptes = []
    for deja, nombre in ((0, 3), (3, 30)):
        with lier(site.a):
            for n in range(deja, nombre):
                Intervenant.objects.create(prenom="Renfort", nom=f"Essai {n}", metier="aide")
                visite(None, "10:00", "11:00", chez=usager(f"Le Goff {n}"))
        client.get(adresse)
        with CaptureQueriesContext(connection) as vues:
            assert client.get(adresse).status_code == 200
        comptes.append(len(vues))
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize(
    "adresse", ["/planning", "/interventions/nouvelle", "/intervenants", "/intervenants/nouveau"]
)
@pytest.mark.parametrize("qui", ["awa", "bruno"])
def test_le_bureau_n_est_pas_ouvert_au_terrain(site: Monde, adresse: str, qui: str) -> None:
    assert client_de(site.a, qui).get(adresse).status_code == 403


@pytest.mark.parametrize(
    "adresse", ["/interventions/{}", "/interventions/{}/deplacer", "/interventions/{}/remplacer"]
)
def test_chloe_ne_trouve_pas_la_visite_d_a_cote(site: Monde, le_goff: Intervention, adresse: str) -> None:
    assert client_de(site.b, "chloe").get(adresse.format(le_goff.pk)).status_code == 404


def test_la_frise_deplace_et_dit_la_version(site: Monde) -> None:
    with lier(site.a):
        ligne, bruno = visite("awa", "10:00", "11:00"), intervenant("bruno")

    reponse = client_de(site.a, "alice").post(
        "/planning/deplacer",
        {"id": ligne.pk, "intervenant": bruno.pk, "debut": "14:15", "jour": "2026-11-24"},
    )

    assert reponse.status_code == 200
    assert reponse.json() == {"id": str(ligne.pk), "version": 2, "avertissements": []}
    with lier(site.a):
        ligne.refresh_from_db()
    assert (ligne.debut, ligne.intervenant_id) == (a("14:15"), bruno.pk)


def test_un_deplacement_refuse_dit_sa_phrase(site: Monde) -> None:
    with lier(site.a):
        visite("awa", "20:30", "21:30", jour=23)
        ligne, awa = visite("awa", "10:00", "11:00", chez=usager("Kerbrat")), intervenant("awa")

    reponse = client_de(site.a, "alice").post(
        "/planning/deplacer", {"id": ligne.pk, "intervenant": awa.pk, "debut": "07:45", "jour": "2026-11-24"}
    )

    assert reponse.status_code == 422
    assert "Repos quotidien de 11\u00a0h non respecté" in reponse.json()["detail"]
    with lier(site.a):
        ligne.refresh_from_db()
    assert ligne.debut == a("10:00")


@pytest.mark.parametrize("jour", ["0001-01-01", "9999-12-31", "demain", ""])
def test_un_jour_impossible_est_aujourd_hui(site: Monde, jour: str) -> None:
    with lier(site.a):
        awa = intervenant("awa")
    client = client_de(site.a, "alice")

    assert "Mardi 24 novembre" in _texte(client.get(f"/planning?jour={jour}"))
    assert "Semaine du 23/11 au 29/11" in _texte(client.get(f"/intervenants/{awa.pk}?jour={jour}"))


@pytest.mark.parametrize(
    ("demande", "statut"),
    [
        ({"id": "x"}, 404),
        ({"debut": "midi"}, 422),
        ({"intervenant": "x"}, 422),
        ({"intervenant": "", "debut": ""}, 422),
    ],
)
def test_un_deplacement_mal_forme_est_une_phrase(site: Monde, demande: dict[str, str], statut: int) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    corps = {"id": str(ligne.pk), "intervenant": "", "debut": "10:00", "jour": "2026-11-24"} | demande

    reponse = client_de(site.a, "alice").post("/planning/deplacer", corps)

    assert reponse.status_code == statut
    assert reponse.json()["detail"]


def _demande(site: Monde, **autres: Any) -> dict[str, Any]:
    with lier(site.a):
        chez = usager("Riou")
    return {
        "usager": chez.pk,
        "intervenant": "",
        "jour": "2026-11-24",
        "debut": "10:00",
        "duree": "60",
        "nature": "repas",
        "consigne": "",
        "gestes": "Préparer le repas\n\nVaisselle",
    } | autres


def test_une_nouvelle_intervention_ouvre_le_planning_de_son_jour(site: Monde) -> None:
    reponse = client_de(site.a, "alice").post("/interventions/nouvelle", _demande(site))

    with lier(site.a):
        ligne = Intervention.objects.get()
        assert list(ligne.gestes.values_list("libelle", flat=True)) == ["Préparer le repas", "Vaisselle"]
    assert (reponse.status_code, reponse.headers["Location"]) == (
        302,
        f"/planning?jour=2026-11-24&visite={ligne.pk}",
    )


def test_un_formulaire_faux_garde_ce_qui_etait_ecrit(site: Monde) -> None:
    reponse = client_de(site.a, "alice").post(
        "/interventions/nouvelle", _demande(site, usager="", debut="midi", consigne="Volets")
    )

    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "2 points sont à corriger" in page
    assert "Choisissez un usager." in page
    assert "Écrivez l’heure sous la forme 08:30." in page
    assert 'value="Volets"' in page
    with lier(site.a):
        assert not Intervention.objects.exists()


def test_une_regle_se_lit_sous_son_champ(site: Monde) -> None:
    with lier(site.a):
        visite("awa", "10:30", "11:30")
        awa = intervenant("awa")

    reponse = client_de(site.a, "alice").post("/interventions/nouvelle", _demande(site, intervenant=awa.pk))

    assert reponse.status_code == 422
    assert re.search(r'id="id_debut_error".*?Deux visites en même temps', reponse.content.decode(), re.DOTALL)


def test_le_formulaire_de_deplacement_refuse_une_version_depassee(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    client = client_de(site.a, "alice")
    corps = {"intervenant": "", "jour": "2026-11-25", "debut": "10:00", "duree": "60", "version": "1"}

    assert client.post(f"/interventions/{ligne.pk}/deplacer", corps).status_code == 302
    refus = client.post(f"/interventions/{ligne.pk}/deplacer", corps | {"debut": "12:00"})

    assert refus.status_code == 422
    assert "Alice Essai a modifié cette visite" in refus.content.decode()


def test_annuler_puis_retablir_par_htmx(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
    client = client_de(site.a, "alice")

    reponse = client.post(
        f"/interventions/{ligne.pk}/annuler",
        {"motif": "Hospitalisation", "version": "1"},
        headers={"HX-Request": "true"},
    )

    assert json.loads(reponse.headers["HX-Trigger"]) == {
        "annonce": {"texte": "La visite est annulée.", "annuler": f"/interventions/{ligne.pk}/retablir"}
    }
    assert "Hospitalisation" in _texte(reponse)
    assert f'id="bloc-{ligne.pk}" hx-swap-oob="true"' in reponse.content.decode()
    client.post(f"/interventions/{ligne.pk}/retablir")
    with lier(site.a):
        ligne.refresh_from_db()
    assert ligne.statut == "prevue"


def test_annuler_sans_motif_redonne_le_volet(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")

    reponse = client_de(site.a, "alice").post(f"/interventions/{ligne.pk}/annuler", {"motif": ""})

    assert reponse.status_code == 422
    assert "Dites pourquoi la visite est annulée." in _texte(reponse)


def test_le_volet_dit_qui_a_fait_quoi(site: Monde) -> None:
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
        badge(ligne, "arrivee", "08:20", qui=intervenant("bruno"))
    client = client_de(site.a, "alice")
    client.post(
        "/planning/deplacer", {"id": ligne.pk, "intervenant": "", "debut": "14:00", "jour": "2026-11-24"}
    )

    texte = _texte(client.get(f"/interventions/{ligne.pk}", headers={"HX-Request": "true"}))

    assert "Alice Essai a changé l’horaire, a laissé la visite à pourvoir" in texte
    assert "Bruno Essai, ce n’est pas l’intervenant prévu" in texte


def test_remplacer_propose_puis_confie(site: Monde, le_goff: Intervention) -> None:
    client = client_de(site.a, "alice")
    with lier(site.a):
        bruno = intervenant("bruno")

    page = client.get(f"/interventions/{le_goff.pk}/remplacer")
    reponse = client.post(f"/interventions/{le_goff.pk}/remplacer", {"intervenant": bruno.pk, "version": "1"})

    assert "Bruno Essai Possible Libre à cette heure" in _texte(page)
    assert reponse.status_code == 302
    with lier(site.a):
        le_goff.refresh_from_db()
    assert le_goff.intervenant_id == bruno.pk


def test_aujourd_hui_dit_ce_qui_attend_une_decision(site: Monde, le_goff: Intervention) -> None:
    with lier(site.a):
        Intervenant.objects.filter(compte__identifiant="awa").update(telephone="06 12 34 56 78")
        visite(None, "18:30", "19:30", chez=usager("Kerbrat"))
        visite(None, "09:30", "10:30", chez=usager("Ollivier"))

    page = client_de(site.a, "alice").get("/")

    texte = _texte(page)
    assert "Mme Yvonne Le Goff n’a pas encore reçu sa visite" in texte
    assert "Toilette à 08:00, Awa Essai n’a pas badgé. Usager vivant seul." in texte
    assert "2 interventions à pourvoir\u00a0: Mme Ollivier, Mme Kerbrat" in page.content.decode()
    assert 'href="tel:0612345678"' in page.content.decode()
    assert (
        "3 interventions\u00a0: 0 faites, 0 en cours, 1 en retard, 2 à pourvoir, 0 à venir"
        in page.content.decode()
    )


def test_un_nouvel_intervenant_a_sa_page(site: Monde) -> None:
    client = client_de(site.a, "alice")

    reponse = client.post(
        "/intervenants/nouveau", {"prenom": "Inès", "nom": "Roux", "metier": "aide", "heures": "24"}
    )

    page = client.get(reponse.headers["Location"])
    assert "Inès Roux" in _texte(page)
    assert "24\u00a0h" in page.content.decode()
    assert "Inès Roux" in _texte(client.get("/intervenants?q=roux"))
    assert "Personne ne correspond" in _texte(client.get("/intervenants?q=zzz"))


def test_declarer_une_absence_annonce_les_visites_a_pourvoir(site: Monde) -> None:
    with lier(site.a):
        ligne, awa = visite("awa", "10:00", "11:00"), intervenant("awa")
    client = client_de(site.a, "alice")

    faux = client.post(
        f"/intervenants/{awa.pk}/absence", {"debut": "2026-11-25", "fin": "2026-11-24", "motif": "conge"}
    )
    juste = client.post(
        f"/intervenants/{awa.pk}/absence", {"debut": "2026-11-24", "fin": "2026-11-24", "motif": "conge"}
    )

    assert faux.status_code == 422
    assert "Le dernier jour (24/11/2026) précède le premier (25/11/2026)." in _texte(faux)
    assert juste.headers["Location"] == "/planning?jour=2026-11-24"
    assert "L’absence est déclarée. 1 visite à pourvoir." in _texte(client.get("/planning"))
    with lier(site.a):
        ligne.refresh_from_db()
    assert ligne.intervenant_id is None


def test_une_absence_sans_visite_le_dit(site: Monde) -> None:
    with lier(site.a):
        awa = intervenant("awa")
    client = client_de(site.a, "alice")

    client.post(
        f"/intervenants/{awa.pk}/absence", {"debut": "2026-11-24", "fin": "2026-11-24", "motif": "conge"}
    )

    assert "L’absence est déclarée. Aucune visite à pourvoir." in _texte(client.get("/planning"))


def test_plusieurs_visites_a_pourvoir_menent_droit_aux_remplacants_de_la_premiere(site: Monde) -> None:
    with lier(site.a):
        visite(None, "14:00", "15:00")
        premiere = visite(None, "10:00", "11:00")

    page = client_de(site.a, "alice").get("/").content.decode()

    assert f'href="/interventions/{premiere.pk}/remplacer"' in page
    assert "Pourvoir la première" in page


def test_l_histoire_d_une_visite_reprise_d_ailleurs_commence_par_ce_qu_on_en_sait(site: Monde) -> None:
    """Rows written in bulk have no first version: the first trace is a change, not a planning."""
    with lier(site.a):
        ligne = visite("awa", "10:00", "11:00")
        Intervention.history.all().delete()
    client_de(site.a, "alice").post(f"/interventions/{ligne.pk}/annuler", {"motif": "Hospitalisation"})

    lu = _texte(client_de(site.a, "alice").get(f"/planning?jour=2026-11-24&visite={ligne.pk}"))
    assert "a annulé la visite : Hospitalisation" in lu
    assert "a planifié la visite" not in lu


def test_la_palette_trouve_un_intervenant(site: Monde) -> None:
    reponse = client_de(site.a, "alice").get("/recherche?q=awa", headers={"HX-Request": "true"})

    assert "Awa Essai" in _texte(reponse)


def test_la_tournee_montre_ses_visites_ses_gestes_et_la_prudence(site: Monde, le_goff: Intervention) -> None:
    with lier(site.a):
        Geste.objects.create(intervention=le_goff, libelle="Préparer le repas", precision="sans sel")
        visite("bruno", "10:00", "11:00", chez=usager("Kerbrat"))
    inscrire_prudence(
        "essai", lambda _c, usagers: {usagers[0]: Prudence("Rougeur au talon droit", "à surélever")}
    )
    try:
        texte = _texte(client_de(site.a, "awa").get("/m/"))
    finally:
        del _prudences["essai"]

    assert "0 visite faite sur 1" in texte
    assert "Rougeur au talon droit à surélever" in texte
    assert "Préparer le repas sans sel" in texte
    assert "Commencer la visite" in texte
    assert "Kerbrat" not in texte


def test_bruno_n_ouvre_pas_la_visite_d_awa(site: Monde, le_goff: Intervention) -> None:
    assert client_de(site.a, "awa").get(f"/m/visites/{le_goff.pk}").status_code == 200
    assert client_de(site.a, "bruno").get(f"/m/visites/{le_goff.pk}").status_code == 404
    assert client_de(site.a, "bruno").get(f"/m/visites/{le_goff.pk}/terminer").status_code == 404
    assert client_de(site.b, "celia").get(f"/m/visites/{le_goff.pk}").status_code == 404


def test_terminer_ne_choisit_pas_l_etat_a_la_place_de_la_personne(site: Monde, le_goff: Intervention) -> None:
    page = client_de(site.a, "awa").get(f"/m/visites/{le_goff.pk}/terminer").content.decode()
    ecran = page[page.index('<form class="fiche" data-fin=') : page.index("Un mot pour l’équipe")]

    assert 'name="observation" value="prevenir"' in ecran
    assert "checked" not in ecran


@pytest.mark.parametrize("adresse", ["/m/", "/m/badger", "/m/moi", "/m/envois"])
def test_le_telephone_est_a_ceux_du_terrain(site: Monde, adresse: str) -> None:
    assert client_de(site.a, "awa").get(adresse).status_code == 200
    assert client_de(site.a, "alice").get(adresse).status_code == 403
    assert client_de(site.a).get(adresse).headers["Location"].startswith("/connexion?suite=")


def test_la_tournee_fait_toujours_le_meme_nombre_de_requetes(site: Monde) -> None:
    client = client_de(site.a, "awa")
    comptes = []
    for deja, nombre in ((0, 3), (3, 20)):
        with lier(site.a):
            for n in range(deja, nombre):
                ligne = visite(None, "10:00", "11:00", chez=usager(f"Le Goff {n}"))
                ligne.debut = a("09:00") + timedelta(minutes=40 * n)
                ligne.fin, ligne.intervenant = ligne.debut + timedelta(minutes=30), intervenant("awa")
                ligne.save()
        client.get("/m/")
        with CaptureQueriesContext(connection) as vues:
            assert client.get("/m/").status_code == 200
        comptes.append(len(vues))

    assert comptes[0] == comptes[1]

from datetime import date
from typing import Any

import pytest

from dossier.models import Proche, Secteur, Usager, Vigilance
from liaison.models import Transmission
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import FORMULAIRE, requetes, texte
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import a, badge, intervenant, usager, visite


@pytest.fixture
def anne(site: Monde) -> Usager:
    """Mme Anne Riou, as on the drawing."""
    with lier(site.a):
        anne = Usager.objects.create(
            civilite="MME",
            nom_naissance="Le Goff",
            nom_usage="Riou",
            prenoms="Anne",
            ne_le=date(1942, 3, 12),
            accompagne_depuis=date(2023, 2, 6),
            statut_ins="qualifiee",
            adresse="4 venelle du Puits",
            commune="Lannion",
            telephone="0261911234",
            gir=3,
            acces_logement="Coffret, code 2580",
            medecin="Dr Maïwenn Tanguy",
            medecin_telephone="0261915678",
            secteur=Secteur.objects.create(nom="Lannion"),
        )
        Proche.objects.create(
            usager=anne,
            nom_complet="Claire Riou",
            lien="sa fille",
            telephone="0639984512",
            personne_de_confiance=True,
        )
        Vigilance.objects.create(
            usager=anne, libelle="Allergie\u00a0: pénicilline", niveau="alerte", sante=True
        )
        Vigilance.objects.create(usager=anne, libelle="Risque de chute", niveau="attention")
        return anne


def test_la_liste_dit_l_age_la_commune_et_la_prochaine_visite(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        visite("awa", "10:45", "11:45", chez=anne, nature="repas")
        visite("awa", "18:15", "19:15", chez=anne, nature="coucher")

    lu = texte(client_de(site.a, "alice").get("/usagers"))

    assert "1 personne accompagnée" in lu
    assert "Mme Anne Riou née Le Goff 84 ans Lannion 02" in lu
    assert "Auj. 10:45 Repas, Awa Essai" in lu
    assert "GIR" not in lu


def test_la_liste_ne_montre_le_gir_qu_au_soin(site: Monde, anne: Usager) -> None:
    assert '<td data-titre="GIR">3</td>' in client_de(site.a, "idec").get("/usagers").content.decode()
    assert 'data-titre="GIR"' not in client_de(site.a, "direction").get("/usagers").content.decode()


@pytest.mark.parametrize(
    ("recherche", "trouvee"),
    [
        ("q=riou", True),
        ("q=RIOÜ", True),
        ("q=le+goff+an", True),
        ("q=1234", True),
        ("q=iou", False),
        ("q=kerbrat", False),
        ("statut=sortis", False),
        ("statut=tous", True),
        ("secteur=pas-un-uuid", True),
    ],
)
def test_on_cherche_par_les_debuts_de_mots_ou_le_telephone(
    site: Monde, anne: Usager, recherche: str, trouvee: bool
) -> None:
    page = client_de(site.a, "alice").get(f"/usagers?{recherche}").content.decode()

    assert (f"/usagers/{anne.pk}" in page) is trouvee


def test_la_palette_trouve_en_cinq_touches_et_se_tait_pour_bruno(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        visite("awa", "10:45", "11:45", chez=anne)

    def chercher(qui: str, q: str) -> bool:
        return f"/usagers/{anne.pk}" in client_de(site.a, qui).get("/recherche", {"q": q}).content.decode()

    assert [chercher("alice", q) for q in ("riou", "an ri", "1234", "xxxx")] == [True, True, True, False]
    assert [chercher("awa", "riou"), chercher("bruno", "riou")] == [True, False]


def test_le_dossier_dit_qui_elle_est(site: Monde, anne: Usager) -> None:
    lu = texte(client_de(site.a, "alice").get(f"/usagers/{anne.pk}"))

    assert "Mme Anne Riou 84 ans INS qualifiée Née Le Goff le 12/03/1942. 4 venelle du Puits, Lannion." in lu
    assert "Accompagnée depuis le 06/02/2023." in lu
    assert "Claire Riou, sa fille 06 39 98 45 12" in lu
    assert "Risque de chute" in lu
    assert "pénicilline" not in lu
    assert "GIR 3" not in lu
    assert "2580" not in lu
    assert (
        "Ma fonction Responsable de secteur Mon affectation Responsable de toute la structure Les données de santé Masquées pour ma fonction"
        in lu
    )


def test_l_idec_lit_l_allergie_et_le_gir(site: Monde, anne: Usager) -> None:
    lu = texte(client_de(site.a, "idec").get(f"/usagers/{anne.pk}"))

    assert "GIR 3" in lu
    assert "Allergie : pénicilline" in lu
    assert "Visibles pour ma fonction de soin" in lu


def test_le_fil_raconte_la_visite_et_la_note(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        ligne = visite("awa", "07:15", "08:00", chez=anne, nature="soins")
        badge(ligne, "arrivee", "07:14")
        badge(ligne, "depart", "07:49")
        Transmission.objects.create(
            usager=anne,
            intervention=ligne,
            auteur=compte("awa"),
            observation="surveiller",
            texte="Mange peu depuis hier.",
            ecrite_a=a("07:48"),
        )

    lu = texte(client_de(site.a, "alice").get(f"/usagers/{anne.pk}"))

    assert (
        "Aujourd’hui, mardi 24 novembre Transmission, Awa Essai 07:48 Mange peu depuis hier. À surveiller "
        "Soins, Awa Essai 07:15 Prévue 07:15–08:00 Badgée 07:14–07:49 Sur place 35 min "
        "Faite 10 min de moins que prévu"
    ) in lu


def test_le_fil_se_filtre_et_remonte_le_temps_par_htmx(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        for jour in range(1, 24):
            visite("awa", "07:15", "08:00", chez=anne, jour=jour)
    client = client_de(site.a, "alice")

    premiere = client.get(f"/usagers/{anne.pk}")
    suite = premiere.context["fil"].adresse_suite
    seconde = client.get(f"/usagers/{anne.pk}/fil?{suite}", headers={"HX-Request": "true"})

    assert [len(p.context["fil"].jours) for p in (premiere, seconde)] == [12, 11]
    assert "<html" not in seconde.content.decode()
    assert "Voir les jours précédents" not in seconde.content.decode()
    sans_htmx = client.get(f"/usagers/{anne.pk}/fil?{suite}")
    assert sans_htmx["Location"] == f"/usagers/{anne.pk}?{suite}"


@pytest.mark.parametrize("chemin", ["", "/fil", "/entourage", "/modifier", "/sortie"])
@pytest.mark.parametrize(("structure", "qui"), [("a", "bruno"), ("b", "chloe")])
def test_un_autre_cas_et_une_autre_structure_ne_s_ouvrent_pas(
    site: Monde, anne: Usager, chemin: str, structure: str, qui: str
) -> None:
    client = client_de(getattr(site, structure), qui)

    reponse = client.get(f"/usagers/{anne.pk}{chemin}", headers={"HX-Request": "true"})

    assert reponse.status_code in (403, 404)
    assert "Riou" not in reponse.content.decode()


def test_awa_lit_le_dossier_de_sa_visite_sans_y_ecrire(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        visite("awa", "10:45", "11:45", chez=anne)
    client = client_de(site.a, "awa")

    lu = texte(client.get(f"/usagers/{anne.pk}"))

    assert "Visite du 24/11 à 10:45, toilette" in lu
    assert "Accès ouvert jusqu’au 27/11/2026 à 11 h 45" in lu
    assert "Modifier" not in lu
    assert client.get("/usagers").status_code == 403


def test_le_code_s_affiche_par_un_envoi_et_jamais_dans_la_page(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "alice")

    fragment = client.post(f"/usagers/{anne.pk}/acces", headers={"HX-Request": "true"})
    page = client.post(f"/usagers/{anne.pk}/acces")

    assert texte(fragment) == "Coffret, code 2580 Affichage tracé"
    assert "no-store" in fragment["Cache-Control"]
    assert "Coffret, code 2580" in texte(page)
    assert client.get(f"/usagers/{anne.pk}/acces").status_code == 405
    assert "2580" not in client.get(f"/usagers/{anne.pk}/modifier").content.decode()
    with lier(site.a):
        assert Message.objects.filter(genre="dossier.acces.devoile").count() == 2


def test_bruno_n_obtient_pas_le_code(site: Monde, anne: Usager) -> None:
    reponse = client_de(site.a, "bruno").post(f"/usagers/{anne.pk}/acces")

    assert (reponse.status_code, "2580" in reponse.content.decode()) == (403, False)
    with lier(site.a):
        assert Message.objects.count() == 0


def test_une_admission_refusee_garde_la_saisie_sous_ses_phrases(site: Monde) -> None:
    client = client_de(site.a, "alice")

    reponse = client.post("/usagers/nouveau", {**FORMULAIRE, "ne_le": "2042-03-12", "telephone": "02 61"})

    lu = reponse.content.decode()
    assert reponse.status_code == 422
    assert "La date de naissance (12/03/2042) est dans le futur." in lu
    assert "Ce numéro n’est pas complet" in lu
    assert 'value="Anne Marie"' in lu
    assert "2 points sont à corriger" in lu
    with lier(site.a):
        assert Usager.objects.count() == 0


def test_une_admission_mene_au_dossier(site: Monde) -> None:
    reponse = client_de(site.a, "accueil").post("/usagers/nouveau", FORMULAIRE)

    with lier(site.a):
        assert reponse["Location"] == f"/usagers/{Usager.objects.get().pk}"


def test_un_homonyme_se_confirme_dans_le_formulaire(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "alice")

    refus = client.post("/usagers/nouveau", FORMULAIRE)
    accepte = client.post("/usagers/nouveau", {**FORMULAIRE, "homonyme_confirme": "oui"})

    assert refus.status_code == 422
    assert "Ce n’est pas la même personne" in texte(refus)
    assert accepte.status_code == 302


def test_le_formulaire_ne_montre_pas_le_gir_a_qui_ne_soigne_pas(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "alice")
    assert "id_gir" not in client.get(f"/usagers/{anne.pk}/modifier").content.decode()

    reponse = client.post(f"/usagers/{anne.pk}/modifier", {**_saisie(anne), "gir": "1"})

    assert reponse.status_code == 302
    with lier(site.a):
        assert Usager.objects.get().gir == 3


def _saisie(anne: Usager, **autres: Any) -> dict[str, Any]:
    return {
        "vu_a": anne.modifie_a.isoformat(),
        "civilite": "MME",
        "prenoms": "Anne",
        "nom_naissance": "Le Goff",
        "nom_usage": "Riou",
        "ne_le": "1942-03-12",
        "accompagne_depuis": "2023-02-06",
        "telephone": "0261911234",
        "commune": "Lannion",
        **autres,
    }


def test_une_modification_vide_garde_le_code_de_porte(site: Monde, anne: Usager) -> None:
    client_de(site.a, "alice").post(f"/usagers/{anne.pk}/modifier", _saisie(anne, commune="Trégastel"))

    with lier(site.a):
        relu = Usager.objects.get()
    assert (relu.commune, relu.acces_logement) == ("Trégastel", "Coffret, code 2580")


def test_un_conflit_garde_la_saisie_dit_ce_qui_differe_et_se_tranche(site: Monde, anne: Usager) -> None:
    alice, accueil = client_de(site.a, "alice"), client_de(site.a, "accueil")
    with lier(site.a):
        Usager.objects.filter(pk=anne.pk).update(modifie_a=a("08:00"))
    saisie = _saisie(anne, vu_a=a("08:00").isoformat())
    accueil.post(f"/usagers/{anne.pk}/modifier", {**saisie, "telephone": "02 61 91 00 00"})

    conflit = alice.post(f"/usagers/{anne.pk}/modifier", {**saisie, "commune": "Trégastel"})

    assert conflit.status_code == 409
    assert "Téléphone, désormais : 0261910000" in texte(conflit)
    assert 'value="Trégastel"' in conflit.content.decode()
    with lier(site.a):
        assert Usager.objects.get().commune == "Lannion"
    tranche = alice.post(
        f"/usagers/{anne.pk}/modifier", {**saisie, "commune": "Trégastel", "vu_a": conflit.context["vu_a"]}
    )
    assert tranche.status_code == 302
    with lier(site.a):
        assert Usager.objects.get().commune == "Trégastel"


def test_un_formulaire_sans_marque_de_version_n_ecrase_rien(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        Usager.objects.filter(pk=anne.pk).update(modifie_a=a("08:20"), cree_a=a("08:00"))

    reponse = client_de(site.a, "alice").post(f"/usagers/{anne.pk}/modifier", _saisie(anne, vu_a="hier"))

    assert reponse.status_code == 409


def test_l_entourage_s_ajoute_et_une_faute_rouvre_le_formulaire(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "alice")

    faux = client.post(f"/usagers/{anne.pk}/entourage/ajouter", {"nom_complet": "Paul", "lien": ""})
    juste = client.post(f"/usagers/{anne.pk}/entourage/ajouter", {"nom_complet": "Paul Riou", "lien": "fils"})

    assert (faux.status_code, juste.status_code) == (422, 302)
    assert '<details class="ajout" open>' in faux.content.decode()
    assert 'value="Paul"' in faux.content.decode()
    with lier(site.a):
        assert Proche.objects.count() == 2


def test_une_sortie_future_se_refuse_dans_la_page(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "alice")

    refus = client.post(f"/usagers/{anne.pk}/sortie", {"sorti_le": "2026-11-25"})
    fait = client.post(f"/usagers/{anne.pk}/sortie", {"sorti_le": "2026-11-24"})

    assert (refus.status_code, fait.status_code) == (422, 302)
    assert "Sortie le 24/11/2026" in texte(client.get(f"/usagers/{anne.pk}"))


def test_le_texte_saisi_reste_du_texte(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        Usager.objects.filter(pk=anne.pk).update(nom_usage="<b>Riou</b>")

    page = client_de(site.a, "alice").get(f"/usagers/{anne.pk}").content.decode()

    assert "<b>Riou</b>" not in page
    assert "&lt;b&gt;Riou&lt;/b&gt;" in page


@pytest.mark.parametrize("qui", ["alice", "idec"])
def test_la_liste_fait_toujours_le_meme_nombre_de_requetes(site: Monde, qui: str) -> None:
    client, comptes = client_de(site.a, qui), []
    for deja, nombre in ((0, 3), (3, 30)):
        with lier(site.a):
            secteur = Secteur.objects.create(nom=f"Secteur {nombre}")
            for n in range(deja, nombre):
                une = usager(f"Essai {n}", secteur=secteur, gir=2)
                visite("awa", "07:00", "07:30", chez=une, jour=26 + n // 20) if n in (0, 20) else None
                visite(None, "10:00", "11:00", chez=une)
        comptes.append(requetes(client, "/usagers"))

    assert comptes[0] == comptes[1]


def test_le_dossier_fait_toujours_le_meme_nombre_de_requetes(site: Monde, anne: Usager) -> None:
    client, comptes = client_de(site.a, "idec"), []
    for deja, nombre in ((0, 3), (3, 11)):
        with lier(site.a):
            for n in range(deja, nombre):
                ligne = visite("awa", "07:00", "08:00", chez=anne, jour=23 - n)
                badge(ligne, "arrivee", "07:02")
                visite("bruno", "10:00", "11:00", chez=anne, jour=25 + n % 5) if n < 5 else None
                Transmission.objects.create(
                    usager=anne, auteur=compte("awa"), texte=f"Note {n}", ecrite_a=a("07:30", 23 - n)
                )
                Proche.objects.create(usager=anne, nom_complet=f"Proche {n}", lien="ami")
                Vigilance.objects.create(usager=anne, libelle=f"Vigilance {n}")
        comptes.append(requetes(client, f"/usagers/{anne.pk}"))

    assert comptes[0] == comptes[1]
    with lier(site.a):
        assert intervenant("bruno").interventions.count() == 5

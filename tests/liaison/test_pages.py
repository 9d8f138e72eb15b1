import re
from typing import Any

import pytest

from dossier.models import Usager
from liaison.models import Lecture, Transmission
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import lier
from tests.dossier.fabrique import requetes, texte
from tests.liaison.fabrique import note
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import a, usager, visite


@pytest.fixture
def anne(site: Monde) -> Usager:
    with lier(site.a):
        anne = usager("Riou", prenoms="Anne")
        visite("awa", "07:00", "08:00", chez=anne)
        return anne


@pytest.fixture
def ecrites(site: Monde, anne: Usager) -> dict[str, Transmission]:
    with lier(site.a):
        return {
            "soins": note(
                anne, texte="Rougeur au talon.", audience="soins", observation="prevenir", heure="07:58"
            ),
            "equipe": note(anne, texte="Mange peu.", observation="surveiller", heure="07:50"),
            "famille": note(
                anne, texte="Promenade.", audience="famille", observation="habitude", heure="07:40"
            ),
        }


def _lus(reponse: Any) -> list[str]:
    lu = texte(reponse)
    return [mot for mot in ("Rougeur au talon.", "Mange peu.", "Promenade.") if mot in lu]


@pytest.mark.parametrize(
    ("qui", "filtre", "lus"),
    [
        ("idec", "", ["Rougeur au talon.", "Mange peu.", "Promenade."]),
        ("alice", "", ["Mange peu.", "Promenade."]),
        ("direction", "", ["Mange peu.", "Promenade."]),
        ("awa", "", ["Rougeur au talon.", "Mange peu.", "Promenade."]),
        ("bruno", "", []),
        ("idec", "soins", ["Rougeur au talon."]),
        ("idec", "surveiller", ["Rougeur au talon.", "Mange peu."]),
        ("awa", "non_lues", []),
        ("alice", "n’importe", ["Mange peu.", "Promenade."]),
    ],
)
def test_chacun_lit_les_transmissions_de_sa_fonction(
    site: Monde, ecrites: dict[str, Transmission], qui: str, filtre: str, lus: list[str]
) -> None:
    assert _lus(client_de(site.a, qui).get("/transmissions", {"filtre": filtre})) == lus


def test_une_ligne_dit_qui_pour_qui_et_si_elle_est_lue(site: Monde, ecrites: dict[str, Transmission]) -> None:
    lu = texte(client_de(site.a, "alice").get("/transmissions"))

    assert "2 non lues." in lu
    assert "Awa Essai pour Mme Riou , non lue 07:50 Mange peu. À surveiller Marquer comme lue" in lu
    assert "Promenade. Comme d’habitude Visible par la famille" in lu


def test_marquer_comme_lue_remplace_la_ligne(site: Monde, ecrites: dict[str, Transmission]) -> None:
    client = client_de(site.a, "alice")
    adresse = f"/transmissions/{ecrites['equipe'].pk}/lue"

    fragment = client.post(adresse, headers={"HX-Request": "true"})
    page = client.post(adresse)

    assert fragment.content.decode().startswith(f'<li id="t-{ecrites["equipe"].pk}">')
    assert "Lue par 1 personne" in texte(fragment)
    assert "Marquer" not in texte(fragment)
    assert page["Location"] == "/transmissions"
    assert "1 non lue." in texte(client.get("/transmissions"))


def test_tout_marquer_comme_lu(site: Monde, ecrites: dict[str, Transmission]) -> None:
    client = client_de(site.a, "alice")

    assert "2 transmissions marquées comme lues." in texte(client.post("/transmissions/lues", follow=True))
    with lier(site.a):
        assert Lecture.objects.filter(compte=compte("alice")).count() == 2


@pytest.mark.parametrize(("structure", "qui"), [("a", "bruno"), ("a", "direction"), ("b", "chloe")])
@pytest.mark.parametrize("chemin", ["", "/lue", "/corriger"])
def test_une_note_de_soins_est_introuvable_pour_les_autres(
    site: Monde, ecrites: dict[str, Transmission], structure: str, qui: str, chemin: str
) -> None:
    client = client_de(getattr(site, structure), qui)
    adresse = f"/transmissions/{ecrites['soins'].pk}{chemin}"

    reponse = client.post(adresse) if chemin == "/lue" else client.get(adresse)

    # The direction writes no transmission at all: it is told so before any note is looked for.
    assert reponse.status_code == (403 if (qui, chemin) == ("direction", "/corriger") else 404)
    assert "Rougeur" not in reponse.content.decode()


def test_le_formulaire_propose_l_equipe_et_aucune_observation(site: Monde, anne: Usager) -> None:
    page = client_de(site.a, "alice").get(f"/transmissions/nouvelle?usager={anne.pk}").content.decode()

    assert f'<option value="{anne.pk}" selected>' in page
    choix = [champ for champ in re.findall(r"<input type=.radio.[^>]+>", page) if "checked" in champ]
    assert len(choix) == 1
    assert 'name="audience" value="equipe" id="id_audience_0" checked' in page.replace(" required", "")


def test_publier_depuis_un_dossier_y_revient(site: Monde, anne: Usager) -> None:
    client = client_de(site.a, "accueil")

    reponse = client.post(
        f"/transmissions/nouvelle?usager={anne.pk}",
        {"usager": str(anne.pk), "texte": "Sa fille passe samedi.", "audience": "equipe"},
    )

    assert reponse["Location"] == f"/usagers/{anne.pk}"
    assert "Sa fille passe samedi." in texte(client.get(f"/usagers/{anne.pk}"))


def test_une_transmission_vide_est_refusee_et_garde_ses_choix(site: Monde, anne: Usager) -> None:
    reponse = client_de(site.a, "alice").post(
        "/transmissions/nouvelle", {"usager": str(anne.pk), "texte": " ", "audience": "famille"}
    )

    assert reponse.status_code == 422
    assert "Écrivez un mot, ou dites comment va la personne." in texte(reponse)
    assert 'value="famille" id="id_audience_2" checked' in reponse.content.decode().replace(" required", "")
    with lier(site.a):
        assert Transmission.objects.count() == 0


def test_awa_n_ecrit_que_pour_ses_personnes(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        autre = usager("Kerbrat")

    reponse = client_de(site.a, "awa").post(
        "/transmissions/nouvelle", {"usager": str(autre.pk), "texte": "Vu.", "audience": "equipe"}
    )

    assert reponse.status_code == 422
    assert "Cette personne n’est pas dans vos dossiers." in texte(reponse)


def test_corriger_montre_la_premiere_version_barree(site: Monde, ecrites: dict[str, Transmission]) -> None:
    client = client_de(site.a, "awa")

    reponse = client.post(
        f"/transmissions/{ecrites['equipe'].pk}/corriger",
        {"texte": "Mange très peu.", "observation": "surveiller", "audience": "equipe"},
    )

    assert reponse.status_code == 302
    page = client_de(site.a, "alice").get("/transmissions").content.decode()
    assert "<del>Mange peu.</del>" in page
    assert page.count("Mange très peu.") == 1


def test_aujourdhui_compte_et_montre_les_dernieres(site: Monde, ecrites: dict[str, Transmission]) -> None:
    page = client_de(site.a, "alice").get("/")

    lu = texte(page)
    assert "Transmissions 2 non lues Tout voir" in lu
    assert (
        '<span class="compte" data-compte="transmissions">2<span class="invisible"> en attente</span></span>'
        in page.content.decode()
    )


def test_a_traiter_dit_a_chacun_ce_qu_il_peut_lire(site: Monde, ecrites: dict[str, Transmission]) -> None:
    with lier(site.a):
        Compte.objects.filter(identifiant="idec").update(telephone="0639980001")

    alice, idec = (texte(client_de(site.a, qui).get("/")) for qui in ("alice", "idec"))

    assert "À surveiller : Mme Anne Riou Awa Essai, à 07:50 : Mange peu. Lire" in alice
    assert "Rougeur" not in alice
    assert "Le service est prévenu : Mme Anne Riou Awa Essai, à 07:58 : Rougeur au talon. Lire" in idec
    assert "Une situation demande une décision ce matin." in idec


def test_prevenir_l_idec_se_fait_d_un_appel(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        Compte.objects.filter(identifiant="idec").update(telephone="06 39 98 00 01")
        grave = note(anne, texte="Chute.", observation="prevenir")

    page = client_de(site.a, "alice").get("/").content.decode()

    assert 'href="tel:0639980001"' in page
    assert f'href="/transmissions/{grave.pk}"' in page


def test_une_note_lue_quitte_ce_qu_il_faut_traiter(site: Monde, ecrites: dict[str, Transmission]) -> None:
    client = client_de(site.a, "alice")
    client.post(f"/transmissions/{ecrites['equipe'].pk}/lue")

    assert "À surveiller : Mme Anne Riou" not in texte(client.get("/"))


@pytest.mark.parametrize(
    ("jour", "dite"), [("2026-11-23", True), ("2026-11-22", False), ("2026-11-25", False)]
)
def test_un_autre_jour_montre_ses_propres_notes(site: Monde, anne: Usager, jour: str, dite: bool) -> None:
    with lier(site.a):
        note(anne, texte="Tapis qui glisse.", observation="surveiller", ecrite_a=a("12:00", 23))

    page = texte(client_de(site.a, "alice").get(f"/?jour={jour}"))

    assert ("À surveiller : Mme Anne Riou" in page) is dite


@pytest.mark.parametrize("adresse", ["/transmissions", "/", "/transmissions?filtre=non_lues"])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_notes(
    site: Monde, anne: Usager, adresse: str
) -> None:
    client, comptes = client_de(site.a, "alice"), []
    for deja, nombre in ((0, 3), (3, 30)):
        with lier(site.a):
            for n in range(deja, nombre):
                ecrite = note(usager(f"Essai {n}"), texte=f"Note {n}", observation="prevenir", heure="07:00")
                Lecture.objects.create(transmission=ecrite, compte=compte("idec"))
        comptes.append(requetes(client, adresse))

    assert comptes[0] == comptes[1]


def test_le_texte_d_une_note_reste_du_texte(site: Monde, anne: Usager) -> None:
    with lier(site.a):
        note(anne, texte="<script>alert(1)</script>", puces=["<i>oui</i>"])

    page = client_de(site.a, "alice").get("/transmissions").content.decode()

    assert "<script>alert" not in page
    assert "<i>oui</i>" not in page


def test_marquer_lue_met_aussi_les_comptes_a_jour(site: Monde, ecrites: dict[str, Transmission]) -> None:
    """The number of the rail and the one of the title follow the line, without reading the page again."""
    client = client_de(site.a, "alice")

    premiere = client.post(f"/transmissions/{ecrites['equipe'].pk}/lue", headers={"HX-Request": "true"})
    derniere = client.post(f"/transmissions/{ecrites['famille'].pk}/lue", headers={"HX-Request": "true"})

    assert "innerHTML:[data-compte='transmissions']\">1<span" in premiere.content.decode()
    assert 'innerHTML:[data-non-lues]">1 non lue.</div>' in premiere.content.decode()
    assert "innerHTML:[data-compte='transmissions']\"></div>" in derniere.content.decode()
    assert 'innerHTML:[data-non-lues]">Tout est lu.</div>' in derniere.content.decode()

"""The good answer of the real provider, and what it opens."""

from typing import Any

from django.test import Client

from plateforme.identity.models import Session
from plateforme.reseau.models import PassagePsc, RattachementPsc
from plateforme.tenancy.courant import PUBLIC, lier
from tests.identity.oidc.conftest import Journaux, Navigateur
from tests.pairs.oidc.pair import Pair
from tests.pairs.oidc.personnes import SOLENN
from tests.support.monde import Monde, compte


def test_la_bonne_reponse_ouvre_la_session_de_la_structure(
    navigateur: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    assert not navigateur.est_connecte(monde.a)

    page = navigateur.entrer(suite="/usagers")

    assert navigateur.est_connecte(monde.a)
    assert (page.chemin, page.statut) == ("/usagers", 200)
    assert "Idec Essai" in page.texte
    with lier(monde.a):
        session = Session.objects.get(compte_id=solenn.pk)
        assert (session.moyen, session.fournisseur) == ("psc", "psc")
        assert session.sid != ""
        assert b"eyJ" not in bytes(session.jetons)  # no token in the clear
    assert journaux.structure() == [
        ("identity.connexion.reussie", {"moyen": "psc", "fournisseur": "psc", "niveau": "eidas3"})
    ]


def test_la_demande_porte_ce_que_pro_sante_connect_exige(navigateur: Navigateur, monde: Monde) -> None:
    navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a=navigateur.pair.racine)
    depart = navigateur.aller(
        "http://alpha.localhost/connexion/psc/depart", jusqu_a=navigateur.pair.racine
    ).url

    from urllib.parse import parse_qs, urlsplit

    params = {n: v[0] for n, v in parse_qs(urlsplit(depart).query).items()}
    assert params["scope"] == "openid scope_all"
    assert params["acr_values"] == "eidas1"
    assert params["response_type"] == "code"
    assert params["code_challenge_method"] == "S256"
    assert params["redirect_uri"] == "http://localhost/psc/retour"
    assert len(params["state"]) >= 32
    assert len(params["nonce"]) >= 32
    assert len(params["code_challenge"]) == 43


def test_le_nom_d_hote_appele_ne_change_pas_l_adresse_de_retour(navigateur: Navigateur, monde: Monde) -> None:
    depart = navigateur.aller("http://127.0.0.1/psc/depart", jusqu_a=navigateur.pair.issuer).url

    assert "redirect_uri=http%3A%2F%2Flocalhost%2Fpsc%2Fretour" in depart


def test_sans_compte_une_page_le_dit_sans_rien_reveler(
    navigateur: Navigateur, monde: Monde, journaux: Journaux
) -> None:
    page = navigateur.entrer()

    assert page.statut == 403
    assert "Aucun compte de cette structure ne porte votre identifiant national" in page.texte
    assert SOLENN not in page.texte
    assert not navigateur.est_connecte(monde.a)
    assert journaux.structure() == [("identity.oidc.refus", {"motif": "sans-compte"})]


def test_un_compte_desactive_n_ouvre_rien(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    with lier(monde.a):
        solenn.actif = False
        solenn.save()

    assert navigateur.entrer().statut == 403


def test_le_compte_du_voisin_ne_sert_pas_ici(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    page = navigateur.entrer("beta.localhost")

    assert page.statut == 403
    assert "Aucun compte de cette structure" in page.texte


def test_la_structure_de_travail_ne_vient_pas_des_activites(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    """Solenn's claims hold no activity at all; the local account is what opens."""
    assert navigateur.entrer().statut == 200


def test_qui_part_du_reseau_va_droit_a_sa_seule_structure(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    page = navigateur.aller("http://localhost/psc/depart")

    assert (page.url.split("/")[2], page.statut) == ("alpha.localhost", 200)


def test_qui_part_du_reseau_choisit_entre_ses_structures(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    with lier(monde.b):
        chloe = compte("chloe")
        chloe.id_national = SOLENN
        chloe.save()

    page = navigateur.aller("http://localhost/psc/depart")

    assert page.chemin == "/psc/structures"
    assert "SAD Alpha" in page.texte
    assert "SAD Beta" in page.texte
    # Choosing goes there without asking the provider again.
    avant = navigateur.pair.vus()["jeton"]
    arrivee = navigateur.aller("http://beta.localhost/connexion/psc/depart")
    assert "Chloe Essai" in arrivee.texte
    assert navigateur.pair.vus()["jeton"] == avant


def test_qui_part_du_reseau_sans_compte_nulle_part_le_lit(navigateur: Navigateur, monde: Monde) -> None:
    page = navigateur.aller("http://localhost/psc/depart")

    assert page.statut == 403
    assert "Aucune structure n’a de compte ouvert" in page.texte


def test_le_passage_ne_sert_qu_une_fois(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    arrivee = navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?").url
    copie = Client(headers={"host": "alpha.localhost"})
    copie.cookies["treille_psc"] = navigateur.client("alpha.localhost").cookies["treille_psc"].value

    assert navigateur.aller(arrivee).statut == 200
    assert copie.get(arrivee.removeprefix("http://alpha.localhost")).status_code == 403


def test_le_passage_ne_sert_pas_dans_un_autre_navigateur(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    arrivee = navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?").url
    chemin = arrivee.removeprefix("http://alpha.localhost")
    sans_cookie, autre = (Client(headers={"host": "alpha.localhost"}) for _ in range(2))
    autre.cookies["treille_psc"] = "x" * 43

    assert sans_cookie.get(chemin).status_code == 403
    assert autre.get(chemin).status_code == 403
    assert navigateur.aller(arrivee).statut == 200  # and the right one still passes


def test_le_passage_ne_sert_pas_chez_le_voisin(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    arrivee = navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?").url
    voisin = navigateur.client("beta.localhost")
    voisin.cookies["treille_psc"] = navigateur.client("alpha.localhost").cookies["treille_psc"].value

    assert voisin.get(arrivee.removeprefix("http://alpha.localhost")).status_code == 403


def test_le_passage_expire_en_une_minute(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    import time_machine

    from plateforme.core.clock import now

    arrivee = navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?").url
    from datetime import timedelta

    with time_machine.travel(now() + timedelta(seconds=61), tick=True):
        assert navigateur.aller(arrivee).statut == 403


def test_le_passage_ne_garde_ni_jeton_ni_nom(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="/connexion/psc?")
    with lier(PUBLIC):
        en_route = PassagePsc.objects.get()
        assert b"Essai" not in bytes(en_route.contenu)
        assert SOLENN not in f"{en_route.empreinte}{en_route.sujet}"
    navigateur.aller(navigateur.aller("http://alpha.localhost/connexion/psc/depart", jusqu_a="\x00").url)
    with lier(PUBLIC):
        assert set(PassagePsc.objects.exclude(pris_a=None).values_list("contenu", flat=True)) == {None}


def test_la_suite_ne_mene_jamais_ailleurs(navigateur: Navigateur, solenn: Any, monde: Monde) -> None:
    for hostile in ("https://mal.exemple/", "//mal.exemple", "/\\mal.exemple", "javascript:alert(1)"):
        page = navigateur.entrer(suite=hostile)
        assert page.url.startswith("http://alpha.localhost/"), hostile
        assert not any(url.startswith(("https://mal", "//mal")) for url in navigateur.passees)


def test_une_structure_inconnue_n_a_pas_de_depart(navigateur: Navigateur, monde: Monde) -> None:
    assert navigateur.aller("http://localhost/psc/depart?structure=gamma").statut == 404


def test_sans_identifiant_de_service_rien_n_existe(
    navigateur: Navigateur, monde: Monde, settings: Any
) -> None:
    settings.PSC_CLIENT_ID = ""

    page = navigateur.entrer()

    assert page.statut == 403
    from django.test import RequestFactory

    from plateforme.identity.registres import boutons

    assert [o["cle"] for o in boutons(RequestFactory().get("/connexion"))] == []


def test_le_moyen_est_propose_a_la_connexion(pair: Pair, monde: Monde) -> None:
    from django.test import RequestFactory

    from plateforme.identity.registres import boutons

    demande: Any = RequestFactory().get("/connexion", {"suite": "/usagers"})
    demande.structure = monde.a
    with lier(monde.a):
        offres = boutons(demande)

    assert [(o["libelle"], o["url"]) for o in offres] == [
        ("Pro Santé Connect", "/connexion/psc/depart?suite=%2Fusagers")
    ]


def test_le_materiel_officiel_est_lu_comme_une_identite(materiel: Any, settings: Any) -> None:
    """Blank FINESS, an identifier that is not a RPPS: what the agency's own sample holds."""
    from plateforme.identity.oidc import client, fournisseurs
    from tests.pairs.oidc.personnes import officiel

    settings.PSC_CLIENT_ID = "treille-essai"
    claims = officiel(materiel)
    psc = fournisseurs.exiger_psc()

    assert client._identifiant(psc, claims) == "ANS20210107161422"
    assert claims["SubjectRefPro"]["exercices"][0]["activities"][0]["numeroFinessSite"] == ""


def test_l_annuaire_suit_les_comptes(monde: Monde, solenn: Any) -> None:
    with lier(PUBLIC):
        assert RattachementPsc.objects.filter(compte_id=solenn.pk).count() == 1
        assert SOLENN not in RattachementPsc.objects.get(compte_id=solenn.pk).empreinte
    with lier(monde.a):
        solenn.actif = False
        solenn.save(update_fields=["actif"])
    with lier(PUBLIC):
        assert RattachementPsc.objects.filter(compte_id=solenn.pk).count() == 0


def test_l_annuaire_se_repare_par_la_commande(monde: Monde, solenn: Any, capsys: Any) -> None:
    from uuid import uuid4

    from django.core.management import call_command

    with lier(PUBLIC):
        RattachementPsc.objects.all().delete()
        RattachementPsc.objects.create(
            structure_id=monde.a.structure_id, compte_id=uuid4(), empreinte="f" * 64
        )
        RattachementPsc.objects.create(structure_id=uuid4(), compte_id=uuid4(), empreinte="e" * 64)

    for _ in range(2):
        call_command("rattacher_psc")

    with lier(PUBLIC):
        assert set(RattachementPsc.objects.values_list("compte_id", flat=True)) == {solenn.pk}
    assert "1 rattachement(s)" in capsys.readouterr().out

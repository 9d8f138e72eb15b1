"""What the real provider would never say, said by it: each is refused, opens nothing, changes nothing, and is noted."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from plateforme.identity.models import Compte, Session
from plateforme.identity.oidc import appels
from plateforme.reseau.models import PassagePsc
from plateforme.tenancy.courant import PUBLIC, lier
from tests.identity.oidc.conftest import Etape, Journaux, Navigateur, avec
from tests.pairs.oidc.pair import Pair
from tests.pairs.oidc.personnes import SOLENN
from tests.support.monde import Monde

# What the provider answers → motive kept by the journal, status of the page.
FAUTES = {
    "alg-none": ("signature-non-admise", 403),
    "hs256-cle-publique": ("signature-non-admise", 403),
    "hs256-secret": ("signature-non-admise", 403),
    "signature-retiree": ("signature-fausse", 403),
    "contenu-change": ("signature-fausse", 403),
    "meme-kid-autre-cle": ("signature-fausse", 403),
    "cle-inconnue": ("cle-inconnue", 403),
    "sans-kid": ("cle-inconnue", 403),
    "cle-dans-l-entete": ("cle-inconnue", 403),
    "cles-vides": ("cle-inconnue", 403),
    "autre-genre": ("jeton-d-un-autre-genre", 403),
    "autre-aud": ("autre-destinataire", 403),
    "aud-multiple": ("autre-destinataire", 403),
    "aud-multiple-azp-autre": ("autre-destinataire", 403),
    "azp-autre": ("autre-demandeur", 403),
    "autre-iss": ("autre-emetteur", 403),
    "autre-nonce": ("nonce", 403),
    "sans-nonce": ("nonce", 403),
    "expire": ("expire", 403),
    "sans-exp": ("exp-absent", 403),
    "iat-futur": ("emis-dans-le-futur", 403),
    "iat-ancien": ("trop-ancien", 403),
    "acr-faible": ("niveau", 403),
    "acr-inconnu": ("niveau", 403),
    "sans-acr": ("niveau", 403),
    "at-hash-faux": ("at-hash", 403),
    "sans-id-token": ("jeton-absent", 403),
    "sans-access-token": ("jeton-d-un-autre-genre", 403),
    "token-type": ("jeton-d-un-autre-genre", 403),
    "autre-sub": ("identite-discordante", 403),
    "identifiants-discordants": ("identite-discordante", 403),
    "sans-identifiant": ("sans-identifiant", 403),
    "identifiant-hostile": ("sans-identifiant", 403),
    "decouverte-autre-emetteur": ("decouverte-autre-emetteur", 403),
    "decouverte-en-clair": ("decouverte-adresse-non-admise", 403),
    "decouverte-sans-pkce": ("decouverte-sans-pkce", 403),
    "decouverte-redirection": ("redirection", 403),
    "decouverte-enorme": ("reponse-trop-grande", 403),
    "decouverte-illisible": ("reponse-illisible", 403),
    "decouverte-panne": ("en-panne", 503),
    "decouverte-muet": ("injoignable", 503),
    "jeton-redirection": ("redirection", 403),
    "jeton-enorme": ("reponse-trop-grande", 403),
    "jeton-illisible": ("reponse-illisible", 403),
    "jeton-tableau": ("reponse-illisible", 403),
    "jeton-refus": ("jeton-refuse-invalid-client", 403),
    "jeton-panne": ("en-panne", 503),
    "jeton-muet": ("injoignable", 503),
    "userinfo-redirection": ("redirection", 403),
    "userinfo-enorme": ("reponse-trop-grande", 403),
    "userinfo-refus": ("userinfo-refusee", 403),
    "userinfo-muet": ("injoignable", 503),
    "cles-redirection": ("redirection", 403),
    "cles-illisible": ("reponse-illisible", 403),
    "cles-panne": ("en-panne", 503),
}
# Good answers that look bad: refusing them would lock professionals out.
BONNES = ("aud-en-liste", "acr-eidas1", "horloge-en-avance")


def rien_n_est_ouvert(navigateur: Navigateur, monde: Monde, solenn: Any) -> None:
    assert not navigateur.est_connecte(PUBLIC)
    assert not navigateur.est_connecte(monde.a)
    with lier(monde.a):
        assert not Session.objects.filter(compte_id=solenn.pk).exists()
        assert list(Compte.objects.exclude(id_national="").values_list("id_national", flat=True)) == [SOLENN]
    with lier(PUBLIC):
        assert not PassagePsc.objects.exists()


def est_refusee(page: Etape, motif: str, statut: int) -> None:
    assert page.statut == statut, page.texte[:300]
    assert f"<b>{motif}</b>" in page.texte
    assert "Rien n’a été ouvert ni changé" in page.texte
    assert "eyJ" not in page.texte  # no token, no claim comes out
    assert SOLENN not in page.texte


@pytest.mark.parametrize(("faute", "attendu"), FAUTES.items(), ids=FAUTES)
def test_une_mauvaise_reponse_est_refusee(
    faute: str,
    attendu: tuple[str, int],
    navigateur: Navigateur,
    solenn: Any,
    monde: Monde,
    journaux: Journaux,
) -> None:
    navigateur.pair.regler(faute)

    page = navigateur.entrer()

    est_refusee(page, *attendu)
    rien_n_est_ouvert(navigateur, monde, solenn)
    assert journaux.reseau() == [("identity.oidc.refus", {"motif": attendu[0]})]


@pytest.mark.parametrize("faute", BONNES)
def test_une_bonne_reponse_qui_parait_mauvaise_est_acceptee(
    faute: str, navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    navigateur.pair.regler(faute)

    assert navigateur.entrer().statut == 200


@pytest.mark.parametrize("niveau", ["eidas1", "eidas2", "eidas3"])
def test_le_niveau_demande_est_un_minimum(
    niveau: str, navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    navigateur.pair.regler(acr=niveau)

    assert navigateur.entrer().statut == 200


@pytest.mark.parametrize(("niveau", "statut"), [("eidas1", 403), ("eidas2", 200), ("eidas3", 200)])
def test_un_minimum_plus_haut_ecarte_les_niveaux_plus_bas(
    niveau: str, statut: int, navigateur: Navigateur, solenn: Any, monde: Monde, settings: Any
) -> None:
    settings.PSC_ACR = "eidas2"
    navigateur.pair.regler(acr=niveau)

    assert navigateur.entrer().statut == statut


def test_un_code_ne_sert_qu_une_fois(
    navigateur: Navigateur, solenn: Any, monde: Monde, journaux: Journaux
) -> None:
    """The attempt is gone with its first answer; and the provider itself refuses the code of another attempt."""
    reponse = navigateur.reponse_du_fournisseur()
    autre_tentative = navigateur.reponse_du_fournisseur()
    assert navigateur.aller(reponse).statut == 200
    navigateur.hotes.pop("alpha.localhost")

    rejouee = navigateur.aller(reponse)
    code = reponse.split("code=")[1].split("&")[0]
    vole = navigateur.aller(avec(autre_tentative, code=code))

    est_refusee(rejouee, "tentative-inconnue", 403)
    est_refusee(vole, "jeton-refuse-invalid-grant", 403)
    assert not navigateur.est_connecte(monde.a)


@pytest.mark.parametrize(
    ("changes", "motif"),
    [
        ({"state": "x" * 32}, "tentative-inconnue"),
        ({"state": None}, "tentative-inconnue"),
        ({"state": ""}, "tentative-inconnue"),
        ({"iss": "https://auth.exemple.test/auth/realms/esante-wallet"}, "autre-emetteur"),
        ({"iss": None}, "autre-emetteur"),
        ({"code": "x" * 43}, "jeton-refuse-invalid-grant"),
        ({"code": None}, "reponse-incomplete"),
        ({"code": None, "error": "access_denied"}, "annulee"),
        ({"code": None, "error": "invalid_scope"}, "refus-du-fournisseur"),
    ],
)
def test_une_adresse_de_retour_changee_est_refusee(
    changes: dict[str, str | None],
    motif: str,
    navigateur: Navigateur,
    solenn: Any,
    monde: Monde,
    journaux: Journaux,
) -> None:
    reponse = navigateur.reponse_du_fournisseur()

    page = navigateur.aller(avec(reponse, **changes))

    est_refusee(page, motif, 403)
    rien_n_est_ouvert(navigateur, monde, solenn)
    assert journaux.reseau() == [("identity.oidc.refus", {"motif": motif})]


def test_la_reponse_d_un_autre_navigateur_est_refusee(
    pair: Pair, navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    """Somebody who makes another person follow their answer signs nobody in."""
    reponse = navigateur.reponse_du_fournisseur()
    victime = Navigateur(pair, navigateur.sub)

    est_refusee(victime.aller(reponse), "tentative-inconnue", 403)


def test_une_tentative_oubliee_dix_minutes_est_refusee(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    from datetime import timedelta

    import time_machine

    from plateforme.core.clock import now

    reponse = navigateur.reponse_du_fournisseur()
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        page = navigateur.aller(reponse)

    est_refusee(page, "tentative-inconnue", 403)


def test_un_fournisseur_injoignable_propose_le_compte_local(
    navigateur: Navigateur, solenn: Any, monde: Monde
) -> None:
    navigateur.pair.regler("decouverte-panne")

    page = navigateur.entrer()

    assert page.statut == 503
    assert "Pro Santé Connect ne répond pas. Connectez-vous avec votre compte Treille" in page.texte
    assert 'href="http://alpha.localhost/connexion"' in page.texte


def test_une_cle_nouvelle_est_relue_mais_pas_a_chaque_jeton_forge(
    navigateur: Navigateur, solenn: Any, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plateforme.identity.oidc import decouverte

    assert navigateur.entrer().statut == 200
    avant = navigateur.pair.vus()["cles"]
    navigateur.pair.regler("cle-inconnue")
    for _ in range(3):
        assert navigateur.entrer().statut == 403
    assert navigateur.pair.vus()["cles"] == avant  # read less than five seconds ago

    monkeypatch.setattr(decouverte, "ATTENTE_DES_CLES", 0.0)
    assert navigateur.entrer().statut == 403
    assert navigateur.pair.vus()["cles"] == avant + 1


def test_la_production_refuse_un_fournisseur_en_clair() -> None:
    from config.settings.oidc import ADRESSES, exiger_https

    exiger_https(*ADRESSES.values())
    with pytest.raises(ImproperlyConfigured, match="n’est pas en https"):
        exiger_https("https://auth.exemple.test", "http://localhost:8001/auth/realms/esante-wallet")


@pytest.mark.parametrize(
    ("adresse", "admise"),
    [
        ("https://auth.exemple.test/x", True),
        ("http://auth.exemple.test/x", False),
        ("http://127.0.0.1:9/x", False),
        ("https://moi:secret@auth.exemple.test/x", False),
        ("https://auth.exemple.test/x#y", False),
        ("ftp://auth.exemple.test/x", False),
        ("https://", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_hors_de_la_demonstration_seul_https_est_admis(adresse: str, admise: bool, settings: Any) -> None:
    settings.SORTANT_LOCAL = False

    assert appels.adresse_admise(adresse) is admise


def test_hors_de_la_demonstration_une_adresse_privee_n_est_pas_appelee(settings: Any) -> None:
    from plateforme.identity.oidc.erreurs import FournisseurInjoignable

    settings.SORTANT_LOCAL = False

    for hote in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "localhost"):
        with pytest.raises(FournisseurInjoignable) as refus:
            appels.appeler("GET", f"https://{hote}/", hotes=[hote.strip("[]")])
        assert refus.value.motif == "adresse-privee", hote


def test_le_nombre_de_mauvaises_reponses_est_imprime(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(
            f"\nmauvaises réponses du fournisseur : {len(FAUTES)} refusées, {len(BONNES)} bonnes voisines acceptées"
        )

    assert len(FAUTES) >= 20

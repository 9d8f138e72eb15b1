"""Headers on every address of both sites, refusals included; what production adds."""

from typing import Any

import pytest
from django.conf import Settings

from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.registre import action
from tests.securite.routes import routes
from tests.securite.scenes import INCONNU, dresser, objet_du_chemin, remplir
from tests.support.monde import Monde, client_de

ATTENDUS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
    "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


def verifier(reponse: Any, adresse: str) -> None:
    for nom, valeur in ATTENDUS.items():
        assert reponse.headers.get(nom) in (valeur if isinstance(valeur, set) else {valeur}), (adresse, nom)
    permissions = reponse.headers["Permissions-Policy"]
    assert "microphone=()" in permissions, adresse
    assert "camera=(self)" in permissions, adresse
    csp = {directive.strip() for directive in reponse.headers["Content-Security-Policy"].split(";")}
    assert csp in (CSP, {"sandbox", "default-src 'none'", "frame-ancestors 'none'"}), (adresse, csp)
    assert "unsafe" not in reponse.headers["Content-Security-Policy"]
    assert "X-XSS-Protection" not in reponse.headers


@pytest.mark.parametrize("personne", [None, "direction", "idec", "alice", "awa"])
def test_chaque_page_d_une_structure_porte_ses_en_tetes(monde: Monde, personne: str | None) -> None:
    scene = dresser(monde.a)
    client = client_de(monde.a, personne)
    for route in routes():
        if route.site != "structure" or "GET" not in route.methodes:
            continue
        cible = objet_du_chemin(scene, route.chemin) if route.parametres else INCONNU
        adresse = remplir(route.chemin, cible)
        reponse = client.get(adresse)
        verifier(reponse, adresse)
        connecte = personne is not None and route.action != LIBRE
        if connecte and "direction" in action(str(route.action)).roles:
            assert "no-store" in reponse.headers.get("Cache-Control", ""), adresse


def test_chaque_page_du_reseau_porte_ses_en_tetes(monde: Monde) -> None:
    client = client_de(None, "denis")
    for route in routes():
        if route.site == "reseau" and "GET" in route.methodes:
            adresse = remplir(route.chemin, INCONNU)
            verifier(client.get(adresse), adresse)


@pytest.mark.parametrize(
    "adresse", ["/nulle-part", "/static/absent.css", "/api/v1/nulle-part", "/usagers/pas-un-uuid"]
)
def test_une_page_qui_n_existe_pas_aussi(monde: Monde, adresse: str) -> None:
    verifier(client_de(monde.a, "alice").get(adresse), adresse)


def test_en_production_https_et_cookies_d_hote(
    monde: Monde, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREILLE_SECRET_KEY", "x" * 60)
    prod = Settings("config.settings.prod")
    assert (prod.SESSION_COOKIE_NAME, prod.CSRF_COOKIE_NAME) == (
        "__Host-treille_session",
        "__Host-treille_csrf",
    )
    for nom in (
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
        "SECURE_PROXY_SSL_HEADER", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
    ):  # fmt: skip
        setattr(settings, nom, getattr(prod, nom))

    clair = client_de(monde.a).get("/connexion")
    chiffre = client_de(monde.a).get("/connexion", secure=True)

    assert (clair.status_code, clair["Location"][:8]) == (301, "https://")
    assert chiffre.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    cookie = chiffre.cookies["__Host-treille_csrf"]
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"], cookie["samesite"]) == (
        True,
        "/",
        "",
        True,
        "Lax",
    )

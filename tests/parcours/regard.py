"""What every page must be, whoever looks: no error, no CSP violation, axe clean, no overflow, a picture kept."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.support.entree import entrer_au_navigateur
from tests.support.monde import SECRET_TOTP

CAPTURES = Path(__file__).resolve().parents[2] / "captures"
REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_ECOUTE_CSP = "window.__csp = []; document.addEventListener('securitypolicyviolation', (e) => window.__csp.push(e.violatedDirective));"


class Regard:
    """A person's browser: one context, one page, its faults."""

    def __init__(self, navigateur: Any, *, largeur: int, hauteur: int, theme: str, mobile: bool) -> None:
        self.theme, self.largeur = theme, largeur
        self.contexte = navigateur.new_context(
            viewport={"width": largeur, "height": hauteur}, locale="fr-FR", timezone_id="Europe/Paris", is_mobile=mobile, has_touch=mobile,
            color_scheme="dark" if theme == "sombre" else "light",
        )  # fmt: skip
        self.contexte.add_init_script(_ECOUTE_CSP)
        self.page = self.contexte.new_page()
        self.page.set_default_timeout(15_000)
        self.fautes: list[str] = []
        self.page.on(
            "console", lambda m: self.fautes.append(f"console : {m.text}") if m.type == "error" else None
        )
        self.page.on("pageerror", lambda e: self.fautes.append(f"script : {e}"))

    def connecter(self, adresse: str, identifiant: str, mot_de_passe: str, secret: str = SECRET_TOTP) -> None:
        entrer_au_navigateur(self.page, adresse, identifiant, mot_de_passe, secret)

    def regarder(self, nom: str) -> None:
        """Check the page as it stands, and keep its picture."""
        page = self.page
        page.wait_for_load_state("load")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.locator("h1").count() == 1, f"{nom} : un seul titre"
        assert "<c-" not in page.content(), f"{nom} : composant non rendu"
        assert page.evaluate("window.__csp") == [], f"{nom} : politique de sécurité"
        if self.largeur < 500:
            page.set_viewport_size({"width": 320, "height": 800})
            debord = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            page.set_viewport_size({"width": self.largeur, "height": 844})
            assert debord <= 0, f"{nom} : {debord} px de débordement à 320 px"
        resultat = Axe().run(page, options=REGLES).response["violations"]
        assert resultat == [], f"{nom} : " + "; ".join(
            f"{v['id']} {v['nodes'][0]['target']}" for v in resultat
        )
        CAPTURES.mkdir(exist_ok=True)
        page.screenshot(path=str(CAPTURES / f"{nom}-{self.largeur}-{self.theme}.png"), full_page=True)
        assert self.fautes == [], f"{nom} : {self.fautes}"

    def fermer(self) -> None:
        self.contexte.close()

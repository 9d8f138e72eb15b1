"""Contrast of every text on every ground it may meet, in both themes (WCAG 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import plateforme.web

BASE = (Path(plateforme.web.__file__).parent / "static" / "plateforme" / "base.css").read_text("utf-8")
JETON = re.compile(r"--([\w-]+): var\(--si-clair, (#[0-9a-f]{6})\) var\(--si-sombre, (#[0-9a-f]{6})\);")
JETONS = {nom: {"clair": clair, "sombre": sombre} for nom, clair, sombre in JETON.findall(BASE)}

TEXTES = ("encre", "encre-2", "encre-3", "marque", "ok", "attention", "alerte", "info", "reseau")
FONDS = ("feuille", "papier", "creux")
TEINTES = ("ok", "attention", "alerte", "info", "marque", "reseau")
PAIRES = [
    *((texte, fond, 4.5) for texte in TEXTES for fond in FONDS),
    *((teinte, f"{teinte}-fond", 4.5) for teinte in TEINTES),
    *(("encre", f"{teinte}-fond", 4.5) for teinte in TEINTES),
    ("encre-2", "marque-fond", 4.5),
    ("sur-marque", "marque", 4.5),
    ("sur-marque", "marque-2", 4.5),
    ("feuille", "encre", 4.5),  # toast, chosen filter
    ("feuille", "alerte", 4.5),  # badge of the bell
    *(("focus", fond, 3) for fond in FONDS),
    *(("trait-fort", fond, 3) for fond in ("feuille", "papier")),
]


def luminance(couleur: str) -> float:
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    rouge, vert, bleu = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(a: str, b: str) -> float:
    sombre, clair = sorted((luminance(a), luminance(b)))
    return (clair + 0.05) / (sombre + 0.05)


def test_la_mesure_est_celle_de_la_norme() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the famous near-miss


@pytest.mark.parametrize("theme", ["clair", "sombre"])
@pytest.mark.parametrize(("texte", "fond", "seuil"), PAIRES)
def test_chaque_texte_se_lit_sur_son_fond(texte: str, fond: str, seuil: float, theme: str) -> None:
    assert contraste(JETONS[texte][theme], JETONS[fond][theme]) >= seuil


def test_chaque_couleur_est_ecrite_une_fois_avec_ses_deux_valeurs() -> None:
    assert len(JETONS) == 27
    jetons = BASE[BASE.index("@layer tokens") : BASE.index("@layer base {")]
    assert re.findall(r"#[0-9a-f]{3,8}\b", JETON.sub("", jetons)) == []

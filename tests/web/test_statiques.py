"""Files the browser loads: complete, light, and nothing from elsewhere."""

import io
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

import plateforme.web
from plateforme.web.management.commands.police import sous_ensemble

STATIQUE = Path(plateforme.web.__file__).parent / "static" / "plateforme"


def test_htmx_est_la_version_essayee() -> None:
    chemin = finders.find("django_htmx/htmx-2.min.js")
    assert 'version:"2.0.10"' in Path(str(chemin)).read_text("utf-8")


def test_la_frise_a_toutes_ses_colonnes_et_largeurs() -> None:
    css = (STATIQUE / "temps.css").read_text("utf-8")
    for n in range(1, 169):
        assert f".d{n}{{grid-column-start:{n}}}" in css
        assert f".l{n}{{grid-column-end:span {n}}}" in css
    assert ".d169" not in css


def test_la_police_a_les_lettres_du_francais_et_reste_legere() -> None:
    octets = (STATIQUE / "police" / "figtree.woff2").read_bytes()
    lettres = TTFont(io.BytesIO(octets)).getBestCmap()
    assert [c for c in "ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸàâçéèêëîïôœùûüÿ’«»–…€−→\u00a0" if ord(c) not in lettres] == []
    assert len(octets) < 25_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIQUE / "police" / "OFL.txt").read_text("utf-8")


def test_la_police_se_refait_a_l_identique() -> None:
    commise = TTFont(io.BytesIO((STATIQUE / "police" / "figtree.woff2").read_bytes()))
    assert TTFont(io.BytesIO(sous_ensemble())).getBestCmap() == commise.getBestCmap()


def test_aucun_fichier_ne_va_chercher_ailleurs() -> None:
    for fichier in (*STATIQUE.rglob("*.css"), *STATIQUE.rglob("*.js")):
        texte = fichier.read_text("utf-8")
        assert not re.search(r"https?://|@import|\beval\(|new Function|light-dark\(", texte), fichier.name


def test_un_module_est_court_et_n_exporte_qu_une_chose() -> None:
    for fichier in (STATIQUE / "js").glob("*.js"):
        texte = fichier.read_text("utf-8")
        assert texte.count("\n") < 100, fichier.name
        attendu = 0 if fichier.name == "coquille.js" else 1
        assert len(re.findall(r"^export ", texte, re.MULTILINE)) == attendu, fichier.name


def test_une_phrase_de_script_suit_la_typographie() -> None:
    for fichier in (STATIQUE / "js").glob("*.js"):
        code = re.sub(
            r"/\*.*?\*/|^\s*//.*$|\s//\s.*$", "", fichier.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        for chaine in re.findall(r'"([^"\n`{}()]*[a-zà-ÿ] [^"\n`{}()]*)"', code):
            assert not re.search(r"[a-zà-ÿ] [:;?!](\s|$)|\b[cdjlmnst]'[a-zà-ÿ]", chaine), (
                f"{fichier.name} : {chaine}"
            )

"""Every template of the project: it compiles, holds the CSP, names real icons, writes proper French."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from lucide.templatetags.lucide import lucide

RACINE = Path(__file__).resolve().parents[2]


def gabarits() -> Iterator[tuple[str, Path]]:
    """(name, file) of each template of our own apps."""
    for application in apps.get_app_configs():
        dossier = Path(application.path) / "templates"
        if Path(application.path).is_relative_to(RACINE / ".venv") or not dossier.is_dir():
            continue
        for fichier in sorted(dossier.rglob("*.html")):
            yield fichier.relative_to(dossier).as_posix(), fichier


TOUS = list(gabarits())
pour_chacun = pytest.mark.parametrize(("nom", "fichier"), TOUS, ids=[nom for nom, _ in TOUS])


def sans_commentaires(texte: str) -> str:
    return re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", "", texte, flags=re.DOTALL)


def test_la_recherche_de_gabarits_en_trouve() -> None:
    noms = {nom for nom, _ in TOUS}
    assert {"plateforme/page.html", "cotton/bouton.html", "plateforme/erreurs/500.html"} <= noms


@pour_chacun
def test_un_gabarit_se_compile(nom: str, fichier: Path) -> None:
    assert "<c-" not in get_template(nom).template.source


@pour_chacun
def test_un_gabarit_ne_charge_aucune_bibliotheque(nom: str, fichier: Path) -> None:
    assert not re.search(r"\{%\s*load\b", fichier.read_text("utf-8"))


INTERDITS = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)|hx-on|hx-vals\s*=\s*[\"']js:",
    re.IGNORECASE,
)


@pour_chacun
def test_un_gabarit_n_a_ni_style_ni_script_en_ligne(nom: str, fichier: Path) -> None:
    assert INTERDITS.findall(sans_commentaires(fichier.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "faute",
    [
        '<p style="color:red">',
        "<script>alert(1)</script>",
        "<b onclick='x()'>",
        '<a href="javascript:x">',
        "<style>",
    ],
)
def test_le_controle_voit_chaque_faute(faute: str) -> None:
    assert INTERDITS.search(faute)


def test_le_controle_laisse_passer_un_script_du_site() -> None:
    assert not INTERDITS.search('<script src="/static/a.js" type="module"></script> <p data-style="1">')


ICONES = re.compile(r"""\{%\s*icone\s+["']([\w-]+)["']|<c-[\w.-]+[^>]*?\sicone="([a-z][\w-]*)\"""")


@pour_chacun
def test_un_composant_recoit_des_caracteres_et_non_des_entites(nom: str, fichier: Path) -> None:
    """A component escapes what it is given: « &nbsp; » in its attribute would be read on the screen."""
    composants = re.findall(r"<c-[a-z-]+\s[^>]*>", sans_commentaires(fichier.read_text()))

    assert [c for c in composants if re.search(r"&(?:[a-z]+|#\d+);", c)] == []


@pour_chacun
def test_chaque_icone_nommee_existe(nom: str, fichier: Path) -> None:
    for directe, composant in ICONES.findall(fichier.read_text("utf-8")):
        lucide(directe or composant, size=16)


class TexteLu(HTMLParser):
    """What a person reads: text nodes and spoken attributes, tags of the template language taken out."""

    MUETS = ("script", "style", "code", "kbd")
    PARLES = ("aria-label", "title", "alt", "placeholder", "titre", "libelle", "sous_titre", "legende")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.phrases: list[str] = []
        self._muet = 0

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        self._muet += balise in self.MUETS
        self.phrases += [valeur for nom, valeur in attributs if nom in self.PARLES and valeur]

    def handle_endtag(self, balise: str) -> None:
        self._muet -= balise in self.MUETS

    def handle_data(self, texte: str) -> None:
        if not self._muet:
            self.phrases.append(texte)

    def handle_entityref(self, nom: str) -> None:
        self.handle_data(unescape(f"&{nom};"))

    def handle_charref(self, nom: str) -> None:
        self.handle_data(unescape(f"&#{nom};"))


def phrases(source: str) -> str:
    """Template tags inside attributes confuse an HTML parser: they leave, and only then is it read."""
    sans_langage = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "¤", sans_commentaires(source), flags=re.DOTALL)
    lecteur = TexteLu()
    lecteur.feed(sans_langage)
    lecteur.close()
    return "".join(lecteur.phrases)


FAUTES = re.compile(
    r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]|[A-Za-zÀ-ÿ0-9¤)»] [:;?!»](?!\w)|« |[A-Za-zÀ-ÿ][?!;»](?!\w)"
    r"|«(?=[^\s\u00a0\u202f])|\.\.\."
)


@pour_chacun
def test_un_gabarit_suit_la_typographie_francaise(nom: str, fichier: Path) -> None:
    texte = phrases(fichier.read_text("utf-8"))
    assert [texte[max(0, m.start() - 20) : m.end() + 20] for m in FAUTES.finditer(texte)] == []


@pytest.mark.parametrize(
    "faute",
    [
        "<p>l'usager</p>",
        "<p>Attention : ici</p>",
        '<b aria-label="Fin : 9 h">',
        "<p>Vraiment?</p>",
        "<p>« oui »</p>",
        "<p>Patience...</p>",
    ],
)
def test_la_typographie_fautive_est_vue(faute: str) -> None:
    assert FAUTES.search(phrases(faute))


@pytest.mark.parametrize(
    "juste",
    [
        "<p>l’usager&nbsp;: ici</p>",
        "<p>«&nbsp;oui&nbsp;»</p>",
        "<p>Vraiment\u00a0?</p>",
        '<a href="?a=1;b=2">x</a>',
        "<p>{{ a|default:'b' }}</p>",
        '<a href="https://ans.fr">ans</a>',
        "<time>08:25</time>",
    ],
)
def test_la_typographie_juste_passe(juste: str) -> None:
    assert not FAUTES.search(phrases(juste))

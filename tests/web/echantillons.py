"""Sample pages of the shell, served with the project's own CSP, for the tests that need a browser."""

import json
from collections.abc import Callable
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace as Objet
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler

from plateforme.web import erreurs, jour
from plateforme.web.formulaires import Formulaire
from plateforme.web.registres import ActionLigne, LigneATraiter, Trouvaille

PARIS = ZoneInfo("Europe/Paris")
LE_24 = date(2026, 11, 24)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
REFUS = "Repos quotidien de 11 h non respecté."

GABARITS = Path(__file__).parent / "gabarits"
FORMULAIRE = '<c-formulaire :form="form" libelle="Créer" hx-post="/formulaire" hx-target="#zone" />'


class NouvelUsager(Formulaire, forms.Form):
    civilite = forms.ChoiceField(label="Civilité", choices=[("mme", "Madame")], widget=forms.RadioSelect)
    nom = forms.CharField(label="Nom", help_text="Celui de la carte d’identité.")
    naissance = forms.DateField(label="Date de naissance")
    note = forms.CharField(label="Habitudes", widget=forms.Textarea, required=False)
    accord = forms.BooleanField(label="La personne a été informée")


def coquille(theme: str) -> Objet:
    def entree(
        cle: str, libelle: str, icone: str, adresse: str, raccourci: str = "", compte: int = 0
    ) -> Objet:
        return Objet(
            cle=cle,
            libelle=libelle,
            icone=icone,
            adresse=adresse,
            raccourci=raccourci,
            compte=compte,
            active=cle == "jour",
        )

    rail = [
        entree("jour", "Aujourd’hui", "sun", "/"),
        entree("planning", "Planning", "calendar-days", "/frise", "g p"),
        entree("usagers", "Usagers", "users-round", "/liste", "g u"),
        entree("notes", "Transmissions", "notebook-pen", "/n", compte=7),
        entree("equipe", "Intervenants", "id-card", "/i"),
    ]
    return Objet(
        theme=theme, nom="SAD du Trégor", sous_titre="Secteur Lannion", notifications=3, annonces=[],
        rail=[Objet(titre="", entrees=rail[:4]), Objet(titre="Gestion", entrees=rail[4:])],
        barre=rail[:4], reste=[Objet(titre="Gestion", entrees=rail[4:])],
        creations=[Objet(libelle="Note", icone="notebook-pen", adresse="/formulaire", raccourci="n t")],
        compte=Objet(initiales="NC", nom_complet="Nadège Corre", libelle_role="responsable de secteur"),
        raccourcis=[{"libelle": "Planning", "touches": ["G", "P"]}],
        adresse_palette="/recherche", adresse_aide="/aide", adresse_theme="/apparence",
        adresse_notifications="/notifications", adresse_deconnexion="/deconnexion",
    )  # fmt: skip


def a_traiter(nombre: int) -> list[LigneATraiter]:
    heure = datetime(2026, 11, 24, 8, 0, tzinfo=PARIS)
    appeler = (
        ActionLigne("Appeler Awa", "tel:0261911234", "phone", principale=True),
        ActionLigne("Remplacer", "#r"),
    )
    familles: list[Any] = ["planning", "sante", "dossiers"]
    return [
        LigneATraiter(
            str(i),
            min(i, 2),
            familles[i % 3],
            "clock-alert",
            f"Situation {i}",
            "Détail.",
            f"#s{i}",
            heure,
            appeler,
        )  # type: ignore[arg-type]
        for i in range(nombre)
    ]


def corps(nom: str) -> str:
    return (GABARITS / f"{nom}.html").read_text("utf-8")


def assembler(corps: str, contexte: dict[str, Any], theme: str, cadre: str = "page") -> str:
    source = (
        '{% extends "plateforme/' + cadre + '.html" %}{% block titre %}Essai{% endblock %}'
        '{% block styles %}<link rel="stylesheet" href="{% static "plateforme/temps.css" %}">{% endblock %}'
        "{% block contenu %}" + corps + "{% endblock %}"
    )
    gabarit = engines["django"].from_string(CottonCompiler().process(source))
    return str(gabarit.render(contexte | {"coquille": coquille(theme)}, RequestFactory().get("/")))


def travaux() -> list[Objet]:
    commun = {
        "titre": "Facturation de novembre",
        "total": 480,
        "message": "",
        "fini_a": datetime(2026, 11, 24, 8, tzinfo=PARIS),
    }
    return [
        Objet(id=etat, etat=etat, fait=fait, est_termine=fini, **commun)
        for etat, fait, fini in (
            ("en_attente", 0, False), ("en_cours", 312, False), ("fini", 480, True),
            ("echoue", 12, True), ("annule", 12, True),
        )
    ]  # fmt: skip


class Scene:
    """What the sample server shows and what it was sent; a test changes it."""

    def __init__(self) -> None:
        self.situations = 3
        self.deplacements: list[dict[str, str]] = []
        self.themes: list[str] = []
        self.session_perdue = False
        self.rafraichissements = 0

    def page(self, nom: str, theme: str) -> str | None:
        pages: dict[str, Callable[[], str]] = {
            "": lambda: self._du_jour(theme),
            "frise": lambda: assembler(corps("frise"), self._frise(), theme),
            "formulaire": lambda: assembler(corps("formulaire"), {"form": NouvelUsager()}, theme),
            "refuse": lambda: assembler(
                corps("formulaire"), {"form": NouvelUsager(data={"nom": "Riou"})}, theme
            ),
            "liste": lambda: assembler(corps("liste"), {"travaux": travaux()}, theme),
            "aide": lambda: render_to_string(
                "plateforme/aide_raccourcis.html", {"coquille": coquille(theme)}
            ),
            "reseau": lambda: assembler('<c-titre titre="Structures" />', {}, theme, cadre="page_reseau"),
            "connexion": lambda: self._connexion(theme),
            "erreur": self._erreur,
        }
        return pages[nom]() if nom in pages else None

    def _du_jour(self, theme: str) -> str:
        contexte = {
            "jour": LE_24, "est_aujourdhui": True, "maintenant": datetime(2026, 11, 24, 8, 25, tzinfo=PARIS),
            "veille": date(2026, 11, 23), "lendemain": date(2026, 11, 25),
            "phrase_du_jour": "Une situation demande une décision.",
            "tete": [], "principal": [], "cote": [], "pied": [], "coquille": coquille(theme),
        }  # fmt: skip
        return render_to_string(
            "plateforme/aujourdhui.html",
            contexte | jour.contexte_a_traiter(a_traiter(self.situations), ""),
            RequestFactory().get("/"),
        )

    def fragment(self, famille: str) -> str:
        self.rafraichissements += 1
        contexte = {"jour": LE_24, "est_aujourdhui": True}
        return render_to_string(
            "plateforme/_a_traiter.html",
            contexte | jour.contexte_a_traiter(a_traiter(self.situations), famille),
        )

    def _frise(self) -> dict[str, Any]:
        lignes = [
            ("", "À pourvoir", [("o", "Ollivier", "d31 l12", "vide")]),
            ("ad", "Awa Diallo", [("k", "Kerbrat", "d28 l12", "prevu"), ("r", "Riou", "d31 l12", "prevu")]),
            ("kb", "Karim Benali", []),
            ("sm", "Sonia Morvan", []),
            ("tl", "Thierry Le Bras", [("q", "Quéré", "d139 l12", "prevu")]),
        ]
        return {"lignes": lignes, "intervenants": [(cle, nom) for cle, nom, _ in lignes if cle]}

    def _connexion(self, theme: str) -> str:
        contexte = {
            "refus": "Identifiant ou mot de passe inconnu.",
            "identifiant": "alice",
            "theme_page": theme,
        }
        return render_to_string("identity/connexion.html", contexte, RequestFactory().get("/connexion"))

    def _erreur(self) -> str:
        return erreurs.page(None, 500).content.decode()

    def trouver(self, q: str) -> str:
        tout = [
            Trouvaille("Usagers", "Mme Anne Riou", "Lannion", "/liste", "user-round"),
            Trouvaille("Usagers", "M. Louis Cadiou", "Trégastel", "/liste", "user-round"),
            Trouvaille("Pages", "Planning", "", "/frise", "calendar-days"),
        ]
        gardees = [t for t in tout if q.lower() in t.libelle.lower()]
        groupes = [
            {"titre": titre, "trouvailles": [t for t in gardees if t.groupe == titre]}
            for titre in dict.fromkeys(t.groupe for t in gardees)
        ]
        return render_to_string("plateforme/_trouvailles.html", {"q": q, "groupes": groupes})


class Reponses(BaseHTTPRequestHandler):
    """One request; ``scene`` is set on the subclass that :func:`servir` makes."""

    protocol_version = "HTTP/1.1"
    scene: Scene

    def log_message(self, *_args: Any) -> None:
        """The tests say what they need."""

    def envoyer(
        self, corps: str | bytes, genre: str = "text/html", statut: int = 200, **entetes: str
    ) -> None:
        octets = corps.encode() if isinstance(corps, str) else corps
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        communs = {
            "Content-Type": f"{genre}; charset=utf-8",
            "Content-Length": str(len(octets)),
            "Content-Security-Policy": "; ".join(f"{cle} {' '.join(v)}" for cle, v in directives.items()),
        }
        self.send_response(statut)
        for cle, valeur in (communs | entetes).items():
            self.send_header(cle, valeur)
        self.end_headers()
        self.wfile.write(octets)

    def do_GET(self) -> None:
        adresse = urlsplit(self.path)
        q = dict(parse_qsl(adresse.query))
        if adresse.path.startswith("/static/"):
            fichier = Path(str(finders.find(adresse.path.removeprefix("/static/"))))
            self.envoyer(fichier.read_bytes(), TYPES.get(fichier.suffix, "image/png"))
            return
        set_urlconf("tests.web.urls_essai")
        with translation.override("fr"), timezone.override(PARIS):
            if adresse.path == "/recherche":
                self.envoyer(self.scene.trouver(q.get("q", "")))
            elif "panneau" in q and self.scene.session_perdue:
                self.envoyer("", statut=204, **{"HX-Redirect": "/connexion"})
            elif "panneau" in q:
                self.envoyer(self.scene.fragment(q.get("famille", "")))
            else:
                page = self.scene.page(adresse.path.strip("/"), q.get("theme", "clair"))
                self.envoyer(page or "", statut=200 if page else 204)

    def do_POST(self) -> None:
        brut = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/deplacer":
            champs = dict(parse_qsl(brut, keep_blank_values=True))
            self.scene.deplacements.append(champs)
            if champs["debut"] >= "20:00":
                self.envoyer(json.dumps({"detail": REFUS}), "application/problem+json", 409)
            else:
                self.envoyer("", statut=204)
        elif self.path == "/apparence":
            self.scene.themes.append(brut)
            self.envoyer("", statut=204)
        else:
            with translation.override("fr"):
                gabarit = engines["django"].from_string(CottonCompiler().process(FORMULAIRE))
                saisie = NouvelUsager(data=dict(parse_qsl(brut)))
                self.envoyer(str(gabarit.render({"form": saisie}, RequestFactory().get("/"))), statut=422)


def servir(scene: Scene) -> ThreadingHTTPServer:
    """A server on a free loopback port; the caller starts and stops it."""
    return ThreadingHTTPServer(("127.0.0.1", 0), type("ReponsesDeScene", (Reponses,), {"scene": scene}))

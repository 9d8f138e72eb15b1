"""The sandbox's own pages. They say plainly that nothing here is real."""

from html import escape
from pathlib import Path
from urllib.parse import urlencode

from config.lanceur.bac_a_sable_psc.personnes import Professionnel


def _page(titre: str, corps: str) -> str:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(titre)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="style.css"></head>'
        f"<body><main>{corps}</main></body></html>"
    )


def style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def choix(personnes: list[Professionnel], demande: dict[str, str]) -> str:
    """« Who are you? » Links that repeat the request, with a name."""
    lignes = "".join(_ligne(p, escape(urlencode({**demande, "qui": p.identifiant}))) for p in personnes)
    vide = "" if personnes else "<p>La démonstration n’est pas chargée : il n’y a personne ici.</p>"
    annuler = escape(urlencode({**demande, "annuler": "1"}))
    return _page(
        "Bac à sable Pro Santé Connect (démonstration)",
        "<h1>Bac à sable Pro Santé Connect (démonstration)</h1>"
        "<p>Cette page remplace la carte CPS ou l’application e-CPS. Les personnes et leurs identifiants sont inventés ; "
        f"rien n’est envoyé à Pro Santé Connect.</p><ul>{lignes}</ul>{vide}"
        f'<p><a href="?{annuler}">Annuler</a></p>',
    )


def refus(motif: str) -> str:
    return _page(
        "Demande refusée",
        f"<h1>Demande refusée</h1><p>Le bac à sable n’a pas accepté cette demande : {escape(motif)}.</p>",
    )


def sortie() -> str:
    return _page("Déconnexion", "<h1>Session fermée</h1><p>La session du bac à sable est fermée.</p>")


def _ligne(p: Professionnel, params: str) -> str:
    qui = f"<b>{escape(p.prenom)} {escape(p.nom)}</b>"
    detail = f"<small>{escape(p.libelle)}, identifiant {escape(p.identifiant)}</small>"
    return f'<li><a class="qui" href="?{params}">{qui}{detail}</a></li>'

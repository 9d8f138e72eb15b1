"""Template vocabulary of the product, available everywhere without ``{% load %}`` (TEMPLATES in settings)."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django import template
from django.templatetags.static import StaticNode
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from lucide.templatetags.lucide import lucide

from plateforme.core.clock import today

register = template.Library()
register.tag("static", StaticNode.handle_token)

# Not the narrow U+202F: Figtree has no glyph for it.
INSECABLE = "\u00a0"

# The frieze shows 07:00 to 21:00 in columns of five minutes.
FRISE_DEBUT = 7 * 60
FRISE_PAS = 5
FRISE_COLONNES = 168

_JOURS_COURTS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_CIVILITES = {"m", "mme", "mlle", "dr", "pr", "me"}


# --- icons ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _svg(nom: str, taille: int) -> SafeString:
    # rem and not px: the icon grows with the size of text its reader chose.
    cote = f"{taille / 16:g}rem"
    brut = lucide(nom, size=None, width=cote, height=cote, aria_hidden="true")
    return mark_safe(re.sub(r"\s*\n\s*", "", brut))  # noqa: S308 - drawn by the package, no input


@register.simple_tag
def icone(nom: str, taille: int = 18) -> SafeString:
    """Inline Lucide icon, decorative (``aria-hidden``). An unknown name raises: it never reaches a page."""
    return _svg(str(nom), int(taille))


# --- times ------------------------------------------------------------------------------------------------


def _local(valeur: datetime | time) -> datetime | time:
    """In the zone the middleware activated, which is the structure's; a naive value is already local."""
    return localtime(valeur) if isinstance(valeur, datetime) and is_aware(valeur) else valeur


def _jour(valeur: date) -> date:
    """Local calendar day of a date or an instant."""
    if isinstance(valeur, datetime):
        locale = _local(valeur)
        return locale.date() if isinstance(locale, datetime) else valeur.date()
    return valeur


@register.filter
def heure(valeur: datetime | time | None) -> str:
    """08:25, for grids."""
    return _local(valeur).strftime("%H:%M") if valeur else ""


@register.filter
def heure_prose(valeur: datetime | time | None) -> str:
    """8 h 25, for sentences; a full hour is « 8 h »."""
    if not valeur:
        return ""
    locale = _local(valeur)
    minutes = f"{INSECABLE}{locale.minute:02d}" if locale.minute else ""
    return f"{locale.hour}{INSECABLE}h{minutes}"


@register.filter
def duree(valeur: int | timedelta | None) -> str:
    """Minutes as « 45 min », « 1 h 15 », « −20 min »."""
    if valeur is None or valeur == "":
        return ""
    minutes = int(valeur.total_seconds() // 60) if isinstance(valeur, timedelta) else int(valeur)
    signe, minutes = ("−" if minutes < 0 else ""), abs(minutes)
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{signe}{reste}{INSECABLE}min"
    return f"{signe}{heures}{INSECABLE}h" + (f"{INSECABLE}{reste:02d}" if reste else "")


@register.filter
def jour_long(valeur: date | None) -> str:
    """« Mardi 24 novembre », « Mardi 1er décembre », with the year when it is not this one."""
    if not valeur:
        return ""
    jour = _jour(valeur)
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    texte = f"{date_format(jour, 'l')} {quantieme} {date_format(jour, 'F')}"
    annee = f" {jour.year}" if jour.year != today().year else ""
    return texte[:1].upper() + texte[1:] + annee


@register.filter
def jour_court(valeur: date | None) -> str:
    """24/11; the year is said by ``jour_an``."""
    return _jour(valeur).strftime("%d/%m") if valeur else ""


@register.filter
def jour_an(valeur: date | None) -> str:
    """24/11/2026."""
    return _jour(valeur).strftime("%d/%m/%Y") if valeur else ""


@register.filter
def quand(valeur: datetime | None) -> str:
    """How a timeline dates an instant: 07:58 today, hier 19:40, ven. 20/11, then 24/11/2025."""
    if not valeur:
        return ""
    jour, aujourdhui = _jour(valeur), today()
    ecart = (aujourdhui - jour).days
    if ecart == 0:
        return heure(valeur)
    if ecart == 1:
        return f"hier {heure(valeur)}"
    if jour.year != aujourdhui.year:
        return jour_an(jour)
    return f"{_JOURS_COURTS[jour.weekday()]} {jour_court(jour)}" if abs(ecart) < 7 else jour_court(jour)


# --- frieze -----------------------------------------------------------------------------------------------


def _minutes(valeur: datetime | time) -> int:
    locale = _local(valeur)
    return locale.hour * 60 + locale.minute


def _borne(minutes: int) -> int:
    """0-based limit between columns, kept inside the frieze."""
    return max(0, min(FRISE_COLONNES, round((minutes - FRISE_DEBUT) / FRISE_PAS)))


@register.filter
def colonne(debut: datetime | time) -> str:
    """Class of the first column: 07:00 → d1, 08:25 → d18. Before 07:00 is d1, from 21:00 on is d168."""
    return f"d{min(FRISE_COLONNES, _borne(_minutes(debut)) + 1)}"


@register.filter
def largeur(debut: datetime | time, fin: datetime | time | int) -> str:
    """Class of the width, what is outside the frieze cut off: ``{{ b.debut|largeur:b.fin }}`` → l12.

    ``fin`` may be a number of minutes. An end on a later day (or before the start) runs to the edge.
    """
    depart = _minutes(debut)
    arrivee = depart + fin if isinstance(fin, int) else _minutes(fin)
    if not isinstance(fin, int) and arrivee <= depart:
        arrivee = 24 * 60
    return f"l{max(1, _borne(arrivee) - min(FRISE_COLONNES - 1, _borne(depart)))}"


# --- words and figures ------------------------------------------------------------------------------------


@register.filter
def initiales(nom: str | None) -> str:
    """« Mme Anne Riou » → AR, « Thierry Le Bras » → TL, « SAD du Trégor » → ST."""
    mots = [mot for mot in str(nom or "").split() if mot.rstrip(".").lower() not in _CIVILITES]
    grands = [mot for mot in mots if not mot[0].islower()] or mots
    return "".join(mot[0] for mot in grands[:2]).upper()


@register.filter
def pluriel(nombre: int | float | None, marque: str = "s") -> str:
    """French rule, two or more: ``{{ n }} visite{{ n|pluriel }}``, ``jour{{ n|pluriel:"nal,naux" }}``."""
    singulier, separateur, autre = marque.partition(",")
    if not separateur:
        singulier, autre = "", marque
    return autre if abs(nombre or 0) >= 2 else singulier


_EN_LETTRES = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


@register.filter
def en_lettres(nombre: int) -> str:
    """Feminine, as in « deux situations »; from ten on the figure itself."""
    return _EN_LETTRES[nombre] if 0 <= nombre < len(_EN_LETTRES) else str(nombre)


@register.filter
def nombre(valeur: Decimal | float | int | None, decimales: int = 0) -> str:
    """1 114,8 with its separators; always the same number of decimals."""
    if valeur is None or valeur == "":
        return ""
    pas = Decimal(1).scaleb(-decimales)
    texte = f"{abs(Decimal(str(valeur)).quantize(pas, ROUND_HALF_UP)):,}".replace(",", INSECABLE).replace(
        ".", ","
    )
    return ("−" if Decimal(str(valeur)) < 0 else "") + texte


@register.filter
def montant(valeur: Decimal | float | int | None) -> str:
    """1 114,80 €."""
    return f"{nombre(valeur, 2)}{INSECABLE}€" if valeur is not None and valeur != "" else ""


@register.filter
def telephone(valeur: str | None) -> str:
    """02 61 91 12 34; what is not ten digits is left as it is."""
    brut = re.sub(r"[\s.\-]", "", str(valeur or ""))
    if not re.fullmatch(r"0\d{9}", brut):
        return str(valeur or "")
    return INSECABLE.join(brut[i : i + 2] for i in range(0, 10, 2))


@register.filter
def svg(valeur: Decimal | float | int) -> str:
    """A number for an SVG attribute: a point whatever the language, at most two decimals."""
    return f"{float(valeur):.2f}".rstrip("0").rstrip(".")


@register.filter
def phrase(texte: str | None) -> str:
    """Capital first letter, the rest untouched (unlike ``capfirst`` it takes None)."""
    mot = str(texte or "")
    return mot[:1].upper() + mot[1:]


@register.filter
def ton(gravite: int) -> str:
    """Class of a line « À traiter »: 0 alerte, 1 attention, 2 nothing."""
    return {0: "alerte", 1: "attention"}.get(gravite, "")

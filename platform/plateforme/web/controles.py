"""What production must be before it answers anybody: ``check --deploy`` says it, the start refuses it."""

import math
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

CLE_MIN = 50
_ENTROPIE_MIN_BITS = 160
_CONNUES = ("django-insecure", "changeme", "secret", "test-", "essai", "treille", "password", "motdepasse")


def _entropie(texte: str) -> float:
    """Bits, by the frequency of its characters: a repeated word has few."""
    total = len(texte)
    return -sum(n * math.log2(n / total) for n in Counter(texte).values()) if total else 0.0


def _cle_faible(cle: str) -> str:
    if len(cle) < CLE_MIN:
        return f"elle compte {len(cle)} caractères au lieu de {CLE_MIN} au moins"
    if cle.lower().startswith(_CONNUES):
        return "c’est une valeur d’exemple"
    if _entropie(cle) < _ENTROPIE_MIN_BITS:
        return "elle se répète : elle se devine"
    return ""


@register("security", deploy=True)
def secrets_de_production(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    fautes: list[CheckMessage] = []

    def faute(code: str, phrase: str, remede: str) -> None:
        fautes.append(Error(phrase, hint=remede, id=f"treille.{code}"))

    tirer = 'Tirez-en une : python -c "import secrets; print(secrets.token_hex(48))"'
    for cle in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if raison := _cle_faible(str(cle)):
            faute("E001", f"TREILLE_SECRET_KEY est trop faible : {raison}.", tirer)
    if settings.DEBUG:
        faute("E002", "DEBUG est allumé : les pages d’erreur montreraient les données.", "Retirez DEBUG.")
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_HSTS_SECONDS < 31_536_000:
        faute("E003", "Le site répondrait en clair (http).", "Gardez SECURE_SSL_REDIRECT et HSTS.")
    for nom in ("SESSION_COOKIE", "CSRF_COOKIE"):
        sur = getattr(settings, f"{nom}_SECURE") and getattr(settings, f"{nom}_NAME").startswith("__Host-")
        if not sur or getattr(settings, f"{nom}_DOMAIN") or getattr(settings, f"{nom}_PATH") != "/":
            faute("E004", f"{nom}_NAME n’est pas un cookie __Host- sûr.", "Reprenez config.settings.prod.")
    if "*" in settings.ALLOWED_HOSTS:
        faute("E005", "ALLOWED_HOSTS accepte n’importe quel site.", "Donnez TREILLE_DOMAINE.")
    if settings.SORTANT_LOCAL:
        faute("E006", "Les appels sortants vers la machine locale sont permis.", "SORTANT_LOCAL reste faux.")
    return fautes


def exiger() -> None:
    """Called by the entry points of production. Raises ImproperlyConfigured with every fault at once."""
    from plateforme.chiffrement.controles import cles_de_production

    fautes = [*secrets_de_production(), *cles_de_production()]
    if fautes:
        raise ImproperlyConfigured(
            "Treille refuse de démarrer en production :\n" + "\n".join(f"- {f.msg} {f.hint}" for f in fautes)
        )

"""Files handed to a browser: never sniffed, never kept by it, never run."""

from urllib.parse import quote

from django.http import HttpResponse


def fichier(octets: bytes, type_mime: str, nom: str) -> HttpResponse:
    """``octets`` to download under their name, accents kept. A sandboxed paper would not open in a page anyway."""
    reponse = HttpResponse(octets, content_type=type_mime)
    ascii_ = "".join(c if c.isascii() and (c.isalnum() or c in ".-_ ") else "_" for c in nom)
    reponse["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_}\"; filename*=UTF-8''{quote(nom, safe='')}"
    )
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    reponse["Cache-Control"] = "no-store, private"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse

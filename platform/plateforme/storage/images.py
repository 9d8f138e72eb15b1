"""Photos are drawn again: what comes out holds pixels and nothing else, no place, no date, no second file."""

import io
import warnings
from typing import Any

from django.conf import settings

from plateforme.storage.erreurs import FichierRefuse

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 88, "method": 2},
}


def reencoder(octets: bytes, type_reel: str) -> bytes:
    """Raises FichierRefuse for a picture too large, animated, or that cannot be drawn."""
    from PIL import Image, ImageOps

    nom = _FORMATS[type_reel]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(octets), formats=[nom])
            # Read from the header, before a single pixel is drawn.
            if image.width * image.height > settings.IMAGE_PIXELS_MAX:
                raise FichierRefuse(
                    f"Cette image est trop grande ({image.width}\u00a0×\u00a0{image.height} points)\u00a0: réduisez-la, "
                    "ou prenez la photo dans une définition plus petite."
                )
            if getattr(image, "n_frames", 1) > 1:
                raise FichierRefuse("Les images animées ne sont pas acceptées\u00a0: envoyez une image fixe.")
            image.load()
            droite = ImageOps.exif_transpose(image)
            mode = "RGB" if nom == "JPEG" else ("RGBA" if _transparente(droite) else "RGB")
            nue = Image.new(mode, droite.size)
            nue.paste(droite.convert(mode))
            sortie = io.BytesIO()
            nue.save(sortie, nom, **_OPTIONS[nom])
    except FichierRefuse:
        raise
    except Image.DecompressionBombError as erreur:
        raise FichierRefuse("Cette image est trop grande\u00a0: réduisez-la avant de l’envoyer.") from erreur
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        ArithmeticError,
        MemoryError,
    ) as erreur:
        raise FichierRefuse(
            "Cette image est abîmée ou incomplète\u00a0: ouvrez-la, enregistrez-en une copie, puis recommencez."
        ) from erreur
    return sortie.getvalue()


def _transparente(image: object) -> bool:
    return getattr(image, "mode", "") in {"RGBA", "LA", "PA"} or "transparency" in getattr(image, "info", {})

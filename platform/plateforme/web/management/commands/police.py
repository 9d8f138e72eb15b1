"""Regenerates the committed web font from the fontpkg-figtree wheel: ``manage.py police``."""

import io
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from fontTools import subset as outil
from fontTools.ttLib import TTFont

# Latin, Latin extended A, and the marks French, arrows and figures need.
CARACTERES = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„•…‹›€←↑→↓−≤≥")]
TRAITS = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "case", "zero", "frac"]
DOSSIER = Path(__file__).resolve().parents[2] / "static" / "plateforme" / "police"


def sous_ensemble() -> bytes:
    """Figtree, one variable file for every weight, cut down to what the screens use."""
    source = files("fontpkg_figtree").joinpath("files", "Figtree[wght].ttf").read_bytes()
    police = TTFont(io.BytesIO(source), lazy=False, recalcTimestamp=False)
    subset: Any = outil  # untyped package
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = TRAITS
    coupe = subset.Subsetter(options)
    coupe.populate(unicodes=CARACTERES)
    coupe.subset(police)
    sortie = io.BytesIO()
    subset.save_font(police, sortie, options)
    return sortie.getvalue()


class Command(BaseCommand):
    help = "Refait figtree.woff2 (et sa licence) depuis le paquet fontpkg-figtree."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        octets = sous_ensemble()
        (DOSSIER / "figtree.woff2").write_bytes(octets)
        (DOSSIER / "OFL.txt").write_text(
            files("fontpkg_figtree").joinpath("LICENSE").read_text("utf-8"), "utf-8"
        )
        self.stdout.write(f"figtree.woff2 : {len(octets)} octets")

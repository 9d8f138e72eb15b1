"""Paper: a Typst template of a domain and plain data give a tagged PDF/A that any reader opens, screen readers too.

Data go in as JSON: nothing a person typed is ever read as markup.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from django.core.serializers.json import DjangoJSONEncoder

from plateforme.core.clock import now

# Archival and accessible at once (PDF/A-3a, PDF/UA-1): both want tags, a language and a title.
NORMES = ["a-3a", "ua-1"]
_ENCODEUR = DjangoJSONEncoder(ensure_ascii=False)


@cache
def _polices() -> typst.Fonts:
    """Our own face and nothing of the machine: the same paper everywhere."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(files("fontpkg_figtree").joinpath("files"))],
    )


@cache
def _source(gabarit: Path) -> bytes:
    commun = (Path(__file__).parent / "commun.typ").read_bytes()
    return commun + b"\n" + gabarit.read_bytes()


def composer(gabarit: Path, donnees: Mapping[str, Any]) -> bytes:
    """A PDF/A-3a, PDF/UA-1 of ``gabarit`` (a ``.typ`` written after ``commun.typ``), which reads ``donnees``.

    ``donnees`` holds what JSON knows, dates included (ISO); the template says ``#show: papier`` with its title. Raises
    typst.TypstError when the template itself is wrong: a mistake of ours, never of who asks for the paper.
    """
    compilateur = typst.Compiler(
        _source(gabarit), root=str(gabarit.parent), font_paths=_polices(), ignore_system_fonts=True
    )
    pdf = compilateur.compile(
        format="pdf",
        sys_inputs={"donnees": _ENCODEUR.encode(dict(donnees))},
        pdf_standards=NORMES,  # type: ignore[arg-type]  # list is invariant
        timestamp=int(now().timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf

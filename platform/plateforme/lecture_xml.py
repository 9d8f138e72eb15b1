"""The one XML parser. No DOCTYPE, so no entity of any kind; no network; the usual limits of depth and size kept.

Everything that reads XML reads it here: a test and a lint rule refuse any other import of a parser.
"""

import re
from typing import Any

from lxml import etree

from plateforme.core.errors import ErreurMetier

OCTETS_MAX = 10_000_000
# Encodings whose markup is ASCII: what is looked for in the bytes is what the parser will read.
_ENCODAGES = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_INTERDIT = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


class XmlRefuse(ErreurMetier):
    code = "plateforme.xml.refuse"
    message = "Ce fichier XML n’est pas lisible, ou contient ce que Treille n’accepte pas."


def lire(octets: bytes, *, octets_max: int = OCTETS_MAX) -> Any:
    """Root element. Raises XmlRefuse: too large, ill-formed, another encoding, a DOCTYPE."""
    if not octets or len(octets) > octets_max or b"\x00" in octets:
        raise XmlRefuse
    declare = _DECLARATION.match(octets.removeprefix(b"\xef\xbb\xbf")[:200])
    if declare is not None and declare[1].decode().lower() not in _ENCODAGES:
        raise XmlRefuse
    if _INTERDIT.search(octets):
        raise XmlRefuse
    analyseur = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        racine = etree.fromstring(octets, analyseur)
    except (etree.XMLSyntaxError, ValueError) as erreur:
        raise XmlRefuse from erreur
    arbre = racine.getroottree()
    if arbre.docinfo.doctype or arbre.docinfo.internalDTD is not None:
        raise XmlRefuse
    return racine

"""Hostile XML: refused before anything is expanded, fetched or read."""

import time
from pathlib import Path

import pytest

from plateforme.lecture_xml import XmlRefuse, lire

RIRES = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (ord("b") + n, b"&%c;" % (ord("a") + n) * 10) for n in range(9)
)


@pytest.mark.parametrize(
    "octets",
    [
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:18137/x">]><r>&x;</r>',
        b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:18137/p.dtd"> %p;]><r/>',
        b'<!DOCTYPE r SYSTEM "http://127.0.0.1:18137/r.dtd"><r/>',
        b'<!DOCTYPE r PUBLIC "-//X//Y" "file:///etc/passwd"><r/>',
        RIRES + b"]><r>&j;</r>",
        RIRES + b']><r a="&j;"/>',
        b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]><r>' + b"&a;" * 50_000 + b"</r>",
        b"<!DOCTYPE r><r/>",
        b"<!doctype r><r/>",
        b'<?xml version="1.0" encoding="UTF-16"?><r/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r><r/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4-<r/>',
        b'<?xml version="1.0" encoding="EBCDIC-CP-BE"?><r/>',
        b"",
        b"<r>",
        b"<r></s>",
        b"<r>&inconnue;</r>",
        b"<r/><r/>",
        b"\x00<r/>",
        b"<r>\xff\xfe</r>",
        b"<r>" * 5_000 + b"</r>" * 5_000,
    ],
)
def test_un_xml_hostile_est_refuse_vite(octets: bytes) -> None:
    debut = time.monotonic()

    with pytest.raises(XmlRefuse):
        lire(octets)
    assert time.monotonic() - debut < 1


def test_un_fichier_trop_grand_est_refuse_avant_d_etre_lu() -> None:
    assert lire(b"<r/>", octets_max=4).tag == "r"
    with pytest.raises(XmlRefuse):
        lire(b"<r />", octets_max=4)


def test_xinclude_n_est_pas_suivi(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Canari")
    octets = f'<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret}" parse="text"/></r>'.encode()

    racine = lire(octets)

    assert "Canari" not in "".join(racine.itertext())


def test_le_xml_ordinaire_se_lit() -> None:
    racine = lire('<?xml version="1.0" encoding="UTF-8"?><r a="1">é &amp; &#233;<!-- c --><b/></r>'.encode())

    assert (racine.get("a"), racine.text, [e.tag for e in racine]) == ("1", "é & é", ["b"])


@pytest.mark.parametrize("encodage", ["UTF-8", "ISO-8859-1", "windows-1252"])
def test_les_encodages_admis_se_lisent(encodage: str) -> None:
    assert lire(f'<?xml version="1.0" encoding="{encodage}"?><r>é</r>'.encode(encodage)).text == "é"


def test_une_marque_d_ordre_en_tete_ne_gene_pas() -> None:
    assert lire(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><r/>').tag == "r"

"""Paper is archival, tagged, and says literally what people typed."""

import io
from pathlib import Path

import pypdf
import pytest
import typst

from plateforme import pdf

GABARIT = """#show: papier.with(titre: donnees.titre, emetteur: "Grappe du Léon")
== Étapes
#table(columns: (1fr, auto), table.header[Étape][Échéance], ..donnees.lignes.map(l => (l.nom, jour(l.le))).flatten())
#etat("Bloqué", ton: "alerte")
"""


@pytest.fixture
def gabarit(tmp_path: Path) -> Path:
    chemin = tmp_path / "essai.typ"
    chemin.write_text(GABARIT, encoding="utf-8")
    return chemin


def _lu(octets: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(octets))


def test_le_papier_est_balise_et_se_dit_archivable(gabarit: Path) -> None:
    octets = pdf.composer(gabarit, {"titre": "Comité du 24\u00a0novembre", "lignes": []})

    lu = _lu(octets)
    metadonnees = lu.xmp_metadata
    assert metadonnees is not None
    assert lu.metadata is not None
    assert lu.metadata.title == "Comité du 24\u00a0novembre"
    racine = lu.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"] is True or bool(racine["/MarkInfo"]["/Marked"])
    assert str(racine["/Lang"]).lower().startswith("fr")
    brut = racine["/Metadata"].get_object().get_data()
    assert b"pdfaid:part>3<" in brut
    assert b"pdfaid:conformance>A<" in brut
    assert b"pdfuaid:part>1<" in brut


def test_ce_qu_on_a_tape_n_est_jamais_lu_comme_du_balisage(gabarit: Path) -> None:
    mechant = '#panic("non") $x$ *gras* </script> @ref \\ "'

    texte = (
        _lu(pdf.composer(gabarit, {"titre": "Essai", "lignes": [{"nom": mechant, "le": "2026-11-24"}]}))
        .pages[0]
        .extract_text()
    )

    assert '#panic("non") $x$ *gras*' in " ".join(texte.split())
    assert "24/11/2026" in texte


def test_un_gabarit_faux_se_dit(tmp_path: Path) -> None:
    faux = tmp_path / "faux.typ"
    faux.write_text("#show: papier.with(titre: donnees.absent)", encoding="utf-8")

    with pytest.raises(typst.TypstError):
        pdf.composer(faux, {"titre": "x"})

"""A porteur's list as spreadsheets write it."""

import pytest

from tenants.services.liste_csv import ListeIllisible, lire

TITRES = "Raison sociale;FINESS ET;FINESS EJ;Commune;Profil"
LIGNE = "SAD de la Côte;220000129;220000020;Tréguier;SAAD"


@pytest.mark.parametrize(
    "octets",
    [
        f"{TITRES}\r\n{LIGNE}\r\n".encode(),
        f"{TITRES}\n{LIGNE}".encode("utf-8-sig"),
        f"{TITRES}\n{LIGNE}\n\n;;;;\n".encode("cp1252"),
        f"{TITRES}\n{LIGNE}".encode("utf-16"),
        f"{TITRES}\n{LIGNE}".replace(";", ",").encode(),
        f"{TITRES}\n{LIGNE}".replace(";", "\t").encode(),
        b'n\xb0 FINESS ET;Ville;type;Nom;FINESS juridique\n="220000129";Tr\xe9guier;SAAD;SAD de la C\xf4te;\'220000020\n',
    ],
    ids=["crlf", "bom", "windows-1252", "utf-16", "virgules", "tabulations", "autres titres et ="],
)
def test_une_liste_de_tableur_est_lue(octets: bytes) -> None:
    [demande] = lire(octets)

    assert (demande.numero, demande.raison_sociale, demande.finess_et, demande.finess_ej, demande.commune, demande.profil) == (
        2, "SAD de la Côte", "220000129", "220000020", "Tréguier", "SAAD",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (TITRES.encode(), "ligne de titres"),
        (b"Raison sociale;FINESS ET;Commune;Profil\nx;y;z;t", "finess ej"),
        (b"PK\x03\x04rien", "classeur"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "pas du texte"),
        (f"{TITRES}\n".encode() + f"{LIGNE}\n".encode() * 5001, "5000 au plus"),
        (b"x" * (2 * 1024 * 1024 + 1), "2 Mo"),
    ],
)
def test_une_liste_illisible_dit_quoi_faire(octets: bytes, phrase: str) -> None:
    with pytest.raises(ListeIllisible, match=phrase):
        lire(octets)


def test_une_ligne_courte_garde_ses_cases_vides() -> None:
    [demande] = lire(f"{TITRES}\nSAD seul;220000129".encode())

    assert (demande.finess_ej, demande.profil) == ("", "")

"""Files that cannot be taken over: each says why and how to mend it, and nothing is kept of it."""

import io
import zipfile
from typing import Any

import pytest

from dossier.reprise.models import Reprise
from dossier.reprise.services import depot
from dossier.reprise.services.erreurs import ColonnesRefusees
from plateforme.storage.erreurs import FichierRefuse
from plateforme.storage.models import Document
from plateforme.tenancy.courant import Contexte
from tests.reprise.fabrique import TITRES, classeur, csv, deposer, essayer, etats, fautes
from tests.storage.fichiers import image
from tests.support.monde import compte

BON = classeur(("Feuille", [TITRES, ["1", "Mme", "", "Riou", "Anne", "12/03/1942", "06/02/2023"]]))


def avec(octets: bytes, nom: str, contenu: bytes) -> bytes:
    """The same workbook with one more entry, or another one."""
    tampon = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as source,
        zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as but,
    ):
        for fiche in source.infolist():
            if fiche.filename != nom:
                but.writestr(fiche.filename, source.read(fiche))
        but.writestr(nom, contenu)
    return tampon.getvalue()


FEUILLE = "xl/worksheets/sheet1.xml"
ENTITES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><worksheet>&a;</worksheet>'


def _textes() -> bytes:
    """Forty megabytes of distinct words, which no ratio gives away."""
    return (
        b"<sst>"
        + b"".join(b"<si><t>%x</t></si>" % (n * 2_654_435_761 % 2**64) for n in range(1_400_000))
        + b"</sst>"
    )


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("vide.csv", b"", "Ce fichier est vide"),
        ("vide.csv", b"\xef\xbb\xbf;;;\r\n;;;\r\n", "Ce fichier est vide"),
        ("photo.xlsx", image(), "il a sans doute été renommé"),
        ("classeur.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "protégé par un mot de passe"),
        ("classeur.xlsm", BON, "contient des macros"),
        ("macros.xlsx", avec(BON, "xl/vbaProject.bin", b"x"), "contient des macros"),
        ("vieux.xls", b"\xd0\xcf\x11\xe0", "ancien format Excel"),
        ("libre.ods", BON, "OpenDocument"),
        ("liste.pdf", b"%PDF-1.4", "Déposez un tableur"),
        ("bombe.xlsx", avec(BON, FEUILLE, b"<a>" + b"0" * 5_000_000 + b"</a>"), "contenu démesuré"),
        ("textes.xlsx", avec(BON, "xl/sharedStrings.xml", _textes()), "contient trop de texte"),
        ("entites.xlsx", avec(BON, FEUILLE, ENTITES), "n’est pas lisible"),
        ("casse.xlsx", avec(BON, "xl/workbook.xml", b"<workbook"), "n’est pas lisible"),
        ("encodage.csv", "Nom;Prénom\n".encode("cp1252") + b"\x81\x8d\x9d;x\n", "ne se lisent pas"),
        ("binaire.csv", b"Nom;Pr\x00nom\n\x01\x02", "ne se lisent pas"),
        ("sans.csv", b"Riou;Anne;1942\nTanguy;Odette;1940\n", "Aucune ligne de titres"),
    ],
)
def test_un_fichier_refuse_dit_pourquoi_et_ne_laisse_rien(
    dans_a: Contexte, nom: str, octets: bytes, phrase: str
) -> None:
    with pytest.raises(FichierRefuse, match=phrase):
        deposer(octets, nom)

    assert (Reprise.objects.count(), Document.objects.count()) == (0, 0)


def test_un_fichier_trop_long_est_refuse_des_le_depot(dans_a: Contexte, settings: Any) -> None:
    ligne = "1;Mme;Riou;Anne;12/03/1942;06/02/2023"
    long = csv("Code;Civ;Nom;Prénom;Né le;Entrée", *[ligne] * 100_000)

    with pytest.raises(FichierRefuse, match=r"compte 100\u202f001 lignes, 50\u202f000 au plus"):
        deposer(long)

    assert (Reprise.objects.count(), Document.objects.count()) == (0, 0)


def test_un_fichier_un_peu_trop_long_s_arrete_a_l_essai(dans_a: Contexte, settings: Any) -> None:
    settings.REPRISE_LIGNES_MAX = 2
    sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", *["1;Mme;Riou;Anne;12/03/1942;06/02/2023"] * 3))

    passage = essayer(sujet)

    assert passage.etat == "echoue"
    assert "3 lignes, 2 au plus" in passage.message
    assert (sujet.etat, etats(sujet)) == ("deposee", {})


def test_deux_colonnes_ne_sont_pas_le_meme_champ_et_un_champ_indispensable_manque(dans_a: Contexte) -> None:
    sujet = deposer(csv("Nom;Nom bis;Prénom", "Riou;Le Goff;Anne"))

    with pytest.raises(ColonnesRefusees) as refus:
        depot.regler(
            compte("alice"),
            sujet.pk,
            choix={0: "nom_naissance", 1: "nom_naissance", 2: "prenoms"},
            options={},
        )

    assert refus.value.champs == {
        "1": "La colonne A est déjà « Nom de naissance » : une seule colonne par champ.".replace(
            "« ", "«\u00a0"
        )
        .replace(" »", "\u00a0»")
        .replace(" :", "\u00a0:"),
        "civilite": "Aucune colonne ne donne «\u00a0Civilité\u00a0»\u00a0: c’est indispensable.",
        "ne_le": "Aucune colonne ne donne «\u00a0Date de naissance\u00a0»\u00a0: c’est indispensable.",
        "accompagne_depuis": "Aucune colonne ne donne «\u00a0Accompagnement depuis\u00a0»\u00a0: c’est indispensable.",
    }
    assert etats(sujet) == {}


@pytest.mark.parametrize(
    ("ligne", "champ", "phrase"),
    [
        ("1;Mme;Riou;Anne;12/03/1942;06/02/2023;7;;", "gir", "Le GIR va de 1 à 6"),
        ("1;Mme;Riou;Anne;12/03/2090;06/02/2023;;;", "ne_le", "dans le futur"),
        ("1;Mme;Riou;Anne;12/03/1942;06/02/1930;;;", "accompagne_depuis", "commence avant la naissance"),
        ("1;Mme;Riou;Anne;12/03/1942;06/02/2023;;279035121518988;", "ins", "sa clé"),
        ("1;Mme;=cmd();Anne;12/03/1942;06/02/2023;;;", "nom_naissance", "commence comme une formule"),
        ("1;Mme;Riou;;12/03/1942;06/02/2023;;;", "prenoms", "au moins un prénom"),
        ("1;Mme;Riou;Anne;12/03/1942;06/02/2023;;;Trégastel", "secteur", "n’existe pas"),
        ("1;Mme;Riou", "", "n’a que 3 cellules, il en faut 9"),
    ],
)
def test_une_ligne_refusee_dit_la_cellule_et_la_raison(
    dans_a: Contexte, ligne: str, champ: str, phrase: str
) -> None:
    sujet = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée;GIR;NIR;Secteur", ligne))

    essayer(sujet)

    assert etats(sujet) == {2: "refusee"}
    assert list(fautes(sujet, 2)) == [champ]
    assert phrase in fautes(sujet, 2)[champ]


@pytest.mark.parametrize(
    ("octets", "nom"),
    [
        (csv("\ufeffCode;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Quéré;Anne;12/03/1942;06/02/2023"), "bom.csv"),
        (csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Quéré;Anne;12/03/1942;06/02/2023", separateur="\t"), "tab.txt"),
        (csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Quéré;Anne;12/03/1942;06/02/2023", separateur=","), "virgule.csv"),
        (csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Quéré;Anne;12/03/1942;06/02/2023").decode().encode("cp1252"), "win.csv"),
        (csv("Code;Civ;Nom;Prénom;Né le;Entrée", "1;Mme;Quéré;Anne;12/03/1942;06/02/2023").decode().encode("utf-16"), "u16.csv"),
        (csv('"Code";"Civ";"Nom";"Prénom";"Né le";"Entrée"', '="1";"Mme";"Quéré";"Anne";"12/03/1942";"06/02/2023"'), "q.csv"),
        (classeur(("Notes", [["rien"]]), ("Liste", [["Liste du 3"], [], ["Code", None, "Civ", "Nom", "Prénom", "Né le", "Entrée"],
         [1.0, None, "Mme", "Quéré", "Anne", 15412, "06/02/2023"]])), "feuilles.xlsx"),
    ],
)  # fmt: skip
def test_un_fichier_mal_range_se_lit_quand_meme(dans_a: Contexte, octets: bytes, nom: str) -> None:
    from dossier.reprise.services import contenu

    sujet = deposer(octets, nom)
    passage = essayer(sujet)

    assert passage.message == "1 ligne prête, 0 doublon à décider, 0 ligne refusée."
    [ligne] = sujet.lignes.all()
    valeurs = contenu.lire(ligne)["valeurs"]
    assert (valeurs["nom_naissance"], f"{valeurs['ne_le']:%d/%m/%Y}", valeurs["reference"]) == (
        "Quéré",
        "12/03/1942",
        "1",
    )

"""Spreadsheets as people send them: always the same, and none of anybody who lives."""

import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from dossier.reprise.models import Ligne, Passage, Reprise
from dossier.reprise.services import decisions, depot, integration, passages
from tests.support.monde import compte

INS, INS_2, INS_3 = "279035121518989", "236066322083656", "297022A02077878"
OID_TEST = "1.2.250.1.213.1.4.10"
NOMS = [
    "LE GOFF",
    "RIOU",
    "KERVELLA",
    "PRIGENT",
    "TANGUY",
    "LE BRAS",
    "GUILLOU",
    "MORVAN",
    "CADIOU",
    "HÉLIAS",
    "QUÉRÉ",
    "ABGRALL",
    "JAOUEN",
    "SALAÜN",
]
PRENOMS = [
    "Yvonne",
    "Anne Marie",
    "Jean",
    "Marcel",
    "Denise",
    "Lucienne",
    "Émile",
    "Odette",
    "Yves",
    "Simone",
    "Aimée",
    "Théo",
    "Renée",
    "Corentin",
]
MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
TITRES = (
    "Code client", "Civ.", "NOM d'usage", "Nom de naissance", "Prénoms", "Né(e) le", "Entrée", "Secteur", "Adresse",
    "CP", "Ville", "Tél", "GIR", "Vit seul ?", "Médecin traitant",
)  # fmt: skip


def csv(*lignes: str, separateur: str = ";") -> bytes:
    return "\r\n".join(ligne.replace(";", separateur) for ligne in lignes).encode()


def classeur(*feuilles: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    livre = Workbook(write_only=True)
    for nom, lignes in feuilles:
        feuille = livre.create_sheet(nom)
        for ligne in lignes:
            feuille.append(list(ligne))
    tampon = io.BytesIO()
    livre.save(tampon)
    return tampon.getvalue()


def _date(hasard: random.Random, jour: date) -> Any:
    """The same day as five people would type it."""
    return hasard.choice(
        (
            datetime(jour.year, jour.month, jour.day),
            f"{jour:%d/%m/%Y}",
            f"{jour.day} {MOIS[jour.month - 1]} {jour.year}",
            f"{jour:%Y-%m-%d}",
            (jour - date(1899, 12, 30)).days,
        )
    )


def lignes_usagers(nombre: int, graine: int = 4) -> list[list[Any]]:
    """As many distinct people as asked."""
    hasard = random.Random(graine)
    lignes = []
    for rang in range(nombre):
        ne_le = date(1925, 1, 1) + timedelta(days=rang * 7 % 9000 + rang // 1280)
        nom = NOMS[rang % len(NOMS)]
        lignes.append(
            [
                f"C{rang:05d}", hasard.choice(("Mme", "Madame", "F", "MME")), "", nom if hasard.random() < 0.7 else nom.title(),
                f"{PRENOMS[rang % 13]}", _date(hasard, ne_le), "01/02/2023", "Lannion", f"{rang % 90 + 1} rue des Essais",
                hasard.choice((22300, "22300", "22 300")), "Lannion", hasard.choice((f"02619{rang % 100000:05d}", 261910000 + rang % 9999)),
                hasard.choice((4, "GIR 3", "", "NC")), hasard.choice(("oui", "N", "x", "")), "Dr Essai",
            ]
        )  # fmt: skip
    return lignes


def desordre(nombre: int = 2000) -> bytes:
    """2 000 good people in a workbook nobody tidied: a title above, an empty column, three wrong lines, one double."""
    bonnes = lignes_usagers(nombre)
    mauvaises = [
        ["X1", "Mme", "", "FAUX", "Jour", "31/02/1940", "01/02/2023", "Lannion"],
        ["X2", "Mme", "", "FAUX", "Gir", "01/02/1940", "01/02/2023", "Lannion", "", "", "", "", 7],
        ["X3", "Mme", "", "FAUX", "Futur", "01/02/2090", "01/02/2023", "Lannion"],
    ]
    double = [["C99999", *bonnes[0][1:]]]
    corps = [*bonnes[:10], [], *bonnes[10:], *mauvaises, *double]
    toutes = [["Export du 12/11/2026"], ["Tous secteurs confondus"], [], TITRES, *corps]
    return classeur(
        ("Paramètres", [["version", "3.2"]]),
        ("Bénéficiaires", [[*ligne[:8], None, *ligne[8:]] for ligne in toutes]),
    )


def deposer(octets: bytes, nom: str = "usagers.csv", genre: str = "usagers", qui: str = "alice") -> Reprise:
    return depot.deposer(compte(qui), genre=genre, source="Ancien", nom=nom, octets=octets)


def essayer(sujet: Reprise, qui: str = "alice", **options: Any) -> Passage:
    """Columns as they were proposed, then the dry run, here and now."""
    choix = {rang: champ for champ, rang in sujet.colonnes.items()}
    passage = depot.regler(compte(qui), sujet.pk, choix=choix, options={**sujet.options, **options})
    return finir(passage, sujet)


def finir(passage: Passage, sujet: Reprise) -> Passage:
    passages.executer(passage.pk)
    passage.refresh_from_db()
    sujet.refresh_from_db()
    return passage


def importer(sujet: Reprise, qui: str = "alice") -> Passage:
    return finir(integration.importer(compte(qui), sujet.pk), sujet)


def decider(sujet: Reprise, numero: int, choix: str, qui: str = "alice") -> Ligne:
    ligne = Ligne.objects.get(reprise=sujet, numero=numero)
    return decisions.decider(compte(qui), sujet.pk, ligne.pk, choix)


def etats(sujet: Reprise) -> dict[int, str]:
    return dict(Ligne.objects.filter(reprise=sujet).order_by("numero").values_list("numero", "etat"))


def fautes(sujet: Reprise, numero: int) -> dict[str, str]:
    from dossier.reprise.services import contenu

    lues: dict[str, str] = contenu.lire(Ligne.objects.get(reprise=sujet, numero=numero))["fautes"]
    return lues


def objet_de(sujet: Reprise, numero: int) -> UUID | None:
    return Ligne.objects.get(reprise=sujet, numero=numero).objet_id

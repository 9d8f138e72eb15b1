"""Refused lines as a file: as they were typed, with the reason, to be mended and sent again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.reprise import queries, registre
from dossier.reprise.models import EtatLigne, Reprise
from dossier.reprise.rules.colonnes import lettre
from dossier.reprise.services import contenu, depot
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.habilitations.decision import exiger
from plateforme.tableurs import ecrire_csv

VOIR = "reprise.reprise.voir"
MASQUE = "masqué"


def refusees(acteur: Any, cle: UUID) -> bytes:
    """CSV of the file's own columns, then the line's number and what is wrong. Raises RepriseRefusee once erased.

    Who deposited the file gets it back as typed; anybody else sees the columns their screens would show, no more.
    """
    exiger(acteur, VOIR)
    sujet = queries.reprise(acteur, cle)
    if sujet.efface_a is not None:
        raise RepriseRefusee("Le contenu de cette reprise est effacé\u00a0: il n’y a plus de rapport.")
    titres = depot.titres_de(sujet)
    visibles = None if sujet.depose_par_id == acteur.pk else _rangs_montres(sujet)
    octets = ecrire_csv([*titres, "ligne", "motif"], _lignes(sujet, len(titres), visibles))
    with transaction.atomic():
        noter("reprise.rapport.remis", reprise=str(cle))
    return octets


def _rangs_montres(sujet: Reprise) -> set[int]:
    genre = registre.genre(sujet.genre)
    return {rang for champ, rang in sujet.colonnes.items() if not genre.champ(champ).cache}


def _lignes(sujet: Reprise, largeur: int, visibles: set[int] | None) -> Iterator[list[str]]:
    for ligne in queries.lignes(sujet.pk, [EtatLigne.REFUSEE]).iterator(500):
        lu = contenu.lire(ligne)
        brut = [*lu["brut"], *[""] * largeur][:largeur]
        if visibles is not None:
            brut = [c if rang in visibles or not c else MASQUE for rang, c in enumerate(brut)]
        yield [*brut, str(ligne.numero), motif(sujet, lu["fautes"])]


def motif(sujet: Reprise, fautes: dict[str, str]) -> str:
    """« D Date de naissance : … » for each fault, in the order of the columns."""
    genre = registre.genre(sujet.genre)
    dits = []
    for champ in sorted(fautes, key=lambda c: sujet.colonnes.get(c, -1)):
        if champ in sujet.colonnes:
            dits.append(
                f"{lettre(sujet.colonnes[champ])} {genre.champ(champ).libelle}\u00a0: {fautes[champ]}"
            )
        else:
            dits.append(fautes[champ])
    return " ".join(dits)

"""What the pages of a takeover share: its steps, its lines as they are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from dossier.reprise import queries, registre
from dossier.reprise.models import EtatReprise, Ligne, Reprise
from dossier.reprise.rules.colonnes import lettre
from dossier.reprise.services import contenu, depot
from plateforme.core.errors import ErreurMetier
from plateforme.web.annonces import annoncer

VOIR = "reprise.reprise.voir"
ETAPES = ("Fichier", "Colonnes", "Essai", "Import", "Contrôle", "Signature")
_RANGS = {
    EtatReprise.DEPOSEE: 1,
    EtatReprise.ESSAYEE: 2,
    EtatReprise.IMPORTEE: 4,
    EtatReprise.SIGNEE: 6,
    EtatReprise.ANNULEE: 0,
}
TONS = {
    EtatReprise.DEPOSEE: ("", "columns-3"),
    EtatReprise.ESSAYEE: ("info", "list-checks"),
    EtatReprise.IMPORTEE: ("attention", "pen-line"),
    EtatReprise.SIGNEE: ("ok", "badge-check"),
    EtatReprise.ANNULEE: ("", "undo-2"),
}
MASQUE = "renseigné"


@dataclass(frozen=True, slots=True)
class Cellule:
    """A cell as shown. ``dossier``: what the record says now, where there is one."""

    libelle: str
    colonne: str
    texte: str
    faute: str = ""
    dossier: str = ""
    differe: bool = False


def etapes(sujet: Reprise | None, ici: int | None = None) -> list[dict[str, Any]]:
    """The six steps: done, here, to come."""
    rang = _RANGS[EtatReprise(sujet.etat)] if sujet is not None else 0
    ici = rang if ici is None else ici
    return [
        {"nom": nom, "fait": n < max(rang, ici) and n != ici, "ici": n == ici} for n, nom in enumerate(ETAPES)
    ]


def contexte(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    """Head of every page of a takeover. Raises Introuvable."""
    sujet = queries.reprise(request.user, cle)
    genre = registre.genre(sujet.genre)
    ton, icone = TONS[EtatReprise(sujet.etat)]
    return {
        "sujet": sujet,
        "genre": genre,
        "ton": ton,
        "ton_icone": icone,
        "nom_du_fichier": depot.apercu(sujet)["nom"] if sujet.depose_par_id == request.user.pk else "",
        "etapes": etapes(sujet),
        "effacement_le": queries.effacement_le(sujet),
    }


def cellules(sujet: Reprise, lu: dict[str, Any], releve: dict[str, str] | None = None) -> list[Cellule]:
    """The mapped cells of a line, in the order of the file; what is never shown says only that it is there."""
    genre = registre.genre(sujet.genre)
    trouvees = []
    for champ_cle, rang in sorted(sujet.colonnes.items(), key=lambda c: c[1]):
        if releve is not None and champ_cle not in releve:
            continue
        champ = genre.champ(champ_cle)
        brut = lu["brut"][rang] if rang < len(lu["brut"]) else ""
        dossier = (releve or {}).get(champ_cle, "")
        trouvees.append(
            Cellule(
                champ.libelle,
                lettre(rang),
                (MASQUE if brut else "") if champ.cache else brut,
                lu["fautes"].get(champ_cle, ""),
                dossier,
                releve is not None and bool(brut) and not dossier,
            )
        )
    return [c for c in trouvees if c.texte or c.faute or c.dossier]


def resume(sujet: Reprise, ligne: Ligne, maximum: int = 5) -> list[Cellule]:
    return [c for c in cellules(sujet, contenu.lire(ligne)) if c.texte and c.texte != MASQUE][:maximum]


def fiches(request: HttpRequest, genre: registre.Genre, ids: Iterable[str | UUID | None]) -> dict[UUID, Any]:
    """Records of these lines that this reader may see, by id; one query."""
    voulus: Sequence[UUID] = [UUID(str(cle)) for cle in ids if cle]
    return genre.visibles(request.user, voulus) if voulus else {}


def revenir(request: HttpRequest, cle: UUID, phrase: str = "") -> HttpResponse:
    if phrase:
        annoncer(request, phrase)
    return HttpResponseRedirect(reverse("reprise", args=[cle]))


def tenter(request: HttpRequest, cle: UUID, acte: Any, phrase: str = "") -> HttpResponse:
    """Do it and come back to the takeover, with the sentence of the refusal if there is one."""
    try:
        acte()
    except ErreurMetier as refus:
        if refus.statut == 404:
            raise
        return revenir(request, cle, refus.message)
    return revenir(request, cle, phrase)

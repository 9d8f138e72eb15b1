"""Undo, until the signature: what the import made is removed, what it completed is emptied again; nothing else moves."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dossier.models import Secteur
from dossier.reprise import queries, registre
from dossier.reprise.models import (
    FAITES,
    EtatLigne,
    EtatReprise,
    GenrePassage,
    Ligne,
    Passage,
    ReferenceExterne,
    Reprise,
)
from dossier.reprise.registre import Genre
from dossier.reprise.services import contenu, effacement, passages
from dossier.reprise.services.erreurs import DejaTravaille, RepriseRefusee
from dossier.reprise.services.genres.communs import rattachees
from plateforme.audit.journal import noter
from plateforme.audit.lectures import lectures_muettes
from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.faits import signaler
from plateforme.habilitations.decision import exiger

ANNULER = "reprise.reprise.annuler"
LOT = 100
# Enough to be looked at one by one; the count says how many more.
MONTREES = 20


def annuler(acteur: Any, cle: UUID) -> Passage:
    """Hand the undoing to a worker. Raises RepriseRefusee once signed, DejaTravaille with the records, DejaEnRoute."""
    exiger(acteur, ANNULER)
    with transaction.atomic():
        sujet = queries.reprises(acteur).select_for_update(of=("self",)).filter(pk=cle).first()
        if sujet is None:
            raise Introuvable
        exiger_annulable(sujet)
        if travaillees := list(deja_travaillees(sujet)):
            raise DejaTravaille(_phrase(len(travaillees)))
        return passages.demander(sujet, GenrePassage.ANNULATION, acteur.pk, total=queries.faites(cle).count())


def exiger_annulable(sujet: Reprise) -> None:
    if sujet.etat == EtatReprise.SIGNEE:
        raise RepriseRefusee("Cette reprise est signée\u00a0: elle ne s’annule plus.")
    if sujet.etat == EtatReprise.ANNULEE:
        raise RepriseRefusee("Cette reprise est déjà annulée.")
    if not queries.faites(sujet.pk).exists():
        raise RepriseRefusee("Rien n’est encore importé\u00a0: il n’y a rien à annuler.")


def _phrase(nombre: int) -> str:
    if nombre == 1:
        return "Une fiche a été travaillée depuis l’import\u00a0: l’annulation l’effacerait. Rien n’a été annulé."
    return f"{nombre} fiches ont été travaillées depuis l’import\u00a0: l’annulation les effacerait. Rien n’a été annulé."


def deja_travaillees(sujet: Reprise) -> dict[UUID, str]:
    """Record → what has happened to it since, whole file, chunk by chunk."""
    genre = registre.genre(sujet.genre)
    trouvees: dict[UUID, str] = {}
    dernier = 0
    with lectures_muettes():
        while lot := list(queries.faites(sujet.pk).filter(numero__gt=dernier).defer("contenu")[: 5 * LOT]):
            trouvees |= _travaillees(genre, lot)
            dernier = lot[-1].numero
    crees = [UUID(cle) for cle in sujet.secteurs_crees]
    return trouvees | {
        cle: f"secteur qui sert ailleurs\u00a0: {quoi}"
        for cle, quoi in _secteurs_servis(sujet, crees).items()
    }


def _secteurs_servis(sujet: Reprise, crees: list[UUID]) -> dict[UUID, str]:
    """Sectors made by this import that hold something it did not make."""
    if not crees:
        return {}
    modele = registre.genre(sujet.genre).modele
    autres = modele._default_manager.filter(secteur_id__in=crees).exclude(
        pk__in=queries.faites(sujet.pk).values("objet_id")
    )
    servis = dict.fromkeys(autres.values_list("secteur_id", flat=True), str(modele._meta.verbose_name))
    return servis | rattachees(Secteur, crees, sauf=modele)


def _travaillees(genre: Genre, lot: list[Ligne]) -> dict[UUID, str]:
    par_objet = {ligne.objet_id: ligne for ligne in lot if ligne.objet_id}
    fiches = {f.pk: f for f in genre.modele._default_manager.filter(pk__in=par_objet)}
    crees = [cle for cle, ligne in par_objet.items() if ligne.etat == EtatLigne.IMPORTEE]
    trouvees = dict(genre.travaillees(crees))
    for cle, ligne in par_objet.items():
        fiche: Any = fiches.get(cle)
        if fiche is None:
            trouvees.setdefault(cle, "fiche retirée")
        elif ligne.etat == EtatLigne.COMPLETEE:
            if any(contenu.marque_de(getattr(fiche, c)) != marque for c, marque in ligne.complements.items()):
                trouvees.setdefault(cle, "champ complété puis changé")
        elif ligne.marque is None or fiche.modifie_a > ligne.marque:
            trouvees.setdefault(cle, "fiche modifiée")
    return trouvees


# -- the run ---------------------------------------------------------------------------------------
def executer(passage: Passage) -> str:
    sujet, genre = passage.reprise, registre.genre(passage.reprise.genre)
    fait = passage.fait
    while True:
        with transaction.atomic():
            passages.verrouiller(passage)
            exiger(passage.auteur, ANNULER)
            # Last lines first: a double completed by two lines gets back what it had before both.
            lot = list(
                Ligne.objects.select_for_update()
                .filter(reprise=sujet, etat__in=FAITES)
                .order_by("-numero")[:LOT]
            )
            if lot:
                _defaire_un_lot(genre, lot)
                fait += len(lot)
                passages.avancer(passage, fait)
        if not lot:
            return _conclure(sujet, fait)


def _defaire_un_lot(genre: Genre, lot: list[Ligne]) -> None:
    """Looked at again under the lock: what came since the request stops everything here."""
    objets = [ligne.objet_id for ligne in lot]
    list(
        genre.modele._default_manager.select_for_update(of=("self",)).filter(pk__in=objets).values_list("pk")
    )
    if travaillees := _travaillees(genre, lot):
        raise DejaTravaille(
            f"Quelqu’un a travaillé sur {len(travaillees)} fiche{'s' if len(travaillees) > 1 else ''} pendant "
            "l’annulation\u00a0: elle s’est arrêtée là."
        )
    for ligne in lot:
        if ligne.etat == EtatLigne.COMPLETEE and ligne.complements:
            genre.vider(genre.modele._default_manager.get(pk=ligne.objet_id), list(ligne.complements))
    genre.supprimer([ligne.objet_id for ligne in lot if ligne.etat == EtatLigne.IMPORTEE and ligne.objet_id])
    Ligne.objects.filter(pk__in=[ligne.pk for ligne in lot]).update(etat=EtatLigne.ANNULEE)


def _conclure(sujet: Reprise, fait: int) -> str:
    with transaction.atomic():
        ligne = Reprise.objects.select_for_update().get(pk=sujet.pk)
        if ligne.etat != EtatReprise.ANNULEE:
            ReferenceExterne.objects.filter(reprise=ligne).delete()
            Secteur.objects.filter(pk__in=ligne.secteurs_crees).delete()
            ligne.etat, ligne.annulee_a = EtatReprise.ANNULEE, now()
            ligne.comptes = {**ligne.comptes, "annulee": queries.compter_tout()}
            ligne.save()
            noter("reprise.import.annule", reprise=str(ligne.pk), lignes=fait)
            effacement.effacer(ligne, par=None)
            signaler()
    return f"{fait} ligne{'s' if fait > 1 else ''} annulée{'s' if fait > 1 else ''}\u00a0: tout est comme avant l’import."


def brancher() -> None:
    passages.inscrire_travail(GenrePassage.ANNULATION, executer)

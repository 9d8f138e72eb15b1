"""The import: chunk by chunk, each whole or not at all. A line done is marked in the chunk that did it: never twice."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dossier.models import Secteur
from dossier.reprise import queries, registre
from dossier.reprise.models import (
    Controle,
    Decision,
    EtatLigne,
    EtatReprise,
    GenrePassage,
    Ligne,
    Passage,
    ReferenceExterne,
    Reprise,
)
from dossier.reprise.registre import Cadre, Cree, Genre, Lue
from dossier.reprise.rules.tirage import tirer
from dossier.reprise.services import contenu, decisions, depot, passages
from dossier.reprise.services.cadre import cadre_de
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.tri import cle_de_tri
from plateforme.faits import signaler
from plateforme.habilitations.decision import exiger
from plateforme.outbox.services import publier

IMPORTER = "reprise.reprise.importer"
LOT = 100
PARTI = "Le dossier à compléter n’existe plus, ou n’est plus dans les vôtres."


def importer(acteur: Any, cle: UUID) -> Passage:
    """Hand the ready lines to a worker. Raises RepriseRefusee while something is to be decided, DejaEnRoute."""
    exiger(acteur, IMPORTER)
    with transaction.atomic():
        sujet = depot.modifiable(acteur, cle)
        if sujet.etat != EtatReprise.ESSAYEE:
            raise RepriseRefusee("Essayez d’abord le fichier\u00a0: l’import suit un essai terminé.")
        if reste := decisions.restent_a_decider(cle):
            raise RepriseRefusee(
                "Il reste un doublon à décider." if reste == 1 else f"Il reste {reste} doublons à décider."
            )
        total = _a_faire(sujet).count()
        if not total:
            raise RepriseRefusee(
                "Aucune ligne n’est prête\u00a0: corrigez le fichier, puis déposez-le de nouveau."
            )
        sujet.comptes = {"avant": queries.compter_tout()}
        sujet.graine = secrets.randbits(31)
        sujet.save()
        return passages.demander(sujet, GenrePassage.IMPORT, acteur.pk, total=total)


def _a_faire(sujet: Reprise) -> Any:
    """Ready lines; and lines kept aside for a record, whose reference must be known to the files that come next."""
    gardees = Q(etat=EtatLigne.ECARTEE, objet_id=None, reference__isnull=False)
    return Ligne.objects.filter(Q(etat=EtatLigne.PRETE) | gardees, reprise=sujet).order_by("numero")


def executer(passage: Passage) -> str:
    sujet, genre = passage.reprise, registre.genre(passage.reprise.genre)
    _creer_les_secteurs(passage, sujet)
    while True:
        with transaction.atomic():
            passages.verrouiller(passage)
            exiger(passage.auteur, IMPORTER)
            exiger(passage.auteur, genre.action)
            lot = list(_a_faire(sujet)[:LOT])
            if lot:
                _ecrire_un_lot(sujet, genre, cadre_de(sujet, passage.auteur), lot)
                deja = Passage.objects.values_list("fait", flat=True).get(pk=passage.pk)
                passages.avancer(passage, deja + len(lot))
        if not lot:
            return _conclure(sujet)


def _creer_les_secteurs(passage: Passage, sujet: Reprise) -> None:
    """Once: what a former worker made is found by its name."""
    with transaction.atomic():
        passages.verrouiller(passage)
        connus = queries.secteurs()
        choix = sujet.options.get("secteurs", {})
        for nom in sujet.secteurs_voulus():
            if choix.get(cle_de_tri(nom)) == "creer" and cle_de_tri(nom) not in connus:
                cree = Secteur.objects.create(nom=nom)
                connus[cle_de_tri(nom)] = cree.pk
                sujet.secteurs_crees = [*sujet.secteurs_crees, str(cree.pk)]
        Reprise.objects.filter(pk=sujet.pk).update(secteurs_crees=sujet.secteurs_crees)


# -- one chunk -------------------------------------------------------------------------------------
def _ecrire_un_lot(sujet: Reprise, genre: Genre, cadre: Cadre, lot: list[Ligne]) -> None:
    a_creer = [
        ligne for ligne in lot if ligne.etat == EtatLigne.PRETE and ligne.decision != Decision.COMPLETER
    ]
    lues = {ligne.pk: contenu.relire(ligne) for ligne in lot}
    _creer(genre, cadre, a_creer, lues)
    for ligne in lot:
        if ligne.etat == EtatLigne.PRETE:
            _completer(genre, cadre, ligne, lues[ligne.pk])
        elif ligne.etat == EtatLigne.ECARTEE:
            _suivre(sujet, ligne)
    _retenir_les_references(sujet, genre, lot, lues)
    # One statement: the rows are there, so each is updated; their sealed content is written again as it was.
    Ligne.objects.bulk_create(
        lot,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["etat", "contenu", "objet_id", "sujet_id", "marque", "complements"],
    )


def _creer(genre: Genre, cadre: Cadre, lignes: list[Ligne], lues: dict[UUID, Lue]) -> None:
    siennes = [lues[ligne.pk] for ligne in lignes]
    crees = iter(genre.creer(siennes, cadre))
    for ligne, lue in zip(lignes, siennes, strict=True):
        if lue.fautes:
            _refuser(ligne, lue)
        else:
            ligne.etat = EtatLigne.IMPORTEE
            _poser(ligne, next(crees))


def _poser(ligne: Ligne, cree: Cree) -> None:
    ligne.objet_id, ligne.sujet_id, ligne.marque = cree.objet_id, cree.sujet_id, cree.marque


def _refuser(ligne: Ligne, lue: Lue) -> None:
    ligne.etat = EtatLigne.REFUSEE
    ligne.contenu = contenu.ecrire(contenu.lire(ligne)["brut"], lue)


def _completer(genre: Genre, cadre: Cadre, ligne: Ligne, lue: Lue) -> None:
    fait = genre.completer(UUID(ligne.doublon["objet"]), lue, cadre)
    if fait is None:
        lue.fautes[""] = PARTI
        _refuser(ligne, lue)
        return
    cree, champs = fait
    ligne.etat = EtatLigne.COMPLETEE
    _poser(ligne, cree)
    fiche = genre.modele._default_manager.get(pk=cree.objet_id)
    ligne.complements = {champ: contenu.marque_de(getattr(fiche, champ)) for champ in champs}


def _suivre(sujet: Reprise, ligne: Ligne) -> None:
    """A line kept aside stands for the record it is the double of; itself when that one was refused."""
    objet = ligne.doublon.get("objet")
    if objet is None:
        objet = (
            Ligne.objects.filter(reprise=sujet, numero=ligne.doublon["ligne"])
            .values_list("objet_id", flat=True)
            .first()
        )
    ligne.objet_id = UUID(str(objet)) if objet else ligne.pk


def _retenir_les_references(sujet: Reprise, genre: Genre, lot: list[Ligne], lues: dict[UUID, Lue]) -> None:
    if not genre.avec_reference:
        return
    voulues = {
        bytes(ligne.reference): ReferenceExterne(
            genre=genre.cle,
            reference=lues[ligne.pk].valeurs["reference"],
            reference_index=bytes(ligne.reference),
            objet_id=ligne.objet_id,
            reprise=sujet,
        )
        for ligne in reversed(lot)
        if ligne.reference is not None and ligne.objet_id not in (None, ligne.pk)
    }
    connues = ReferenceExterne.objects.filter(genre=genre.cle, reference_index__in=list(voulues))
    for marque in connues.values_list("reference_index", flat=True):
        voulues.pop(bytes(marque or b""), None)
    ReferenceExterne.objects.bulk_create(voulues.values())


# -- the end ---------------------------------------------------------------------------------------
def _conclure(sujet: Reprise) -> str:
    with transaction.atomic():
        ligne = Reprise.objects.select_for_update().get(pk=sujet.pk)
        comptes = queries.comptes(ligne.pk)
        if ligne.etat == EtatReprise.ESSAYEE:
            ligne.etat, ligne.importee_a = EtatReprise.IMPORTEE, now()
            ligne.comptes = {**ligne.comptes, "apres": queries.compter_tout()}
            ligne.save()
            _tirer_l_echantillon(ligne)
            details: dict[str, Any] = {"reprise": str(ligne.pk), **comptes}
            noter("reprise.import.fini", **details)
            publier(
                "reprise.import.fini", f"reprise:{ligne.pk}", {"reprise": str(ligne.pk), "genre": ligne.genre}
            )
            signaler()
    crees, completes = comptes[EtatLigne.IMPORTEE], comptes[EtatLigne.COMPLETEE]
    return (
        f"{crees} fiche{'s' if crees > 1 else ''} créée{'s' if crees > 1 else ''}, "
        f"{completes} complétée{'s' if completes > 1 else ''}."
    )


def _tirer_l_echantillon(sujet: Reprise) -> None:
    """By rank, so that the whole list of lines is never held."""
    faites = queries.faites(sujet.pk)
    rangs = set(tirer(range(faites.count()), sujet.graine))
    tirees = [
        pk for rang, pk in enumerate(faites.values_list("pk", flat=True).iterator(1000)) if rang in rangs
    ]
    Ligne.objects.filter(pk__in=tirees).update(controle=Controle.A_VOIR)


def brancher() -> None:
    passages.inscrire_travail(GenrePassage.IMPORT, executer)

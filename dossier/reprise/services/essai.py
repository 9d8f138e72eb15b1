"""The dry run: every line read, judged, compared; nothing written in any dossier. Taken up where it stopped."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from dossier.reprise import queries, registre
from dossier.reprise.models import EtatLigne, EtatReprise, Ligne, Passage, Reprise
from dossier.reprise.registre import Cadre, Champ, Genre, Lue
from dossier.reprise.rules import cellules
from dossier.reprise.rules.colonnes import normaliser
from dossier.reprise.services import contenu, depot, lecture, passages
from dossier.reprise.services.cadre import cadre_de
from dossier.reprise.services.erreurs import RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import exiger
from plateforme.storage.erreurs import DocumentFerme
from plateforme.storage.services import contenu as octets_de

LOT = 200
_FORMULE = "Cette cellule commence comme une formule\u00a0: retirez le signe du début."


def essayer(passage: Passage) -> str:
    sujet = passage.reprise
    genre = registre.genre(sujet.genre)
    document = queries.document(sujet)
    if document is None:
        raise DocumentFerme
    faites = Ligne.objects.filter(reprise=sujet).aggregate(n=Max("numero"))["n"] or 0
    fait = Ligne.objects.filter(reprise=sujet).count()
    titres = depot.apercu(sujet)["feuilles"][sujet.feuille]["titres"] + 1
    source = _a_lire(sujet, octets_de(document), depuis=max(titres, faites))
    while lot := list(islice(source, LOT)):
        fait += len(lot)
        if fait > settings.REPRISE_LIGNES_MAX:
            raise RepriseRefusee(depot.trop_de_lignes(fait))
        with transaction.atomic():
            passages.verrouiller(passage)
            _juger_un_lot(sujet, genre, passage.auteur, lot)
            passages.avancer(passage, fait)
    if not fait:
        raise RepriseRefusee("Le fichier n’a que sa ligne de titres\u00a0: ajoutez au moins une ligne.")
    with transaction.atomic():
        Reprise.objects.filter(pk=sujet.pk).update(etat=EtatReprise.ESSAYEE)
        Passage.objects.filter(pk=passage.pk).update(total=fait)
        comptes = queries.comptes(sujet.pk)
        _noter(sujet, comptes)
    return _phrase(comptes)


def _noter(sujet: Reprise, comptes: dict[str, int]) -> None:
    details: dict[str, Any] = {"reprise": str(sujet.pk), **comptes}
    noter("reprise.essai.fini", **details)


def _phrase(comptes: dict[str, int]) -> str:
    def accorder(etat: EtatLigne, un: str, plusieurs: str) -> str:
        nombre = comptes[etat]
        return f"{nombre} {plusieurs if nombre > 1 else un}"

    return (
        f"{accorder(EtatLigne.PRETE, 'ligne prête', 'lignes prêtes')}, "
        f"{accorder(EtatLigne.A_DECIDER, 'doublon à décider', 'doublons à décider')}, "
        f"{accorder(EtatLigne.REFUSEE, 'ligne refusée', 'lignes refusées')}."
    )


def _a_lire(sujet: Reprise, octets: bytes, *, depuis: int) -> Iterator[tuple[int, list[str]]]:
    """After ``depuis``, and without the headings that some exports repeat at each page."""
    titres = [normaliser(titre) for titre in depot.titres_de(sujet)]
    for numero, ligne in lecture.lignes(sujet.extension, octets, sujet.feuille):
        if numero > depuis and [normaliser(c) for c in lecture.sans_fin_vide(ligne)] != titres:
            yield numero, ligne


# -- one chunk -------------------------------------------------------------------------------------
def _juger_un_lot(sujet: Reprise, genre: Genre, acteur: Any, lot: list[tuple[int, list[str]]]) -> None:
    exiger(acteur, depot.PREPARER)
    cadre = cadre_de(sujet, acteur)
    champs = [(genre.champ(cle), rang) for cle, rang in sujet.colonnes.items()]
    large = max(rang for _, rang in champs) + 1
    lues = [
        _lire(numero, cellules_lues, champs, cadre, large if sujet.extension == "csv" else 0)
        for numero, cellules_lues in lot
    ]
    entieres = [lue for lue in lues if "" not in lue.fautes]
    genre.verifier(entieres, cadre)
    bonnes = [lue for lue in lues if not lue.fautes]
    lignes = {lue.numero: Ligne(reprise=sujet, numero=lue.numero) for lue in lues}
    for lue in bonnes:
        _marquer(lignes[lue.numero], genre, lue)
    doublons = _doublons(sujet, genre, bonnes, lignes, cadre)
    for lue, (_numero, brut) in zip(lues, lot, strict=True):
        ligne = lignes[lue.numero]
        ligne.doublon = doublon = doublons.get(lue.numero, {})
        ligne.etat = EtatLigne.REFUSEE if lue.fautes else EtatLigne.A_DECIDER if doublon else EtatLigne.PRETE
        ligne.contenu = contenu.ecrire(lecture.sans_fin_vide(brut), lue)
    Ligne.objects.bulk_create(lignes.values())
    _retenir_les_secteurs(sujet, lues)


def _lire(numero: int, brut: list[str], champs: list[tuple[Champ, int]], cadre: Cadre, large: int) -> Lue:
    lue = Lue(numero, {})
    presentes = len(brut)
    if presentes < large:
        lue.fautes[""] = (
            f"Cette ligne n’a que {presentes} cellule{'s' if presentes > 1 else ''}, il en faut {large}\u00a0: "
            "un séparateur manque, ou un retour à la ligne a coupé une cellule."
        )
        return lue
    for champ, rang in champs:
        texte = cellules.propre(brut[rang]) if rang < presentes else ""
        if not texte:
            continue
        if cellules.est_une_formule(texte):
            lue.fautes[champ.cle] = _FORMULE
            continue
        try:
            lue.valeurs[champ.cle] = champ.lire(texte, cadre.jour)
        except cellules.CelluleRefusee as refus:
            lue.fautes[champ.cle] = str(refus)
    return lue


def _marquer(ligne: Ligne, genre: Genre, lue: Lue) -> None:
    traits = genre.traits(lue)
    ligne.strict = contenu.empreinte(traits.strict, contenu.TRAITS)
    ligne.proche = contenu.empreinte(traits.proche, contenu.TRAITS)
    if genre.avec_reference:
        ligne.reference = contenu.empreinte(lue.valeurs.get("reference") or "", contenu.REFERENCE)


def _retenir_les_secteurs(sujet: Reprise, lues: list[Lue]) -> None:
    inconnus = {lue.valeurs["secteur_inconnu"] for lue in lues if lue.valeurs.get("secteur_inconnu")}
    deja = {cle_de_tri(nom) for nom in sujet.secteurs_inconnus}
    nouveaux = sorted({cle_de_tri(nom): nom for nom in inconnus if cle_de_tri(nom) not in deja}.values())
    if nouveaux:
        sujet.secteurs_inconnus = [*sujet.secteurs_inconnus, *nouveaux][:100]
        Reprise.objects.filter(pk=sujet.pk).update(secteurs_inconnus=sujet.secteurs_inconnus)


# -- the same person twice -------------------------------------------------------------------------
def _doublons(
    sujet: Reprise, genre: Genre, lues: list[Lue], lignes: dict[int, Ligne], cadre: Cadre
) -> dict[int, dict[str, Any]]:
    """Proposed, never decided: the former reference, then strict traits, then what is close; records before lines."""
    trouves: dict[int, dict[str, Any]] = {}
    if genre.avec_reference:
        marquees = {str(n): bytes(ligne.reference) for n, ligne in lignes.items() if ligne.reference}
        for cle, connu in queries.references(genre.cle, marquees).items():
            trouves[int(cle)] = {"nature": "reference", "objet": str(connu)}
    for numero, (nature, objet) in genre.existants(lues, cadre).items():
        trouves.setdefault(numero, {"nature": nature, "objet": str(objet)})
    _doublons_du_fichier(sujet, lues, lignes, trouves)
    return trouves


def _doublons_du_fichier(
    sujet: Reprise, lues: list[Lue], lignes: dict[int, Ligne], trouves: dict[int, dict[str, Any]]
) -> None:
    for champ, nature in (("reference", "meme_reference"), ("strict", "strict"), ("proche", "proche")):
        marques = {lue.numero: getattr(lignes[lue.numero], champ) for lue in lues}
        voulues = [marque for marque in marques.values() if marque]
        premieres: dict[bytes, int] = {}
        for marque, numero in (
            Ligne.objects.filter(reprise=sujet, **{f"{champ}__in": voulues})
            .order_by("numero")
            .values_list(champ, "numero")
        ):
            premieres.setdefault(bytes(marque), numero)
        for lue in lues:
            marque = marques[lue.numero]
            if marque and marque in premieres:
                trouves.setdefault(lue.numero, {"nature": nature, "ligne": premieres[marque]})
            elif marque:
                premieres[marque] = lue.numero


def brancher() -> None:
    from dossier.reprise.models import GenrePassage

    passages.inscrire_travail(GenrePassage.ESSAI, essayer)

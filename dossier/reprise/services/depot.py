"""A file comes in: examined, sealed, its headings recognised; then a person says what each column is."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dossier.reprise import queries, registre
from dossier.reprise.models import EN_ROUTE, Correspondance, EtatReprise, GenrePassage, Passage, Reprise
from dossier.reprise.rules import cellules
from dossier.reprise.rules.colonnes import lettre, ligne_de_titres, normaliser, proposer
from dossier.reprise.services import lecture, passages
from dossier.reprise.services.erreurs import ColonnesRefusees, DejaEnRoute, RepriseRefusee
from plateforme.audit.journal import noter
from plateforme.core.errors import Introuvable
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import exiger
from plateforme.storage.erreurs import DocumentFerme, EnQuarantaine, FichierRefuse
from plateforme.storage.models import EtatDocument
from plateforme.storage.services import televerser

PREPARER = "reprise.reprise.preparer"
MODIFIABLES = (EtatReprise.DEPOSEE, EtatReprise.ESSAYEE)
_SANS_TITRES = (
    "Aucune ligne de titres n’est reconnue dans les 30 premières lignes\u00a0: ajoutez au-dessus des données une ligne "
    "qui nomme les colonnes, par exemple «\u00a0{}\u00a0»."
)


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column as it is shown to be named. ``exemples``: its first cells."""

    rang: int
    lettre: str
    titre: str
    champ: str
    exemples: tuple[str, ...]


def deposer(acteur: Any, *, genre: str, source: str, nom: str, octets: bytes) -> Reprise:
    """Examine, seal, recognise. Writes nothing of what the file says. Raises FichierRefuse with the mend."""
    exiger(acteur, PREPARER)
    voulu = _genre_permis(acteur, genre)
    extension, octets = lecture.preparer(nom, octets)
    lues = lecture.feuilles(extension, octets)
    apercu = [_decrire(feuille, voulu) for feuille in lues]
    rang = next((n for n, feuille in enumerate(apercu) if feuille["titres"] is not None), None)
    if rang is None:
        exemples = ", ".join(champ.libelle for champ in voulu.champs[:4])
        raise FichierRefuse(_SANS_TITRES.format(exemples))
    if (compte := max(feuille.lignes for feuille in lues)) > settings.REPRISE_LIGNES_MAX + lecture.TETE:
        raise FichierRefuse(trop_de_lignes(compte))
    with transaction.atomic():
        document = televerser(f"reprise.{extension}", octets, sujet_id=None, depose_par=acteur.pk, sante=True)
        sujet = Reprise(
            genre=genre,
            source=" ".join(source.split())[:80],
            document_id=document.pk,
            extension=extension,
            depose_par=acteur,
            apercu=json.dumps({"nom": nom[-120:], "feuilles": apercu}, ensure_ascii=False),
            feuille=rang,
            options=_options_de_depart(voulu),
        )
        _proposer_les_colonnes(sujet, voulu, apercu[rang])
        sujet.save(force_insert=True)
        noter("reprise.fichier.depose", reprise=str(sujet.pk), genre=genre, octets=len(octets))
    return sujet


def trop_de_lignes(compte: int) -> str:
    def dire(nombre: int) -> str:
        return f"{nombre:,}".replace(",", "\u202f")

    return (
        f"Ce fichier compte {dire(compte)} lignes, {dire(settings.REPRISE_LIGNES_MAX)} au plus à la fois\u00a0: "
        "coupez-le en plusieurs fichiers."
    )


def _genre_permis(acteur: Any, cle: str) -> registre.Genre:
    try:
        genre = registre.genre(cle)
    except KeyError as erreur:
        raise Introuvable from erreur
    exiger(acteur, genre.action)
    return genre


def _decrire(feuille: lecture.Feuille, genre: registre.Genre) -> dict[str, Any]:
    tete = [lecture.sans_fin_vide(ligne) for ligne in feuille.tete]
    titres = ligne_de_titres(tete, genre.titres())
    # What is above the headings and what follows the first examples is not kept twice.
    montrees = tete[titres : titres + 6] if titres is not None else []
    return {"nom": feuille.nom, "titres": titres, "lignes": feuille.lignes, "tete": montrees}


def _options_de_depart(genre: registre.Genre) -> dict[str, Any]:
    return {"ins_oid": next(iter(cellules.OID_INS))} if "ins_oid" in genre.options else {}


def _proposer_les_colonnes(sujet: Reprise, genre: registre.Genre, feuille: dict[str, Any]) -> None:
    """A mapping kept for this very file of the same software, else by likeness of the headings."""
    titres = feuille["tete"][0]
    for gardee in Correspondance.objects.filter(genre=genre.cle).order_by("-modifie_a"):
        if set(gardee.titres) == {normaliser(titre) for titre in titres if titre}:
            appliquer(sujet, gardee, titres)
            return
    sujet.colonnes = proposer(titres, genre.titres())


def appliquer(sujet: Reprise, gardee: Correspondance, titres: list[str]) -> None:
    rangs = {normaliser(titre): rang for rang, titre in enumerate(titres) if titre}
    sujet.colonnes = {champ: rangs[t] for t, champ in gardee.titres.items() if champ and t in rangs}
    sujet.options = {**sujet.options, **gardee.options}


# -- what is known of the file ---------------------------------------------------------------------
def apercu(sujet: Reprise) -> dict[str, Any]:
    """Name of the file, sheets, headings. Empty once erased."""
    if not sujet.apercu:
        return {"nom": "", "feuilles": []}
    lu: dict[str, Any] = json.loads(sujet.apercu)
    return lu


def titres_de(sujet: Reprise) -> list[str]:
    feuilles = apercu(sujet)["feuilles"]
    return list(feuilles[sujet.feuille]["tete"][0]) if feuilles else []


def colonnes(sujet: Reprise) -> list[Colonne]:
    feuille = apercu(sujet)["feuilles"][sujet.feuille]
    titres, *exemples = feuille["tete"] or [[]]
    champs = {rang: champ for champ, rang in sujet.colonnes.items()}
    largeur = max([len(titres), *(len(ligne) for ligne in exemples)])
    trouvees = []
    for rang in range(largeur):
        titre = titres[rang] if rang < len(titres) else ""
        vus = tuple(ligne[rang] for ligne in exemples if rang < len(ligne) and ligne[rang])
        if titre or vus:
            trouvees.append(Colonne(rang, lettre(rang), titre, champs.get(rang, ""), vus[:3]))
    return trouvees


# -- what the columns are --------------------------------------------------------------------------
def choisir_la_feuille(acteur: Any, cle: UUID, rang: int) -> None:
    exiger(acteur, PREPARER)
    with transaction.atomic():
        sujet = modifiable(acteur, cle)
        feuilles = apercu(sujet)["feuilles"]
        if not 0 <= rang < len(feuilles) or feuilles[rang]["titres"] is None:
            raise RepriseRefusee("Cette feuille n’a pas de ligne de titres reconnue.")
        sujet.feuille = rang
        _proposer_les_colonnes(sujet, registre.genre(sujet.genre), feuilles[rang])
        sujet.save()


def utiliser(acteur: Any, cle: UUID, correspondance_id: UUID) -> None:
    """Take a mapping kept under a name."""
    exiger(acteur, PREPARER)
    with transaction.atomic():
        sujet = modifiable(acteur, cle)
        gardee = Correspondance.objects.filter(pk=correspondance_id, genre=sujet.genre).first()
        if gardee is None:
            raise Introuvable
        appliquer(sujet, gardee, titres_de(sujet))
        sujet.save()


def regler(
    acteur: Any, cle: UUID, *, choix: dict[int, str], options: dict[str, Any], garder_sous: str = ""
) -> Passage:
    """Say what each column is, and try: the dry run starts at once. Raises ColonnesRefusees, DejaEnRoute."""
    exiger(acteur, PREPARER)
    with transaction.atomic():
        sujet = modifiable(acteur, cle)
        genre = _genre_permis(acteur, sujet.genre)
        sujet.colonnes = _lire_le_choix(genre, choix, options)
        sujet.options = {**sujet.options, **options}
        if garder_sous.strip():
            _garder(sujet, " ".join(garder_sous.split())[:80])
        return _essayer(acteur, sujet)


def _lire_le_choix(genre: registre.Genre, choix: dict[int, str], options: dict[str, Any]) -> dict[str, int]:
    fautes: dict[str, str] = {}
    lus: dict[str, int] = {}
    connus = {champ.cle: champ for champ in genre.champs}
    for rang, champ in sorted(choix.items()):
        if not champ:
            continue
        if champ not in connus:
            fautes[str(rang)] = "Ce champ n’existe pas."
        elif champ in lus:
            fautes[str(rang)] = (
                f"La colonne {lettre(lus[champ])} est déjà «\u00a0{connus[champ].libelle}\u00a0»\u00a0: "
                "une seule colonne par champ."
            )
        else:
            lus[champ] = rang
    for groupe in genre.requis:
        options_du_groupe = [c.removeprefix("option:") for c in groupe if c.startswith("option:")]
        if not any(c in lus for c in groupe) and not any(options.get(o) for o in options_du_groupe):
            libelle = connus[groupe[0]].libelle
            fautes[groupe[0]] = f"Aucune colonne ne donne «\u00a0{libelle}\u00a0»\u00a0: c’est indispensable."
    if defaut := options.get("accompagne_depuis"):
        try:
            date.fromisoformat(defaut)
        except ValueError:
            fautes["accompagne_depuis"] = "Écrivez la date sous la forme 24/11/2024."
    if fautes:
        raise ColonnesRefusees("Une colonne au moins est à corriger.", champs=fautes)
    return lus


def _garder(sujet: Reprise, nom: str) -> None:
    champs = {rang: champ for champ, rang in sujet.colonnes.items()}
    titres = {normaliser(titre): champs.get(rang, "") for rang, titre in enumerate(titres_de(sujet)) if titre}
    options = {cle: valeur for cle, valeur in sujet.options.items() if not cle.startswith("secteurs")}
    Correspondance.objects.update_or_create(
        genre=sujet.genre, nom=nom, defaults={"titres": titres, "options": options}
    )


def placer_les_secteurs(acteur: Any, cle: UUID, choix: dict[str, str]) -> Passage:
    """``choix``: sorting key of an unknown sector → « creer », « aucun », or the id of one. Tries again."""
    exiger(acteur, PREPARER)
    with transaction.atomic():
        sujet = modifiable(acteur, cle)
        connus = {str(pk) for pk in queries.secteurs().values()} | {"creer", "aucun"}
        if manquent := [nom for nom, voulu in choix.items() if voulu not in connus]:
            raise ColonnesRefusees(
                "Dites pour chaque secteur s’il faut le créer ou le rattacher.",
                champs=dict.fromkeys(manquent, "Choisissez."),
            )
        noms = {cle_de_tri(nom): nom for nom in sujet.secteurs_inconnus}
        if inconnus := choix.keys() - noms.keys():
            raise Introuvable(f"Secteur inconnu\u00a0: {min(inconnus)}.")
        sujet.options = {
            **sujet.options,
            "secteurs": {**sujet.options.get("secteurs", {}), **choix},
            "secteurs_nommes": {**sujet.options.get("secteurs_nommes", {}), **{c: noms[c] for c in choix}},
        }
        return _essayer(acteur, sujet)


def _essayer(acteur: Any, sujet: Reprise) -> Passage:
    document = queries.document(sujet)
    if document is None or (not document.lisible and document.etat != EtatDocument.QUARANTAINE):
        raise DocumentFerme
    if document.etat == EtatDocument.QUARANTAINE:
        raise EnQuarantaine
    sujet.lignes.all().delete()
    sujet.etat, sujet.secteurs_inconnus = EtatReprise.DEPOSEE, []
    sujet.save()
    total = max(0, apercu(sujet)["feuilles"][sujet.feuille]["lignes"] - 1)
    return passages.demander(sujet, GenrePassage.ESSAI, acteur.pk, total=total)


def modifiable(acteur: Any, cle: UUID) -> Reprise:
    """Locked. Raises Introuvable, DejaEnRoute, RepriseRefusee once something of it is imported."""
    sujet = queries.reprises(acteur).select_for_update(of=("self",)).filter(pk=cle).first()
    if sujet is None:
        raise Introuvable
    if sujet.etat not in MODIFIABLES:
        raise RepriseRefusee("Cette reprise est déjà importée ou close\u00a0: elle ne se règle plus.")
    if sujet.passages.filter(etat__in=EN_ROUTE).exists():
        raise DejaEnRoute
    if queries.faites(cle).exists():
        raise RepriseRefusee(
            "Cet import s’est arrêté en chemin\u00a0: reprenez-le ou annulez-le avant de changer quoi que ce soit."
        )
    return sujet

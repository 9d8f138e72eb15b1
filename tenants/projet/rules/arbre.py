"""The guide's decision tree as short questions: what is asked next, or where it ends and why."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tenants.projet.rules import textes
from tenants.projet.rules.eligibilite import Appel, Bilan, Issue, Membre, Seuils, evaluer
from tenants.projet.rules.programmes import Famille, Objet, Programme, Statut, ouverts
from tenants.projet.rules.textes import Texte

Contact = Literal["ars", "grades", "collectif_si", "editeur", "ans"]
PLUSIEURS = "plusieurs"
NOMBRE_MAX = 9999


@dataclass(frozen=True, slots=True)
class Question:
    """``choix`` empty: a number is expected."""

    code: str
    intitule: str
    aide: str = ""
    choix: tuple[tuple[str, str], ...] = ()

    def accepte(self, reponse: str) -> bool:
        if self.choix:
            return reponse in {valeur for valeur, _ in self.choix}
        return reponse.isascii() and reponse.isdigit() and 0 < int(reponse) <= NOMBRE_MAX

    def dire(self, reponse: str) -> str:
        return dict(self.choix).get(reponse, f"{reponse} ESMS")


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    nom: str
    iles: bool


@dataclass(frozen=True, slots=True)
class Cadre:
    """What is true on the day the questions are asked."""

    jour: date
    seuils: Seuils
    programmes: Sequence[Programme]
    regions: Sequence[Region]


@dataclass(frozen=True, slots=True)
class Fin:
    """Where the tree ends. ``reserves``: what the day changes to it."""

    code: str
    titre: str
    phrase: str
    gestes: tuple[str, ...]
    contacts: tuple[Contact, ...]
    textes: tuple[Texte, ...]
    reserves: tuple[str, ...] = ()


EQUIPE = Question(
    "equipe",
    "Avez-vous un logiciel de dossier de l’usager (DUI)\u00a0?",
    "Un DUI que vous voulez remplacer se traite comme un premier équipement.",
    (("oui", "Oui, et nous le gardons"), ("change", "Oui, mais nous voulons en changer"), ("non", "Non")),
)
REFERENCE = Question(
    "referencement",
    "Votre DUI est-il référencé Ségur\u00a0?",
    "La liste publique est sur esante.gouv.fr. Être compatible avec le DMP ne suffit pas.",
    (
        ("reference", "Oui, il est référencé"),
        ("candidat", "Pas encore, mais l’éditeur est candidat"),
        ("non_candidat", "Non, l’éditeur n’est pas candidat"),
        ("inconnu", "Je ne sais pas"),
    ),
)
TERRITOIRE = Question(
    "territoire",
    "Vos structures sont-elles en Corse ou outre-mer\u00a0?",
    "Le seuil n’y est pas le même.",
    (("aucune", "Aucune"), ("partie", "Une partie seulement"), ("toutes", "Toutes")),
)
NOMBRE = Question(
    "nombre",
    "Combien d’ESMS réunissez-vous\u00a0?",
    "Un ESMS compte pour un FINESS géographique, quel que soit l’organisme qui le gère.",
)


def _region(cadre: Cadre) -> Question:
    choix = (*((r.code, r.nom) for r in cadre.regions), (PLUSIEURS, "Plusieurs régions"))
    return Question("region", "Dans quelle région sont vos structures\u00a0?", "", choix)


@dataclass(frozen=True, slots=True)
class Pas:
    """Where somebody stands: what was answered, in order, and what comes now."""

    chemin: tuple[tuple[Question, str], ...]
    suite: Question | Fin


def suivre(reponses: Mapping[str, str], cadre: Cadre) -> Pas:
    """Walk the tree with what was answered; an answer that no longer fits is asked again.

    Source: DGCS, guide d’accompagnement volet numérique de la réforme des SAD, novembre 2023, « Comment bénéficier des
    programmes de financement ? » (both pages).
    """
    chemin: list[tuple[Question, str]] = []
    marche = _marcher(cadre)
    try:
        question = next(marche)
        while question.accepte(reponse := reponses.get(question.code, "")):
            chemin.append((question, reponse))
            question = marche.send(reponse)
    except StopIteration as arrivee:
        return Pas(tuple(chemin), arrivee.value)
    return Pas(tuple(chemin), question)


def _marcher(cadre: Cadre) -> Generator[Question, str, Fin]:
    equipe = yield EQUIPE
    referencement = (yield REFERENCE) if equipe == "oui" else ""
    region = yield _region(cadre)
    if referencement in ("candidat", "inconnu"):
        return _attendre(referencement)
    territoire = _territoire(region, cadre) or (yield TERRITOIRE)
    bilan = _bilan(int((yield NOMBRE)), region, territoire, cadre)
    if referencement == "reference":
        return _mettre_a_niveau(bilan, cadre)
    return _acquerir(bilan, referencement, cadre)


def _territoire(region: str, cadre: Cadre) -> str:
    """Said by the region when there is only one."""
    return next(("toutes" if r.iles else "aucune" for r in cadre.regions if r.code == region), "")


def _bilan(nombre: int, region: str, territoire: str, cadre: Cadre) -> Bilan:
    """The same rule as for a grappe, on members that are only a number so far."""
    iles = {"toutes": nombre, "aucune": 0, "partie": 1}[territoire]
    autre = "autre" if region == PLUSIEURS else region
    membres = [
        Membre(str(rang), autre if rang == 0 else "une" if region == PLUSIEURS else region, rang < iles)
        for rang in range(nombre)
    ]
    return evaluer(membres, cadre.seuils)


def _attendre(referencement: str) -> Fin:
    if referencement == "candidat":
        return Fin(
            "preparer",
            "Préparez le déploiement",
            "Votre logiciel n’est pas encore référencé, mais son éditeur est candidat.",
            (
                "Réfléchissez à votre organisation\u00a0: qui échangera des données de santé, avec quels outils.",
                "Préparez l’acquisition des moyens d’identification électronique\u00a0: contrat avec l’ANS, carte CDE, RPPS.",
                "Demandez à l’éditeur la date de son référencement, et revenez ici.",
            ),
            ("editeur", "grades", "ans"),
            (textes.CANDIDAT, textes.REFERENCEES),
        )
    return Fin(
        "verifier",
        "Vérifiez d’abord le référencement",
        "Sans savoir si votre logiciel est référencé Ségur, aucun financement ne peut être conseillé.",
        (
            "Cherchez votre logiciel, dans sa version exacte, sur la liste publique d’esante.gouv.fr.",
            "Demandez à l’éditeur s’il est référencé ou candidat, et pour quel profil.",
        ),
        ("editeur", "grades"),
        (textes.VERIFIER, textes.REFERENCEES, textes.DMP_SEUL),
    )


def _mettre_a_niveau(bilan: Bilan, cadre: Cadre) -> Fin:
    ouvert = ouverts(cadre.programmes, cadre.jour, Famille.SONS, Objet.MISE_A_NIVEAU)
    usages, reserves = _des_usages(bilan, cadre)
    if ouvert:
        return Fin(
            "commander",
            "Commandez la mise à niveau à votre éditeur",
            f"Votre logiciel est référencé. {ouvert[0].phrase(cadre.jour)}",
            (
                "Prenez contact avec votre éditeur et signez le bon de commande SONS.",
                "Signez le contrat avec l’ANS et commandez les moyens d’identification.",
                *usages,
            ),
            ("editeur", "ans", "ars"),
            (textes.COMMANDER, textes.OPTIONNEL),
            reserves,
        )
    etats = tuple(p.phrase(cadre.jour) for p in cadre.programmes if p.famille == Famille.SONS)
    return Fin(
        "sons_ferme",
        "La prise en charge de la mise à niveau n’est pas ouverte",
        "Votre logiciel est référencé, mais aucun programme SONS ne prend de commande aujourd’hui.",
        (
            "Si un bon de commande a été signé à temps, demandez à votre éditeur où en est l’installation.",
            "Demandez à l’ARS si la vague suivante s’ouvre à votre catégorie d’ESMS.",
            *usages,
        ),
        ("ars", "editeur", "grades"),
        (textes.COMMANDER, textes.OPTIONNEL),
        (*etats, *reserves),
    )


def _des_usages(bilan: Bilan, cadre: Cadre) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The optional part: ESMS numérique for uses, within a grappe."""
    geste = (
        f"Facultatif\u00a0: demandez un financement ESMS numérique pour les usages, en grappe. {bilan.phrase}"
    )
    return (geste,), _reserves(Famille.ESMS_NUMERIQUE, Objet.USAGES, cadre)


def _reserves(famille: Famille, objet: Objet, cadre: Cadre) -> tuple[str, ...]:
    """What the day says of the programmes the tree sends to, when none of them is open."""
    if ouverts(cadre.programmes, cadre.jour, famille, objet):
        return ()
    etats = [p for p in cadre.programmes if p.famille == famille and objet in p.objets]
    dits = tuple(p.phrase(cadre.jour) for p in etats if p.statut(cadre.jour) != Statut.OUVERT)
    return (*dits, "Demandez à l’ARS si un nouvel appel à projet est ouvert ou annoncé.")


def _acquerir(bilan: Bilan, referencement: str, cadre: Cadre) -> Fin:
    premier = textes.NON_CANDIDAT if referencement == "non_candidat" else textes.ACQUISITION
    reserves = _reserves(Famille.ESMS_NUMERIQUE, Objet.ACQUISITION, cadre)
    lus = (premier, *bilan.textes)
    if bilan.issue == Issue.A_ARBITRER:
        gestes: tuple[str, ...] = ("Demandez à l’ARS, par écrit, quel seuil elle applique à votre grappe.",)
        return Fin("arbitrer", "À arbitrer par l’ARS", bilan.phrase, gestes, ("ars", "grades"), lus, reserves)
    if bilan.issue == Issue.MANQUE:
        gestes = (
            "Demandez à l’ARS, au GRADeS et au Collectif SI de votre région quelle grappe peut vous accueillir.",
            "Demandez à votre éditeur s’il accompagne déjà une grappe.",
        )
        contacts: tuple[Contact, ...] = ("ars", "grades", "collectif_si", "editeur")
        return Fin(
            "rattacher", "Rejoignez une grappe existante", bilan.phrase, gestes, contacts, lus, reserves
        )
    gestes = (
        "Choisissez le porteur\u00a0: c’est lui qui gère le financement de la grappe.",
        "Recueillez le consentement daté de chaque structure, puis déposez la liste.",
    )
    lus = (*lus, textes.PORTEUR)
    if bilan.appel == Appel.NATIONAL:
        titre = "Répondez à l’appel à projet national"
        return Fin("national", titre, bilan.phrase, gestes, ("ars", "grades"), lus, reserves)
    titre = "Répondez à l’appel à projet régional de l’ARS"
    return Fin("regional", titre, bilan.phrase, gestes, ("ars", "grades"), lus, reserves)

"""May this ESMS ask this programme for this object, given what it already had? Allowed, forbidden, or the ARS says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenants.projet.rules import textes
from tenants.projet.rules.programmes import Famille, Objet, Programme, Statut
from tenants.projet.rules.textes import Texte


class Verdict(StrEnum):
    AUTORISE = "autorise"
    AVIS_ARS = "avis_ars"
    INTERDIT = "interdit"


class Referencement(StrEnum):
    REFERENCE = "reference"
    CANDIDAT = "candidat"
    NON_CANDIDAT = "non_candidat"
    INCONNU = "inconnu"


class Sens(StrEnum):
    """What somebody entitled decided, on record, about this ESMS and this demand."""

    DEROGATION = "derogation"  # the direction's, motivated: a European funding
    FAVORABLE = "favorable"  # the ARS's
    DEFAVORABLE = "defavorable"


@dataclass(frozen=True, slots=True)
class Demande:
    """``categorie``: of the ESMS in FINESS, "" when unknown."""

    programme: Programme
    objet: str
    jour: date
    referencement: Referencement = Referencement.REFERENCE
    categorie: str = ""


@dataclass(frozen=True, slots=True)
class Financement:
    """What the ESMS already has. ``programme`` is its code, "" outside the programmes we know."""

    famille: Famille
    objet: str
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Avis:
    verdict: Verdict
    phrase: str
    textes: tuple[Texte, ...]


_GRAVITE = {Verdict.AUTORISE: 0, Verdict.AVIS_ARS: 1, Verdict.INTERDIT: 2}
_NATIONAUX = frozenset({Famille.SONS, Famille.ESMS_NUMERIQUE})
_ARBITRER = "À arbitrer par l’ARS : demandez son avis écrit."


def juger(
    demande: Demande,
    deja: Sequence[Financement],
    *,
    categories: Mapping[str, bool],
    decisions: frozenset[Sens] = frozenset(),
) -> tuple[Verdict, tuple[Avis, ...]]:
    """The worst of every rule that speaks, each with its sentence and its text.

    ``categories``: FINESS category → does SONS open to it, from dated data; absent: nobody told us.
    An ARS opinion answers what was left to the ARS, never a rule that forbids; a derogation answers Europe alone.
    """
    avis = [
        *_de_la_demande(demande, categories),
        *(_avec(demande, autre) for autre in deja),
    ]
    tenus = [_decide(a, decisions) for a in avis] or [
        Avis(Verdict.AUTORISE, "Aucun autre financement n’est déclaré pour cet ESMS.", (textes.PORTEUR,))
    ]
    return max((a.verdict for a in tenus), key=_GRAVITE.__getitem__), tuple(tenus)


def _de_la_demande(demande: Demande, categories: Mapping[str, bool]) -> list[Avis]:
    programme, famille = demande.programme, demande.programme.famille
    avis = []
    statut = programme.statut(demande.jour)
    if statut in (Statut.CLOS, Statut.INSTALLATION):
        avis.append(Avis(Verdict.INTERDIT, programme.phrase(demande.jour), (_dates(programme),)))
    elif statut != Statut.OUVERT:
        phrase = f"{programme.phrase(demande.jour)} {_ARBITRER}"
        avis.append(Avis(Verdict.AVIS_ARS, phrase, (_dates(programme),)))
    if famille == Famille.SONS and demande.objet == Objet.FORMATION:
        avis.append(
            Avis(
                Verdict.INTERDIT,
                "SONS ne finance pas la formation seule\u00a0: elle accompagne la mise à jour du DUI.",
                (textes.PAS_QUE_FORMER,),
            )
        )
    elif famille in _NATIONAUX and demande.objet not in programme.objets:
        phrase = f"{programme.nom} ne dit rien de cet objet. {_ARBITRER}"
        avis.append(Avis(Verdict.AVIS_ARS, phrase, (textes.INCONNU,)))
    if famille in _NATIONAUX:
        avis += _solution(demande.referencement)
    if famille == Famille.SONS:
        avis += _categorie(demande.categorie, categories)
    return avis


def _dates(programme: Programme) -> Texte:
    return Texte("programme", programme.citation or "Aucune date lue.", programme.source)


def _solution(referencement: Referencement) -> list[Avis]:
    if referencement == Referencement.REFERENCE:
        return []
    if referencement == Referencement.INCONNU:
        phrase = "On ne sait pas si la solution est référencée Ségur\u00a0: vérifiez la liste publique, puis l’ARS."
        return [Avis(Verdict.AVIS_ARS, phrase, (textes.REFERENCEES, textes.VERIFIER))]
    phrase = "La solution n’est pas référencée Ségur\u00a0: être compatible avec le DMP ne suffit pas."
    return [Avis(Verdict.INTERDIT, phrase, (textes.REFERENCEES, textes.DMP_SEUL))]


def _categorie(categorie: str, categories: Mapping[str, bool]) -> list[Avis]:
    ouverte = categories.get(categorie)
    if ouverte:
        return []
    if ouverte is None:
        phrase = f"La catégorie FINESS de cet ESMS n’est pas dans notre table. {_ARBITRER}"
        return [Avis(Verdict.AVIS_ARS, phrase, (textes.PREMIER_FINANCEMENT,))]
    phrase = "SONS n’est pas ouvert à cette catégorie FINESS."
    return [Avis(Verdict.INTERDIT, phrase, (textes.PREMIER_FINANCEMENT,))]


def _avec(demande: Demande, autre: Financement) -> Avis:
    """One funding already there, against the one asked."""
    voulue = demande.programme.famille
    paire = {voulue, autre.famille}
    if Famille.EUROPEEN in paire and paire & _NATIONAUX:
        return Avis(
            Verdict.INTERDIT,
            "Un financement européen du numérique ne se cumule pas avec ESMS numérique ni avec SONS.",
            (textes.EUROPEEN,),
        )
    if paire == _NATIONAUX:
        return _esms_et_sons(demande, autre)
    if autre.famille == Famille.AUTRE and voulue == Famille.SONS:
        return Avis(
            Verdict.AUTORISE,
            "SONS est ouvert quel que soit le premier financement du DUI.",
            (textes.PREMIER_FINANCEMENT,),
        )
    if voulue == autre.famille and voulue in _NATIONAUX and demande.objet == autre.objet:
        phrase = f"Cet ESMS a déjà reçu un financement pour le même objet. {_ARBITRER}"
        return Avis(Verdict.AVIS_ARS, phrase, (textes.STRICT,))
    return Avis(Verdict.AVIS_ARS, f"Les textes ne prévoient pas ce cumul. {_ARBITRER}", (textes.INCONNU,))


def _esms_et_sons(demande: Demande, autre: Financement) -> Avis:
    objets = {demande.programme.famille: demande.objet, autre.famille: autre.objet}
    mise_a_niveau = objets[Famille.SONS] == Objet.MISE_A_NIVEAU
    usages = objets[Famille.ESMS_NUMERIQUE] == Objet.USAGES
    code_sons = demande.programme.code if demande.programme.famille == Famille.SONS else autre.programme
    if mise_a_niveau and usages and code_sons == "sons-v1":
        return Avis(
            Verdict.AUTORISE,
            "SONS vague 1 paie la mise à niveau, ESMS numérique peut soutenir les usages\u00a0: c’est permis, et facultatif.",
            (textes.OPTIONNEL,),
        )
    phrase = f"Le cumul d’ESMS numérique et de SONS est strict. {_ARBITRER}"
    return Avis(Verdict.AVIS_ARS, phrase, (textes.STRICT,))


def _decide(avis: Avis, decisions: frozenset[Sens]) -> Avis:
    if textes.EUROPEEN in avis.textes and Sens.DEROGATION in decisions:
        phrase = (
            f"{avis.phrase} La direction a décidé de passer outre, par une décision motivée et enregistrée."
        )
        return Avis(Verdict.AUTORISE, phrase, avis.textes)
    if avis.verdict != Verdict.AVIS_ARS:
        return avis
    if Sens.DEFAVORABLE in decisions:
        return Avis(Verdict.INTERDIT, f"{avis.phrase} L’ARS a rendu un avis défavorable.", avis.textes)
    if Sens.FAVORABLE in decisions:
        return Avis(Verdict.AUTORISE, f"{avis.phrase} L’ARS a rendu un avis favorable.", avis.textes)
    return avis

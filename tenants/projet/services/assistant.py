"""The assistant: one question after the other, an end that is kept with the day and the rules it quoted."""

from typing import Any
from uuid import UUID

from django.db import transaction

from plateforme.core.clock import now, today
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import exiger
from tenants.models import Grappe
from tenants.projet import queries
from tenants.projet.models import GenreContact, ParcoursAssistant, Programme
from tenants.projet.rules.arbre import PLUSIEURS, Fin, Pas, Question, suivre
from tenants.projet.services.acteur import ProjetRefuse

Chemin = tuple[tuple[Question, str], ...]
SUIVRE = "projet.assistant.suivre"
_EDITEUR = "Votre éditeur de DUI : coordonnées de votre contrat."
_ANS = "Agence du numérique en santé\u00a0: esante.gouv.fr, rubrique des établissements."


def commencer(acteur: Any) -> ParcoursAssistant:
    exiger(acteur, SUIVRE)
    grappe = Grappe.objects.filter(pk=acteur.grappe_id).first() if acteur.grappe_id else None
    return ParcoursAssistant.objects.create(grappe=grappe, auteur_id=acteur.pk)


def le_sien(acteur: Any, parcours_id: UUID) -> ParcoursAssistant:
    """One's own way, or one of the grappe one carries. Raises Introuvable."""
    exiger(acteur, SUIVRE)
    ligne = ParcoursAssistant.objects.filter(pk=parcours_id).first()
    if ligne is None or not (
        ligne.auteur_id == acteur.pk or (ligne.grappe_id and ligne.grappe_id == acteur.grappe_id)
    ):
        raise Introuvable("Ce parcours n’existe pas.")
    return ligne


def pas(parcours: ParcoursAssistant) -> Pas:
    """What was answered and what is asked now, on the day of today."""
    return suivre(parcours.reponses, queries.cadre(today()))


def repondre(acteur: Any, parcours_id: UUID, code: str, reponse: str) -> ParcoursAssistant:
    """Keep an answer to the question asked; the last one closes the way and keeps its end. Raises ProjetRefuse."""
    le_sien(acteur, parcours_id)
    with transaction.atomic():
        parcours = ParcoursAssistant.objects.select_for_update().get(pk=parcours_id)
        _exiger_ouvert(parcours)
        question = pas(parcours).suite
        if isinstance(question, Fin) or question.code != code:
            return parcours  # the page was old: it shows the question of now
        reponse = reponse.strip()
        if not question.accepte(reponse):
            conseil = (
                "Choisissez une réponse." if question.choix else "Écrivez un nombre entier, à partir de 1."
            )
            raise ProjetRefuse(conseil, champs={"reponse": conseil})
        parcours.reponses = {**parcours.reponses, code: reponse}
        fini = pas(parcours)
        if isinstance(fini.suite, Fin):
            parcours.termine_a, parcours.resultat = now(), _figer(fini.suite, fini.chemin)
        parcours.save()
    return parcours


def revenir(acteur: Any, parcours_id: UUID) -> ParcoursAssistant:
    """Forget the last answer."""
    le_sien(acteur, parcours_id)
    with transaction.atomic():
        parcours = ParcoursAssistant.objects.select_for_update().get(pk=parcours_id)
        _exiger_ouvert(parcours)
        # JSON columns do not keep their order: the tree's own order says which came last.
        gardees = pas(parcours).chemin[:-1]
        parcours.reponses = {question.code: reponse for question, reponse in gardees}
        parcours.save()
    return parcours


def _exiger_ouvert(parcours: ParcoursAssistant) -> None:
    if parcours.termine_a is not None:
        raise ProjetRefuse(
            "Ce parcours est terminé\u00a0: ses réponses ne changent plus. Recommencez-en un autre."
        )


def _figer(fin: Fin, chemin: Chemin) -> dict[str, Any]:
    """The end as plain data: what the page and the paper show, even after the rules or the directory changed."""
    region = {q.code: r for q, r in chemin}.get("region", "")
    return {
        "code": fin.code,
        "titre": fin.titre,
        "phrase": fin.phrase,
        "gestes": list(fin.gestes),
        "reserves": list(fin.reserves),
        "jour": today().isoformat(),
        "chemin": [{"question": q.intitule, "reponse": q.dire(r)} for q, r in chemin],
        "programmes": _programmes(),
        "textes": [{"citation": t.citation, "source": t.source} for t in fin.textes],
        "contacts": _contacts(fin.contacts, region),
    }


def _programmes() -> list[dict[str, str]]:
    """Every programme as it stands today: the answer is worth nothing without its date."""
    regles = [queries.en_regle(p) for p in Programme.objects.all()]
    return [{"phrase": r.phrase(today()), "source": r.source} for r in regles]


def _contacts(genres: tuple[str, ...], region: str) -> list[dict[str, str]]:
    lignes = [
        {
            "qui": c.get_genre_display(),
            "nom": c.organisme or "à confirmer",
            "ou": c.site,
            "courriel": c.courriel,
            "telephone": c.telephone,
            "etat": "à confirmer" if c.a_confirmer(today()) else f"vérifié le {c.verifie_le:%d/%m/%Y}",
        }
        for c in (queries.annuaire([region]) if region != PLUSIEURS else [])
        if c.genre in genres
    ]
    if region == PLUSIEURS:
        lignes = [
            {
                "qui": GenreContact(g).label,
                "nom": "Celui de la région du porteur\u00a0: voir l’annuaire régional.",
                "etat": "",
            }
            for g in genres
            if g in GenreContact.values
        ]
    if "editeur" in genres:
        lignes.append({"qui": "Éditeur", "nom": _EDITEUR, "etat": ""})
    if "ans" in genres:
        lignes.append({"qui": "ANS", "nom": _ANS, "etat": ""})
    return lignes

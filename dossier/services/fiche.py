"""What a person's file may hold: fields typed by people, normalised and checked together."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models

from dossier.models import Civilite, Secteur, Usager
from dossier.queries import usagers_en_sante
from dossier.rules import est_un_code_postal, fautes_de_dates, telephone_compact
from dossier.services.errors import FicheRefusee
from plateforme.core.clock import today
from plateforme.habilitations.decision import peut
from plateforme.habilitations.roles import SOINS

CHAMPS = (
    "civilite", "nom_naissance", "nom_usage", "prenoms", "ne_le", "secteur_id", "adresse", "code_postal", "commune",
    "telephone", "gir", "vit_seul", "acces_logement", "medecin", "medecin_telephone", "accompagne_depuis",
)  # fmt: skip
OBLIGATOIRES = {
    "civilite": "Choisissez une civilité.",
    "nom_naissance": "Écrivez le nom de naissance.",
    "prenoms": "Écrivez au moins un prénom.",
    "ne_le": "Écrivez la date de naissance.",
    "accompagne_depuis": "Écrivez la date de début de l’accompagnement.",
}
TELEPHONE_FAUX = "Ce numéro n’est pas complet\u00a0: dix chiffres, par exemple 02 61 91 12 34."


def appliquer(acteur: Any, ligne: Usager, champs: Mapping[str, Any]) -> None:
    """Write ``champs`` on ``ligne``, not saved. What is absent stays.

    Raises: FicheRefusee with a sentence per field; KeyError for a field that is not one of CHAMPS.
    """
    fautes: dict[str, str] = {}
    for champ, brut in champs.items():
        if champ not in CHAMPS:
            raise KeyError(champ)
        setattr(ligne, champ, _propre(champ, brut, fautes))
    for champ, phrase in OBLIGATOIRES.items():
        if not getattr(ligne, champ):
            fautes.setdefault(champ, phrase)
    _verifier(acteur, ligne, champs, fautes)
    if fautes:
        raise FicheRefusee(fautes)


def _propre(champ: str, brut: Any, fautes: dict[str, str]) -> Any:
    if not isinstance(brut, str):
        return brut
    texte = " ".join(brut.split())
    modele = Usager._meta.get_field(champ)
    if isinstance(modele, models.CharField) and modele.max_length and len(texte) > modele.max_length:
        fautes[champ] = f"{modele.max_length} caractères au plus."
    if champ in ("telephone", "medecin_telephone") and texte:
        compact = telephone_compact(texte)
        if compact is None:
            fautes[champ] = TELEPHONE_FAUX
        return compact or texte
    if champ == "code_postal" and texte and not est_un_code_postal(texte):
        fautes[champ] = "Le code postal compte cinq chiffres."
    return texte


def _verifier(acteur: Any, ligne: Usager, champs: Mapping[str, Any], fautes: dict[str, str]) -> None:
    if "civilite" not in fautes and ligne.civilite not in Civilite.values:
        fautes["civilite"] = OBLIGATOIRES["civilite"]
    if champs.get("gir") is not None:
        if not _lit_la_sante(acteur, ligne):
            fautes["gir"] = "Le GIR est une donnée de santé\u00a0: l’infirmier coordinateur le saisit."
        elif ligne.gir not in range(1, 7):
            fautes["gir"] = "Le GIR va de 1 à 6."
    if ligne.secteur_id is not None and "secteur_id" in champs and not _secteur_existe(ligne.secteur_id):
        fautes["secteur_id"] = "Ce secteur n’existe pas dans votre structure."
    if not {"ne_le", "accompagne_depuis"} & fautes.keys():
        dates = fautes_de_dates(
            ne_le=ligne.ne_le,
            accompagne_depuis=ligne.accompagne_depuis,
            sorti_le=ligne.sorti_le,
            jour=today(),
        )
        fautes |= {champ: phrase for champ, phrase in dates.items() if champ not in fautes}


def _lit_la_sante(acteur: Any, ligne: Usager) -> bool:
    """Of this very person; at admission nobody is on the case yet, the function alone decides."""
    if ligne._state.adding:
        return acteur.role in SOINS and peut(acteur, "dossier.sante.voir")
    return usagers_en_sante(acteur).filter(pk=ligne.pk).exists()


def _secteur_existe(secteur_id: UUID) -> bool:
    return Secteur.objects.filter(pk=secteur_id).exists()

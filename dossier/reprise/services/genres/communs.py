"""What kinds share: sectors by name, the usager a line hangs on, what has been hung on a record since."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from dossier.queries import usagers_visibles
from dossier.reprise.registre import Cadre, Champ, Lue
from dossier.reprise.rules.cellules import NBSP, texte_de
from dossier.services.usagers import HORS_DE_MES_SECTEURS
from plateforme.core.tri import cle_de_tri

REFERENCE = Champ(
    "reference",
    "Référence dans l’ancien logiciel",
    ("reference", "ref", "code", "id", "identifiant", "numero de dossier", "n dossier", "code client", "matricule interne"),
    texte_de(80),
)  # fmt: skip
SECTEUR = Champ("secteur", "Secteur", ("secteur", "zone", "tournee", "antenne", "agence"), texte_de(80))
USAGER = Champ(
    "usager",
    "Référence de l’usager",
    ("reference usager", "ref usager", "code usager", "id usager", "code client", "numero de dossier", "n dossier",
     "reference", "code beneficiaire", "ref beneficiaire", "id beneficiaire"),
    texte_de(80),
)  # fmt: skip


def placer_dans_un_secteur(lues: Iterable[Lue], cadre: Cadre, *, exige: bool) -> None:
    """Name → id, by what exists and what was decided. ``exige``: nobody files somebody away from themselves."""
    choisis = cadre.options.get("secteurs", {})
    for lue in lues:
        nom = lue.valeurs.pop("secteur", "") or ""
        cle = cle_de_tri(nom)
        voulu = choisis.get(cle, "")
        if cle and cle not in cadre.secteurs and not voulu:
            lue.valeurs["secteur_inconnu"] = nom
            lue.fautes["secteur"] = (
                f"Le secteur «{NBSP}{nom}{NBSP}» n’existe pas{NBSP}: créez-le ou rattachez-le, au-dessus du rapport."
            )
            continue
        secteur = cadre.secteurs.get(cle) or (UUID(voulu) if _est_un_id(voulu) else None)
        if exige and cadre.permis is not None and secteur not in cadre.permis:
            lue.fautes["secteur"] = HORS_DE_MES_SECTEURS
        lue.valeurs["secteur_id"] = secteur
        if cle and secteur is None and voulu == "creer":
            lue.valeurs["secteur_nouveau"] = nom


def _est_un_id(texte: str) -> bool:
    return len(texte) == 36


def secteur_de(lue: Lue, cadre: Cadre) -> UUID | None:
    """At the import: a sector to be made has been made."""
    nouveau = lue.valeurs.get("secteur_nouveau")
    return cadre.secteurs[cle_de_tri(nouveau)] if nouveau else lue.valeurs.get("secteur_id")


def rattacher_a_un_usager(lues: Sequence[Lue], cadre: Cadre) -> None:
    """By the reference of the former software, among the dossiers open to who takes over."""
    references = [str(lue.valeurs.get("usager") or "") for lue in lues]
    trouves = cadre.retrouver("usagers", [r for r in references if r])
    ouverts = set(usagers_visibles(cadre.acteur).filter(pk__in=trouves.values()).values_list("pk", flat=True))
    for lue, reference in zip(lues, references, strict=True):
        lue.objet = trouves.get(reference)
        if not reference:
            lue.fautes["usager"] = "Il manque la référence de l’usager."
        elif lue.objet not in ouverts:
            lue.objet = None
            lue.fautes["usager"] = (
                f"Aucun usager repris ne porte la référence «{NBSP}{reference}{NBSP}»{NBSP}: "
                "reprenez d’abord le fichier des usagers."
            )


def exiger(lue: Lue, champ: str, phrase: str) -> None:
    if lue.valeurs.get(champ) in (None, "") and champ not in lue.fautes:
        lue.fautes[champ] = phrase


def rattachees(
    modele: type[models.Model], ids: Sequence[UUID], *, sauf: type[models.Model] | None = None
) -> dict[UUID, str]:
    """Records of ``modele`` that another row points to, and how many of which kind: whatever domain it comes from."""
    trouvees: dict[UUID, list[str]] = {}
    for relation in modele._meta.related_objects:
        autre: Any = relation.related_model
        if autre is sauf:
            continue
        comptes = (
            autre._base_manager.filter(**{f"{relation.field.name}__in": list(ids)})
            .order_by()
            .values_list(f"{relation.field.name}_id")
            .annotate(n=models.Count("pk"))
        )
        for cle, nombre in comptes:
            nom = autre._meta.verbose_name
            trouvees.setdefault(cle, []).append(f"{nom}{f' ({nombre})' if nombre > 1 else ''}")
    return {cle: ", ".join(sorted(noms)) for cle, noms in trouvees.items()}

"""The people around: each finds its usager by the reference of the former software."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.urls import reverse

from dossier.models import Proche
from dossier.queries import usagers_visibles
from dossier.reprise.registre import Cadre, Champ, Cree, Genre, Lue, Traits
from dossier.reprise.rules import cellules
from dossier.reprise.services.genres.communs import USAGER, exiger, rattacher_a_un_usager
from plateforme.core.tri import cle_de_tri

DEJA_DE_CONFIANCE = (
    "Cette personne a déjà une personne de confiance\u00a0: "
    "mettez «\u00a0non\u00a0», ou changez-la dans son dossier."
)


class Proches(Genre):
    cle = "proches"
    libelle = "Entourage"
    un = "proche"
    icone = "contact-round"
    ordre = 20
    action = "dossier.usager.modifier"
    modele = Proche
    champs = (
        USAGER,
        Champ(
            "nom",
            "Nom",
            ("nom du proche", "nom contact", "nom complet", "contact", "nom prenom", "nom et prenom"),
            cellules.texte_de(100),
        ),
        Champ("prenom", "Prénom", ("prenom du proche", "prenom contact"), cellules.texte_de(49)),
        Champ("lien", "Lien", ("lien de parente", "parente", "qualite", "relation"), cellules.texte_de(60)),
        Champ(
            "telephone",
            "Téléphone",
            ("tel", "portable", "mobile", "telephone contact"),
            cellules.lire_telephone,
        ),
        Champ(
            "personne_de_confiance",
            "Personne de confiance",
            ("pers confiance", "confiance", "pdc"),
            cellules.lire_oui_non,
        ),
    )
    requis = (("usager",), ("nom",), ("lien",))
    completables = ("telephone",)
    avec_reference = False

    def verifier(self, lues: list[Lue], cadre: Cadre) -> None:
        rattacher_a_un_usager(lues, cadre)
        confies = set(
            Proche.objects.filter(
                usager_id__in=[lue.objet for lue in lues if lue.objet], personne_de_confiance=True
            ).values_list("usager_id", flat=True)
        )
        for lue in lues:
            exiger(lue, "nom", "Écrivez le nom de cette personne.")
            exiger(lue, "lien", "Dites le lien, par exemple «\u00a0fille\u00a0» ou «\u00a0voisine\u00a0».")
            if lue.valeurs.get("personne_de_confiance") and lue.objet:
                if lue.objet in confies:
                    lue.fautes["personne_de_confiance"] = DEJA_DE_CONFIANCE
                confies.add(lue.objet)

    def traits(self, lue: Lue) -> Traits:
        return Traits(f"{lue.objet}|{cle_de_tri(_nom(lue))}")

    def existants(self, lues: list[Lue], cadre: Cadre) -> dict[int, tuple[str, UUID]]:
        connus: dict[tuple[Any, str], UUID] = {
            (usager, cle_de_tri(nom)): cle
            for cle, usager, nom in Proche.objects.filter(
                usager_id__in={lue.objet for lue in lues}
            ).values_list("pk", "usager_id", "nom_complet")
        }
        trouves = {lue.numero: connus.get((lue.objet, cle_de_tri(_nom(lue)))) for lue in lues}
        return {numero: ("strict", cle) for numero, cle in trouves.items() if cle is not None}

    def creer(self, lues: list[Lue], cadre: Cadre) -> list[Cree]:
        usagers = {lue.objet for lue in lues if lue.objet}
        siens = Proche.objects.filter(usager_id__in=usagers)
        derniers: dict[UUID, int] = defaultdict(int) | dict(
            siens.order_by().values_list("usager_id").annotate(n=Max("ordre"))
        )
        confies = set(siens.filter(personne_de_confiance=True).values_list("usager_id", flat=True))
        objets = []
        for lue in lues:
            assert lue.objet is not None
            confiance = bool(lue.valeurs.get("personne_de_confiance"))
            if confiance and lue.objet in confies:
                lue.fautes["personne_de_confiance"] = DEJA_DE_CONFIANCE
                continue
            if confiance:
                confies.add(lue.objet)
            derniers[lue.objet] += 1
            objets.append(
                Proche(
                    usager_id=lue.objet, nom_complet=_nom(lue), lien=lue.valeurs["lien"],
                    telephone=lue.valeurs.get("telephone") or "", ordre=min(derniers[lue.objet], 32767),
                    personne_de_confiance=confiance,
                )
            )  # fmt: skip
        Proche.objects.bulk_create(objets)
        return [Cree(objet.pk, objet.usager_id, objet.modifie_a) for objet in objets]

    def completer(self, objet_id: UUID, lue: Lue, cadre: Cadre) -> tuple[Cree, list[str]] | None:
        proche = (
            Proche.objects.select_for_update(of=("self",))
            .filter(pk=objet_id, usager__in=usagers_visibles(cadre.acteur))
            .first()
        )
        if proche is None:
            return None
        faits = self.remplir(proche, lue.valeurs)
        return Cree(proche.pk, proche.usager_id, proche.modifie_a), faits

    def visibles(self, acteur: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
        lignes = Proche.objects.filter(pk__in=list(ids), usager__in=usagers_visibles(acteur))
        return {proche.pk: proche for proche in lignes.select_related("usager")}

    def nommer(self, fiche: Any) -> str:
        return f"{fiche}, auprès de {fiche.usager.nom_court}"

    def adresse(self, fiche: Any) -> str:
        return reverse("usager_entourage", args=[fiche.usager_id])

    def relire(self, fiche: Any) -> dict[str, str]:
        return {
            "usager": fiche.usager.nom_complet,
            "nom": fiche.nom_complet,
            "lien": fiche.lien,
            "telephone": fiche.telephone,
            "personne_de_confiance": "oui" if fiche.personne_de_confiance else "non",
        }


def _nom(lue: Lue) -> str:
    return f"{lue.valeurs.get('prenom') or ''} {lue.valeurs['nom']}".strip()

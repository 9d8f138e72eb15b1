"""What pays for the help: each notified plan finds its usager by the reference of the former software."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dossier.models import NaturePriseEnCharge as Nature
from dossier.models import PriseEnCharge
from dossier.queries import usagers_visibles
from dossier.reprise.registre import Cadre, Champ, Cree, Genre, Lue, Traits
from dossier.reprise.rules import cellules
from dossier.reprise.services.genres.communs import USAGER, exiger, rattacher_a_un_usager
from plateforme.core.tri import cle_de_tri

# Whole words, as they come: the first that is found says the nature.
_MOTS = {
    Nature.APA.value: ("apa", "allocation personnalisee"),
    Nature.PCH.value: ("pch", "compensation", "actp", "mtp"),
    Nature.AIDE_SOCIALE.value: ("aide sociale", "aide menagere departementale", "amad"),
    Nature.SOINS.value: ("soins", "ssiad", "assurance maladie", "cpam", "amo"),
    Nature.CAISSE.value: ("carsat", "cnav", "msa", "cnracl", "caisse", "retraite", "oscar", "agirc", "cram", "ssi", "rsi"),
    Nature.MUTUELLE.value: ("mutuelle", "assurance", "prevoyance"),
    Nature.PERSONNE.value: ("plein tarif", "prive", "particulier", "sans", "payant", "personnel", "autofinancement"),
    Nature.AUTRE.value: ("autre", "divers"),
}  # fmt: skip


class Prises(Genre):
    cle = "prises"
    libelle = "Prises en charge"
    un = "prise en charge"
    icone = "wallet"
    ordre = 30
    action = "dossier.usager.modifier"
    modele = PriseEnCharge
    champs = (
        USAGER,
        Champ(
            "nature",
            "Nature",
            ("type", "type de prise en charge", "aide", "dispositif", "type d aide"),
            cellules.choix_de(
                _MOTS, "une nature", "APA, PCH, aide sociale, CARSAT, mutuelle, soins ou plein tarif"
            ),
        ),
        Champ(
            "financeur",
            "Financeur",
            ("organisme", "payeur", "caisse", "financeur principal"),
            cellules.texte_de(150),
        ),
        Champ(
            "numero",
            "Numéro de la notification",
            (
                "n notification",
                "numero notification",
                "notification",
                "n pec",
                "numero pec",
                "numero de decision",
            ),
            cellules.texte_de(60),
        ),
        Champ(
            "minutes_mois",
            "Volume par mois",
            ("heures", "nb heures", "heures mois", "volume", "volume horaire", "heures accordees", "quota"),
            cellules.lire_minutes,
        ),
        Champ(
            "du",
            "Du",
            ("date debut", "debut", "date de debut", "valable du", "a partir du"),
            cellules.lire_date,
        ),
        Champ(
            "au", "Au", ("date fin", "fin", "date de fin", "valable jusqu au", "echeance"), cellules.lire_date
        ),
    )
    requis = (("usager",), ("nature",), ("du",))
    completables = ("financeur", "numero", "minutes_mois", "au")
    avec_reference = False

    def verifier(self, lues: list[Lue], cadre: Cadre) -> None:
        rattacher_a_un_usager(lues, cadre)
        for lue in lues:
            exiger(lue, "nature", "Dites la nature de la prise en charge.")
            exiger(lue, "du", "Écrivez la date de début.")
            du, au = lue.valeurs.get("du"), lue.valeurs.get("au")
            if du and au and au < du:
                lue.fautes["au"] = f"La fin ({au:%d/%m/%Y}) précède le début ({du:%d/%m/%Y})."

    def traits(self, lue: Lue) -> Traits:
        v = lue.valeurs
        return Traits(f"{lue.objet}|{v['nature']}|{v['du']}|{cle_de_tri(v.get('numero') or '')}")

    def existants(self, lues: list[Lue], cadre: Cadre) -> dict[int, tuple[str, UUID]]:
        connues: dict[tuple[Any, str, Any], UUID] = {
            (usager, nature, du): cle
            for cle, usager, nature, du in PriseEnCharge.objects.filter(
                usager_id__in={lue.objet for lue in lues}
            ).values_list("pk", "usager_id", "nature", "du")
        }
        trouves = {
            lue.numero: connues.get((lue.objet, lue.valeurs["nature"], lue.valeurs["du"])) for lue in lues
        }
        return {numero: ("strict", cle) for numero, cle in trouves.items() if cle is not None}

    def creer(self, lues: list[Lue], cadre: Cadre) -> list[Cree]:
        objets = [
            PriseEnCharge(
                usager_id=_usager(lue), nature=v["nature"], financeur=v.get("financeur") or "", numero=v.get("numero") or "",
                minutes_mois=v.get("minutes_mois"), du=v["du"], au=v.get("au"),
            )
            for lue in lues
            for v in (lue.valeurs,)
        ]  # fmt: skip
        PriseEnCharge.objects.bulk_create(objets)
        return [Cree(objet.pk, objet.usager_id, objet.modifie_a) for objet in objets]

    def completer(self, objet_id: UUID, lue: Lue, cadre: Cadre) -> tuple[Cree, list[str]] | None:
        prise = (
            PriseEnCharge.objects.select_for_update(of=("self",))
            .filter(pk=objet_id, usager__in=usagers_visibles(cadre.acteur))
            .first()
        )
        if prise is None:
            return None
        faits = self.remplir(prise, lue.valeurs)
        return Cree(prise.pk, prise.usager_id, prise.modifie_a), faits

    def visibles(self, acteur: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
        lignes = PriseEnCharge.objects.filter(pk__in=list(ids), usager__in=usagers_visibles(acteur))
        return {prise.pk: prise for prise in lignes.select_related("usager")}

    def nommer(self, fiche: Any) -> str:
        return f"{fiche}, {fiche.usager.nom_complet}, depuis le {fiche.du:%d/%m/%Y}"

    def relire(self, fiche: Any) -> dict[str, str]:
        minutes = fiche.minutes_mois
        return {
            "usager": fiche.usager.nom_complet,
            "nature": fiche.get_nature_display(),
            "financeur": fiche.financeur,
            "numero": fiche.numero,
            "minutes_mois": f"{minutes // 60}h{minutes % 60:02d}" if minutes is not None else "",
            "du": f"{fiche.du:%d/%m/%Y}",
            "au": f"{fiche.au:%d/%m/%Y}" if fiche.au else "",
        }


def _usager(lue: Lue) -> UUID:
    assert lue.objet is not None
    return lue.objet

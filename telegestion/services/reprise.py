"""Intervenants taken over from another software: without an account, to be planned from now on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from dossier.reprise.registre import Cadre, Champ, Cree, Genre, Lue, Traits, inscrire_genre
from dossier.reprise.rules import cellules
from dossier.reprise.services.genres.communs import (
    REFERENCE,
    SECTEUR,
    exiger,
    placer_dans_un_secteur,
    rattachees,
    secteur_de,
)
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import peut
from telegestion.models import Intervenant, Metier

_MOTS = {
    Metier.AIDE_SOIGNANT.value: ("aide soignant", "aide soignante", "as"),
    Metier.INFIRMIER.value: ("infirmier", "infirmiere", "ide"),
    Metier.AUXILIAIRE.value: ("auxiliaire", "avs", "aes", "deavs", "deaes"),
    Metier.AIDE.value: ("aide", "employe", "employee", "agent", "ad", "intervenant", "intervenante"),
}


class Intervenants(Genre):
    cle = "intervenants"
    libelle = "Intervenants"
    un = "intervenant"
    icone = "id-card"
    ordre = 40
    action = "telegestion.intervenant.creer"
    modele = Intervenant
    champs = (
        REFERENCE,
        Champ(
            "nom_prenom",
            "Nom et prénom ensemble",
            ("nom prenom", "nom et prenom", "salarie", "intervenant", "nom complet"),
            cellules.lire_nom_complet,
        ),
        Champ("nom", "Nom", ("nom de famille", "nom usage", "nom salarie"), cellules.texte_de(100)),
        Champ("prenom", "Prénom", ("prenom salarie", "prenoms"), cellules.texte_de(100)),
        Champ(
            "metier",
            "Métier",
            ("fonction", "emploi", "qualification", "poste", "diplome"),
            cellules.choix_de(
                _MOTS, "un métier", "aide à domicile, auxiliaire de vie, aide-soignant ou infirmier"
            ),
        ),
        Champ("telephone", "Téléphone", ("tel", "portable", "mobile", "tel pro"), cellules.lire_telephone),
        SECTEUR,
        Champ(
            "minutes_semaine",
            "Heures par semaine",
            ("heures semaine", "temps de travail", "contrat", "heures hebdo", "duree hebdomadaire"),
            cellules.lire_minutes,
        ),
    )
    requis = (("nom", "nom_prenom"), ("prenom", "nom_prenom"), ("metier",))
    completables = ("telephone", "secteur_id")

    def verifier(self, lues: list[Lue], cadre: Cadre) -> None:
        placer_dans_un_secteur(lues, cadre, exige=False)
        for lue in lues:
            ensemble = lue.valeurs.pop("nom_prenom", None) or {}
            lus = {
                "nom": ensemble.get("nom_usage") or ensemble.get("nom_naissance"),
                "prenom": ensemble.get("prenoms"),
            }
            for champ, valeur in lus.items():
                lue.valeurs[champ] = lue.valeurs.get(champ) or valeur
                if "nom_prenom" not in lue.fautes:
                    exiger(lue, champ, f"Écrivez le {'nom' if champ == 'nom' else 'prénom'}.")
            exiger(lue, "metier", "Dites le métier.")
            minutes = lue.valeurs.get("minutes_semaine")
            if minutes is not None and not 0 < minutes <= 48 * 60:
                lue.fautes["minutes_semaine"] = "Le contrat va de 1 à 48 heures par semaine."

    def traits(self, lue: Lue) -> Traits:
        nom = cle_de_tri(lue.valeurs["nom"], lue.valeurs["prenom"])
        telephone = lue.valeurs.get("telephone")
        return Traits(f"{nom}|{telephone}" if telephone else "", nom)

    def existants(self, lues: list[Lue], cadre: Cadre) -> dict[int, tuple[str, UUID]]:
        cles = {lue.numero: cle_de_tri(lue.valeurs["nom"], lue.valeurs["prenom"]) for lue in lues}
        connus = {i.cle_tri: i for i in Intervenant.objects.filter(cle_tri__in=set(cles.values()))}
        trouves = {}
        for lue in lues:
            connu = connus.get(cles[lue.numero])
            if connu is not None:
                telephone = lue.valeurs.get("telephone")
                nature = "strict" if telephone and telephone == connu.telephone else "proche"
                trouves[lue.numero] = (nature, connu.pk)
        return trouves

    def creer(self, lues: list[Lue], cadre: Cadre) -> list[Cree]:
        objets = [
            Intervenant(
                nom=v["nom"], prenom=v["prenom"], cle_tri=cle_de_tri(v["nom"], v["prenom"]), metier=v["metier"],
                telephone=v.get("telephone") or "", secteur_id=secteur_de(lue, cadre),
                minutes_semaine=v.get("minutes_semaine") or 35 * 60,
            )
            for lue in lues
            for v in (lue.valeurs,)
        ]  # fmt: skip
        Intervenant.objects.bulk_create(objets)
        return [Cree(objet.pk, None, objet.modifie_a) for objet in objets]

    def completer(self, objet_id: UUID, lue: Lue, cadre: Cadre) -> tuple[Cree, list[str]] | None:
        ligne = Intervenant.objects.select_for_update(of=("self",)).filter(pk=objet_id).first()
        if ligne is None:
            return None
        faits = self.remplir(ligne, {**lue.valeurs, "secteur_id": secteur_de(lue, cadre)})
        return Cree(ligne.pk, None, ligne.modifie_a), faits

    def visibles(self, acteur: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
        if not peut(acteur, "telegestion.intervenant.voir"):
            return {}
        return {i.pk: i for i in Intervenant.objects.filter(pk__in=list(ids)).select_related("secteur")}

    def nommer(self, fiche: Any) -> str:
        return f"{fiche.nom_complet}, {fiche.get_metier_display()}"

    def adresse(self, fiche: Any) -> str:
        return reverse("intervenant", args=[fiche.pk])

    def relire(self, fiche: Any) -> dict[str, str]:
        return {
            "nom": fiche.nom,
            "prenom": fiche.prenom,
            "nom_prenom": f"{fiche.nom} {fiche.prenom}",
            "metier": fiche.get_metier_display(),
            "telephone": fiche.telephone,
            "secteur": str(fiche.secteur) if fiche.secteur_id else "",
            "minutes_semaine": f"{fiche.minutes_semaine // 60}h{fiche.minutes_semaine % 60:02d}",
        }

    def travaillees(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        comptes = Intervenant.objects.filter(pk__in=list(ids), compte__isnull=False).values_list(
            "pk", flat=True
        )
        return dict.fromkeys(comptes, "compte") | rattachees(Intervenant, ids)


def brancher() -> None:
    inscrire_genre(Intervenants())

"""Usagers: read, recognised by their traits, written with their history, taken away with their key."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from simple_history.utils import bulk_create_with_history

from dossier.models import StatutIns, Usager
from dossier.queries import usagers_visibles
from dossier.reprise.registre import Cadre, Cree, Genre, Lue, Traits
from dossier.reprise.services.genres.champs_usagers import CHAMPS
from dossier.reprise.services.genres.communs import (
    exiger,
    placer_dans_un_secteur,
    rattachees,
    secteur_de,
)
from dossier.rules import fautes_de_dates
from dossier.services.fiche import OBLIGATOIRES
from plateforme.chiffrement.index import indexer
from plateforme.chiffrement.models import CleSujet
from plateforme.chiffrement.sujets import detruire_sujet
from plateforme.core.tri import cle_de_tri
from plateforme.storage.models import Document

_ECRITS = (
    "civilite", "nom_naissance", "nom_usage", "prenoms", "ne_le", "accompagne_depuis", "sorti_le", "adresse",
    "code_postal", "commune", "telephone", "gir", "vit_seul", "acces_logement", "medecin", "medecin_telephone",
)  # fmt: skip
MEME_INS = (
    "Ce matricule INS est déjà celui d’un autre dossier\u00a0: vérifiez laquelle des deux personnes le porte."
)


class Usagers(Genre):
    cle = "usagers"
    libelle = "Usagers"
    un = "dossier"
    icone = "users-round"
    ordre = 10
    action = "dossier.usager.creer"
    modele = Usager
    champs = CHAMPS
    requis = (
        ("civilite", "nom_prenom"),
        ("nom_naissance", "nom_prenom"),
        ("prenoms", "nom_prenom"),
        ("ne_le",),
        ("accompagne_depuis", "option:accompagne_depuis"),
    )
    options = ("accompagne_depuis", "ins_oid")
    completables = (
        "nom_usage", "secteur_id", "adresse", "code_postal", "commune", "telephone", "gir", "acces_logement",
        "medecin", "medecin_telephone", "ins",
    )  # fmt: skip

    # -- reading ------------------------------------------------------------------------------------
    def verifier(self, lues: list[Lue], cadre: Cadre) -> None:
        placer_dans_un_secteur(lues, cadre, exige=True)
        for lue in lues:
            self._completer_la_lecture(lue, cadre)
            for champ, phrase in OBLIGATOIRES.items():
                if "nom_prenom" not in lue.fautes or champ not in ("nom_naissance", "prenoms"):
                    exiger(lue, champ, phrase)
            dates = {c: lue.valeurs.get(c) for c in ("ne_le", "accompagne_depuis", "sorti_le")}
            if isinstance(dates["ne_le"], date) and isinstance(dates["accompagne_depuis"], date):
                fautes = fautes_de_dates(**dates, jour=cadre.jour)  # type: ignore[arg-type]
                lue.fautes |= {champ: phrase for champ, phrase in fautes.items() if champ not in lue.fautes}

    @staticmethod
    def _completer_la_lecture(lue: Lue, cadre: Cadre) -> None:
        valeurs = lue.valeurs
        ensemble = valeurs.pop("nom_prenom", None) or {}
        for champ, valeur in ensemble.items():
            if not valeurs.get(champ):
                valeurs[champ] = valeur
        if cle_de_tri(valeurs.get("nom_usage") or "") == cle_de_tri(valeurs.get("nom_naissance") or ""):
            valeurs["nom_usage"] = ""
        # Some software has one name only, and calls it « nom d’usage ».
        if not valeurs.get("nom_naissance") and valeurs.get("nom_usage"):
            valeurs["nom_naissance"], valeurs["nom_usage"] = valeurs["nom_usage"], ""
        if valeurs.get("accompagne_depuis") is None and "accompagne_depuis" not in lue.fautes:
            defaut = cadre.options.get("accompagne_depuis")
            valeurs["accompagne_depuis"] = date.fromisoformat(defaut) if defaut else None
        if valeurs.get("ins") and not valeurs.get("ins_oid"):
            valeurs["ins_oid"] = cadre.options.get("ins_oid", "")
            if not valeurs["ins_oid"]:
                lue.fautes.setdefault(
                    "ins_oid",
                    "Un matricule sans son OID n’est pas un INS\u00a0: choisissez-le avec les colonnes.",
                )

    # -- the same person ----------------------------------------------------------------------------
    def traits(self, lue: Lue) -> Traits:
        v = lue.valeurs
        nom, prenom = cle_de_tri(v["nom_naissance"]), cle_de_tri(v["prenoms"].split()[0])
        return Traits(f"{nom}|{prenom}|{v['ne_le']}|{v['civilite']}", f"{nom}|{v['ne_le']}")

    def existants(self, lues: list[Lue], cadre: Cadre) -> dict[int, tuple[str, UUID]]:
        index = {lue.numero: _index_ins(lue) for lue in lues if lue.valeurs.get("ins")}
        candidats = list(
            Usager.objects.filter(
                Q(ne_le__in={lue.valeurs["ne_le"] for lue in lues}) | Q(ins_index__in=list(index.values()))
            ).only("pk", "nom_naissance", "nom_usage", "prenoms", "ne_le", "civilite", "ins_index", "ins_oid")
        )
        trouves: dict[int, tuple[str, UUID]] = {}
        for lue in lues:
            cle = index.get(lue.numero)
            for candidat in candidats:
                nature = _nature(lue, candidat, cle)
                if nature == "strict":
                    trouves[lue.numero] = (nature, candidat.pk)
                    break
                if nature:
                    trouves.setdefault(lue.numero, (nature, candidat.pk))
        return trouves

    # -- writing ------------------------------------------------------------------------------------
    def creer(self, lues: list[Lue], cadre: Cadre) -> list[Cree]:
        pris = {
            (bytes(i or b""), oid)
            for i, oid in Usager.objects.filter(
                ins_index__in=[_index_ins(lue) for lue in lues if lue.valeurs.get("ins")]
            ).values_list("ins_index", "ins_oid")
        }
        objets = []
        for lue in lues:
            if lue.valeurs.get("ins"):
                couple = (_index_ins(lue), lue.valeurs["ins_oid"])
                if couple in pris:
                    lue.fautes["ins"] = MEME_INS
                    continue
                pris.add(couple)
            objets.append((lue, self._composer(lue, cadre)))
        bulk_create_with_history([objet for _, objet in objets], Usager, batch_size=200)  # type: ignore[no-untyped-call]
        return [Cree(objet.pk, objet.pk, objet.modifie_a) for _, objet in objets]

    @staticmethod
    def _composer(lue: Lue, cadre: Cadre) -> Usager:
        champs = {champ: lue.valeurs[champ] for champ in _ECRITS if lue.valeurs.get(champ) is not None}
        usager = Usager(**champs, secteur_id=secteur_de(lue, cadre), statut_ins=StatutIns.PROVISOIRE)
        if lue.valeurs.get("ins"):
            # Whatever the file says, nobody here has verified it: provisional until the teleservice answers.
            usager.ins, usager.ins_oid = lue.valeurs["ins"], lue.valeurs["ins_oid"]
        usager.ranger()
        return usager

    def completer(self, objet_id: UUID, lue: Lue, cadre: Cadre) -> tuple[Cree, list[str]] | None:
        usager = usagers_visibles(cadre.acteur).select_for_update(of=("self",)).filter(pk=objet_id).first()
        if usager is None:
            return None
        valeurs = {**lue.valeurs, "secteur_id": secteur_de(lue, cadre)}
        if valeurs.get("ins") and Usager.objects.filter(ins_index=_index_ins(lue)).exists():
            del valeurs["ins"]
        if valeurs.get("ins") and not usager.a_un_ins:
            usager.ins_oid = valeurs["ins_oid"]
        faits = self.remplir(usager, valeurs)
        return Cree(usager.pk, usager.pk, usager.modifie_a), faits

    def vider(self, fiche: Any, champs: Sequence[str]) -> None:
        if "ins" in champs:
            fiche.ins_oid = ""
        super().vider(fiche, champs)

    # -- showing ------------------------------------------------------------------------------------
    def visibles(self, acteur: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
        lignes = usagers_visibles(acteur).filter(pk__in=list(ids)).select_related("secteur")
        return {usager.pk: usager for usager in lignes}

    def nommer(self, fiche: Any) -> str:
        return f"{fiche.nom_complet}, le {fiche.ne_le:%d/%m/%Y}"

    def adresse(self, fiche: Any) -> str:
        return reverse("usager", args=[fiche.pk])

    def relire(self, fiche: Any) -> dict[str, str]:
        dits = {
            champ: _dire(getattr(fiche, champ)) for champ in _ECRITS if champ not in ("gir", "acces_logement")
        }
        dits |= {
            "civilite": fiche.get_civilite_display(),
            "secteur": str(fiche.secteur) if fiche.secteur_id else "",
            "nom_prenom": f"{fiche.nom_naissance} {fiche.prenoms}",
            "ins_oid": fiche.ins_oid,
        }
        caches = {
            "gir": fiche.gir is not None,
            "acces_logement": bool(fiche.acces_logement),
            "ins": fiche.a_un_ins,
        }
        return dits | {champ: "renseigné" if plein else "" for champ, plein in caches.items()}

    # -- taking away --------------------------------------------------------------------------------
    def travaillees(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        documents = Document.objects.filter(sujet_id__in=list(ids)).values_list("sujet_id", flat=True)
        return {cle: "document" for cle in documents if cle is not None} | rattachees(Usager, ids)

    def supprimer(self, ids: Sequence[UUID]) -> None:
        super().supprimer(ids)
        # Its history is made of what was imported, and of its removal: nothing anybody wrote.
        historique: Any = Usager.history
        historique.model.objects.filter(id__in=list(ids)).delete()
        for sujet in list(CleSujet.objects.filter(sujet_id__in=list(ids)).values_list("sujet_id", flat=True)):
            detruire_sujet(sujet, motif="reprise_annulee")


def _index_ins(lue: Lue) -> bytes:
    return indexer(lue.valeurs["ins"], "dossier.usager.ins")


def _nature(lue: Lue, candidat: Usager, index: bytes | None) -> str:
    """How alike: ``strict`` for the four traits or the INS, ``proche`` for a name and the date, "" for nothing.

    Source: RNIV, traits stricts (nom de naissance, premier prénom, date de naissance, sexe).
    """
    if index is not None and candidat.ins_index is not None and bytes(candidat.ins_index) == index:
        return "strict"
    v = lue.valeurs
    if candidat.ne_le != v["ne_le"]:
        return ""
    siens = {cle_de_tri(n) for n in (candidat.nom_naissance, candidat.nom_usage) if n}
    noms = {cle_de_tri(n) for n in (v["nom_naissance"], v.get("nom_usage")) if n}
    memes_prenoms = cle_de_tri(candidat.prenom) == cle_de_tri(v["prenoms"].split()[0])
    if (
        memes_prenoms
        and candidat.civilite == v["civilite"]
        and cle_de_tri(candidat.nom_naissance) == cle_de_tri(v["nom_naissance"])
    ):
        return "strict"
    return "proche" if siens & noms else ""


def _dire(valeur: Any) -> str:
    if valeur in (None, ""):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)

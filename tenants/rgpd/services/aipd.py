"""The impact analysis: written by both, advised by the DPD, decided by the direction."""

from typing import Any
from uuid import UUID

from plateforme.core.clock import now, today
from plateforme.core.periods import plus_mois
from tenants.models import Organisme
from tenants.queries import rang_courant
from tenants.rgpd import queries
from tenants.rgpd.models import Aipd, DelaiLegal
from tenants.rgpd.rules.aipd import contenu_de_depart, niveaux_manquants
from tenants.rgpd.services.commun import RgpdRefuse, acte, net

TENIR, AVIS, DECIDER = "rgpd.aipd.tenir", "rgpd.aipd.avis", "rgpd.aipd.decider"


def ouvrir(acteur: Any, *, raison: str) -> Aipd:
    """A new version, from the last one or from the model. One draft at a time. Raises RgpdRefuse."""
    with acte(acteur, TENIR, "rgpd.aipd.ecrite") as organisme:
        derniere = Aipd.objects.filter(organisme=organisme).first()
        if derniere is not None and derniere.decidee_a is None:
            raise RgpdRefuse(f"La version {derniere.rang} n’est pas encore décidée\u00a0: complétez-la.")
        return Aipd.objects.create(
            organisme=organisme,
            rang=derniere.rang + 1 if derniere else 1,
            produit=f"Treille, schéma {rang_courant()}",
            contenu=derniere.contenu if derniere else contenu_de_depart(),
            raison=net(raison, 300),
        )


def _ouverte(organisme: Organisme, aipd_id: UUID) -> Aipd:
    ligne = queries.analyse(organisme, aipd_id)
    if ligne.decidee_a is not None:
        raise RgpdRefuse("Cette version est décidée\u00a0: elle ne change plus. Ouvrez-en une nouvelle.")
    return ligne


def ecrire(acteur: Any, aipd_id: UUID, *, contenu: dict[str, str]) -> Aipd:
    """Write the draft; what the DPD already judged must be judged again once it changes."""
    with acte(acteur, TENIR, "rgpd.aipd.ecrite", version=str(aipd_id)) as organisme:
        ligne = _ouverte(organisme, aipd_id)
        if ligne.contenu != contenu:
            ligne.contenu = contenu
            ligne.avis, ligne.avis_texte, ligne.avis_a, ligne.avis_par = "", "", None, None
            ligne.save()
        return ligne


def rendre_l_avis(acteur: Any, aipd_id: UUID, *, avis: str, texte: str) -> Aipd:
    """The DPD’s opinion, motivated, on a draft whose risks are all judged. Raises RgpdRefuse."""
    with acte(acteur, AVIS, "rgpd.aipd.avis_rendu", avis=avis) as organisme:
        ligne = _ouverte(organisme, aipd_id)
        if manquants := niveaux_manquants(ligne.contenu):
            raise RgpdRefuse(
                f"La gravité et la vraisemblance restent à évaluer\u00a0: {', '.join(manquants)}."
            )
        ligne.avis, ligne.avis_texte, ligne.avis_a, ligne.avis_par = avis, texte.strip(), now(), acteur.pk
        ligne.save()
        return ligne


def decider(acteur: Any, aipd_id: UUID, *, decision: str, texte: str) -> Aipd:
    """The direction decides once the DPD has spoken; against an unfavourable opinion it says why. Raises RgpdRefuse."""
    with acte(acteur, DECIDER, "rgpd.aipd.decidee", decision=decision) as organisme:
        ligne = _ouverte(organisme, aipd_id)
        if ligne.avis_a is None:
            raise RgpdRefuse("Le DPD doit d’abord rendre son avis.")
        if ligne.avis != Aipd.Sens.FAVORABLE and len(texte.split()) < 5:
            raise RgpdRefuse(
                "Dites pourquoi.",
                champs={"texte": "L’avis n’est pas favorable sans réserve\u00a0: motivez la décision."},
            )
        ligne.decision, ligne.decision_texte = decision, texte.strip()
        ligne.decidee_a, ligne.decidee_par = now(), acteur.pk
        if decision == Aipd.Decision.VALIDEE:
            mois = DelaiLegal.en_vigueur(DelaiLegal.Code.AIPD, today()).valeur
            ligne.revue_avant = plus_mois(today(), mois)
        ligne.save()
        return ligne

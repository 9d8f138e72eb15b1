"""What a person changes of their own account; each change closes their other sessions and is told to them."""

import base64
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.identity.base import GenreDeLien
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import FACTEURS_MAX, VIE_D_UN_OUBLI
from plateforme.identity.services import avis, liens, mots_de_passe, secours, sessions_ouvertes, verrous
from plateforme.outbox.services import publier
from plateforme.tenancy.courant import exiger_courant

GENRE_OUBLI = "identity.oubli"
_SI_CE_N_EST_PAS_VOUS = "Si ce n’est pas vous, prévenez votre direction."


class ChangementRefuse(ErreurMetier):
    code: ClassVar[str] = "plateforme.compte.changement_refuse"


def changer_le_mot_de_passe(compte: Any, ancien: str, nouveau: str, cle_de_session: str | None) -> None:
    """Raises ChangementRefuse, MotDePasseRefuse or TropDEssais."""
    essai = verrous.tenter(verrous.cle_d_identifiant(compte.identifiant))
    if not compte.check_password(ancien):
        raise ChangementRefuse(
            "Le mot de passe actuel n’est pas le bon.",
            champs={"ancien": "Ce n’est pas votre mot de passe actuel."},
        )
    verrous.rendre(essai)
    mots_de_passe.verifier(nouveau, compte)
    with transaction.atomic():
        _poser_le_mot_de_passe(compte, make_password(nouveau), cle_de_session)


def _poser_le_mot_de_passe(compte: Any, hache: str, cle_de_session: str | None) -> None:
    compte.password = hache
    compte.save(update_fields=["password"])
    sessions_ouvertes.fermer_toutes(compte.pk, sauf=cle_de_session)
    noter("identity.mot_de_passe.change", acteur_id=compte.pk)
    avis.prevenir(compte, "Votre mot de passe a été changé", _SI_CE_N_EST_PAS_VOUS)


def remplacer_le_mot_de_passe(lien: Any, hache: str) -> None:
    """End of « mot de passe oublié »: the e-mail's link and a second factor were both shown."""
    with transaction.atomic():
        liens.consommer(lien)
        _poser_le_mot_de_passe(lien.compte, hache, None)


def apres_ajout(compte: Any, facteur: Any, cle_de_session: str | None) -> None:
    """In the transaction that added it."""
    sessions_ouvertes.fermer_toutes(compte.pk, sauf=cle_de_session)
    noter("identity.facteur.ajoute", genre=facteur.genre)
    avis.prevenir(
        compte, "Un moyen de connexion a été ajouté à votre compte", _SI_CE_N_EST_PAS_VOUS, "/mon-compte"
    )


def exiger_de_la_place(compte: Any) -> None:
    if modeles().facteur.objects.filter(compte=compte).count() >= FACTEURS_MAX:
        raise ChangementRefuse("Vous avez déjà dix moyens de connexion\u00a0: retirez-en un d’abord.")


def retirer_un_facteur(compte: Any, facteur_id: Any, cle_de_session: str | None) -> None:
    """Never the last one. Raises Introuvable or ChangementRefuse."""
    with transaction.atomic():
        facteurs = list(modeles().facteur.objects.select_for_update().filter(compte=compte))
        sujet = next((f for f in facteurs if f.pk == facteur_id), None)
        if sujet is None:
            raise Introuvable
        if len(facteurs) == 1:
            raise ChangementRefuse(
                "C’est votre dernier moyen de connexion\u00a0: ajoutez-en un autre avant de le retirer."
            )
        genre = sujet.genre
        sujet.delete()
        sessions_ouvertes.fermer_toutes(compte.pk, sauf=cle_de_session)
        noter("identity.facteur.retire", genre=genre)
        avis.prevenir(
            compte, "Un moyen de connexion a été retiré de votre compte", _SI_CE_N_EST_PAS_VOUS, "/mon-compte"
        )


def renouveler_les_codes(compte: Any) -> list[str]:
    with transaction.atomic():
        codes = secours.renouveler(compte)
        noter("identity.codes.renouveles")
        avis.prevenir(compte, "Vos codes de secours ont été renouvelés", _SI_CE_N_EST_PAS_VOUS, "/mon-compte")
    return codes


def demander_un_mot_de_passe(identifiant: str, adresse: str | None) -> None:
    """The same work whether or not the account exists: it is looked for later, by a worker. Raises TropDEssais."""
    verrous.tenter(verrous.cle_d_adresse(f"oubli:{adresse}"))
    if not exiger_courant().est_une_structure:
        return
    scelle = coffre.sceller(identifiant.strip().lower()[:150].encode(), GENRE_OUBLI)
    with transaction.atomic():
        publier(GENRE_OUBLI, GENRE_OUBLI, {"identifiant": base64.b64encode(scelle).decode()})


def traiter_l_oubli(message: Any) -> None:
    """Consumer: a link by e-mail, or, for who gave no address, a line to those who can help."""
    identifiant = coffre.ouvrir(base64.b64decode(message.contenu["identifiant"]), GENRE_OUBLI).decode()
    compte = modeles().compte.objects.filter(identifiant=identifiant, actif=True).first()
    if compte is None or not compte.est_enrole:
        return
    noter("identity.mot_de_passe.demande", acteur_id=compte.pk)
    # Without a factor the link would lead nowhere, and would revoke the one their responsable gave.
    if compte.courriel and modeles().facteur.objects.filter(compte=compte).exists():
        _, jeton = liens.creer(compte, GenreDeLien.MOT_DE_PASSE, vie=VIE_D_UN_OUBLI)
        avis.ecrire(compte.pk, "mot_de_passe", jeton=jeton)
        return
    avis.prevenir_la_direction(
        f"{compte.nom_complet} a oublié son mot de passe",
        "Vérifiez son identité, puis donnez-lui un nouvel accès.",
        f"/equipe/{compte.pk}",
    )

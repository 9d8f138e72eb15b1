"""Accounts: invited, enrolled, attested, changed, closed. Nobody ever chooses somebody else’s password."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.core.identifiers import IdentifiantInvalide
from plateforme.core.tri import cle_de_tri
from plateforme.faits import signaler
from plateforme.habilitations import roles
from plateforme.identity.base import GenreDeLien, ModeDeVerification, Piece
from plateforme.identity.modeles import modeles
from plateforme.identity.reglages import verification_a_distance
from plateforme.identity.rpps import Rpps
from plateforme.identity.rules import peut_inviter
from plateforme.identity.services import annuaire, avis, liens, secours, sessions_ouvertes


class CompteRefuse(ErreurMetier):
    code: ClassVar[str] = "plateforme.compte.refuse"


@dataclass(frozen=True, slots=True)
class Attestation:
    """Somebody with the right saw this document, in this way. No copy is kept."""

    piece: Piece
    mode: ModeDeVerification


@dataclass(frozen=True, slots=True)
class Invitation:
    compte: Any
    lien: Any
    jeton: str


def choisir_identifiant(prenom: str, nom: str) -> str:
    """``prenom.nom``, then with a number when it is taken."""
    base = cle_de_tri(prenom, nom).replace(" ", ".")[:140] or "compte"
    pris = set(
        modeles().compte.objects.filter(identifiant__startswith=base).values_list("identifiant", flat=True)
    )
    return next(c for c in (base, *(f"{base}{n}" for n in range(2, 10_000))) if c not in pris)


def _exiger_de_pouvoir(par: Any | None, role: str) -> None:
    if par is not None and not peut_inviter(par.role, role):
        raise CompteRefuse(
            "Votre rôle ne permet pas de gérer ce rôle. Demandez à votre direction.",
            champs={"role": "Votre rôle ne permet pas d’inviter ce rôle."},
        )


def _lire_id_national(saisi: str) -> str:
    if not saisi.strip():
        return ""
    try:
        id_national = Rpps.lire(saisi).id_national
    except IdentifiantInvalide as erreur:
        raise CompteRefuse(str(erreur), champs={"id_national": str(erreur)}) from erreur
    if modeles().compte.objects.filter(id_national=id_national).exists():
        pris = "Un compte de la structure porte déjà ce numéro RPPS."
        raise CompteRefuse(pris, champs={"id_national": pris})
    return id_national


def inviter(
    par: Any | None,
    *,
    prenom: str,
    nom: str,
    role: str,
    courriel: str = "",
    telephone: str = "",
    id_national: str = "",
    attestation: Attestation | None = None,
    **autres: Any,
) -> Invitation:
    """A new account, closed until its person enrols and is known. ``par`` None: the network itself. Raises CompteRefuse."""
    prenom, nom = (unicodedata.normalize("NFC", " ".join(mot.split())) for mot in (prenom, nom))
    if not prenom or not nom:
        raise CompteRefuse("Le prénom et le nom sont nécessaires.")
    if role not in dict(modeles().compte._meta.get_field("role").choices):
        raise CompteRefuse("Ce rôle n’existe pas.")
    _exiger_de_pouvoir(par, role)
    if id_national:
        autres["id_national"] = _lire_id_national(id_national)
    with transaction.atomic():
        compte = _creer(prenom=prenom, nom=nom, role=role, courriel=courriel, telephone=telephone, **autres)
        if attestation is not None:
            _attester(par, compte, attestation)
        if id_national:
            annuaire.verifier(compte)
        noter("identity.compte.invite", compte=str(compte.pk), role=role)
        return _donner(par, compte, GenreDeLien.INVITATION)


def inviter_la_premiere_direction(
    *, prenom: str, nom: str, courriel: str, attestation: Attestation
) -> Invitation:
    """By the network, while nobody directs: from then on the structure invites its own people. Raises CompteRefuse."""
    if any(c.est_enrole for c in modeles().compte.objects.filter(role=roles.DIRECTION, actif=True)):
        raise CompteRefuse("Cette structure a déjà une direction\u00a0: c’est elle qui invite son équipe.")
    return inviter(
        None, prenom=prenom, nom=nom, role=roles.DIRECTION, courriel=courriel, attestation=attestation
    )


def _creer(prenom: str, nom: str, **champs: Any) -> Any:
    """Two invitations of homonyms at once: the second takes the next number."""
    for _ in range(5):
        try:
            with transaction.atomic():
                return modeles().compte.objects.ouvrir(
                    identifiant=choisir_identifiant(prenom, nom),
                    mot_de_passe=None,
                    prenom=prenom,
                    nom=nom,
                    **champs,
                )
        except IntegrityError:
            continue
    raise CompteRefuse("Ce compte n’a pas pu être créé. Réessayez.")


def _donner(par: Any | None, compte: Any, genre: GenreDeLien, motif: str = "") -> Invitation:
    """A link, sent too when the person has an address."""
    lien, jeton = liens.creer(compte, genre, par_id=getattr(par, "pk", None), motif=motif)
    if compte.courriel:
        avis.ecrire(compte.pk, genre.value, jeton=jeton)
    return Invitation(compte, lien, jeton)


def renvoyer(par: Any, compte: Any) -> Invitation:
    """A new link for somebody who has not finished; the former one stops working."""
    _exiger_de_pouvoir(par, compte.role)
    if not compte.actif:
        raise CompteRefuse("Ce compte est désactivé\u00a0: réactivez-le d’abord.")
    genre = GenreDeLien.FACTEUR if compte.est_enrole else GenreDeLien.INVITATION
    if compte.est_enrole and modeles().facteur.objects.filter(compte=compte).exists():
        raise CompteRefuse("Cette personne a déjà terminé son inscription.")
    with transaction.atomic():
        noter("identity.invitation.renvoyee", compte=str(compte.pk))
        return _donner(par, compte, genre)


def revoquer_l_invitation(par: Any, compte: Any) -> None:
    _exiger_de_pouvoir(par, compte.role)
    with transaction.atomic():
        if liens.revoquer(compte):
            noter("identity.invitation.revoquee", compte=str(compte.pk))


def terminer_l_enrolement(
    lien: Any, mot_de_passe: str, ajouter_le_facteur: Callable[[Any], Any]
) -> list[str]:
    """Password (already hashed), factor and recovery codes together, or nothing. The codes, to show once.

    Raises LienInvalide when the link was used or revoked meanwhile.
    """
    with transaction.atomic():
        liens.consommer(lien)
        compte = lien.compte
        compte.password = mot_de_passe
        compte.save(update_fields=["password"])
        modeles().facteur.objects.filter(compte=compte).delete()
        ajouter_le_facteur(compte)
        codes = secours.renouveler(compte)
        sessions_ouvertes.fermer_toutes(compte.pk)
        noter("identity.compte.enrole", acteur_id=compte.pk, genre=lien.genre)
        signaler()
        if lien.genre == GenreDeLien.FACTEUR:
            avis.prevenir(compte, "Votre second facteur a été remplacé", url="/mon-compte")
        return codes


def attester(par: Any, compte: Any, attestation: Attestation) -> None:
    """Raises CompteRefuse for oneself, for a role out of reach, or by video where the structure does not allow it."""
    _exiger_de_pouvoir(par, compte.role)
    if par.pk == compte.pk:
        raise CompteRefuse("Personne ne vérifie sa propre identité.")
    with transaction.atomic():
        _attester(par, compte, attestation)
        signaler()
        if compte.est_enrole:
            avis.prevenir(compte, "Votre identité a été vérifiée", "Vous pouvez vous connecter.")


def _attester(par: Any | None, compte: Any, attestation: Attestation) -> None:
    if attestation.mode == ModeDeVerification.DISTANCE and not verification_a_distance():
        raise CompteRefuse("Votre structure demande une vérification en présence de la personne.")
    compte.identite_verifiee_a = now()
    compte.identite_piece, compte.identite_mode = attestation.piece, attestation.mode
    compte.identite_par_id = getattr(par, "pk", None)
    compte.save(update_fields=["identite_verifiee_a", "identite_piece", "identite_mode", "identite_par_id"])
    noter(
        "identity.identite.attestee",
        compte=str(compte.pk),
        piece=attestation.piece.value,
        mode=attestation.mode.value,
    )


def reinitialiser_le_facteur(par: Any, compte: Any, attestation: Attestation, motif: str) -> Invitation:
    """The person lost their means: somebody who knows them saw a document; they enrol again with a new link."""
    _exiger_de_pouvoir(par, compte.role)
    if par.pk == compte.pk:
        raise CompteRefuse(
            "Demandez à une autre personne habilitée\u00a0: on ne réinitialise pas son propre accès."
        )
    if not compte.actif:
        raise CompteRefuse("Ce compte est désactivé\u00a0: réactivez-le d’abord.")
    if not motif.strip():
        raise CompteRefuse("Dites pourquoi.", champs={"motif": "Dites pourquoi."})
    with transaction.atomic():
        _attester(par, compte, attestation)
        modeles().facteur.objects.filter(compte=compte).delete()
        modeles().code.objects.filter(compte=compte).delete()
        sessions_ouvertes.fermer_toutes(compte.pk)
        noter("identity.facteur.reinitialise", compte=str(compte.pk))
        avis.prevenir(
            compte,
            "Votre second facteur a été réinitialisé",
            "Si ce n’est pas à votre demande, prévenez votre direction.",
        )
        return _donner(par, compte, GenreDeLien.FACTEUR, motif.strip())


def _garder_une_direction(compte: Any) -> None:
    reste = modeles().compte.objects.filter(role=roles.DIRECTION, actif=True).exclude(pk=compte.pk).exists()
    if compte.role == roles.DIRECTION and not reste:
        raise CompteRefuse("C’est le dernier compte de direction\u00a0: la structure doit en garder un.")


def changer_le_role(par: Any, compte: Any, role: str) -> None:
    """Effective at the next request: their sessions are closed. Raises CompteRefuse."""
    if role not in dict(modeles().compte._meta.get_field("role").choices):
        raise CompteRefuse("Ce rôle n’existe pas.", champs={"role": "Ce rôle n’existe pas."})
    if par.pk == compte.pk:
        raise CompteRefuse(
            "Demandez à une autre personne de la direction\u00a0: on ne change pas son propre rôle."
        )
    if role == compte.role:
        return
    with transaction.atomic():
        _garder_une_direction(compte)
        ancien, compte.role = compte.role, role
        compte.save(update_fields=["role"])
        sessions_ouvertes.fermer_toutes(compte.pk)
        noter("identity.role.change", compte=str(compte.pk), de=ancien, vers=role)
        avis.prevenir(compte, f"Votre rôle est maintenant\u00a0: {compte.libelle_role}")


def desactiver(par: Any, compte: Any) -> None:
    if par.pk == compte.pk:
        raise CompteRefuse("On ne désactive pas son propre compte.")
    with transaction.atomic():
        _garder_une_direction(compte)
        compte.actif = False
        signaler()
        compte.save(update_fields=["actif"])
        liens.revoquer(compte)
        sessions_ouvertes.fermer_toutes(compte.pk)
        noter("identity.compte.desactive", compte=str(compte.pk))


def reactiver(compte: Any) -> None:
    with transaction.atomic():
        compte.actif = True
        compte.save(update_fields=["actif"])
        noter("identity.compte.reactive", compte=str(compte.pk))


def du_schema(cle: UUID) -> Any | None:
    return modeles().compte.objects.filter(pk=cle).first()

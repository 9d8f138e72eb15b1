"""Signing in: a password, then a factor; or a passkey alone. Counted before it is checked, told the same way to all."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.errors import ErreurMetier
from plateforme.identity.base import GenreDeFacteur, Moyen
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import BLOCAGES_AVANT_ALERTE
from plateforme.identity.services import avis, secours, totp, verrous

REFUS = "Identifiant ou mot de passe inconnu. Vérifiez les majuscules, puis réessayez."
REFUS_CODE = "Ce code n’est pas le bon, a expiré ou a déjà servi. Attendez le suivant, puis réessayez."


class EntreeRefusee(ErreurMetier):
    code: ClassVar[str] = "plateforme.connexion.refusee"
    message = REFUS


class EntreeImpossible(ErreurMetier):
    """Proven, and yet not allowed in: said only to who has proven."""

    code: ClassVar[str] = "plateforme.connexion.impossible"
    statut: ClassVar[int] = 403


@dataclass(frozen=True, slots=True)
class Moyens:
    """Second factors an account can use."""

    totp: bool
    passkey: bool
    secours: int


def echouer(*essais: verrous.Essai, compte: Any | None = None) -> None:
    """Note the refusal; at the third lock of a day, the direction hears of it."""
    with transaction.atomic():
        acteur = getattr(compte, "pk", None)
        noter("identity.connexion.refusee", acteur_id=acteur)
        for essai in essais:
            if not essai.bloque:
                continue
            noter("identity.connexion.bloquee", acteur_id=acteur, blocages=essai.blocages)
            if essai.blocages == BLOCAGES_AVANT_ALERTE:
                noter("identity.connexion.alerte", acteur_id=acteur)
                avis.prevenir_la_direction(
                    "Un accès a été bloqué trois fois aujourd’hui",
                    "Quelqu’un s’est trompé plusieurs fois, ou essaie d’entrer. Voyez avec la personne concernée.",
                    f"/equipe/{acteur}" if acteur else "/equipe",
                )


def premier_facteur(identifiant: str, mot_de_passe: str, adresse: str | None) -> Any:
    """The account, when the password is its own. Raises TropDEssais or EntreeRefusee."""
    identifiant = identifiant.replace("\x00", "").strip().lower()
    par_adresse = verrous.tenter(verrous.cle_d_adresse(adresse))
    par_nom = verrous.tenter(verrous.cle_d_identifiant(identifiant))
    compte = modeles().compte.objects.filter(identifiant=identifiant[:150]).first()
    if compte is None or not (compte.actif and compte.est_enrole):
        modeles().compte().set_password(mot_de_passe)  # same time whether or not the account exists
        bon = False
    else:
        bon = compte.check_password(mot_de_passe)
    if not bon:
        echouer(par_nom, par_adresse, compte=compte)
        raise EntreeRefusee
    verrous.rendre(par_nom)
    verrous.rendre(par_adresse)
    return compte


def moyens_de(compte: Any) -> Moyens:
    genres = set(modeles().facteur.objects.filter(compte=compte).values_list("genre", flat=True))
    return Moyens(GenreDeFacteur.TOTP in genres, GenreDeFacteur.PASSKEY in genres, secours.restants(compte))


def second_facteur(compte: Any, code: str) -> Moyen:
    """How the code proves it: TOTP or recovery code, each used once. Raises TropDEssais or EntreeRefusee."""
    essai = verrous.tenter(verrous.cle_de_codes(compte.pk))
    moyen = _moyen_du_code(compte, code)
    if moyen is None:
        echouer(essai, compte=compte)
        raise EntreeRefusee(REFUS_CODE)
    verrous.rendre(essai)
    if moyen == Moyen.SECOURS:
        restants = secours.restants(compte)
        with transaction.atomic():
            noter("identity.code_secours.utilise", acteur_id=compte.pk, restants=restants)
            avis.prevenir(
                compte,
                "Un de vos codes de secours vient de servir",
                f"Il vous en reste {restants}. Si ce n’est pas vous, prévenez votre direction.",
                "/mon-compte",
            )
    return moyen


def _moyen_du_code(compte: Any, code: str) -> Moyen | None:
    if secours.ressemble(code):
        return Moyen.SECOURS if secours.consommer(compte, code) else None
    for facteur in modeles().facteur.objects.filter(compte=compte, genre=GenreDeFacteur.TOTP):
        if totp.consommer(facteur, code):
            return Moyen.TOTP
    return None


def exiger_ouvrable(compte: Any, *, identite_prouvee: bool = False) -> None:
    """Last gate of every sign-in. Raises EntreeImpossible.

    ``identite_prouvee``: the proof itself checked who the person is. That of Pro Santé Connect does, when it gives a
    verified national identifier: who holds a CPS or an e-CPS was registered and checked by their Ordre or the ANS, and
    PSC is itself a means of identification of the PGSSI-S. Source: Référentiel d’identification électronique (RIE),
    arrêté du 28 mars 2022. A structure's own provider proves an account there, not an identity.
    """
    if not compte.actif:
        raise EntreeRefusee
    if not (identite_prouvee or compte.identite_est_verifiee):
        raise EntreeImpossible(
            "Votre identité doit encore être vérifiée. Présentez une pièce d’identité à votre responsable, puis revenez."
        )

"""The structure's own providers: added, changed and tried by its direction, every change on record."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from plateforme.audit.journal import noter
from plateforme.chiffrement import coffre
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier, Introuvable
from plateforme.identity.models import Compte, FournisseurOidc
from plateforme.identity.oidc import appels, fournisseurs
from plateforme.identity.oidc import decouverte as decouvertes
from plateforme.identity.oidc.erreurs import FournisseurInjoignable, RefusOidc

STANDARD = "/.well-known/openid-configuration"


class ConfigurationRefusee(ErreurMetier):
    code: ClassVar[str] = "identity.fournisseur.refuse"


@dataclass(frozen=True, slots=True)
class Essai:
    """What was found by asking the provider, a sentence each."""

    reussi: bool
    phrases: tuple[str, ...]


def trouver(cle: UUID) -> FournisseurOidc:
    """Raises Introuvable."""
    ligne = FournisseurOidc.objects.filter(pk=cle).first()
    if ligne is None:
        raise Introuvable("Ce fournisseur d’identité n’existe pas.")
    return ligne


def enregistrer(ligne: FournisseurOidc, valeurs: dict[str, Any], auteur: Compte) -> FournisseurOidc:
    """Create or change. An empty secret keeps the one there is. Raises ConfigurationRefusee."""
    secret = valeurs.pop("secret", "")
    nouveau = ligne._state.adding
    for nom, valeur in valeurs.items():
        setattr(ligne, nom, valeur)
    ligne.decouverte = ligne.decouverte or ligne.issuer.rstrip("/") + STANDARD
    for nom in ("issuer", "decouverte"):
        if not appels.adresse_admise(getattr(ligne, nom)):
            raise ConfigurationRefusee(champs={nom: "Donnez une adresse en https, sans nom ni mot de passe."})
    if ligne.actif and not (ligne.acr or ligne.amr or ligne.second_facteur_local):
        raise ConfigurationRefusee(
            champs={
                "acr": "Dites ce que le fournisseur doit affirmer (niveau ou facteurs), ou demandez le second facteur ici."
            }
        )
    if secret:
        ligne.secret = coffre.sceller(secret.encode(), fournisseurs.usage_du_secret(ligne))
    try:
        with transaction.atomic():
            ligne.save()
            code = "identity.fournisseur.creer" if nouveau else "identity.fournisseur.modifier"
            noter(code, acteur_id=auteur.pk, fournisseur=str(ligne.pk), actif=ligne.actif)
    except IntegrityError as erreur:
        raise ConfigurationRefusee(
            champs={"client_id": "Ce service est déjà configuré chez cet émetteur."}
        ) from erreur
    decouvertes.oublier()
    return ligne


def essayer(ligne: FournisseurOidc, auteur: Compte) -> Essai:
    """Ask the provider for its discovery and its keys, as a sign-in would."""
    decouvertes.oublier()
    try:
        document = decouvertes.lire(fournisseurs.de_structure(ligne))
        reponse = appels.appeler("GET", document.cles, hotes=document.hotes)
        cles = [c for c in reponse.json().get("keys", []) if isinstance(c, dict)]
        bonnes = [c for c in cles if c.get("kty") in ("RSA", "EC") and c.get("kid")]
    except (RefusOidc, FournisseurInjoignable) as erreur:
        issue = Essai(
            reussi=False, phrases=(_EXPLICATIONS.get(erreur.motif, erreur.nomme(ligne.nom).message),)
        )
    else:
        if bonnes:
            phrases = (
                "Le document de découverte est celui de cet émetteur.",
                f"Clés de signature publiées : {len(bonnes)}.",
                "La déconnexion se propage."
                if document.fin_de_session
                else "Il ne propose pas de déconnexion.",
            )
            issue = Essai(reussi=True, phrases=phrases)
        else:
            issue = Essai(reussi=False, phrases=("Le fournisseur ne publie aucune clé RSA ou EC nommée.",))
    with transaction.atomic():
        if issue.reussi:
            FournisseurOidc.objects.filter(pk=ligne.pk).update(essaye_a=now())
        noter(
            "identity.fournisseur.essayer",
            acteur_id=auteur.pk,
            fournisseur=str(ligne.pk),
            reussi=issue.reussi,
        )
    return issue


_EXPLICATIONS = {
    "decouverte-autre-emetteur": "Le document de découverte nomme un autre émetteur : recopiez l’adresse exacte.",
    "decouverte-absente": "Aucun document de découverte à cette adresse.",
    "decouverte-adresse-non-admise": "Le document de découverte donne une adresse qui n’est pas en https.",
    "decouverte-sans-pkce": "Ce fournisseur ne connaît pas PKCE S256 : il ne peut pas être utilisé.",
    "decouverte-sans-code": "Ce fournisseur ne connaît pas le flux par code : il ne peut pas être utilisé.",
    "adresse-privee": "Cette adresse mène à un réseau privé : elle est refusée.",
    "nom-inconnu": "Ce nom d’hôte n’existe pas.",
    "redirection": "Le fournisseur redirige au lieu de répondre : donnez l’adresse finale.",
    "reponse-illisible": "Cette adresse ne donne pas un document de découverte.",
}

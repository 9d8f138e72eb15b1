"""Every refusal: a code for the journal and the assistance, a sentence for the person."""

from typing import ClassVar

from plateforme.core.errors import ErreurMetier, Indisponible

_NON_VERIFIEE = (
    "La réponse de {nom} n’a pas pu être vérifiée : rien n’a été ouvert. "
    "Recommencez ; si cela continue, donnez ce code à l’assistance : {motif}."
)
_PHRASES = {
    "tentative-inconnue": "Cette tentative de connexion a expiré ou a déjà servi. Recommencez depuis la page de connexion.",
    "annulee": "La connexion par {nom} a été interrompue. Recommencez, ou utilisez votre compte Treille.",
    "niveau": "{nom} n’a pas confirmé votre identité avec un niveau suffisant. Reconnectez-vous avec votre carte ou "
    "l’application e-CPS.",
    "sans-identifiant": "{nom} n’a pas donné votre identifiant national : il est impossible de retrouver votre compte.",
    "identite-discordante": _NON_VERIFIEE,
    "preuve-ancienne": "{nom} n’a pas redemandé qui vous êtes : rien n’a été confirmé. Recommencez, ou déconnectez-vous "
    "puis reconnectez-vous.",
    "autre-personne": "{nom} a répondu pour une autre personne que vous : rien n’a été confirmé.",
    "passage": "Ce lien de connexion a expiré, a déjà servi, ou vient d’un autre navigateur. Recommencez.",
    "facteur": "{nom} n’a pas confirmé de second facteur : la connexion est refusée.",
}


class RefusOidc(ErreurMetier):
    """The provider's answer is not a proof. ``motif`` is stable: it is what the journal keeps."""

    code: ClassVar[str] = "identity.oidc.refusee"
    statut: ClassVar[int] = 403

    def __init__(self, motif: str, nom: str = "Pro Santé Connect") -> None:
        self.motif = motif
        super().__init__(_PHRASES.get(motif, _NON_VERIFIEE).format(nom=nom, motif=motif))

    def nomme(self, nom: str) -> "RefusOidc":
        """The same refusal, under the provider's name."""
        return RefusOidc(self.motif, nom)


class FournisseurInjoignable(Indisponible):
    code: ClassVar[str] = "identity.oidc.injoignable"

    def __init__(self, motif: str = "injoignable", nom: str = "Pro Santé Connect") -> None:
        self.motif = motif
        super().__init__(
            f"{nom} ne répond pas. Connectez-vous avec votre compte Treille, ou réessayez plus tard."
        )

    def nomme(self, nom: str) -> "FournisseurInjoignable":
        return FournisseurInjoignable(self.motif, nom)


class SansCompte(ErreurMetier):
    """Says nothing of who has an account."""

    code: ClassVar[str] = "identity.oidc.sans_compte"
    statut: ClassVar[int] = 403


class RapprochementRefuse(ErreurMetier):
    code: ClassVar[str] = "identity.psc.rapprochement_refuse"
    statut: ClassVar[int] = 409

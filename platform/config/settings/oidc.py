"""Pro Santé Connect and other OpenID providers. Everything is off while no client id is given."""

from django.core.exceptions import ImproperlyConfigured

from config.settings import env

# Source: fiche Pro Santé Connect (adresses publiées par l'ANS pour le bac à sable « bas » et la production).
ADRESSES = {
    "bas": "https://auth.bas.psc.esante.gouv.fr/auth/realms/esante-wallet",
    "prod": "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet",
}

PSC_ENVIRONNEMENT = env.texte(
    "PSC_ENVIRONNEMENT", "prod", usage="Pro Santé Connect visé : bas (bac à sable de l’ANS) ou prod"
)
if PSC_ENVIRONNEMENT not in ADRESSES:
    raise ImproperlyConfigured("PSC_ENVIRONNEMENT vaut bas ou prod.")
PSC_CLIENT_ID = env.texte("PSC_CLIENT_ID", "", usage="identifiant du service auprès de PSC ; vide : sans PSC")
PSC_CLIENT_SECRET = env.texte("PSC_CLIENT_SECRET", "", usage="secret du service auprès de PSC", secrete=True)
PSC_ISSUER = env.texte(
    "PSC_ISSUER", ADRESSES[PSC_ENVIRONNEMENT], usage="émetteur exact des jetons de PSC"
).rstrip("/")
# PSC does not publish under the standard name.
PSC_DECOUVERTE = env.texte(
    "PSC_DECOUVERTE",
    f"{PSC_ISSUER}/.well-known/wallet-openid-configuration",
    usage="document de découverte de PSC",
)
PSC_SCOPES = env.texte("PSC_SCOPES", "openid scope_all", usage="portées demandées à PSC")
PSC_ACR = env.texte("PSC_ACR", "eidas1", usage="niveau demandé et minimal : eidas1, eidas2 ou eidas3")
if PSC_ACR not in {"eidas1", "eidas2", "eidas3"}:
    raise ImproperlyConfigured("PSC_ACR vaut eidas1, eidas2 ou eidas3.")
# HS256 only for a client the provider registered so: the secret is then the key.
PSC_SIGNATURES = env.liste("PSC_SIGNATURES", "RS256,ES256", usage="signatures admises des jetons de PSC")
if not PSC_SIGNATURES or not set(PSC_SIGNATURES) <= {"RS256", "ES256", "HS256"}:
    raise ImproperlyConfigured("PSC_SIGNATURES : RS256, ES256 ou HS256, séparés par des virgules.")
# Key of the directory « who has an account where »: without it, nobody can search it for a RPPS.
PSC_CLE_RATTACHEMENT = env.texte(
    "PSC_CLE_RATTACHEMENT",
    "",
    usage="clé de l’annuaire des rattachements ; vide : dérivée de TREILLE_SECRET_KEY (puis manage.py rattacher_psc)",
    secrete=True,
)
# Seconds of activity after which the provider is asked again whether its session still lives.
OIDC_RAFRAICHIR_SECONDES = env.entier(
    "OIDC_RAFRAICHIR_SECONDES",
    240,
    usage="secondes d’activité entre deux questions au fournisseur d’identité",
)


def exiger_https(*adresses: str) -> None:
    """A production never trusts an identity told over plain http. Raises ImproperlyConfigured."""
    for adresse in adresses:
        if not adresse.startswith("https://"):
            raise ImproperlyConfigured(
                f"Pro Santé Connect : {adresse} n’est pas en https. Le bac à sable ne sert que sous « make run »."
            )

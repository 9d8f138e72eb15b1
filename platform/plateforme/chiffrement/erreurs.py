"""Why something sealed is not read: each with what to do."""

from plateforme.core.errors import ErreurMetier, Indisponible


class CleIndisponible(Indisponible):
    """The key provider does not answer: nothing is read nor written in clear meanwhile."""

    code = "chiffrement.cle.indisponible"
    message = (
        "Le service des clés ne répond pas\u00a0: les documents, les matricules INS et les seconds facteurs ne peuvent pas "
        "être lus pour l’instant. Le planning, les transmissions et le reste fonctionnent. Réessayez dans un instant."
    )


class CleDetruite(ErreurMetier):
    """The key was destroyed on purpose: what it sealed is gone, here and in every backup."""

    code = "chiffrement.cle.detruite"
    statut = 410
    message = "Cette donnée a été effacée avec sa clé\u00a0: plus personne ne peut la lire, même depuis une sauvegarde."


class ScelleInvalide(ErreurMetier):
    """The bytes were altered, cut, or moved from elsewhere."""

    code = "chiffrement.scelle.invalide"
    statut = 500
    message = (
        "Cette donnée chiffrée est abîmée ou n’est pas à sa place\u00a0: elle n’a pas été lue. "
        "Prévenez le support\u00a0: il la retrouvera dans une sauvegarde."
    )

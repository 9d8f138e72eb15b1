"""The life of a certificate. Source: domain MIE-4 (schéma de renouvellement du guide)."""

from plateforme.core.errors import Conflit

A_COMMANDER = "a_commander"
COMMANDE = "commande"
EMIS = "emis"
INSTALLE = "installe"
TESTE = "teste"
ACTIF = "actif"
A_RENOUVELER = "a_renouveler"
REMPLACE = "remplace"
EXPIRE = "expire"
REVOQUE = "revoque"
# Ours: what was delegated here was taken back by its holder.
RETIRE = "retire"

LIBELLES = {
    A_COMMANDER: "à commander",
    COMMANDE: "commandé",
    EMIS: "émis",
    INSTALLE: "installé",
    TESTE: "testé",
    ACTIF: "actif",
    A_RENOUVELER: "à renouveler",
    REMPLACE: "remplacé",
    EXPIRE: "expiré",
    REVOQUE: "révoqué",
    RETIRE: "retiré",
}

_FINS = frozenset({EXPIRE, REVOQUE, RETIRE, REMPLACE})
SUITES: dict[str, frozenset[str]] = {
    A_COMMANDER: frozenset({COMMANDE, RETIRE}),
    COMMANDE: frozenset({EMIS, RETIRE}),
    EMIS: frozenset({INSTALLE, RETIRE}),
    INSTALLE: frozenset({TESTE}) | _FINS,
    TESTE: frozenset({ACTIF, TESTE}) | _FINS,
    ACTIF: frozenset({A_RENOUVELER}) | _FINS,
    A_RENOUVELER: _FINS,
    # Revoked afterwards all the same.
    REMPLACE: frozenset({REVOQUE}),
    # No longer needed: nobody waits for its replacement any more.
    EXPIRE: frozenset({RETIRE}),
    REVOQUE: frozenset({RETIRE}),
    RETIRE: frozenset(),
}
# It has its key and nothing ended it.
VIVANTS = frozenset({INSTALLE, TESTE, ACTIF, A_RENOUVELER})
EN_SERVICE = frozenset({ACTIF, A_RENOUVELER})
FINIS = _FINS


class PassageRefuse(Conflit):
    code = "mie.certificat.etat"


def exiger_le_passage(depuis: str, vers: str) -> None:
    """Raises PassageRefuse where the life of a certificate does not go that way."""
    if vers not in SUITES[depuis]:
        raise PassageRefuse(
            f"Ce certificat est {LIBELLES[depuis]}\u00a0: il ne peut pas devenir {LIBELLES[vers]}. Rechargez la page."
        )

"""Failures counted in the base of the structure: it works without Redis, and closes rather than opens.

An attempt is counted *before* the secret is looked at, by one statement: a hundred guesses sent at once are a hundred
attempts. A success takes its attempt back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import connections, router
from django.utils.crypto import salted_hmac
from psycopg import sql

from plateforme.core.clock import now, today
from plateforme.core.errors import ErreurMetier
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import (
    BLOCAGE_MAX,
    DEPARTS_PERMIS,
    ECHECS_PERMIS,
    ECHECS_PERMIS_PAR_ADRESSE,
    OUBLI_DES_DEPARTS,
    OUBLI_DES_ECHECS,
    PREMIER_BLOCAGE,
)

# Kinds counted by address: how many, forgotten after how long. A success takes back its own attempt, not the others’.
_PAR_ADRESSE = {
    "ip": (ECHECS_PERMIS_PAR_ADRESSE, OUBLI_DES_ECHECS),
    "dp": (DEPARTS_PERMIS, OUBLI_DES_DEPARTS),
    "od": (DEPARTS_PERMIS, OUBLI_DES_DEPARTS),
}

# ``v`` is the row as it was. While it is locked nothing moves: an impatient person does not lengthen their wait.
_TENTER = sql.SQL("""
INSERT INTO {table} AS v (cle, echecs, essai_a, bloque_jusqu_a, jour, blocages)
VALUES (%(cle)s, 1, %(instant)s, NULL, %(jour)s, 0)
ON CONFLICT (cle) DO UPDATE SET
  echecs = {echecs}, essai_a = %(instant)s, jour = %(jour)s,
  bloque_jusqu_a = CASE WHEN {echecs} >= %(permis)s THEN
    %(instant)s + least(%(maximum)s, %(premier)s * power(2, least({echecs} - %(permis)s, 10))) * interval '1 second' END,
  blocages = CASE WHEN v.jour = %(jour)s THEN v.blocages ELSE 0 END
    + CASE WHEN {echecs} >= %(permis)s THEN 1 ELSE 0 END
WHERE v.bloque_jusqu_a IS NULL OR v.bloque_jusqu_a <= %(instant)s
RETURNING echecs, bloque_jusqu_a, blocages
""")
_ECHECS = sql.SQL("(CASE WHEN v.essai_a < %(oubli)s THEN 1 ELSE v.echecs + 1 END)")
# Taking back one’s own attempt: from zero for what only its owner knows, by one for an address.
_RENDRE = sql.SQL("""
UPDATE {table} SET bloque_jusqu_a = NULL,
  blocages = greatest(0, blocages - CASE WHEN bloque_jusqu_a IS NULL THEN 0 ELSE 1 END),
  echecs = CASE WHEN %(tout)s THEN 0 ELSE greatest(0, echecs - 1) END
WHERE cle = %(cle)s
""")


class TropDEssais(ErreurMetier):
    """The same sentence for an account that exists and for one that does not."""

    code: ClassVar[str] = "plateforme.essais.trop"
    statut: ClassVar[int] = 429
    definitif: ClassVar[bool] = False
    message = "Trop d’essais."


@dataclass(frozen=True, slots=True)
class Essai:
    """One counted attempt. ``bloque``: if it fails, the door is now closed; ``blocages``: how many times today."""

    cle: str
    bloque_jusqu_a: datetime | None
    blocages: int

    @property
    def bloque(self) -> bool:
        return self.bloque_jusqu_a is not None


def cle_d_identifiant(identifiant: str) -> str:
    return _cle("id", identifiant.strip().casefold())


def cle_d_adresse(adresse: str | None) -> str:
    return _cle("ip", adresse or "")


def cle_de_depart(adresse: str | None) -> str:
    """Towards a provider: taken back when it answers well."""
    return _cle("dp", adresse or "")


def cle_d_ordre(adresse: str | None) -> str:
    """Sign-out orders of a provider’s server: taken back when obeyed."""
    return _cle("od", adresse or "")


def cle_de_codes(compte_id: Any) -> str:
    """Codes, passkeys and recovery codes of one account."""
    return _cle("2f", str(compte_id))


def _cle(genre: str, valeur: str) -> str:
    """A keyed fingerprint: the table is no list of who tried."""
    empreinte = salted_hmac(f"treille.verrou.{genre}", valeur, algorithm="sha256").hexdigest()
    return f"{genre}:{empreinte}"


def _executer(requete: sql.SQL, **valeurs: Any) -> Any:
    modele = modeles().verrou
    with connections[router.db_for_write(modele)].cursor() as curseur:
        curseur.execute(requete.format(table=sql.Identifier(modele._meta.db_table), echecs=_ECHECS), valeurs)
        return curseur.fetchone() if curseur.description else None


def tenter(cle: str) -> Essai:
    """Count an attempt. Raises TropDEssais while the door is closed; then nothing is counted."""
    permis, oubli = _PAR_ADRESSE.get(cle.partition(":")[0], (ECHECS_PERMIS, OUBLI_DES_ECHECS))
    instant = now()
    ligne = _executer(
        _TENTER,
        cle=cle,
        instant=instant,
        jour=today(),
        oubli=instant - oubli,
        permis=permis,
        premier=PREMIER_BLOCAGE.total_seconds(),
        maximum=BLOCAGE_MAX.total_seconds(),
    )
    if ligne is None:
        raise TropDEssais(_phrase(cle, instant))
    return Essai(cle, ligne[1], ligne[2])


def rendre(essai: Essai) -> None:
    """The attempt was good."""
    rendre_un_essai(essai.cle)


def rendre_un_essai(cle: str) -> None:
    """The same, where the attempt began in another request."""
    _executer(_RENDRE, cle=cle, tout=cle.partition(":")[0] not in _PAR_ADRESSE)


def _phrase(cle: str, instant: datetime) -> str:
    fin = modeles().verrou.objects.filter(pk=cle).values_list("bloque_jusqu_a", flat=True).first()
    secondes = max(1, int((fin - instant).total_seconds()) + 1) if fin else 60
    attente = f"{secondes} secondes" if secondes <= 90 else f"{(secondes + 59) // 60} minutes"
    return f"Trop d’essais\u00a0: attendez {attente}, puis réessayez."

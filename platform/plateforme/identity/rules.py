"""Figures and tables of sign-in, in one place, each with its reason."""

from datetime import timedelta

from plateforme.habilitations import roles

# Between the password and the second factor.
DELAI_DU_SECOND_FACTEUR = timedelta(minutes=5)
# ASVS 7.3.2: whatever the activity.
DUREE_WEB = timedelta(hours=10)
DUREE_APPAREIL = timedelta(days=14)
INACTIVITE_MINUTES = 20
# An anonymous session holds what a sign-in or an enrolment needs between two pages.
DUREE_ANONYME = timedelta(minutes=30)
# ``vue_a`` is written at most this often.
PAS_DE_VUE = timedelta(minutes=1)
# A sensitive act asks for a proof of identity no older than this (ASVS 7.5.3).
FRAICHEUR = timedelta(minutes=5)

VIE_D_UN_LIEN = timedelta(days=7)
VIE_D_UN_OUBLI = timedelta(minutes=30)

CODES_DE_SECOURS = 10
FACTEURS_MAX = 10

# PGSSI-S 5.2.3.1: three failures close the door for a minute at least, then longer and longer.
ECHECS_PERMIS = 3
# An address is often a whole office: it takes more, and never opens again on somebody's success.
ECHECS_PERMIS_PAR_ADRESSE = 15
PREMIER_BLOCAGE = timedelta(seconds=60)
BLOCAGE_MAX = timedelta(minutes=15)
# A failure is forgotten after a day without another.
OUBLI_DES_ECHECS = timedelta(hours=24)
# Departures towards a provider that never came back, and sign-out orders that were not obeyed, from one address: a
# whole office leaves through one, so more, and forgotten sooner.
DEPARTS_PERMIS = 60
OUBLI_DES_DEPARTS = timedelta(minutes=10)
# PGSSI-S 5.2.3.3.
BLOCAGES_AVANT_ALERTE = 3

LONGUEUR_MIN = 12
LONGUEUR_MAX = 128

# Who may invite whom; also who may check an identity, and give back a lost second factor.
INVITE: dict[str, frozenset[str]] = {
    roles.DIRECTION: frozenset((*roles.SALARIES, roles.USAGER, roles.PARTENAIRE)),
    roles.RESPONSABLE: frozenset(roles.TERRAIN),
    roles.IDEC: frozenset(roles.TERRAIN),
}

# Months between two looks at the RPPS, where no dated parameter says otherwise.
RPPS_PARAMETRE = "identity.rpps.periodicite"
RPPS_MOIS = 24


def peut_inviter(role_de_qui: str, role: str) -> bool:
    return role in INVITE.get(role_de_qui, frozenset())

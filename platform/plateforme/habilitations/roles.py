"""Functions of a SAD, grouped. A right is given to a function, never to a rank. Source: domain roles; decisions/0007."""

DIRECTION = "direction"
RESPONSABLE = "responsable_secteur"
IDEC = "idec"
INFIRMIER = "infirmier"
AIDE_SOIGNANT = "aide_soignant"
INTERVENANT = "intervenant"
SECRETARIAT = "secretariat"
COMPTABLE = "comptable_rh"
DPD = "dpd"
USAGER = "usager"
PARTENAIRE = "partenaire"
# Held by no account and by no cell of the matrix: see ``habilitations.support``.
SUPPORT = "support"

DECIDE = (DIRECTION, RESPONSABLE, IDEC)
# Those who organise the service, at a desk.
BUREAU = (*DECIDE, SECRETARIAT)
# Those who read the planning of everybody.
SEDENTAIRES = (*BUREAU, COMPTABLE)
# Those who go to people's homes.
TERRAIN = (INFIRMIER, AIDE_SOIGNANT, INTERVENANT)
# Those whose function is to give or to coordinate care.
SOINS = (IDEC, INFIRMIER, AIDE_SOIGNANT)
EQUIPE = (*BUREAU, *TERRAIN)
# Everybody the structure employs.
SALARIES = (*EQUIPE, COMPTABLE, DPD)

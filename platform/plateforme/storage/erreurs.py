"""Why a file is not taken, or not given: each with how to mend it."""

from plateforme.core.errors import Conflit, ErreurMetier


class FichierRefuse(ErreurMetier):
    """The sentence goes under the field of the file."""

    code = "storage.fichier.refuse"

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase, champs={"fichier": phrase})


class EnQuarantaine(Conflit):
    code = "storage.document.en_quarantaine"
    message = "Ce document attend son contrôle antivirus\u00a0: il s’ouvrira dès qu’il sera passé, en général en une minute."


class DocumentFerme(ErreurMetier):
    code = "storage.document.ferme"
    statut = 410
    message = "Ce document n’est plus lisible\u00a0: il a été effacé, ou refusé par l’antivirus."


class LienPerime(ErreurMetier):
    code = "storage.lien.perime"
    statut = 403
    message = "Ce lien a expiré, ou n’est pas le vôtre\u00a0: rouvrez le document depuis le dossier."

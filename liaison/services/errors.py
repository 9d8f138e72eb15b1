"""What is refused, each with its sentence."""

from plateforme.core.errors import Conflit, ErreurMetier


class TransmissionVide(ErreurMetier):
    code = "liaison.transmission.vide"
    message = "Écrivez un mot, ou dites comment va la personne."

    def __init__(self) -> None:
        super().__init__(champs={"texte": self.message})


class ChampRefuse(ErreurMetier):
    """One field is wrong; ``champs`` has its name."""

    code = "liaison.transmission.invalide"

    def __init__(self, champ: str, phrase: str) -> None:
        super().__init__(phrase, champs={champ: phrase})


class HorsAffectation(ErreurMetier):
    """Not on the case when the note was written: kept for a person to look at, not published."""

    code = "liaison.usager.hors_affectation"
    message = (
        "Cet envoi est gardé, mais la personne n’était pas de vos visites\u00a0: le service le reprendra."
    )


class PasAuteur(ErreurMetier):
    code = "liaison.transmission.pas_auteur"
    statut = 403
    message = "Une transmission se corrige par la personne qui l’a écrite."


class DejaCorrigee(Conflit):
    code = "liaison.transmission.deja_corrigee"
    message = "Cette transmission a déjà été corrigée\u00a0: corrigez la dernière version."

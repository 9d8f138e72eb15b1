"""What is refused, each with its sentence."""

from typing import Any

from plateforme.core.errors import Conflit, ErreurMetier


class FicheRefusee(ErreurMetier):
    """One or several fields are wrong; ``champs`` has a sentence for each."""

    code = "dossier.usager.incomplet"
    message = "Un ou plusieurs champs sont à corriger."

    def __init__(self, champs: dict[str, str]) -> None:
        super().__init__(champs=champs)


class HomonymePossible(Conflit):
    """Same name and date of birth as a person already there: two files of one person are a danger."""

    code = "dossier.usager.homonyme"
    message = (
        "Une personne de même nom, même prénom et même date de naissance a déjà un dossier. "
        "Vérifiez, puis confirmez s’il s’agit bien de quelqu’un d’autre."
    )


class UsagerModifie(Conflit):
    """Somebody wrote since the form was opened; ``actuel`` is the row as it is now."""

    code = "dossier.usager.modifie_entre_temps"
    message = (
        "Quelqu’un d’autre vient de modifier ce dossier. Votre saisie est gardée\u00a0: "
        "comparez, puis enregistrez de nouveau."
    )

    def __init__(self, actuel: Any) -> None:
        self.actuel = actuel
        super().__init__()


class DejaSorti(ErreurMetier):
    code = "dossier.usager.deja_sorti"
    message = "La sortie de cette personne est déjà enregistrée."

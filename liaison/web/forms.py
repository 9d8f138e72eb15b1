"""Forms of the cahier. They shape what is typed; the rules are in the services."""

from typing import Any
from uuid import UUID

from django import forms

from dossier.models import Usager
from dossier.queries import usagers_visibles
from liaison.models import Audience, Observation
from plateforme.web.formulaires import Formulaire

AUDIENCES = [
    (Audience.EQUIPE.value, "Équipe"),
    (Audience.SOINS.value, "Soins seulement"),
    (Audience.FAMILLE.value, "Équipe et famille"),
]


class Note(Formulaire, forms.Form):
    """What is told, how the person is, for whom. The audience is the least by default, the observation is an act."""

    texte = forms.CharField(
        label="Votre note",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "4000 caractères au plus."},
    )
    observation = forms.ChoiceField(
        label="Comment va la personne",
        required=False,
        choices=Observation.choices,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label="Pour qui",
        choices=AUDIENCES,
        initial=Audience.EQUIPE.value,
        widget=forms.RadioSelect,
        help_text="«\u00a0Soins seulement\u00a0» se lit par l’infirmier coordinateur, les soignants et vous.",
        error_messages={"required": "Choisissez pour qui est cette transmission."},
    )


class NouvelleNote(Note):
    usager = forms.ModelChoiceField(
        queryset=Usager.objects.none(),
        label="Usager",
        empty_label="Choisir un usager",
        error_messages={
            "required": "Choisissez un usager.",
            "invalid_choice": "Cette personne n’est pas dans vos dossiers.",
        },
    )
    field_order = ("usager", "texte", "observation", "audience")

    def __init__(self, *args: Any, acteur: Any, garder: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["usager"]
        visibles = usagers_visibles(acteur)
        # ``garder``: one may still write about somebody who has left, from their own page.
        choix = visibles.accompagnes() | visibles.filter(pk=garder) if garder else visibles.accompagnes()
        champ.queryset = choix.order_by("cle_tri")

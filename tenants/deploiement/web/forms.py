"""Forms of the deployment, on both sites."""

from typing import Any

from django import forms

from plateforme.core.errors import ErreurMetier
from plateforme.web.formulaires import Formulaire
from tenants.deploiement.gabarits import QUESTIONS
from tenants.deploiement.models import TypeDeProjet
from tenants.services import liste_csv

_TYPES = [(t.value, str(t.label).capitalize()) for t in TypeDeProjet]


class Marquer(Formulaire, forms.Form):
    preuve = forms.CharField(
        label="Ce qui le prouve",
        max_length=300,
        required=False,
        help_text="Une référence, une date, un lien interne.",
    )
    piece = forms.FileField(
        label="Pièce",
        required=False,
        help_text="PDF, photo ou document. Elle reste dans le coffre de la structure.",
    )


class MarquerSansPiece(Formulaire, forms.Form):
    """From the network: a reference only, files stay in structures."""

    preuve = forms.CharField(
        label="Ce qui le prouve", max_length=300, required=False, help_text="Une référence ou une date."
    )


class Motiver(Formulaire, forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=500,
        widget=forms.Textarea,
        help_text="Une phrase. Lue par le porteur, gardée.",
    )


class Signer(Formulaire, forms.Form):
    fonction = forms.CharField(
        label="Votre fonction", max_length=100, help_text="Telle qu’elle sera écrite au procès-verbal."
    )
    reserves = forms.CharField(
        label="Réserves", max_length=4000, required=False, widget=forms.Textarea,
        help_text="Ce qui reste à corriger sans empêcher le service.",
    )  # fmt: skip
    lu = forms.BooleanField(label="J’ai vérifié le service, je le déclare conforme.")


class Questionnaire(Formulaire, forms.Form):
    """One question a field, four answers from the least to the most advanced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.code] = forms.TypedChoiceField(
                label=question.texte,
                choices=list(enumerate(question.reponses)),
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez la réponse la plus proche."},
            )

    @property
    def par_axe(self) -> list[tuple[str, list[Any]]]:
        axes: dict[str, list[Any]] = {}
        for question in QUESTIONS:
            axes.setdefault(question.axe, []).append(self[question.code])
        return list(axes.items())


class Ouvrir(Formulaire, forms.Form):
    """A type and a date for the members that have no deployment yet."""

    type = forms.ChoiceField(
        label="Type de projet",
        choices=_TYPES,
        widget=forms.RadioSelect,
    )
    mise_en_production = forms.DateField(label="Mise en production visée")
    structures = forms.MultipleChoiceField(label="Structures", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, structures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structures"].choices = structures  # type: ignore[attr-defined]


class Vaguer(Formulaire, forms.Form):
    nom = forms.CharField(label="Nom de la vague", max_length=60, help_text="« Vague 1 », « Littoral »…")
    mise_en_production = forms.DateField(label="Mise en production")
    structures = forms.MultipleChoiceField(label="Structures", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, structures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structures"].choices = structures  # type: ignore[attr-defined]


class Planifier(Formulaire, forms.Form):
    mise_en_production = forms.DateField(label="Nouvelle date de mise en production")


class InscrireDesMembres(Formulaire, forms.Form):
    """The porteur's own list. Read before anything starts; opening their deployment is offered in the same step."""

    fichier = forms.FileField(
        label="Liste au format CSV",
        help_text="Colonnes : raison sociale, FINESS ET, FINESS EJ, commune, profil (SAAD, domicile ou SSIAD).",
    )
    type = forms.ChoiceField(
        label="Type de projet",
        choices=_TYPES,
        widget=forms.RadioSelect,
    )
    mise_en_production = forms.DateField(label="Mise en production visée")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fichier"].widget.attrs["accept"] = ".csv,text/csv,text/plain"

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > liste_csv.OCTETS_MAX:
            raise forms.ValidationError("Le fichier dépasse 2 Mo : coupez-le en plusieurs listes.")
        try:
            self.demandes = liste_csv.lire(fichier.read())
        except ErreurMetier as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichier

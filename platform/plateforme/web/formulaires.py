"""How forms look and speak: one renderer, one base, two native pickers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plateforme.core.errors import ErreurMetier

_WIDGETS = DjangoTemplates()


class Rendu(TemplatesSetting):
    """Our templates for the form and its fields, Django's own for the widgets."""

    form_template_name = "plateforme/formulaire.html"
    field_template_name = "plateforme/champ.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("django/forms/"):
            return _WIDGETS.get_template(template_name)
        return super().get_template(template_name)


class ChoixDate(forms.DateInput):
    """The browser's own calendar; it speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ChoixHeure(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


@dataclass(frozen=True, slots=True)
class LigneErreur:
    """A line of the summary; ``ancre`` is the id of the field to jump to."""

    ancre: str
    libelle: str
    message: str


if TYPE_CHECKING:
    _Base = forms.BaseForm
else:
    _Base = object


class Formulaire(_Base):
    """Mixin, before ``forms.Form`` or ``forms.ModelForm``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # The server's sentences are better than the browser's, and come together: see the summary.
        self.use_required_attribute = False
        for champ in self.fields.values():
            _choisir_widget(champ)

    @property
    def resume_erreurs(self) -> Sequence[LigneErreur]:
        """Every error in the order of the page, the general ones first."""
        if not self.is_bound:
            return []
        lignes = [LigneErreur("", "", str(erreur)) for erreur in self.non_field_errors()]
        for champ in self:
            ancre = f"{champ.auto_id}_0" if champ.use_fieldset else champ.id_for_label
            lignes += [LigneErreur(str(ancre), str(champ.label), str(erreur)) for erreur in champ.errors]
        return lignes


def _choisir_widget(champ: forms.Field) -> None:
    """A date or a time asked with Django's default text box gets the native picker."""
    if isinstance(champ, forms.DateField) and type(champ.widget) is forms.DateInput:
        champ.widget = ChoixDate(champ.widget.attrs)
    elif isinstance(champ, forms.TimeField) and type(champ.widget) is forms.TimeInput:
        champ.widget = ChoixHeure(champ.widget.attrs)
    elif isinstance(champ.widget, forms.Textarea) and champ.widget.attrs.get("rows") == "10":
        champ.widget.attrs["rows"] = "4"


def porter(form: forms.BaseForm, erreur: ErreurMetier) -> None:
    """A business refusal becomes the error of its field, else of the whole form."""
    connus = {champ: phrase for champ, phrase in erreur.champs.items() if champ in form.fields}
    if not connus:
        form.add_error(None, erreur.message)
    for champ, phrase in connus.items():
        form.add_error(champ, phrase)


def repondre(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], form: forms.BaseForm, *, partiel: str = ""
) -> HttpResponse:
    """The page of a form: 422 when it was refused, and the partial alone when htmx asked for it."""
    nom = f"{gabarit}#{partiel}" if partiel and request.headers.get("HX-Request") else gabarit
    return render(request, nom, {"form": form, **contexte}, status=422 if form.errors else 200)

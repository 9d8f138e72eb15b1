"""The step of a template, as the platform edits it."""

from typing import Any

from django import forms

from plateforme.faits import faits
from plateforme.web.formulaires import Formulaire
from tenants.deploiement.models import EtapeModele, Gabarit, Responsable
from tenants.deploiement.models.gabarit import PHASES


class EtapeDeGabarit(Formulaire, forms.Form):
    code = forms.SlugField(
        label="Code", max_length=40, help_text="Court et stable : lettres, chiffres, tiret bas."
    )
    titre = forms.CharField(label="Titre", max_length=120)
    aide = forms.CharField(label="Comment faire", max_length=500, required=False, widget=forms.Textarea)
    phase = forms.ChoiceField(label="Phase", choices=[(c, n.capitalize()) for c, n in PHASES])
    ordre = forms.IntegerField(label="Ordre", min_value=1, max_value=500)
    responsable = forms.ChoiceField(
        label="Qui", choices=[(r.value, str(r.label).capitalize()) for r in Responsable]
    )
    jours_avant = forms.IntegerField(
        label="Jours avant la mise en production", min_value=-365, max_value=730, help_text="Négatif : après."
    )
    fait = forms.ChoiceField(label="Fait qui la coche", required=False)
    bloquante = forms.BooleanField(label="Bloque la mise en production", required=False)
    derogeable = forms.BooleanField(label="Peut être dérogée par la direction", required=False)
    preuve_exigee = forms.BooleanField(label="Demande une preuve", required=False)
    depend_de = forms.MultipleChoiceField(label="Attend", required=False, widget=forms.CheckboxSelectMultiple)
    source = forms.CharField(label="Source", max_length=200, required=False)

    def __init__(self, *args: Any, gabarit: Gabarit, etape: EtapeModele | None, **kwargs: Any) -> None:
        if etape is not None:
            kwargs["initial"] = {c: getattr(etape, c) for c in self.base_fields if c != "code"}
        super().__init__(*args, **kwargs)
        if etape is not None:
            del self.fields["code"]
        connus = [(f.code, f.phrase) for f in faits()]
        self.fields["fait"].choices = [("", "Aucun : elle se coche à la main"), *connus]  # type: ignore[attr-defined]
        autres = [(e.code, e.titre) for e in gabarit.etapes.all() if etape is None or e.pk != etape.pk]
        self.fields["depend_de"].choices = autres  # type: ignore[attr-defined]

    def valeurs(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

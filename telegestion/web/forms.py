"""Forms of the planning. They shape what is typed; the rules are in the services."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from dossier.models import Secteur, Usager
from dossier.queries import usagers_visibles
from plateforme.core.clock import instant
from plateforme.habilitations.roles import TERRAIN
from plateforme.identity.models import Compte
from plateforme.web.formulaires import Formulaire
from telegestion.models import Intervenant, Metier, MotifAbsence, Nature

OBLIGATOIRE = {"required": "Ce champ est obligatoire."}
DUREES = [
    (15, "15 min"),
    (30, "30 min"),
    (45, "45 min"),
    (60, "1\u00a0h"),
    (75, "1\u00a0h\u00a015"),
    (90, "1\u00a0h\u00a030"),
    (120, "2\u00a0h"),
    (150, "2\u00a0h\u00a030"),
    (180, "3\u00a0h"),
    (240, "4\u00a0h"),
]


class Horaire(Formulaire, forms.Form):
    """Who and when: what a move needs."""

    intervenant = forms.ModelChoiceField(
        queryset=Intervenant.objects.none(),
        required=False,
        empty_label="À pourvoir",
        label="Intervenant",
        help_text="Sans intervenant, la visite reste à pourvoir\u00a0: elle se voit en rouge partout.",
        error_messages={"invalid_choice": "Cet intervenant n’est pas dans votre structure."},
    )
    jour = forms.DateField(
        label="Date", error_messages={**OBLIGATOIRE, "invalid": "Écrivez la date sous la forme 24/11/2026."}
    )
    debut = forms.TimeField(
        label="Heure de début",
        error_messages={**OBLIGATOIRE, "invalid": "Écrivez l’heure sous la forme 08:30."},
    )
    duree = forms.TypedChoiceField(
        label="Durée", choices=DUREES, coerce=int, initial=60, error_messages=OBLIGATOIRE
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["intervenant"]
        champ.queryset = Intervenant.objects.filter(parti_le=None)
        initiale = self.initial.get("duree")
        choix: Any = self.fields["duree"]
        if initiale and initiale not in dict(DUREES):
            choix.choices = sorted([*DUREES, (initiale, f"{initiale} min")])

    def debut_instant(self) -> datetime:
        jour: date = self.cleaned_data["jour"]
        heure: time = self.cleaned_data["debut"]
        return instant(jour, heure)


class NouvelleIntervention(Horaire):
    usager = forms.ModelChoiceField(
        queryset=Usager.objects.none(),
        label="Usager",
        empty_label="Choisir un usager",
        error_messages={
            "required": "Choisissez un usager.",
            "invalid_choice": "Cet usager n’est pas accompagné par le service.",
        },
    )
    nature = forms.ChoiceField(
        label="Nature",
        choices=Nature.choices,
        error_messages={**OBLIGATOIRE, "invalid_choice": "Choisissez une nature de visite."},
    )
    consigne = forms.CharField(
        label="Consigne",
        required=False,
        max_length=300,
        help_text="Ce que l’intervenant doit savoir pour cette visite.",
        error_messages={"max_length": "La consigne tient en 300 caractères."},
    )
    gestes = forms.CharField(
        label="Gestes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Un geste par ligne. Ils se cochent sur le téléphone.",
    )
    field_order = ("usager", "intervenant", "jour", "debut", "duree", "nature", "consigne", "gestes")

    def __init__(self, *args: Any, acteur: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["usager"]
        champ.queryset = usagers_visibles(acteur).accompagnes()


class Motif(Formulaire, forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=200,
        error_messages={
            "required": "Dites pourquoi la visite est annulée.",
            "max_length": "Le motif tient en 200 caractères.",
        },
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NouvelIntervenant(Formulaire, forms.Form):
    prenom = forms.CharField(label="Prénom", max_length=100, error_messages=OBLIGATOIRE)
    nom = forms.CharField(label="Nom", max_length=100, error_messages=OBLIGATOIRE)
    metier = forms.ChoiceField(label="Métier", choices=Metier.choices, error_messages=OBLIGATOIRE)
    telephone = forms.CharField(
        label="Téléphone",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    secteur = forms.ModelChoiceField(
        queryset=Secteur.objects.none(), required=False, empty_label="Aucun", label="Secteur"
    )
    heures = forms.IntegerField(
        label="Heures par semaine au contrat",
        initial=35,
        error_messages={**OBLIGATOIRE, "invalid": "Écrivez un nombre d’heures, par exemple 35."},
    )
    compte = forms.ModelChoiceField(
        queryset=Compte.objects.none(),
        required=False,
        empty_label="Pas encore de compte",
        label="Compte",
        help_text="Le compte avec lequel cette personne ouvre sa tournée. Il peut venir plus tard.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        secteur: Any = self.fields["secteur"]
        secteur.queryset = Secteur.objects.all()
        compte: Any = self.fields["compte"]
        compte.queryset = Compte.objects.filter(
            role__in=TERRAIN, actif=True, intervenant__isnull=True
        ).order_by("cle_tri")


class DeclarationAbsence(Formulaire, forms.Form):
    """Whole days, both included: what one says on the telephone."""

    debut = forms.DateField(label="Premier jour", error_messages=OBLIGATOIRE)
    fin = forms.DateField(label="Dernier jour", error_messages=OBLIGATOIRE)
    motif = forms.ChoiceField(
        label="Motif",
        choices=[(cle, mot.capitalize()) for cle, mot in MotifAbsence.choices],
        error_messages=OBLIGATOIRE,
    )

    def clean(self) -> dict[str, Any]:
        propre: dict[str, Any] = super().clean() or {}
        debut, fin = propre.get("debut"), propre.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", f"Le dernier jour ({fin:%d/%m/%Y}) précède le premier ({debut:%d/%m/%Y}).")
        return propre

    def bornes(self) -> tuple[datetime, datetime]:
        lendemain = self.cleaned_data["fin"] + timedelta(days=1)
        return instant(self.cleaned_data["debut"], time.min), instant(lendemain, time.min)

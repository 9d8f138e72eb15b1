"""Forms of the dossier. They shape what is typed; the rules are in the services."""

from typing import Any

from django import forms

from dossier.models import Civilite, Niveau, Secteur, Usager
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.roles import SOINS
from plateforme.web.formulaires import Formulaire

OBLIGATOIRE = {"required": "Ce champ est obligatoire."}
DATE = {"invalid": "Écrivez la date sous la forme 24/11/1942."}
TELEPHONE = {"inputmode": "tel", "autocomplete": "off"}
SANS = {"autocomplete": "off"}


def porter(form: forms.Form, erreur: ErreurMetier) -> None:
    """A business refusal becomes the errors of its fields, else of the whole form."""
    for champ, phrase in erreur.champs.items():
        cible = champ.removesuffix("_id")
        form.add_error(cible if cible in form.fields else None, phrase)
    if not erreur.champs:
        form.add_error(None, erreur.message)


class FicheUsager(Formulaire, forms.Form):
    """One form for an admission and for a change."""

    civilite = forms.ChoiceField(
        label="Civilité",
        choices=[("", "Choisir"), *Civilite.choices],
        error_messages={"required": "Choisissez une civilité."},
    )
    prenoms = forms.CharField(
        label="Prénoms",
        max_length=100,
        help_text="Tous les prénoms de l’état civil, le premier d’abord.",
        widget=forms.TextInput(attrs=SANS),
        error_messages={"required": "Écrivez au moins un prénom."},
    )
    nom_naissance = forms.CharField(
        label="Nom de naissance",
        max_length=100,
        widget=forms.TextInput(attrs=SANS),
        error_messages={"required": "Écrivez le nom de naissance."},
    )
    nom_usage = forms.CharField(
        label="Nom d’usage",
        max_length=100,
        required=False,
        help_text="S’il diffère du nom de naissance.",
        widget=forms.TextInput(attrs=SANS),
    )
    ne_le = forms.DateField(
        label="Date de naissance", error_messages={"required": "Écrivez la date de naissance.", **DATE}
    )
    accompagne_depuis = forms.DateField(label="Accompagnement depuis", error_messages={**OBLIGATOIRE, **DATE})
    secteur = forms.ModelChoiceField(
        queryset=Secteur.objects.none(),
        label="Secteur",
        required=False,
        empty_label="Aucun",
        error_messages={"invalid_choice": "Ce secteur n’existe pas dans votre structure."},
    )
    telephone = forms.CharField(
        label="Téléphone", max_length=30, required=False, widget=forms.TextInput(attrs=TELEPHONE)
    )
    adresse = forms.CharField(
        label="Adresse", max_length=200, required=False, widget=forms.TextInput(attrs=SANS)
    )
    code_postal = forms.CharField(
        label="Code postal",
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={**SANS, "inputmode": "numeric"}),
    )
    commune = forms.CharField(
        label="Commune", max_length=100, required=False, widget=forms.TextInput(attrs=SANS)
    )
    vit_seul = forms.BooleanField(label="Vit seul", required=False)
    acces_logement = forms.CharField(
        label="Clés et code de porte",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=SANS),
        help_text="Masqué dans le dossier, affiché à la demande. Chaque affichage est tracé.",
    )
    medecin = forms.CharField(
        label="Médecin traitant", max_length=120, required=False, widget=forms.TextInput(attrs=SANS)
    )
    medecin_telephone = forms.CharField(
        label="Téléphone du médecin", max_length=30, required=False, widget=forms.TextInput(attrs=TELEPHONE)
    )
    gir = forms.TypedChoiceField(
        label="GIR",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Non évalué"), *((n, f"GIR {n}") for n in range(1, 7))],
    )

    def __init__(self, *args: Any, acteur: Any, usager: Usager | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        secteur: Any = self.fields["secteur"]
        secteur.queryset = Secteur.objects.all()
        self.garde_l_acces = usager is not None and bool(usager.acces_logement)
        if usager is not None:
            self.initial = {**self._valeurs(usager), **self.initial}
        else:
            self.initial.setdefault("accompagne_depuis", today())
        if self.garde_l_acces:
            # What is masked on the file is not shown by its form either: that would leave no trace.
            self.fields["acces_logement"].help_text = "Laissez vide pour garder ce qui est enregistré."
            self.fields["acces_logement"].widget.attrs["placeholder"] = "••••"
        lit = usager.lit_la_sante if usager is not None else acteur.role in SOINS  # type: ignore[attr-defined]
        if not lit:
            del self.fields["gir"]

    @staticmethod
    def _valeurs(usager: Usager) -> dict[str, Any]:
        champs = [nom for nom in FicheUsager.base_fields if nom not in ("secteur", "acces_logement")]
        return {"secteur": usager.secteur_id, **{nom: getattr(usager, nom) for nom in champs}}

    def champs(self) -> dict[str, Any]:
        """What the service takes; an empty access keeps the one recorded."""
        lus = dict(self.cleaned_data)
        secteur = lus.pop("secteur")
        lus["secteur_id"] = secteur.pk if secteur else None
        if self.garde_l_acces and not lus["acces_logement"]:
            del lus["acces_logement"]
        return lus


class Sortie(Formulaire, forms.Form):
    sorti_le = forms.DateField(label="Date de sortie", error_messages={**OBLIGATOIRE, **DATE})


class NouveauProche(Formulaire, forms.Form):
    nom_complet = forms.CharField(
        label="Nom",
        max_length=150,
        widget=forms.TextInput(attrs=SANS),
        error_messages={"required": "Écrivez le nom de cette personne."},
    )
    lien = forms.CharField(
        label="Lien",
        max_length=60,
        help_text="Fille, voisin, amie, tutrice…",
        widget=forms.TextInput(attrs=SANS),
        error_messages={"required": "Dites le lien avec la personne accompagnée."},
    )
    telephone = forms.CharField(
        label="Téléphone", max_length=30, required=False, widget=forms.TextInput(attrs=TELEPHONE)
    )
    personne_de_confiance = forms.BooleanField(label="Personne de confiance désignée", required=False)


class NouvelleVigilance(Formulaire, forms.Form):
    libelle = forms.CharField(
        label="Ce qu’il faut savoir",
        max_length=120,
        widget=forms.TextInput(attrs=SANS),
        error_messages={"required": "Dites en quelques mots ce qu’il faut savoir."},
    )
    niveau = forms.ChoiceField(
        label="Niveau",
        choices=[(Niveau.ATTENTION.value, "Attention"), (Niveau.ALERTE.value, "Alerte")],
        initial=Niveau.ATTENTION.value,
    )
    sante = forms.BooleanField(
        label="Donnée de santé",
        required=False,
        help_text="Visible de l’infirmier coordinateur et des soignants seulement.",
    )


class NouveauDocument(Formulaire, forms.Form):
    fichier = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.odt,.txt,.csv"}),
        error_messages={
            "required": "Choisissez un fichier sur votre appareil.",
            "empty": "Ce fichier est vide\u00a0: vérifiez qu’il s’ouvre sur votre appareil, puis recommencez.",
            "missing": "Choisissez un fichier sur votre appareil.",
            "invalid": "Ce fichier n’a pas été reçu\u00a0: choisissez-le de nouveau.",
            "max_length": "Le nom de ce fichier est trop long\u00a0: raccourcissez-le.",
        },
    )
    sante = forms.BooleanField(
        label="Donnée de santé",
        required=False,
        initial=True,
        help_text="Coché, seules les fonctions de soin l’ouvrent.",
    )

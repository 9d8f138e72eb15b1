"""Forms of the grappe's project."""

from decimal import Decimal
from typing import Any

from django import forms

from plateforme.web.formulaires import Formulaire
from tenants.projet.models import (
    ContactRegional,
    DecisionDeCumul,
    FinancementDeclare,
    Programme,
    Region,
    Seuil,
)


def _choisir(choix: Any) -> list[tuple[str, str]]:
    """Choices of a model, as a form says them: nothing chosen first, a capital letter."""
    return [("", "Choisir"), *((v, str(libelle)[:1].upper() + str(libelle)[1:]) for v, libelle in choix)]


class Montant(forms.DecimalField):
    """« 12 500,50 » as people type it."""

    def __init__(self, **autres: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, localize=False, **autres)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace("€", "").replace(",", ".")
        return super().to_python(value)


class Consentir(Formulaire, forms.Form):
    donne_le = forms.DateField(label="Consentement donné le")
    fonction = forms.CharField(
        label="Fonction du signataire",
        max_length=120,
        help_text="Par exemple\u00a0: directrice générale. Pas de nom.",
    )
    reference = forms.CharField(
        label="Référence de la pièce", max_length=120, help_text="Où se trouve le document signé."
    )


class RetirerLeConsentement(Formulaire, forms.Form):
    retire_le = forms.DateField(label="Retiré le")
    motif = forms.CharField(label="Motif du retrait", max_length=300)


class FixerLeType(Formulaire, forms.Form):
    programme = forms.ModelChoiceField(
        label="Programme", queryset=Programme.objects.none(), empty_label="Choisir"
    )
    genre = forms.ChoiceField(label="Type de projet", choices=_choisir(Programme.Objet.choices))
    depuis = forms.DateField(label="À partir du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _peupler(self, "programme", Programme.objects.order_by("nom"))


class Deposer(Formulaire, forms.Form):
    programme = forms.ModelChoiceField(
        label="Programme", queryset=Programme.objects.none(), empty_label="Choisir"
    )
    depose_le = forms.DateField(label="Déposé le")
    reference = forms.CharField(label="Référence du dossier", max_length=120)
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        required=False,
        help_text="Demandé si le seuil n’est pas atteint, ou si ce dépôt rectifie un précédent.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _peupler(self, "programme", Programme.objects.order_by("nom"))


def _peupler(form: Any, champ: str, lignes: Any) -> None:
    """A queryset belongs to the schema of the request: it is given when the form is made, not imported."""
    form.fields[champ].queryset = lignes


class ChoisirLaDemande(Formulaire, forms.Form):
    """What the grappe asks: read from the address, so that the page can be shared."""

    programme = forms.ModelChoiceField(
        label="Programme demandé", queryset=Programme.objects.none(), to_field_name="code", empty_label=None
    )
    objet = forms.ChoiceField(label="Pour", choices=_choisir(FinancementDeclare.Objet.choices)[1:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _peupler(self, "programme", Programme.objects.order_by("nom"))


class DeclarerUnFinancement(Formulaire, forms.Form):
    famille = forms.ChoiceField(label="Financement reçu", choices=_choisir(Programme.Famille.choices))
    programme = forms.ModelChoiceField(
        label="Programme", queryset=Programme.objects.none(), required=False, empty_label="Aucun ou inconnu"
    )
    objet = forms.ChoiceField(label="Pour", choices=_choisir(FinancementDeclare.Objet.choices))
    obtenu_le = forms.DateField(label="Obtenu le")
    montant = Montant(label="Montant en euros", required=False, min_value=Decimal(0))
    reference = forms.CharField(label="Référence de la pièce", max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _peupler(self, "programme", Programme.objects.order_by("nom"))


class Decider(Formulaire, forms.Form):
    sens = forms.ChoiceField(label="Décision", choices=_choisir(DecisionDeCumul.Sens.choices))
    rendu_le = forms.DateField(label="Rendue le")
    motif = forms.CharField(label="Motif", max_length=2000, widget=forms.Textarea)
    reference = forms.CharField(label="Référence de la pièce", max_length=120)


class Signer(Formulaire, forms.Form):
    programme = forms.ModelChoiceField(
        label="Programme", queryset=Programme.objects.none(), empty_label="Choisir"
    )
    region = forms.ModelChoiceField(
        label="ARS de la région", queryset=Region.objects.none(), empty_label="Choisir"
    )
    numero = forms.CharField(label="Numéro de la convention", max_length=60)
    signataires = forms.CharField(
        label="Fonctions des signataires",
        widget=forms.Textarea,
        help_text="Une par ligne, sans nom\u00a0: directrice générale de l’ARS, présidente du porteur.",
    )
    montant = Montant(label="Montant en euros", min_value=Decimal("0.01"))
    signee_le = forms.DateField(label="Signée le")
    debut = forms.DateField(label="Début")
    fin = forms.DateField(label="Fin")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _peupler(self, "programme", Programme.objects.order_by("nom"))
        _peupler(self, "region", Region.objects.order_by("nom"))

    def clean_signataires(self) -> list[str]:
        return [ligne.strip() for ligne in self.cleaned_data["signataires"].splitlines() if ligne.strip()]


class PoserUnJalon(Formulaire, forms.Form):
    libelle = forms.CharField(label="Jalon", max_length=200)
    preuve_attendue = forms.CharField(label="Preuve attendue", max_length=300)
    echeance = forms.DateField(label="Échéance")
    montant = Montant(label="Montant lié, en euros", min_value=Decimal(0))


class DeposerUnePreuve(Formulaire, forms.Form):
    fichier = forms.FileField(label="Document", help_text="PDF, image ou document bureautique.")


class ReponseDeLArs(Formulaire, forms.Form):
    reponse = forms.ChoiceField(
        label="Réponse de l’ARS",
        choices=[("valide", "La preuve est validée"), ("refuse", "La preuve est refusée")],
        widget=forms.RadioSelect,
    )
    le = forms.DateField(label="Reçue le")
    motif = forms.CharField(label="Motif", max_length=300, required=False, help_text="Demandé pour un refus.")


class Amender(Formulaire, forms.Form):
    signe_le = forms.DateField(label="Signé le")
    objet = forms.CharField(label="Objet de l’avenant", max_length=300)
    montant = Montant(label="Montant de la convention après l’avenant", min_value=Decimal("0.01"))
    fin = forms.DateField(label="Fin de la convention après l’avenant")
    reference = forms.CharField(label="Référence de la pièce", max_length=120)


class ChangerProgramme(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Programme
        fields: tuple[str, ...] = (
            "nom",
            "objets",
            "ouvert_du",
            "commande_jusqu_au",
            "installation_jusqu_au",
            "citation",
            "source",
        )

    objets = forms.MultipleChoiceField(
        label="Finance",
        choices=[(v, str(m)[:1].upper() + str(m)[1:]) for v, m in Programme.Objet.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.CharField(label="Source", widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        for avant, apres in (
            ("ouvert_du", "commande_jusqu_au"),
            ("commande_jusqu_au", "installation_jusqu_au"),
        ):
            if lus.get(avant) and lus.get(apres) and lus[apres] < lus[avant]:
                self.add_error(apres, f"Cette date précède la précédente ({lus[avant]:%d/%m/%Y}).")
        return lus


class DecrireUnProgramme(ChangerProgramme):
    class Meta(ChangerProgramme.Meta):
        fields: tuple[str, ...] = ("code", "famille", *ChangerProgramme.Meta.fields)


class ChangerSeuil(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Seuil
        fields = ("valeur", "source")


class DaterUnSeuil(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Seuil
        fields = ("code", "depuis", "valeur", "source")


class ChangerContact(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ContactRegional
        fields = ("organisme", "site", "courriel", "telephone", "verifie_le", "source")

    site = forms.URLField(label="Site public", required=False, assume_scheme="https")
    source = forms.CharField(label="Source", widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courriel"].help_text = "Une adresse de service, jamais celle d’une personne."
        self.fields["verifie_le"].label = "Vérifié le"

"""Forms of the operator's console."""

from typing import Any

from django import forms

from plateforme.core.errors import ErreurMetier
from plateforme.core.identifiers import Finess, IdentifiantInvalide
from plateforme.identity.base import ModeDeVerification, Piece
from plateforme.web.formulaires import Formulaire
from tenants.models import Grappe
from tenants.services import liste_csv


class OuvrirUneListe(Formulaire, forms.Form):
    """A porteur's list. Read before anything is started: what cannot be read at all is refused here."""

    grappe = forms.ModelChoiceField(
        label="Grappe", queryset=Grappe.objects.none(), required=False, empty_label="Aucune grappe"
    )
    fichier = forms.FileField(
        label="Liste au format CSV",
        help_text="Colonnes : raison sociale, FINESS ET, FINESS EJ, commune, profil (SAAD, domicile ou SSIAD).",
    )

    type = forms.ChoiceField(
        label="Déploiement",
        choices=[("", "Pas encore"), ("acquisition", "Acquisition"), ("mise_a_niveau", "Mise à niveau")],
        required=False,
        help_text="Ouvre aussi le déploiement de chaque structure.",
    )
    mise_en_production = forms.DateField(label="Mise en production visée", required=False)

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if lues.get("type") and not lues.get("mise_en_production"):
            self.add_error("mise_en_production", "Le déploiement a besoin d’une date visée.")
        return lues

    def deploiement(self, par: str) -> dict[str, str] | None:
        lues = self.cleaned_data
        if not lues["type"]:
            return None
        return {"type": lues["type"], "le": lues["mise_en_production"].isoformat(), "par": par}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grappe"].queryset = Grappe.objects.order_by("nom")  # type: ignore[attr-defined]
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


class OuvrirUneGrappe(Formulaire, forms.Form):
    nom = forms.CharField(label="Nom de la grappe", max_length=120)
    porteur = forms.CharField(
        label="Organisme porteur", max_length=200, help_text="Raison sociale de l’entité juridique."
    )
    finess = forms.CharField(label="FINESS juridique du porteur", max_length=20)
    ouverte_le = forms.DateField(label="Ouverte le")

    def clean_finess(self) -> Finess:
        try:
            return Finess.lire(self.cleaned_data["finess"])
        except IdentifiantInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from erreur

    def clean_nom(self) -> str:
        nom = " ".join(self.cleaned_data["nom"].split())
        if Grappe.objects.filter(nom__iexact=nom).exists():
            raise forms.ValidationError("Une grappe porte déjà ce nom.")
        return nom


class Suspendre(Formulaire, forms.Form):
    motif = forms.CharField(
        label="Motif de la suspension",
        max_length=300,
        help_text="Il sera montré à qui ouvre le site de la structure.",
    )


class Supprimer(Formulaire, forms.Form):
    confirmation = forms.CharField(label="Recopiez le FINESS de la structure", max_length=9)


class InviterLaDirection(Formulaire, forms.Form):
    """The first account of a structure: its direction, whose identity the network has checked."""

    prenom = forms.CharField(label="Prénom", max_length=100)
    nom = forms.CharField(label="Nom", max_length=100)
    courriel = forms.EmailField(label="Courriel", required=False)
    piece = forms.ChoiceField(
        label="Pièce d’identité vue",
        choices=[("", "Choisir"), *((p.value, p.label.capitalize()) for p in Piece)],
    )
    mode = forms.ChoiceField(
        label="Vérification", choices=[(m.value, m.label.capitalize()) for m in ModeDeVerification]
    )

"""Forms of « Équipe et accès »."""

from typing import Any

from django import forms

from plateforme.identity.base import ModeDeVerification, Piece
from plateforme.identity.models import Reglages, Role
from plateforme.identity.reglages import verification_a_distance
from plateforme.identity.rules import INVITE
from plateforme.identity.services.comptes import Attestation
from plateforme.web.formulaires import Formulaire


def choix_de_roles(role_de_qui: str) -> list[tuple[str, str]]:
    permis = INVITE.get(role_de_qui, frozenset())
    return [(r.value, r.label.capitalize()) for r in Role if r.value in permis]


def _pieces() -> list[tuple[str, str]]:
    return [("", "Choisir"), *((p.value, p.label.capitalize()) for p in Piece)]


def _modes() -> list[tuple[str, str]]:
    modes = [m for m in ModeDeVerification if m != ModeDeVerification.DISTANCE or verification_a_distance()]
    return [(m.value, m.label.capitalize()) for m in modes]


class AvecAttestation(Formulaire, forms.Form):
    """The document seen, and how. Nothing of it is copied."""

    piece = forms.ChoiceField(label="Pièce vue", choices=_pieces)
    mode = forms.ChoiceField(label="Vérification", choices=_modes)

    def attestation(self) -> Attestation | None:
        lues = self.cleaned_data
        if not lues.get("piece"):
            return None
        return Attestation(Piece(lues["piece"]), ModeDeVerification(lues["mode"]))


class Inviter(AvecAttestation):
    prenom = forms.CharField(label="Prénom", max_length=100)
    nom = forms.CharField(label="Nom", max_length=100)
    role = forms.ChoiceField(label="Rôle")
    courriel = forms.EmailField(label="Courriel", required=False)
    telephone = forms.CharField(label="Téléphone", max_length=20, required=False)
    id_national = forms.CharField(
        label="Numéro RPPS",
        max_length=20,
        required=False,
        help_text="Pour un professionnel de santé\u00a0: 11 chiffres.",
    )
    devant_moi = forms.BooleanField(
        label="J’ai vérifié l’identité de cette personne",
        required=False,
        help_text="Sans cela, elle pourra s’inscrire mais pas se connecter.",
    )

    field_order = (
        "prenom", "nom", "role", "courriel", "telephone", "id_national", "devant_moi", "piece", "mode",
    )  # fmt: skip

    def __init__(self, *args: Any, role_de_qui: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choisir"), *choix_de_roles(role_de_qui)]  # type: ignore[attr-defined]
        for nom in ("piece", "mode"):
            self.fields[nom].required = False

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if lues.get("devant_moi"):
            for nom, phrase in (("piece", "Dites quelle pièce vous avez vue."), ("mode", "Dites comment.")):
                if not lues.get(nom) and nom not in self.errors:
                    self.add_error(nom, phrase)
        else:
            lues["piece"] = ""
        return lues


class Attester(AvecAttestation):
    pass


class ReinitialiserLeFacteur(AvecAttestation):
    motif = forms.CharField(label="Pourquoi", max_length=300, help_text="Par exemple\u00a0: téléphone perdu.")


class ChangerLeRole(Formulaire, forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=[(r.value, r.label.capitalize()) for r in Role])


class ReglerLesAcces(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Reglages
        fields = ("inactivite_minutes", "verification_a_distance")
        labels = {
            "inactivite_minutes": "Fermer une session après (minutes sans activité)",
            "verification_a_distance": "Accepter une vérification d’identité à distance, par vidéo",
        }
        help_texts = {"inactivite_minutes": "De 15 à 30 minutes."}
        error_messages = {
            "inactivite_minutes": {
                "min_value": "De 15 à 30 minutes.",
                "max_value": "De 15 à 30 minutes.",
                "invalid": "Écrivez un nombre de minutes.",
            }
        }

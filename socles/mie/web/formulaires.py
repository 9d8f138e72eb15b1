"""What people type about certificates, cards and contracts."""

from typing import Any

from django import forms

from plateforme.core.clock import today
from plateforme.habilitations.roles import SALARIES
from plateforme.identity.models import Compte, Role
from plateforme.web.formulaires import Formulaire
from socles.mie.models import BoiteMssante, Certificat, GenreCarte, RangAdt
from socles.mie.rules import usages
from socles.mie.services import module
from socles.mie.services.demandes import Commande


def _choix(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(cle, libelle[:1].upper() + libelle[1:]) for cle, libelle in table.items()]


class _Destine(Formulaire, forms.Form):
    """What every certificate says: where it comes from and what it serves."""

    environnement = forms.ChoiceField(
        label="Environnement",
        choices=_choix(usages.ENVIRONNEMENTS),
        widget=forms.RadioSelect,
        initial="PROD",
    )
    offre = forms.ChoiceField(label="Offre", choices=_choix(usages.OFFRES), initial="ORG")
    usage = forms.ChoiceField(label="Usage", choices=_choix(usages.USAGES), initial="AUTH_CLI")
    destinations = forms.MultipleChoiceField(
        label="Destinations",
        choices=_choix(usages.DESTINATIONS),
        widget=forms.CheckboxSelectMultiple,
        help_text="Un certificat INSi ne sert qu’à l’INSi. Les autres peuvent servir à plusieurs services.",
        error_messages={
            "required": "Dites à quoi servira ce certificat\u00a0: cochez au moins une destination."
        },
    )

    def commande(self) -> Commande:
        propres = self.cleaned_data
        return Commande(
            propres["offre"],
            propres["usage"],
            propres["environnement"],
            tuple(propres["destinations"]),
            propres.get("cn", "").strip(),
            tuple(propres.get("noms", "").split()),
            au_module=bool(propres.get("au_module")),
        )


class GenererForm(_Destine):
    cn = forms.CharField(
        label="Nom du service (CN)",
        max_length=64,
        help_text="INSI-AUTO ou INSI-MANU pour l’INSi, en majuscules. Sinon un nom de service, comme «\u00a0DMP\u00a0».",
    )
    noms = forms.CharField(
        label="Noms alternatifs",
        max_length=500,
        required=False,
        help_text="Nom de domaine d’un serveur, adresse d’une messagerie\u00a0; séparés par des espaces.",
    )
    au_module = forms.BooleanField(
        label="Garder la clé dans le module matériel",
        required=False,
        help_text="Elle signera, sans jamais en sortir.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not module.est_branche():
            del self.fields["au_module"]

    @staticmethod
    def depuis(ancien: Certificat) -> dict[str, Any]:
        """The order of its replacement, filled in."""
        return {
            "environnement": ancien.environnement,
            "offre": ancien.offre,
            "usage": ancien.usage,
            "destinations": ancien.destinations,
            "cn": ancien.cn,
            "noms": " ".join(ancien.noms),
        }


class ImporterForm(_Destine):
    fichier = forms.FileField(
        label="Conteneur PKCS#12",
        help_text="Le fichier .p12 ou .pfx, avec sa clé et sa chaîne.",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
        error_messages={"empty": "Ce fichier est vide\u00a0: choisissez le .p12 reçu."},
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe du conteneur",
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Il sert une fois, puis il est effacé.",
    )
    field_order = ("fichier", "mot_de_passe", "environnement", "offre", "usage", "destinations")


class DeposerForm(Formulaire, forms.Form):
    fichier = forms.FileField(
        label="Certificat émis",
        help_text="Le fichier .cer, .pem ou .p7b reçu de l’IGC-Santé pour cette demande.",
        widget=forms.FileInput(attrs={"accept": ".cer,.crt,.pem,.p7b,.der"}),
        error_messages={"empty": "Ce fichier est vide\u00a0: téléchargez-le à nouveau."},
    )


class DeleguerForm(Formulaire, forms.Form):
    structure = forms.ChoiceField(
        label="Structure du même organisme",
        help_text="La clé y sera scellée à nouveau, sous la clé de cette structure. Vous pouvez la reprendre à tout moment.",
    )

    def __init__(self, *args: Any, structures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = structures  # type: ignore[attr-defined]


class AdministrateurForm(Formulaire, forms.Form):
    compte = forms.ModelChoiceField(label="Personne", queryset=Compte.objects.none())
    rang = forms.ChoiceField(
        label="Rang", choices=RangAdt.choices, widget=forms.RadioSelect, initial="titulaire"
    )

    def __init__(self, *args: Any, personnes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compte"].queryset = personnes  # type: ignore[attr-defined]


class ContratForm(Formulaire, forms.Form):
    representant = forms.CharField(label="Représentant légal", max_length=120)
    qualite = forms.CharField(
        label="Qualité", max_length=80, required=False, help_text="Président, directrice générale…"
    )
    numero = forms.CharField(
        label="Numéro de démarche",
        max_length=40,
        help_text="Celui du formulaire CAF101 sur demarches-simplifiees.fr.",
    )
    depose_le = forms.DateField(label="Déposé le")
    valide_le = forms.DateField(
        label="Validé le", required=False, help_text="Vide tant que l’ANS n’a pas répondu."
    )
    piece = forms.FileField(
        label="Contrat signé",
        required=False,
        help_text="Facultatif. En PDF ou en image.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
    )


class CommanderForm(Formulaire, forms.Form):
    compte = forms.ModelChoiceField(label="Titulaire", queryset=Compte.objects.none())
    genre = forms.ChoiceField(label="Carte", choices=GenreCarte.choices)
    le = forms.DateField(label="Commandée le", initial=today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comptes = Compte.objects.filter(actif=True, role__in=SALARIES).order_by("cle_tri")
        self.fields["compte"].queryset = comptes  # type: ignore[attr-defined]


class CarteForm(Formulaire, forms.Form):
    etat = forms.ChoiceField(label="Nouvel état", widget=forms.RadioSelect)
    le = forms.DateField(label="Le", initial=today)
    expire_le = forms.DateField(
        label="Expire le",
        required=False,
        help_text="Demandé à l’activation\u00a0: Treille rappellera le renouvellement.",
    )
    numero = forms.CharField(
        label="Numéro de carte", max_length=30, required=False, help_text="Gardé chiffré."
    )

    def __init__(self, *args: Any, suites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["etat"].choices = [(c, libelle.capitalize()) for c, libelle in suites]  # type: ignore[attr-defined]


class RppsForm(Formulaire, forms.Form):
    demandee_le = forms.DateField(label="Inscription demandée le", initial=today)
    obtenue_le = forms.DateField(
        label="Obtenue le", required=False, help_text="Le numéro s’écrit sur le compte, page Équipe."
    )


class BoiteForm(Formulaire, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = BoiteMssante
        fields = ("genre", "operateur", "adresse", "demandee_le", "obtenue_le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Noted the day it is asked for; its opening comes later.
        self.fields["obtenue_le"].required = False


class BesoinsForm(Formulaire, forms.Form):
    """Four questions for each function that the structure has."""

    QUESTIONS = (
        ("partage", "Échange ou partage des données de santé hors de la structure"),
        ("professionnel", "Professionnel inscrit (ou à inscrire) au RPPS"),
        ("automatique", "L’échange part d’un logiciel, sans geste de la personne"),
        ("telephone", "Dispose d’un téléphone professionnel"),
    )

    def __init__(
        self, *args: Any, roles: list[str], reponses: dict[str, dict[str, bool]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for role in roles:
            for cle, libelle in self.QUESTIONS:
                dit = reponses.get(role, {}).get(cle, cle == "telephone")
                self.fields[f"{role}-{cle}"] = forms.BooleanField(
                    label=f"{Role(role).label}\u00a0: {libelle}", required=False, initial=dit
                )

    def lignes(self) -> list[dict[str, Any]]:
        return [
            {
                "role": role,
                "libelle": str(Role(role).label),
                "champs": [self[f"{role}-{c}"] for c, _ in self.QUESTIONS],
            }
            for role in self.roles
        ]

    def reponses(self, role: str) -> dict[str, bool]:
        return {cle: bool(self.cleaned_data[f"{role}-{cle}"]) for cle, _ in self.QUESTIONS}

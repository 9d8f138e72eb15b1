"""Forms of the RGPD space."""

from typing import Any

from django import forms

from plateforme.core.clock import instant, now
from plateforme.core.errors import ErreurMetier
from plateforme.web.formulaires import Formulaire, porter
from tenants.models import Organisme
from tenants.rgpd.models import Aipd, DesignationDpd, LigneDeViolation, Violation
from tenants.rgpd.models.violation import Atteinte
from tenants.rgpd.rules.aipd import NIVEAUX, RISQUES, RUBRIQUES
from tenants.rgpd.services.registre import EXIGEES
from tenants.rgpd.services.registre import RUBRIQUES as RUBRIQUES_DE_FICHE


def _grand(libelle: object) -> str:
    texte = str(libelle)
    return texte[:1].upper() + texte[1:]


def _choisir(choix: Any) -> list[tuple[str, str]]:
    return [("", "Choisir"), *((v, _grand(libelle)) for v, libelle in choix)]


class Designer(Formulaire, forms.Form):
    nature = forms.ChoiceField(label="Le DPD est", choices=_choisir(DesignationDpd.Nature.choices))
    designe = forms.CharField(
        label="Fonction, ou organisme extérieur",
        max_length=150,
        help_text="Par exemple\u00a0: responsable qualité, ou le nom du cabinet.",
    )
    contact = forms.EmailField(
        label="Adresse de contact", help_text="Celle qui est donnée aux personnes et à la CNIL."
    )
    numero_cnil = forms.CharField(
        label="Numéro de désignation CNIL",
        max_length=30,
        required=False,
        help_text="Il peut être ajouté plus tard. Sans lui, la désignation n’est pas complète.",
    )
    depuis = forms.DateField(label="Depuis le")


class DonnerLeNumero(Formulaire, forms.Form):
    numero_cnil = forms.CharField(label="Numéro de désignation CNIL", max_length=30)


class MettreFin(Formulaire, forms.Form):
    jusqu_au = forms.DateField(label="Fin le")
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Départ, fin de contrat, fusion des entités\u00a0: à redésigner.",
    )


class EcrireUneFiche(Formulaire, forms.Form):
    """The rubriques of art. 30; ``contenu`` gives them back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, libelle in RUBRIQUES_DE_FICHE:
            self.fields[code] = forms.CharField(
                label=libelle,
                required=code in EXIGEES,
                widget=forms.Textarea(attrs={"rows": "3"}),
                max_length=6000,
            )

    @property
    def contenu(self) -> dict[str, str]:
        return {code: self.cleaned_data[code].replace("\r\n", "\n").strip() for code, _ in RUBRIQUES_DE_FICHE}


class ReecrireUneFiche(EcrireUneFiche):
    motif = forms.CharField(label="Ce qui change, et pourquoi", max_length=300)
    depuis = forms.IntegerField(widget=forms.HiddenInput)


class AjouterUneFiche(EcrireUneFiche):
    intitule = forms.CharField(label="Intitulé du traitement", max_length=150)
    field_order = ["intitule"]


class OuvrirUneAipd(Formulaire, forms.Form):
    raison = forms.CharField(
        label="Pourquoi cette version",
        max_length=300,
        help_text="Première analyse, revue annuelle, nouvelle convention, nouveau connecteur…",
    )


class EcrireUneAipd(Formulaire, forms.Form):
    """Texts and levels of the model; ``contenu`` gives them back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for r in RUBRIQUES:
            self.fields[r.code] = self._texte(r.titre, r.aide)
        niveaux = _choisir(NIVEAUX)
        for r in RISQUES:
            self.fields[r.code] = self._texte(r.titre, r.aide)
            self.fields[f"{r.code}_gravite"] = forms.ChoiceField(
                label=f"Gravité\u00a0: {r.titre.lower()}", choices=niveaux, required=False
            )
            self.fields[f"{r.code}_vraisemblance"] = forms.ChoiceField(
                label=f"Vraisemblance\u00a0: {r.titre.lower()}", choices=niveaux, required=False
            )

    @staticmethod
    def _texte(titre: str, aide: str) -> forms.CharField:
        return forms.CharField(
            label=titre, help_text=aide, widget=forms.Textarea(attrs={"rows": "5"}), max_length=8000
        )

    @property
    def contenu(self) -> dict[str, str]:
        return {code: self.cleaned_data[code].replace("\r\n", "\n").strip() for code in self.fields}


class RendreLAvis(Formulaire, forms.Form):
    avis = forms.ChoiceField(label="Avis du DPD", choices=_choisir(Aipd.Sens.choices))
    texte = forms.CharField(label="Motifs", widget=forms.Textarea, max_length=4000)


class Decider(Formulaire, forms.Form):
    decision = forms.ChoiceField(label="Décision", choices=_choisir(Aipd.Decision.choices))
    texte = forms.CharField(
        label="Motifs",
        widget=forms.Textarea,
        max_length=4000,
        required=False,
        help_text="Demandés si l’avis du DPD n’est pas favorable sans réserve.",
    )


class Instant(Formulaire, forms.Form):
    """A day and a wall-clock hour of the structure; ``clef`` names the instant they make."""

    clef = "le"
    jour = forms.DateField(label="Jour")
    heure = forms.TimeField(label="Heure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from django.utils.timezone import localtime

        ici = localtime(now())
        initial = {"jour": ici.date(), "heure": ici.time().replace(second=0, microsecond=0)}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def valeurs(self) -> dict[str, Any]:
        """What the service takes."""
        lues = dict(self.cleaned_data)
        lues[self.clef] = instant(lues.pop("jour"), lues.pop("heure"))
        return lues


def porter_l_instant(form: forms.BaseForm, refus: ErreurMetier) -> None:
    """A refusal about the instant shows on its day, the others where they belong."""
    clef = getattr(form, "clef", "")
    refus.champs = {"jour" if champ == clef else champ: phrase for champ, phrase in refus.champs.items()}
    porter(form, refus)


class Faits(Formulaire, forms.Form):
    """What is known of a violation, little by little."""

    survenue = forms.CharField(label="Quand elle a eu lieu", max_length=150, required=False)
    atteintes = forms.MultipleChoiceField(
        label="Nature de l’atteinte",
        choices=[(v, _grand(m)) for v, m in Atteinte.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    circonstances = forms.CharField(
        label="Ce qui s’est passé",
        widget=forms.Textarea,
        max_length=6000,
        help_text="Des faits, sans nom de personne.",
    )
    categories_personnes = forms.CharField(label="Catégories de personnes", max_length=300, required=False)
    nombre_personnes = forms.IntegerField(
        label="Nombre de personnes, même approximatif", min_value=0, required=False
    )
    categories_donnees = forms.CharField(label="Catégories de données", max_length=300, required=False)
    nombre_enregistrements = forms.IntegerField(label="Nombre d’enregistrements", min_value=0, required=False)
    consequences = forms.CharField(
        label="Conséquences probables", widget=forms.Textarea, max_length=6000, required=False
    )
    mesures = forms.CharField(label="Mesures prises", widget=forms.Textarea, max_length=6000, required=False)
    risque = forms.ChoiceField(
        label="Risque pour les personnes", choices=[(v, _grand(m)) for v, m in Violation.Niveau.choices]
    )


class OuvrirUneViolation(Instant, Faits):
    clef = "connue_a"
    jour = forms.DateField(label="Connue le", help_text="Quand la structure en a eu connaissance.")
    heure = forms.TimeField(label="À")
    field_order = ["jour", "heure"]


class AjouterUneLigne(Instant):
    genre = forms.ChoiceField(label="Ce qui a été fait", choices=_choisir(LigneDeViolation.Genre.choices))
    reference = forms.CharField(
        label="Référence",
        max_length=120,
        required=False,
        help_text="Numéro de dépôt à la CNIL, au CERT Santé…",
    )
    texte = forms.CharField(label="Détail ou motifs", widget=forms.Textarea, max_length=4000, required=False)
    field_order = ["genre", "jour", "heure"]


class SignalerAuxResponsables(Instant):
    clef = "constate_a"
    jour = forms.DateField(label="Constatée le")
    heure = forms.TimeField(label="À")
    organismes = forms.ModelMultipleChoiceField(
        label="Entités juridiques touchées",
        queryset=Organisme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Chacune reçoit son propre dossier et ne voit pas les autres.",
    )
    atteintes = forms.MultipleChoiceField(
        label="Nature de l’atteinte",
        choices=[(v, _grand(m)) for v, m in Atteinte.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    circonstances = forms.CharField(
        label="Ce qui s’est passé",
        widget=forms.Textarea,
        max_length=6000,
        help_text="Lu par chaque entité\u00a0: ne nommez personne.",
    )
    mesures = forms.CharField(
        label="Mesures prises par la plateforme", widget=forms.Textarea, max_length=6000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organismes"].queryset = (  # type: ignore[attr-defined]
            Organisme.objects.filter(structures__isnull=False).distinct().order_by("raison_sociale")
        )

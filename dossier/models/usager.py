"""A person helped at home, and what the team must know before ringing the bell."""

import contextlib
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from plateforme.chiffrement.champs import ChampScelle
from plateforme.chiffrement.index import indexer
from plateforme.core.identifiers import IdentifiantInvalide, MatriculeIns
from plateforme.core.models import Horodate
from plateforme.core.tri import cle_de_tri
from plateforme.observability.contexte import acteur_courant
from plateforme.tenancy.modeles import QuerySetDeStructure


def _auteur_historique(instance: Any, **_autres: Any) -> Any:
    return acteur_courant()


def _ecrire_auteur(version: Any, auteur: Any) -> None:
    """The trace knows the id of an account, not the account."""
    version.history_user_id = auteur


class Secteur(Horodate):
    """A part of the territory, with its responsable."""

    nom = models.CharField("nom", max_length=80)

    class Meta(Horodate.Meta):
        verbose_name = "secteur"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["nom"], name="secteur_nom_unique")]

    def __str__(self) -> str:
        return self.nom


class Civilite(models.TextChoices):
    """Source: JDV_J245_Civilite_CISIS (NOS)."""

    MADAME = "MME", "Mme"
    MONSIEUR = "M", "M."


class StatutIns(models.TextChoices):
    """Source: RNIV, statuts de confiance de l'identité."""

    PROVISOIRE = "provisoire", "INS provisoire"
    RECUPEREE = "recuperee", "INS récupérée"
    VALIDEE = "validee", "INS validée"
    QUALIFIEE = "qualifiee", "INS qualifiée"


class UsagerQuerySet(QuerySetDeStructure["Usager"]):
    def accompagnes(self) -> "UsagerQuerySet":
        """Not gone."""
        return self.filter(sorti_le__isnull=True)

    def au_matricule(self, matricule: MatriculeIns) -> "UsagerQuerySet":
        """By the blind index: the complete number, nothing less."""
        return self.filter(ins_index=indexer(matricule.numero, "dossier.usager.ins"))

    def cherches(self, texte: str) -> "UsagerQuerySet":
        """Every word typed starts a word of the names, or the digits are in the telephone number, or it is a whole INS."""
        with contextlib.suppress(IdentifiantInvalide):
            return self.au_matricule(MatriculeIns.lire(texte))
        chiffres = "".join(c for c in texte if c.isdigit())
        if len(chiffres) >= 4:
            return self.filter(telephone__contains=chiffres)
        lignes = self
        for mot in cle_de_tri(texte).split():
            lignes = lignes.filter(Q(cle_tri__startswith=mot) | Q(cle_tri__contains=f" {mot}"))
        return lignes


class Usager(Horodate):
    """A person helped at home. ``nom_usage`` is what she is called; ``nom_naissance`` is what identifies her."""

    civilite = models.CharField("civilité", max_length=3, choices=Civilite.choices)
    nom_naissance = models.CharField("nom de naissance", max_length=100)
    nom_usage = models.CharField("nom d’usage", max_length=100, blank=True, default="")
    prenoms = models.CharField("prénoms", max_length=100)
    ne_le = models.DateField("date de naissance")
    cle_tri = models.CharField("clé de tri", max_length=330, editable=False, default="")
    # Sealed under the usager's own key; found again by its blind index, by the complete number only.
    ins = ChampScelle("matricule INS", sujet="pk", index="ins_index")
    ins_index = models.BinaryField("index du matricule INS", null=True, editable=False)
    # A matricule without its OID is not an INS: the test and demonstration ranges differ from the real one by it alone.
    ins_oid = models.CharField("OID du matricule", max_length=40, blank=True, default="")
    statut_ins = models.CharField(
        "statut INS", max_length=12, choices=StatutIns.choices, default=StatutIns.PROVISOIRE
    )
    secteur = models.ForeignKey(
        Secteur, models.PROTECT, null=True, related_name="usagers", verbose_name="secteur"
    )
    adresse = models.CharField("adresse", max_length=200, blank=True, default="")
    code_postal = models.CharField("code postal", max_length=5, blank=True, default="")
    commune = models.CharField("commune", max_length=100, blank=True, default="")
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="")
    gir = models.PositiveSmallIntegerField("GIR", null=True, blank=True)
    vit_seul = models.BooleanField("vit seul", default=False)
    acces_logement = models.CharField("clés et code de porte", max_length=200, blank=True, default="")
    medecin = models.CharField("médecin traitant", max_length=120, blank=True, default="")
    medecin_telephone = models.CharField("téléphone du médecin", max_length=20, blank=True, default="")
    accompagne_depuis = models.DateField("accompagné depuis")
    sorti_le = models.DateField("sorti le", null=True, blank=True)

    champs_masques = ("ne_le",)
    champ_sujet = "id"

    objects = models.Manager.from_queryset(UsagerQuerySet)()  # type: ignore[misc]
    history = HistoricalRecords(  # type: ignore[no-untyped-call]
        history_user_id_field=models.UUIDField(null=True),
        get_user=_auteur_historique,
        history_user_setter=_ecrire_auteur,
        no_db_index=["secteur"],
        excluded_fields=["cle_tri", "cree_a", "modifie_a", "ins", "ins_index"],
        table_name="dossier_usager_historique",
    )

    class Meta(Horodate.Meta):
        verbose_name = "usager"
        ordering = ["cle_tri"]
        indexes = [models.Index(fields=["cle_tri"], name="usager_tri")]
        constraints = [
            models.CheckConstraint(
                condition=Q(gir__isnull=True) | Q(gir__range=(1, 6)), name="usager_gir_de_un_a_six"
            ),
            models.CheckConstraint(
                condition=Q(sorti_le__isnull=True) | Q(sorti_le__gte=models.F("accompagne_depuis")),
                name="usager_sortie_apres_entree",
            ),
            models.UniqueConstraint(
                fields=["ins_index", "ins_oid"],
                condition=Q(ins_index__isnull=False),
                name="usager_ins_unique",
            ),
            models.CheckConstraint(
                condition=Q(ins__isnull=True, ins_index__isnull=True)
                | Q(ins__isnull=False, ins_index__isnull=False) & ~Q(ins_oid=""),
                name="usager_ins_avec_son_oid",
            ),
        ]

    def ranger(self) -> None:
        """Set the sorting key: ``save`` does, what writes many rows at once must."""
        self.cle_tri = cle_de_tri(self.nom_usage or self.nom_naissance, self.prenoms, self.nom_naissance)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ranger()
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom(self) -> str:
        return self.nom_usage or self.nom_naissance

    @property
    def prenom(self) -> str:
        return self.prenoms.split(" ")[0]

    @property
    def nom_complet(self) -> str:
        """« Mme Yvonne Le Goff »."""
        return f"{self.get_civilite_display()} {self.prenom} {self.nom}"

    @property
    def nom_court(self) -> str:
        """« Mme Le Goff »."""
        return f"{self.get_civilite_display()} {self.nom}"

    @property
    def a_un_ins(self) -> bool:
        """Asks no key."""
        return self.ins_index is not None

    @property
    def initiales(self) -> str:
        return f"{self.prenom[:1]}{self.nom[:1]}".upper()

    def age(self, le: date) -> int:
        """Whole years on ``le``; born on 29 February, one is older on 1 March of common years."""
        return le.year - self.ne_le.year - ((le.month, le.day) < (self.ne_le.month, self.ne_le.day))


class Niveau(models.TextChoices):
    ALERTE = "alerte", "alerte"
    ATTENTION = "attention", "attention"


class Vigilance(Horodate):
    """Something to know before entering: an allergy, a risk of falling. ``sante`` hides it from who gives no care."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="vigilances", verbose_name="usager")
    libelle = models.CharField("libellé", max_length=120)
    niveau = models.CharField("niveau", max_length=10, choices=Niveau.choices, default=Niveau.ATTENTION)
    sante = models.BooleanField("donnée de santé", default=False)

    class Meta(Horodate.Meta):
        verbose_name = "vigilance"
        ordering = ["niveau", "libelle"]

    def __str__(self) -> str:
        return self.libelle


class Proche(Horodate):
    """Somebody around the person, in the order they are called."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="proches", verbose_name="usager")
    nom_complet = models.CharField("nom", max_length=150)
    lien = models.CharField("lien", max_length=60)
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="")
    ordre = models.PositiveSmallIntegerField("ordre d’appel", default=1)
    personne_de_confiance = models.BooleanField("personne de confiance", default=False)

    class Meta(Horodate.Meta):
        verbose_name = "proche"
        ordering = ["ordre", "nom_complet"]

    def __str__(self) -> str:
        return f"{self.nom_complet}, {self.lien}"

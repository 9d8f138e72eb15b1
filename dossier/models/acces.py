"""What opens a dossier to somebody, besides the visits: sector, équipe de soins, consent, convention; what closes it.

Each link is dated: it opens at ``du`` and closes by itself at ``au``. Nothing is deleted, a link is ended.
Sources: CSP L1110-4, L1110-12, D1110-3-1 (équipe de soins, partage, opposition, consentement).
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from dossier.models.usager import Secteur, Usager
from plateforme.core.clock import now
from plateforme.core.models import Horodate
from plateforme.identity.models import Compte, Role
from plateforme.tenancy.modeles import QuerySetDeStructure


class DateQuerySet(QuerySetDeStructure[models.Model]):
    def ouverts(self, instant: datetime) -> "DateQuerySet":
        """In force at ``instant``: ``du`` included, ``au`` excluded."""
        return self.filter(Q(au__isnull=True) | Q(au__gt=instant), du__lte=instant)


class LienDate(Horodate):
    """Something true between two instants."""

    du = models.DateTimeField("depuis", default=now)
    au = models.DateTimeField("jusqu’à", null=True, blank=True)

    objects = models.Manager.from_queryset(DateQuerySet)()  # type: ignore[misc]

    class Meta(Horodate.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(au__isnull=True) | Q(au__gte=models.F("du")), name="%(class)s_finit_apres"
            )
        ]


class Rattachement(LienDate):
    """The sectors a responsable answers for. Without a sector: the whole structure, said so and not by omission."""

    compte = models.ForeignKey(Compte, models.CASCADE, related_name="rattachements", verbose_name="compte")
    secteur = models.ForeignKey(Secteur, models.CASCADE, null=True, blank=True, verbose_name="secteur")

    class Meta(LienDate.Meta):
        verbose_name = "rattachement"


class MembreEquipe(LienDate):
    """Somebody of the équipe de soins of a person (CSP L1110-12). ``soins``: health data too, whatever the function."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="equipe", verbose_name="usager")
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="equipes", verbose_name="compte")
    soins = models.BooleanField("données de santé", default=False)
    motif = models.CharField("motif", max_length=200)

    class Meta(LienDate.Meta):
        verbose_name = "membre de l’équipe de soins"


class PorteeOpposition(models.TextChoices):
    SANTE = "sante", "les données de santé"
    TOUT = "tout", "tout le dossier"


class Opposition(LienDate):
    """The person refuses that somebody, or a function, reads their dossier (CSP L1110-4 IV).

    Exactly one of ``compte`` and ``role`` is aimed at.
    """

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="oppositions", verbose_name="usager")
    compte = models.ForeignKey(Compte, models.CASCADE, null=True, blank=True, verbose_name="compte visé")
    role = models.CharField("fonction visée", max_length=20, blank=True, default="")
    portee = models.CharField("portée", max_length=5, choices=PorteeOpposition.choices)
    recueillie_par = models.ForeignKey(
        Compte, models.PROTECT, related_name="+", verbose_name="recueillie par"
    )

    class Meta(LienDate.Meta):
        verbose_name = "opposition"
        constraints = [
            *LienDate.Meta.constraints,
            models.CheckConstraint(
                condition=Q(compte__isnull=True) ^ Q(role=""),
                name="opposition_vise_un_compte_ou_une_fonction",
            ),
        ]

    @property
    def libelle_role(self) -> str:
        return str(Role(self.role).label) if self.role else ""


class ConventionPartage(LienDate):
    """What a partner service may read here, and until when."""

    partenaire = models.CharField("partenaire", max_length=150)
    objet = models.CharField("objet", max_length=200)
    soins = models.BooleanField("données de santé", default=False)

    class Meta(LienDate.Meta):
        verbose_name = "convention de partage"

    def __str__(self) -> str:
        return self.partenaire


class MembreConvention(LienDate):
    """An account of the partner's people."""

    convention = models.ForeignKey(ConventionPartage, models.CASCADE, verbose_name="convention")
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="conventions", verbose_name="compte")

    class Meta(LienDate.Meta):
        verbose_name = "membre d’une convention"


class Consentement(LienDate):
    """The person agrees to be shared with a partner, outside the équipe de soins (CSP D1110-3-1): by any means, dated."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.CASCADE, related_name="consentements", verbose_name="usager")
    convention = models.ForeignKey(ConventionPartage, models.CASCADE, verbose_name="convention")
    soins = models.BooleanField("données de santé", default=False)
    moyen = models.CharField("recueilli par quel moyen", max_length=120)
    recueilli_par = models.ForeignKey(Compte, models.PROTECT, related_name="+", verbose_name="recueilli par")

    class Meta(LienDate.Meta):
        verbose_name = "consentement"

"""A note left for the team, and who has read it."""

from django.db import models

from dossier.models import Usager
from plateforme.core.clock import now
from plateforme.core.models import Horodate, Journal
from plateforme.identity.models import Compte
from telegestion.models import Intervention


class Observation(models.TextChoices):
    """How the person is. An observation is an act: there is no default."""

    HABITUDE = "habitude", "Comme d’habitude"
    SURVEILLER = "surveiller", "À surveiller"
    PREVENIR = "prevenir", "Prévenir le service"


class Audience(models.TextChoices):
    """Who may read it. The least is the default."""

    EQUIPE = "equipe", "Équipe"
    SOINS = "soins", "Soins"
    FAMILLE = "famille", "Famille"


class Transmission(Horodate):
    """A note about a person, told by somebody at an instant. Its text is not edited: a correction is a new one."""

    champ_sujet = "usager_id"

    usager = models.ForeignKey(Usager, models.PROTECT, related_name="transmissions", verbose_name="usager")
    intervention = models.ForeignKey(
        Intervention,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transmissions",
        verbose_name="intervention",
    )
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="transmissions", verbose_name="auteur")
    observation = models.CharField(
        "observation", max_length=12, choices=Observation.choices, blank=True, default=""
    )
    audience = models.CharField("audience", max_length=10, choices=Audience.choices, default=Audience.EQUIPE)
    texte = models.TextField("texte", max_length=4000, blank=True, default="")
    puces = models.JSONField("puces", default=list, blank=True)
    ecrite_a = models.DateTimeField("écrite à")
    corrige = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="corrige"
    )

    class Meta(Horodate.Meta):
        verbose_name = "transmission"
        ordering = ["-ecrite_a"]
        indexes = [
            models.Index(fields=["-ecrite_a"], name="transmission_date"),
            models.Index(fields=["usager", "-ecrite_a"], name="transmission_usager"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(texte="") | ~models.Q(observation=""),
                name="transmission_dit_quelque_chose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.auteur} {self.ecrite_a:%d/%m %H:%M}"


class Lecture(Journal):
    """This account has read this note."""

    transmission = models.ForeignKey(
        Transmission, models.CASCADE, related_name="lectures", verbose_name="transmission"
    )
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="lectures", verbose_name="lecteur")
    lue_a = models.DateTimeField("lue à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "lecture"
        constraints = [
            models.UniqueConstraint(fields=["transmission", "compte"], name="lecture_une_par_compte")
        ]

    def __str__(self) -> str:
        return f"{self.compte} {self.lue_a:%d/%m %H:%M}"

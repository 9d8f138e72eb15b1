"""What structures say of themselves: counts and dates, read by the network instead of their tables."""

from django.db import models

from plateforme.core.models import Identifie
from tenants.models import Structure


class Releve(Identifie):
    """The last reading of a fact. ``details``: codes, labels of things and dates; never a person."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="releves", verbose_name="structure")
    code = models.CharField("fait", max_length=60, db_collation="C")
    fait = models.PositiveIntegerField("fait", default=0)
    attendu = models.PositiveIntegerField("attendu", default=1)
    echeance = models.DateField("échéance", null=True)
    details = models.JSONField("détails", default=list)
    releve_a = models.DateTimeField("relevé à")

    class Meta(Identifie.Meta):
        verbose_name = "relevé"
        constraints = [models.UniqueConstraint(fields=["structure", "code"], name="releve_un_par_fait")]

    def __str__(self) -> str:
        return f"{self.code} : {self.fait}/{self.attendu}"

    @property
    def tenu(self) -> bool:
        return self.fait >= self.attendu > 0

"""Tables of the ``ref`` schema: loaded by command, read by everybody, written by no structure."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from uuid_utils.compat import uuid7


class ParametreQuerySet(models.QuerySet["Parametre"]):
    def valeur(self, code: str, le: date) -> str:
        """Value of ``code`` in force on ``le``. Raises Parametre.DoesNotExist where the law said nothing yet."""
        return self.get(code=code, en_vigueur__contains=le).valeur


class Parametre(models.Model):
    """A figure set by a text (tariff, threshold, delay), true between two dates, with its source."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid7, editable=False)
    code = models.CharField("code", max_length=100)
    en_vigueur = DateRangeField("en vigueur")
    valeur = models.CharField("valeur", max_length=200)
    unite = models.CharField("unité", max_length=30)
    source = models.TextField("source")

    objects = ParametreQuerySet.as_manager()

    class Meta:
        verbose_name = "paramètre réglementaire"
        constraints = [
            ExclusionConstraint(
                name="parametre_une_valeur_par_date",
                expressions=[("code", RangeOperators.EQUAL), ("en_vigueur", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.valeur} {self.unite}"

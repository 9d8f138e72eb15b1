"""The journal of one structure, in its own schema."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from plateforme.audit.base import PointBase, TeteBase, TraceBase


class Trace(TraceBase):
    class Meta(TraceBase.Meta):
        verbose_name = "trace"
        ordering = ["numero"]
        indexes = [
            GinIndex(fields=["sujets"], name="audit_trace_sujets"),
            models.Index(fields=["instant"], name="audit_trace_instant"),
            models.Index(fields=["acteur_id", "instant"], name="audit_trace_acteur"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.genre}"


class Tete(TeteBase):
    class Meta(TeteBase.Meta):
        verbose_name = "tête de la chaîne"


class Point(PointBase):
    class Meta(PointBase.Meta):
        verbose_name = "point de contrôle"
        ordering = ["numero"]

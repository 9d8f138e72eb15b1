"""The same table seen by an ordinary Django model: no guard, no structure."""

import uuid

from django.db import models


class SecteurNu(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    cree_a = models.DateTimeField()
    modifie_a = models.DateTimeField()
    nom = models.CharField(max_length=80)

    class Meta:
        managed = False
        db_table = "dossier_secteur"

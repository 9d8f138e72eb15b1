"""A data migration: names of sectors in capitals."""

from django.db import migrations


def crier(apps, editeur):
    secteurs = apps.get_model("dossier", "Secteur").objects.using(editeur.connection.alias)
    for secteur in secteurs.all():
        if secteur.nom == "refuse":
            raise ValueError("nom refusé")
        secteur.nom = secteur.nom.upper()
        secteur.save(using=editeur.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("dossier", "0006_prise_en_charge")]
    operations = [migrations.RunPython(crier)]

"""How long the file of an unsigned takeover is kept. Days, with where it comes from."""

from datetime import date

from django.db import migrations
from psycopg.types.range import DateRange

CODE = "reprise.fichier.jours"
SOURCE = (
    "RGPD, article 5.1.e : pas plus longtemps que nécessaire ; le temps de contrôler et de signer une reprise."
    " Source : à confirmer par le DPD de la structure."
)


def ecrire(apps, editeur):
    apps.get_model("reference", "Parametre").objects.using(editeur.connection.alias).get_or_create(
        code=CODE,
        en_vigueur=DateRange(date(2026, 1, 1), None),
        defaults={"valeur": "30", "unite": "jours", "source": SOURCE},
    )


def retirer(apps, editeur):
    apps.get_model("reference", "Parametre").objects.using(editeur.connection.alias).filter(code=CODE).delete()


class Migration(migrations.Migration):
    dependencies = [("reference", "0002_conservation_des_traces")]

    operations = [migrations.RunPython(ecrire, retirer)]

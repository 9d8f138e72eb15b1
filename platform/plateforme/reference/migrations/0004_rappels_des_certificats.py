"""How many days before its end a certificate, or a card, is reminded of."""

from datetime import date

from django.db import migrations
from psycopg.types.range import DateRange

CODE = "mie.rappels.jours"
SOURCE = (
    "Exigence MIE-4 du guide (J-90, J-60, J-30, J-7), J-1 ajouté par la politique de sécurité des certificats."
    " Aucun texte ne les fixe : à confirmer par l’ANS."
)


def ecrire(apps, editeur):
    modele = apps.get_model("reference", "Parametre")
    modele.objects.using(editeur.connection.alias).get_or_create(
        code=CODE,
        en_vigueur=DateRange(date(2026, 1, 1), None),
        defaults={"valeur": "90 60 30 7 1", "unite": "jours", "source": SOURCE},
    )


def retirer(apps, editeur):
    modele = apps.get_model("reference", "Parametre")
    modele.objects.using(editeur.connection.alias).filter(code=CODE).delete()


class Migration(migrations.Migration):
    dependencies = [("reference", "0003_garde_des_reprises")]

    operations = [migrations.RunPython(ecrire, retirer)]

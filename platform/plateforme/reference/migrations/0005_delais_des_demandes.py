"""How long a structure has to answer a person about their data, with the text that says so."""

from datetime import date

from django.db import migrations
from psycopg.types.range import DateRange

DELAIS = (
    ("demandes.delai.mois", "1", "mois", date(2018, 5, 25), "RGPD, article 12.3 : un mois à compter de la réception."),
    ("demandes.delai.prolongation", "2", "mois", date(2018, 5, 25), "RGPD, article 12.3 : deux mois de plus, motivés et dits dans le premier mois."),
    ("demandes.delai.medical_jours", "8", "jours", date(2018, 5, 25), "Code de la santé publique, article L1111-7 : huit jours au plus."),
    ("demandes.delai.medical_ancien_mois", "2", "mois", date(2018, 5, 25), "Code de la santé publique, article L1111-7 : deux mois quand les informations ont plus de cinq ans."),
)


def ecrire(apps, editeur):
    modele = apps.get_model("reference", "Parametre")
    for code, valeur, unite, depuis, source in DELAIS:
        modele.objects.using(editeur.connection.alias).get_or_create(
            code=code, en_vigueur=DateRange(depuis, None), defaults={"valeur": valeur, "unite": unite, "source": source}
        )


def retirer(apps, editeur):
    codes = [ligne[0] for ligne in DELAIS]
    apps.get_model("reference", "Parametre").objects.using(editeur.connection.alias).filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("reference", "0004_rappels_des_certificats")]

    operations = [migrations.RunPython(ecrire, retirer)]

"""How long the journal keeps its content. Months, with the text each comes from."""

from datetime import date

from django.db import migrations
from psycopg.types.range import DateRange

DUREES = (
    (
        "audit.conservation.acces",
        "36",
        "CNIL, délibération 2021-122 du 14 octobre 2021 (journalisation) : jusqu’à trois ans quand un risque est"
        " documenté ; dossier de l’usager : à confirmer par le DPD dans l’analyse d’impact.",
    ),
    (
        "audit.conservation.securite",
        "12",
        "CNIL, délibération 2021-122 : six mois à un an par défaut. PGSSI-S 7.2.2.5 dit six mois sauf justification :"
        " à confirmer.",
    ),
    (
        "audit.conservation.technique",
        "6",
        "PGSSI-S, canevas de politique de sécurité, 7.2.2.5 : six mois, puis effacement.",
    ),
)


def ecrire(apps, editeur):
    modele = apps.get_model("reference", "Parametre")
    for code, mois, source in DUREES:
        modele.objects.using(editeur.connection.alias).get_or_create(
            code=code,
            en_vigueur=DateRange(date(2026, 1, 1), None),
            defaults={"valeur": mois, "unite": "mois", "source": source},
        )


def retirer(apps, editeur):
    modele = apps.get_model("reference", "Parametre")
    codes = [code for code, _, _ in DUREES]
    modele.objects.using(editeur.connection.alias).filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]

    operations = [migrations.RunPython(ecrire, retirer)]

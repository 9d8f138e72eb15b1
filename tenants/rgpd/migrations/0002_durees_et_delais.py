"""Delays and durations, with the text each comes from. What was not read in the text says so."""

from datetime import date

from django.db import migrations

DOUTE = "Source\u00a0: à confirmer"
CNIL = "CNIL, délibération 2023-095 du 14 septembre 2023 et référentiel social et médico-social de 2021"

DELAIS = (
    ("cnil", 72, "heures", "RGPD, article 33-1\u00a0: 72 heures au plus tard après en avoir pris connaissance."),
    ("aipd", 12, "mois", f"RGPD, article 35-11 (réexamen)\u00a0; rythme annuel\u00a0: {DOUTE}."),
    ("sous_traitant", 24, "heures", f"RGPD, article 33-2 («\u00a0dans les meilleurs délais\u00a0»)\u00a0; cible de 24 heures\u00a0: {DOUTE}, contrat."),
)
DUREES = (
    ("dossier", "Dossier d’accompagnement, hors médical", "2 ans après le dernier contact", "Contentieux ou obligation, justifié par écrit", f"{CNIL}."),
    ("soins", "Dossier de soins", "L’accompagnement, puis 2 ans", "Jusqu’à 20 ans après le dernier passage\u00a0; décès\u00a0: 10 ans", f"Par analogie avec le CSP R1112-7. {DOUTE}."),
    ("candidatures", "Candidature refusée, contact sans suite", "2 ans au plus", "", f"CNIL, recrutement. {DOUTE}."),
    ("comptables", "Pièces comptables", "L’exercice", "10 ans", f"Code de commerce L123-22. {DOUTE}."),
    ("factures", "Contrats et factures", "5 ans", "10 ans", f"{DOUTE}."),
    ("badges", "Badges et temps de travail", "De 1 à 5 ans", "Prescription des salaires, 3 ans", f"{DOUTE}."),
    ("geolocalisation", "Position au badge", "2 mois au plus", "1 an si elle sert de preuve", f"CNIL, géolocalisation des salariés. {DOUTE}."),
    ("journaux", "Journaux techniques", "6 mois à 1 an", "Plus en cas de risque ou de contentieux", f"CNIL, délibération 2021-122 du 14 octobre 2021. {DOUTE}."),
    ("traces_acces", "Traces d’accès au dossier", "À fixer par le DPD dans l’analyse d’impact", "", f"{DOUTE}\u00a0: décision du DPD."),
    ("evenements", "Événements indésirables et signalements", "Selon la procédure", "Prescription", f"{DOUTE}."),
)


def ecrire(apps, editeur):
    alias = editeur.connection.alias
    delais = apps.get_model("rgpd", "DelaiLegal").objects.using(alias)
    for code, valeur, unite, source in DELAIS:
        delais.create(code=code, depuis=date(2018, 5, 25), valeur=valeur, unite=unite, source=source)
    durees = apps.get_model("rgpd", "RegleConservation").objects.using(alias)
    for code, donnee, active, intermediaire, source in DUREES:
        durees.create(
            code=code, depuis=date(2023, 9, 14), donnee=donnee, active=active, intermediaire=intermediaire, source=source
        )


def retirer(apps, editeur):
    for nom in ("DelaiLegal", "RegleConservation"):
        apps.get_model("rgpd", nom).objects.using(editeur.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("rgpd", "0001_initial")]

    operations = [migrations.RunPython(ecrire, retirer)]

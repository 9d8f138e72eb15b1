"""What the public texts say, with where it was read. What is not sure says so."""

from datetime import date

from django.db import migrations

GUIDE = "DGCS, guide d’accompagnement, volet numérique de la réforme des SAD, novembre 2023"
PAGE = "page «\u00a0Le Ségur du numérique en santé pour le social et le médico-social\u00a0», lue le 22/11/2026"
DOUTE = "Source\u00a0: à confirmer"

SEUILS = (
    ("continent", 15, f"{GUIDE}, lexique, «\u00a0Grappe\u00a0»."),
    ("iles", 8, f"{GUIDE}, lexique, «\u00a0Grappe\u00a0» ({DOUTE} pour une grappe mixte)."),
    ("national", 50, f"{GUIDE}, «\u00a0Conditions d’accès aux financements\u00a0»."),
)

PROGRAMMES = (
    (
        "sons-v1",
        "SONS, vague 1 médico-sociale",
        "sons",
        ["mise_a_niveau"],
        (None, date(2024, 2, 28), date(2024, 12, 19)),
        "la commande par les ESMS doit avoir lieu au plus tard le 28 février 2024. L’installation par l’éditeur doit"
        " être réalisée au plus tard le 19 décembre 2024.",
        f"{GUIDE}, «\u00a0Deux programmes de financement nationaux complémentaires\u00a0»\u00a0; {PAGE}.",
    ),
    (
        "sons-v2",
        "SONS, vague 2 médico-sociale",
        "sons",
        ["mise_a_niveau"],
        (None, None, None),
        "Le déploiement de la Vague 2 est prévu en 2026 et 2027.",
        f"{PAGE}. Appel à financement prépublié en décembre 2025, dates de commande et d’installation. {DOUTE}.",
    ),
    (
        "esms-numerique",
        "ESMS numérique",
        "esms_numerique",
        ["acquisition", "usages"],
        (None, date(2025, 12, 31), None),
        "Je n’ai pas de logiciel DUI et je souhaite m’équiper (et jusqu’à fin 2025)",
        f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ». Un appel après 2025\u00a0: {DOUTE}.",
    ),
)

CATEGORIES = (
    ("209", "Service autonomie aide et soins"),
    ("354", "Service de soins infirmiers à domicile"),
    ("460", "Service autonomie aide"),
)

# Code, name, islands, départements; codes of the Code officiel géographique.
REGIONS = (
    ("84", "Auvergne-Rhône-Alpes", "auvergne-rhone-alpes", "01 03 07 15 26 38 42 43 63 69 73 74"),
    ("27", "Bourgogne-Franche-Comté", "bourgogne-franche-comte", "21 25 39 58 70 71 89 90"),
    ("53", "Bretagne", "bretagne", "22 29 35 56"),
    ("24", "Centre-Val de Loire", "centre-val-de-loire", "18 28 36 37 41 45"),
    ("94", "Corse", "corse", "2A 2B"),
    ("44", "Grand Est", "grand-est", "08 10 51 52 54 55 57 67 68 88"),
    ("01", "Guadeloupe", "guadeloupe", "971"),
    ("03", "Guyane", "guyane", "973"),
    ("32", "Hauts-de-France", "hauts-de-france", "02 59 60 62 80"),
    ("11", "Île-de-France", "iledefrance", "75 77 78 91 92 93 94 95"),
    ("04", "La Réunion", "lareunion", "974"),
    ("02", "Martinique", "martinique", "972"),
    ("06", "Mayotte", "mayotte", "976"),
    ("28", "Normandie", "normandie", "14 27 50 61 76"),
    ("75", "Nouvelle-Aquitaine", "nouvelle-aquitaine", "16 17 19 23 24 33 40 47 64 79 86 87"),
    ("76", "Occitanie", "occitanie", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
    ("52", "Pays de la Loire", "pays-de-la-loire", "44 49 53 72 85"),
    ("93", "Provence-Alpes-Côte d’Azur", "paca", "04 05 06 13 83 84"),
)
ILES = {"01", "02", "03", "04", "06", "94"}
# How FINESS itself numbers overseas: 97 or 98, then a digit of its own.
FINESS_OUTRE_MER = (("9701", "01"), ("9702", "02"), ("9703", "03"), ("9704", "04"), ("9805", "06"))

GRADES = {
    "84": ("GCS SARA", "https://www.sante-ara.fr"),
    "27": ("GRADeS Bourgogne-Franche-Comté", ""),
    "53": ("GCS e-Santé Bretagne", "https://www.esante-bretagne.fr"),
    "24": ("GIP e-Santé Centre-Val de Loire", "https://www.esante-centre.fr"),
    "44": ("Pulsy", "https://www.pulsy.fr"),
    "01": ("GIP RASPEG", ""),
    "03": ("GCS Guyasis", ""),
    "32": ("Inéa, santé numérique Hauts-de-France", ""),
    "11": ("GIP SESAN", "https://www.sesan.fr"),
    "04": ("GCS TESIS", "https://www.tesis.re"),
    "28": ("Normand’e-santé", "https://www.normand-esante.fr"),
    "75": ("ESEA Nouvelle-Aquitaine", "https://www.esea-na.fr"),
    "76": ("e-Santé Occitanie", "https://www.esante-occitanie.fr"),
    "52": ("GCS e-santé Pays de la Loire", "https://www.esante-paysdelaloire.fr"),
    "93": ("Innovation e-Santé Sud", "https://www.ies-sud.fr"),
}


def ecrire(apps, editeur):
    alias = editeur.connection.alias

    def modele(nom):
        return apps.get_model("projet", nom).objects.using(alias)

    for code, valeur, source in SEUILS:
        modele("Seuil").create(code=code, depuis=date(2021, 1, 1), valeur=valeur, source=source)
    for code, nom, famille, objets, dates, citation, source in PROGRAMMES:
        ouvert, commande, pose = dates
        modele("Programme").create(
            code=code, nom=nom, famille=famille, objets=objets, ouvert_du=ouvert, commande_jusqu_au=commande,
            installation_jusqu_au=pose, citation=citation, source=source,
        )  # fmt: skip
    for code, libelle in CATEGORIES:
        modele("CategorieFiness").create(
            code=code, libelle=libelle, depuis=date(2021, 1, 1), ouverte_a_sons=True,
            source=f"{PAGE}\u00a0: «\u00a0selon la catégorie FINESS\u00a0». Liste des catégories ouvertes. {DOUTE}.",
        )  # fmt: skip
    _regions(modele)


def _regions(modele):
    cog = "Insee, Code officiel géographique (régions issues de la loi 2015-29 du 16 janvier 2015)."
    par_code = {}
    for code, nom, site, departements in REGIONS:
        region = modele("Region").create(code=code, nom=nom, iles=code in ILES)
        par_code[code] = region
        for prefixe in departements.split():
            modele("Departement").create(
                prefixe=prefixe, nom=nom if code in ILES and code != "94" else prefixe, region=region,
                depuis=date(2016, 1, 1), source=cog,
            )  # fmt: skip
        grades, grades_site = GRADES.get(code, ("", ""))
        for genre, organisme, adresse in (
            ("ars", f"ARS {nom}", f"https://www.{site}.ars.sante.fr"),
            ("grades", grades, grades_site),
            ("collectif_si", "", ""),
        ):
            modele("ContactRegional").create(
                region=region, genre=genre, organisme=organisme, site=adresse,
                source=f"Nom et site publics, non vérifiés auprès de l’organisme. {DOUTE}.",
            )  # fmt: skip
    for prefixe, code in FINESS_OUTRE_MER:
        modele("Departement").create(
            prefixe=prefixe, nom=par_code[code].nom, region=par_code[code], depuis=date(2016, 1, 1),
            source=f"Numérotation FINESS d’outre-mer. {DOUTE}, notice de l’extraction publique.",
        )  # fmt: skip


def retirer(apps, editeur):
    for nom in ("Departement", "ContactRegional", "Region", "CategorieFiness", "Programme", "Seuil"):
        apps.get_model("projet", nom).objects.using(editeur.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("projet", "0001_initial")]

    operations = [migrations.RunPython(ecrire, retirer)]

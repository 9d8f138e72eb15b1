"""Names, places and words of the demonstration. Every person is invented; the INS are the official test ones."""

from typing import NamedTuple

GRAINE = 20261122
MOT_DE_PASSE = "treille-demo-2026"

SECTEURS = ("Lannion", "Perros-Guirec", "Tréguier")

COMMUNES = (
    ("Lannion", "22300", 48.7326, -3.4597),
    ("Perros-Guirec", "22700", 48.8144, -3.4425),
    ("Tréguier", "22220", 48.7856, -3.2306),
    ("Pleumeur-Bodou", "22560", 48.7742, -3.5186),
    ("Trégastel", "22730", 48.8172, -3.5139),
    ("Louannec", "22700", 48.7942, -3.4128),
)
VOIES = (
    "venelle du Puits", "rue du Port", "route de la Mer", "venelle des Ajoncs", "rue de la Fontaine", "impasse du Lavoir",
    "chemin des Dunes", "rue des Hortensias", "place du Marhallac’h", "allée des Camélias", "route du Moulin", "rue du Phare",
)  # fmt: skip
PRENOMS_F = (
    "Yvonne", "Anne", "Odile", "Jeanne", "Marie-Thérèse", "Denise", "Simone", "Paulette", "Maëlle", "Huguette", "Lucienne",
    "Germaine", "Annick", "Soizic", "Rozenn", "Monique", "Thérèse", "Gisèle", "Solange", "Armelle",
)  # fmt: skip
PRENOMS_H = (
    "Louis", "Paul", "Jean", "Yves", "Hervé", "René", "Marcel", "Fañch", "Roger", "Alain", "Guy", "Émile", "Joseph", "Loïc",
)  # fmt: skip
NOMS = (
    "Le Goff", "Riou", "Nédélec", "Kerbrat", "Ollivier", "Cadiou", "Thomas", "Salaün", "Guillou", "Prigent", "Morvan", "Bihan",
    "Tanguy", "Quéré", "Jézéquel", "Le Roux", "Lozac’h", "Kervella", "Le Bihan", "Péron", "L’Hostis", "Guézennec", "Cozic",
    "Madec", "Le Dantec", "Jaouen", "Abgrall", "Floc’h", "Caradec", "Hamon", "Corre", "Bothorel", "Le Calvez", "Rouault",
    "Menguy", "Pasquiou", "Kerleau", "Le Coz", "Trividic", "Daniélou",
)  # fmt: skip


class Intervenante(NamedTuple):
    prenom: str
    nom: str
    metier: str
    secteur: str


INTERVENANTS = (
    Intervenante("Awa", "Diallo", "auxiliaire", "Lannion"),
    Intervenante("Karim", "Benali", "aide_soignant", "Lannion"),
    Intervenante("Marie-Line", "Hamon", "aide", "Lannion"),
    Intervenante("Sonia", "Morvan", "auxiliaire", "Lannion"),
    Intervenante("Thierry", "Le Bras", "aide", "Lannion"),
    Intervenante("Gwenaëlle", "Cariou", "auxiliaire", "Perros-Guirec"),
    Intervenante("Fatou", "Sarr", "aide", "Perros-Guirec"),
    Intervenante("Nolwenn", "Perrot", "aide_soignant", "Perros-Guirec"),
    Intervenante("Joël", "Martin", "aide", "Perros-Guirec"),
    Intervenante("Inès", "Da Costa", "auxiliaire", "Tréguier"),
    Intervenante("Ewen", "Le Meur", "aide", "Tréguier"),
    Intervenante("Chantal", "Rivoal", "auxiliaire", "Tréguier"),
    Intervenante("Amina", "Haddad", "aide_soignant", "Tréguier"),
    Intervenante("Yann", "Stéphan", "aide", "Tréguier"),
)

# (prénom, nom, rôle, identifiant)
BUREAU = (
    ("Nadège", "Corre", "responsable_secteur", "nadege"),
    ("Solenn", "Kervella", "idec", "solenn"),
    ("Brigitte", "Le Floch", "direction", "brigitte"),
    ("Mathieu", "Guégan", "secretariat", "mathieu"),
    ("Delphine", "Quéré", "dpd", "delphine"),
)

# RPPS numbers of the range the agency's own samples use; a true key, and nobody's.
RPPS_DE_TEST = "997"

# Weekday round of an intervenant: start, minutes, nature. Nine visits, with travel between them.
TOURNEE = (
    ((7, 15), 45, "toilette"),
    ((8, 15), 45, "toilette"),
    ((9, 15), 60, "menage"),
    ((10, 30), 45, "soins"),
    ((11, 30), 60, "repas"),
    ((12, 45), 45, "repas"),
    ((16, 30), 60, "courses"),
    ((17, 45), 45, "repas"),
    ((18, 45), 60, "coucher"),
)

GESTES = {
    "toilette": (("Aide à la toilette", "au lavabo"), ("Aide à l’habillage", ""), ("Refaire le lit", "")),
    "repas": (("Préparer le repas", "sans sel, textures fondantes"), ("Aide à la prise du repas", ""), ("Proposer à boire", "objectif 1,2 litre dans la journée"), ("Ranger la cuisine", "")),
    "menage": (("Sols", "cuisine et couloir"), ("Linge", ""), ("Sortir les poubelles", "mardi et vendredi")),
    "soins": (("Surveillance de la peau", "talons et sacrum"), ("Change", "")),
    "courses": (("Courses", "liste sur le frigo"), ("Ranger les courses", "")),
    "coucher": (("Aide au déshabillage", ""), ("Fermer les volets", ""), ("Téléassistance au poignet", "")),
}  # fmt: skip

NOTES = (
    ("habitude", "equipe", "Bon appétit, trois verres d’eau. La famille passe samedi."),
    ("habitude", "equipe", "Bonne nuit, petit-déjeuner pris en entier."),
    ("habitude", "equipe", "Clés bien remises dans le coffret. Plus de protections taille M, à commander."),
    ("habitude", "famille", "Promenade jusqu’au port, il faisait beau. Moral bon."),
    ("habitude", "equipe", "Le plombier passe jeudi matin, la porte sera ouverte."),
    (
        "surveiller",
        "soins",
        "Rougeur au talon droit après décharge. Crème appliquée selon le protocole, à revoir ce soir.",
    ),
    ("surveiller", "equipe", "Presque rien mangé à midi, pas d’appétit depuis hier."),
    ("surveiller", "equipe", "Ce matin, ne trouvait plus la cuisine pendant quelques minutes."),
    ("surveiller", "equipe", "Le tapis de l’entrée glisse, il faudrait le retirer."),
    ("prevenir", "soins", "Chute sans gravité cette nuit, relevé sans aide. Bleu au coude gauche."),
)

VIGILANCES = (
    ("Risque de chute", "attention", False),
    ("Allergie : pénicilline", "alerte", True),
    ("Vigilance près du gaz", "alerte", False),
    ("Entend mal, parler de face", "attention", False),
    ("Chien gentil mais bruyant", "attention", False),
    ("Diabète, collation à 16 h", "alerte", True),
    ("Fausses routes, textures fondantes", "alerte", True),
)

# Official test identities: matricule (13 + key), sex, birth. Source: HL7 FR core, TestContenuCDA (OID 1.2.250.1.213.1.4.10).
INS_DE_TEST = (
    ("279035121518989", "1.2.250.1.213.1.4.10"),
    ("236066322083656", "1.2.250.1.213.1.4.10"),
    ("297022A02077878", "1.2.250.1.213.1.4.10"),
)

# Structures of the Grappe du Trégor: raison sociale, slug, commune, profil, organisme (0 or 1), phase.
STRUCTURES = (
    ("SAD du Trégor", "tregor", "Lannion", "domicile", 0, "deploiement"),
    ("SAD de Perros-Guirec", "perros", "Perros-Guirec", "domicile", 0, "production"),
    ("SAD du Jaudy", "jaudy", "Tréguier", "domicile", 0, "deploiement"),
    ("Aide à domicile de Bégard", "begard", "Bégard", "saad", 0, "deploiement"),
    ("Aide à domicile de Plestin", "plestin", "Plestin-les-Grèves", "saad", 0, "deploiement"),
    ("SAD de la Roche-Derrien", "roche-derrien", "La Roche-Jaudy", "saad", 0, "deploiement"),
    ("SSIAD du Léguer", "leguer", "Belle-Isle-en-Terre", "ssiad", 0, "contractualisation"),
    ("Aide à domicile de Plouaret", "plouaret", "Plouaret", "saad", 0, "contractualisation"),
    ("SAD de Paimpol", "paimpol", "Paimpol", "domicile", 1, "production"),
    ("SAD du Goëlo", "goelo", "Plouha", "saad", 1, "deploiement"),
    ("Aide à domicile de Pontrieux", "pontrieux", "Pontrieux", "saad", 1, "deploiement"),
    ("SSIAD du Trieux", "trieux", "Guingamp", "ssiad", 1, "contractualisation"),
    ("SAD de Guingamp", "guingamp", "Guingamp", "domicile", 1, "contractualisation"),
    ("Aide à domicile de Bourbriac", "bourbriac", "Bourbriac", "saad", 1, "cadrage"),
    ("Aide à domicile de Callac", "callac", "Callac", "saad", 1, "cadrage"),
    ("SSIAD de l’Argoat", "argoat", "Callac", "ssiad", 1, "cadrage"),
)
ORGANISMES = ("Association Trégor Domicile", "Union d’entraide du Goëlo")

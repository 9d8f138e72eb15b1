"""Columns an usager may have, and the words their headings are known by."""

from dossier.reprise.registre import Champ
from dossier.reprise.rules import cellules
from dossier.reprise.services.genres.communs import REFERENCE, SECTEUR

CHAMPS = (
    REFERENCE,
    Champ("civilite", "Civilité", ("civ", "sexe", "titre", "genre"), cellules.lire_civilite),
    Champ(
        "nom_prenom",
        "Nom et prénom ensemble",
        ("nom prenom", "nom et prenom", "usager", "beneficiaire", "client", "nom complet"),
        cellules.lire_nom_complet,
    ),
    Champ(
        "nom_naissance",
        "Nom de naissance",
        ("nom", "nom de famille", "nom naissance", "nom jeune fille", "nom patronymique"),
        cellules.texte_de(100),
    ),
    Champ(
        "nom_usage",
        "Nom d’usage",
        ("nom usage", "nom marital", "nom d epouse", "nom utilise"),
        cellules.texte_de(100),
    ),
    Champ("prenoms", "Prénoms", ("prenom", "prenoms", "premier prenom"), cellules.texte_de(100)),
    Champ(
        "ne_le",
        "Date de naissance",
        ("ne le", "nee le", "ddn", "naissance", "date naissance", "date de naiss"),
        cellules.lire_date_passee,
    ),
    Champ(
        "accompagne_depuis",
        "Accompagnement depuis",
        (
            "date d entree",
            "entree",
            "debut",
            "debut de prise en charge",
            "admis le",
            "date admission",
            "depuis",
        ),
        cellules.lire_date,
    ),
    Champ(
        "sorti_le",
        "Sortie le",
        ("date de sortie", "sortie", "sorti le", "fin de prise en charge"),
        cellules.lire_date_passee,
    ),
    SECTEUR,
    Champ(
        "adresse",
        "Adresse",
        ("adresse 1", "rue", "voie", "domicile", "adresse postale"),
        cellules.texte_de(200),
    ),
    Champ("code_postal", "Code postal", ("cp", "code post"), cellules.lire_code_postal),
    Champ("commune", "Commune", ("ville", "localite"), cellules.texte_de(100)),
    Champ(
        "telephone",
        "Téléphone",
        ("tel", "tel fixe", "telephone fixe", "portable", "mobile", "tel 1"),
        cellules.lire_telephone,
    ),
    Champ("gir", "GIR", ("niveau gir", "groupe iso ressources", "dependance"), cellules.lire_gir, cache=True),
    Champ("vit_seul", "Vit seul", ("seul", "isole", "vit seule", "personne seule"), cellules.lire_oui_non),
    Champ(
        "acces_logement",
        "Clés et code de porte",
        ("code porte", "digicode", "cles", "acces", "code d acces", "acces logement"),
        cellules.texte_de(200),
        cache=True,
    ),
    Champ("medecin", "Médecin traitant", ("medecin", "medecin ttt", "dr"), cellules.texte_de(120)),
    Champ(
        "medecin_telephone",
        "Téléphone du médecin",
        ("tel medecin", "telephone medecin"),
        cellules.lire_telephone,
    ),
    Champ(
        "ins",
        "Matricule INS ou NIR",
        ("ins", "nir", "matricule ins", "n secu", "numero de securite sociale", "num ss", "nss"),
        cellules.lire_ins,
        cache=True,
    ),
    Champ("ins_oid", "OID de l’INS", ("oid", "oid ins"), cellules.lire_oid),
)

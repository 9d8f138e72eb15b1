"""Lists of fictitious structures with true control keys."""

from stdnum import luhn


def finess(racine: str) -> str:
    """``racine`` (8 digits) and its Luhn key."""
    return racine + luhn.calc_check_digit(racine)


def lignes_bonnes(combien: int, racine: str = "2300") -> list[str]:
    ej = finess("23009999")
    return [
        f"SAD Fictif {n};{finess(f'{racine}{n:04d}')};{ej};Guéret;{('SAAD', 'domicile', 'SSIAD')[n % 3]}"
        for n in range(1, combien + 1)
    ]


DOUZE_MAUVAISES = [
    ("Sans numéro;;230099996;Guéret;SAAD", "vide"),
    ("Clé fausse;230000003;230099996;Guéret;SAAD", "mal recopié"),
    ("Zéro perdu;10780054;230099996;Guéret;SAAD", "zéro du début"),
    ("Trop long;2300000010;230099996;Guéret;SAAD", "10 caractères"),
    ("Lettre;23000000O;230099996;Guéret;SAAD", "caractère inattendu"),
    ("Département;200000016;230099996;Guéret;SAAD", "aucun département"),
    ("Sans organisme;230090003;;Guéret;SAAD", "vide"),
    ("Organisme faux;230090003;230099995;Guéret;SAAD", "mal recopié"),
    ("Profil inconnu;230090003;230099996;Guéret;EHPAD", "SAAD, domicile ou SSIAD"),
    (";230090003;230099996;Guéret;SAAD", "raison sociale est vide"),
    ("Deux fois le même;230099996;230099996;Guéret;SAAD", "identiques"),
    ("Doublon du fichier;{premier};230099996;Guéret;SAAD", "déjà à la ligne"),
]
TITRES = "raison sociale;FINESS ET;FINESS EJ;commune;profil"


def liste_de_deux_cents() -> tuple[bytes, dict[int, str]]:
    """188 good lines and 12 bad ones scattered among them; returns the file and the expected word by line number."""
    bonnes = lignes_bonnes(188)
    lignes = list(bonnes)
    premier = finess("23000001")
    for rang, (mauvaise, _) in enumerate(DOUZE_MAUVAISES):
        lignes.insert(10 + rang * 15, mauvaise.format(premier=premier))
    texte = "\r\n".join([TITRES, *lignes])
    attendus = {12 + rang * 15: mot for rang, (_, mot) in enumerate(DOUZE_MAUVAISES)}
    return texte.encode("cp1252"), attendus

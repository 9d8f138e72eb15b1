"""The network side: an operator, a porteur, one grappe of sixteen structures at different points."""

from datetime import date

from django.db import transaction
from stdnum import luhn

from config.demo import decor, equipe
from plateforme.core.identifiers import Finess
from plateforme.reseau.models import CompteReseau
from tenants.models import Adhesion, Grappe, Organisme, Profil, Structure
from tenants.services import ouverture

OUVERTE_LE = date(2026, 3, 2)


def finess(rang: int) -> Finess:
    """A number with a true key in a range nobody holds."""
    racine = f"2299{rang:04d}"
    return Finess.lire(racine + luhn.calc_check_digit(racine))


def installer() -> list[Structure]:
    """Idempotent: what is already there is left as it is."""
    organismes = [
        Organisme.objects.get_or_create(finess=finess(9000 + n).numero, defaults={"raison_sociale": nom})[0]
        for n, nom in enumerate(decor.ORGANISMES)
    ]
    grappe, _ = Grappe.objects.get_or_create(
        nom="Grappe du Trégor", defaults={"porteur": organismes[0], "ouverte_le": OUVERTE_LE}
    )
    structures = []
    for n, (nom, slug, commune, profil, rang, phase) in enumerate(decor.STRUCTURES, start=1):
        numero = finess(n)
        structure = Structure.objects.filter(finess=numero.numero).first()
        if structure is None:
            with transaction.atomic():
                structure, _ = ouverture.ouvrir(
                    raison_sociale=nom,
                    finess_et=numero,
                    finess_ej=Finess.lire(organismes[rang].finess),
                    commune=commune,
                    profil=Profil(profil),
                    slug=slug,
                    grappe=grappe,
                    depuis=OUVERTE_LE,
                )
                Adhesion.objects.filter(structure=structure).update(phase=phase, depuis=OUVERTE_LE)
        structures.append(structure)
    for identifiant, prenom, nom, role, grappe_id in (
        ("operateur", "Denis", "Larvor", "operateur", None),
        ("porteur", "Paule", "Tréhiou", "porteur", grappe.pk),
    ):
        if not CompteReseau.objects.filter(identifiant=identifiant).exists():
            equipe.munir(
                CompteReseau.objects.ouvrir(
                    identifiant=identifiant,
                    mot_de_passe=decor.MOT_DE_PASSE,
                    prenom=prenom,
                    nom=nom,
                    role=role,
                    grappe_id=grappe_id,
                )
            )
    return structures

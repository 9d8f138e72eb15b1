"""A few papers in a few dossiers, drawn here."""

import io

from dossier.models import Usager
from plateforme.identity.models import Compte
from plateforme.storage.models import Document
from plateforme.storage.services import televerser

# Name, lines, health.
PAPIERS = (
    ("Plan d’aide APA.pdf", ("Plan d’aide personnalisé", "Aide à la toilette, repas du midi", "24 heures par mois"), False),
    ("Contrat d’accompagnement.pdf", ("Contrat d’accompagnement", "Signé le jour de l’admission"), False),
    ("Ordonnance kinésithérapie.pdf", ("Ordonnance", "Rééducation à la marche, 10 séances"), True),
)  # fmt: skip


def completer() -> int:
    """Once: nothing when a document is already there. Returns how many were deposited."""
    if Document.objects.exists():
        return 0
    auteur = Compte.objects.filter(role="idec").first()
    usagers = Usager.objects.accompagnes().order_by("cle_tri", "pk")[:6]
    for usager in usagers:
        for nom, lignes, sante in PAPIERS:
            page = _page(nom.removesuffix(".pdf"), usager.nom_complet, lignes)
            televerser(nom, page, sujet_id=usager.pk, depose_par=auteur.pk if auteur else None, sante=sante)
    return len(usagers) * len(PAPIERS)


def _page(titre: str, personne: str, lignes: tuple[str, ...]) -> bytes:
    """A sheet with a few lines, as a scanner makes one."""
    from PIL import Image, ImageDraw

    feuille = Image.new("L", (827, 1169), 255)
    trait = ImageDraw.Draw(feuille)
    for rang, texte in enumerate(
        (titre, personne, "", *lignes, "", "Document de démonstration, personne fictive.")
    ):
        trait.text((90, 110 + rang * 42), texte, fill=30, font_size=26)
    sortie = io.BytesIO()
    feuille.save(sortie, "PDF", resolution=100)
    return sortie.getvalue()

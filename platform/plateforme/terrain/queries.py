"""What was received from phones."""

from uuid import UUID

from plateforme.terrain.models import EvenementTerrain

GENRES = {
    "badge.debut": "Arrivée",
    "badge.fin": "Départ",
    "geste.fait": "Geste fait",
    "geste.non_fait": "Geste décoché",
    "transmission": "Transmission",
}


def derniers_de(compte_id: UUID, limite: int = 30) -> list[EvenementTerrain]:
    """The latest events of an account, newest first; each with ``libelle`` for a person."""
    lignes = list(EvenementTerrain.objects.filter(compte_id=compte_id).order_by("-recu_a", "-id")[:limite])
    for ligne in lignes:
        ligne.libelle = GENRES.get(ligne.genre, "Envoi")  # type: ignore[attr-defined]
    return lignes

"""What the dossier adds to the shell: rail, creation, palette."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from dossier import queries
from dossier.models import Usager
from plateforme.core.clock import today
from plateforme.web import registres


def inscrire() -> None:
    """Called in ``apps.ready()``."""
    registres.inscrire_rail(
        registres.EntreeRail("usagers", "Usagers", "users-round", "usagers", 30, "dossier.usager.lister")
    )
    registres.inscrire_creation(
        registres.Creation("Usager", "user-round-plus", "usager_nouveau", "dossier.usager.creer", 30, "n u")
    )
    registres.inscrire_chercheur("usagers", "dossier.usager.voir", chercher)


def _detail(usager: Usager) -> str:
    morceaux = [f"{usager.age(today())} ans"]
    if usager.commune:
        morceaux.append(usager.commune)
    if usager.sorti_le is not None:
        morceaux.append("ne fait plus appel au service")
    return ", ".join(morceaux)


def chercher(request: HttpRequest, q: str) -> Iterable[registres.Trouvaille]:
    """Who this person may see; those still accompanied first."""
    trouves = queries.lister(request.user, texte=q, statut="tous")
    for usager in trouves.order_by("sorti_le", "cle_tri")[:12]:
        yield registres.Trouvaille(
            "Usagers", usager.nom_complet, _detail(usager), reverse("usager", args=[usager.pk]), "user-round"
        )

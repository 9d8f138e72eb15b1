"""What a person is told about their account: under the bell, and by e-mail when they gave an address."""

import base64
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from plateforme.chiffrement import coffre
from plateforme.habilitations import roles
from plateforme.identity.modeles import modeles
from plateforme.outbox.base import MessageBase
from plateforme.outbox.services import publier
from plateforme.tenancy.courant import exiger_courant

GENRE = "identity.courriel"
OBJETS = {
    "invitation": "Votre accès à Treille",
    "facteur": "Votre nouveau second facteur",
    "mot_de_passe": "Votre mot de passe Treille",
    "avis": "Un changement sur votre compte Treille",
    "rappel": "Treille\u00a0: à faire",
}


def inscrire_objet(modele: str, objet: str) -> None:
    """Another domain's e-mail: its subject; the template is ``identity/courriels/<modele>.txt`` in that domain."""
    OBJETS[modele] = objet


def adresse_publique(chemin: str) -> str:
    """Address of a page of the bound site, for what is read outside the browser."""
    contexte = exiger_courant()
    domaine = settings.TREILLE_DOMAINE
    hote = f"{contexte.slug}.{domaine}" if contexte.est_une_structure else domaine
    if domaine == "localhost":
        return f"http://{hote}:{settings.TREILLE_PORT}{chemin}"
    return f"https://{hote}{chemin}"


def prevenir(compte: Any, titre: str, detail: str = "", url: str = "", icone: str = "shield-check") -> None:
    """Tell somebody about their own account, in the caller's transaction. The network's people have no bell."""
    if exiger_courant().est_une_structure:
        from plateforme.notifications.models import Notification

        Notification.objects.create(compte=compte, titre=titre, detail=detail, url=url, icone=icone)
    if compte.courriel:
        ecrire(compte.pk, "avis", titre=titre, detail=detail)


def rappeler(compte: Any, titre: str, detail: str, url: str, icone: str = "calendar-clock") -> None:
    """Something waits for them: under the bell in a structure, by letter when they have an address."""
    if exiger_courant().est_une_structure:
        from plateforme.notifications.models import Notification

        Notification.objects.create(compte=compte, titre=titre, detail=detail, url=url, icone=icone)
    if compte.courriel:
        ecrire(compte.pk, "rappel", titre=titre, detail=detail, page=url)


def prevenir_la_direction(titre: str, detail: str = "", url: str = "") -> None:
    """Everybody who directs; used where a responsable must act too."""
    if not exiger_courant().est_une_structure:
        return
    from plateforme.notifications.models import Notification

    Notification.objects.bulk_create(
        Notification(compte=compte, titre=titre, detail=detail, url=url, icone="shield-alert")
        for compte in modeles().compte.objects.filter(role=roles.DIRECTION, actif=True)
    )


def ecrire(compte_id: UUID, modele: str, *, jeton: str = "", **valeurs: str) -> None:
    """Send an e-mail through the outbox. A link's secret travels sealed: the base never holds it in clear."""
    contenu = {"compte": str(compte_id), "modele": modele, "valeurs": valeurs}
    if jeton:
        contenu["jeton"] = base64.b64encode(
            coffre.sceller(jeton.encode(), f"identity.lien:{compte_id}")
        ).decode()
    publier(GENRE, f"compte:{compte_id}", contenu)


def envoyer(message: MessageBase) -> None:
    """Consumer of the outbox; an SMTP server that is away is tried again later."""
    contenu = message.contenu
    compte = modeles().compte.objects.filter(pk=UUID(contenu["compte"])).first()
    if compte is None or not compte.courriel:
        return
    lien = ""
    if scelle := contenu.get("jeton"):
        jeton = coffre.ouvrir(base64.b64decode(scelle), f"identity.lien:{compte.pk}").decode()
        lien = adresse_publique(f"/acces/{jeton}")
    modele = contenu["modele"]
    corps = render_to_string(
        f"identity/courriels/{modele}.txt",
        {
            "compte": compte,
            "structure": exiger_courant().nom or "Treille",
            "lien": lien,
            "site": adresse_publique("/"),
            "racine": adresse_publique(""),
            **contenu["valeurs"],
        },
    )
    EmailMessage(OBJETS[modele], corps, settings.DEFAULT_FROM_EMAIL, [compte.courriel]).send()

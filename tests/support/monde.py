"""Two neighbours and their people.

Alice and Awa work on the case, Bruno on another one, Chloé next door, Denis for the network.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from plateforme.core.identifiers import Finess
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tenants import repertoire
from tenants.models import Profil, Structure
from tenants.services import ouverture

MOT_DE_PASSE = "essai-Essai-2026"
# Everybody's application of codes holds the same secret: tests make the codes.
SECRET_TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CANARI_A = "Zéphyrine Canaria-Alpha"
CANARI_B = "Balthazar Canaria-Bêta"

FINESS_EJ = "220000020"
FINESS_A = "220000129"
FINESS_B = "220000137"


@dataclass(frozen=True)
class Monde:
    a: Contexte
    b: Contexte

    @classmethod
    def charger(cls) -> "Monde":
        ids = {s.slug: s.pk for s in Structure.objects.filter(slug__in=("alpha", "beta"))}
        return cls(a=_contexte(ids["alpha"]), b=_contexte(ids["beta"]))


def _contexte(structure_id: Any) -> Contexte:
    contexte = repertoire.par_id(structure_id)
    assert contexte is not None
    return contexte


def peupler() -> None:
    """Open both structures and their accounts; committed once for the whole session."""
    for slug, finess, equipe in (
        (
            "alpha",
            FINESS_A,
            (("alice", "responsable_secteur"), ("awa", "intervenant"), ("bruno", "intervenant")),
        ),
        ("beta", FINESS_B, (("chloe", "responsable_secteur"), ("celia", "intervenant"))),
    ):
        structure, _ = ouverture.ouvrir(
            raison_sociale=f"SAD {slug.capitalize()}",
            finess_et=Finess.lire(finess),
            finess_ej=Finess.lire(FINESS_EJ),
            commune="Lannion",
            profil=Profil.DOMICILE,
            slug=slug,
            depuis=date(2025, 1, 1),
        )
        with lier(_contexte(structure.pk)):
            _embaucher(equipe)
    _installer_le_reseau()


def _embaucher(equipe: tuple[tuple[str, str], ...]) -> None:
    from dossier.models import Rattachement
    from plateforme.identity.models import Compte
    from telegestion.models import Intervenant

    for identifiant, role in (
        *equipe,
        ("direction", "direction"),
        ("idec", "idec"),
        ("accueil", "secretariat"),
        ("delphine", "dpd"),
        ("compta", "comptable_rh"),
        ("ines", "infirmier"),
    ):
        compte = Compte.objects.ouvrir(
            identifiant=identifiant,
            mot_de_passe=MOT_DE_PASSE,
            prenom=identifiant.capitalize(),
            nom="Essai",
            role=role,
        )
        munir(compte)
        if role == "responsable_secteur":
            Rattachement.objects.create(compte=compte)
        if role == "intervenant":
            Intervenant.objects.create(compte=compte, prenom=compte.prenom, nom=compte.nom, metier="aide")


def _installer_le_reseau() -> None:
    from plateforme.reseau.models import CompteReseau

    with lier(PUBLIC):
        for identifiant, role in (("denis", "operateur"), ("paule", "porteur")):
            munir(
                CompteReseau.objects.ouvrir(
                    identifiant=identifiant,
                    mot_de_passe=MOT_DE_PASSE,
                    prenom=identifiant.capitalize(),
                    nom="Réseau",
                    role=role,
                )
            )


def munir(compte: Any) -> None:
    """Somebody whose identity was checked, with an application of codes."""
    from plateforme.core.clock import now
    from plateforme.identity.services import totp

    compte.identite_verifiee_a, compte.identite_piece, compte.identite_mode = now(), "cni", "presence"
    compte.save()
    totp.installer(compte, SECRET_TOTP)


def compte(identifiant: str) -> Any:
    """Account of the bound schema, by its identifier."""
    from plateforme.identity.backends import modele_de_compte

    return modele_de_compte()._default_manager.get(identifiant=identifiant)


class Navigateur(Client):
    """Leaves the notes of the test's own arrangement out of the journal: only what the browser does is in it."""

    def request(self, **requete: Any) -> Any:
        connection._notes = []
        return super().request(**requete)


def client_de(contexte: Contexte | None, identifiant: str | None = None, **options: Any) -> Client:
    """A browser on a structure's host (or the network's), signed in when ``identifiant`` is given."""
    hote = f"{contexte.slug}.localhost" if contexte else "localhost"
    client = Navigateur(headers={"host": hote}, **options)
    if identifiant:
        with lier(contexte or PUBLIC):
            connecter(client, compte(identifiant), hote)
    return client


def connecter(client: Client, qui: Any, hote: str, moyen: str = "totp", **autres: Any) -> None:
    """Open a session through the product's own door, without typing anything. The schema must be bound."""
    from django.http import HttpRequest

    from plateforme.identity.base import Moyen
    from plateforme.identity.ouverture import ouvrir_session
    from plateforme.identity.sessions import SessionStore

    demande: Any = HttpRequest()
    demande.META = {"HTTP_HOST": hote, "REMOTE_ADDR": "127.0.0.1"}
    demande.session = SessionStore()
    ouvrir_session(demande, qui, moyen=Moyen(moyen), **autres)
    demande.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = demande.session.session_key

"""The life of the service besides its rounds: a training session, requests of persons."""

from datetime import timedelta

from plateforme.core.clock import now, today
from plateforme.demandes import services as demandes
from plateforme.demandes.models import Demande
from plateforme.formation.models import Emargement, Seance
from plateforme.identity.models import Compte


def completer() -> None:
    """Idempotent: what is already there is left as it is."""
    if not Seance.objects.exists():
        _former()
    if not Demande.objects.exists():
        _demander()


def _former() -> None:
    """A first session signed by half of the team, a second one to come."""
    direction = Compte.objects.get(identifiant="brigitte")
    faite, _ = (
        Seance.objects.create(
            titre=titre, le=today() + timedelta(days=dans), minutes=minutes, animee_par="Équipe Treille",
            organisee_par=direction,
        )
        for titre, dans, minutes in (
            ("Prise en main\u00a0: dossier et planning", -6, 90),
            ("Le téléphone en tournée", 5, 60),
        )
    )  # fmt: skip
    comptes = Compte.objects.filter(actif=True).order_by("cle_tri")
    Emargement.objects.bulk_create(
        Emargement(seance=faite, compte=compte, a=now() - timedelta(days=5)) for compte in list(comptes)[::2]
    )


def _demander() -> None:
    """One that presses, one just come, one answered."""
    dpd = Compte.objects.get(identifiant="delphine")
    for genre, qui, qualite, canal, jours in (
        ("acces", "Mme Simone Kerbrat", "personne", "courrier", 24),
        ("rectification", "M. Louis Riou", "representant", "courriel", 2),
    ):
        demandes.recevoir(
            dpd,
            genre=genre,
            concerne=qui,
            qualite=qualite,
            canal=canal,
            recue_le=today() - timedelta(days=jours),
        )
    close = demandes.recevoir(
        dpd, genre="medical", concerne="Mme Odile Cozic", qualite="personne", canal="oral",
        recue_le=today() - timedelta(days=6),
    )  # fmt: skip
    demandes.verifier_l_identite(dpd, close.pk, "connue")
    demandes.repondre(dpd, close.pk, "Copie remise en main propre à son domicile, contre signature.")

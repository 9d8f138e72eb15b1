"""``manage.py inviter_reseau``: prints a link for an operator or a porteur; the account waits for its person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plateforme.core.errors import ErreurMetier
from plateforme.identity.base import GenreDeLien, ModeDeVerification, Piece
from plateforme.identity.services import comptes, liens
from plateforme.identity.services.avis import adresse_publique
from plateforme.reseau.models import CompteReseau, RoleReseau


class Command(BaseCommand):
    help = "Invite un opérateur ou un porteur, ou redonne un lien à un compte du réseau, après vérification d’identité."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=RoleReseau.values)
        parser.add_argument("prenom")
        parser.add_argument("nom")
        parser.add_argument("--courriel", default="")
        parser.add_argument("--grappe", default=None, help="identifiant de la grappe portée")
        parser.add_argument("--piece", choices=Piece.values, required=True, help="pièce d’identité vue")
        parser.add_argument(
            "--mode", choices=ModeDeVerification.values, default=ModeDeVerification.PRESENCE.value
        )
        parser.add_argument(
            "--compte", default="", help="identifiant d’un compte existant\u00a0: nouveau lien"
        )

    def handle(self, *_args: Any, **o: Any) -> None:
        if o["compte"]:
            compte = CompteReseau.objects.filter(identifiant=o["compte"], actif=True).first()
            if compte is None:
                raise CommandError(f"Aucun compte actif ne s’appelle {o['compte']}.")
            _, jeton = liens.creer(compte, GenreDeLien.FACTEUR)
        else:
            attestation = comptes.Attestation(Piece(o["piece"]), ModeDeVerification(o["mode"]))
            try:
                invitation = comptes.inviter(
                    None,
                    prenom=o["prenom"],
                    nom=o["nom"],
                    role=o["role"],
                    courriel=o["courriel"],
                    grappe_id=o["grappe"],
                    attestation=attestation,
                )
            except ErreurMetier as erreur:
                raise CommandError(erreur.message) from erreur
            compte, jeton = invitation.compte, invitation.jeton
        self.stdout.write(f"Identifiant : {compte.identifiant}")
        self.stdout.write(adresse_publique(f"/acces/{jeton}"))

"""A takeover imported and not yet signed: four people of a former software, one refused line."""

from dossier.models import Secteur
from dossier.reprise.models import Controle, Reprise
from dossier.reprise.queries import echantillon
from dossier.reprise.services import controle, depot, integration, passages
from plateforme.identity.models import Compte

_LIGNES = (
    "Code;Civ.;Nom;Nom d'usage;Prénom;Né(e) le;Entrée;Secteur;Ville;Téléphone",
    "A-101;Mme;Kerbiriou;Le Dantec;Germaine;14/07/1938;02/11/2026;{secteur};Lannion;02 61 91 40 11",
    "A-102;M.;Le Calvez;;Eugène;3 mars 1941;02/11/2026;{secteur};Perros-Guirec;261914012",
    "A-103;Mme;Trividic;;Bernadette;1936-12-24;02/11/2026;{secteur};Lannion;02 61 91 40 13",
    "A-104;Mme;Guégan;;Solange;31/02/1943;02/11/2026;{secteur};Trégastel;02 61 91 40 14",
    "A-105;M.;Hamon;;Armand;28/08/1944;02/11/2026;{secteur};Louannec;02 61 91 40 15",
)


def completer() -> None:
    """Once: nothing when a takeover is already there."""
    direction = Compte.objects.filter(role="direction", actif=True).first()
    secteur = Secteur.objects.order_by("nom").first()
    if direction is None or secteur is None or Reprise.objects.exists():
        return
    octets = "\r\n".join(_LIGNES).format(secteur=secteur.nom).encode()
    sujet = depot.deposer(
        direction, genre="usagers", source="Logiciel précédent", nom="beneficiaires.csv", octets=octets
    )
    choix = {rang: champ for champ, rang in sujet.colonnes.items()}
    passages.executer(depot.regler(direction, sujet.pk, choix=choix, options=sujet.options).pk)
    passages.executer(integration.importer(direction, sujet.pk).pk)
    for ligne in echantillon(sujet.pk).order_by("numero")[:2]:
        controle.controler(direction, sujet.pk, ligne.pk, Controle.CONFORME)

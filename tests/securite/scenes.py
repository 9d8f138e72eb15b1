"""What each structure holds when its neighbour attacks: one object of every kind a route can name, full of canaries.

A route whose parameter is not here makes the suite fail: a new page joins by giving its object.
"""

import html
import io
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdf

from plateforme.core.clock import now
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import compte

CANARI = "Canarizéphyr"
# What the service says of itself, not of anybody: the neighbour must not see it either.
CANARI_DU_SERVICE = "Serinaquilon"


def corps(reponse: Any) -> str:
    """What an answer shows, as somebody reads it: JSON escapes the accents, a canary must not hide behind them."""
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if octets.startswith(b"%PDF-"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(octets)).pages)
    texte = octets.decode()
    if "json" in reponse.headers.get("Content-Type", "") and texte:
        return json.dumps(json.loads(texte), ensure_ascii=False)
    return html.unescape(texte)


INCONNU = uuid4()


@dataclass
class Scene:
    """Ids of one structure's objects, by the prefix of the route that names them."""

    contexte: Contexte
    # A code where the object has no id of its own, such as a step of the structure's deployment.
    objets: dict[str, UUID | str] = field(default_factory=dict)


def dresser(contexte: Contexte) -> Scene:
    """Fill a structure; every text carries the canary."""
    from dossier.models import ConventionPartage, MembreConvention, Proche, Secteur, Usager, Vigilance
    from dossier.reprise.models import Ligne, Reprise
    from liaison.models import Transmission
    from plateforme.demandes.models import Demande
    from plateforme.formation.models import Seance
    from plateforme.habilitations.models import BrisDeGlace, Campagne, SessionSupport
    from plateforme.identity.models import FournisseurOidc, RapprochementPsc
    from plateforme.notifications.models import Notification
    from plateforme.storage.services import televerser
    from telegestion.models import Geste, Intervenant, Intervention, Pointage

    scene = Scene(contexte)
    with lier(contexte):
        auteur = compte("accueil")
        secteur = Secteur.objects.create(nom=f"{CANARI} secteur")
        usager = Usager.objects.create(
            civilite="MME", nom_naissance=CANARI, prenoms="Zoé", ne_le=date(1940, 3, 2), accompagne_depuis=date(2024, 1, 1),
            secteur=secteur, adresse=f"1 rue {CANARI}", acces_logement=f"code {CANARI}", medecin=f"Dr {CANARI}", telephone="0261910000",
        )  # fmt: skip
        vigilance = Vigilance.objects.create(usager=usager, libelle=f"{CANARI} chien", sante=False)
        Vigilance.objects.create(usager=usager, libelle=f"{CANARI} vigilance", sante=True)
        proche = Proche.objects.create(
            usager=usager, nom_complet=f"Claire {CANARI}", lien="fille", personne_de_confiance=True
        )
        intervenant = Intervenant.objects.create(prenom="Zélie", nom=CANARI, metier="aide", secteur=secteur)
        debut = now().replace(minute=0, second=0, microsecond=0)
        visite = Intervention.objects.create(
            usager=usager,
            intervenant=intervenant,
            debut=debut,
            fin=debut + timedelta(hours=1),
            nature="repas",
            consigne=CANARI,
        )
        Geste.objects.create(intervention=visite, libelle=f"{CANARI} geste")
        Pointage.objects.create(
            intervention=visite,
            intervenant=intervenant,
            sens="arrivee",
            pointe_a=debut,
            recu_a=debut,
            motif=CANARI,
        )
        note = Transmission.objects.create(
            usager=usager,
            intervention=visite,
            auteur=auteur,
            observation="prevenir",
            texte=f"{CANARI} note",
            ecrite_a=debut,
        )
        bris = BrisDeGlace.objects.create(
            compte=compte("ines"),
            sujet_id=usager.pk,
            motif="appel",
            explication=f"{CANARI} explication",
            du=debut - timedelta(hours=5),
            au=debut - timedelta(hours=4),
            revue_avant=debut + timedelta(hours=67),
        )
        Notification.objects.create(compte=compte("direction"), titre=f"{CANARI} notification")
        document = televerser(
            f"{CANARI}.txt", CANARI.encode(), sujet_id=usager.pk, depose_par=auteur.pk, sante=False
        )
        fournisseur = FournisseurOidc.objects.create(
            nom=f"{CANARI} fournisseur",
            issuer="https://id.exemple.test",
            decouverte="https://id.exemple.test/d",
            client_id="x",
            acr="a",
        )
        rapprochement = RapprochementPsc.objects.create(
            compte=compte("accueil"), id_national="899700000094", prenom="Zoé", nom=CANARI
        )
        convention = ConventionPartage.objects.create(partenaire=f"{CANARI} partenaire", objet="Soins")
        membre = MembreConvention.objects.create(convention=convention, compte=compte("accueil"))
        revue = Campagne.objects.create(
            ouverte_par=compte("direction"), titre=f"{CANARI} revue", echeance=date(2030, 1, 1)
        )
        support = SessionSupport.objects.create(
            accordee_par=compte("direction"),
            objet=f"{CANARI} objet",
            du=debut - timedelta(days=2),
            au=debut - timedelta(days=1),
            code_empreinte="0" * 64,
        )
        demande = Demande.objects.create(
            genre="acces",
            concerne=f"{CANARI_DU_SERVICE} personne",
            canal="oral",
            recue_le=debut.date(),
            echeance=debut.date() + timedelta(days=5),
        )
        seance = Seance.objects.create(
            titre=f"{CANARI_DU_SERVICE} séance",
            le=debut.date(),
            minutes=60,
            animee_par="Essai",
            organisee_par=compte("direction"),
        )
        # The file says nothing of the canary: the page shows it by the dossier that the line is the double of.
        reprise = Reprise.objects.create(
            genre="usagers", extension="csv", depose_par=compte("direction"), source="Ancien logiciel", etat="essayee",
            colonnes={"nom_naissance": 0},
            apercu=json.dumps({"nom": "x.csv", "feuilles": [{"nom": "", "titres": 0, "lignes": 2, "tete": [["Nom"]]}]}),
        )  # fmt: skip
        ligne = Ligne.objects.create(
            reprise=reprise, numero=2, etat="a_decider", doublon={"nature": "strict", "objet": str(usager.pk)},
            contenu=json.dumps({"brut": ["Nom du fichier"], "valeurs": {}, "fautes": {}, "objet": None}),
        )  # fmt: skip
        mie = _du_mie(auteur)
        rgpd = _espace_rgpd(contexte)
        scene.objets = {
            **mie,
            "reprise": reprise.pk,
            "ligne": ligne.pk,
            "habilitations/support": support.pk,
            "habilitations/revues": revue.pk,
            "habilitations/voir-comme": compte("idec").pk,
            "conventions": convention.pk,
            "membre": membre.pk,
            "documents": document.pk,
            "equipe/rapprochements": rapprochement.pk,
            "connexion/oidc": fournisseur.pk,
            "mon-compte/connexions/oidc": fournisseur.pk,
            "reglages/fournisseurs-identite": fournisseur.pk,
            "interventions": visite.pk,
            "m/visites": visite.pk,
            "telegestion/interventions": visite.pk,
            "intervenants": intervenant.pk,
            "usagers": usager.pk,
            "transmissions": note.pk,
            "proche": proche.pk,
            "vigilance": vigilance.pk,
            "acces-exceptionnel": usager.pk,
            "acces-exceptionnels": bris.pk,
            "equipe": compte("awa" if contexte.slug == "alpha" else "celia").pk,
            "mon-compte/moyens": compte("idec").facteurs.get().pk,
            "acces": INCONNU,
            "formations": seance.pk,
            "rgpd/demandes": demande.pk,
            "deploiement/etapes": "besoins",
            **rgpd,
        }
    if contexte.slug == "alpha":
        _deployer(contexte)
    return scene


def _deployer(contexte: Contexte) -> None:
    """One structure's way to production, written by the network; the neighbour has none."""
    from plateforme.storage.services import televerser
    from plateforme.tenancy.courant import PUBLIC
    from tenants.deploiement.services import etapes, ouvrir
    from tenants.deploiement.services.auteur import Auteur
    from tenants.models import Structure

    with lier(contexte):
        piece = televerser(
            "piece.txt", CANARI_DU_SERVICE.encode(), sujet_id=None, depose_par=None, sante=False
        )
    with lier(PUBLIC):
        parcours, nouveau = ouvrir.ouvrir(
            Structure.objects.get(pk=contexte.structure_id), type_="acquisition",
            mise_en_production=(now() + timedelta(days=90)).date(), par=Auteur(f"{CANARI_DU_SERVICE}, direction"),
        )  # fmt: skip
        if nouveau:
            qui = Auteur(f"{CANARI_DU_SERVICE}, direction")
            etapes.marquer(
                parcours, "besoins", par=qui, preuve=f"{CANARI_DU_SERVICE} preuve", piece_id=piece.pk
            )


def _du_mie(qui: Any) -> dict[str, UUID]:
    """A certificate asked for, a card, a mailbox, a delegation."""
    from plateforme.storage.services import televerser
    from socles.mie.models import BoiteMssante, Carte, Certificat, ContratAns, Delegation

    piece = televerser(f"{CANARI}.txt", b"contrat", sujet_id=None, depose_par=qui.pk, sante=False)
    ContratAns.objects.create(
        representant="Aline Morvan", numero="1", depose_le=date(2026, 1, 1), piece_id=piece.pk
    )
    certificat = Certificat.objects.create(
        offre="ORG", usage="AUTH_CLI", environnement="TEST", destinations=["DMP"], etat="commande", cn=f"{CANARI_DU_SERVICE} DMP",
        origine_cle="generee", demande=f"{CANARI_DU_SERVICE} demande",
    )  # fmt: skip
    delegation = Delegation.objects.create(
        certificat=certificat,
        structure_id=INCONNU,
        structure_nom=f"{CANARI_DU_SERVICE} voisine",
        certificat_distant=INCONNU,
        retiree_a=now(),
    )
    boite = BoiteMssante.objects.create(
        genre="organisation", operateur=f"{CANARI_DU_SERVICE} opérateur", demandee_le=date(2026, 1, 1)
    )
    carte = Carte.objects.create(compte=qui, genre="cps", commandee_le=date(2026, 1, 1))
    return {
        "mie/certificats": certificat.pk,
        "mie/delegations": delegation.pk,
        "mie/boites": boite.pk,
        "mie/cartes": carte.pk,
        "mie/rpps": qui.pk,
    }


def _espace_rgpd(contexte: Contexte) -> dict[str, UUID]:
    """Each neighbour under its own entité juridique: they share one in the common world, and its space with it."""
    from plateforme.tenancy.courant import PUBLIC
    from tenants.models import Organisme, Structure
    from tenants.rgpd import queries
    from tenants.rgpd.services import aipd, registre, violations

    with lier(PUBLIC):
        sien, _ = Organisme.objects.get_or_create(
            finess="220000038" if contexte.slug == "alpha" else "220000046",
            defaults={"raison_sociale": "Entité"},
        )
        Structure.objects.filter(pk=contexte.structure_id).update(organisme=sien)
    delphine: Any = compte("delphine")
    registre.preremplir(delphine)
    return {
        "rgpd/registre": queries.registre(queries.organisme_courant())[0].fiche.pk,
        "rgpd/aipd": aipd.ouvrir(delphine, raison="Essai").pk,
        "rgpd/violations": violations.ouvrir(
            delphine, connue_a=now(), atteintes=["integrite"], circonstances="Essai"
        ).pk,
    }


def objet_du_chemin(scene: Scene, chemin: str) -> UUID | str:
    """Object named by a path such as ``interventions/<uuid:cle>/annuler``; KeyError when nobody declared it."""
    avant = chemin.split("<", maxsplit=1)[0].split("{", maxsplit=1)[0].removeprefix("/api/v1/").strip("/")
    return scene.objets[avant]


def remplir(chemin: str, valeur: UUID | str, scene: Scene | None = None) -> str:
    """The path with its parameters filled; with a scene, those that have a name of their own get their own object."""
    morceaux = []
    for morceau in chemin.strip("/").split("/"):
        if not morceau.startswith(("<", "{")):
            morceaux.append(morceau)
            continue
        nom = morceau.strip("<>{}").split(":")[-1]
        morceaux.append(str(scene.objets.get(nom, valeur) if scene else valeur))
    fin = "/" if chemin.endswith("/") else ""
    return "/" + "/".join(morceaux) + fin if morceaux != [""] else "/"

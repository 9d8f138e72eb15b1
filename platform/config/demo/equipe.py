"""People of the complete structure: staff, usagers, those around them."""

import base64
import hashlib
import random
from datetime import date, timedelta
from typing import Any

from stdnum import luhn

from config.demo import decor
from dossier.models import Proche, Rattachement, Secteur, Usager, Vigilance
from plateforme.core.clock import now, today
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations import roles
from plateforme.identity.base import ModeDeVerification, Piece
from plateforme.identity.models import Compte
from plateforme.identity.services import totp
from telegestion.models import Intervenant


def telephone(hasard: random.Random) -> str:
    """A number of the range kept for fiction. Source: Arcep, plan de numérotation (02 61 91 xx xx, 06 39 98 xx xx)."""
    return f"026191{hasard.randrange(10000):04d}"


def mobile(hasard: random.Random) -> str:
    return f"063998{hasard.randrange(10000):04d}"


def installer(hasard: random.Random) -> tuple[list[Intervenant], list[Usager]]:
    secteurs = {nom: Secteur.objects.create(nom=nom) for nom in decor.SECTEURS}
    for prenom, nom, role, identifiant in decor.BUREAU:
        compte = _compte(identifiant, prenom, nom, role, hasard)
        if role == "responsable_secteur":
            Rattachement.objects.create(compte=compte)
    intervenants = []
    for fiche in decor.INTERVENANTS:
        role = fiche.metier if fiche.metier in ("aide_soignant", "infirmier") else "intervenant"
        identifiant = cle_de_tri(fiche.prenom).replace(" ", "-")
        compte = _compte(identifiant, fiche.prenom, fiche.nom, role, hasard)
        intervenants.append(
            Intervenant.objects.create(
                compte=compte,
                prenom=fiche.prenom,
                nom=fiche.nom,
                metier=fiche.metier,
                telephone=compte.telephone,
                secteur=secteurs[fiche.secteur],
                minutes_semaine=hasard.choice((24, 28, 30, 35, 35)) * 60,
            )
        )
    return intervenants, [_usager(n, secteurs, hasard) for n in range(80)]


def _compte(identifiant: str, prenom: str, nom: str, role: str, hasard: random.Random) -> Compte:
    compte: Compte = Compte.objects.ouvrir(
        identifiant=identifiant,
        mot_de_passe=decor.MOT_DE_PASSE,
        prenom=prenom,
        nom=nom,
        role=role,
        telephone=mobile(hasard),
    )
    munir(compte)
    return compte


def munir(compte: Any) -> None:
    """An identity said to be checked, and an application of codes whose code the sign-in page will show."""
    compte.identite_verifiee_a, compte.identite_piece = now(), Piece.CNI
    compte.identite_mode = ModeDeVerification.PRESENCE
    compte.save()
    totp.installer(compte, secret_de(compte.identifiant), nom=totp.NOM_DEMO)


def secret_de(identifiant: str) -> str:
    """Known of all: these people are invented."""
    return base64.b32encode(hashlib.sha256(f"treille-demo:{identifiant}".encode()).digest()[:20]).decode()


def donner_les_identifiants() -> list[dict[str, str]]:
    """National identifiers, invented, for those who would hold a RPPS; idempotent. What the sandbox lists."""
    soignants = Compte.objects.filter(role__in=roles.SOINS, actif=True).order_by("cle_tri", "pk")
    for rang, compte in enumerate(soignants, start=1):
        if not compte.id_national:
            racine = f"{decor.RPPS_DE_TEST}{rang:07d}"
            compte.id_national = f"8{racine}{luhn.calc_check_digit(racine)}"
            compte.save(update_fields=["id_national"])
    return [
        {
            "identifiant": compte.id_national,
            "prenom": compte.prenom,
            "nom": compte.nom,
            "role": compte.role,
            "libelle": compte.libelle_role,
        }
        for compte in soignants.all()
    ]


def _usager(n: int, secteurs: dict[str, Secteur], hasard: random.Random) -> Usager:
    femme = hasard.random() < 0.68
    nom_secteur = decor.SECTEURS[n % 3]
    proches_communes = {"Lannion": (0, 3), "Perros-Guirec": (1, 4, 5), "Tréguier": (2,)}[nom_secteur]
    commune, code_postal, latitude, longitude = decor.COMMUNES[hasard.choice(proches_communes)]
    nom = decor.NOMS[n % len(decor.NOMS)]
    naissance = hasard.choice(decor.NOMS) if femme and hasard.random() < 0.8 else nom
    ins, oid = decor.INS_DE_TEST[n] if n < len(decor.INS_DE_TEST) else ("", "")
    usager = Usager.objects.create(
        civilite="MME" if femme else "M",
        nom_naissance=naissance,
        nom_usage=nom if naissance != nom else "",
        prenoms=hasard.choice(decor.PRENOMS_F if femme else decor.PRENOMS_H),
        ne_le=date(hasard.randrange(1931, 1952), hasard.randrange(1, 13), hasard.randrange(1, 29)),
        ins=ins,
        ins_oid=oid,
        statut_ins="recuperee" if ins else "provisoire",
        secteur=secteurs[nom_secteur],
        adresse=f"{hasard.randrange(1, 60)} {hasard.choice(decor.VOIES)}",
        code_postal=code_postal,
        commune=commune,
        latitude=round(latitude + hasard.uniform(-0.02, 0.02), 5),
        longitude=round(longitude + hasard.uniform(-0.03, 0.03), 5),
        telephone=telephone(hasard),
        gir=hasard.choice((1, 2, 2, 3, 3, 4, 4, 4, 5, 6)),
        vit_seul=hasard.random() < 0.6,
        acces_logement=hasard.choice(
            (
                "Coffret à clés, code 2580",
                "Clé chez la voisine de gauche",
                "Sonner deux fois",
                "Digicode 14B7",
            )
        ),
        medecin=hasard.choice(("Dr Maïwenn Tanguy", "Dr Hervé Lozac’h", "Dr Paul Kerjean")),
        medecin_telephone=telephone(hasard),
        accompagne_depuis=today() - timedelta(days=hasard.randrange(40, 1800)),
    )
    for libelle, niveau, sante in hasard.sample(decor.VIGILANCES, hasard.choice((0, 1, 1, 2))):
        Vigilance.objects.create(usager=usager, libelle=libelle, niveau=niveau, sante=sante)
    for ordre in range(1, hasard.choice((2, 2, 3))):
        Proche.objects.create(
            usager=usager,
            nom_complet=f"{hasard.choice(decor.PRENOMS_F)} {usager.nom}",
            lien=hasard.choice(("fille", "fils", "nièce", "voisine", "belle-fille")),
            telephone=mobile(hasard),
            ordre=ordre,
            personne_de_confiance=ordre == 1,
        )
    return usager

"""The real call a certificate must pass before it serves: a handshake, a signature or a deciphering with a true peer."""

import base64
import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from plateforme import sortant
from plateforme.audit.journal import noter
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from socles.mie.models import Certificat, Essai
from socles.mie.rules import etats, usages
from socles.mie.services import cycle, signatures, tls


class EssaiImpossible(ErreurMetier):
    code = "mie.essai.impossible"


@dataclass(frozen=True, slots=True)
class Issue:
    destination: str
    hote: str
    reussi: bool
    phrase: str


def adresse_de(environnement: str, usage: str, destination: str) -> str:
    """Peer of the settings for this usage and destination; "" without one."""
    for ligne in settings.MIE_PAIRS:
        cle, _, adresse = ligne.partition("=")
        if cle.strip().upper() == f"{environnement}:{usage}:{destination}":
            return str(adresse.strip())
    return ""


def essayer(certificat: Certificat) -> list[Issue]:
    """One call per destination that has a peer. All succeed: the certificate is « testé ». Raises EssaiImpossible."""
    tls.exiger_utilisable(certificat)
    pairs = [(d, adresse_de(certificat.environnement, certificat.usage, d)) for d in certificat.destinations]
    pairs = [(d, adresse) for d, adresse in pairs if adresse]
    if not pairs:
        raise EssaiImpossible(
            f"Aucune adresse d’essai n’est réglée pour {certificat.libelles_destinations} "
            f"({certificat.get_environnement_display()})\u00a0: demandez-la à l’exploitant."
        )
    issues = [_essayer(certificat, destination, adresse) for destination, adresse in pairs]
    with transaction.atomic():
        ligne = cycle.trouver(certificat.pk, verrouiller=True)
        for issue in issues:
            Essai.objects.create(
                certificat=ligne,
                destination=issue.destination,
                hote=issue.hote,
                reussi=issue.reussi,
                issue=issue.phrase,
            )
            noter(
                "mie.certificat.essai",
                certificat=str(ligne.pk),
                destination=issue.destination,
                reussi=issue.reussi,
            )
        if all(issue.reussi for issue in issues):
            ligne.teste_a = now()
            if ligne.etat in {etats.INSTALLE, etats.TESTE}:
                cycle.passer(ligne, etats.TESTE)
            else:
                ligne.save(update_fields=["teste_a", "modifie_a"])
    return issues


def _essayer(certificat: Certificat, destination: str, adresse: str) -> Issue:
    hote = sortant.hote_de(adresse)
    try:
        reponse = _appeler(certificat, adresse, hote)
    except sortant.TlsRefuse:
        return Issue(
            destination, hote, reussi=False, phrase="le pair refuse ce certificat, ou le sien est douteux"
        )
    except sortant.SortieRefusee:
        return Issue(destination, hote, reussi=False, phrase="cette adresse ne peut pas être appelée")
    except sortant.SortieMuette:
        return Issue(destination, hote, reussi=False, phrase="le pair ne répond pas")
    except ErreurMetier as erreur:
        return Issue(destination, hote, reussi=False, phrase=erreur.message[:200])
    if reponse.statut >= 400:
        return Issue(destination, hote, reussi=False, phrase=f"le pair a répondu {reponse.statut}")
    return Issue(destination, hote, reussi=True, phrase="le pair a reconnu la structure")


def _appeler(certificat: Certificat, adresse: str, hote: str) -> sortant.Reponse:
    if certificat.usage in usages.DE_CONNEXION:
        return sortant.demander("GET", adresse, tls=tls.contexte(certificat), hotes=(hote,))
    if certificat.usage in usages.DE_DECHIFFREMENT:
        return _dechiffrer(certificat, adresse, hote)
    defi = secrets.token_bytes(32)
    corps = {
        "certificat": certificat.pem + certificat.chaine,
        "defi": base64.b64encode(defi).decode(),
        "signature": base64.b64encode(signatures.signer(certificat, defi)).decode(),
    }
    return _poster(certificat, adresse, hote, corps)


def _dechiffrer(certificat: Certificat, adresse: str, hote: str) -> sortant.Reponse:
    """The peer ciphers a secret for us; we hand it back."""
    question = _poster(certificat, adresse, hote, {"certificat": certificat.pem + certificat.chaine})
    if question.statut >= 400:
        return question
    try:
        lue = json.loads(question.octets)
        clair = signatures.dechiffrer(certificat, base64.b64decode(lue["chiffre"]))
        corps = {"jeton": str(lue["jeton"]), "clair": base64.b64encode(clair).decode()}
    except (ValueError, KeyError, TypeError) as erreur:
        raise sortant.ReponseRefusee from erreur
    return _poster(certificat, adresse, hote, corps)


def _poster(certificat: Certificat, adresse: str, hote: str, corps: dict[str, str]) -> sortant.Reponse:
    return sortant.demander(
        "POST",
        adresse,
        contenu=json.dumps(corps).encode(),
        entetes={"Content-Type": "application/json"},
        tls=tls.sans_certificat(certificat.environnement),
        hotes=(hote,),
    )

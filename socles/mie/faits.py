"""What a structure can say of its certificates and cards: counts, states and dates. Read by the deployment and the grappe."""

from collections.abc import Callable

from plateforme.core.clock import today
from plateforme.faits import Etat, declarer_fait
from plateforme.identity.models import Compte
from socles.mie.models import BoiteMssante, Carte, Certificat, ContratAns, EtatCarte, GenreCarte
from socles.mie.queries import administrateurs, personnes
from socles.mie.rules import etats, usages

_COMMANDES = etats.VIVANTS | {etats.COMMANDE, etats.EMIS}


def _contrat() -> Etat:
    contrat = ContratAns.objects.filter(clos_le=None).only("depose_le", "valide_le").first()
    if contrat is None:
        return Etat()
    etape = {"etat": "valide" if contrat.valide_le else "depose", "depose_le": contrat.depose_le.isoformat()}
    return Etat(int(contrat.valide_le is not None), details=(etape,))


def _cde() -> Etat:
    cde = Carte.objects.filter(genre=GenreCarte.CDE)
    active = cde.filter(etat=EtatCarte.ACTIVEE, expire_le__gte=today()).order_by("-expire_le").first()
    suivie = active or cde.order_by("-commandee_le").first()
    details = ({"etat": suivie.etat},) if suivie else ()
    return Etat(int(active is not None), echeance=active.expire_le if active else None, details=details)


def _rpps() -> Etat:
    """Those whose function needs a card of professional."""
    concernees = [p for p in personnes() if p.compte.actif and p.concerne]
    demandes = sum(1 for p in concernees if not p.a_le_rpps and p.rpps is not None)
    obtenus = sum(1 for p in concernees if p.a_le_rpps)
    return Etat(obtenus, len(concernees), details=({"demandes": demandes, "obtenus": obtenus},))


_SUIVIS = ("offre", "usage", "environnement", "destinations", "etat", "fin", "debut", "revocation")


def _certificats() -> list[Certificat]:
    return list(Certificat.objects.exclude(etat__in={etats.RETIRE, etats.REMPLACE}).only(*_SUIVIS))


def _couverture(tenu: Callable[[Certificat], bool], tous: list[Certificat] | None = None) -> Etat:
    """Of what production needs (a usage for a destination), how much is held by one certificate at least.

    By need and not by certificate: the order of a replacement takes nothing away from what serves.
    """
    besoins: set[tuple[str, str]] = set()
    tenus: set[tuple[str, str]] = set()
    for certificat in tous if tous is not None else _certificats():
        if certificat.environnement != usages.PROD:
            continue
        siens = {(certificat.usage, destination) for destination in certificat.destinations}
        besoins |= siens
        if tenu(certificat):
            tenus |= siens
    return Etat(len(tenus), max(1, len(besoins)))


def _commandes() -> Etat:
    return _couverture(lambda c: c.etat in _COMMANDES)


def _installes() -> Etat:
    return _couverture(lambda c: c.etat in etats.VIVANTS)


def _testes() -> Etat:
    return _couverture(lambda c: c.etat in etats.EN_SERVICE | {etats.TESTE})


def _en_service(certificat: Certificat) -> bool:
    return certificat.etat in etats.EN_SERVICE and certificat.vivant


def _valides() -> Etat:
    """In service and good today; the first end among them. One row per certificate, test ones too."""
    tous = _certificats()
    etat = _couverture(_en_service, tous)
    fins = [c.fin_le for c in tous if c.environnement == usages.PROD and _en_service(c) and c.fin_le]
    details = tuple(
        {
            "offre": c.offre,
            "usage": c.usage,
            "environnement": c.environnement,
            "etat": c.etat,
            "expire_le": c.fin_le.isoformat() if c.fin_le else "",
        }
        for c in tous
    )
    return Etat(etat.fait, etat.attendu, echeance=min(fins, default=None), details=details)


def _boite() -> Etat:
    obtenues = BoiteMssante.objects.filter(obtenue_le__isnull=False).count()
    return Etat(int(obtenues > 0), details=({"obtenues": obtenues},))


def _administrateur() -> Etat:
    nommes = administrateurs()
    actifs = Compte.objects.filter(pk__in=[n.compte_id for n in nommes.values()], actif=True).count()
    return Etat(int("titulaire" in nommes and actifs > 0), details=({"nommes": actifs},))


def declarer() -> None:
    for code, phrase, lire in (
        ("mie.contrat_ans", "Le contrat avec l’ANS (CAF101) est validé", _contrat),
        ("mie.carte_cde", "La carte CDE du directeur est activée", _cde),
        ("mie.rpps", "Les professionnels concernés ont leur numéro RPPS", _rpps),
        ("mie.certificats_commandes", "Les certificats sont commandés", _commandes),
        ("mie.certificats_installes", "Les certificats sont installés", _installes),
        ("mie.certificats_testes", "Les certificats ont réussi un appel réel", _testes),
        ("mie.certificats_valides", "Les certificats en service sont valables", _valides),
        ("mie.boite_mssante", "Une boîte MSSanté est ouverte", _boite),
        ("mie.administrateur_technique", "L’administrateur technique est désigné", _administrateur),
    ):
        declarer_fait(code, phrase, lire)

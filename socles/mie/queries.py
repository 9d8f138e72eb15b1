"""What the screens and the facts read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from plateforme.habilitations import roles
from plateforme.identity.models import Compte, Role
from socles.mie.models import (
    AdministrateurTechnique,
    Besoin,
    Carte,
    Certificat,
    Emploi,
    EtatCarte,
    GenreCarte,
    InscriptionRpps,
    Rang,
    RangAdt,
)
from socles.mie.rules import cartes, etats, usages


@dataclass
class LigneCertificat:
    """A certificate as the list shows it."""

    certificat: Certificat
    principal: list[str] = field(default_factory=list)
    secours: list[str] = field(default_factory=list)

    @property
    def ton(self) -> str:
        return ton(self.certificat)


def ton(certificat: Certificat) -> str:
    if certificat.etat in {etats.EXPIRE, etats.REVOQUE}:
        return "alerte"
    reste = certificat.jours_restants
    if certificat.etat in etats.VIVANTS and reste is not None and reste <= 7:
        return "alerte"
    if certificat.etat == etats.A_RENOUVELER:
        return "attention"
    return "ok" if certificat.etat == etats.ACTIF else "info"


def lignes() -> list[LigneCertificat]:
    """Live ones by end, then orders, then the past; two queries."""
    certificats = Certificat.objects.defer("pem", "chaine", "cle_scellee", "demande")
    trouves = {c.pk: LigneCertificat(c) for c in certificats}
    for emploi in Emploi.objects.filter(certificat__in=list(trouves)):
        ligne = trouves[emploi.certificat_id]
        libelle = usages.DESTINATIONS[emploi.destination]
        (ligne.principal if emploi.rang == Rang.PRINCIPAL else ligne.secours).append(libelle)
    return sorted(trouves.values(), key=_rang)


def _rang(ligne: LigneCertificat) -> tuple[int, float]:
    c = ligne.certificat
    groupe = 0 if c.etat in etats.VIVANTS else 2 if c.etat in etats.FINIS else 1
    fin = c.fin.timestamp() if c.fin else 0.0
    return groupe, -fin if groupe == 2 else fin


def administrateurs() -> dict[str, AdministrateurTechnique]:
    """By rank, those named now."""
    nommes = AdministrateurTechnique.objects.filter(jusqu_au=None).select_related("compte")
    ordre = {RangAdt.TITULAIRE: 0, RangAdt.SUPPLEANT: 1}
    return {n.rang: n for n in sorted(nommes, key=lambda n: ordre[RangAdt(n.rang)])}


@dataclass
class LignePersonne:
    """Somebody, what their function needs, what they have."""

    compte: Compte
    besoin: str
    rpps: InscriptionRpps | None
    cartes: list[Carte]

    @property
    def a_rendre(self) -> list[Carte]:
        tenues = {EtatCarte.RECUE, EtatCarte.ACTIVEE}
        return [] if self.compte.actif else [c for c in self.cartes if c.etat in tenues]

    @property
    def a_le_rpps(self) -> bool:
        return bool(self.compte.id_national) or bool(self.rpps and self.rpps.obtenue_le)

    @property
    def concerne(self) -> bool:
        """Their function needs a card of professional, and a number before it."""
        return self.besoin in {cartes.E_CPS, cartes.CPS}

    @property
    def libelle_besoin(self) -> str:
        return cartes.BESOINS[self.besoin] if self.besoin else "à définir"


EN_COURS = frozenset({EtatCarte.COMMANDEE, EtatCarte.RECUE, EtatCarte.ACTIVEE})


def personnes() -> list[LignePersonne]:
    """Everybody whose function needs a card, and whoever holds one; four queries."""
    besoins = dict(Besoin.objects.values_list("role", "besoin"))
    par_compte: dict[Any, list[Carte]] = {}
    for carte in Carte.objects.all():
        par_compte.setdefault(carte.compte_id, []).append(carte)
    inscriptions = {i.compte_id: i for i in InscriptionRpps.objects.all()}
    avec_carte = {role for role, voulu in besoins.items() if voulu in {cartes.E_CPS, cartes.CPS}}
    lignes_ = []
    for compte in Compte.objects.filter(role__in=roles.SALARIES).order_by("-actif", "cle_tri"):
        siennes = par_compte.get(compte.pk, [])
        concerne = compte.actif and (compte.role in avec_carte or compte.pk in inscriptions)
        if concerne or siennes:
            lignes_.append(
                LignePersonne(compte, besoins.get(compte.role, ""), inscriptions.get(compte.pk), siennes)
            )
    return lignes_


@dataclass(frozen=True, slots=True)
class LigneCommande:
    """What to order for a function."""

    role: str
    fonction: str
    besoin: str
    personnes: int
    en_cours: int

    @property
    def a_commander(self) -> int:
        return max(0, self.personnes - self.en_cours)

    @property
    def libelle_besoin(self) -> str:
        return cartes.BESOINS[self.besoin]


def bon_de_commande() -> list[LigneCommande]:
    """Functions that need a card, with how many people and how many cards already on their way; three queries."""
    besoins = {b.role: b for b in Besoin.objects.filter(besoin__in=[cartes.E_CPS, cartes.CPS])}
    effectifs = Counter(Compte.objects.filter(actif=True, role__in=besoins).values_list("role", flat=True))
    deja = Counter(
        Carte.objects.filter(etat__in=EN_COURS, compte__actif=True, compte__role__in=besoins)
        .exclude(genre=GenreCarte.CDE)
        .values_list("compte__role", "genre")
    )
    return [
        LigneCommande(role, str(Role(role).label), b.besoin, effectifs[role], deja[role, b.besoin])
        for role in Role.values
        if (b := besoins.get(role)) and effectifs[role]
    ]


def total(commande: Iterable[LigneCommande], besoin: str) -> int:
    return sum(ligne.a_commander for ligne in commande if ligne.besoin == besoin)

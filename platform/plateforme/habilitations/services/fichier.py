"""Accounts and rights out to a file, and functions back in from one: shown line by line first, then applied as shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core import signing
from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.errors import Conflit, ErreurMetier
from plateforme.core.tri import cle_de_tri
from plateforme.habilitations.decision import exiger
from plateforme.habilitations.droits import avec_ses_droits, reglages_de
from plateforme.habilitations.registres import sujets
from plateforme.habilitations.roles import DIRECTION, SALARIES
from plateforme.identity.models import Compte, Role
from plateforme.identity.queries import equipe
from plateforme.identity.services import comptes as services
from plateforme.tableurs import Cellule, ecrire_csv, lire_csv
from plateforme.tenancy.courant import cle_courante

EXPORTER, IMPORTER = "habilitations.droits.exporter", "habilitations.droits.importer"
TITRES = (
    "identifiant", "fonction", "actif", "prénom", "nom", "libellé de la fonction", "état", "clés d’accès",
    "applications de codes", "identité vérifiée le", "pièce vue", "dernière activité", "dossiers ouverts",
    "droits donnés à la fonction", "droits retirés à la fonction",
)  # fmt: skip
_SEL = "treille.habilitations.fichier"
# Time to read what will change; after that the file is shown again.
VALIDITE = timedelta(minutes=30)


class FichierRefuse(ErreurMetier):
    code: ClassVar[str] = "habilitations.fichier.refuse"


# -- out -------------------------------------------------------------------------------------------
def exporter(acteur: Any) -> bytes:
    """Every account with its means and what is open to it now. No content of any dossier."""
    exiger(acteur, EXPORTER)
    with transaction.atomic():
        porteurs = {c.pk: c for c in avec_ses_droits(Compte.objects.all())}
        lignes = [_ligne(vue, porteurs[vue.compte.pk]) for vue in equipe() if vue.compte.pk in porteurs]
        noter("habilitations.droits.exportes", comptes=len(lignes))
    return ecrire_csv(TITRES, lignes)


def _ligne(vue: Any, compte: Any) -> list[Cellule]:
    reglages = sorted(reglages_de(compte).items())
    piece = compte.get_identite_piece_display() if compte.identite_piece else ""
    return [
        compte.identifiant, compte.role, compte.actif, compte.prenom, compte.nom, compte.libelle_role, vue.etat[1],
        vue.cles, vue.applications, compte.identite_verifiee_a, piece, vue.vue_a,
        sujets().nombre(compte) if compte.actif else 0,
        ", ".join(code for code, permis in reglages if permis),
        ", ".join(code for code, permis in reglages if not permis),
    ]  # fmt: skip


# -- in --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Etat:
    role: str
    actif: bool

    @property
    def phrase(self) -> str:
        return f"{Role(self.role).label}{'' if self.actif else ', désactivé'}"


@dataclass(frozen=True, slots=True)
class LigneLue:
    """``statut``: change, inchange, inconnu, interdit."""

    numero: int
    identifiant: str
    statut: str
    phrase: str
    nom: str = ""
    compte_id: UUID | None = None
    avant: Etat | None = None
    apres: Etat | None = None


@dataclass(frozen=True, slots=True)
class Essai:
    """What a file would do. ``jeton`` carries exactly the changes shown, signed for who asked."""

    lignes: tuple[LigneLue, ...]
    jeton: str

    def _compter(self, statut: str) -> int:
        return sum(ligne.statut == statut for ligne in self.lignes)

    @property
    def changements(self) -> int:
        return self._compter("change")

    @property
    def inchanges(self) -> int:
        return self._compter("inchange")

    @property
    def ecartes(self) -> int:
        return self._compter("inconnu") + self._compter("interdit")


_OUI = {"oui": True, "1": True, "vrai": True, "actif": True, "non": False, "0": False, "faux": False}
_FONCTIONS = {cle_de_tri(texte): r.value for r in Role for texte in (r.value, str(r.label))}


def essayer(acteur: Any, octets: bytes) -> Essai:
    """Read the file and say what each line would do; changes nothing. Raises TableauIllisible, FichierRefuse."""
    exiger(acteur, IMPORTER)
    brutes = lire_csv(octets, ("identifiant", "fonction", "actif"))
    connus = {c.identifiant: c for c in Compte.objects.all()}
    deja: set[str] = set()
    lues = []
    for numero, cellules in brutes:
        identifiant = cellules["identifiant"].lower()
        lues.append(_juger(acteur, numero, cellules, connus.get(identifiant), deja))
        deja.add(identifiant)
    lues = _garder_une_direction(lues, connus.values())
    changements = [ligne for ligne in lues if ligne.statut == "change"]
    return Essai(tuple(lues), _signer(acteur, changements) if changements else "")


def _juger(acteur: Any, numero: int, cellules: dict[str, str], compte: Any, deja: set[str]) -> LigneLue:
    identifiant = cellules["identifiant"].lower()

    def dire(statut: str, phrase: str, **autres: Any) -> LigneLue:
        nom = compte.nom_complet if compte is not None else ""
        return LigneLue(numero, identifiant, statut, phrase, nom, **autres)

    if compte is None:
        return dire("inconnu", "Aucun compte ne porte cet identifiant.")
    if identifiant in deja:
        return dire("interdit", "Cet identifiant est déjà plus haut dans le fichier.")
    voulu = _lire_etat(cellules, compte)
    if isinstance(voulu, str):
        return dire("interdit", voulu)
    avant = Etat(compte.role, compte.actif)
    if avant == voulu:
        return dire("inchange", "Rien à changer.")
    if refus := _interdit(acteur, compte, voulu):
        return dire("interdit", refus)
    return dire("change", f"{avant.phrase} → {voulu.phrase}", compte_id=compte.pk, avant=avant, apres=voulu)


def _lire_etat(cellules: dict[str, str], compte: Any) -> Etat | str:
    """What the line asks for, an empty cell keeping what is; or what is wrong with it."""
    fonction, actif = cellules["fonction"], cellules["actif"].casefold()
    role = _FONCTIONS.get(cle_de_tri(fonction)) if fonction else compte.role
    if role is None:
        return "Cette fonction n’existe pas."
    if actif and actif not in _OUI:
        return "Dans la colonne «\u00a0actif\u00a0», écrivez oui ou non."
    return Etat(role, _OUI[actif] if actif else compte.actif)


def _interdit(acteur: Any, compte: Any, voulu: Etat) -> str:
    if compte.pk == acteur.pk:
        return "On ne change pas son propre compte."
    if (voulu.role in SALARIES) != (compte.role in SALARIES):
        return "Un compte du service ne devient pas celui d’un usager ou d’un partenaire."
    return ""


def _garder_une_direction(lues: list[LigneLue], comptes: Iterable[Any]) -> list[LigneLue]:
    """If nobody would be left at the head, the lines that take it away are refused."""
    voulus = {ligne.compte_id: ligne.apres for ligne in lues if ligne.apres is not None}
    fins = [voulus.get(c.pk) or Etat(c.role, c.actif) for c in comptes]
    if any(etat.role == DIRECTION and etat.actif for etat in fins):
        return lues
    return [
        LigneLue(
            ligne.numero, ligne.identifiant, "interdit", "La structure doit garder un compte de direction.", ligne.nom
        )
        if ligne.avant is not None and ligne.avant.role == DIRECTION and ligne.avant.actif
        else ligne
        for ligne in lues
    ]  # fmt: skip


def _signer(acteur: Any, changements: list[LigneLue]) -> str:
    contenu = {
        "s": cle_courante(),
        "a": str(acteur.pk),
        "c": [
            [str(ligne.compte_id), ligne.avant.role, ligne.avant.actif, ligne.apres.role, ligne.apres.actif]
            for ligne in changements
            if ligne.avant is not None and ligne.apres is not None
        ],
    }
    return signing.dumps(contenu, salt=_SEL, compress=True)


def appliquer(acteur: Any, jeton: str) -> int:
    """Exactly what was shown, all of it or nothing. Raises FichierRefuse, Conflit when an account moved meanwhile."""
    exiger(acteur, IMPORTER)
    try:
        contenu = signing.loads(jeton, salt=_SEL, max_age=VALIDITE)
    except signing.BadSignature as erreur:
        raise FichierRefuse("Cet essai n’est plus valable\u00a0: déposez le fichier à nouveau.") from erreur
    if contenu["s"] != cle_courante() or contenu["a"] != str(acteur.pk):
        raise FichierRefuse("Cet essai n’est pas le vôtre\u00a0: déposez le fichier à nouveau.")
    voulus = {UUID(c[0]): (Etat(c[1], c[2]), Etat(c[3], c[4])) for c in contenu["c"]}
    with transaction.atomic():
        comptes = {c.pk: c for c in Compte.objects.select_for_update().filter(pk__in=voulus).order_by("pk")}
        for cle, (avant, _apres) in voulus.items():
            compte = comptes.get(cle)
            if compte is None or Etat(compte.role, compte.actif) != avant:
                raise Conflit(
                    "Un de ces comptes a changé depuis l’essai\u00a0: rien n’a été appliqué. Déposez le fichier à nouveau."
                )
        changer(acteur, [(comptes[cle], apres) for cle, (_avant, apres) in voulus.items()])
        noter("habilitations.droits.importes", comptes=len(voulus))
    return len(voulus)


def changer(acteur: Any, voulus: list[tuple[Any, Etat]]) -> None:
    """Who comes to the head first, so that the structure is never without one. In the caller's transaction."""
    for compte, etat in sorted(voulus, key=lambda v: not (v[1].role == DIRECTION and v[1].actif)):
        if etat.actif and not compte.actif:
            services.reactiver(compte)
        if etat.role != compte.role:
            services.changer_le_role(acteur, compte, etat.role)
        if compte.actif and not etat.actif:
            services.desactiver(acteur, compte)

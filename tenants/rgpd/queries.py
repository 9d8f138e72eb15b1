"""Reads of the RGPD space. From a structure’s site, always through ``en_public`` and for its own organisme alone.

What leaves here is read in full: nothing a template touches goes back to the database.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db.models import Prefetch

from plateforme.core.clock import now, today
from plateforme.core.errors import Introuvable
from plateforme.faits import Etat
from plateforme.habilitations.domaines import DOMAINES
from plateforme.identity.models import Role
from plateforme.tenancy.courant import exiger_courant
from plateforme.tenancy.routeur import apps_du_schema
from tenants.contexte import en_public
from tenants.models import Organisme, Structure
from tenants.rgpd.models import (
    Aipd,
    DelaiLegal,
    DesignationDpd,
    EvenementReseau,
    FicheRegistre,
    LigneDeViolation,
    RegleConservation,
    VersionDeFiche,
    Violation,
)
from tenants.rgpd.rules.dictionnaire import Champ, Nature, nature_de, traitement_de
from tenants.rgpd.rules.traitements import TRAITEMENTS, Traitement
from tenants.rgpd.rules.violation import Horloge, reste_a_faire

INTROUVABLE = "Cet élément n’existe pas ou n’est pas à votre entité juridique."


# --- whose space ------------------------------------------------------------------------------------------


def organisme_courant() -> Organisme:
    """The entité juridique of the structure in front; called inside ``en_public``, which forgets it, or outside."""
    return organisme_de(structure_courante())


def structure_courante() -> UUID:
    """Raises Introuvable on the network’s site: the space belongs to structures."""
    structure_id = exiger_courant().structure_id
    if structure_id is None:
        raise Introuvable(INTROUVABLE)
    return structure_id


def organisme_de(structure_id: UUID) -> Organisme:
    with en_public():
        return Structure.objects.select_related("organisme").get(pk=structure_id).organisme


# --- the generated dictionary -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entree:
    """A field of the product as the register reads it."""

    champ: Champ
    traitement: Traitement
    nature: Nature
    destinataires: tuple[str, ...]
    conservation: tuple[str, ...]


@cache
def champs() -> tuple[Champ, ...]:
    """Every column of every table a structure has; they do not change while the product runs."""
    labels = apps_du_schema("t_")
    return tuple(
        Champ(
            modele=modele._meta.label_lower,
            # The library of versions names its tables in English.
            libelle_modele=str(modele._meta.verbose_name).replace("historical ", "historique\u00a0: "),
            nom=champ.name,
            libelle=str(champ.verbose_name),
            genre=champ.get_internal_type(),
            lie=champ.is_relation,
        )
        for modele in apps.get_models(include_auto_created=True)
        if modele._meta.app_label in labels
        for champ in modele._meta.concrete_fields
    )


def destinataires(traitement: Traitement) -> tuple[str, ...]:
    """Functions the rights matrix lets read it by default; a structure may set it narrower."""
    lecteurs = {
        role
        for domaine in traitement.domaines
        for role, operations in DOMAINES[domaine].defaut.items()
        if "L" in operations
    }
    return tuple(str(Role(role).label) for role in Role.values if role in lecteurs)


def dictionnaire(traitement: str = "") -> list[Entree]:
    """The dictionary, or what of it serves one processing. Raises SansTraitement for a table nobody placed."""
    qui = {code: destinataires(t) for code, t in TRAITEMENTS.items()}
    entrees = []
    for champ in champs():
        code = traitement_de(champ.modele)
        if not traitement or code == traitement:
            t = TRAITEMENTS[code]
            entrees.append(Entree(champ, t, nature_de(champ), qui[code], t.conservation))
    return sorted(entrees, key=lambda e: (e.traitement.intitule, e.champ.libelle_modele, e.champ.libelle))


def categories(traitement: str) -> dict[str, list[str]]:
    """Data of a processing by table, without the machinery, as a fiche starts with."""
    tables: dict[str, list[str]] = {}
    for e in dictionnaire(traitement):
        if e.nature != Nature.TECHNIQUE:
            dits = tables.setdefault(e.champ.libelle_modele, [])
            if e.champ.libelle not in dits:
                dits.append(e.champ.libelle)
    return tables


@cache
def empreinte_du_dictionnaire(traitement: str) -> str:
    """Changes when the product keeps something more, or something else, for this processing."""
    lignes = sorted(
        f"{e.champ.modele}.{e.champ.nom}:{e.nature}"
        for e in dictionnaire(traitement)
        if e.nature != Nature.TECHNIQUE
    )
    return hashlib.sha256("\n".join(lignes).encode()).hexdigest()


def conservation(jour: date) -> list[RegleConservation]:
    """The schedule in force on ``jour``."""
    with en_public():
        lues = {r.code: r for r in RegleConservation.objects.filter(depuis__lte=jour).order_by("depuis")}
    return sorted(lues.values(), key=lambda r: r.donnee)


# --- DPD, register, AIPD ----------------------------------------------------------------------------------


def designations(organisme: Organisme) -> list[DesignationDpd]:
    with en_public():
        return list(DesignationDpd.objects.filter(organisme=organisme))


@dataclass(frozen=True, slots=True)
class FicheLue:
    fiche: FicheRegistre
    versions: tuple[VersionDeFiche, ...]
    a_jour: bool

    @property
    def derniere(self) -> VersionDeFiche:
        return self.versions[0]

    @property
    def signee(self) -> bool:
        return bool(self.derniere.signatures.all())


def registre(organisme: Organisme) -> list[FicheLue]:
    """Fiches in use with every version and its signatures, in three queries."""
    with en_public():
        fiches = list(
            FicheRegistre.objects.filter(organisme=organisme, retiree_le=None).prefetch_related(
                Prefetch("versions", VersionDeFiche.objects.prefetch_related("signatures"))
            )
        )
    return [_lue(f) for f in fiches]


def _lue(fiche: FicheRegistre) -> FicheLue:
    versions = tuple(fiche.versions.all())
    ecrite_pour = versions[0].dictionnaire
    a_jour = fiche.code not in TRAITEMENTS or ecrite_pour == empreinte_du_dictionnaire(fiche.code)
    return FicheLue(fiche, versions, a_jour)


def fiche(organisme: Organisme, fiche_id: UUID) -> FicheLue:
    """Raises Introuvable, alike for unknown and somebody else’s."""
    with en_public():
        trouvee = (
            FicheRegistre.objects.filter(organisme=organisme, pk=fiche_id)
            .prefetch_related(Prefetch("versions", VersionDeFiche.objects.prefetch_related("signatures")))
            .first()
        )
    if trouvee is None:
        raise Introuvable(INTROUVABLE)
    return _lue(trouvee)


def analyses(organisme: Organisme) -> list[Aipd]:
    with en_public():
        return list(Aipd.objects.filter(organisme=organisme))


def analyse(organisme: Organisme, aipd_id: UUID) -> Aipd:
    with en_public():
        trouvee = Aipd.objects.filter(organisme=organisme, pk=aipd_id).first()
    if trouvee is None:
        raise Introuvable(INTROUVABLE)
    return trouvee


# --- violations -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ViolationLue:
    violation: Violation
    lignes: tuple[LigneDeViolation, ...]
    horloge: Horloge
    reste: tuple[str, ...]
    venue_de_la_plateforme: bool


def _horloge(violation: Violation, lignes: tuple[LigneDeViolation, ...], heures: int, a: datetime) -> Horloge:
    initiale = next(
        (ligne.le for ligne in lignes if ligne.genre == LigneDeViolation.Genre.CNIL_INITIALE), None
    )
    dispensee = any(ligne.genre == LigneDeViolation.Genre.NON_NOTIFIEE for ligne in lignes)
    return Horloge(violation.connue_a, heures, initiale, dispensee, a)


def _violation_lue(violation: Violation, heures: int) -> ViolationLue:
    lignes = tuple(violation.lignes.all())
    reste = reste_a_faire(
        violation.risque, [ligne.genre for ligne in lignes], mesures=bool(violation.mesures.strip())
    )
    return ViolationLue(
        violation,
        lignes,
        _horloge(violation, lignes, heures, now()),
        tuple(reste),
        violation.evenement_id is not None,
    )


def violations(organisme: Organisme, *, ouvertes: bool = False) -> list[ViolationLue]:
    """The register of violations, newest first, in three queries."""
    with en_public():
        lignes = Violation.objects.filter(organisme=organisme).prefetch_related("lignes")
        if ouvertes:
            lignes = lignes.filter(close_a=None)
        lues = list(lignes)
        heures = DelaiLegal.en_vigueur(DelaiLegal.Code.CNIL, today()).valeur if lues else 0
    return [_violation_lue(v, heures) for v in lues]


def violation(organisme: Organisme, violation_id: UUID) -> ViolationLue:
    with en_public():
        trouvee = (
            Violation.objects.filter(organisme=organisme, pk=violation_id).prefetch_related("lignes").first()
        )
        if trouvee is None:
            raise Introuvable(INTROUVABLE)
        heures = DelaiLegal.en_vigueur(DelaiLegal.Code.CNIL, today()).valeur
    return _violation_lue(trouvee, heures)


def evenements() -> list[EvenementReseau]:
    """The operator’s: each event with the organismes it was told to, and nothing of their files."""
    return list(
        EvenementReseau.objects.prefetch_related(
            Prefetch(
                "violations",
                Violation.objects.select_related("organisme").only("organisme", "connue_a", "evenement"),
            )
        )
    )


# --- facts ------------------------------------------------------------------------------------------------


def _pour_ma_structure(lire: Callable[[Organisme], Etat]) -> Etat:
    structure_id = structure_courante()
    with en_public():
        return lire(Organisme.objects.get(structures=structure_id))


def fait_dpd() -> Etat:
    """A DPD in office, with the number the CNIL gave."""

    def lire(organisme: Organisme) -> Etat:
        en_poste = DesignationDpd.objects.filter(organisme=organisme, jusqu_au=None).first()
        if en_poste is None:
            return Etat()
        details = ({"numero_cnil": en_poste.numero_cnil, "depuis": en_poste.depuis.isoformat()},)
        return Etat(fait=int(bool(en_poste.numero_cnil)), details=details)

    return _pour_ma_structure(lire)


def fait_registre() -> Etat:
    """Every fiche in use has its last version signed."""

    def lire(organisme: Organisme) -> Etat:
        fiches = FicheRegistre.objects.filter(organisme=organisme, retiree_le=None).prefetch_related(
            Prefetch("versions", VersionDeFiche.objects.prefetch_related("signatures"))
        )
        signees = [bool(f.versions.all()[0].signatures.all()) for f in fiches if f.versions.all()]
        # Before it exists, as many are awaited as the product proposes.
        return Etat(fait=sum(signees), attendu=len(signees) or len(TRAITEMENTS))

    return _pour_ma_structure(lire)


def fait_aipd() -> Etat:
    """The last analysis is approved, and its yearly review is not past."""

    def lire(organisme: Organisme) -> Etat:
        derniere = (
            Aipd.objects.filter(organisme=organisme, decision=Aipd.Decision.VALIDEE).order_by("-rang").first()
        )
        if derniere is None or derniere.revue_avant is None:
            return Etat()
        valable = derniere.revue_avant >= today()
        return Etat(
            fait=int(valable),
            echeance=derniere.revue_avant,
            details=({"version": derniere.rang, "revue_avant": derniere.revue_avant.isoformat()},),
        )

    return _pour_ma_structure(lire)

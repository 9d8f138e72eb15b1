"""Who reads which dossier, and why: function × link × opposition, dated. The lists and the explanation say the same.

A dossier opens by a link, never by a rank alone: the structure as a whole for who runs it, a sector, a visit, the équipe
de soins, a consent to a partner under convention, a break-glass. An opposition of the person closes; only a vital
emergency passes it. Health data asks for more: a function of care, or a seat in the équipe de soins.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from dossier.models import (
    Consentement,
    MembreConvention,
    MembreEquipe,
    Opposition,
    PorteeOpposition,
    Rattachement,
    Usager,
    UsagerQuerySet,
)
from dossier.registres import affectations
from plateforme.core.clock import now
from plateforme.core.errors import ErreurMetier
from plateforme.habilitations.decision import decider, peut
from plateforme.habilitations.exceptions import bris_ouverts
from plateforme.habilitations.roles import (
    COMPTABLE,
    DIRECTION,
    IDEC,
    PARTENAIRE,
    RESPONSABLE,
    SALARIES,
    SECRETARIAT,
    SOINS,
    SUPPORT,
    TERRAIN,
)

# Those whose work is the whole service: no visit nor sector puts them on a case.
TOUTE_LA_STRUCTURE = (DIRECTION, IDEC, SECRETARIAT, COMPTABLE)


class DossierFerme(ErreurMetier):
    """This dossier exists and is not open to this reader; says which link is missing and whom to ask."""

    code: ClassVar[str] = "dossier.acces.ferme"
    statut: ClassVar[int] = 403

    def __init__(self, explication: "Explication", usager_id: UUID) -> None:
        self.explication = explication
        if explication.peut_briser:
            self.liens = (("Ouvrir un accès exceptionnel", "bris_ouvrir", (usager_id,)),)
        super().__init__(f"{explication.manque} {explication.a_qui}")


# -- the filters: one query with the list ---------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Liens:
    """Dated links of one account at one instant, read in one query: lists of ids, short by nature.

    ``refuses_tout``, ``refuses_sante``: usagers opposed to this account or to its function.
    """

    toute_la_structure: bool
    secteurs: tuple[UUID, ...]
    equipes: tuple[UUID, ...]
    equipes_sante: tuple[UUID, ...]
    refuses_tout: tuple[UUID, ...]
    refuses_sante: tuple[UUID, ...]


def _siens(modele: Any, compte: Any, instant: datetime, **autres: Any) -> Any:
    return modele.objects.ouverts(instant).filter(compte_id=compte.pk, **autres).order_by()


def liens_de(compte: Any, instant: datetime | None) -> Liens:
    """Kept on the account for the length of a request: its lists all ask the same thing."""
    gardes: dict[datetime | None, Liens] | None = getattr(compte, "_liens", None)
    if gardes is None:
        gardes = compte._liens = {}
    if instant not in gardes:
        gardes[instant] = _lire_les_liens(compte, instant or now())
    return gardes[instant]


# Asked once a request, by everybody: written out, it costs a tenth of what an ORM would.
_OUVERT = "du <= %(t)s AND (au IS NULL OR au > %(t)s)"
_LIENS = f"""
    SELECT EXISTS (SELECT 1 FROM dossier_rattachement
                   WHERE compte_id = %(c)s AND secteur_id IS NULL AND {_OUVERT}),
           ARRAY(SELECT secteur_id FROM dossier_rattachement
                 WHERE compte_id = %(c)s AND secteur_id IS NOT NULL AND {_OUVERT}),
           ARRAY(SELECT usager_id FROM dossier_membreequipe WHERE compte_id = %(c)s AND {_OUVERT}),
           ARRAY(SELECT usager_id FROM dossier_membreequipe WHERE compte_id = %(c)s AND soins AND {_OUVERT}),
           ARRAY(SELECT usager_id FROM dossier_opposition
                 WHERE (compte_id = %(c)s OR role = %(r)s) AND portee = 'tout' AND {_OUVERT}),
           ARRAY(SELECT usager_id FROM dossier_opposition
                 WHERE (compte_id = %(c)s OR role = %(r)s) AND portee = 'sante' AND {_OUVERT})
"""  # noqa: S608 - our own text, its values are parameters


def _lire_les_liens(compte: Any, quand: datetime) -> Liens:
    with connection.cursor() as curseur:
        curseur.execute(_LIENS, {"c": compte.pk, "r": compte.role, "t": quand})
        toute, *listes = curseur.fetchone()
    return Liens(toute, *(tuple(liste) for liste in listes))


def _lies(compte: Any, liens: Liens, instant: datetime) -> Q:
    """Usagers some link puts this account on the case of, oppositions aside."""
    if compte.role == PARTENAIRE:
        return Q(pk__in=_consentis(compte, instant).values("usager_id"))
    if compte.role == SUPPORT:
        return Q()  # masked at load, never health nor keys: see habilitations.support
    if compte.role not in SALARIES:
        return PERSONNE
    if compte.role in TOUTE_LA_STRUCTURE or (compte.role == RESPONSABLE and liens.toute_la_structure):
        return Q()
    lien = Q(pk__in=liens.equipes) if liens.equipes else PERSONNE
    if compte.role == RESPONSABLE and liens.secteurs:
        lien |= Q(secteur_id__in=liens.secteurs)
    elif compte.role in TERRAIN:
        for affectation in affectations():
            lien |= Q(pk__in=affectation.usagers(compte, instant))
    return lien


PERSONNE = Q(pk__in=[])


def _consentis(compte: Any, instant: datetime, **autres: Any) -> Any:
    """Consents that reach this partner's account, by a convention in force."""
    conventions = _siens(MembreConvention, compte, instant).filter(
        Q(convention__au__isnull=True) | Q(convention__au__gt=instant), convention__du__lte=instant
    )
    return (
        Consentement.objects.ouverts(instant)
        .filter(convention_id__in=conventions.values("convention_id"), **autres)
        .order_by()
    )


def _sauf(ouverts: Q, refuses: tuple[UUID, ...]) -> Q:
    return ouverts & ~Q(pk__in=refuses) if refuses else ouverts


def _ou_par_bris(ouverts: Q, compte: Any, instant: datetime) -> Q:
    forces = bris_ouverts(compte, instant)
    # Everything is open already to an empty condition: adding to it would close it.
    return ouverts | Q(pk__in=forces) if forces and ouverts else ouverts


def usagers_visibles(compte: Any, instant: datetime | None = None) -> UsagerQuerySet:
    """Those whose dossier is open to ``compte`` at ``instant``. The default is nobody."""
    quand, liens = instant or now(), liens_de(compte, instant)
    ouverts = _sauf(_lies(compte, liens, quand), liens.refuses_tout)
    lignes: UsagerQuerySet = Usager.objects.filter(_ou_par_bris(ouverts, compte, quand))
    return lignes


def usagers_en_sante(compte: Any, instant: datetime | None = None) -> UsagerQuerySet:
    """Those whose health data is open to ``compte``."""
    quand, liens = instant or now(), liens_de(compte, instant)
    if compte.role in SOINS and peut(compte, "dossier.sante.voir"):
        ouverts = _lies(compte, liens, quand)
    elif compte.role == PARTENAIRE:
        ouverts = Q(pk__in=_consentis(compte, quand, soins=True, convention__soins=True).values("usager_id"))
    elif compte.role in SALARIES and liens.equipes_sante:
        ouverts = Q(pk__in=liens.equipes_sante)
    else:
        ouverts = PERSONNE
    ouverts = _sauf(ouverts, (*liens.refuses_tout, *liens.refuses_sante))
    lignes: UsagerQuerySet = Usager.objects.filter(_ou_par_bris(ouverts, compte, quand)).order_by()
    return lignes


def avec_la_sante(lignes: UsagerQuerySet, compte: Any) -> UsagerQuerySet:
    """Annotate ``lit_la_sante``: no query of its own."""
    lisibles = usagers_en_sante(compte).filter(pk=OuterRef("pk"))
    annotees: UsagerQuerySet = lignes.annotate(lit_la_sante=Exists(lisibles))
    return annotees


# -- the explanation: one person, one dossier -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class Maillon:
    """A link of the chain. ``jusqu_a``: when it ends by itself, None when no end is known."""

    titre: str
    libelle: str
    tient: bool
    jusqu_a: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explication:
    """Why this dossier is open, or which link is missing and whom to ask."""

    visible: bool
    sante: bool
    maillons: tuple[Maillon, ...]
    manque: str = ""
    a_qui: str = ""
    par_bris: bool = False
    # Closed, but this function may break the glass.
    peut_briser: bool = False

    @property
    def jusqu_a(self) -> datetime | None:
        """When the dossier closes, if every link that opens it has an end."""
        fins = [m.jusqu_a for m in self.maillons if m.tient and m.titre in _OUVRENT]
        return max((f for f in fins if f), default=None) if fins and all(fins) else None


_ROLE, _LIEN, _EQUIPE, _CONVENTION = "Ma fonction", "Mon affectation", "L’équipe de soins", "La convention"
_OPPOSITION, _BRIS, _SANTE = "L’opposition", "L’accès exceptionnel", "Les données de santé"
_OUVRENT = frozenset({_LIEN, _EQUIPE, _CONVENTION, _BRIS})


def expliquer(compte: Any, usager_id: UUID, instant: datetime | None = None) -> Explication | None:
    """The whole chain, link by link; None for an unknown usager. A few queries: shown one dossier at a time."""
    quand = instant or now()
    usager = Usager.objects.filter(pk=usager_id).select_related("secteur").first()
    if usager is None:
        return None
    visible = usagers_visibles(compte, instant).filter(pk=usager_id).exists()
    sante = usagers_en_sante(compte, instant).filter(pk=usager_id).exists()
    return _enchainer(compte, usager, quand, instant, visible=visible, sante=sante)


def expliquer_ouvert(compte: Any, usager: Usager) -> Explication:
    """The chain of a dossier just read by ``queries.usager``: what the list knew is not asked again."""
    sante = bool(getattr(usager, "lit_la_sante", False))
    return _enchainer(compte, usager, now(), None, visible=True, sante=sante)


def _enchainer(
    compte: Any, usager: Usager, quand: datetime, instant: datetime | None, *, visible: bool, sante: bool
) -> Explication:
    connus = liens_de(compte, instant)
    role = decider(compte, "dossier.usager.voir")
    maillons = [Maillon(_ROLE, compte.libelle_role, tient=role.accordee)]
    maillons += _liens(compte, usager, quand, connus)
    oppose = usager.pk in connus.refuses_tout or usager.pk in connus.refuses_sante
    opposition = _opposition(compte, usager.pk, quand) if oppose else None
    bris = usager.pk in bris_ouverts(compte, quand)
    if opposition is not None:
        maillons.append(opposition)
    maillons.append(Maillon(_SANTE, _phrase_sante(compte, sante=sante, bris=bris), tient=sante))
    manque = "" if visible else _manque(role.accordee, role.motif, opposition)
    return Explication(
        visible=visible and role.accordee,
        sante=sante,
        maillons=tuple(maillons),
        manque=manque,
        a_qui="" if visible else _a_qui(usager, quand),
        par_bris=bris,
        peut_briser=not visible and peut(compte, "habilitations.bris.ouvrir"),
    )


def _liens(compte: Any, usager: Usager, quand: datetime, connus: Liens) -> list[Maillon]:
    trouves: list[Maillon] = []
    if compte.role in TOUTE_LA_STRUCTURE:
        trouves.append(Maillon(_LIEN, "Tous les dossiers de la structure", tient=True))
    if compte.role == SUPPORT:
        trouves.append(Maillon(_LIEN, "Session accordée par la structure, données masquées", tient=True))
    if compte.role == RESPONSABLE:
        siens = _siens(Rattachement, compte, quand).filter(
            Q(secteur__isnull=True) | Q(secteur_id=usager.secteur_id)
        )
        trouves += [
            Maillon(_LIEN, _phrase_secteur(ligne), tient=True, jusqu_a=ligne.au)
            for ligne in siens.select_related("secteur")
        ]
    if compte.role in TERRAIN:
        raisons = [a.raison(compte, usager.pk, quand) for a in affectations()]
        trouves += [
            Maillon(_LIEN, r.libelle, tient=True, jusqu_a=r.jusqu_a) for r in raisons if r is not None
        ]
    membre = _siens(MembreEquipe, compte, quand, usager_id=usager.pk) if usager.pk in connus.equipes else ()
    trouves += [
        Maillon(_EQUIPE, f"Membre de l’équipe de soins\u00a0: {ligne.motif}", tient=True, jusqu_a=ligne.au)
        for ligne in membre
    ]
    if compte.role == PARTENAIRE:
        accords = _consentis(compte, quand, usager_id=usager.pk).select_related("convention")
        phrase = "Convention avec {}, accord de la personne"
        trouves += [
            Maillon(_CONVENTION, phrase.format(a.convention.partenaire), tient=True, jusqu_a=a.au)
            for a in accords
        ]
    forces = bris_ouverts(compte, quand)
    trouves += [
        Maillon(_BRIS, f"Accès exceptionnel\u00a0: {b.get_motif_display()!s}", tient=True, jusqu_a=b.au)
        for b in (compte.bris.ouverts(quand).filter(sujet_id=usager.pk) if usager.pk in forces else ())
    ]
    return trouves or [Maillon(_LIEN, "Aucune", tient=False)]


def _phrase_secteur(ligne: Rattachement) -> str:
    return (
        f"Responsable du secteur {ligne.secteur.nom}"
        if ligne.secteur
        else "Responsable de toute la structure"
    )


def _opposition(compte: Any, usager_id: UUID, quand: datetime) -> Maillon | None:
    ligne: Any = (
        Opposition.objects.ouverts(quand)
        .filter(Q(compte_id=compte.pk) | Q(role=compte.role), usager_id=usager_id)
        .order_by("-portee")
        .first()
    )
    if ligne is None:
        return None
    vise = "cette fonction" if ligne.role else "vous"
    libelle = f"La personne s’oppose à ce que {vise} lise {ligne.get_portee_display()}"
    if not ligne.role:
        libelle = f"La personne s’oppose à ce que vous lisiez {ligne.get_portee_display()}"
    return Maillon(_OPPOSITION, libelle, tient=ligne.portee == PorteeOpposition.SANTE, jusqu_a=ligne.au)


def _phrase_sante(compte: Any, *, sante: bool, bris: bool) -> str:
    if sante and bris:
        return "Visibles pendant l’accès exceptionnel"
    if sante and compte.role in SOINS:
        return "Visibles pour ma fonction de soin"
    if sante:
        return "Visibles comme membre de l’équipe de soins"
    return (
        "Masquées pour ma fonction"
        if compte.role not in SOINS
        else "Masquées\u00a0: rien ne me relie aux soins"
    )


def _manque(role_permet: bool, motif: str, opposition: Maillon | None) -> str:  # noqa: FBT001 - private
    if not role_permet:
        return motif
    if opposition is not None and not opposition.tient:
        return f"{opposition.libelle}."
    return (
        "Ce dossier ne vous est pas ouvert\u00a0: aucune visite, aucun secteur ni aucune équipe de soins "
        "ne vous relie à cette personne en ce moment."
    )


def _a_qui(usager: Usager, quand: datetime) -> str:
    """The responsables of the sector, by name; the direction where there is none."""
    responsables: Any = (
        Rattachement.objects.ouverts(quand)
        .filter(Q(secteur_id=usager.secteur_id) | Q(secteur__isnull=True), compte__actif=True)
        .select_related("compte")
        .order_by("compte__cle_tri")
    )
    noms = list(dict.fromkeys(ligne.compte.nom_complet for ligne in responsables))[:3]
    return f"Demandez à {' ou à '.join(noms)}." if noms else "Demandez à votre direction."

"""Open deployments, give them dates. Idempotent: a structure has one at a time."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now, today
from tenants.deploiement.models import EtapeDeParcours, Gabarit, Mouvement, Parcours, Vague
from tenants.deploiement.rules import echeances
from tenants.deploiement.services.auteur import Auteur
from tenants.deploiement.services.erreurs import DeploiementRefuse, SaisieRefusee
from tenants.deploiement.services.phases import tenir_la_phase
from tenants.models import Adhesion, Grappe, Structure

# A date further away is a slip of the year.
HORIZON_JOURS = 3 * 366


def gabarit_en_vigueur(type_: str, profil: str) -> Gabarit:
    """The newest published version. Raises DeploiementRefuse when the platform has none for it."""
    gabarit = (
        Gabarit.objects.filter(type=type_, profil=profil, publie_a__isnull=False).order_by("-version").first()
    )
    if gabarit is None:
        raise DeploiementRefuse(
            "Aucun gabarit n’est publié pour ce projet et ce profil\u00a0: demandez-le à la plateforme."
        )
    return gabarit


def verifier_la_date(le: date) -> date:
    jour = today()
    if le < jour:
        raise SaisieRefusee(
            "La mise en production est dans le passé\u00a0: choisissez une date à venir.",
            champs={"mise_en_production": "Cette date est passée."},
        )
    if (le - jour).days > HORIZON_JOURS:
        raise SaisieRefusee(
            "La mise en production est dans plus de trois ans\u00a0: vérifiez l’année.",
            champs={"mise_en_production": "Vérifiez l’année."},
        )
    return le


def ouvrir(
    structure: Structure, *, type_: str, mise_en_production: date, par: Auteur, vague: Vague | None = None
) -> tuple[Parcours, bool]:
    """The structure's deployment and whether it is new; its profile of the day chooses the template."""
    existant = Parcours.objects.filter(structure=structure, clos_a__isnull=True).first()
    if existant is not None:
        return existant, False
    profil = structure.profil_le(today())
    if not profil:
        raise DeploiementRefuse(
            f"«\u00a0{structure.raison_sociale}\u00a0» n’a pas de profil\u00a0: donnez-lui en un d’abord."
        )
    gabarit = gabarit_en_vigueur(type_, profil)
    verifier_la_date(mise_en_production)
    with transaction.atomic():
        parcours = Parcours.objects.create(
            structure=structure, gabarit=gabarit, vague=vague, mise_en_production=mise_en_production
        )
        modeles = list(gabarit.etapes.all())
        dates = echeances(mise_en_production, [m.jours_avant for m in modeles], today())
        EtapeDeParcours.objects.bulk_create(
            EtapeDeParcours(parcours=parcours, modele=modele, echeance=le)
            for modele, le in zip(modeles, dates, strict=True)
        )
        Mouvement.objects.create(parcours=parcours, geste="ouvert", detail=str(gabarit), par=par.nom, a=now())
        tenir_la_phase(parcours)
        noter("deploiement.parcours.ouvert", structure=str(structure.pk), parcours=str(parcours.pk))
    return parcours, True


def ouvrir_la_grappe(
    grappe: Grappe, *, type_: str, mise_en_production: date, par: Auteur, structures: Iterable[UUID] = ()
) -> int:
    """Open what is not yet, for every member or for the chosen ones; says how many are new."""
    adhesions = Adhesion.objects.filter(grappe=grappe, jusqu_au__isnull=True).select_related("structure")
    choisies = set(structures)
    nouveaux = 0
    with transaction.atomic():
        for adhesion in adhesions:
            if not choisies or adhesion.structure_id in choisies:
                nouveaux += ouvrir(
                    adhesion.structure, type_=type_, mise_en_production=mise_en_production, par=par
                )[1]
    return nouveaux


def planifier(
    parcours: Parcours, *, mise_en_production: date, par: Auteur, vague: Vague | None = None
) -> Parcours:
    """Another go-live: what is still to do moves with it, what is done keeps its date. Refused once in production."""
    if parcours.en_production:
        raise DeploiementRefuse("Cette structure est déjà en production\u00a0: sa date ne change plus.")
    verifier_la_date(mise_en_production)
    with transaction.atomic():
        avant = parcours.mise_en_production
        parcours.mise_en_production, parcours.vague = mise_en_production, vague
        parcours.save(update_fields=["mise_en_production", "vague", "modifie_a"])
        etapes = list(parcours.etapes.select_related("modele").filter(etat="a_faire"))
        dates = echeances(mise_en_production, [e.modele.jours_avant for e in etapes], today())
        for etape, le in zip(etapes, dates, strict=True):
            etape.echeance = le
        EtapeDeParcours.objects.bulk_update(etapes, ["echeance"])
        if avant != mise_en_production:
            Mouvement.objects.create(
                parcours=parcours,
                geste="planifie",
                detail=f"{avant:%d/%m/%Y} → {mise_en_production:%d/%m/%Y}",
                par=par.nom,
                a=now(),
            )
            noter(
                "deploiement.parcours.planifie",
                parcours=str(parcours.pk),
                date=mise_en_production.isoformat(),
            )
    return parcours


def mettre_en_vague(
    grappe: Grappe, *, nom: str, mise_en_production: date, structures: Iterable[UUID], par: Auteur
) -> Vague:
    """A wave of the grappe, made or changed by its name: its members go live the same day."""
    nom = " ".join(nom.split())
    if not nom:
        raise SaisieRefusee("Donnez un nom à la vague.", champs={"nom": "Ce nom est vide."})
    verifier_la_date(mise_en_production)
    with transaction.atomic():
        vague, _ = Vague.objects.update_or_create(
            grappe=grappe, nom=nom, defaults={"mise_en_production": mise_en_production}
        )
        choisis = Parcours.objects.filter(
            structure_id__in=list(structures),
            structure__adhesions__grappe=grappe,
            structure__adhesions__jusqu_au__isnull=True,
            clos_a__isnull=True,
            vsr_signee_a__isnull=True,
        )
        membres = list(choisis)
        if not membres:
            raise SaisieRefusee(
                "Choisissez au moins une structure en déploiement.",
                champs={"structures": "Aucune structure choisie."},
            )
        Parcours.objects.filter(vague=vague).exclude(pk__in=[p.pk for p in membres]).update(vague=None)
        for parcours in membres:
            planifier(parcours, mise_en_production=mise_en_production, par=par, vague=vague)
    return vague

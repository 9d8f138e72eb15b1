"""Four weeks of visits around today, badges up to now, notes. A later start adds the days that are missing."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from config.demo import decor
from dossier.models import Usager
from liaison.models import Lecture, Transmission
from plateforme.core.clock import instant, now, today
from plateforme.identity.models import Compte
from telegestion.models import Absence, Geste, Intervenant, Intervention, Pointage

JOURS_AVANT, JOURS_APRES = 14, 14
RETARDS_VOULUS = 1


def completer() -> int:
    """Write the days that have no visit yet, then the badges and notes that time has brought. Returns the visits added."""
    jour = today()
    ajoutees = 0
    for decalage in range(-JOURS_AVANT, JOURS_APRES + 1):
        cible = jour + timedelta(days=decalage)
        debut, fin = instant(cible, time.min), instant(cible + timedelta(days=1), time.min)
        if not Intervention.objects.filter(debut__gte=debut, debut__lt=fin).exists():
            ajoutees += _ecrire_le_jour(cible)
    _absenter(jour)
    _faire_vivre()
    return ajoutees


def _hasard(*cles: object) -> random.Random:
    """The same draws for the same day, whenever it is written."""
    return random.Random(f"{decor.GRAINE}-{'-'.join(map(str, cles))}")  # noqa: S311 - a décor, not a secret


def _ecrire_le_jour(jour: date) -> int:
    intervenants = list(Intervenant.objects.select_related("secteur").order_by("cree_a", "pk"))
    usagers = list(Usager.objects.order_by("cree_a", "pk"))
    visites = list(_visites(jour, intervenants, usagers))
    Intervention.objects.bulk_create([visite for visite, _ in visites])
    Geste.objects.bulk_create(
        [
            Geste(intervention=visite, libelle=libelle, precision=precision, ordre=ordre)
            for visite, nature in visites
            for ordre, (libelle, precision) in enumerate(decor.GESTES[nature], start=1)
        ]
    )
    return len(visites)


def _visites(
    jour: date, intervenants: list[Intervenant], usagers: list[Usager]
) -> Iterator[tuple[Intervention, str]]:
    hasard = _hasard("jour", jour)
    for rang, intervenant in enumerate(intervenants):
        # One day off in seven, in turn, but for Awa (the visitor holds her phone) and Sonia (her absence is the day’s story).
        if rang not in (0, 3) and (rang + jour.toordinal()) % 7 == 0:
            continue
        siens = [u for u in usagers if u.secteur_id == intervenant.secteur_id]
        siens = siens[rang % 5 :: 5] or usagers
        for n, ((heure, minute), duree, nature) in enumerate(decor.TOURNEE):
            faite = "menage" if nature == "soins" and intervenant.metier != "aide_soignant" else nature
            debut = instant(jour, time(heure, minute)) + timedelta(minutes=5 * hasard.randrange(0, 3))
            a_pourvoir = rang == 3 and n in (3, 8)
            yield (
                Intervention(
                    usager=siens[(n + jour.toordinal()) % len(siens)],
                    intervenant=None if a_pourvoir else intervenant,
                    debut=debut,
                    fin=debut + timedelta(minutes=duree),
                    nature=faite,
                    consigne=hasard.choice(
                        ("", "", "", "Frapper avant d’entrer.", "Clé à remettre dans le coffret.")
                    ),
                ),
                faite,
            )


def _absenter(jour: date) -> None:
    """Sonia Morvan is away around today: her remaining visits were given back or wait in « À pourvoir »."""
    sonia = Intervenant.objects.filter(prenom="Sonia").first()
    if sonia is None or Absence.objects.filter(intervenant=sonia, fin__gt=now()).exists():
        return
    debut, fin = instant(jour - timedelta(days=1), time.min), instant(jour + timedelta(days=6), time.min)
    Absence.objects.create(intervenant=sonia, debut=debut, fin=fin, motif="arret")
    Intervention.objects.filter(intervenant=sonia, debut__gte=debut, debut__lt=fin).update(
        statut="annulee", annulee_motif="Arrêt de travail, visite reportée avec l’accord de l’usager"
    )


def _faire_vivre() -> None:
    """Badges of the visits that have begun, a few gaps, and the notes that came with them."""
    maintenant = now()
    sans_badge = list(
        Intervention.objects.filter(
            debut__lt=maintenant, intervenant__isnull=False, statut="prevue", pointages__isnull=True
        )
        .select_related("intervenant", "usager")
        .order_by("debut")
    )
    # Somebody is awaited now: her visit has begun a while ago and is not over.
    attendus = [v.pk for v in sans_badge if v.debut + timedelta(minutes=16) < maintenant < v.fin]
    en_retard = set(attendus[:RETARDS_VOULUS])
    pointages: list[Pointage] = []
    notes: list[Transmission] = []
    for visite in sans_badge:
        hasard = _hasard("visite", visite.debut, visite.intervenant_id)
        if visite.pk in en_retard:
            continue
        oublie = hasard.random() < 0.015 and maintenant - visite.debut > timedelta(days=1)
        if oublie:
            continue
        pointages += _badges(visite, hasard, maintenant)
        if hasard.random() < 0.05 and maintenant - visite.fin < timedelta(days=10):
            notes += _note(visite, hasard, maintenant)
    Pointage.objects.bulk_create(pointages)
    Transmission.objects.bulk_create(notes)
    _faire_lire(maintenant)


def _badges(visite: Intervention, hasard: random.Random, maintenant: datetime) -> Iterator[Pointage]:
    arrivee = visite.debut + timedelta(
        minutes=hasard.choice((-6, -3, -1, 0, 1, 2, 2, 4, 7, 11)), seconds=hasard.randrange(60)
    )
    depart = (
        arrivee + (visite.fin - visite.debut) + timedelta(minutes=hasard.choice((-9, -4, -2, 0, 0, 1, 3)))
    )
    preuve = hasard.choice(("nfc", "nfc", "qr", "qr", "code", "gps", "declaree"))
    for sens, pointe_a in (("arrivee", arrivee), ("depart", depart)):
        if pointe_a <= maintenant:
            yield Pointage(
                intervention=visite,
                intervenant=visite.intervenant,
                sens=sens,
                pointe_a=pointe_a,
                recu_a=pointe_a,
                preuve=preuve,
            )


def _note(visite: Intervention, hasard: random.Random, maintenant: datetime) -> Iterator[Transmission]:
    if visite.fin > maintenant or visite.intervenant is None or visite.intervenant.compte_id is None:
        return
    observation, audience, texte = hasard.choice(decor.NOTES)
    yield Transmission(
        usager=visite.usager,
        intervention=visite,
        auteur_id=visite.intervenant.compte_id,
        observation=observation,
        audience=audience,
        texte=texte,
        ecrite_a=visite.fin - timedelta(minutes=3),
    )


def _faire_lire(maintenant: datetime) -> None:
    """The office has read all but the seven latest."""
    bureau = list(Compte.objects.filter(role__in=("responsable_secteur", "idec")))
    anciennes = list(Transmission.objects.order_by("-ecrite_a")[7:200])
    Lecture.objects.bulk_create(
        [
            Lecture(transmission=t, compte=c, lue_a=min(maintenant, t.ecrite_a + timedelta(hours=1)))
            for t in anciennes
            for c in bureau
        ],
        ignore_conflicts=True,
    )

"""The page a coordinator opens first: its SQL queries must not grow with the day."""

from datetime import timedelta

from benchmarks.banc import Environnement, dire, mesurer, ouvrir_une_structure, p50

PETIT, GRAND = 16, 128


def suite(_env: Environnement, *, grand: bool) -> None:
    del grand
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from dossier.models import Rattachement
    from plateforme.identity.models import Compte
    from tenants.contexte import epingler

    structure = ouvrir_une_structure("Aujourd’hui", 1)
    comptes = {}
    with epingler(structure):
        compte = Compte.objects.ouvrir(
            identifiant="banc", mot_de_passe=None, prenom="B", nom="Anc", role="responsable_secteur"
        )
        Rattachement.objects.create(compte=compte)
        client = Client(headers={"host": f"{structure.slug}.localhost"})
        client.force_login(compte)
        for visites in (PETIT, GRAND):
            _planifier(visites)
            client.get("/")
            with CaptureQueriesContext(connection) as requetes:
                reponse = client.get("/")
            assert reponse.status_code == 200
            # The session, the account and the trace are those of any page.
            comptes[visites] = len(requetes) - 3
    propres = comptes[GRAND]
    dire(f"Aujourd’hui, {GRAND} visites : requêtes SQL propres", str(propres), but="≤ 12", tenu=propres <= 12)
    constant = comptes[PETIT] == comptes[GRAND]
    dire(f"les mêmes à {PETIT} visites", str(comptes[PETIT]), but="autant", tenu=constant)
    with epingler(structure):
        durees = mesurer(lambda: client.get("/"), 15)
    dire(f"Aujourd’hui, {GRAND} visites, temps du serveur p50", f"{p50(durees):.0f} ms")


def _planifier(total: int) -> None:
    """Bring today's visits up to ``total``: eight a worker, half of them badged, some late, one in sixteen told about."""
    from datetime import date, time

    from dossier.models import Usager
    from liaison.models import Transmission
    from plateforme.core.clock import instant, today
    from plateforme.identity.models import Compte
    from telegestion.models import Intervenant, Intervention, Pointage

    auteur = Compte.objects.get(identifiant="banc")
    debut_du_jour = instant(today(), time(7))
    for n in range(Intervention.objects.count(), total):
        rang = n % 8
        if rang == 0:
            intervenant = Intervenant.objects.create(prenom="P", nom=f"N{n}", metier="aide")
        else:
            intervenant = Intervenant.objects.latest("cree_a")
        usager = Usager.objects.create(
            civilite="MME",
            nom_naissance=f"U{n}",
            prenoms="X",
            ne_le=date(1940, 1, 1),
            accompagne_depuis=date(2024, 1, 1),
        )
        debut = debut_du_jour + timedelta(minutes=75 * rang)
        visite = Intervention.objects.create(
            usager=usager,
            intervenant=intervenant,
            debut=debut,
            fin=debut + timedelta(minutes=60),
            nature="repas",
        )
        if rang < 4:
            Pointage.objects.create(
                intervention=visite, intervenant=intervenant, sens="arrivee", pointe_a=debut, recu_a=debut
            )
        if n % 16 == 0:
            Transmission.objects.create(
                usager=usager, auteur=auteur, observation="surveiller", texte="À revoir", ecrite_a=debut
            )

"""The porteur's board: 200 structures × 29 steps in constant queries, against the plain SQL that counts the same."""

from datetime import date, timedelta

from benchmarks.banc import Environnement, dire, mesurer, p50

PETIT, GRAND = 20, 200
_AGREGAT = """
    SELECT p.structure_id, m.code, e.etat, e.echeance < CURRENT_DATE
    FROM deploiement_etapedeparcours e
    JOIN deploiement_parcours p ON p.id = e.parcours_id
    JOIN deploiement_etapemodele m ON m.id = e.modele_id
    WHERE p.clos_a IS NULL
"""


def suite(_env: Environnement, *, grand: bool) -> None:
    del grand
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from plateforme.reseau.models import CompteReseau
    from tenants.models import Grappe, Organisme

    organisme = Organisme.objects.create(finess="220099996", raison_sociale="Banc")
    grappe = Grappe.objects.create(nom="Banc", porteur=organisme, ouverte_le=date(2026, 1, 5))
    compte = CompteReseau.objects.ouvrir(
        identifiant="banc-porteur",
        mot_de_passe=None,
        prenom="B",
        nom="Anc",
        role="porteur",
        grappe_id=grappe.pk,
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(compte)
    comptes = {}
    for total in (PETIT, GRAND):
        _peupler(grappe, organisme, total)
        client.get("/grappe")
        with CaptureQueriesContext(connection) as requetes:
            assert client.get("/grappe").status_code == 200
        comptes[total] = len(requetes) - 3
    page = p50(mesurer(lambda: client.get("/grappe"), 15))
    sql = p50(mesurer(_lire, 15))
    dire(
        f"tableau de {GRAND} structures : requêtes SQL propres",
        str(comptes[GRAND]),
        but="≤ 12",
        tenu=comptes[GRAND] <= 12,
    )
    dire(
        f"les mêmes à {PETIT} structures",
        str(comptes[PETIT]),
        but="autant",
        tenu=comptes[PETIT] == comptes[GRAND],
    )
    dire(
        f"tableau de {GRAND} structures, temps du serveur p50",
        f"{page:.0f} ms",
        but="≤ 300 ms",
        tenu=page <= 300,
    )
    dire("agrégat SQL nu, mêmes lignes", f"{sql:.0f} ms (page : × {page / sql:.1f})")


def _lire() -> None:
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute(_AGREGAT)
        curseur.fetchall()


def _peupler(grappe: object, organisme: object, total: int) -> None:
    """Directory rows only: the board reads no structure's schema."""
    from stdnum import luhn

    from plateforme.core.clock import today
    from tenants.deploiement.services import ouvrir
    from tenants.deploiement.services.auteur import Auteur
    from tenants.models import Adhesion, Profil, ProfilDate, Structure

    for n in range(Adhesion.objects.filter(grappe=grappe).count(), total):
        racine = f"2277{n:04d}"
        structure = Structure.objects.create(
            organisme=organisme,
            finess=racine + luhn.calc_check_digit(racine),
            raison_sociale=f"SAD {n:03d}",
            slug=f"banc-{n}",
        )
        ProfilDate.objects.create(structure=structure, depuis=date(2025, 1, 1), profil=Profil.DOMICILE)
        Adhesion.objects.create(grappe=grappe, structure=structure, depuis=date(2026, 1, 5))
        parcours, _ = ouvrir.ouvrir(
            structure,
            type_="acquisition",
            mise_en_production=today() + timedelta(days=n % 170),
            par=Auteur("Banc"),
        )
        parcours.etapes.filter(modele__ordre__lte=n % 25).update(etat="faite")

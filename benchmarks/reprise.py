"""What a takeover costs: 2,000 usagers tried, imported, undone, against the plain INSERT of the same rows in the same run."""

import gc
import time
import tracemalloc
from collections.abc import Callable

from django.db import connection, transaction

from benchmarks.banc import Environnement, dire, ouvrir_une_structure

LIGNES = 2_000
BUT_RAPPORT = 15
BUT_OCTETS = 2_000_000


def suite(env: Environnement, *, grand: bool) -> None:
    import config.celery  # noqa: F401 - runs are handed to a queue nobody empties here
    from plateforme.audit.journal import acte
    from plateforme.tenancy.courant import lier
    from tenants import repertoire

    structure = ouvrir_une_structure("reprise", 71)
    contexte = repertoire.par_id(structure.pk)
    assert contexte is not None
    with lier(contexte), acte("banc"):
        _comparer(LIGNES)
        _memoire(10 * LIGNES if grand else 2 * LIGNES)


def _chronometrer(acte: Callable[[], object]) -> float:
    debut = time.perf_counter()
    acte()
    return time.perf_counter() - debut


def _direction():
    from plateforme.identity.models import Compte

    return Compte.objects.filter(identifiant="banc").first() or Compte.objects.ouvrir(
        identifiant="banc", mot_de_passe=None, prenom="Banc", nom="Essai", role="direction"
    )


def _reprendre(nombre: int, mesurer: Callable[[str, Callable[[], object]], object]):
    """Deposit, dry run, import; each handed to ``mesurer``."""
    from dossier.models import Secteur
    from dossier.reprise.services import depot, integration, passages
    from tests.reprise.fabrique import TITRES, csv, lignes_usagers

    direction = _direction()
    Secteur.objects.get_or_create(nom="Lannion")
    octets = csv(";".join(TITRES), *(";".join(str(c) for c in ligne) for ligne in lignes_usagers(nombre)))
    sujet = depot.deposer(direction, genre="usagers", source="Banc", nom="banc.csv", octets=octets)
    choix = {rang: champ for champ, rang in sujet.colonnes.items()}
    essai = depot.regler(direction, sujet.pk, choix=choix, options=sujet.options)
    mesurer("essai", lambda: passages.executer(essai.pk))
    passage = integration.importer(direction, sujet.pk)
    mesurer("import", lambda: passages.executer(passage.pk))
    return direction, sujet


def _comparer(nombre: int) -> None:
    from dossier.models import Usager
    from dossier.reprise.services import annulation, passages

    durees: dict[str, float] = {}

    def noter(nom: str, acte: Callable[[], object]) -> None:
        durees[nom] = _chronometrer(acte)

    direction, sujet = _reprendre(nombre, noter)
    assert Usager.objects.count() == nombre
    nu = _insertion_nue()
    passage = annulation.annuler(direction, sujet.pk)
    noter("annulation", lambda: passages.executer(passage.pk))
    assert Usager.objects.count() == 0
    dire(f"{nombre} usagers : INSERT nu des mêmes lignes", f"{nu * 1000:.0f} ms")
    for nom in ("essai", "import", "annulation"):
        dire(f"{nombre} usagers : {nom}", f"{durees[nom]:.1f} s ({nombre / durees[nom]:.0f} lignes/s)")
    rapport = durees["import"] / nu
    dire(
        "import, historique, traces et sceaux compris",
        f"{rapport:.0f} × l’INSERT nu",
        but=f"≤ {BUT_RAPPORT} ×",
        tenu=rapport <= BUT_RAPPORT,
    )


def _insertion_nue() -> float:
    """The imported rows again, by one driver and one statement per hundred: no model, no history, no trace."""
    from dossier.models import Usager

    colonnes = [champ.column for champ in Usager._meta.concrete_fields]
    noms = ", ".join(colonnes)
    with transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT {noms} FROM dossier_usager")
            lignes = curseur.fetchall()
            curseur.execute("DELETE FROM dossier_usager")
            cases = f"({', '.join(['%s'] * len(colonnes))})"
            debut = time.perf_counter()
            for rang in range(0, len(lignes), 100):
                lot = lignes[rang : rang + 100]
                valeurs = [v for ligne in lot for v in ligne]
                curseur.execute(
                    f"INSERT INTO dossier_usager ({noms}) VALUES {', '.join([cases] * len(lot))}", valeurs
                )
            duree = time.perf_counter() - debut
        transaction.set_rollback(True)
    return duree


def _memoire(nombre: int) -> None:
    cretes: dict[tuple[str, int], int] = {}

    def noter(nom: str, acte: Callable[[], object]) -> None:
        gc.collect()
        tracemalloc.start()
        acte()
        cretes[nom, taille] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    from dossier.reprise.services import annulation, passages

    for taille in (200, nombre):
        direction, sujet = _reprendre(taille, noter)
        passages.executer(annulation.annuler(direction, sujet.pk).pk)
    ecart = cretes["import", nombre] - cretes["import", 200]
    dire(
        f"mémoire de l’import : {nombre} lignes contre 200",
        f"{ecart / 1e6:+.1f} Mo",
        but=f"≤ {BUT_OCTETS / 1e6:.0f} Mo",
        tenu=ecart <= BUT_OCTETS,
    )

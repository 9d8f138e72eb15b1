"""The end of retention: content goes by the rule, the chain still holds, and any other erasure is found."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from psycopg.types.range import DateRange

from config.lanceur.postgres import GrappePostgres
from plateforme.audit import points
from plateforme.audit.journal import noter
from plateforme.audit.models import Point, Trace
from plateforme.audit.registre import genre
from plateforme.audit.verification import verifier
from plateforme.reference.models import Parametre
from plateforme.tenancy.courant import REFERENCE, Contexte, lier
from tenants.services.conservation import il_y_a
from tests.audit.test_verification import SUJET, tout_reecrire, trafiquer
from tests.support.monde import Monde


@pytest.fixture
def vieux(base_a_part: str, serveurs: GrappePostgres) -> Iterator[Contexte]:
    """Six traces whose instants are set back, chain computed again: two of each category, one past its term."""
    with lier(Monde.charger().a) as contexte:
        for code in ("audit.export.remis", "identity.connexion.reussie", "storage.document.juge"):
            for _ in range(2):
                noter(code, sujets=[SUJET], rang=1)
        ages = {1: 37, 2: 35, 3: 13, 4: 11, 5: 7, 6: 5}
        trafiquer(
            serveurs,
            contexte,
            *(f"UPDATE audit_trace SET instant = instant - interval '{m} months' WHERE numero = {n}" for n, m in ages.items()),
            tout_reecrire(1),
        )  # fmt: skip
        assert verifier().intacte
        yield contexte
    connections["ddl"].close()


def effacer(*options: str) -> str:
    sortie = io.StringIO()
    call_command("effacer_traces", "--structure", "alpha", *options, stdout=sortie)
    return sortie.getvalue()


def test_sans_appliquer_rien_ne_bouge(vieux: Contexte) -> None:
    dit = effacer()

    assert "acces (plus de 36 mois) : 1 trace(s)" in dit
    assert "securite (plus de 12 mois) : 1 trace(s)" in dit
    assert "technique (plus de 6 mois) : 1 trace(s)" in dit
    assert "Rien n’est écrit" in dit
    assert Trace.objects.filter(efface_a__isnull=False).count() == 0
    assert Trace.objects.count() == 6


def test_chaque_categorie_s_efface_a_son_terme_et_la_chaine_tient(vieux: Contexte) -> None:
    avant = {t.numero: (t.instant, bytes(t.empreinte), bytes(t.precedente)) for t in Trace.objects.all()}
    effacer("--appliquer")
    traces = {t.numero: t for t in Trace.objects.all()}

    assert [n for n, t in traces.items() if t.efface_a] == [1, 3, 5]
    for n in (1, 3, 5):
        t = traces[n]
        assert (t.acteur_id, t.role, t.requete, t.sujets, t.details) == (None, "", "", [], {})
    for n in range(1, 7):
        assert (traces[n].instant, bytes(traces[n].empreinte), bytes(traces[n].precedente)) == avant[n]
    assert traces[2].sujets == [SUJET]
    assert (verifier().intacte, verifier().lignes) == (True, 7)


def test_l_effacement_est_scelle_puis_note(vieux: Contexte) -> None:
    effacer("--appliquer")
    note = Trace.objects.get(genre="audit.trace.effacee")

    assert Point.objects.get().numero == 6
    assert note.numero == 7
    assert {c: note.details[c] for c in ("jusqu_a", "lignes", "acces", "securite", "technique")} == {"jusqu_a": 5, "lignes": 3, "acces": 1, "securite": 1, "technique": 1}  # fmt: skip
    assert note.origine == "commande:effacer_traces"
    assert genre("audit.trace.effacee").conserve == "preuve"


def test_recommencer_n_efface_ni_ne_note_rien_de_plus(vieux: Contexte) -> None:
    effacer("--appliquer")
    effacer("--appliquer")

    assert Trace.objects.count() == 7
    assert verifier().intacte


def test_une_annonce_coupee_avant_l_acte_n_accuse_personne(vieux: Contexte) -> None:
    noter("audit.trace.effacee", efface_a="2026-01-01T00:00:00+00:00", jusqu_a=5, lignes=3, sceau="x")

    assert verifier().intacte
    effacer("--appliquer")
    assert verifier().intacte
    assert Trace.objects.filter(efface_a__isnull=False).count() == 3


@pytest.mark.parametrize("quand", ["now()", "(SELECT max(efface_a) FROM audit_trace)"])
def test_un_effacement_a_la_main_est_trouve_meme_sous_le_dernier_numero_efface(
    vieux: Contexte, serveurs: GrappePostgres, quand: str
) -> None:
    """Line 2 is below number 5, which the rule erased; it was not the rule that erased it."""
    effacer("--appliquer")
    trafiquer(serveurs, vieux, f"UPDATE audit_trace SET efface_a = {quand}, details = '{{}}', sujets = '{{}}' WHERE numero = 2")  # fmt: skip
    verdict = verifier()

    assert not verdict.intacte
    assert ("n° 2 a été modifiée" in verdict.anomalie) or ("annonçait 3 trace(s), 4" in verdict.anomalie)  # type: ignore[operator]


def test_une_trace_vide_rendue_a_sa_place_est_trouvee(vieux: Contexte, serveurs: GrappePostgres) -> None:
    """Its mark of erasure taken away, an emptied line is an altered line."""
    effacer("--appliquer")
    trafiquer(serveurs, vieux, "UPDATE audit_trace SET efface_a = NULL WHERE numero = 3")

    assert verifier().numero == 3


def test_la_duree_est_celle_en_vigueur_ce_jour(vieux: Contexte) -> None:
    with lier(REFERENCE):
        ligne = Parametre.objects.using("ddl").get(code="audit.conservation.acces")
        assert (ligne.valeur, ligne.unite) == ("36", "mois")
        assert "2021-122" in ligne.source
        ligne.en_vigueur = DateRange(date(2026, 1, 1), date(2026, 6, 1))
        ligne.save(using="ddl")
        Parametre.objects.using("ddl").create(
            code=ligne.code, en_vigueur=DateRange(date(2026, 6, 1), None), valeur="24", unite="mois", source="essai"
        )  # fmt: skip
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1), tick=True):
        assert "acces (plus de 24 mois) : 2 trace(s)" in effacer()


def test_l_empreinte_effacee_reste_temoin_du_point(vieux: Contexte, serveurs: GrappePostgres) -> None:
    """The whole chain forged after an erasure still meets the checkpoint sealed before it."""
    effacer("--appliquer")
    trafiquer(serveurs, vieux, tout_reecrire(1))

    assert not verifier().intacte
    assert points.signature_valable is not None


@pytest.mark.parametrize(
    ("mois", "depuis", "attendu"),
    [
        (6, date(2026, 8, 31), date(2026, 2, 28)),
        (12, date(2024, 2, 29), date(2023, 2, 28)),
        (36, date(2026, 11, 22), date(2023, 11, 22)),
        (1, date(2026, 1, 15), date(2025, 12, 15)),
    ],
)
def test_les_mois_se_comptent_au_calendrier(mois: int, depuis: date, attendu: date) -> None:
    assert il_y_a(mois, datetime(depuis.year, depuis.month, depuis.day, tzinfo=UTC)).date() == attendu


def test_le_reseau_et_chaque_structure_passent_en_une_commande(base_a_part: str) -> None:
    sortie = io.StringIO()
    call_command("effacer_traces", "--appliquer", stdout=sortie)
    connections["ddl"].close()

    assert [f"{qui} : 0 trace(s) vidée(s)." in sortie.getvalue() for qui in ("alpha", "beta", "réseau")] == [
        True
    ] * 3

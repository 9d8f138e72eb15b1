"""What is noted is written with the change, in order, by the database itself; a write without an author fails."""

import hashlib
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from dossier.models import Usager
from plateforme.audit.base import EcritureInterdite
from plateforme.audit.journal import SansContexte, acte, noter
from plateforme.audit.models import Tete, Trace
from plateforme.audit.registre import GenreInconnu
from plateforme.observability.contexte import tracer
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tests.support.monde import Monde, client_de, compte

ANNE = {"civilite": "MME", "nom_naissance": "Riou", "prenoms": "Anne", "ne_le": date(1941, 5, 3), "accompagne_depuis": date(2024, 1, 8)}  # fmt: skip


@pytest.fixture(autouse=True)
def page_blanche(dans_a: Contexte) -> None:
    connection._notes = []


def ecrire() -> list[Trace]:
    connection.ecrire_avant_commit()
    return list(Trace.objects.order_by("numero"))


def test_une_note_dit_qui_quoi_pour_qui_et_d_ou() -> None:
    sujet, qui = uuid4(), compte("alice")

    with acte("web", role="responsable_secteur"), tracer(correlation="abcdef0123456789", acteur_id=qui.pk):
        noter("audit.export.remis", sujets=[sujet], lignes=12)
    (trace,) = ecrire()

    assert (trace.genre, trace.nature, trace.sujets, trace.details) == ("audit.export.remis", "R", [sujet], {"lignes": 12})  # fmt: skip
    assert (trace.acteur_id, trace.role, trace.origine, trace.mode) == (qui.pk, "responsable_secteur", "web", "normal")  # fmt: skip
    assert trace.requete == "abcdef0123456789"


def test_chaque_trace_scelle_la_precedente_et_la_tete_suit() -> None:
    for _ in range(3):
        noter("audit.chaine.verifiee")
        connection.ecrire_avant_commit()
    un, deux, trois = Trace.objects.order_by("numero")
    tete = Tete.objects.get()

    assert [un.numero, deux.numero, trois.numero] == [1, 2, 3]
    assert bytes(un.precedente) == b""
    assert bytes(deux.precedente) == bytes(un.empreinte)
    assert bytes(trois.precedente) == bytes(deux.empreinte)
    assert (tete.numero, bytes(tete.empreinte)) == (3, bytes(trois.empreinte))


def test_l_empreinte_est_celle_que_n_importe_qui_recalcule() -> None:
    sujet = uuid4()
    with acte("web", role="idec"), tracer(correlation="0011223344556677", acteur_id=sujet):
        noter("audit.export.remis", sujets=[sujet], lignes=2)
    (trace,) = ecrire()
    microsecondes = int(trace.instant.timestamp() * 1_000_000 + 0.5)
    morceaux = ["1", str(microsecondes), str(sujet), "idec", "web", "normal", "0011223344556677", "audit.export.remis", "R", str(sujet), '{"lignes": 2}', ""]  # fmt: skip

    assert bytes(trace.empreinte) == hashlib.sha256("\x1f".join(morceaux).encode()).digest()


def test_un_changement_annule_emporte_sa_trace_pas_celle_d_avant() -> None:
    with transaction.atomic():
        noter("audit.chaine.verifiee", rang=1)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            noter("audit.chaine.verifiee", rang=2)
            raise ZeroDivisionError

    assert [t.details for t in ecrire()] == [{"rang": 1}]


@pytest.mark.parametrize("detour", ["update", "delete", "bulk_create"])
def test_les_ecritures_en_nombre_n_echappent_pas(detour: str) -> None:
    anne = Usager.objects.create(**ANNE)
    connection._notes = []
    if detour == "update":
        Usager.objects.filter(pk=anne.pk).update(telephone="0261910002")
    elif detour == "delete":
        Usager.objects.filter(pk=anne.pk).delete()
    else:
        Usager.objects.bulk_create([Usager(**ANNE)])
    (trace,) = ecrire()

    assert trace.nature == {"update": "U", "delete": "D", "bulk_create": "C"}[detour]
    assert len(trace.sujets) == 1


def test_plusieurs_lignes_d_un_meme_acte_font_une_trace() -> None:
    anne, yves = Usager(**ANNE), Usager(**ANNE | {"prenoms": "Yves", "civilite": "M"})
    with transaction.atomic():
        anne.save()
        yves.save()
    (trace,) = ecrire()

    assert trace.sujets == [anne.pk, yves.pk]
    assert trace.details == {"dossier.usager": 2}


def test_un_genre_inconnu_est_refuse() -> None:
    with pytest.raises((GenreInconnu, KeyError)):
        noter("audit.nulle.part")


def test_sans_auteur_ni_origine_rien_ne_s_ecrit() -> None:
    from plateforme.audit import journal

    jeton = journal._acte.set(None)
    try:
        with pytest.raises(SansContexte):
            noter("audit.chaine.verifiee")
    finally:
        journal._acte.reset(jeton)


def test_une_insertion_directe_sans_contexte_echoue_dans_la_base() -> None:
    with pytest.raises(DatabaseError, match=r"treille\.acteur|dit_d_ou"), connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO audit_trace (numero, genre, nature, sujets, details, precedente, empreinte)"
            " VALUES (1, 'x', 'R', '{}', '{}', '', '')"
        )


@pytest.mark.parametrize("ordre", ["UPDATE audit_trace SET genre = 'x'", "DELETE FROM audit_trace", "TRUNCATE audit_trace", "DELETE FROM audit_tete", "UPDATE audit_point SET signature = ''"])  # fmt: skip
def test_la_structure_ne_peut_ni_changer_ni_effacer_ses_traces(ordre: str) -> None:
    noter("audit.chaine.verifiee")
    connection.ecrire_avant_commit()

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_une_trace_ne_s_enregistre_pas_par_l_orm() -> None:
    with pytest.raises(EcritureInterdite):
        Trace(numero=1).save()


def test_ouvrir_un_dossier_laisse_une_trace_une_seule(monde: Monde) -> None:
    anne = Usager.objects.create(**ANNE)
    client = client_de(monde.a, "alice")

    assert client.get(f"/usagers/{anne.pk}").status_code == 200
    (trace,) = Trace.objects.all()

    assert (trace.genre, trace.nature, trace.sujets) == ("dossier.usager.voir", "R", [anne.pk])
    assert (trace.acteur_id, trace.role, trace.origine) == (compte("alice").pk, "responsable_secteur", "web")


def test_un_refus_ne_dit_pas_avoir_montre(monde: Monde) -> None:
    anne = Usager.objects.create(**ANNE)

    assert client_de(monde.a, "bruno").get(f"/usagers/{anne.pk}").status_code in (403, 404)

    assert not Trace.objects.filter(nature="R", sujets__contains=[anne.pk]).exists()


def test_ce_que_fait_l_operateur_est_au_journal_du_reseau(monde: Monde) -> None:
    from plateforme.reseau.models import TraceReseau

    client = client_de(None, "denis")
    with lier(PUBLIC):
        avant = TraceReseau.objects.count()
    assert client.get("/console/structures").status_code == 200
    reponse = client.post("/apparence", {"theme": "sombre"}, headers={"X-Requested-With": "fetch"})
    assert reponse.status_code == 204

    with lier(PUBLIC):
        (trace,) = TraceReseau.objects.order_by("numero")[avant:]
        assert (trace.genre, trace.acteur_id, trace.role) == (
            "plateforme.theme.choisir_reseau", compte("denis").pk, "operateur",
        )  # fmt: skip
        assert trace.sujets == []


def test_une_page_qui_melange_ordinaire_et_exceptionnel_ecrit_en_une_requete(monde: Monde) -> None:
    from django.test.utils import CaptureQueriesContext

    from plateforme.audit.journal import noter_lecture

    un, deux = uuid4(), uuid4()
    with acte("web", role="infirmier"):
        noter_lecture("dossier.usager.voir", [un], mode="bris")
        noter_lecture("dossier.usager.voir", [deux])
        with CaptureQueriesContext(connection) as vues:
            connection.ecrire_avant_commit()

    assert sum("treille_tracer" in q["sql"] for q in vues.captured_queries) == 1
    assert sorted(Trace.objects.values_list("mode", "sujets")) == [("bris", [un]), ("normal", [deux])]

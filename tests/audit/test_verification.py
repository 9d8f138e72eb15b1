"""A superuser changes the journal behind everybody's back: the verifier says which line, and how."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.lanceur.postgres import GrappePostgres
from plateforme.audit import points
from plateforme.audit.journal import noter
from plateforme.audit.models import Point, Trace
from plateforme.audit.verification import verifier
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tests.support.monde import Monde

SUJET = UUID("00000000-0000-7000-8000-000000000001")


@pytest.fixture
def journal(base_a_part: str) -> Iterator[Contexte]:
    """Ten traces, committed."""
    monde = Monde.charger()
    with lier(monde.a) as contexte:
        for rang in range(1, 11):
            noter("audit.export.remis", sujets=[SUJET], lignes=rang)
        yield contexte


def trafiquer(serveurs: GrappePostgres, contexte: Contexte, *ordres: str) -> None:
    """As the superuser of the cluster, past every privilege."""
    with serveurs._maitre(connection.settings_dict["NAME"]) as maitre:
        maitre.execute(f'SET search_path TO "{contexte.schema}"')
        for ordre in ordres:
            maitre.execute(ordre)


def test_une_chaine_intacte_se_verifie(journal: Contexte) -> None:
    verdict = verifier()

    assert (verdict.intacte, verdict.lignes) == (True, 10)


def test_un_journal_vide_est_intact(base_a_part: str) -> None:
    with lier(Monde.charger().b):
        assert verifier().lignes == 0


@pytest.mark.parametrize(
    ("ordre", "numero", "dit"),
    [
        ("UPDATE audit_trace SET details = '{\"lignes\": 4000}' WHERE numero = 4", 4, "n° 4 a été modifiée"),
        ("UPDATE audit_trace SET acteur_id = gen_random_uuid() WHERE numero = 7", 7, "n° 7 a été modifiée"),
        ("UPDATE audit_trace SET instant = instant - interval '1 hour' WHERE numero = 2", 2, "n° 2 a été modifiée"),
        ("UPDATE audit_trace SET sujets = '{}' WHERE numero = 10", 10, "n° 10 a été modifiée"),
        ("UPDATE audit_trace SET mode = 'bris' WHERE numero = 1", 1, "n° 1 a été modifiée"),
        ("DELETE FROM audit_trace WHERE numero = 5", 5, "Il manque la trace n° 5"),
        ("DELETE FROM audit_trace WHERE numero IN (5, 6)", 5, "n° 5 à 6"),
        ("DELETE FROM audit_trace WHERE numero = 1", 1, "Il manque la trace n° 1"),
        ("DELETE FROM audit_trace WHERE numero > 8", 9, "la fin a été tronquée"),
        ("DELETE FROM audit_trace", 1, "la fin a été tronquée"),
        ("UPDATE audit_trace SET efface_a = now(), details = '{}', sujets = '{}' WHERE numero = 3", 3, "n° 3 a été modifiée"),
    ],
)  # fmt: skip
def test_chaque_atteinte_est_trouvee_et_situee(
    journal: Contexte, serveurs: GrappePostgres, ordre: str, numero: int, dit: str
) -> None:
    trafiquer(serveurs, journal, ordre)
    verdict = verifier()

    assert not verdict.intacte
    assert verdict.numero == numero
    assert dit in (verdict.anomalie or "")


def test_deux_lignes_echangees_sont_trouvees(journal: Contexte, serveurs: GrappePostgres) -> None:
    trafiquer(
        serveurs,
        journal,
        "UPDATE audit_trace SET numero = -3 WHERE numero = 3",
        "UPDATE audit_trace SET numero = 3 WHERE numero = 4",
        "UPDATE audit_trace SET numero = 4 WHERE numero = -3",
    )
    verdict = verifier()

    assert (verdict.intacte, verdict.numero) == (False, 3)


def test_une_ligne_reecrite_avec_sa_bonne_empreinte_rompt_la_suivante(
    journal: Contexte, serveurs: GrappePostgres
) -> None:
    from plateforme.audit.sql import CANON_D_UNE_LIGNE

    trafiquer(
        serveurs,
        journal,
        "UPDATE audit_trace SET role = 'idec' WHERE numero = 4",
        f"UPDATE audit_trace SET empreinte = sha256(convert_to({CANON_D_UNE_LIGNE}, 'UTF8')) WHERE numero = 4",
    )
    verdict = verifier()

    assert verdict.numero == 5
    assert "n° 5 ne suit pas" in (verdict.anomalie or "")


def tout_reecrire(depuis: int) -> str:
    """What a patient forger does: change a line and compute all the following hashes again, head included."""
    from plateforme.audit.sql import CANON_D_UNE_LIGNE

    return f"""
        DO $$ DECLARE n bigint; h bytea := coalesce((SELECT empreinte FROM audit_trace WHERE numero = {depuis} - 1), '');
        BEGIN
            FOR n IN SELECT numero FROM audit_trace WHERE numero >= {depuis} ORDER BY numero LOOP
                UPDATE audit_trace SET precedente = h WHERE numero = n;
                UPDATE audit_trace SET empreinte = sha256(convert_to({CANON_D_UNE_LIGNE}, 'UTF8')) WHERE numero = n;
                SELECT empreinte INTO h FROM audit_trace WHERE numero = n;
            END LOOP;
            UPDATE audit_tete SET numero = (SELECT max(numero) FROM audit_trace), empreinte = h;
        END $$
    """


def test_une_chaine_entierement_refaite_se_heurte_au_point_de_controle(
    journal: Contexte, serveurs: GrappePostgres
) -> None:
    points.sceller()
    trafiquer(serveurs, journal, "UPDATE audit_trace SET role = 'idec' WHERE numero = 4", tout_reecrire(4))
    verdict = verifier()

    assert verdict.numero == 10
    assert "point de contrôle" in (verdict.anomalie or "")


def test_une_fin_coupee_avec_sa_tete_se_heurte_au_point_de_controle(
    journal: Contexte, serveurs: GrappePostgres
) -> None:
    points.sceller()
    trafiquer(
        serveurs,
        journal,
        "DELETE FROM audit_trace WHERE numero > 6",
        "UPDATE audit_tete SET numero = 6, empreinte = (SELECT empreinte FROM audit_trace WHERE numero = 6)",
    )
    verdict = verifier()

    assert (verdict.numero, verdict.intacte) == (7, False)
    assert "jusqu’au n° 10" in (verdict.anomalie or "")


def test_un_point_forge_ne_temoigne_de_rien(journal: Contexte, serveurs: GrappePostgres) -> None:
    points.sceller()
    trafiquer(serveurs, journal, "UPDATE audit_point SET empreinte = sha256('faux')")

    assert verifier().intacte


def test_un_point_ne_vaut_que_pour_sa_structure(journal: Contexte) -> None:
    point = points.sceller()
    assert point is not None
    pieces = (point.numero, bytes(point.empreinte), point.scelle_a, bytes(point.signature))

    assert points.signature_valable(*pieces)
    with lier(PUBLIC):
        monde = Monde.charger()
    with lier(monde.b):
        assert not points.signature_valable(*pieces)


def test_sceller_deux_fois_de_suite_ne_fait_pas_boule_de_neige(journal: Contexte) -> None:
    assert points.sceller() is not None
    assert points.sceller() is None
    assert Point.objects.count() == 1


def test_la_commande_dit_la_premiere_ligne_fausse(journal: Contexte, serveurs: GrappePostgres) -> None:
    sortie, erreurs = io.StringIO(), io.StringIO()
    call_command("verifier_journal", structure="alpha", stdout=sortie)
    assert "alpha : 10 trace(s), chaîne intacte." in sortie.getvalue()

    trafiquer(serveurs, journal, "DELETE FROM audit_trace WHERE numero = 5")
    with pytest.raises(CommandError, match="1 journal"):
        call_command("verifier_journal", structure="alpha", stdout=sortie, stderr=erreurs)
    assert "Il manque la trace n° 5" in erreurs.getvalue()


def test_deux_ecrivains_a_la_fois_ne_font_qu_une_chaine(journal: Contexte, serveurs: GrappePostgres) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    from plateforme.audit.journal import acte

    def ecrire(_rang: int) -> None:
        try:
            with lier(journal), acte("essai"):
                for _ in range(20):
                    noter("audit.chaine.verifiee")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as fil:
        list(fil.map(ecrire, range(4)))

    assert verifier().lignes == 90
    assert Trace.objects.count() == 90


def _autorite(dossier: Any) -> Any:
    """A time-stamping authority of our own: ``openssl ts`` behind a loopback HTTP server."""
    import http.server
    import subprocess
    import threading

    conf = dossier / "tsa.cnf"
    (dossier / "serie").write_text("01\n")
    conf.write_text(
        f"""[tsa]\ndefault_tsa = a\n[a]\ndir = {dossier}\nserial = {dossier}/serie\ncrypto_device = builtin
signer_cert = {dossier}/tsa.pem\ncerts = {dossier}/tsa.pem\nsigner_key = {dossier}/tsa.key\nsigner_digest = sha256
default_policy = 1.2.3.4.1\ndigests = sha256, sha512\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no
[req]\ndistinguished_name = d\n[d]\n[ext]\nextendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature
"""
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{dossier}/tsa.key", "-out", f"{dossier}/tsa.pem",
         "-days", "30", "-subj", "/CN=Horodatage d'essai", "-config", str(conf), "-extensions", "ext"],
        check=True, capture_output=True,
    )  # fmt: skip

    class Horodateur(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (dossier / "q.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            subprocess.run(
                ["openssl", "ts", "-reply", "-config", str(conf), "-queryfile", f"{dossier}/q.tsq", "-out", f"{dossier}/r.tsr"],
                check=True, capture_output=True,
            )  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write((dossier / "r.tsr").read_bytes())

        def log_message(self, *_: Any) -> None:
            return

    serveur = http.server.HTTPServer(("127.0.0.1", 0), Horodateur)
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    return serveur


def test_une_autorite_date_le_point_et_le_jeton_ne_vaut_que_pour_lui(
    journal: Contexte, settings: Any, tmp_path: Any
) -> None:
    serveur = _autorite(tmp_path)
    try:
        settings.TREILLE_TSA_URL = f"http://127.0.0.1:{serveur.server_port}/"
        point = points.sceller()
    finally:
        serveur.shutdown()
    assert point is not None
    assert point.jeton is not None
    racine = (tmp_path / "tsa.pem").read_bytes()

    assert points.jeton_valable(point, racine)
    point.empreinte = bytes(32)
    assert not points.jeton_valable(point, racine)


def test_une_autorite_muette_n_empeche_pas_de_sceller(journal: Contexte, settings: Any) -> None:
    settings.TREILLE_TSA_URL = "http://127.0.0.1:9/"
    point = points.sceller()

    assert point is not None
    assert point.jeton is None

"""Microseconds per request of the two operations, through the WSGI callable; run under each settings module."""

import io
import json
import sys
import time


def remplir(combien: int) -> list[str]:
    """Open ``combien`` structures with twenty rows each; returns their schemas."""
    from stdnum import luhn

    from dossier.models import Secteur
    from plateforme.core.identifiers import Finess
    from tenants.contexte import epingler
    from tenants.models import Profil
    from tenants.services import ouverture

    ej = Finess.lire("23009999" + luhn.calc_check_digit("23009999"))
    schemas = []
    for n in range(combien):
        racine = f"2301{n:04d}"
        structure, _ = ouverture.ouvrir(
            raison_sociale=f"Débit {n}", finess_et=Finess.lire(racine + luhn.calc_check_digit(racine)), finess_ej=ej,
            commune="Guéret", profil=Profil.SAAD, slug=f"debit-{n}",
        )  # fmt: skip
        with epingler(structure) as contexte:
            Secteur.objects.bulk_create([Secteur(nom=f"Secteur {i:02d}") for i in range(20)])
            schemas.append(contexte.schema)
    return schemas


def _appel(application, chemin: str, hote: str):
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": chemin, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": hote, "SERVER_PORT": "80",
        "HTTP_HOST": hote, "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    recu = []
    reponse = application(environ, lambda statut, entetes: recu.append(statut))
    corps = b"".join(reponse)
    reponse.close()
    assert recu[0].startswith("200"), (recu, corps[:200])
    return corps


def _cout(application, chemin: str, hotes: list[str], fois: int) -> float:
    """Best mean over rounds, in microseconds."""
    for n in range(max(200, len(hotes))):
        _appel(application, chemin, hotes[n % len(hotes)])
    meilleurs = []
    for _ in range(5):
        debut = time.perf_counter()
        for n in range(fois):
            _appel(application, chemin, hotes[n % len(hotes)])
        meilleurs.append((time.perf_counter() - debut) / fois * 1e6)
    return min(meilleurs)


def main() -> None:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    un, tous = ["debit-0.localhost"], [f"debit-{n}.localhost" for n in range(50)]
    couts = {
        "ping": _cout(application, "/api/ping", un, 1000),
        "liste": _cout(application, "/api/liste", un, 500),
    }
    if sys.argv[1] == "treille":
        couts["tournante"] = _cout(application, "/api/liste", tous, 500)
    print(json.dumps(couts))


if __name__ == "__main__":
    main()

"""A process of ours that imports a certificate, uses it and lets it go, and waits between each for somebody to look at

its memory. Run by ``test_memoire``: the container comes in by stdin, its password too.
"""

import base64
import gc
import sys


def _attendre(etape: str) -> None:
    sys.stdout.write(f"{etape}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from plateforme.audit.journal import acte
    from plateforme.tenancy.courant import PUBLIC, lier

    url, hotes, pairs, racine, slug = sys.argv[1:6]
    settings.MIE_RACINES = {"TEST": racine, "PROD": ""}
    settings.MIE_HOTES, settings.SORTANT_HOTES, settings.MIE_PAIRS = hotes.split(","), [], pairs.split(",")
    with lier(PUBLIC), acte("essai"):
        from tenants import repertoire

        contexte = repertoire.par_hote(f"{slug}.localhost")
        assert contexte is not None
        with lier(contexte):
            _vivre(url)


def _vivre(url: str) -> None:
    from django.db import connections

    from socles.mie.models import Certificat
    from socles.mie.services import appels, bascule, cycle, depot, essais
    from socles.mie.services.demandes import Commande

    _attendre("pret")
    octets = base64.b64decode(sys.stdin.readline())
    passe = bytearray(base64.b64decode(sys.stdin.readline()))
    certificat = depot.importer(octets, passe, Commande("ORG", "AUTH_CLI", "TEST", ("DMP",), ""))
    cle = certificat.pk
    del certificat
    gc.collect()
    _attendre("importe")
    assert all(i.reussi for i in essais.essayer(cycle.trouver(cle)))
    bascule.basculer(cle)
    for _ in range(5):
        appels.appeler("DMP", "GET", url, environnement="TEST", hotes=(url.split("/")[2],))
    gc.collect()
    _attendre("en_service")
    from django.db import transaction

    with transaction.atomic():
        cycle.passer(cycle.trouver(cle, verrouiller=True), "revoque")
    assert Certificat.objects.get(pk=cle).cle_scellee is None
    connections.close_all()
    gc.collect()
    _attendre("lache")


if __name__ == "__main__":
    main()

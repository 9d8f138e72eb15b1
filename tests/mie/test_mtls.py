"""A true mutual TLS handshake with a local peer that demands it; the switch; the rotation under traffic."""

import socket
import ssl
import threading
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import time_machine
from django.db import connections
from requests.adapters import HTTPAdapter

from plateforme import sortant
from plateforme.chiffrement.coffre import CleDetruite, ScelleInvalide
from plateforme.core.clock import now
from plateforme.tenancy.courant import Contexte, lier
from socles.mie.models import Certificat, Emploi, Essai
from socles.mie.services import appels, bascule, cycle, essais, signatures, tls
from socles.mie.services.bascule import BasculeRefusee
from socles.mie.services.tls import CONTEXTES, CertificatInutilisable
from tests.mie.fabrique import en_service, installer
from tests.support.igc import Igc
from tests.support.monde import Monde


def _appeler(igc: Igc) -> sortant.Reponse:
    return appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST")


def test_sans_certificat_le_pair_refuse(dans_a: Contexte, igc: Igc) -> None:
    with pytest.raises(sortant.TlsRefuse):
        sortant.demander("GET", igc.test.url_mtls, tls=tls.sans_certificat("TEST"))
    assert igc.test.comptoir.appels == []


def test_un_certificat_ne_devient_actif_qu_apres_un_appel_reel(dans_a: Contexte, igc: Igc) -> None:
    certificat = installer(igc)
    with pytest.raises(BasculeRefusee, match="essayez-le d’abord"):
        bascule.basculer(certificat.pk)

    (issue,) = essais.essayer(certificat)

    assert (issue.reussi, issue.phrase) == (True, "le pair a reconnu la structure")
    assert igc.test.comptoir.appels == [certificat.serie]
    assert Certificat.objects.get().etat == "teste"
    assert bascule.basculer(certificat.pk).etat == "actif"
    assert _appeler(igc).statut == 200
    assert Emploi.objects.get().dernier_succes_a is not None


def test_un_essai_manque_se_dit_et_laisse_installe(dans_a: Contexte, igc: Igc, settings: Any) -> None:
    """The peer of production does not know test certificates."""
    settings.MIE_PAIRS = [f"TEST:AUTH_CLI:DMP={igc.prod.url_mtls}"]
    certificat = installer(igc)

    (issue,) = essais.essayer(certificat)

    assert issue.phrase == "le pair refuse ce certificat, ou le sien est douteux"
    assert Certificat.objects.get().etat == "installe"
    assert Essai.objects.get().reussi is False


def test_sans_adresse_d_essai_la_phrase_le_dit(dans_a: Contexte, igc: Igc, settings: Any) -> None:
    settings.MIE_PAIRS = []
    with pytest.raises(essais.EssaiImpossible, match="Aucune adresse d’essai"):
        essais.essayer(installer(igc))


@pytest.mark.parametrize("usage", ["SIGN", "CONF", "SMIME", "SSL_SERV"])
def test_ce_qui_n_ouvre_pas_de_connexion_s_essaie_aussi(usage: str, dans_a: Contexte, igc: Igc) -> None:
    options: dict[str, Any] = {"noms": ("sad.exemple.test",)} if usage == "SSL_SERV" else {}
    options |= {"courriel": "bal@exemple.mssante.fr"} if usage == "SMIME" else {}
    certificat = installer(igc, usage=usage, **options)

    assert [issue.reussi for issue in essais.essayer(certificat)] == [True]
    with pytest.raises(CertificatInutilisable, match="n’ouvre pas de connexion"):
        tls.contexte(certificat)


def test_le_meme_contexte_sert_httpx_et_requests(dans_a: Contexte, igc: Igc) -> None:
    contexte = tls.contexte(en_service(igc))

    class Adaptateur(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs, ssl_context=contexte)

        def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
            hote, reglages = super().build_connection_pool_key_attributes(*args, **kwargs)
            return hote, {**reglages, "ssl_context": contexte, "ca_certs": None, "ca_cert_dir": None}

    with httpx.Client(verify=contexte) as client:
        assert client.get(igc.test.url_mtls).json()["reconnu"] is True
    with requests.Session() as session:
        session.mount("https://", Adaptateur())
        assert session.get(igc.test.url_mtls, timeout=5).json()["reconnu"] is True


def test_le_contexte_est_garde_une_heure_et_lache_a_la_fin(dans_a: Contexte, igc: Igc) -> None:
    certificat = en_service(igc)
    premier = tls.contexte(certificat)
    assert tls.contexte(certificat) is premier
    assert tls.DUREE_SECONDES <= 3600
    from django.db import transaction

    with transaction.atomic():
        cycle.passer(cycle.trouver(certificat.pk, verrouiller=True), "revoque")

    assert len(CONTEXTES) == 0
    certificat.refresh_from_db()
    with pytest.raises(CertificatInutilisable, match="révoqué"):
        tls.contexte(certificat)


def test_un_contexte_n_est_pas_a_la_voisine(monde: Monde, igc: Igc) -> None:
    with lier(monde.a):
        certificat = en_service(igc)
        tls.contexte(certificat)
        valeurs = {champ.attname: getattr(certificat, champ.attname) for champ in Certificat._meta.fields}
    with lier(monde.b), pytest.raises((CleDetruite, ScelleInvalide)):
        tls.contexte(Certificat(**valeurs))
    with lier(monde.b), pytest.raises(appels.AucunCertificat):
        _appeler(igc)


def test_un_certificat_expire_ne_sert_plus_meme_avant_la_veille(dans_a: Contexte, igc: Igc) -> None:
    certificat = en_service(igc)
    tls.contexte(certificat)

    with time_machine.travel(now() + timedelta(days=1100)):
        with pytest.raises(CertificatInutilisable, match="a expiré"):
            tls.contexte(certificat)
        with pytest.raises(appels.AucunCertificat):
            _appeler(igc)
    assert len(CONTEXTES) == 0


def test_une_cle_de_cachet_expiree_ne_signe_plus(dans_a: Contexte, igc: Igc) -> None:
    certificat = en_service(igc, usage="SIGN", cn="DMP SIGN")
    assert len(signatures.signer(certificat, b"lot")) == 256
    with time_machine.travel(now() + timedelta(days=1100)), pytest.raises(CertificatInutilisable):
        signatures.signer(certificat, b"lot")


# -- the switch ----------------------------------------------------------------------------------------------


def test_pendant_la_bascule_deux_sont_actifs_et_un_seul_est_devant(dans_a: Contexte, igc: Igc) -> None:
    ancien, nouveau = en_service(igc), en_service(igc)

    rangs = dict(Emploi.objects.values_list("certificat_id", "rang"))
    assert rangs == {ancien.pk: "secours", nouveau.pk: "principal"}
    assert set(Certificat.objects.values_list("etat", flat=True)) == {"actif"}
    _appeler(igc)
    assert igc.test.comptoir.appels[-1] == nouveau.serie


def test_le_secours_prend_le_relais_quand_le_pair_refuse_le_nouveau(dans_a: Contexte, igc: Igc) -> None:
    ancien = en_service(igc)
    nouveau = en_service(igc)
    # The peer no longer accepts the new one: its chain is broken on its side.
    Certificat.objects.filter(pk=nouveau.pk).update(chaine="")
    CONTEXTES._places.clear()

    assert _appeler(igc).statut == 200
    assert igc.test.comptoir.appels[-1] == ancien.serie
    assert Emploi.objects.get(rang="secours").repli_a is not None


def test_revenir_remet_le_precedent_devant(dans_a: Contexte, igc: Igc) -> None:
    ancien, nouveau = en_service(igc), en_service(igc)

    bascule.revenir(nouveau.pk)

    assert Emploi.objects.get(rang="principal").certificat_id == ancien.pk
    with pytest.raises(BasculeRefusee):
        bascule.revenir(nouveau.pk)


def test_le_recouvrement_se_ferme_seul_une_semaine_apres_un_succes(dans_a: Contexte, igc: Igc) -> None:
    ancien, nouveau = en_service(igc), en_service(igc)
    with time_machine.travel(now() + timedelta(days=8)):
        assert bascule.clore_les_recouvrements() == 0  # the new one never served
        _appeler(igc)
        assert bascule.clore_les_recouvrements() == 1
    ancien.refresh_from_db()
    assert (ancien.etat, ancien.cle_scellee) == ("remplace", None)
    assert Certificat.objects.get(pk=nouveau.pk).etat == "actif"


def test_celui_qui_est_devant_ne_se_ferme_pas(dans_a: Contexte, igc: Igc) -> None:
    with pytest.raises(BasculeRefusee, match="encore en service"):
        bascule.clore(en_service(igc).pk)


def test_un_troisieme_certificat_chasse_le_premier(dans_a: Contexte, igc: Igc) -> None:
    premier, deuxieme, troisieme = en_service(igc), en_service(igc), en_service(igc)

    etats = {c.pk: c.etat for c in Certificat.objects.all()}
    assert etats == {premier.pk: "remplace", deuxieme.pk: "actif", troisieme.pk: "actif"}


def test_la_rotation_sous_trafic_ne_perd_aucun_appel(
    base_a_part: str, django_db_blocker: Any, igc: Igc
) -> None:
    """Four threads call without pause while two successors are switched on and the former ones let go."""
    with django_db_blocker.unblock():
        a = Monde.charger().a
        with lier(a):
            en_service(igc)
            arret, reussis, rates = threading.Event(), [], []

            def trafic() -> None:
                with lier(a):
                    while not arret.is_set():
                        try:
                            reussis.append(_appeler(igc).statut)
                        except Exception as erreur:  # noqa: BLE001 - counted
                            rates.append(repr(erreur))
                connections.close_all()

            fils = [threading.Thread(target=trafic) for _ in range(4)]
            for fil in fils:
                fil.start()
            series = []
            for _ in range(2):
                ancien = Emploi.objects.get(rang="principal").certificat_id
                vus = len(reussis)
                nouveau = en_service(igc)
                series.append(nouveau.serie)
                _attendre(lambda vus=vus: len(reussis) > vus + 20)
                bascule.clore(ancien)
                vus = len(reussis)
                _attendre(lambda vus=vus: len(reussis) > vus + 20)
            arret.set()
            for fil in fils:
                fil.join()
            assert rates == []
            assert set(reussis) == {200}
            assert len(reussis) > 80
            assert igc.test.comptoir.appels[-1] == series[-1]


def _attendre(vrai: Any) -> None:
    fin = time.monotonic() + 60
    while not vrai():
        assert time.monotonic() < fin, "le trafic s’est arrêté"
        threading.Event().wait(0.02)


def test_le_pair_exige_vraiment_un_certificat(igc: Igc) -> None:
    """A plain TLS client, without our code: refused by the handshake itself."""
    adresse = urlsplit(igc.test.url_mtls)
    nu = ssl.create_default_context(cadata=igc.test.comptoir.autorite.racine_pem.decode())
    with socket.create_connection((adresse.hostname or "", adresse.port or 0), timeout=5) as brut:
        with (
            pytest.raises((ssl.SSLError, ConnectionError)),
            nu.wrap_socket(brut, server_hostname="localhost") as canal,
        ):
            canal.sendall(b"GET / HTTP/1.0\r\n\r\n")
            canal.recv(100)

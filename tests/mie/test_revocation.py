"""OCSP, else the list; the last good list kept, a stale one told once; a revoked certificate stops at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography import x509

from plateforme import sortant
from plateforme.core.clock import now
from plateforme.notifications.models import Notification
from plateforme.tenancy.courant import Contexte
from socles.mie.models import Certificat, ListeDeRevocation
from socles.mie.rules.refus import CertificatRefuse
from socles.mie.services import appels, revocation, veille
from tests.mie.fabrique import en_service, installer
from tests.support.igc import Igc

CRL = "/CRL/ACI-EL-ORG.crl"


def _x509(certificat: Certificat) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificat.pem.encode())


def test_l_ocsp_repond_d_abord(dans_a: Contexte, igc: Igc) -> None:
    certificat = installer(igc)

    statut = revocation.interroger(_x509(certificat), igc.test.comptoir.autorite.intermediaire)

    assert statut == revocation.Statut(None, "ocsp")
    assert ListeDeRevocation.objects.count() == 0


def test_l_ocsp_muet_la_liste_repond(dans_a: Contexte, igc: Igc) -> None:
    certificat = installer(igc)
    igc.test.comptoir.muets.add("ocsp")
    autorite = igc.test.comptoir.autorite

    assert revocation.interroger(_x509(certificat), autorite.intermediaire) == revocation.Statut(None, "crl")
    autorite.revoquer(_x509(certificat))
    ListeDeRevocation.objects.update(lue_a=now() - timedelta(hours=7))
    statut = revocation.interroger(_x509(certificat), autorite.intermediaire)
    assert statut is not None
    assert (statut.source, statut.revoque_a is not None) == ("crl", True)


def test_personne_ne_repond_le_certificat_entre_et_cela_se_voit(dans_a: Contexte, igc: Igc) -> None:
    igc.test.comptoir.muets.update({"ocsp", "crl"})

    certificat = installer(igc)

    assert certificat.revocation == "inconnue"
    assert ListeDeRevocation.objects.get().erreur == "ReponseDouteuse"
    titres = list(Notification.objects.values_list("titre", flat=True))
    assert titres == ["Révocations non vérifiées"]
    installer(igc)
    assert Notification.objects.count() == 1


def test_la_derniere_bonne_liste_sert_jusqu_a_sa_fin(dans_a: Contexte, igc: Igc) -> None:
    igc.test.comptoir.muets.add("ocsp")
    certificat = installer(igc)
    igc.test.comptoir.muets.add("crl")
    emetteur = igc.test.comptoir.autorite.intermediaire

    with time_machine.travel(now() + timedelta(days=6)):
        assert revocation.interroger(_x509(certificat), emetteur) == revocation.Statut(None, "crl")
        assert Notification.objects.count() == 0
    with time_machine.travel(now() + timedelta(days=8)):
        assert revocation.interroger(_x509(certificat), emetteur) is None
        assert Notification.objects.count() == 1


@pytest.mark.parametrize("defaut", ["ancienne", "autre_signataire", "perimee", "illisible"])
def test_une_liste_douteuse_ne_remplace_pas_la_bonne(
    defaut: str, dans_a: Contexte, igc: Igc, monkeypatch: pytest.MonkeyPatch
) -> None:
    igc.test.comptoir.muets.add("ocsp")
    installer(igc)
    bonne = bytes(ListeDeRevocation.objects.get().der or b"")
    autorite, autre = igc.test.comptoir.autorite, igc.prod.comptoir.autorite
    fausses = {
        "ancienne": autorite.crl(maintenant=now() - timedelta(days=2)),
        "autre_signataire": autre.crl(),
        "perimee": autorite.crl(maintenant=now() - timedelta(days=9)),
        "illisible": b"<html>",
    }
    monkeypatch.setattr(
        type(autorite), "crl", lambda _self: fausses[defaut] if _self is autorite else autre.crl()
    )
    ListeDeRevocation.objects.update(lue_a=now() - timedelta(hours=7))

    liste = revocation.actualiser(f"{igc.test.url}{CRL}", autorite.intermediaire)

    assert (bytes(liste.der or b""), liste.erreur) == (bonne, "ReponseDouteuse")


def test_une_reponse_sans_notre_nonce_ne_compte_pas(
    dans_a: Contexte, igc: Igc, monkeypatch: pytest.MonkeyPatch
) -> None:
    autorite = igc.test.comptoir.autorite
    certificat = installer(igc)
    vraie = autorite.ocsp
    monkeypatch.setattr(autorite, "ocsp", lambda demande: vraie(demande, avec_nonce=False))

    statut = revocation.interroger(_x509(certificat), autorite.intermediaire)

    assert statut == revocation.Statut(None, "crl")


def test_un_certificat_revoque_en_service_s_arrete(dans_a: Contexte, igc: Igc) -> None:
    certificat = en_service(igc)
    igc.test.comptoir.autorite.revoquer(_x509(certificat))

    veille.verifier_les_revocations()

    certificat.refresh_from_db()
    assert (certificat.etat, certificat.cle_scellee) == ("revoque", None)
    assert Notification.objects.filter(titre="Un certificat a été révoqué").exists()
    with pytest.raises(appels.AucunCertificat, match="Aucun certificat en service pour DMP"):
        appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST")


def test_une_liste_d_un_hote_inconnu_n_est_jamais_lue(dans_a: Contexte, igc: Igc, settings: Any) -> None:
    """Near miss: the same authority, on a host nobody allowed."""
    settings.MIE_HOTES = []

    certificat = installer(igc)

    assert certificat.revocation == "inconnue"
    with pytest.raises(sortant.SortieRefusee):
        sortant.demander("GET", f"{igc.test.url}{CRL}")


def test_revoque_a_l_import_est_refuse_par_la_liste_aussi(dans_a: Contexte, igc: Igc) -> None:
    from config.lanceur.bac_a_sable_mie.profils import PROFILS
    from socles.mie.services import depot
    from tests.mie.fabrique import commande

    igc.test.comptoir.muets.add("ocsp")
    fichier = PROFILS["revoque"](igc.bac())

    with pytest.raises(CertificatRefuse, match="révoqué"):
        depot.importer(fichier.octets, bytearray(b"sesame-2026"), commande())

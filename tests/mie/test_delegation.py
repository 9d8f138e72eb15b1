"""Lent within the organisme: sealed again there, tried there, taken back at once."""

from uuid import UUID

import pytest
from django.db import transaction

from plateforme.tenancy.courant import lier
from socles.mie.models import Certificat, Delegation
from socles.mie.services import appels, bascule, cles, delegation, essais
from socles.mie.services.delegation import DelegationRefusee
from tenants.models import Organisme, Structure
from tests.mie.fabrique import en_service
from tests.support.igc import Igc
from tests.support.monde import FINESS_EJ, Monde


def _preter(monde: Monde, igc: Igc) -> tuple[UUID, UUID]:
    with lier(monde.a):
        ici = en_service(igc, finess=FINESS_EJ)
        pret = delegation.deleguer(ici.pk, monde.b.structure_id)
    return ici.pk, pret.certificat_distant


def test_la_cle_pretee_est_scellee_par_l_autre_structure(monde: Monde, igc: Igc) -> None:
    ici, la_bas = _preter(monde, igc)

    with lier(monde.a):
        a = Certificat.objects.get(pk=ici)
        nombres = cles.ouvrir(a).private_numbers()
    with lier(monde.b):
        b = Certificat.objects.get(pk=la_bas)
        assert (b.etat, b.origine_cle, b.detenteur_id) == ("installe", "deleguee", monde.a.structure_id)
        assert bytes(b.cle_scellee or b"") != bytes(a.cle_scellee or b"")
        assert cles.ouvrir(b).private_numbers() == nombres


def test_le_pret_s_essaie_et_sert_la_bas_puis_se_retire(monde: Monde, igc: Igc) -> None:
    _, la_bas = _preter(monde, igc)
    with lier(monde.b):
        copie = Certificat.objects.get(pk=la_bas)
        assert [i.reussi for i in essais.essayer(copie)] == [True]
        bascule.basculer(la_bas)
        assert appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST").statut == 200

    with lier(monde.a):
        delegation.retirer(Delegation.objects.get().pk)
        delegation.retirer(Delegation.objects.get().pk)
        assert Certificat.objects.get().etat == "actif"

    with lier(monde.b):
        copie.refresh_from_db()
        assert (copie.etat, copie.cle_scellee) == ("retire", None)
        with pytest.raises(appels.AucunCertificat):
            appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST")


def test_un_certificat_prete_ne_se_prete_pas_plus_loin(monde: Monde, igc: Igc) -> None:
    _, la_bas = _preter(monde, igc)
    with lier(monde.b), pytest.raises(DelegationRefusee, match="seul son détenteur"):
        delegation.deleguer(la_bas, monde.a.structure_id)


def test_pas_deux_fois_ni_a_soi_ni_a_un_autre_organisme(monde: Monde, igc: Igc) -> None:
    ici, _ = _preter(monde, igc)
    with lier(monde.a):
        with pytest.raises(DelegationRefusee, match="déjà délégué"):
            delegation.deleguer(ici, monde.b.structure_id)
        with pytest.raises(DelegationRefusee, match="même organisme"):
            delegation.deleguer(ici, monde.a.structure_id)
    autre = Organisme.objects.create(finess="350000014", raison_sociale="Un autre")
    Structure.objects.filter(pk=monde.b.structure_id).update(organisme=autre)
    with lier(monde.a), pytest.raises(DelegationRefusee, match="même organisme"):
        delegation.deleguer(ici, monde.b.structure_id)


def test_un_echec_ne_laisse_rien_la_bas(monde: Monde, igc: Igc) -> None:
    with lier(monde.a):
        ici = en_service(igc, finess=FINESS_EJ)
        with pytest.raises(RuntimeError), transaction.atomic():
            delegation.deleguer(ici.pk, monde.b.structure_id)
            raise RuntimeError
        assert Delegation.objects.count() == 0
    with lier(monde.b):
        assert Certificat.objects.count() == 0

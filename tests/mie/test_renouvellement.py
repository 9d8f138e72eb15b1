"""Three years of a certificate's life, with stops and restarts: each reminder exactly once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connections

from plateforme.core.clock import now
from plateforme.notifications.models import Notification
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer, prochains
from plateforme.tenancy.courant import Contexte, lier
from socles.mie.models import Carte, Certificat, Rappel
from socles.mie.rules.echeances import a_dire
from socles.mie.services import appels, bascule, demandes, personnes, rappels, veille
from tests.mie.fabrique import en_service, installer
from tests.support.igc import Igc
from tests.support.monde import Monde, compte

SEUILS = (90, 60, 30, 7, 1)


def _jour(n: int) -> Any:
    from datetime import date

    return date(2026, 1, 1) + timedelta(days=n)


@pytest.mark.parametrize(
    ("reste", "dits", "attendu"),
    [
        (91, [], (None, [])),
        (90, [], (90, [])),
        (90, [90], (None, [])),
        (60, [90], (60, [])),
        (25, [90], (30, [60])),
        (25, [], (30, [60, 90])),
        (1, [90, 60, 30, 7], (1, [])),
        (0, [90, 60, 30, 7, 1], (None, [])),
        (-1, [90], (None, [1, 7, 30, 60])),
        (40, [30], (None, [60, 90])),
    ],
)
def test_quel_rappel_dire(reste: int, dits: list[int], attendu: tuple[int | None, list[int]]) -> None:
    """The last case: a threshold that was already passed by a nearer one is never said late."""
    assert a_dire(_jour(reste), _jour(0), SEUILS, dits) == attendu


def _livrer_tout() -> None:
    while messages := prochains():
        for message in messages:
            livrer(message.pk)


def _redemarrer() -> None:
    """What a restart forgets: connections and every cache of the process."""
    from plateforme.chiffrement.trousseau import MEMOIRE
    from socles.mie.services.tls import CONTEXTES

    connections.close_all()
    MEMOIRE.table.clear()
    CONTEXTES._places.clear()


def test_trois_ans_avec_des_redemarrages_chaque_rappel_une_fois(
    base_a_part: str, django_db_blocker: Any, igc: Igc
) -> None:
    """Twice the watch a day, twice each delivery; stopped 20 days somewhere before the first threshold."""
    with django_db_blocker.unblock():
        a = Monde.charger().a
        with lier(a):
            adt = compte("accueil")
            adt.courriel = "adt@exemple.test"
            adt.save()
            personnes.designer(adt, "titulaire", par=compte("direction"))
            certificat = en_service(igc)
            debut, fin = now(), certificat.fin
            assert fin is not None
            igc.test.comptoir.muets.update({"ocsp", "crl"})
        for n in [*range(0, 900, 30), *range(920, 1100)]:
            with time_machine.travel(debut + timedelta(days=n), tick=True):
                for _ in range(2):
                    _redemarrer()
                    with lier(a):
                        veille.veiller()
                        _livrer_tout()
                        for message in Message.objects.filter(genre=rappels.GENRE):
                            livrer(message.pk)
        with lier(a):
            envoyes = Rappel.objects.filter(genre="certificat", objet_id=certificat.pk, envoye=True)
            assert sorted(envoyes.values_list("destinataire", "seuil")) == [
                (qui, seuil) for qui in ("adt", "direction") for seuil in (0, 1, 7, 30, 60, 90)
            ]
            recues = Counter(
                Notification.objects.filter(icone="badge-alert").values_list("compte__identifiant", "titre")
            )
            assert set(recues.values()) == {1}
            assert len(recues) == 12
            courriels = [m for m in mail.outbox if m.subject == "Une échéance de certificat ou de carte"]
            assert len(courriels) == 6
            assert "Certificat à renouveler sous 90\u00a0jours" in courriels[0].body
            certificat.refresh_from_db()
            assert (certificat.etat, certificat.cle_scellee) == ("expire", None)
        with time_machine.travel(fin + timedelta(days=1)), lier(a):
            with pytest.raises(appels.AucunCertificat):
                appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST")


def test_arrete_deux_mois_un_seul_rappel_part(dans_a: Contexte, igc: Igc) -> None:
    certificat = en_service(igc)
    assert certificat.fin is not None
    with time_machine.travel(certificat.fin - timedelta(days=20)):
        veille.suivre_le_temps()
        assert rappels.rappeler() == 2
        assert rappels.rappeler() == 0
    assert set(Rappel.objects.filter(envoye=True).values_list("seuil", flat=True)) == {30}
    assert set(Rappel.objects.filter(envoye=False).values_list("seuil", flat=True)) == {90, 60}
    certificat.refresh_from_db()
    assert certificat.etat == "a_renouveler"


def test_un_certificat_remplace_ne_rappelle_plus(dans_a: Contexte, igc: Igc) -> None:
    ancien = en_service(igc, fin=now() + timedelta(days=80))
    en_service(igc)

    rappels.rappeler()

    assert not Rappel.objects.filter(objet_id=ancien.pk).exists()


def test_les_seuils_sont_des_donnees_datees(dans_a: Contexte, igc: Igc) -> None:
    from datetime import date

    assert rappels.seuils() == (90, 60, 30, 7, 1)
    assert rappels.seuils(date(2020, 1, 1)) == (90, 60, 30, 7, 1)


def test_la_commande_du_remplacant_est_preremplie(dans_a: Contexte, igc: Igc) -> None:
    ancien = en_service(igc, cn="INSI-AUTO", destinations=("INSI",))

    nouveau = demandes.generer(demandes.comme(ancien), predecesseur=ancien)

    assert (nouveau.cn, nouveau.usage, nouveau.destinations) == ("INSI-AUTO", "AUTH_CLI", ["INSI"])
    assert (nouveau.predecesseur_id, nouveau.etat) == (ancien.pk, "commande")


def test_l_expiration_du_principal_laisse_la_place_au_secours(dans_a: Contexte, igc: Igc) -> None:
    """The new one ends before the old one: who is behind comes forward."""
    ancien = en_service(igc)
    court = en_service(igc, fin=now() + timedelta(days=10))
    with time_machine.travel(now() + timedelta(days=11)):
        veille.suivre_le_temps()
        igc.test.comptoir.muets.update({"ocsp", "crl"})
        assert appels.appeler("DMP", "GET", igc.test.url_mtls, environnement="TEST").statut == 200
    assert igc.test.comptoir.appels[-1] == ancien.serie
    assert Certificat.objects.get(pk=court.pk).etat == "expire"


def test_une_carte_rappelle_sa_fin_et_un_depart_la_reclame(dans_a: Contexte) -> None:
    idec = compte("idec")
    carte = personnes.commander(idec, "cps")
    aujourdhui = datetime.now(UTC).date()
    personnes.faire_passer(carte.pk, "recue", le=aujourdhui)
    personnes.faire_passer(
        carte.pk, "activee", le=aujourdhui, expire_le=aujourdhui + timedelta(days=29), numero="2800000000"
    )

    assert rappels.rappeler() == 2
    _livrer_tout()
    titres = set(Notification.objects.values_list("titre", flat=True))
    assert titres == {"Carte à renouveler sous 30\u00a0jours"}

    idec.actif = False
    idec.save()
    assert rappels.rappeler() == 2
    assert rappels.rappeler() == 0
    _livrer_tout()
    assert Notification.objects.filter(titre="Carte à récupérer").count() == 1
    with time_machine.travel(now() + timedelta(days=31)):
        veille.suivre_le_temps()
    assert Carte.objects.get().etat == "expiree"


def test_un_certificat_seulement_installe_expire_aussi(dans_a: Contexte, igc: Igc) -> None:
    certificat = installer(igc, fin=now() + timedelta(days=2))
    with time_machine.travel(now() + timedelta(days=3)):
        veille.suivre_le_temps()
    certificat.refresh_from_db()
    assert (certificat.etat, certificat.cle_scellee) == ("expire", None)
    with pytest.raises(bascule.tls.CertificatInutilisable, match="expiré"):
        bascule.tls.contexte(certificat)

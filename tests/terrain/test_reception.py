"""A verdict per event, no lost fact, no double effect: without a domain, then with one that fails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from plateforme.core.errors import Conflit
from plateforme.tenancy.courant import Contexte, lier
from plateforme.terrain import services
from plateforme.terrain.models import EvenementEnDouble, EvenementTerrain
from plateforme.terrain.services import Anomalie, Recu, recevoir, traiter_les
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a, envoyer, evenement


@pytest.fixture
def recus(matin: None, dans_a: Contexte) -> Iterator[list[Recu]]:
    """A domain that understands « essai » and remembers what it got."""
    liste: list[Recu] = []

    def traiter(recu: Recu) -> Anomalie | None:
        liste.append(recu)
        return None

    traiter_les("essai", traiter)
    yield liste
    del services._traitements["essai"]


def test_un_evenement_est_accepte_et_garde_mot_pour_mot(recus: list[Recu]) -> None:
    cle = uuid4()

    assert envoyer(compte("awa"), evenement("essai", a("08:00"), cle, mot="bonjour")) == [("accepte", "")]

    ligne = EvenementTerrain.objects.get()
    assert (ligne.pk, ligne.genre, ligne.contenu, ligne.compte_id) == (
        cle,
        "essai",
        {"mot": "bonjour"},
        compte("awa").pk,
    )
    assert (ligne.appareil_a, ligne.fait_a, ligne.recu_a) == (a("08:00"), a("08:00"), a("08:25"))
    assert [r.id for r in recus] == [cle]


def test_le_meme_evenement_est_un_doublon_sans_second_effet(recus: list[Recu]) -> None:
    envoi = evenement("essai", a("08:00"), mot="bonjour")

    envoyer(compte("awa"), envoi)

    assert envoyer(compte("awa"), envoi) == [("doublon", "")]
    assert len(recus) == 1
    assert EvenementTerrain.objects.count() == 1


def test_l_ordre_des_cles_ne_fait_pas_un_autre_contenu(recus: list[Recu]) -> None:
    cle = uuid4()
    envoyer(compte("awa"), evenement("essai", a("08:00"), cle, un=1, deux=2))

    assert envoyer(compte("awa"), evenement("essai", a("08:00"), cle, deux=2, un=1)) == [("doublon", "")]


def test_un_autre_contenu_sous_le_meme_numero_est_garde_a_part(recus: list[Recu]) -> None:
    cle = uuid4()
    envoyer(compte("awa"), evenement("essai", a("08:00"), cle, mot="bonjour"))
    autre = evenement("essai", a("08:00"), cle, mot="bonsoir")

    assert envoyer(compte("awa"), autre, autre) == [("doublon_different", "contenu_different")] * 2
    assert EvenementTerrain.objects.get().contenu == {"mot": "bonjour"}
    assert [d.contenu for d in EvenementEnDouble.objects.all()] == [{"mot": "bonsoir"}]
    assert len(recus) == 1


def test_un_genre_inconnu_est_garde(recus: list[Recu]) -> None:
    assert envoyer(compte("awa"), evenement("tout.neuf", a("08:00"))) == [
        ("accepte_avec_anomalie", "genre_inconnu")
    ]
    assert EvenementTerrain.objects.get().genre == "tout.neuf"


@pytest.mark.parametrize(
    "brut",
    [
        None,
        "x",
        3,
        [],
        {},
        {"id": "x", "genre": "essai", "appareil_a": "2026-11-24T08:00:00+01:00", "donnees": {}},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": "hier", "donnees": {}},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": "2026-11-24T08:00:00", "donnees": {}},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": 1e30, "donnees": {}},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": True, "donnees": {}},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": "2026-11-24T08:00:00+01:00", "donnees": []},
        {"id": str(uuid4()), "genre": "essai", "appareil_a": "2026-11-24T08:00:00+01:00"},
    ],
)
def test_l_illisible_est_refuse_et_n_arrete_pas_la_suite(recus: list[Recu], brut: Any) -> None:
    verdicts = envoyer(compte("awa"), brut, evenement("essai", a("08:00")))

    assert verdicts == [("refuse", "illisible"), ("accepte", "")]
    assert len(recus) == 1


def test_un_refus_redit_le_numero_recu(recus: list[Recu]) -> None:
    (reponse,) = recevoir([{"id": "abc"}], compte_id=uuid4(), envoye_a=None)

    assert (reponse.id, reponse.phrase) == ("abc", "Cet envoi est illisible. Prévenez le service.")


@pytest.mark.parametrize(
    ("ecrit", "garde"),
    [
        ("a\x00b", "a\ufffdb"),
        ("demi \ud83d", "demi ?"),
        (float("nan"), None),
        ([{"x": "\x00"}], [{"x": "\ufffd"}]),
    ],
)
def test_ce_que_la_base_ne_sait_pas_tenir_est_garde_autrement(
    recus: list[Recu], ecrit: Any, garde: Any
) -> None:
    assert envoyer(compte("awa"), evenement("essai", a("08:00"), mot=ecrit)) == [("accepte", "")]
    assert EvenementTerrain.objects.get().contenu == {"mot": garde}


def test_un_nombre_immense_ne_bloque_pas_la_file(recus: list[Recu]) -> None:
    assert envoyer(compte("awa"), evenement("essai", a("08:00"), n=10**40)) == [("accepte", "")]


def test_un_contenu_sans_fond_est_refuse(recus: list[Recu]) -> None:
    puits: dict[str, Any] = {}
    for _ in range(30):
        puits = {"x": puits}

    assert envoyer(compte("awa"), evenement("essai", a("08:00"), **puits)) == [("refuse", "illisible")]


def test_une_horloge_en_retard_est_corrigee_par_l_heure_d_envoi(recus: list[Recu]) -> None:
    envoyer(compte("awa"), evenement("essai", a("07:00")), envoye_a=a("07:25"))

    assert EvenementTerrain.objects.get().fait_a == a("08:00")


def test_une_horloge_en_avance_garde_l_heure_du_service(recus: list[Recu]) -> None:
    assert envoyer(compte("awa"), evenement("essai", a("09:00"))) == [
        ("accepte_avec_anomalie", "horloge_en_avance")
    ]
    assert EvenementTerrain.objects.get().fait_a == a("08:25")


def test_le_delai_du_reseau_ne_corrige_rien(recus: list[Recu]) -> None:
    envoyer(compte("awa"), evenement("essai", a("08:00")), envoye_a=a("08:25") - timedelta(seconds=4))

    assert EvenementTerrain.objects.get().fait_a == a("08:00")


def test_un_domaine_qui_refuse_garde_le_fait(recus: list[Recu]) -> None:
    def refuser(recu: Recu) -> None:
        raise Conflit("Pas maintenant.")

    traiter_les("essai", refuser)

    assert envoyer(compte("awa"), evenement("essai", a("08:00"))) == [
        ("accepte_avec_anomalie", "plateforme.objet.modifie")
    ]


def _casser_la_base(recu: Recu) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 / 0")


def _casser_une_contrainte(recu: Recu) -> None:
    for _ in range(2):
        EvenementEnDouble.objects.create(
            evenement_id=recu.id, contenu={}, empreinte="x", compte_id=recu.compte_id
        )


def _se_tromper(recu: Recu) -> None:
    raise KeyError("oubli")


@pytest.mark.parametrize("panne", [_casser_la_base, _casser_une_contrainte, _se_tromper])
def test_un_domaine_qui_echoue_garde_le_fait_et_laisse_passer_la_suite(recus: list[Recu], panne: Any) -> None:
    traiter_les("essai", panne)

    verdicts = envoyer(compte("awa"), evenement("essai", a("08:00")), evenement("tout.neuf", a("08:01")))

    assert verdicts == [("accepte_avec_anomalie", "non_applique"), ("accepte_avec_anomalie", "genre_inconnu")]
    assert EvenementTerrain.objects.count() == 2
    assert EvenementEnDouble.objects.count() == 0


def test_le_meme_numero_dans_la_structure_voisine_est_un_autre_evenement(
    recus: list[Recu], monde: Monde
) -> None:
    cle: UUID = uuid4()
    envoyer(compte("awa"), evenement("essai", a("08:00"), cle))

    with lier(monde.b):
        assert envoyer(compte("celia"), evenement("essai", a("08:00"), cle)) == [("accepte", "")]
        assert EvenementTerrain.objects.get().compte_id == compte("celia").pk

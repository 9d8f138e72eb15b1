"""The outbox: a message lives with its fact, keeps its order, is done once, and is never lost in silence."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction

from plateforme.core.clock import now
from plateforme.core.errors import Conflit, Indisponible
from plateforme.notifications.models import Notification
from plateforme.outbox import services
from plateforme.outbox.models import CleIdempotence, EtatMessage, Message, Traite
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from tenants.models import Structure
from tests.plateforme.outils import consommateur
from tests.support.monde import Monde, compte

GENRE = "essai.fait"


def publier(agregat: str = "usager:1", **contenu: Any) -> Message:
    with transaction.atomic():
        return services.publier(GENRE, agregat, contenu)


def noter(message: Message) -> None:
    """An effect one can count."""
    Notification.objects.create(compte=compte("alice"), titre=f"Reçu {message.contenu.get('n', '')}")


def titres() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("titre", flat=True))


def sonnettes(contexte: Contexte) -> list[Any]:
    with lier(PUBLIC), connection.cursor() as curseur:
        curseur.execute(
            "SELECT disponible_a FROM relais.sonnette WHERE structure_id = %s ORDER BY id",
            [contexte.structure_id],
        )
        return [ligne[0] for ligne in curseur.fetchall()]


def test_le_message_disparait_avec_le_fait_annule(dans_a: Contexte) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.publier(GENRE, "usager:1", {})
        raise ZeroDivisionError

    assert Message.objects.count() == 0
    assert sonnettes(dans_a) == []


def test_le_message_reste_avec_le_fait_ecrit(dans_a: Contexte) -> None:
    message = publier(n=1)

    assert [(m.pk, m.genre, m.contenu, m.etat) for m in Message.objects.all()] == [
        (message.pk, "essai.fait", {"n": 1}, "a_livrer")
    ]
    assert len(sonnettes(dans_a)) == 1


def test_hors_transaction_la_publication_est_refusee(base_a_part: str) -> None:
    with lier(Monde.charger().a):
        with pytest.raises(RuntimeError, match="dans la transaction du fait"):
            services.publier(GENRE, "usager:1", {})

        assert Message.objects.count() == 0


def test_la_sonnette_ne_porte_que_la_structure_et_l_heure(dans_a: Contexte) -> None:
    with lier(PUBLIC), connection.cursor() as curseur:
        curseur.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais' AND table_name = 'sonnette' ORDER BY 1"
        )
        assert [ligne[0] for ligne in curseur.fetchall()] == ["disponible_a", "id", "structure_id"]


@pytest.mark.parametrize("ordre", ["SELECT * FROM", "DELETE FROM", "UPDATE", "TRUNCATE"])
def test_une_structure_ne_peut_que_sonner(dans_a: Contexte, ordre: str) -> None:
    suite = " SET disponible_a = now()" if ordre == "UPDATE" else ""

    with pytest.raises(ProgrammingError) as refus, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"{ordre} relais.sonnette{suite}")

    assert "permission denied for table sonnette" in str(refus.value)


def test_le_deuxieme_fait_d_un_agregat_attend_le_premier(dans_a: Contexte) -> None:
    premier, second, ailleurs = publier(n=1), publier(n=2), publier("usager:2", n=3)

    assert [m.pk for m in services.prochains()] == [premier.pk, ailleurs.pk]
    with consommateur(GENRE, noter):
        assert services.livrer(second.pk) is False  # a copy that arrives too early
        assert services.livrer(premier.pk) is True
        assert [m.pk for m in services.prochains()] == [second.pk, ailleurs.pk]
        assert services.livrer(second.pk) is True

    assert titres() == ["Reçu 1", "Reçu 2"]


def test_la_livraison_du_premier_sonne_pour_le_second(dans_a: Contexte) -> None:
    premier, _second = publier(n=1), publier(n=2)
    avant = len(sonnettes(dans_a))

    services.livrer(premier.pk)

    assert len(sonnettes(dans_a)) == avant + 1


def test_ce_qui_attend_derriere_une_tete_ne_fait_pas_tourner_le_relais(dans_a: Contexte) -> None:
    premier, _second = publier(n=1), publier(n=2)

    services.reserver(premier.pk)

    echeance = services.prochaine_echeance()
    assert echeance is not None
    assert echeance > now() + timedelta(seconds=50)


def test_un_consommateur_qui_echoue_laisse_les_autres_faire(dans_a: Contexte) -> None:
    def tomber(_message: Message) -> None:
        noter(_message)
        raise Indisponible

    message = publier(n=1)

    with consommateur(GENRE, tomber, "premier"), consommateur(GENRE, noter, "second"):
        assert services.livrer(message.pk) is False
        message.refresh_from_db()

        assert (message.etat, message.essais, message.erreur) == ("a_livrer", 1, "Indisponible")
        assert list(Traite.objects.values_list("consommateur", flat=True)) == ["second"]
        assert titres() == ["Reçu 1"]  # what « premier » wrote went with its failure
        assert services.prochains() == []

    with consommateur(GENRE, noter, "premier"), consommateur(GENRE, noter, "second"):
        assert services.livrer(message.pk) is True

    assert titres() == ["Reçu 1", "Reçu 1"]


def test_les_essais_s_espacent_puis_le_message_meurt(dans_a: Contexte) -> None:
    def tomber(_message: Message) -> None:
        raise Indisponible

    message, attentes = publier(), []
    with consommateur(GENRE, tomber):
        for _ in range(11):
            avant = now()
            services.livrer(message.pk)
            message.refresh_from_db()
            attentes.append(round((message.disponible_a - avant).total_seconds()))

    assert attentes == [5, 20, 80, 320, 1280, 3600, 3600, 3600, 3600, 3600, 3600]
    assert (message.etat, message.essais) == ("mort", 11)


def test_un_echec_sonne_pour_son_prochain_essai(dans_a: Contexte) -> None:
    def tomber(_message: Message) -> None:
        raise Indisponible

    message = publier()
    with consommateur(GENRE, tomber):
        services.livrer(message.pk)

    message.refresh_from_db()
    assert sonnettes(dans_a)[-1] == message.disponible_a


def test_un_refus_definitif_va_aux_lettres_mortes_et_se_relance(dans_a: Contexte) -> None:
    def refuser(_message: Message) -> None:
        raise Conflit("Canari Zéphyrine")

    message, suivant = publier(n=1), publier(n=2)
    with consommateur(GENRE, refuser):
        services.livrer(message.pk)

    assert [(m.pk, m.erreur) for m in services.morts()] == [(message.pk, "Conflit")]
    assert [m.pk for m in services.prochains()] == [suivant.pk]  # a dead letter does not block its aggregate
    with consommateur(GENRE, noter):
        assert services.livrer(message.pk) is False
        assert services.relancer(message.pk) is True
        assert services.relancer(message.pk) is False
        assert services.livrer(message.pk) is True

    assert titres() == ["Reçu 1"]
    assert list(services.morts()) == []


def test_un_refus_definitif_attend_le_consommateur_qui_peut_encore_reussir(dans_a: Contexte) -> None:
    def refuser(_message: Message) -> None:
        raise Conflit

    def tomber(_message: Message) -> None:
        raise Indisponible

    message = publier()
    with consommateur(GENRE, refuser, "premier"), consommateur(GENRE, tomber, "second"):
        services.livrer(message.pk)

    message.refresh_from_db()
    assert (message.etat, message.erreur) == ("a_livrer", "Indisponible")


def test_livre_deux_fois_il_n_a_qu_un_effet(dans_a: Contexte) -> None:
    message = publier(n=1)

    with consommateur(GENRE, noter):
        assert services.livrer(message.pk) is True
        assert services.livrer(message.pk) is False
        Message.objects.update(etat=EtatMessage.A_LIVRER)  # as if the worker had died before saying so
        assert services.livrer(message.pk) is True

    assert titres() == ["Reçu 1"]


def test_l_echec_tardif_d_un_autre_ne_ressuscite_pas_un_message_livre(dans_a: Contexte) -> None:
    message = publier()

    def tomber_apres_un_autre(recu: Message) -> None:
        Message.objects.filter(pk=recu.pk).update(etat=EtatMessage.LIVRE)
        raise Conflit

    perime = Message.objects.get(pk=message.pk)
    Message.objects.filter(pk=message.pk).update(etat=EtatMessage.LIVRE)
    services._noter_echec(perime, Conflit())

    message.refresh_from_db()
    assert (message.etat, message.essais) == ("livre", 0)


def test_deux_travailleurs_a_la_fois_ne_font_qu_un_effet(base_a_part: str) -> None:
    a = Monde.charger().a
    entre, sortie, resultats = threading.Event(), threading.Event(), {}

    def lent(message: Message) -> None:
        noter(message)
        entre.set()
        assert sortie.wait(10)

    def travailler(nom: str) -> None:
        with lier(a):
            try:
                resultats[nom] = services.livrer(message.pk)
            finally:
                connection.close()

    with lier(a), consommateur(GENRE, lent):
        message = publier(n=1)
        premier = threading.Thread(target=travailler, args=("premier",))
        premier.start()
        assert entre.wait(10)
        second = threading.Thread(target=travailler, args=("second",))
        second.start()
        second.join(10)  # it leaves at once: it does not queue behind the first
        vu_par_le_second = dict(resultats)
        sortie.set()
        premier.join(10)

        assert vu_par_le_second == {"second": False}
        assert resultats == {"premier": True, "second": False}
        assert titres() == ["Reçu 1"]
        assert Message.objects.get().etat == "livre"


def test_un_bail_ne_se_prend_qu_une_fois_et_se_rend(dans_a: Contexte) -> None:
    message = publier()

    assert services.reserver(message.pk) is True
    assert services.reserver(message.pk) is False
    services.liberer([message.pk])

    assert services.reserver(message.pk) is True


def test_un_message_d_un_voisin_n_existe_pas_ici(monde: Monde) -> None:
    with lier(monde.a):
        message = publier()

    with lier(monde.b), consommateur(GENRE, noter):
        assert services.livrer(message.pk) is False
        assert services.relancer(message.pk) is False


def test_l_acteur_du_fait_est_celui_de_la_livraison(dans_a: Contexte) -> None:
    from plateforme.observability.contexte import acteur_courant, tracer

    vus = []
    with tracer(acteur_id=compte("alice").pk):
        message = publier()
    with consommateur(GENRE, lambda _m: vus.append(acteur_courant())):
        services.livrer(message.pk)

    assert vus == [compte("alice").pk]


def test_la_purge_oublie_ce_qui_a_servi_et_rien_d_autre(dans_a: Contexte) -> None:
    vieux, recent, mort, attend = (publier(f"usager:{n}") for n in range(4))
    il_y_a = {jours: now() - timedelta(days=jours) for jours in (29, 31, 400)}
    Message.objects.filter(pk=vieux.pk).update(etat="livre", livre_a=il_y_a[31])
    Message.objects.filter(pk=recent.pk).update(etat="livre", livre_a=il_y_a[29])
    Message.objects.filter(pk=mort.pk).update(etat="mort", cree_a=il_y_a[400])
    Message.objects.filter(pk=attend.pk).update(cree_a=il_y_a[400])
    for cle, heures in (("recente1", 47), ("ancienne", 49)):
        CleIdempotence.objects.create(
            compte_id=compte("alice").pk, cle=cle, empreinte="x", cree_a=now() - timedelta(hours=heures)
        )

    services.purger()

    assert set(Message.objects.values_list("pk", flat=True)) == {recent.pk, mort.pk, attend.pk}
    assert list(CleIdempotence.objects.values_list("cle", flat=True)) == ["recente1"]


def test_une_structure_suspendue_garde_ses_messages(base_a_part: str) -> None:
    from plateforme.outbox import relais
    from tenants import repertoire
    from tenants.services import cycle

    a = Monde.charger().a
    with lier(a):
        publier()
    structure = Structure.objects.get(slug="alpha")
    cycle.suspendre(structure, motif="essai")
    assert a.structure_id is not None

    assert relais.servir(a.structure_id) == 0

    cycle.rouvrir(structure)
    repertoire.oublier()
    cache.clear()
    assert relais.servir(a.structure_id) == 1

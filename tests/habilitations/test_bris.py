"""Break-glass: one account, one usager, a reason, a few hours, and everybody knows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from dossier.models import Opposition, Usager
from dossier.queries import usagers_en_sante, usagers_visibles
from plateforme.audit.models import Trace
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.habilitations.models import BrisDeGlace
from plateforme.habilitations.services import bris
from plateforme.identity.backends import MotDePasse
from plateforme.notifications.models import Notification
from plateforme.tenancy.courant import Contexte, lier
from tests.support.monde import Monde, client_de, compte
from tests.telegestion.fabrique import usager

MATIN = datetime.fromisoformat("2026-11-24T07:00:00+01:00")
DEMANDE = {"motif": "appel", "explication": "Sa fille appelle, elle est tombée.", "heures": 2}


@pytest.fixture
def horloge() -> Iterator[Any]:
    with time_machine.travel(MATIN, tick=False) as voyageur:
        yield voyageur


@pytest.fixture
def anne(horloge: Any, dans_a: Contexte) -> Usager:
    return usager("Riou", gir=3)


def lue(qui: str) -> Any:
    """The account as a request reads it."""
    return MotDePasse().get_user(compte(qui).pk)


def test_une_infirmiere_ouvre_un_dossier_pour_deux_heures(anne: Usager, horloge: Any) -> None:
    ines = lue("ines")
    assert not usagers_visibles(ines).exists()

    bris.ouvrir(ines, anne.pk, **DEMANDE)

    assert list(usagers_visibles(lue("ines"))) == [anne]
    assert list(usagers_en_sante(lue("ines"))) == [anne]
    horloge.shift(timedelta(hours=2, seconds=-1))
    assert usagers_visibles(lue("ines")).exists()
    horloge.shift(timedelta(seconds=1))
    assert not usagers_visibles(lue("ines")).exists()
    assert not usagers_en_sante(lue("ines")).exists()


def test_il_n_ouvre_qu_un_dossier_et_qu_a_elle(anne: Usager) -> None:
    autre = usager("Kerbrat")
    bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)

    assert not usagers_visibles(lue("ines")).filter(pk=autre.pk).exists()
    assert not usagers_visibles(lue("bruno")).exists()
    with pytest.raises(bris.BrisRefuse, match="déjà un accès exceptionnel ouvert"):
        bris.ouvrir(lue("ines"), autre.pk, **DEMANDE)


@pytest.mark.parametrize("qui", ["awa", "direction", "accueil", "compta", "delphine"])
def test_les_autres_fonctions_ne_brisent_rien(anne: Usager, qui: str) -> None:
    with pytest.raises(HabilitationRefusee):
        bris.ouvrir(lue(qui), anne.pk, **DEMANDE)


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"motif": "curiosite"}, "motif"),
        ({"explication": "Urgent."}, "explication"),
        ({"explication": " " * 40}, "explication"),
        ({"heures": 0}, "heures"),
        ({"heures": 5}, "heures"),
    ],
)
def test_une_demande_incomplete_est_refusee_par_champ(
    anne: Usager, change: dict[str, Any], champ: str
) -> None:
    with pytest.raises(bris.BrisRefuse) as refus:
        bris.ouvrir(lue("ines"), anne.pk, **{**DEMANDE, **change})

    assert list(refus.value.champs) == [champ]
    assert BrisDeGlace.objects.count() == 0


@pytest.mark.parametrize(("vise", "portee"), [("compte", "tout"), ("role", "sante")])
def test_une_opposition_ne_cede_qu_a_l_urgence_vitale(anne: Usager, vise: str, portee: str) -> None:
    Opposition.objects.create(
        usager=anne,
        compte=compte("ines") if vise == "compte" else None,
        role="infirmier" if vise == "role" else "",
        portee=portee,
        recueillie_par=compte("alice"),
    )

    with pytest.raises(bris.BrisRefuse, match="seule une urgence vitale"):
        bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    ouvert = bris.ouvrir(lue("ines"), anne.pk, **{**DEMANDE, "motif": "urgence"})

    assert ouvert.malgre_opposition
    assert usagers_en_sante(lue("ines")).exists()


def test_on_ne_force_pas_une_porte_ouverte(anne: Usager) -> None:
    with pytest.raises(bris.BrisRefuse, match="déjà ouvert"):
        bris.ouvrir(lue("idec"), anne.pk, **DEMANDE)


def test_un_dossier_de_la_voisine_n_existe_pas(site_b: Contexte, anne: Usager, monde: Monde) -> None:
    with lier(monde.b), pytest.raises(Introuvable):
        bris.ouvrir(lue("idec"), anne.pk, **DEMANDE)


@pytest.fixture
def site_b(monde: Monde) -> Contexte:
    return monde.b


def test_la_direction_et_le_dpd_sont_prevenus_sans_le_nom(anne: Usager) -> None:
    bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)

    avis = {n.compte.identifiant: n for n in Notification.objects.select_related("compte")}
    assert sorted(avis) == ["delphine", "direction"]
    assert avis["direction"].titre == "Accès exceptionnel ouvert par Ines Essai"
    assert "Riou" not in avis["direction"].titre + avis["direction"].detail


def test_refermer_ferme_au_geste_suivant(anne: Usager) -> None:
    ouvert = bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    with pytest.raises(Introuvable):
        bris.refermer(lue("idec"), ouvert.pk)
    assert usagers_visibles(lue("ines")).exists()

    bris.refermer(lue("ines"), ouvert.pk)

    assert not usagers_visibles(lue("ines")).exists()


def test_chacun_est_juge_par_un_autre(anne: Usager) -> None:
    ouvert = bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    with pytest.raises(HabilitationRefusee):
        bris.revoir(lue("ines"), ouvert.pk, verdict="justifie", note="")
    with pytest.raises(HabilitationRefusee):
        bris.revoir(lue("delphine"), ouvert.pk, verdict="justifie", note="")
    with pytest.raises(bris.RevueRefusee) as refus:
        bris.revoir(lue("direction"), ouvert.pk, verdict="injustifie", note="  ")
    assert list(refus.value.champs) == ["note"]

    bris.revoir(lue("direction"), ouvert.pk, verdict="injustifie", note="Le référent était joignable.")

    ouvert.refresh_from_db()
    assert (ouvert.revue, ouvert.revue_par) == ("injustifie", compte("direction"))
    assert Notification.objects.filter(compte=compte("ines"), titre__contains="revu").count() == 1


def test_une_revue_est_en_retard_apres_72_heures(anne: Usager, horloge: Any) -> None:
    from plateforme.habilitations.queries import bris_recents

    bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    horloge.shift(timedelta(hours=72))
    assert [v.en_retard for v in bris_recents(compte("direction"), a_revoir=True)] == [False]
    horloge.shift(timedelta(seconds=1))
    assert [v.en_retard for v in bris_recents(compte("direction"), a_revoir=True)] == [True]


def test_la_lecture_par_bris_est_marquee_au_journal(anne: Usager, monde: Monde) -> None:
    bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    connection._notes = []

    assert client_de(monde.a, "ines").get(f"/usagers/{anne.pk}").status_code == 200

    trace = Trace.objects.get(nature="R")
    assert (trace.mode, trace.genre, trace.sujets) == ("bris", "dossier.usager.voir", [anne.pk])


def test_l_ouverture_et_la_revue_sont_au_journal(anne: Usager) -> None:
    connection._notes = []
    ouvert = bris.ouvrir(lue("ines"), anne.pk, **DEMANDE)
    bris.revoir(lue("direction"), ouvert.pk, verdict="justifie", note="")
    connection.ecrire_avant_commit()

    codes = list(Trace.objects.filter(genre__startswith="habilitations.bris").values_list("genre", "sujets"))
    assert codes == [("habilitations.bris.ouvert", [anne.pk]), ("habilitations.bris.juge", [anne.pk])]


def test_la_page_fermee_propose_l_acces_exceptionnel_a_qui_peut(anne: Usager, monde: Monde) -> None:
    ferme = client_de(monde.a, "ines").get(f"/usagers/{anne.pk}")
    page = ferme.content.decode()

    assert ferme.status_code == 403
    assert f"/acces-exceptionnel/{anne.pk}" in page
    assert "Demandez à Alice Essai." in page
    assert "Riou" not in page
    assert (
        "/acces-exceptionnel/" not in client_de(monde.a, "bruno").get(f"/usagers/{anne.pk}").content.decode()
    )


def test_l_identite_exacte_seule_retrouve_la_personne(anne: Usager, monde: Monde) -> None:
    client = client_de(monde.a, "ines")
    identite = {"nom": "riou", "prenom": anne.prenom, "ne_le": anne.ne_le.isoformat()}

    trouvee = client.post("/acces-exceptionnel", identite)
    presque = client.post("/acces-exceptionnel", {**identite, "ne_le": "1942-03-13"})

    assert (trouvee.status_code, trouvee["Location"]) == (302, f"/acces-exceptionnel/{anne.pk}")
    assert presque.status_code == 422
    assert "Personne ne porte exactement" in presque.content.decode()


def test_le_bandeau_reste_sur_toutes_les_pages(anne: Usager, monde: Monde) -> None:
    client = client_de(monde.a, "ines")
    assert "Accès exceptionnel à un dossier" not in client.get("/notifications").content.decode()
    client.post(f"/acces-exceptionnel/{anne.pk}", DEMANDE)

    page = client.get("/notifications").content.decode()

    assert "Accès exceptionnel à un dossier, ouvert jusqu’à 9\u00a0h\u00a000" in page.replace(
        "09\u00a0h", "9\u00a0h"
    )
    assert timezone.now() == MATIN

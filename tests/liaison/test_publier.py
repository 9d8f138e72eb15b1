from typing import Any
from uuid import uuid4

import pytest

from dossier.models import Usager
from liaison.models import Lecture, Transmission
from liaison.queries import non_lues, transmissions_visibles
from liaison.services import (
    ChampRefuse,
    DejaCorrigee,
    PasAuteur,
    TransmissionVide,
    corriger_transmission,
    marquer_lue,
    publier_transmission,
    tout_marquer_lu,
)
from plateforme.core.errors import Introuvable
from plateforme.identity.models import Compte
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import Contexte, lier
from tests.liaison.fabrique import note
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import a, usager, visite


@pytest.fixture
def anne(matin: None, dans_a: Contexte) -> Usager:
    """Awa is on the case, Bruno on another."""
    anne = usager("Riou")
    visite("awa", "07:00", "08:00", chez=anne)
    visite("bruno", "07:00", "08:00", chez=usager("Kerbrat"))
    return anne


def _lit(qui: str) -> list[str]:
    return [t.texte for t in transmissions_visibles(compte(qui)).order_by("ecrite_a")]


def test_une_transmission_va_a_l_equipe_du_cas(anne: Usager) -> None:
    publiee = publier_transmission(
        compte("awa"), usager_id=anne.pk, texte=" Bon appétit. ", observation="habitude"
    )

    assert (publiee.texte, publiee.audience, publiee.ecrite_a) == ("Bon appétit.", "equipe", a("08:25"))
    assert [_lit(qui) for qui in ("alice", "direction", "accueil", "idec", "awa")] == [["Bon appétit."]] * 5
    assert _lit("bruno") == []
    assert Message.objects.get().contenu == {"transmission": str(publiee.pk)}


def test_les_soins_restent_entre_soignants(anne: Usager) -> None:
    publier_transmission(compte("awa"), usager_id=anne.pk, texte="Rougeur au talon.", audience="soins")

    assert {qui: bool(_lit(qui)) for qui in ("idec", "awa", "alice", "direction", "accueil", "bruno")} == {
        "idec": True,
        "awa": True,
        "alice": False,
        "direction": False,
        "accueil": False,
        "bruno": False,
    }


@pytest.mark.parametrize(("role", "lit"), [("infirmier", True), ("intervenant", False)])
def test_une_infirmiere_du_cas_lit_les_soins(anne: Usager, role: str, lit: bool) -> None:
    visite("bruno", "10:00", "11:00", chez=anne)
    Compte.objects.filter(identifiant="bruno").update(role=role)
    note(anne, texte="Rougeur.", audience="soins")

    assert bool(_lit("bruno")) is lit


def test_un_soignant_d_un_autre_cas_ne_lit_pas_les_soins(anne: Usager) -> None:
    Compte.objects.filter(identifiant="bruno").update(role="infirmier")
    note(anne, texte="Rougeur.", audience="soins")

    assert _lit("bruno") == []


def test_la_voisine_ne_lit_rien(site: Monde) -> None:
    with lier(site.a):
        note(usager("Riou"))

    with lier(site.b):
        assert _lit("chloe") == []


@pytest.mark.parametrize(
    ("demande", "erreur"),
    [
        ({"texte": "  "}, TransmissionVide),
        ({"texte": "x" * 4001}, ChampRefuse),
        ({"texte": "Vu.", "observation": "grave"}, ChampRefuse),
        ({"texte": "Vu.", "audience": "voisins"}, ChampRefuse),
    ],
)
def test_une_transmission_qui_ne_dit_rien_est_refusee(
    anne: Usager, demande: dict[str, Any], erreur: type[Exception]
) -> None:
    with pytest.raises(erreur):
        publier_transmission(compte("awa"), usager_id=anne.pk, **demande)

    assert (Transmission.objects.count(), Message.objects.count()) == (0, 0)


def test_une_observation_suffit_et_les_puces_font_le_texte(anne: Usager) -> None:
    seule = publier_transmission(compte("awa"), usager_id=anne.pk, observation="surveiller")
    puces = publier_transmission(compte("awa"), usager_id=anne.pk, puces=["Repas : La moitié"])

    assert (seule.texte, puces.texte) == ("", "Repas : La moitié.")


def test_bruno_n_ecrit_pas_sur_un_autre_cas(anne: Usager) -> None:
    with pytest.raises(Introuvable):
        publier_transmission(compte("bruno"), usager_id=anne.pk, texte="Vu.")

    assert Transmission.objects.count() == 0


def test_une_visite_d_une_autre_personne_n_est_pas_citee(anne: Usager) -> None:
    chez_kerbrat = visite("awa", "10:00", "11:00", chez=usager("Kerbrat"))

    publiee = publier_transmission(
        compte("awa"), usager_id=anne.pk, texte="Vu.", intervention_id=chez_kerbrat.pk
    )

    assert publiee.intervention is None


def test_lire_se_marque_une_fois_et_par_soi(anne: Usager) -> None:
    ecrite = note(anne)
    alice = compte("alice")

    marquer_lue(alice, ecrite.pk)
    marquer_lue(alice, ecrite.pk)
    marquer_lue(compte("awa"), ecrite.pk)  # her own: nothing to read

    assert list(Lecture.objects.values_list("compte__identifiant", flat=True)) == ["alice"]
    assert [non_lues(compte(qui)).count() for qui in ("alice", "direction", "awa")] == [0, 1, 0]


@pytest.mark.parametrize("audience", ["equipe", "soins"])
def test_bruno_ne_marque_pas_ce_qu_il_ne_lit_pas(anne: Usager, audience: str) -> None:
    ecrite = note(anne, audience=audience)

    with pytest.raises(Introuvable):
        marquer_lue(compte("bruno"), ecrite.pk)

    assert Lecture.objects.count() == 0


def test_tout_marquer_ne_marque_que_ce_que_l_on_lit(anne: Usager) -> None:
    note(anne)
    note(anne, texte="Rougeur.", audience="soins")

    assert tout_marquer_lu(compte("alice")) == 1
    assert tout_marquer_lu(compte("alice")) == 0
    assert non_lues(compte("idec")).count() == 2


def test_une_vieille_note_n_attend_plus_personne(anne: Usager) -> None:
    note(anne, ecrite_a=a("08:00", 24).replace(month=10, day=20))

    assert non_lues(compte("alice")).count() == 0


def test_corriger_remplace_et_garde_la_premiere(anne: Usager) -> None:
    premiere = note(anne, texte="Elle a tout manger.")

    correction = corriger_transmission(
        compte("awa"), premiere.pk, texte="Elle n’a rien mangé.", observation="surveiller", audience="equipe"
    )

    assert correction.corrige == premiere
    assert _lit("alice") == ["Elle n’a rien mangé."]
    assert Transmission.objects.get(pk=premiere.pk).texte == "Elle a tout manger."


def test_corriger_pour_les_soins_retire_la_premiere_aux_autres(anne: Usager) -> None:
    premiere = note(anne, texte="Rougeur au talon.")

    corriger_transmission(
        compte("awa"), premiere.pk, texte="Rougeur au talon.", observation="surveiller", audience="soins"
    )

    assert (_lit("alice"), _lit("idec")) == ([], ["Rougeur au talon."])


def test_on_ne_corrige_que_les_siennes_et_une_fois(anne: Usager) -> None:
    premiere = note(anne)

    def corriger(qui: str) -> Transmission:
        return corriger_transmission(
            compte(qui), premiere.pk, texte="Non.", observation="", audience="equipe"
        )

    with pytest.raises(PasAuteur):
        corriger("alice")
    with pytest.raises(Introuvable):
        corriger("bruno")
    corriger("awa")
    with pytest.raises(DejaCorrigee):
        corriger("awa")
    assert Transmission.objects.count() == 2


def test_la_meme_cle_deux_fois_est_la_meme_note(anne: Usager) -> None:
    cle = uuid4()

    for _ in range(2):
        publier_transmission(compte("awa"), usager_id=anne.pk, texte="Vu.", cle=cle)

    assert (Transmission.objects.count(), Message.objects.count()) == (1, 1)

"""Who reaches which dossier, and what of it: Bruno is on another case, Chloé next door, health opens to care only."""

from typing import Any

import pytest

from dossier.models import Usager, Vigilance
from dossier.queries import DossierFerme, expliquer, fiche, usagers_visibles
from dossier.queries import usager as trouver
from dossier.services import devoiler_acces, noter_vigilance, retirer_vigilance
from plateforme.core.errors import Introuvable
from plateforme.identity.models import Compte
from plateforme.outbox.models import Message
from plateforme.tenancy.courant import Contexte, lier
from plateforme.terrain.registres import prudences
from tests.support.monde import Monde, compte
from tests.telegestion.fabrique import intervenant, usager, visite


def _noms(qui: str) -> list[str]:
    return [u.nom for u in usagers_visibles(compte(qui))]


def test_chacun_voit_les_personnes_de_ses_visites(matin: None, dans_a: Contexte) -> None:
    visite("awa", "10:00", "11:00", chez=usager("Riou"))
    visite("bruno", "10:00", "11:00", chez=usager("Kerbrat"))

    assert (_noms("awa"), _noms("bruno")) == (["Riou"], ["Kerbrat"])
    assert sorted(_noms("alice")) == ["Kerbrat", "Riou"]


@pytest.mark.parametrize(
    ("jour", "debut", "fin", "vu"),
    [
        (21, "07:25", "08:25", True),  # finished 72 h ago, to the minute
        (21, "07:24", "08:24", False),
        (25, "08:25", "09:25", True),  # starts in 24 h
        (25, "08:26", "09:26", False),
    ],
)
def test_un_dossier_s_ouvre_24_h_avant_et_se_ferme_72_h_apres(
    matin: None, dans_a: Contexte, jour: int, debut: str, fin: str, vu: bool
) -> None:
    visite("awa", debut, fin, jour=jour, chez=usager("Riou"))

    assert _noms("awa") == (["Riou"] if vu else [])


def test_une_visite_annulee_n_ouvre_rien(matin: None, dans_a: Contexte) -> None:
    visite("awa", "10:00", "11:00", chez=usager("Riou"), statut="annulee")

    assert _noms("awa") == []


def test_la_voisine_ne_voit_personne(site: Monde) -> None:
    with lier(site.a):
        anne = usager("Riou")

    with lier(site.b):
        assert trouver(compte("chloe"), anne.pk) is None
        with pytest.raises(Introuvable):
            fiche(compte("chloe"), anne.pk)
        assert list(usagers_visibles(compte("chloe"))) == []


def test_le_motif_dit_la_visite_et_jusqu_a_quand(matin: None, dans_a: Contexte) -> None:
    ligne = visite("awa", "10:00", "11:00", chez=usager("Riou"), nature="repas")

    awa, bruno, alice = (expliquer(compte(qui), ligne.usager_id) for qui in ("awa", "bruno", "alice"))

    assert awa is not None
    assert bruno is not None
    assert alice is not None
    assert [(m.titre, m.libelle) for m in awa.maillons[:2]] == [
        ("Ma fonction", "intervenant à domicile"),
        ("Mon affectation", "Visite du 24/11 à 10:00, repas"),
    ]
    assert awa.jusqu_a is not None
    assert awa.jusqu_a.isoformat() == "2026-11-27T10:00:00+00:00"
    assert (bruno.visible, bruno.jusqu_a, bruno.a_qui) == (False, None, "Demandez à Alice Essai.")
    assert [m.libelle for m in alice.maillons if m.titre == "Mon affectation"] == [
        "Responsable de toute la structure"
    ]
    assert (alice.visible, alice.sante, alice.jusqu_a) == (True, False, None)


@pytest.fixture
def anne(matin: None, dans_a: Contexte) -> Usager:
    anne = usager("Riou", gir=3, acces_logement="Coffret, code 2580")
    Vigilance.objects.create(usager=anne, libelle="Allergie\u00a0: pénicilline", niveau="alerte", sante=True)
    Vigilance.objects.create(usager=anne, libelle="Chien bruyant", niveau="attention", sante=False)
    visite("awa", "10:00", "11:00", chez=anne)
    return anne


@pytest.mark.parametrize(
    ("qui", "gir", "vigilances"),
    [
        ("idec", 3, ["Allergie\u00a0: pénicilline", "Chien bruyant"]),
        ("direction", None, ["Chien bruyant"]),
        ("alice", None, ["Chien bruyant"]),
        ("accueil", None, ["Chien bruyant"]),
        ("awa", None, ["Chien bruyant"]),
    ],
)
def test_la_sante_s_ouvre_au_soin_pas_au_rang(
    anne: Usager, qui: str, gir: int | None, vigilances: list[str]
) -> None:
    lue = fiche(compte(qui), anne.pk)

    assert (lue.gir, [v.libelle for v in lue.vigilances]) == (gir, vigilances)


def test_une_soignante_lit_la_sante_de_ses_visites(anne: Usager) -> None:
    Compte.objects.filter(identifiant="awa").update(role="aide_soignant")

    lue = fiche(compte("awa"), anne.pk)

    assert (lue.gir, len(lue.vigilances)) == (3, 2)


def test_le_telephone_previent_avant_d_entrer_selon_le_droit(anne: Usager) -> None:
    (prudence,) = prudences(compte("awa"), [anne.pk])[anne.pk]

    assert (prudence.titre, prudence.texte) == ("À savoir\u00a0:", "Chien bruyant.")


def test_afficher_le_code_laisse_une_trace_sans_le_dire(anne: Usager) -> None:
    awa = compte("awa")

    assert devoiler_acces(awa, anne.pk) == "Coffret, code 2580"

    trace = Message.objects.get(genre="dossier.acces.devoile")
    assert trace.contenu == {"usager": str(anne.pk), "compte": str(awa.pk)}


def test_afficher_un_code_absent_ne_laisse_pas_de_trace(alice: Any) -> None:
    assert devoiler_acces(alice, usager("Kerbrat").pk) == ""
    assert Message.objects.count() == 0


def test_bruno_n_affiche_pas_le_code_d_un_autre_cas(anne: Usager) -> None:
    with pytest.raises(DossierFerme):
        devoiler_acces(compte("bruno"), anne.pk)

    assert Message.objects.count() == 0


def test_l_accueil_note_une_allergie_sans_la_relire_ni_la_lever(anne: Usager) -> None:
    accueil = compte("accueil")
    notee = noter_vigilance(accueil, anne.pk, libelle="Diabète", niveau="alerte", sante=True)

    with pytest.raises(Introuvable):
        retirer_vigilance(accueil, anne.pk, notee.pk)

    lue = fiche(accueil, anne.pk)
    assert lue is not None
    assert [v.libelle for v in lue.vigilances] == ["Chien bruyant"]
    retirer_vigilance(compte("idec"), anne.pk, notee.pk)
    assert Vigilance.objects.filter(sante=True).count() == 1


def test_awa_sans_fiche_d_intervenante_ne_voit_personne(anne: Usager) -> None:
    intervenant("awa").interventions.update(intervenant=intervenant("bruno"))

    assert (_noms("awa"), _noms("bruno")) == ([], ["Riou"])

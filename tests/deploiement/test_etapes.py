"""Steps: opened from the template, marked, derogated, ticked by facts; production waits for those that block."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plateforme import faits
from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.tenancy.courant import Contexte
from tenants.deploiement import queries
from tenants.deploiement.models import EtapeModele, Mouvement, Parcours, Releve
from tenants.deploiement.services import etapes, ouvrir, production, releves
from tenants.models import Adhesion
from tests.deploiement.outils import DIRECTION, PAULE, etat, grappe, parcours, passer, public, structure
from tests.support.monde import Monde, lier

MOTIF = "Aucune donnée à reprendre, service neuf."


@pytest.fixture
def sujet(monde: Monde) -> Iterator[Parcours]:
    with public():
        grappe(monde.a)
        yield parcours(monde.a, dans=200)


def test_un_parcours_recoit_les_etapes_de_son_profil_et_ses_echeances(sujet: Parcours) -> None:
    vues = {v.code: v for v in queries.etapes_vues(sujet)}

    assert len(vues) == 29
    assert vues["contrat_ans"].echeance == sujet.mise_en_production - timedelta(days=110)
    assert vues["vsr"].echeance == sujet.mise_en_production
    assert vues["rpps"].bloquante  # care: everybody who exchanges health data has a number
    assert {v.etat for v in vues.values()} == {"a_faire"}


def test_un_parcours_court_se_resserre_sans_retard_au_depart(monde: Monde) -> None:
    """Ninety days where the plan wants a hundred and eighty: half the days each, nothing late the first day."""
    with public():
        court = parcours(monde.b, dans=90)
        vues = {v.code: v.echeance for v in queries.etapes_vues(court)}

    assert vues["besoins"] == today()
    assert vues["contrat_ans"] == court.mise_en_production - timedelta(days=55)
    assert vues["vsr"] == court.mise_en_production


def test_ouvrir_deux_fois_n_ouvre_qu_une_fois(monde: Monde, sujet: Parcours) -> None:
    encore, nouveau = ouvrir.ouvrir(
        structure(monde.a), type_="mise_a_niveau", mise_en_production=today() + timedelta(days=30), par=PAULE
    )

    assert (encore.pk, nouveau) == (sujet.pk, False)
    assert sujet.mouvements.count() == 1


@pytest.mark.parametrize(
    ("jours", "phrase"),
    [
        (-1, "La mise en production est dans le passé"),
        (1200, "La mise en production est dans plus de trois ans"),
    ],
)
def test_une_date_impossible_est_refusee(monde: Monde, jours: int, phrase: str) -> None:
    with public(), pytest.raises(ErreurMetier) as refus:
        ouvrir.ouvrir(
            structure(monde.b),
            type_="acquisition",
            mise_en_production=today() + timedelta(days=jours),
            par=PAULE,
        )

    assert refus.value.message.startswith(phrase)
    with public():
        assert not Parcours.objects.filter(structure_id=monde.b.structure_id).exists()


def test_une_etape_se_marque_avec_sa_preuve_et_laisse_un_mouvement(sujet: Parcours) -> None:
    etapes.marquer(sujet, "besoins", par=DIRECTION, preuve="Compte rendu du 3 mars")

    assert etat(sujet, "besoins") == "faite"
    mouvement = Mouvement.objects.filter(parcours=sujet, code="besoins").get()
    assert (mouvement.geste, mouvement.detail, mouvement.par) == (
        "faite", "Compte rendu du 3 mars", "Direction Essai, direction",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "preuve", "phrase"),
    [
        ("besoins", "  ", "Dites ce qui le prouve"),
        ("bon_de_commande", "BC-12", "Cette étape attend «\u00a0Relire les exigences"),
        ("dpd", "n° 123", "Cette étape se coche d’elle-même"),
    ],
)
def test_une_etape_ne_se_marque_pas_a_tort(sujet: Parcours, code: str, preuve: str, phrase: str) -> None:
    with pytest.raises(ErreurMetier) as refus:
        etapes.marquer(sujet, code, par=DIRECTION, preuve=preuve)

    assert refus.value.message.startswith(phrase)
    assert etat(sujet, code) == "a_faire"


def test_on_deroge_ou_la_regle_le_permet_avec_un_motif(sujet: Parcours) -> None:
    etapes.deroger(sujet, "reprise", par=DIRECTION, motif=MOTIF)

    assert etat(sujet, "reprise") == "derogee"
    with pytest.raises(ErreurMetier, match="La règle ne permet pas"):
        etapes.deroger(sujet, "comptes", par=DIRECTION, motif=MOTIF)
    with pytest.raises(ErreurMetier, match="Écrivez le motif"):
        etapes.deroger(sujet, "dpd", par=DIRECTION, motif="plus tard")
    assert (etat(sujet, "comptes"), etat(sujet, "dpd")) == ("a_faire", "a_faire")


def test_une_etape_bloquante_n_est_jamais_sans_objet(sujet: Parcours) -> None:
    with pytest.raises(ErreurMetier, match="bloque la mise en production"):
        etapes.dire_sans_objet(sujet, "dpd", par=DIRECTION, motif=MOTIF)

    etapes.dire_sans_objet(sujet, "convention_ars", par=DIRECTION, motif=MOTIF)

    assert etat(sujet, "convention_ars") == "sans_objet"


def test_la_production_nomme_ce_qui_la_bloque(sujet: Parcours) -> None:
    passer(sujet, "comptes", "formation")

    with pytest.raises(ErreurMetier) as refus:
        production.signer_la_vsr(sujet, par=DIRECTION, fonction="Directrice")

    assert refus.value.message == (
        "La mise en production attend encore\u00a0: «\u00a0Ouvrir les comptes et leur second facteur\u00a0», "
        "«\u00a0Former les équipes\u00a0»."
    )
    sujet.refresh_from_db()
    assert not sujet.en_production


def test_la_signature_met_en_production_et_ferme_les_etapes(monde: Monde, sujet: Parcours) -> None:
    passer(sujet, "cas_d_usage", "reprise")  # one blocks nothing, the other is derogated
    etapes.deroger(sujet, "reprise", par=DIRECTION, motif=MOTIF)

    signe = production.signer_la_vsr(
        sujet, par=DIRECTION, fonction="Directrice", reserves="Reste l’imprimante."
    )

    assert signe.vsr_signataire == "Direction Essai, direction, Directrice"
    assert Adhesion.objects.get(structure_id=monde.a.structure_id).phase == "production"
    assert queries.en_production(sujet.structure_id)
    assert etat(sujet, "vsr") == "faite"
    with pytest.raises(ErreurMetier, match="déjà signée"):
        production.signer_la_vsr(sujet, par=DIRECTION, fonction="Directrice")
    with pytest.raises(ErreurMetier, match="les étapes ne changent plus"):
        etapes.marquer(signe, "cas_d_usage", par=DIRECTION)


def test_planifier_deplace_ce_qui_reste_et_pas_ce_qui_est_fait(sujet: Parcours) -> None:
    etapes.marquer(sujet, "besoins", par=DIRECTION, preuve="CR")
    faite_le = sujet.etapes.get(modele__code="besoins").echeance
    nouvelle = sujet.mise_en_production + timedelta(days=30)

    ouvrir.planifier(sujet, mise_en_production=nouvelle, par=PAULE)

    assert sujet.etapes.get(modele__code="besoins").echeance == faite_le
    assert sujet.etapes.get(modele__code="perimetre").echeance == nouvelle - timedelta(days=170)


def test_la_phase_de_l_adhesion_suit_les_etapes(monde: Monde, sujet: Parcours) -> None:
    def phase() -> str:
        return Adhesion.objects.get(structure_id=monde.a.structure_id).phase

    assert phase() == "cadrage"
    for code in ("besoins", "perimetre", "finess"):
        etapes.marquer(sujet, code, par=PAULE, preuve="vu")
    sujet.etapes.filter(modele__code__in=["maturite", "equipe_projet"]).update(etat="faite")
    etapes.marquer(sujet, "exigences", par=PAULE)
    assert phase() == "contractualisation"


def test_un_fait_coche_et_decoche(monde: Monde) -> None:
    """All accounts of the tests have their second factor; a new one has not."""
    with public():
        sujet = parcours(monde.a)
    with lier(monde.a):
        releves.relever()
    with public():
        assert etat(sujet, "comptes") == "faite"
        releve = Releve.objects.get(structure_id=monde.a.structure_id, code="identity.second_facteur")
        assert (releve.fait, releve.attendu) == (9, 9)

    with lier(monde.a):
        from plateforme.identity.models import Compte

        Compte.objects.ouvrir(
            identifiant="nouvelle", mot_de_passe=None, prenom="Nour", nom="Velle", role="intervenant"
        )
        releves.relever()
    with public():
        assert etat(sujet, "comptes") == "a_faire"
        gestes = list(
            Mouvement.objects.filter(parcours=sujet, code="comptes").values_list("geste", flat=True)
        )
        assert gestes == ["rouverte", "faite"]


def test_un_fait_d_une_structure_ne_coche_rien_chez_la_voisine(monde: Monde) -> None:
    with public():
        chez_b = parcours(monde.b)
    with lier(monde.a):
        releves.relever()

    with public():
        assert etat(chez_b, "comptes") == "a_faire"


def test_une_derogation_tient_puis_cede_au_fait(monde: Monde) -> None:
    with public():
        sujet = parcours(monde.a)
        etapes.deroger(sujet, "premiere_ins", par=DIRECTION, motif=MOTIF)
    with lier(monde.a):
        releves.relever()
    with public():
        assert etat(sujet, "premiere_ins") == "derogee"


def test_chaque_fait_attendu_par_un_gabarit_est_declare() -> None:
    """A step whose fact nobody tells could never be ticked."""
    from tenants.deploiement.gabarits import ETAPES

    du_reseau = {"deploiement.maturite", "deploiement.vsr"}
    attendus = {e.fait for e in ETAPES if e.fait} - du_reseau

    assert attendus <= {f.code for f in faits.faits()}


def test_les_gabarits_publies_tiennent_debout(monde: Monde) -> None:
    from tenants.deploiement.rules import cycle

    with public():
        modeles = list(EtapeModele.objects.select_related("gabarit"))
    par_gabarit: dict[str, dict[str, list[str]]] = {}
    for m in modeles:
        par_gabarit.setdefault(str(m.gabarit), {})[m.code] = m.depend_de

    assert len(par_gabarit) == 6
    for dependances in par_gabarit.values():
        assert cycle(dependances) == []
        assert {d for liste in dependances.values() for d in liste} <= set(dependances)


def test_un_contexte_de_structure_ne_lit_pas_les_parcours(dans_a: Contexte) -> None:
    with pytest.raises(Exception, match="deploiement_parcours"):
        Parcours.objects.count()


def test_la_date_du_jour_n_est_pas_du_passe(monde: Monde) -> None:
    with public():
        assert parcours(monde.b, dans=0).mise_en_production == today()

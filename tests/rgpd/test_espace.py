"""DPD, register and analysis of an entité juridique: who may, what stays, what the facts say, and nothing of the neighbour."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from plateforme.audit.models import Trace
from plateforme.core.errors import Introuvable
from plateforme.faits import fait
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.tenancy.courant import PUBLIC, lier
from tenants.rgpd import queries
from tenants.rgpd.models import DesignationDpd, SignatureDeFiche, VersionDeFiche
from tenants.rgpd.services import aipd, dpd, registre
from tenants.rgpd.services.commun import RgpdRefuse
from tests.rgpd.conftest import Gens
from tests.support.monde import Monde, compte

LE = date(2026, 3, 2)
DESIGNATION = {
    "nature": "externe",
    "designe": "Cabinet",
    "contact": "dpd@exemple.test",
    "numero_cnil": "dpo-12345",
}


def designer(gens: Gens, **champs: Any) -> DesignationDpd:
    return dpd.designer(gens.direction, **{**DESIGNATION, "depuis": date(2026, 1, 1), **champs})


def ma_fiche(code: str = "planning") -> queries.FicheLue:
    return next(f for f in queries.registre(queries.organisme_courant()) if f.fiche.code == code)


# --- DPD --------------------------------------------------------------------------------------------------


def test_la_designation_est_tenue_avec_son_numero(dans_alpha: Gens) -> None:
    assert not fait("rgpd.dpd").lire().tenu
    designer(dans_alpha, numero_cnil="")
    assert not fait("rgpd.dpd").lire().tenu

    dpd.donner_le_numero(dans_alpha.direction, numero_cnil=" dpo-1 2345 ")

    etat = fait("rgpd.dpd").lire()
    assert etat.tenu
    assert etat.details == ({"numero_cnil": "DPO-12345", "depuis": "2026-01-01"},)
    with pytest.raises(RgpdRefuse, match="déjà enregistré"):
        dpd.donner_le_numero(dans_alpha.direction, numero_cnil="DPO-9")


def test_un_seul_dpd_a_la_fois_et_les_passes_restent(dans_alpha: Gens) -> None:
    designer(dans_alpha)
    with pytest.raises(RgpdRefuse, match="déjà en fonction"):
        designer(dans_alpha)

    dpd.mettre_fin(dans_alpha.direction, jusqu_au=LE, motif="Fusion des entités")
    assert not fait("rgpd.dpd").lire().tenu
    with pytest.raises(RgpdRefuse) as refus:
        designer(dans_alpha, depuis=date(2026, 3, 1))
    assert refus.value.champs == {"depuis": "Le précédent DPD est parti le 02/03/2026."}
    designer(dans_alpha, depuis=LE)

    assert [d.jusqu_au for d in queries.designations(queries.organisme_courant())] == [None, LE]


def test_le_dpd_ne_se_designe_pas_lui_meme(dans_alpha: Gens) -> None:
    with pytest.raises(HabilitationRefusee):
        dpd.designer(dans_alpha.dpd, **DESIGNATION, depuis=LE)
    assert queries.designations(queries.organisme_courant()) == []


def test_l_acte_est_au_journal_de_la_structure_sans_nom(dans_alpha: Gens) -> None:
    connection._notes = []
    designer(dans_alpha)
    connection.ecrire_avant_commit()

    trace = Trace.objects.get(genre="rgpd.dpd.designe")
    assert trace.details == {"nature": "externe"}


# --- register ---------------------------------------------------------------------------------------------


def test_le_registre_part_du_dictionnaire(dans_alpha: Gens) -> None:
    designer(dans_alpha)
    assert registre.preremplir(dans_alpha.dpd) == 12
    assert registre.preremplir(dans_alpha.dpd) == 0

    contenu = ma_fiche("dossier_soins").derniere.contenu
    assert "vigilance" in contenu["categories"]
    assert "infirmier coordinateur" in contenu["destinataires"]
    assert "direction" not in contenu["destinataires"]
    assert contenu["dpd"] == "Cabinet, dpd@exemple.test"
    assert "FINESS juridique 220000020" in contenu["responsable"]
    assert "R1112-7" not in contenu["durees"]  # the figure, not the reasoning
    assert (fait("rgpd.registre").lire().fait, fait("rgpd.registre").lire().attendu) == (0, 12)


def test_une_fiche_se_signe_par_version_et_par_fonction(dans_alpha: Gens) -> None:
    registre.preremplir(dans_alpha.dpd)
    lue = ma_fiche()
    registre.signer(dans_alpha.dpd, lue.fiche.pk, rang=1)
    with pytest.raises(RgpdRefuse, match="déjà signé"):
        registre.signer(dans_alpha.dpd, lue.fiche.pk, rang=1)
    registre.signer(dans_alpha.direction, lue.fiche.pk, rang=1)
    assert fait("rgpd.registre").lire().fait == 1

    contenu = {**lue.derniere.contenu, "mesures": "Autres mesures"}
    registre.reecrire(dans_alpha.dpd, lue.fiche.pk, contenu=contenu, motif="Nouvelle convention", depuis=1)

    assert fait("rgpd.registre").lire().fait == 0
    with pytest.raises(RgpdRefuse, match="version 2 est parue"):
        registre.signer(dans_alpha.direction, lue.fiche.pk, rang=1)
    assert [v.rang for v in ma_fiche().versions] == [2, 1]
    assert len(ma_fiche().versions[1].signatures.all()) == 2


def test_le_registre_est_tenu_quand_tout_est_signe(dans_alpha: Gens) -> None:
    registre.preremplir(dans_alpha.dpd)
    fiches = queries.registre(queries.organisme_courant())
    for lue in fiches[:11]:
        registre.signer(dans_alpha.dpd, lue.fiche.pk, rang=1)
    assert not fait("rgpd.registre").lire().tenu

    registre.retirer(dans_alpha.dpd, fiches[11].fiche.pk)

    assert fait("rgpd.registre").lire().tenu


def test_deux_plumes_ne_s_effacent_pas(dans_alpha: Gens) -> None:
    registre.preremplir(dans_alpha.dpd)
    lue = ma_fiche()
    contenu = {**lue.derniere.contenu, "mesures": "A"}
    registre.reecrire(dans_alpha.dpd, lue.fiche.pk, contenu=contenu, motif="x", depuis=1)

    with pytest.raises(RgpdRefuse, match="quelqu’un d’autre"):
        registre.reecrire(
            dans_alpha.direction, lue.fiche.pk, contenu={**contenu, "mesures": "B"}, motif="x", depuis=1
        )


def test_une_rubrique_de_l_article_30_ne_se_vide_pas(dans_alpha: Gens) -> None:
    registre.preremplir(dans_alpha.dpd)
    lue = ma_fiche()

    with pytest.raises(RgpdRefuse) as refus:
        registre.reecrire(
            dans_alpha.dpd, lue.fiche.pk, contenu={**lue.derniere.contenu, "bases": "  "}, motif="x", depuis=1
        )
    assert list(refus.value.champs) == ["bases"]


def test_un_produit_qui_garde_autre_chose_demande_une_relecture(dans_alpha: Gens) -> None:
    registre.preremplir(dans_alpha.dpd)
    lue = ma_fiche()
    with lier(PUBLIC):
        VersionDeFiche.objects.create(
            fiche=lue.fiche, rang=2, contenu=lue.derniere.contenu, dictionnaire="0" * 64, motif="x",
            redigee_par=dans_alpha.dpd.pk, redigee_role="x", redigee_a=lue.derniere.redigee_a,
        )  # fmt: skip

    assert not ma_fiche().a_jour
    with pytest.raises(RgpdRefuse, match="garde d’autres données"):
        registre.signer(dans_alpha.dpd, lue.fiche.pk, rang=2)
    registre.reecrire(dans_alpha.dpd, lue.fiche.pk, contenu=lue.derniere.contenu, motif="Relue", depuis=2)
    assert ma_fiche().a_jour


@pytest.mark.parametrize("modele", [VersionDeFiche, SignatureDeFiche])
def test_la_base_refuse_de_reecrire_ce_qui_est_signe(dans_alpha: Gens, modele: type) -> None:
    registre.preremplir(dans_alpha.dpd)
    with lier(PUBLIC):
        for ordre in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(ordre.format(modele._meta.db_table))


# --- AIPD -------------------------------------------------------------------------------------------------


def evaluer(gens: Gens, ligne: Any) -> None:
    axes = {
        f"{r}_{a}": "limitee"
        for r in ("acces", "modification", "disparition")
        for a in ("gravite", "vraisemblance")
    }
    aipd.ecrire(gens.dpd, ligne.pk, contenu={**ligne.contenu, **axes})


def test_l_analyse_va_de_la_redaction_a_la_decision(dans_alpha: Gens) -> None:
    ligne = aipd.ouvrir(dans_alpha.dpd, raison="Première")
    with pytest.raises(RgpdRefuse, match="restent à évaluer"):
        aipd.rendre_l_avis(dans_alpha.dpd, ligne.pk, avis="favorable", texte="x")
    evaluer(dans_alpha, ligne)
    with pytest.raises(RgpdRefuse, match="d’abord rendre son avis"):
        aipd.decider(dans_alpha.direction, ligne.pk, decision="validee", texte="")
    with pytest.raises(HabilitationRefusee):
        aipd.rendre_l_avis(dans_alpha.direction, ligne.pk, avis="favorable", texte="x")
    aipd.rendre_l_avis(dans_alpha.dpd, ligne.pk, avis="reserves", texte="Revoir les droits.")
    with pytest.raises(HabilitationRefusee):
        aipd.decider(dans_alpha.dpd, ligne.pk, decision="validee", texte="")
    with pytest.raises(RgpdRefuse) as refus:
        aipd.decider(dans_alpha.direction, ligne.pk, decision="validee", texte="Oui.")
    assert list(refus.value.champs) == ["texte"]

    aipd.decider(
        dans_alpha.direction, ligne.pk, decision="validee", texte="Les droits seront revus chaque trimestre."
    )

    etat = fait("rgpd.aipd").lire()
    assert (etat.tenu, etat.echeance) == (True, date(2027, 3, 2))
    with pytest.raises(RgpdRefuse, match="ne change plus"):
        evaluer(dans_alpha, ligne)


def test_un_avis_ne_survit_pas_au_texte_qu_il_jugeait(dans_alpha: Gens) -> None:
    ligne = aipd.ouvrir(dans_alpha.dpd, raison="Première")
    evaluer(dans_alpha, ligne)
    aipd.rendre_l_avis(dans_alpha.dpd, ligne.pk, avis="favorable", texte="Bien.")
    lue = queries.analyse(queries.organisme_courant(), ligne.pk)

    aipd.ecrire(dans_alpha.direction, ligne.pk, contenu=lue.contenu)
    assert queries.analyse(queries.organisme_courant(), ligne.pk).avis == "favorable"
    aipd.ecrire(dans_alpha.direction, ligne.pk, contenu={**lue.contenu, "mesures": "Moins."})

    assert queries.analyse(queries.organisme_courant(), ligne.pk).avis == ""


@pytest.mark.parametrize(("le", "tenu"), [("2027-03-02", True), ("2027-03-03", False)])
def test_une_analyse_non_revue_dans_l_annee_ne_vaut_plus(dans_alpha: Gens, le: str, tenu: bool) -> None:
    import time_machine

    ligne = aipd.ouvrir(dans_alpha.dpd, raison="Première")
    evaluer(dans_alpha, ligne)
    aipd.rendre_l_avis(dans_alpha.dpd, ligne.pk, avis="favorable", texte="Bien.")
    aipd.decider(dans_alpha.direction, ligne.pk, decision="validee", texte="")

    with time_machine.travel(f"{le}T12:00:00+00:00", tick=False):
        assert fait("rgpd.aipd").lire().tenu is tenu


def test_une_version_a_revoir_ne_remplace_pas_la_validee(dans_alpha: Gens) -> None:
    for decision in ("validee", "a_revoir"):
        ligne = aipd.ouvrir(dans_alpha.dpd, raison=decision)
        evaluer(dans_alpha, ligne)
        aipd.rendre_l_avis(dans_alpha.dpd, ligne.pk, avis="favorable", texte="Bien.")
        aipd.decider(dans_alpha.direction, ligne.pk, decision=decision, texte="")

    assert fait("rgpd.aipd").lire().tenu
    with pytest.raises(RgpdRefuse, match="pas encore décidée"):
        aipd.ouvrir(dans_alpha.dpd, raison="a")
        aipd.ouvrir(dans_alpha.dpd, raison="b")


# --- the neighbour ----------------------------------------------------------------------------------------


def test_une_autre_entite_ne_trouve_rien(entites: Monde) -> None:
    with lier(entites.a):
        gens = Gens(compte("direction"), compte("delphine"))
        designer(gens)
        registre.preremplir(gens.dpd)
        fiche, analyse = ma_fiche().fiche.pk, aipd.ouvrir(gens.dpd, raison="x").pk

    with lier(entites.b):
        voisine = Gens(compte("direction"), compte("delphine"))
        organisme = queries.organisme_courant()
        assert organisme.raison_sociale == "Entité voisine"
        assert queries.designations(organisme) == []
        assert queries.registre(organisme) == []
        assert queries.analyses(organisme) == []
        assert [fait(c).lire().fait for c in ("rgpd.dpd", "rgpd.registre", "rgpd.aipd")] == [0, 0, 0]
        for essai in (
            lambda: queries.fiche(organisme, fiche),
            lambda: queries.analyse(organisme, analyse),
            lambda: registre.signer(voisine.dpd, fiche, rang=1),
            lambda: registre.retirer(voisine.dpd, fiche),
            lambda: aipd.ecrire(voisine.dpd, analyse, contenu={}),
        ):
            with pytest.raises(Introuvable):
                essai()


def test_deux_structures_d_une_meme_entite_partagent_leur_espace(monde: Monde) -> None:
    with lier(monde.a):
        registre.preremplir(compte("delphine"))

    with lier(monde.b):
        assert len(queries.registre(queries.organisme_courant())) == 12


def test_sur_le_site_du_reseau_il_n_y_a_pas_d_espace(monde: Monde) -> None:
    with pytest.raises(Introuvable):
        queries.organisme_courant()

"""Undone until signed, signed by the direction, erased; and what forbids each."""

from datetime import timedelta

import pytest
from django.db import connection

from dossier.models import Secteur, Usager
from dossier.reprise.models import Controle, EtatReprise, Ligne, ReferenceExterne, Reprise
from dossier.reprise.queries import fait_signee
from dossier.reprise.services import annulation, controle, effacement
from dossier.reprise.services.erreurs import DejaTravaille, RepriseRefusee
from dossier.services import entourage
from plateforme.audit.models import Trace
from plateforme.chiffrement.models import CleSujet
from plateforme.core.clock import now
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.storage.models import Document
from plateforme.tenancy.courant import Contexte
from tests.dossier.fabrique import FICHE
from tests.reprise.fabrique import INS, OID_TEST, csv, decider, deposer, essayer, etats, finir, importer
from tests.support.monde import compte

FICHIER = csv(
    "Code;Civ;Nom;Prénom;Né le;Entrée;Tél;NIR;OID;Secteur",
    f"1;Mme;Quéré;Anne;01/01/1940;06/02/2023;;{INS};{OID_TEST};Nouveau",
    "2;Mme;Le Goff;Anne;12/03/1942;06/02/2023;0261910000;;;",
    "3;M;Tanguy;Jean;01/02/1941;06/02/2023;;;;Nouveau",
)


@pytest.fixture
def existante(dans_a: Contexte) -> Usager:
    existante: Usager = Usager.objects.create(**{**FICHE, "telephone": ""})
    return existante


@pytest.fixture
def importee(existante: Usager) -> Reprise:
    from dossier.reprise.services import depot

    sujet = deposer(FICHIER)
    essayer(sujet)
    finir(depot.placer_les_secteurs(compte("alice"), sujet.pk, {"nouveau": "creer"}), sujet)
    decider(sujet, 3, "completer")
    importer(sujet)
    assert etats(sujet) == {2: "importee", 3: "completee", 4: "importee"}
    return sujet


def cocher_tout(sujet: Reprise, etat: str = "conforme") -> None:
    for ligne in Ligne.objects.filter(reprise=sujet).exclude(controle=""):
        controle.controler(compte("alice"), sujet.pk, ligne.pk, etat)


def annuler(sujet: Reprise, qui: str = "alice") -> object:
    return finir(annulation.annuler(compte(qui), sujet.pk), sujet)


def test_annuler_rend_tout_comme_avant(importee: Reprise, existante: Usager) -> None:
    annuler(importee)

    assert list(Usager.objects.values_list("pk", "telephone")) == [(existante.pk, "")]
    assert (Secteur.objects.count(), ReferenceExterne.objects.count(), CleSujet.objects.count()) == (0, 0, 0)
    assert set(Usager.history.values_list("id", flat=True)) == {existante.pk}
    assert (importee.etat, set(etats(importee).values())) == (EtatReprise.ANNULEE, {"annulee"})
    assert importee.comptes["annulee"] == importee.comptes["avant"]
    assert list(Ligne.objects.filter(contenu__isnull=False)) == []
    assert Document.objects.get().etat == "efface"
    with pytest.raises(RepriseRefusee, match="déjà annulée"):
        annulation.annuler(compte("alice"), importee.pk)


def test_l_annulation_laisse_sa_trace(importee: Reprise) -> None:
    annuler(importee)
    connection.ecrire_avant_commit()

    traces = {t.genre: t for t in Trace.objects.filter(genre__startswith="reprise.")}
    assert {"reprise.fichier.depose", "reprise.import.fini", "reprise.import.annule"} <= set(traces)
    assert traces["reprise.import.annule"].details == {"reprise": str(importee.pk), "lignes": 3}


@pytest.mark.parametrize("geste", ["proche", "modifie", "complete", "secteur"])
def test_une_fiche_travaillee_depuis_arrete_l_annulation(
    importee: Reprise, existante: Usager, geste: str
) -> None:
    anne = Usager.objects.get(nom_naissance="Quéré")
    if geste == "proche":
        entourage.ajouter_proche(compte("alice"), anne.pk, nom_complet="Léa", lien="fille")
    elif geste == "modifie":
        anne.commune = "Lannion"
        anne.save()
    elif geste == "complete":
        existante.refresh_from_db()
        existante.telephone = "0261910001"
        existante.save()
    else:
        Usager.objects.create(
            **{**FICHE, "nom_naissance": "Autre", "secteur": Secteur.objects.get(nom="Nouveau")}
        )
    avant = Usager.objects.count()

    with pytest.raises(DejaTravaille, match="Une fiche a été travaillée depuis l’import"):
        annulation.annuler(compte("alice"), importee.pk)

    quoi = {
        "proche": "proche",
        "modifie": "fiche modifiée",
        "complete": "champ complété puis changé",
        "secteur": "secteur qui sert ailleurs\u00a0: usager",
    }
    assert list(annulation.deja_travaillees(importee).values()) == [quoi[geste]]
    assert (Usager.objects.count(), importee.etat) == (avant, EtatReprise.IMPORTEE)


def test_un_champ_change_a_cote_de_ce_qui_fut_complete_n_empeche_rien(
    importee: Reprise, existante: Usager
) -> None:
    existante.refresh_from_db()
    existante.commune = "Guingamp"
    existante.save()

    annuler(importee)

    existante.refresh_from_db()
    assert (existante.telephone, existante.commune) == ("", "Guingamp")


def test_la_direction_signe_quand_tout_est_conforme(importee: Reprise) -> None:
    assert not fait_signee().tenu
    with pytest.raises(RepriseRefusee, match="Il reste 3 lignes de l’échantillon à contrôler"):
        controle.signer(compte("direction"), importee.pk)
    cocher_tout(importee, "ecart")
    with pytest.raises(RepriseRefusee, match="3 lignes de l’échantillon diffèrent"):
        controle.signer(compte("direction"), importee.pk)
    cocher_tout(importee)
    with pytest.raises(HabilitationRefusee):
        controle.signer(compte("alice"), importee.pk)

    signee = controle.signer(compte("direction"), importee.pk)

    assert (signee.etat, signee.signee_par.identifiant) == (EtatReprise.SIGNEE, "direction")
    assert fait_signee().tenu
    assert Document.objects.get().etat == "efface"
    assert list(Ligne.objects.filter(contenu__isnull=False)) == []
    with pytest.raises(RepriseRefusee, match="ne s’annule plus"):
        annulation.annuler(compte("direction"), importee.pk)
    assert Usager.objects.count() == 3
    # Other files still find their usagers.
    assert ReferenceExterne.objects.count() == 3


def test_l_echantillon_ne_se_coche_plus_apres_la_signature(importee: Reprise) -> None:
    cocher_tout(importee)
    controle.signer(compte("direction"), importee.pk)

    with pytest.raises(RepriseRefusee, match="n’est pas à signer"):
        cocher_tout(importee, Controle.ECART)


def test_le_fichier_d_une_reprise_oubliee_s_efface_au_terme(importee: Reprise) -> None:
    oubliee = deposer(csv("Code;Civ;Nom;Prénom;Né le;Entrée", "9;Mme;Oubli;Anne;01/01/1940;06/02/2023"))
    Reprise.objects.update(cree_a=now() - timedelta(days=29))
    assert effacement.purger() == 0
    Reprise.objects.update(cree_a=now() - timedelta(days=31))

    assert effacement.purger() == 2

    importee.refresh_from_db()
    oubliee.refresh_from_db()
    assert (importee.etat, oubliee.etat) == (EtatReprise.IMPORTEE, EtatReprise.ANNULEE)
    assert set(Document.objects.values_list("etat", flat=True)) == {"efface"}
    # What was imported may still be undone: that needs no cell of the file.
    annuler(importee)
    assert Usager.objects.count() == 1


def test_l_ins_importe_n_est_jamais_qualifie_et_reste_scelle(importee: Reprise) -> None:
    anne = Usager.objects.get(nom_naissance="Quéré")

    assert (anne.ins, anne.statut_ins) == (INS, "provisoire")
    with connection.cursor() as curseur:
        curseur.execute("SELECT string_agg(encode(contenu, 'escape'), '') FROM reprise_ligne")
        [texte] = curseur.fetchone()
    assert INS not in texte
    assert "Quéré" not in texte

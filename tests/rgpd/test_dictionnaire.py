"""The dictionary covers the product: no field of a structure is without its purpose, its readers and its term."""

from datetime import date

import pytest
from django.apps import apps

from plateforme.tenancy.routeur import apps_du_schema
from tenants.rgpd import queries
from tenants.rgpd.models import RegleConservation
from tenants.rgpd.rules.dictionnaire import (
    APPLICATIONS,
    MODELES,
    TABLES_TECHNIQUES,
    Champ,
    Nature,
    SansTraitement,
    cites,
    nature_de,
    traitement_de,
)
from tenants.rgpd.rules.traitements import TRAITEMENTS
from tests.support.monde import Monde


def colonnes() -> set[tuple[str, str]]:
    """Straight from the models, not from the code under test."""
    return {
        (modele._meta.label_lower, champ.name)
        for modele in apps.get_models(include_auto_created=True)
        if modele._meta.app_label in apps_du_schema("t_x")
        for champ in modele._meta.concrete_fields
    }


def test_chaque_champ_d_une_structure_est_au_dictionnaire() -> None:
    lus = {(e.champ.modele, e.champ.nom) for e in queries.dictionnaire()}

    assert lus == colonnes()
    assert len(lus) > 300


def test_chaque_champ_a_sa_finalite_ses_destinataires_et_sa_duree(monde: Monde) -> None:
    durees = set(RegleConservation.objects.values_list("code", flat=True))

    muets = [
        f"{e.champ.modele}.{e.champ.nom}"
        for e in queries.dictionnaire()
        if not (e.traitement.finalite and e.destinataires and e.conservation and e.champ.libelle)
        or not set(e.conservation) <= durees
    ]

    assert muets == []


def test_une_table_que_personne_n_a_placee_est_refusee() -> None:
    with pytest.raises(SansTraitement, match=r"paie\.bulletin"):
        traitement_de("paie.bulletin")


def test_rien_de_cite_n_a_disparu_du_produit() -> None:
    connus = {f"{modele}.{champ}" for modele, champ in colonnes()}
    modeles = {modele for modele, _ in colonnes()}

    assert sorted(set(cites()) - connus) == []
    assert sorted((set(MODELES) | TABLES_TECHNIQUES) - modeles) == []
    assert set(APPLICATIONS.values()) | set(MODELES.values()) <= set(TRAITEMENTS)


@pytest.mark.parametrize(
    ("modele", "nom", "genre", "lie", "nature"),
    [
        ("dossier.usager", "ins", "BinaryField", False, Nature.NIR),
        ("dossier.usager", "gir", "PositiveSmallIntegerField", False, Nature.SANTE),
        ("liaison.transmission", "texte", "TextField", False, Nature.SANTE),
        ("dossier.usager", "nom_naissance", "CharField", False, Nature.PERSONNELLE),
        ("mie.certificat", "cn", "CharField", False, Nature.TECHNIQUE),
        ("mie.boitemssante", "adresse", "CharField", False, Nature.PERSONNELLE),
        ("reprise.ligne", "complements", "JSONField", False, Nature.SANTE),
        ("dossier.usager", "secteur", "ForeignKey", True, Nature.TECHNIQUE),
        ("dossier.usager", "id", "UUIDField", False, Nature.TECHNIQUE),
        ("outbox.message", "genre", "CharField", False, Nature.TECHNIQUE),
        ("outbox.message", "contenu", "JSONField", False, Nature.SANTE),
        ("dossier.usager", "un_champ_nouveau", "CharField", False, Nature.PERSONNELLE),
    ],
)
def test_la_nature_de_quelques_champs(modele: str, nom: str, genre: str, lie: bool, nature: Nature) -> None:
    assert nature_de(Champ(modele, "x", nom, "x", genre, lie)) == nature


def test_la_sante_n_est_jamais_donnee_a_lire_par_le_rang() -> None:
    lecteurs = queries.destinataires(TRAITEMENTS["dossier_soins"])

    assert "infirmier" in lecteurs
    assert not {"direction", "responsable de secteur", "intervenant à domicile", "secrétariat"} & set(
        lecteurs
    )


def test_le_registre_propose_les_douze_fiches_du_metier() -> None:
    assert len(TRAITEMENTS) == 12
    assert {c for c, t in TRAITEMENTS.items() if t.sante} == {"dossier_soins", "liaison"}


def test_la_conservation_est_datee_et_dit_ses_doutes(monde: Monde) -> None:
    le = date(2026, 3, 2)
    RegleConservation.objects.create(
        code="dossier", depuis=date(2026, 3, 3), donnee="Dossier", active="1 an", source="essai"
    )

    avant = {r.code: r for r in queries.conservation(le)}
    apres = {r.code: r for r in queries.conservation(date(2026, 3, 3))}

    assert avant["dossier"].active == "2 ans après le dernier contact"
    assert not avant["dossier"].a_confirmer
    assert avant["factures"].a_confirmer
    assert apres["dossier"].active == "1 an"

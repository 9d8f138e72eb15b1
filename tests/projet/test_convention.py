"""The convention: steps, proofs, answers of the ARS, amendments, totals that balance or say why not."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from plateforme.core.errors import Introuvable
from plateforme.storage.erreurs import FichierRefuse
from tenants.projet import queries
from tenants.projet.models import AvenantArs, Jalon, PassageDeJalon, PreuveDeJalon
from tenants.projet.rules.convention import balancer
from tenants.projet.services import convention as services
from tenants.projet.services.acteur import ProjetRefuse
from tests.projet.conftest import Reseau, conventionner

CANARI = b"Canarizephyr, preuve de jalon\n"


def jalon(reseau: Reseau, montant: str = "400.00", **champs: object) -> Jalon:
    convention = champs.pop("convention", None) or conventionner(reseau.grappe, reseau.appel)
    return services.poser_jalon(
        reseau.paule, convention.pk,  # type: ignore[attr-defined]
        **{"libelle": "Jalon", "preuve_attendue": "PV", "echeance": date(2026, 6, 1), "montant": Decimal(montant), **champs},
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("convention", "jalons", "dit"),
    [
        ("1000", ["400", "600"], ""),
        ("1000", ["400", "599.99"], "0,01\u00a0€ de moins que la convention (1\u00a0000,00\u00a0€)"),
        ("1000", ["400", "600.01"], "0,01\u00a0€ de plus que la convention"),
        ("1000", [], "1\u00a0000,00\u00a0€ de moins"),
    ],
)
def test_les_totaux_tombent_juste_ou_disent_pourquoi(convention: str, jalons: list[str], dit: str) -> None:
    phrase = balancer(Decimal(convention), [Decimal(j) for j in jalons]).phrase

    assert (phrase == "") if dit == "" else (dit in phrase)


def test_un_avenant_change_le_montant_sans_rien_effacer(reseau: Reseau) -> None:
    convention = conventionner(reseau.grappe, reseau.appel)
    jalon(reseau, "1000.00", convention=convention)
    assert queries.conventions(reseau.grappe)[0].balance.phrase == ""

    services.amender(
        reseau.paule, convention.pk, signe_le=date(2026, 2, 1), objet="Deux membres", montant=Decimal("1200.00"),
        fin=date(2027, 6, 1), reference="AV-1",
    )  # fmt: skip

    lue = queries.conventions(reseau.grappe)[0]
    assert (lue.convention.montant, lue.montant, lue.fin) == (Decimal("1000.00"), Decimal("1200.00"), date(2027, 6, 1))  # fmt: skip
    assert "200,00\u00a0€ de moins" in lue.balance.phrase
    table = AvenantArs._meta.db_table
    for ordre in (f"UPDATE {table} SET montant = 1", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(ordre)


def test_un_avenant_ne_precede_pas_ce_qu_il_modifie(reseau: Reseau) -> None:
    convention = conventionner(reseau.grappe, reseau.appel)
    amender = {"objet": "x", "montant": Decimal(1), "fin": date(2027, 1, 1), "reference": "x"}

    with pytest.raises(ProjetRefuse) as refus:
        services.amender(reseau.paule, convention.pk, signe_le=date(2026, 1, 4), **amender)
    assert refus.value.champs == {"signe_le": "Le texte qu’il modifie est du 05/01/2026."}
    services.amender(reseau.paule, convention.pk, signe_le=date(2026, 1, 5), **amender)
    with pytest.raises(ProjetRefuse):
        services.amender(
            reseau.paule, convention.pk, signe_le=date(2026, 1, 6), **{**amender, "fin": date(2026, 1, 4)}
        )


def test_une_preuve_est_gardee_scellee_et_se_relit(reseau: Reseau) -> None:
    ligne = jalon(reseau)

    preuve = services.deposer_preuve(reseau.paule, ligne.pk, "pv.txt", CANARI)

    ligne.refresh_from_db()
    assert ligne.etat == "preuve_deposee"
    rendue, octets = services.lire_preuve(reseau.paule, preuve.pk)
    assert (rendue.nom, octets) == ("pv.txt", CANARI)
    objets = [f for f in (Path(settings.TREILLE_DATA) / "objets" / "public").rglob("*") if f.is_file()]
    assert objets
    assert all(b"Canarizephyr" not in f.read_bytes() for f in objets)


def test_un_refus_se_motive_et_une_nouvelle_preuve_le_releve(reseau: Reseau) -> None:
    ligne = jalon(reseau)
    services.deposer_preuve(reseau.paule, ligne.pk, "pv.txt", CANARI)
    le = date(2026, 3, 2)

    with pytest.raises(ProjetRefuse) as refus:
        services.enregistrer_la_reponse(reseau.paule, ligne.pk, validee=False, le=le, motif=" ")
    assert refus.value.champs == {"motif": "Recopiez le motif donné par l’ARS."}

    services.enregistrer_la_reponse(reseau.paule, ligne.pk, validee=False, le=le, motif="Illisible")
    services.deposer_preuve(reseau.paule, ligne.pk, "pv2.txt", CANARI)
    services.enregistrer_la_reponse(reseau.paule, ligne.pk, validee=True, le=le, motif="")

    ligne.refresh_from_db()
    assert (ligne.etat, ligne.motif) == ("valide_ars", "")
    assert sorted(PassageDeJalon.objects.values_list("etat", flat=True)) == [
        "preuve_deposee", "preuve_deposee", "refuse", "valide_ars",
    ]  # fmt: skip
    assert PreuveDeJalon.objects.count() == 2


def test_l_ars_ne_repond_pas_sans_preuve_et_le_valide_ne_bouge_plus(reseau: Reseau) -> None:
    ligne = jalon(reseau)
    with pytest.raises(ProjetRefuse, match="ne peut pas devenir"):
        services.enregistrer_la_reponse(reseau.paule, ligne.pk, validee=True, le=date(2026, 3, 2), motif="")

    services.deposer_preuve(reseau.paule, ligne.pk, "pv.txt", CANARI)
    services.enregistrer_la_reponse(reseau.paule, ligne.pk, validee=True, le=date(2026, 3, 2), motif="")

    with pytest.raises(ProjetRefuse, match="ne peut pas devenir"):
        services.deposer_preuve(reseau.paule, ligne.pk, "pv.txt", CANARI)
    with pytest.raises(ProjetRefuse, match="ne change plus"):
        jalon(reseau, convention=ligne.convention, jalon_id=ligne.pk)


def test_un_faux_fichier_ne_laisse_rien(reseau: Reseau) -> None:
    ligne = jalon(reseau)

    with pytest.raises(FichierRefuse):
        services.deposer_preuve(reseau.paule, ligne.pk, "pv.pdf", CANARI)

    ligne.refresh_from_db()
    assert ligne.etat == "a_venir"
    assert not PreuveDeJalon.objects.exists()


def test_la_convention_d_une_autre_grappe_est_introuvable(reseau: Reseau) -> None:
    ailleurs = conventionner(reseau.autre, reseau.appel, "C-9")
    sien = Jalon.objects.create(
        convention=ailleurs, libelle="x", preuve_attendue="x", echeance=date(2026, 6, 1), montant=Decimal(1)
    )

    with pytest.raises(Introuvable):
        jalon(reseau, convention=ailleurs)
    with pytest.raises(Introuvable):
        services.deposer_preuve(reseau.paule, sien.pk, "pv.txt", CANARI)
    with pytest.raises(Introuvable):
        jalon(reseau, jalon_id=sien.pk)


def test_un_numero_ne_sert_qu_une_fois_par_ars(reseau: Reseau) -> None:
    premiere = conventionner(reseau.grappe, reseau.appel)
    champs = {
        "programme": reseau.appel, "region": premiere.region, "signataires": ["x"], "montant": Decimal(1),
        "signee_le": date(2026, 2, 1), "debut": date(2026, 2, 1), "fin": date(2026, 2, 1),
    }  # fmt: skip

    with pytest.raises(ProjetRefuse) as refus:
        services.signer(reseau.paule, numero="  C-1 ", **champs)
    assert list(refus.value.champs) == ["numero"]
    assert services.signer(reseau.paule, numero="C-2", **champs).numero == "C-2"


def test_les_jalons_a_venir_sont_ceux_sans_preuve_avant_le_jour(reseau: Reseau) -> None:
    convention = conventionner(reseau.grappe, reseau.appel)
    pose = {
        nom: jalon(reseau, "1.00", convention=convention, libelle=nom, echeance=echeance)
        for nom, echeance in (
            ("en retard", date(2026, 2, 1)),
            ("la veille", date(2026, 5, 31)),
            ("le jour", date(2026, 6, 1)),
            ("prouvé", date(2026, 4, 1)),
        )
    }
    services.deposer_preuve(reseau.paule, pose["prouvé"].pk, "pv.txt", CANARI)
    ailleurs = conventionner(reseau.autre, reseau.appel, "C-9")
    Jalon.objects.create(
        convention=ailleurs, libelle="voisin", preuve_attendue="x", echeance=date(2026, 2, 1)
    )

    venus = queries.jalons_a_venir(reseau.grappe.pk, date(2026, 6, 1))

    assert [j.libelle for j in venus] == ["en retard", "la veille"]

"""Members, consents, types and the filing that freezes the list."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from tenants.models import ProfilDate
from tenants.projet import queries
from tenants.projet.models import Depot, MembreDepose, ProjetDate
from tenants.projet.rules.eligibilite import Issue
from tenants.projet.services import membres as services
from tenants.projet.services.acteur import ProjetRefuse
from tests.projet.conftest import Reseau, adherer, structure

LE = date(2026, 3, 2)


def peupler(reseau: Reseau, combien: int, prefixe: str = "22") -> list[object]:
    return [adherer(reseau.grappe, structure(prefixe, n)) for n in range(combien)]


def consentir(reseau: Reseau, adhesion: object, le: date = date(2026, 2, 1)) -> None:
    services.consentir(reseau.paule, adhesion.pk, donne_le=le, fonction="Direction", reference="C-1")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("numero", "region"),
    [
        ("220000129", "Bretagne"),
        ("2A0000014", "Corse"),
        ("2B0000020", "Corse"),
        ("970100228", "Guadeloupe"),
        ("970400024", "La Réunion"),
        ("974000000", "La Réunion"),
        ("980500003", "Mayotte"),
        ("750000000", "Île-de-France"),
        ("010000000", "Auvergne-Rhône-Alpes"),
        ("970500000", None),
        ("988000000", None),
    ],
)
def test_la_region_se_lit_au_debut_du_finess(reseau: Reseau, numero: str, region: str | None) -> None:
    trouvee = queries.region_de(numero, queries.regions_par_prefixe(LE))

    assert (trouvee.nom if trouvee else None) == region


def test_le_compte_est_celui_des_membres_du_jour(reseau: Reseau) -> None:
    peupler(reseau, 14)
    adherer(reseau.grappe, structure("22", 50), depuis=date(2026, 3, 3))
    adherer(reseau.grappe, structure("22", 51), jusqu_au=date(2026, 3, 1))
    adherer(reseau.grappe, structure("22", 52, etat="close"))

    hier = queries.bilan(queries.membres(reseau.grappe, LE), LE)
    demain = queries.bilan(queries.membres(reseau.grappe, date(2026, 3, 3)), date(2026, 3, 3))

    assert (hier.compte, hier.issue, hier.manque) == (14, Issue.MANQUE, 1)
    assert (demain.compte, demain.issue) == (15, Issue.ELIGIBLE)


def test_une_structure_suspendue_reste_un_esms(reseau: Reseau) -> None:
    adherer(reseau.grappe, structure("22", 1, etat="suspendue"))

    assert queries.bilan(queries.membres(reseau.grappe, LE), LE).compte == 1


def test_huit_en_corse_et_le_seuil_reste_une_donnee_datee(reseau: Reseau) -> None:
    from tenants.projet.models import Seuil

    peupler(reseau, 8, "2A")
    assert queries.bilan(queries.membres(reseau.grappe, LE), LE).issue == Issue.ELIGIBLE

    Seuil.objects.create(code="iles", depuis=date(2026, 3, 2), valeur=9, source="essai")

    assert queries.bilan(queries.membres(reseau.grappe, LE), LE).manque == 1
    assert queries.seuils(date(2026, 3, 1)).iles == 8


def test_un_consentement_se_donne_se_retire_et_reste(reseau: Reseau) -> None:
    adhesion = peupler(reseau, 1)[0]
    consentir(reseau, adhesion)
    with pytest.raises(ProjetRefuse, match="déjà consenti"):
        consentir(reseau, adhesion)

    services.retirer_le_consentement(reseau.paule, adhesion.pk, retire_le=LE, motif="Autre grappe")  # type: ignore[attr-defined]

    assert queries.membres(reseau.grappe, LE)[0].consentement is None
    consentir(reseau, adhesion, LE)
    assert adhesion.consentements.count() == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("le", [date(2026, 1, 31), date(2026, 3, 3)])
def test_un_retrait_hors_des_dates_est_refuse(reseau: Reseau, le: date) -> None:
    adhesion = peupler(reseau, 1)[0]
    consentir(reseau, adhesion)

    with pytest.raises(ProjetRefuse) as refus:
        services.retirer_le_consentement(reseau.paule, adhesion.pk, retire_le=le, motif="x")  # type: ignore[attr-defined]
    assert refus.value.champs["retire_le"] == "Entre le 01/02/2026 et aujourd’hui."


def test_un_consentement_dans_le_futur_est_refuse(reseau: Reseau) -> None:
    with pytest.raises(ProjetRefuse, match="futur"):
        consentir(reseau, peupler(reseau, 1)[0], date(2026, 3, 3))


def test_le_membre_d_une_autre_grappe_est_introuvable(reseau: Reseau) -> None:
    ailleurs = adherer(reseau.autre, structure("22", 90))

    with pytest.raises(Introuvable):
        consentir(reseau, ailleurs)


def test_l_operateur_regarde_et_ne_conduit_pas(reseau: Reseau) -> None:
    adhesion = peupler(reseau, 1)[0]

    with pytest.raises(HabilitationRefusee):
        services.consentir(reseau.denis, adhesion.pk, donne_le=LE, fonction="x", reference="x")  # type: ignore[attr-defined]


def deposer(reseau: Reseau, **champs: object) -> Depot:
    return services.deposer(
        reseau.paule,
        **{"programme": reseau.appel, "depose_le": LE, "reference": "D-1", "motif": "", **champs},
    )  # type: ignore[arg-type]


def test_la_liste_deposee_ne_bouge_plus(reseau: Reseau) -> None:
    adhesions = peupler(reseau, 16)
    for adhesion in adhesions[:15]:
        consentir(reseau, adhesion)

    depot = deposer(reseau)
    # What happens next: a SSIAD becomes a SAD mixte, another leaves, a third is closed.
    ProfilDate.objects.create(structure=adhesions[0].structure, depuis=LE, profil="saad")  # type: ignore[attr-defined]
    adhesions[1].jusqu_au = LE  # type: ignore[attr-defined]
    adhesions[1].save()  # type: ignore[attr-defined]
    adhesions[2].structure.etat = "close"  # type: ignore[attr-defined]
    adhesions[2].structure.save()  # type: ignore[attr-defined]

    fige = Depot.objects.get(pk=depot.pk)
    assert (fige.compte, fige.seuil, fige.issue, fige.appel) == (15, 15, "eligible", "regional")
    assert set(fige.membres.values_list("profil", flat=True)) == {"domicile"}
    assert fige.membres.count() == 15
    demain = date(2026, 3, 3)
    assert queries.bilan(queries.membres(reseau.grappe, demain), demain).compte == 14


def test_un_depot_sous_le_seuil_se_motive_et_n_est_pas_bloque(reseau: Reseau) -> None:
    for adhesion in peupler(reseau, 14):
        consentir(reseau, adhesion)

    with pytest.raises(ProjetRefuse) as refus:
        deposer(reseau)
    assert "il en manque 1" in refus.value.champs["motif"]

    depot = deposer(reseau, motif="L’ARS a donné son accord par écrit.")
    assert (depot.issue, depot.compte) == ("manque", 14)


def test_un_second_depot_rectifie_le_premier_avec_son_motif(reseau: Reseau) -> None:
    for adhesion in peupler(reseau, 15):
        consentir(reseau, adhesion)
    deposer(reseau)

    with pytest.raises(ProjetRefuse) as refus:
        deposer(reseau, reference="D-2")
    assert refus.value.champs == {"motif": "Dites pourquoi ce dépôt rectifie le précédent."}

    assert deposer(reseau, reference="D-2", motif="Erreur de FINESS").rang == 2
    assert Depot.objects.count() == 2


def test_sans_consentement_rien_ne_se_depose(reseau: Reseau) -> None:
    peupler(reseau, 15)

    with pytest.raises(ProjetRefuse, match="Aucune structure n’avait consenti"):
        deposer(reseau)


@pytest.mark.parametrize("modele", [Depot, MembreDepose])
def test_la_base_elle_meme_refuse_de_changer_un_depot(reseau: Reseau, modele: type) -> None:
    consentir(reseau, peupler(reseau, 1)[0])
    deposer(reseau, motif="Essai")

    table = modele._meta.db_table
    for ordre in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(ordre)


def test_le_type_de_projet_suit_le_programme(reseau: Reseau) -> None:
    with pytest.raises(ProjetRefuse) as refus:
        services.fixer_le_type(reseau.paule, programme=reseau.appel, genre="mise_a_niveau", depuis=LE)
    assert refus.value.champs["genre"] == "Appel d’essai finance\u00a0: acquisition d’un DUI, usages."

    services.fixer_le_type(reseau.paule, programme=reseau.appel, genre="acquisition", depuis=LE)
    services.fixer_le_type(reseau.paule, programme=reseau.appel, genre="usages", depuis=LE)
    services.fixer_le_type(reseau.paule, programme=reseau.appel, genre="usages", depuis=date(2027, 1, 1))

    assert [(p.genre, p.depuis) for p in ProjetDate.objects.all()] == [
        ("usages", date(2027, 1, 1)),
        ("usages", LE),
    ]


def test_les_membres_se_lisent_en_un_nombre_constant_de_requetes(
    reseau: Reseau, django_assert_num_queries: object
) -> None:
    peupler(reseau, 3)
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.membres(reseau.grappe, LE)
    for n in range(60, 80):
        adherer(reseau.grappe, structure("22", n))
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(queries.membres(reseau.grappe, LE)) == 23

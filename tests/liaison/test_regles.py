import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.rules import extrait, gravite, peut_lire, puces_propres

ROLES = (
    "direction",
    "responsable_secteur",
    "idec",
    "secretariat",
    "infirmier",
    "aide_soignant",
    "intervenant",
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("audience", ["equipe", "famille"])
def test_toute_l_equipe_lit_l_equipe_et_la_famille(role: str, audience: str) -> None:
    assert peut_lire(audience, role=role)


@pytest.mark.parametrize(
    ("role", "lit"),
    [
        ("idec", True),
        ("infirmier", True),
        ("aide_soignant", True),
        ("direction", False),
        ("responsable_secteur", False),
        ("secretariat", False),
        ("intervenant", False),
    ],
)
def test_les_soins_se_lisent_par_fonction_et_non_par_rang(role: str, lit: bool) -> None:
    assert peut_lire("soins", role=role) is lit


def test_l_auteur_relit_toujours_ce_qu_il_a_ecrit() -> None:
    assert peut_lire("soins", role="intervenant", est_auteur=True)


@pytest.mark.parametrize("role", ROLES)
def test_une_audience_inconnue_ne_s_ouvre_a_personne(role: str) -> None:
    assert not peut_lire("voisins", role=role)


def test_la_gravite_suit_l_observation() -> None:
    assert [gravite(o) for o in ("prevenir", "surveiller", "habitude", "")] == [0, 1, 2, 2]


def test_un_extrait_s_arrete_entre_deux_mots() -> None:
    assert extrait("Rougeur au talon droit, crème appliquée", 24) == "Rougeur au talon droit…"
    assert extrait("Bon  appétit.\n", 24) == "Bon appétit."


@given(st.text(max_size=400), st.integers(10, 200))
def test_un_extrait_ne_depasse_jamais(texte: str, longueur: int) -> None:
    assert len(extrait(texte, longueur)) <= longueur + 1


@pytest.mark.parametrize(
    ("brut", "propres"),
    [
        (["Repas : Tout mangé", "Repas : Tout mangé", " ", 3, None], ["Repas : Tout mangé"]),
        ("Repas", []),
        (None, []),
        (["x" * 200], ["x" * 80]),
        ([f"p{n}" for n in range(20)], [f"p{n}" for n in range(12)]),
    ],
)
def test_les_puces_d_un_telephone_se_nettoient(brut: object, propres: list[str]) -> None:
    assert puces_propres(brut) == propres

"""Must show 4: who may apply, what adds up, where the guide's tree leads. Each case says where it was read.

GUIDE is the DGCS guide of November 2023, PAGE the public Ségur page; DOUTE is a case no text settles: the ARS does.
"""

from datetime import date

import pytest

from tenants.projet.rules.arbre import Cadre, Fin, Question, Region, suivre
from tenants.projet.rules.cumul import Demande, Financement, Referencement, Sens, Verdict, juger
from tenants.projet.rules.eligibilite import Appel, Issue, Membre, Seuils, evaluer
from tenants.projet.rules.programmes import Famille, Objet, Programme, Statut

GUIDE, PAGE, DOUTE = "guide DGCS 11/2023", "page Ségur, questions fréquentes", "à confirmer"
SEUILS = Seuils(continent=15, iles=8, national=50, source=GUIDE)

SONS = Programme(
    "sons-v1", "SONS vague 1", Famille.SONS, frozenset({Objet.MISE_A_NIVEAU}), GUIDE, "",
    None, date(2024, 2, 28), date(2024, 12, 19),
)  # fmt: skip
SONS_2 = Programme("sons-v2", "SONS vague 2", Famille.SONS, frozenset({Objet.MISE_A_NIVEAU}), DOUTE)
ESMS = Programme(
    "esms-numerique", "ESMS numérique", Famille.ESMS_NUMERIQUE, frozenset({Objet.ACQUISITION, Objet.USAGES}), GUIDE, "",
    None, date(2025, 12, 31),
)  # fmt: skip
EUROPE = Programme(
    "feder", "FEDER", Famille.EUROPEEN, frozenset(), DOUTE, "", date(2023, 1, 1), date(2027, 12, 31)
)
CATEGORIES = {"209": True, "354": True, "460": True, "500": True, "101": False}


def membres(**par_region: int) -> list[Membre]:
    """``bretagne=14, corse=1``: that many ESMS in each; ``inconnue``: nobody knows where."""
    iles = {"corse", "reunion", "guadeloupe"}
    return [
        Membre(f"{region}-{n}", "" if region == "inconnue" else region, region in iles)
        for region, combien in par_region.items()
        for n in range(combien)
    ]


# (what, members, outcome, call, missing, source)
ELIGIBILITE = [
    ("aucun membre", {}, Issue.MANQUE, Appel.AUCUN, 15, GUIDE),
    ("un seul", {"bretagne": 1}, Issue.MANQUE, Appel.AUCUN, 14, GUIDE),
    ("14 sur le continent", {"bretagne": 14}, Issue.MANQUE, Appel.AUCUN, 1, GUIDE),
    ("15 sur le continent", {"bretagne": 15}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("16 sur le continent", {"bretagne": 16}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("8 sur le continent", {"bretagne": 8}, Issue.MANQUE, Appel.AUCUN, 7, GUIDE),
    ("7 en Corse", {"corse": 7}, Issue.MANQUE, Appel.AUCUN, 1, GUIDE),
    ("8 en Corse", {"corse": 8}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("7 à La Réunion", {"reunion": 7}, Issue.MANQUE, Appel.AUCUN, 1, GUIDE),
    ("8 à La Réunion", {"reunion": 8}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("4 en Corse et 4 outre-mer", {"corse": 4, "reunion": 4}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("7 en Corse, 1 sur le continent", {"corse": 7, "paca": 1}, Issue.A_ARBITRER, Appel.AUCUN, 7, DOUTE),
    ("13 sur le continent, 1 en Corse", {"paca": 13, "corse": 1}, Issue.A_ARBITRER, Appel.AUCUN, 1, DOUTE),
    ("14 sur le continent, 1 en Corse", {"paca": 14, "corse": 1}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("6 en Corse, 1 sur le continent", {"corse": 6, "paca": 1}, Issue.MANQUE, Appel.AUCUN, 8, GUIDE),
    ("9 dont un de région inconnue", {"bretagne": 8, "inconnue": 1}, Issue.A_ARBITRER, Appel.AUCUN, 6, DOUTE),
    ("8 de région inconnue", {"inconnue": 8}, Issue.A_ARBITRER, Appel.AUCUN, 7, DOUTE),
    ("49 dans deux régions", {"bretagne": 25, "normandie": 24}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("50 dans deux régions", {"bretagne": 25, "normandie": 25}, Issue.ELIGIBLE, Appel.NATIONAL, 0, GUIDE),
    ("49 + 1 dans une autre", {"bretagne": 49, "normandie": 1}, Issue.ELIGIBLE, Appel.NATIONAL, 0, GUIDE),
    ("50 dans une région", {"bretagne": 50}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
    ("50 dont un inconnu", {"bretagne": 49, "inconnue": 1}, Issue.A_ARBITRER, Appel.AUCUN, 0, DOUTE),
    ("51, deux régions, un inconnu", {"bretagne": 25, "normandie": 25, "inconnue": 1}, Issue.ELIGIBLE, Appel.NATIONAL, 0, GUIDE),
    ("15 dont un inconnu", {"bretagne": 14, "inconnue": 1}, Issue.ELIGIBLE, Appel.REGIONAL, 0, GUIDE),
]  # fmt: skip


@pytest.mark.parametrize(("quoi", "lus", "issue", "appel", "manque", "source"), ELIGIBILITE, ids=lambda v: v if isinstance(v, str) else "")  # fmt: skip
def test_l_eligibilite_de_chaque_cas(
    quoi: str, lus: dict[str, int], issue: Issue, appel: Appel, manque: int, source: str
) -> None:
    bilan = evaluer(membres(**lus), SEUILS)

    assert (bilan.issue, bilan.appel, bilan.manque) == (issue, appel, manque)
    assert bilan.textes
    if source == DOUTE:
        assert "rbitrer par l’ARS" in bilan.phrase
        assert any(t.a_confirmer for t in bilan.textes)


def test_un_esms_est_un_finess_geographique_ouvert() -> None:
    lus = membres(bretagne=14)

    assert evaluer([*lus, lus[0]], SEUILS).compte == 14
    assert evaluer([*lus, Membre("clos", "bretagne", iles=False, ouvert=False)], SEUILS).compte == 14
    assert evaluer([*lus, Membre("autre", "bretagne", iles=False)], SEUILS).issue == Issue.ELIGIBLE


@pytest.mark.parametrize(
    ("programme", "jour", "statut"),
    [
        (SONS, date(2024, 2, 28), Statut.OUVERT),
        (SONS, date(2024, 2, 29), Statut.INSTALLATION),
        (SONS, date(2024, 12, 19), Statut.INSTALLATION),
        (SONS, date(2024, 12, 20), Statut.CLOS),
        (ESMS, date(2025, 12, 31), Statut.OUVERT),
        (ESMS, date(2026, 1, 1), Statut.CLOS),
        (SONS_2, date(2026, 11, 22), Statut.A_CONFIRMER),
        (EUROPE, date(2022, 12, 31), Statut.A_VENIR),
        (EUROPE, date(2023, 1, 1), Statut.OUVERT),
    ],
)
def test_un_programme_ferme_le_lendemain_de_son_dernier_jour(
    programme: Programme, jour: date, statut: Statut
) -> None:
    assert programme.statut(jour) == statut


OUVERT_SONS, OUVERT_ESMS = date(2024, 2, 1), date(2025, 6, 1)
OUI, NON, ARS = Verdict.AUTORISE, Verdict.INTERDIT, Verdict.AVIS_ARS
MAN, ACQ, USA, FORM = Objet.MISE_A_NIVEAU, Objet.ACQUISITION, Objet.USAGES, Objet.FORMATION
F = Financement

# (what, programme, object, day, already there, decisions, verdict, source)
CUMULS = [
    ("SONS seul, à temps", SONS, MAN, OUVERT_SONS, [], [], OUI, GUIDE),
    ("SONS le dernier jour", SONS, MAN, date(2024, 2, 28), [], [], OUI, GUIDE),
    ("SONS le lendemain", SONS, MAN, date(2024, 2, 29), [], [], NON, GUIDE),
    ("SONS vague 2, sans date", SONS_2, MAN, date(2026, 11, 22), [], [], ARS, DOUTE),
    ("ESMS numérique le dernier jour", ESMS, ACQ, date(2025, 12, 31), [], [], OUI, GUIDE),
    ("ESMS numérique en 2026", ESMS, ACQ, date(2026, 1, 1), [], [], NON, GUIDE),
    ("SONS pour former seulement", SONS, FORM, OUVERT_SONS, [], [], NON, PAGE),
    ("SONS pour acquérir", SONS, ACQ, OUVERT_SONS, [], [], ARS, DOUTE),
    ("ESMS numérique pour une mise à niveau", ESMS, MAN, OUVERT_ESMS, [], [], ARS, DOUTE),
    ("usages après mise à niveau SONS v1", ESMS, USA, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1")], [], OUI, GUIDE),
    ("mise à niveau SONS v1 après usages", SONS, MAN, OUVERT_SONS, [F(Famille.ESMS_NUMERIQUE, USA, "esms-numerique")], [], OUI, GUIDE),
    ("usages après mise à niveau SONS v2", ESMS, USA, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v2")], [], ARS, DOUTE),
    ("usages après un SONS sans programme connu", ESMS, USA, OUVERT_ESMS, [F(Famille.SONS, MAN)], [], ARS, DOUTE),
    ("acquisition après mise à niveau SONS", ESMS, ACQ, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1")], [], ARS, GUIDE),
    ("mise à niveau SONS après acquisition", SONS, MAN, OUVERT_SONS, [F(Famille.ESMS_NUMERIQUE, ACQ)], [], ARS, GUIDE),
    ("acquisition après SONS, avis favorable", ESMS, ACQ, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1")], [Sens.FAVORABLE], OUI, GUIDE),
    ("acquisition après SONS, avis défavorable", ESMS, ACQ, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1")], [Sens.DEFAVORABLE], NON, GUIDE),
    ("ESMS numérique après FEDER", ESMS, ACQ, OUVERT_ESMS, [F(Famille.EUROPEEN, ACQ)], [], NON, GUIDE),
    ("SONS après FEDER", SONS, MAN, OUVERT_SONS, [F(Famille.EUROPEEN, "autre")], [], NON, GUIDE),
    ("FEDER après ESMS numérique", EUROPE, ACQ, OUVERT_ESMS, [F(Famille.ESMS_NUMERIQUE, ACQ)], [], NON, GUIDE),
    ("FEDER après FEDER", EUROPE, ACQ, OUVERT_ESMS, [F(Famille.EUROPEEN, ACQ)], [], ARS, DOUTE),
    ("FEDER, décision motivée de la direction", ESMS, ACQ, OUVERT_ESMS, [F(Famille.EUROPEEN, ACQ)], [Sens.DEROGATION], OUI, GUIDE),
    ("FEDER, avis de l’ARS à la place de la direction", ESMS, ACQ, OUVERT_ESMS, [F(Famille.EUROPEEN, ACQ)], [Sens.FAVORABLE], NON, GUIDE),
    ("cumul strict, dérogation de la direction", ESMS, ACQ, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1")], [Sens.DEROGATION], ARS, GUIDE),
    ("programme clos, avis favorable", ESMS, ACQ, date(2026, 1, 1), [], [Sens.FAVORABLE], NON, GUIDE),
    ("SONS après des crédits de l’ARS", SONS, MAN, OUVERT_SONS, [F(Famille.AUTRE, ACQ)], [], OUI, PAGE),
    ("ESMS numérique après des crédits de l’ARS", ESMS, ACQ, OUVERT_ESMS, [F(Famille.AUTRE, ACQ)], [], ARS, DOUTE),
    ("deux fois le même objet", ESMS, ACQ, OUVERT_ESMS, [F(Famille.ESMS_NUMERIQUE, ACQ)], [], ARS, GUIDE),
    ("acquisition puis usages, même programme", ESMS, USA, OUVERT_ESMS, [F(Famille.ESMS_NUMERIQUE, ACQ)], [], ARS, DOUTE),
    ("le pire l’emporte", ESMS, USA, OUVERT_ESMS, [F(Famille.SONS, MAN, "sons-v1"), F(Famille.EUROPEEN, USA)], [], NON, GUIDE),
]  # fmt: skip


@pytest.mark.parametrize(("quoi", "programme", "objet", "jour", "deja", "decisions", "attendu", "source"), CUMULS, ids=lambda v: v if isinstance(v, str) else "")  # fmt: skip
def test_le_cumul_de_chaque_cas(
    quoi: str, programme: Programme, objet: Objet, jour: date, deja: list[Financement], decisions: list[Sens],
    attendu: Verdict, source: str,
) -> None:  # fmt: skip
    demande = Demande(programme, objet, jour, categorie="209")
    verdict, avis = juger(demande, deja, categories=CATEGORIES, decisions=frozenset(decisions))

    assert verdict == attendu
    assert all(a.textes and a.phrase for a in avis)
    if source == DOUTE:
        assert any("À arbitrer par l’ARS" in a.phrase for a in avis)


@pytest.mark.parametrize(
    ("referencement", "categorie", "attendu", "dit"),
    [
        (Referencement.REFERENCE, "209", OUI, "Aucun autre financement"),
        (Referencement.CANDIDAT, "209", NON, "compatible avec le DMP ne suffit pas"),
        (Referencement.NON_CANDIDAT, "209", NON, "compatible avec le DMP ne suffit pas"),
        (Referencement.INCONNU, "209", ARS, "On ne sait pas"),
        (Referencement.REFERENCE, "101", NON, "pas ouvert à cette catégorie"),
        (Referencement.REFERENCE, "999", ARS, "À arbitrer par l’ARS"),
        (Referencement.REFERENCE, "", ARS, "À arbitrer par l’ARS"),
    ],
)
def test_sons_veut_une_solution_referencee_et_une_categorie_ouverte(
    referencement: Referencement, categorie: str, attendu: Verdict, dit: str
) -> None:
    demande = Demande(SONS, MAN, OUVERT_SONS, referencement, categorie)

    verdict, avis = juger(demande, [], categories=CATEGORIES)

    assert verdict == attendu
    assert any(dit in a.phrase for a in avis)


def test_esms_numerique_ne_regarde_pas_la_categorie_de_sons() -> None:
    assert juger(Demande(ESMS, ACQ, OUVERT_ESMS, categorie="101"), [], categories=CATEGORIES)[0] == OUI


# --- the tree ---------------------------------------------------------------------------------------------

REGIONS = [Region("53", "Bretagne", iles=False), Region("94", "Corse", iles=True), Region("04", "La Réunion", iles=True)]  # fmt: skip


def cadre(jour: date, *programmes: Programme) -> Cadre:
    return Cadre(jour, SEUILS, programmes or (SONS, SONS_2, ESMS), REGIONS)


def reponses(texte: str) -> dict[str, str]:
    return dict(mot.split("=") for mot in texte.split())


EN_2023, FIN_2025, EN_2026 = date(2023, 12, 1), date(2025, 12, 31), date(2026, 1, 1)

# (answers, day, end, is the day against it)
ARBRE = [
    ("equipe=oui referencement=reference region=53 nombre=3", EN_2023, "commander", False),
    ("equipe=oui referencement=reference region=53 nombre=3", date(2024, 2, 28), "commander", False),
    ("equipe=oui referencement=reference region=53 nombre=3", date(2024, 2, 29), "sons_ferme", True),
    ("equipe=oui referencement=reference region=53 nombre=16", EN_2026, "sons_ferme", True),
    ("equipe=oui referencement=candidat region=53", EN_2023, "preparer", False),
    ("equipe=oui referencement=inconnu region=53", EN_2023, "verifier", False),
    ("equipe=oui referencement=non_candidat region=53 nombre=14", EN_2023, "rattacher", False),
    ("equipe=oui referencement=non_candidat region=53 nombre=15", EN_2023, "regional", False),
    ("equipe=non region=53 nombre=14", EN_2023, "rattacher", False),
    ("equipe=non region=53 nombre=15", EN_2023, "regional", False),
    ("equipe=change region=53 nombre=15", EN_2023, "regional", False),
    ("equipe=non region=53 nombre=15", FIN_2025, "regional", False),
    ("equipe=non region=53 nombre=15", EN_2026, "regional", True),
    ("equipe=non region=94 nombre=7", EN_2023, "rattacher", False),
    ("equipe=non region=94 nombre=8", EN_2023, "regional", False),
    ("equipe=non region=04 nombre=8", EN_2023, "regional", False),
    ("equipe=non region=plusieurs territoire=toutes nombre=8", EN_2023, "regional", False),
    ("equipe=non region=plusieurs territoire=partie nombre=14", EN_2023, "arbitrer", False),
    ("equipe=non region=plusieurs territoire=partie nombre=15", EN_2023, "regional", False),
    ("equipe=non region=plusieurs territoire=aucune nombre=14", EN_2023, "rattacher", False),
    ("equipe=non region=plusieurs territoire=aucune nombre=49", EN_2023, "regional", False),
    ("equipe=non region=plusieurs territoire=aucune nombre=50", EN_2023, "national", False),
    ("equipe=non region=53 nombre=50", EN_2023, "regional", False),
]  # fmt: skip


@pytest.mark.parametrize(("dit", "jour", "fin", "contre"), ARBRE)
def test_l_arbre_du_guide_mene_ou_il_dit(dit: str, jour: date, fin: str, contre: bool) -> None:
    pas = suivre(reponses(dit), cadre(jour))

    assert isinstance(pas.suite, Fin)
    assert pas.suite.code == fin
    assert [q.code for q, _ in pas.chemin] == [mot.split("=")[0] for mot in dit.split()]
    assert bool(pas.suite.reserves) == contre
    assert pas.suite.textes
    assert pas.suite.contacts


@pytest.mark.parametrize(
    ("dit", "question"),
    [
        ("", "equipe"),
        ("equipe=peut-être", "equipe"),
        ("equipe=oui", "referencement"),
        ("equipe=non", "region"),
        ("equipe=non region=53", "nombre"),
        ("equipe=non region=75", "region"),
        ("equipe=non region=plusieurs", "territoire"),
        ("equipe=non region=53 nombre=0", "nombre"),
        ("equipe=non region=53 nombre=-3", "nombre"),
        ("equipe=non region=53 nombre=99999", "nombre"),
        ("equipe=non region=53 nombre=quinze", "nombre"),
        ("equipe=non region=53 nombre=²", "nombre"),
        ("equipe=non nombre=15", "region"),
    ],
)
def test_une_reponse_qui_manque_ou_ne_veut_rien_dire_est_redemandee(dit: str, question: str) -> None:
    pas = suivre(reponses(dit), cadre(EN_2023))

    assert isinstance(pas.suite, Question)
    assert pas.suite.code == question


def test_la_vague_deux_rouvre_la_commande_quand_ses_dates_sont_connues() -> None:
    datee = Programme("sons-v2", "SONS vague 2", Famille.SONS, frozenset({MAN}), DOUTE, "", date(2026, 6, 1), date(2027, 6, 30))  # fmt: skip
    dit = reponses("equipe=oui referencement=reference region=53 nombre=3")

    avant = suivre(dit, cadre(date(2026, 5, 31), SONS, datee, ESMS)).suite
    ouverte = suivre(dit, cadre(date(2026, 6, 1), SONS, datee, ESMS)).suite

    assert isinstance(avant, Fin)
    assert avant.code == "sons_ferme"
    assert "SONS vague 2 ouvre le 01/06/2026." in avant.reserves
    assert isinstance(ouverte, Fin)
    assert ouverte.code == "commander"


def test_la_table_compte_assez_de_cas() -> None:
    assert len(ELIGIBILITE) + len(CUMULS) + len(ARBRE) >= 40

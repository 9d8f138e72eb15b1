"""Files of violations: staged notification, persons, CERT Santé, closing; and the event of the platform told to several."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plateforme.core.clock import now
from plateforme.core.errors import Introuvable
from plateforme.habilitations.decision import HabilitationRefusee
from plateforme.notifications.models import Notification
from plateforme.reseau.models import CompteReseau
from plateforme.tenancy.courant import lier
from tenants.models import Organisme
from tenants.rgpd import queries
from tenants.rgpd.models import Violation
from tenants.rgpd.services import violations as services
from tenants.rgpd.services.commun import RgpdRefuse
from tests.rgpd.conftest import Gens
from tests.support.monde import Monde, compte

CONNUE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # 24 hours before the frozen morning


def ouvrir(gens: Gens, **champs: Any) -> Violation:
    return services.ouvrir(
        gens.dpd,
        **{
            "connue_a": CONNUE,
            "atteintes": ["confidentialite"],
            "circonstances": "Téléphone perdu",
            **champs,
        },
    )


def acte(gens: Gens, v: Violation, genre: str, *, heures: float = 24, texte: str = "") -> Any:
    return services.ajouter_une_ligne(
        gens.dpd, v.pk, genre=genre, le=CONNUE + timedelta(hours=heures), reference="R-1", texte=texte
    )


def lue(v: Violation) -> queries.ViolationLue:
    return queries.violation(queries.organisme_courant(), v.pk)


def test_l_horloge_part_de_la_connaissance(dans_alpha: Gens) -> None:
    v = ouvrir(dans_alpha)

    assert lue(v).horloge.heures_restantes == 48
    assert lue(v).horloge.phrase == "Il reste 48\u00a0h pour notifier la CNIL."


def test_une_connaissance_future_est_refusee(dans_alpha: Gens) -> None:
    with pytest.raises(RgpdRefuse) as refus:
        ouvrir(dans_alpha, connue_a=now() + timedelta(minutes=1))
    assert list(refus.value.champs) == ["connue_a"]


def test_la_notification_est_echelonnee_et_le_dossier_se_clot(dans_alpha: Gens) -> None:
    v = ouvrir(dans_alpha)
    with pytest.raises(RgpdRefuse, match="d’abord la notification initiale"):
        acte(dans_alpha, v, "cnil_complement")
    acte(dans_alpha, v, "cnil_initiale")
    with pytest.raises(RgpdRefuse, match="déjà enregistrée"):
        acte(dans_alpha, v, "cnil_initiale")
    acte(dans_alpha, v, "cnil_complement")
    acte(dans_alpha, v, "cert_sante")
    with pytest.raises(RgpdRefuse, match=r"Évaluez le risque.*Décrivez les mesures"):
        acte(dans_alpha, v, "cloture")
    services.completer(dans_alpha.direction, v.pk, risque="eleve", mesures="Effacement à distance")
    with pytest.raises(RgpdRefuse, match="informez les personnes"):
        acte(dans_alpha, v, "cloture")
    acte(dans_alpha, v, "personnes")

    acte(dans_alpha, v, "cloture")

    assert lue(v).violation.close_a == now()
    with pytest.raises(RgpdRefuse, match="clos"):
        acte(dans_alpha, v, "mesure")
    with pytest.raises(RgpdRefuse, match="clos"):
        services.completer(dans_alpha.dpd, v.pk, mesures="x")
    assert queries.violations(queries.organisme_courant(), ouvertes=True) == []


def test_ne_pas_notifier_se_motive_et_suppose_l_absence_de_risque(dans_alpha: Gens) -> None:
    v = ouvrir(dans_alpha)
    with pytest.raises(RgpdRefuse, match="aucun risque"):
        acte(dans_alpha, v, "non_notifiee", texte="Le téléphone était chiffré et il est revenu.")
    services.completer(dans_alpha.dpd, v.pk, risque="aucun")
    with pytest.raises(RgpdRefuse) as refus:
        acte(dans_alpha, v, "non_notifiee", texte="Rien.")
    assert list(refus.value.champs) == ["texte"]

    acte(dans_alpha, v, "non_notifiee", texte="Le téléphone était chiffré et il est revenu.")

    assert lue(v).horloge.ton == "ok"


def test_une_notification_tardive_dit_ses_motifs(dans_alpha: Gens) -> None:
    v = ouvrir(dans_alpha, connue_a=CONNUE - timedelta(hours=49))
    assert lue(v).horloge.en_retard
    with pytest.raises(RgpdRefuse) as refus:
        acte(dans_alpha, v, "cnil_initiale")
    assert list(refus.value.champs) == ["texte"]

    acte(dans_alpha, v, "cnil_initiale", texte="Le recensement des personnes a pris trois jours.")

    assert lue(v).horloge.phrase == "Notifiée à la CNIL hors délai."


@pytest.mark.parametrize("heures", [-1, 25])
def test_un_acte_est_entre_la_connaissance_et_maintenant(dans_alpha: Gens, heures: float) -> None:
    v = ouvrir(dans_alpha)
    with pytest.raises(RgpdRefuse) as refus:
        acte(dans_alpha, v, "mesure", heures=heures)
    assert list(refus.value.champs) == ["le"]


def test_la_connaissance_ne_se_deplace_pas(dans_alpha: Gens) -> None:
    from tenants.rgpd.web.forms import Faits

    assert "connue_a" not in Faits.base_fields  # type: ignore[attr-defined]


# --- the platform’s event ---------------------------------------------------------------------------------


def denis() -> Any:
    return CompteReseau.objects.get(identifiant="denis")


def signaler(organismes: list[Organisme]) -> Any:
    return services.signaler_aux_responsables(
        denis(), organismes, constate_a=now() - timedelta(hours=5), atteintes=["disponibilite"],
        circonstances="Une sauvegarde illisible", mesures="Restaurée",
    )  # fmt: skip


def test_un_evenement_fait_n_dossiers_separes(entites: Monde) -> None:
    organismes = list(Organisme.objects.filter(structures__slug__in=("alpha", "beta")))
    evenement = signaler(organismes)

    assert Violation.objects.count() == 2
    for contexte, autre in ((entites.a, "Entité voisine"), (entites.b, "220000020")):
        with lier(contexte):
            (dossier,) = queries.violations(queries.organisme_courant())
            assert dossier.horloge.heures_restantes == 72  # from when this responsable knows
            assert dossier.violation.rang == 1
            assert evenement.reference in dossier.violation.survenue
            dit = " ".join(str(v) for v in vars(dossier.violation).values())
            assert autre not in dit
            assert set(Notification.objects.values_list("compte__role", flat=True)) == {"direction", "dpd"}


def test_l_entite_qui_n_est_pas_touchee_ne_sait_rien(entites: Monde) -> None:
    signaler([Organisme.objects.get(structures__slug="alpha")])

    with lier(entites.b):
        assert queries.violations(queries.organisme_courant()) == []
        assert not Notification.objects.exists()


def test_le_dossier_d_une_entite_est_introuvable_pour_l_autre(entites: Monde) -> None:
    with lier(entites.a):
        v = ouvrir(Gens(compte("direction"), compte("delphine")))

    with lier(entites.b):
        voisine = Gens(compte("direction"), compte("delphine"))
        with pytest.raises(Introuvable):
            lue(v)
        with pytest.raises(Introuvable):
            services.completer(voisine.dpd, v.pk, mesures="x")
        with pytest.raises(Introuvable):
            acte(voisine, v, "mesure")


def test_seul_l_operateur_signale_et_il_choisit(entites: Monde) -> None:
    with pytest.raises(RgpdRefuse):
        signaler([])
    with pytest.raises(HabilitationRefusee):
        services.signaler_aux_responsables(
            CompteReseau.objects.get(identifiant="paule"), [], constate_a=now(), atteintes=[], circonstances="", mesures=""
        )  # fmt: skip

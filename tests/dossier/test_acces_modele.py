"""Who may read what, against a model written apart: thousands of situations drawn, page and model must agree."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.models import MembreEquipe, Opposition, Rattachement, Secteur, Usager
from dossier.queries import expliquer, usagers_en_sante, usagers_visibles
from plateforme.habilitations.models import BrisDeGlace
from plateforme.identity.models import Compte
from plateforme.tenancy.courant import Contexte
from tests.support.monde import compte
from tests.telegestion.fabrique import usager, visite

MATIN = datetime.fromisoformat("2026-11-24T07:00:00+01:00")
HEURES = timedelta(hours=1)
ROLES = ("direction", "responsable_secteur", "idec", "infirmier", "aide_soignant", "intervenant", "secretariat", "comptable_rh", "dpd")  # fmt: skip


@dataclass(frozen=True)
class Fait:
    """A dated link: from ``du`` to ``au`` hours around now, None for no end."""

    du: int
    au: int | None

    @property
    def court(self) -> bool:
        return self.du <= 0 and (self.au is None or self.au > 0)


@dataclass(frozen=True)
class Situation:
    role: str
    rattachement: Fait | None
    rattache_au_bon_secteur: bool
    equipe: Fait | None
    equipe_soins: bool
    opposition: Fait | None
    opposition_role: bool
    opposition_tout: bool
    visite: int | None  # hours between now and its start; it lasts one
    bris: Fait | None


faits = st.builds(
    Fait, st.integers(-50, 2), st.one_of(st.none(), st.integers(3, 60), st.integers(-49, 0))
).filter(lambda f: f.au is None or f.au > f.du)
situations = st.builds(
    Situation,
    role=st.sampled_from(ROLES),
    rattachement=st.none() | faits,
    rattache_au_bon_secteur=st.booleans(),
    equipe=st.none() | faits,
    equipe_soins=st.booleans(),
    opposition=st.none() | faits,
    opposition_role=st.booleans(),
    opposition_tout=st.booleans(),
    visite=st.none() | st.integers(-80, 30),
    bris=st.none() | faits.filter(lambda f: f.au is not None),
)


def modele(s: Situation) -> tuple[bool, bool]:
    """(dossier, health), by hand: the sentences of the field, no query."""
    de_l_equipe = s.equipe is not None and s.equipe.court
    lie = s.role in ("direction", "idec", "secretariat", "comptable_rh")
    if s.role == "responsable_secteur" and s.rattachement is not None and s.rattachement.court:
        lie = lie or s.rattache_au_bon_secteur
    if s.role in ("infirmier", "aide_soignant", "intervenant") and s.visite is not None:
        # Opens 24 h before the visit, closes 72 h after its end.
        lie = lie or (s.visite <= 24 and s.visite + 1 >= -72)
    lie = lie or de_l_equipe
    refuse = s.opposition is not None and s.opposition.court
    brise = (
        s.bris is not None
        and s.bris.court
        and s.role in ("idec", "infirmier", "aide_soignant", "responsable_secteur")
    )
    soigne = s.role in ("idec", "infirmier", "aide_soignant") and lie
    visible = (lie and not (refuse and s.opposition_tout)) or brise
    sante = ((soigne or (de_l_equipe and s.equipe_soins)) and not refuse) or brise
    return visible, sante


def _dresser(s: Situation) -> tuple[Compte, Usager]:
    bon, autre = Secteur.objects.create(nom="Bon"), Secteur.objects.create(nom="Autre")
    anne = usager("Riou", secteur=bon)
    qui = compte("awa")
    Compte.objects.filter(pk=qui.pk).update(role=s.role)
    qui.role = s.role

    def dates(fait: Fait) -> dict[str, Any]:
        return {"du": MATIN + fait.du * HEURES, "au": None if fait.au is None else MATIN + fait.au * HEURES}

    if s.rattachement is not None:
        secteur = bon if s.rattache_au_bon_secteur else autre
        Rattachement.objects.create(compte=qui, secteur=secteur, **dates(s.rattachement))
    if s.equipe is not None:
        MembreEquipe.objects.create(
            usager=anne, compte=qui, soins=s.equipe_soins, motif="x", **dates(s.equipe)
        )
    if s.opposition is not None:
        vise = {"role": s.role} if s.opposition_role else {"compte": qui}
        Opposition.objects.create(
            usager=anne, portee="tout" if s.opposition_tout else "sante", recueillie_par=qui, **vise, **dates(s.opposition)
        )  # fmt: skip
    if s.visite is not None:
        ligne = visite("awa", "10:00", "11:00", chez=anne)
        ligne.debut = MATIN + s.visite * HEURES
        ligne.fin = ligne.debut + HEURES
        ligne.save()
    if s.bris is not None:
        BrisDeGlace.objects.create(
            compte=qui, sujet_id=anne.pk, motif="appel", explication="x", revue_avant=MATIN + 90 * HEURES, **dates(s.bris)
        )  # fmt: skip
    return qui, anne


class _Annuler(Exception):
    pass


@pytest.mark.usefixtures("dans_a")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(s=situations)
def test_la_regle_et_son_modele_ne_se_contredisent_jamais(s: Situation) -> None:
    with time_machine.travel(MATIN, tick=False):
        try:
            with transaction.atomic():
                qui, anne = _dresser(s)
                visible = usagers_visibles(qui).filter(pk=anne.pk).exists()
                sante = usagers_en_sante(qui).filter(pk=anne.pk).exists()
                explication = expliquer(qui, anne.pk)
                raise _Annuler
        except _Annuler:
            pass

    assert (visible, sante) == modele(s)
    assert not (sante and not visible)
    assert explication is not None
    assert (explication.sante, bool(explication.manque)) == (sante, not visible)


def test_le_modele_distingue_bien_les_situations(dans_a: Contexte) -> None:
    """The model is not trivially true: near twins differ."""
    base = Situation("infirmier", None, False, None, False, None, False, False, 2, None)
    assert modele(base) == (True, True)
    for change, attendu in (
        ({"role": "intervenant"}, (True, False)),
        ({"visite": 25}, (False, False)),
        ({"visite": -74}, (False, False)),
        ({"opposition": Fait(-1, None)}, (True, False)),
        ({"opposition": Fait(-1, None), "opposition_tout": True}, (False, False)),
        ({"opposition": Fait(-5, -1), "opposition_tout": True}, (True, True)),
    ):
        assert modele(Situation(**{**base.__dict__, **change})) == attendu

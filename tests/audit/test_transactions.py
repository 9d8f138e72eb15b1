"""With real commits: the trace and what it tells of exist together or not at all."""

from datetime import date

import pytest
from django.db import transaction

from dossier.models import Usager
from plateforme.audit.models import Trace
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde

ANNE = {"civilite": "MME", "nom_naissance": "Riou", "prenoms": "Anne", "ne_le": date(1941, 5, 3), "accompagne_depuis": date(2024, 1, 8)}  # fmt: skip


def test_la_trace_et_le_changement_sont_dans_la_meme_transaction(base_a_part: str) -> None:
    monde = Monde.charger()
    with lier(monde.a):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Usager.objects.create(**ANNE)
            raise ZeroDivisionError
        assert Trace.objects.count() == 0

        with transaction.atomic():
            anne = Usager.objects.create(**ANNE)
            assert Trace.objects.count() == 0
        (trace,) = Trace.objects.all()
        assert (trace.nature, trace.sujets, trace.details) == ("C", [anne.pk], {"dossier.usager": 1})


def test_hors_transaction_le_changement_et_sa_trace_en_ouvrent_une(base_a_part: str) -> None:
    with lier(Monde.charger().a):
        anne = Usager.objects.create(**ANNE)
        anne.telephone = "0261910001"
        anne.save()

        assert [(t.nature, t.sujets) for t in Trace.objects.all()] == [("C", [anne.pk]), ("U", [anne.pk])]

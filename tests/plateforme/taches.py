"""Tasks of these tests."""

from typing import Any

from celery import shared_task
from django.db import connection

from plateforme.tasks.base import TacheDeReseau, TacheDeStructure
from plateforme.tenancy.courant import courant

VUS: list[Any] = []


def _ou_suis_je() -> tuple[str, str]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_schema(), current_user")
        schema, role = curseur.fetchone()
    return schema, role


@shared_task(base=TacheDeStructure, name="essai.de_structure")
def de_structure() -> None:
    contexte = courant()
    VUS.append((contexte.slug if contexte else None, *_ou_suis_je()))


@shared_task(base=TacheDeReseau, name="essai.de_reseau")
def de_reseau() -> None:
    VUS.append(_ou_suis_je()[0])


@shared_task(base=TacheDeStructure, name="essai.qui_tombe")
def qui_tombe() -> None:
    raise ZeroDivisionError


@shared_task(base=TacheDeStructure, name="essai.tetue", bind=True, max_retries=2)
def tetue(self: Any) -> None:
    contexte = courant()
    VUS.append((self.request.retries, contexte.slug if contexte else None))
    if self.request.retries < 2:
        raise self.retry(countdown=0, exc=ZeroDivisionError())

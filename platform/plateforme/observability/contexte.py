"""Who does what, for logs, journals and the outbox: one context variable, never personal data."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Trace:
    """``correlation`` follows one act from the browser to the last task; ``acteur_id`` is an account."""

    correlation: str = ""
    acteur_id: UUID | None = None


_trace: ContextVar[Trace] = ContextVar("treille_trace", default=Trace())  # noqa: B039 - frozen


def trace() -> Trace:
    return _trace.get()


def acteur_courant() -> UUID | None:
    return _trace.get().acteur_id


@contextmanager
def tracer(*, correlation: str | None = None, acteur_id: UUID | None = None) -> Iterator[Trace]:
    """Run the block under this correlation and actor; what is not given is inherited."""
    avant = _trace.get()
    apres = replace(
        avant, correlation=correlation or avant.correlation, acteur_id=acteur_id or avant.acteur_id
    )
    jeton = _trace.set(apres)
    try:
        yield apres
    finally:
        _trace.reset(jeton)

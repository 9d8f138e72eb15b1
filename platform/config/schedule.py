"""Every periodic task, in alphabetical order, with the reason of its pace."""

from typing import Any

PERIODIQUES: dict[str, dict[str, Any]] = {
    # Reminders are counted in days; twice a day, so that a morning without worker is caught up in the evening.
    "deploiement.rappeler": {"task": "deploiement.rappeler", "schedule": 43200.0},
    # Facts that change are told at once; this catches those that change with the calendar.
    "deploiement.relever": {"task": "deploiement.relever", "schedule": 900.0},
    # A revocation is known within the hour; lists are read again every six hours only.
    "mie.veiller": {"task": "mie.veiller", "schedule": 3600.0},
    # A truncation older than this is certain to be seen.
    "plateforme.audit.sceller": {"task": "plateforme.audit.sceller", "schedule": 3600.0},
    # Delivered messages and spent idempotency keys.
    "plateforme.outbox.purger": {"task": "plateforme.outbox.purger", "schedule": 86400.0},
    # A file is kept for days: one more is no harm.
    "reprise.effacer": {"task": "reprise.effacer", "schedule": 86400.0},
    # Who looks at the page of a run wakes it up; this is for the others.
    "reprise.relancer": {"task": "reprise.relancer", "schedule": 300.0},
    # A row of a session is kept a day after its end.
    "tenants.purger_les_sessions": {"task": "tenants.purger_les_sessions", "schedule": 86400.0},
    # Delays are counted in days; a message once a threshold.
    "tenants.rappeler_les_demandes": {"task": "tenants.rappeler_les_demandes", "schedule": 43200.0},
    # A work whose worker died waits at most this long.
    "tenants.relancer_les_travaux": {"task": "tenants.relancer_les_travaux", "schedule": 30.0},
    # The pool is used by openings, which stamp by themselves when it is dry.
    "tenants.remplir_la_reserve": {"task": "tenants.remplir_la_reserve", "schedule": 120.0},
    # A number is due every two years; a day late is no harm, and the directory is not hammered.
    "tenants.verifier_les_rpps": {"task": "tenants.verifier_les_rpps", "schedule": 86400.0},
}

"""Pages of the journal, on a structure's site."""

from django.urls import path

from plateforme.audit.web import journal

urlpatterns = [
    path("journal", journal.journal, name="journal"),
    path("journal/exporter", journal.exporter, name="journal_exporter"),
    path("journal/verifier", journal.verifier_la_chaine, name="journal_verifier"),
    path("journal/chiffres", journal.chiffres, name="journal_chiffres"),
]

"""Celery tasks that know for whom they work: no structure in the header, no run."""

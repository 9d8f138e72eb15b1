"""Database engine: django-tenants' backend, thinner and without its traps. See ``base``."""

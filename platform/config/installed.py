"""Which app lives in which schema, and why. An app is on one side or the other, never on both."""

# public: the directory of structures and the people who serve several of them. No usager, ever.
SHARED_APPS = [
    "tenants",  # before django_tenants: our ``migrate`` takes the place of its own
    "django_tenants",
    "django.contrib.contenttypes",  # required by auth's models, nothing of ours points to it
    "django.contrib.auth",  # hashers, login(), the parents mozilla-django-oidc imports
    "plateforme.reseau",
    "plateforme.chiffrement.reseau",  # keys of the network and of archives, register of destructions
    "tenants.deploiement",
    "tenants.projet",
    "tenants.rgpd",
    "billing.grappe",
]

# One schema per structure: everything a SAD owns and could leave with.
TENANT_APPS = [
    "plateforme.chiffrement",
    "plateforme.identity",
    "plateforme.audit",
    "plateforme.habilitations",
    "plateforme.outbox",
    "plateforme.storage",
    "plateforme.notifications",
    "plateforme.formation",
    "plateforme.demandes",
    "plateforme.terrain",
    "dossier",
    "telegestion",
    "liaison",
    "socles",
    "socles.mie",
    "dossier.reprise",
    "billing.usager",
]

# The read-only reference schema.
REF_APPS = ["plateforme.reference"]

# No table at all.
SANS_TABLE = [
    "plateforme.web",
    "plateforme.observability",
    "plateforme.tasks",
    "simple_history",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "ninja",
    "config.demo",
]

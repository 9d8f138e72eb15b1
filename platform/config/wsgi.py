"""WSGI entry point. ASGI stays off: schema state and async views do not mix."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import celery  # noqa: F401 - tasks sent from a request must know our broker

application = get_wsgi_application()

if settings.EXIGER_AU_DEMARRAGE:
    from plateforme.web.controles import exiger

    exiger()

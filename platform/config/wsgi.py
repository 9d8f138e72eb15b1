"""WSGI entry point. ASGI stays off: schema state and async views do not mix."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings first

from config import celery  # noqa: E402, F401 - tasks sent from a request must know our broker

application = get_wsgi_application()

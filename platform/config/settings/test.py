"""Tests: real PostgreSQL and Valkey started by the harness, cheap password hashing."""

from config.settings.base import *

SECRET_KEY = "test-" + "x" * 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
ALLOWED_HOSTS = ["*"]
SESSION_COOKIE_NAME = "treille_session"
CSRF_COOKIE_NAME = "treille_csrf"
SORTANT_LOCAL = True

"""Cache: Valkey or Redis. It may be flushed at any time without losing anything but speed."""

from config.settings import env

REDIS_URL = env.texte("REDIS_URL", "redis://127.0.0.1:6379/0", usage="cache et file de tâches", secrete=True)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "plateforme.tenancy.cache.cle_de_structure",
        "TIMEOUT": 300,
    }
}

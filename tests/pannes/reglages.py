"""The product as ``make run`` starts it, with a shorter lease: the test does not wait a minute for a lost message."""

from config.settings.dev import *  # noqa: F403

OUTBOX_BAIL_SECONDES = 4

"""`./run` and the tests: plain HTTP on localhost."""

from __future__ import annotations

from config.settings.base import *
from config.settings.base import env

DEBUG = env.bool("DEBUG", False)  # off, so that the demo answers as a practice would see it
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Cookies do not know ports: two copies on one computer would log each other out.
APP_PORT = env.int("APP_PORT", 8000)
SESSION_COOKIE_NAME = f"session_{APP_PORT}"
CSRF_COOKIE_NAME = f"csrf_{APP_PORT}"

WHITENOISE_USE_FINDERS = True  # straight from static/, nothing to collect
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

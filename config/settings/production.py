"""A practice: HTTPS, and every address and key given by the environment."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import (
    DATABASES,
    LOGGING,
    SECRET_KEY,
    SILENCED_SYSTEM_CHECKS,
    WRAPPING_KEY_FILE,
    env,
)

# base.py has defaults for tools. Here a forgotten variable stops the start.
for name in ("DATABASE_URL", "BEGIN_DATABASE_URL", "KEYS_DATABASE_URL", "TWEELUIK_KEYS_DIR"):
    env.str(name)
# And so does a forgotten file: without the one nothing can be read, without the other nobody can log in.
if not WRAPPING_KEY_FILE.exists():
    raise ImproperlyConfigured(f"De sleutel {WRAPPING_KEY_FILE} ontbreekt; zie docs/OPERATIONS.md.")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY ontbreekt of is te kort: ten minste 50 tekens, in secret.key of de omgeving."
    )

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# How many proxies of your own stand in front: only they are believed about HTTPS and the caller's address
# (config/proxies.py). Too many, and a caller chooses his own address.
PROXIES = env.int("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# What a request may take: a statement that waits longer is ended, and its request rolls back whole. A connection that
# cannot be made is given up before the proxy gives up on us.
for found in DATABASES.values():
    found.setdefault("OPTIONS", {})
    found["OPTIONS"].setdefault("connect_timeout", 5)
    found["OPTIONS"].setdefault(
        "options", "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    )

# The prefix makes browsers refuse the cookie over HTTP, from a subdomain, or for part of the site.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True

STATIC_ROOT = env.str("STATIC_ROOT")  # where collectstatic writes, and whitenoise reads
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# One JSON object per line, on standard error; a line per request.
LOGGING["handlers"]["console"]["form"] = "json"
LOGGING["loggers"]["tweeluik.request"]["level"] = "INFO"

# W002 asks for X-Frame-Options; frame-ancestors in the content security policy says the same.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W002"]

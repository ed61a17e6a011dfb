"""A practice: HTTPS, and every address and key given by the environment."""

from __future__ import annotations

from config.settings.base import *
from config.settings.base import SILENCED_SYSTEM_CHECKS, env

# base.py has defaults for tools. Here a forgotten variable stops the start.
for name in ("DATABASE_URL", "BEGIN_DATABASE_URL", "KEYS_DATABASE_URL", "TWEELUIK_KEYS_DIR"):
    env.str(name)

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# How many proxies of your own stand in front: only they are believed about HTTPS and the caller's address.
PROXIES = env.int("TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

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

# W002 asks for X-Frame-Options; frame-ancestors in the content security policy says the same.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W002"]

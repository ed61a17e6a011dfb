"""Settings that hold everywhere. local.py, production.py and owner.py each add what differs."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from environs import Env

from config import keyfiles

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Env()


def database(variable: str, login: str, name: str = "tweeluik") -> dict[str, Any]:
    """One login to one database. The default only lets tools read the settings; production demands more."""
    found = env.dj_db_url(
        variable, f"postgresql://{login}@/{name}", conn_max_age=None, conn_health_checks=True
    )
    return dict(found)


# -- Secrets ---------------------------------------------------------------------------------------

KEYS_DIR = Path(env.str("TWEELUIK_KEYS_DIR", str(BASE_DIR / ".data.keys")))
WRAPPING_KEY_FILE = keyfiles.demand_private(KEYS_DIR / keyfiles.WRAPPING_KEY)
LOG_KEY_FILE = keyfiles.demand_private(KEYS_DIR / keyfiles.LOG_KEY)
LOG_FORMER_KEYS_FILE = KEYS_DIR / "log.pub"  # public halves of the keys before this one, a line each
# Empty when there is neither: Django then refuses to sign anything.
SECRET_KEY = env.str("SECRET_KEY", "") or keyfiles.read(KEYS_DIR / keyfiles.SECRET_KEY)

# -- Databases -------------------------------------------------------------------------------------
# Four connections, three logins. None of these owns a table; config/roles.sql says what each login may.

DATABASES = {
    "default": database("DATABASE_URL", "tweeluik_app"),
    "begin": database("BEGIN_DATABASE_URL", "tweeluik_begin"),
    "keys": database("KEYS_DATABASE_URL", "tweeluik_keys", "tweeluik_keys"),
}
# The same login once more, for what must be written although the request's own transaction is rolled back.
DATABASES["second"] = deepcopy(DATABASES["default"])
DATABASE_ROUTERS = ["config.routers.OnlyDefaultMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Throttles. In the database, because a cache per process would give every process its own count.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

# -- Applications ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "simple_history",
    "csp",
    "directory.access",
    "directory.accounts",
    "directory.people",
    "directory.reference",
    "directory.professions",
    "delegation",
    "consent",
    "dossier",
    "dossier.agenda",
    "dossier.medical",
    "dossier.process",
]

# The capacity comes last: it wraps view and rendering in one transaction, and needs to know who is logged
# in. The session is read before it and saved after it, outside the hat.
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.logs.RequestMiddleware",
    "config.proxies.ProxyMiddleware",
    "config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "directory.accounts.middleware.SecondFactorMiddleware",
    "directory.access.middleware.CapacityMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
FORM_RENDERER = "config.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "directory.access.context_processors.capacity",
                "dossier.planning.menu.menu",
            ],
        },
    },
]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has any business with our files

# -- Language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# -- Accounts and sessions -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "directory.access.backend.GridBackend",
]
PASSWORD_HASHERS = ["directory.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "capacity_choose"
LOGOUT_REDIRECT_URL = "account_login"

SESSION_ENGINE = "directory.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would break the return from single sign-on
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# allauth ..........................................................................................
ACCOUNT_ADAPTER = "directory.accounts.adapters.AccountAdapter"  # nobody signs up: accounts come by invitation
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser, the session after eight hours
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "directory.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tweeluik"
MFA_TOTP_TOLERANCE = 1  # a code typed at the end of its half minute arrives in the next; RFC 6238 allows one
# end of allauth ...................................................................................

# -- Browsers --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
PROXIES = 0  # how many proxies of our own stand in front, see production.py
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not "no-referrer": browsers then send `Origin: null` with our own forms, and the CSRF check refuses them.
SECURE_REFERRER_POLICY = "same-origin"

# -- Libraries -------------------------------------------------------------------------------------

# guardian keeps the grants. Its own decisions know no ground and no time, so its backend stays out (W001).
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

SIMPLE_HISTORY_DATE_INDEX = "composite"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# -- Where the roots of the access log go: out of reach of whoever is master here (docs/SECURITY.md) ----------------

LOG_ANCHORS: list[dict[str, Any]] = []
if anchor_file := env.str("LOG_ANCHOR_FILE", ""):  # on another mount, best a store that only adds
    LOG_ANCHORS.append({"BACKEND": "directory.access.proof.anchors.File", "LOCATION": anchor_file})
if anchor_mail := env.list("LOG_ANCHOR_MAIL", []):  # addresses with commas between; once a day
    LOG_ANCHORS.append({"BACKEND": "directory.access.proof.anchors.Mail", "TO": anchor_mail})

# -- Writing ---------------------------------------------------------------------------------------
# No source names a number of days: what is not in the dossier is kept as short as possible (KNMG; NVAB kennisbank
# 2-8-2024), so a practice may choose shorter, and the database holds the longest (90 and 182).
DRAFT_DAYS = env.int("DRAFT_DAYS", 14)
WERKAANTEKENING_DAYS = env.int("WERKAANTEKENING_DAYS", 28)

# -- Log -------------------------------------------------------------------------------------------
# Paths hold opaque ids only and may be logged. Queries and the texts of exceptions hold values and may not.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"()": "config.logs.handler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.db.backends": {"level": "WARNING"},
        # One line per request, where a practice wants them: production.py turns it on.
        "tweeluik.request": {"level": "WARNING"},
    },
}

"""Settings common to every place; the only module that reads the environment."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.embedded.paths import POSTGRES, VALKEY, database_settings, signer_socket, valkey_url
from portal.lib.logs import logging_settings
from portal.settings.connections import sharing_connections
from portal.settings.environment import broker_url, flag, keys, networks, one_of, scanner_url, whole_number, words
from portal.settings.own_file import (  # noqa: F401
    YIJIAN_CASES_IN_MATTERS,
    YIJIAN_DISPUTE_DAYS,
    YIJIAN_DOSSIER_MARKS,
    YIJIAN_DOSSIER_PARTS,
    YIJIAN_DOSSIERS,
    YIJIAN_EXPORT_DAYS,
    YIJIAN_READ_SUBJECTS,
)
from portal.settings.platforms import identity_platform
from portal.settings.retention import YIJIAN_CASE_NUMBERED as YIJIAN_CASE_NUMBERED
from portal.settings.retention import YIJIAN_CLOSING_OBSTACLES as YIJIAN_CLOSING_OBSTACLES
from portal.settings.retention import YIJIAN_RETENTION as RETENTION
from portal.settings.retention import YIJIAN_RETENTION_CLASSES as YIJIAN_RETENTION_CLASSES
from portal.settings.retention import with_other_terms
from portal.settings.work import YIJIAN_CARDS_AT_ONCE as YIJIAN_CARDS_AT_ONCE
from portal.settings.work import YIJIAN_COMMITMENT_CHECK_DAYS as YIJIAN_COMMITMENT_CHECK_DAYS
from portal.settings.work import YIJIAN_DEEMED_AT_ONCE as YIJIAN_DEEMED_AT_ONCE
from portal.settings.work import YIJIAN_GATHERING_HOURS as GATHERING_HOURS
from portal.settings.work import YIJIAN_GATHERING_HOURS_OF as YIJIAN_GATHERING_HOURS_OF
from portal.settings.work import YIJIAN_OUTBOX_BATCH as YIJIAN_OUTBOX_BATCH
from portal.settings.work import YIJIAN_OUTBOX_HANDLERS as YIJIAN_OUTBOX_HANDLERS
from portal.settings.work import YIJIAN_OUTBOX_RECONCILERS as YIJIAN_OUTBOX_RECONCILERS
from portal.settings.work import YIJIAN_PROMISE_BAR_DAYS as YIJIAN_PROMISE_BAR_DAYS
from portal.settings.work import YIJIAN_PROMISE_CHECK_DAYS as YIJIAN_PROMISE_CHECK_DAYS
from portal.settings.work import YIJIAN_PROMISE_REMINDER_DAYS as YIJIAN_PROMISE_REMINDER_DAYS
from portal.settings.work import YIJIAN_SETTLING_HOURS as YIJIAN_SETTLING_HOURS
from portal.settings.work import YIJIAN_UNKEPT_AT_ONCE as YIJIAN_UNKEPT_AT_ONCE

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR", default="") or BASE_DIR / "var").resolve()

# Secrets: generated under var/keys in development, demanded in production (portal/settings/refusals.py).
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
YIJIAN_DATA_KEYS = keys(env.str("YIJIAN_DATA_KEYS", default=""))
YIJIAN_INDEX_KEY = env.str("YIJIAN_INDEX_KEY", default="")

# Each of the two servers is either given by its address or embedded (portal/embedded/), on its own.
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **(env.db_url_config(DATABASE_URL, engine="portal.database") if DATABASE_URL else database_settings(VAR_DIR)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A pooler in transaction mode: nothing of a connection may be relied upon from one transaction to the next.
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DATABASE_POOLED", default=False),
    },
}
# A server that does not even say yes or no is away: whoever asks is told within this time, in seconds (libpq's least).
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
REDIS_URL = env.str("REDIS_URL", default="") or valkey_url(VAR_DIR)
# How long departments' marks are gathered into one notice, in working hours.
YIJIAN_GATHERING_HOURS = env.int("YIJIAN_GATHERING_HOURS", default=GATHERING_HOURS)
YIJIAN_EMBEDDED_SERVERS = [
    *([] if DATABASE_URL else [POSTGRES]),
    *([] if env.str("REDIS_URL", default="") else [VALKEY]),
]

INSTALLED_APPS = [
    "matters.console_config.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "pgtrigger",
    "pghistory",
    "portal",
    "portal.front",
    "portal.accounts",
    "portal.retention",
    "portal.ledger",
    "portal.outbox",
    "portal.notices",
    "catalog",
    "portal.sharing",
    "certificates",
    "matters",
]

MIDDLEWARE = [
    "portal.lib.request_costs.RequestCosts",
    "portal.ledger.security.RecordMalformed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.lib.request_guard.RequestGuard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.lib.no_store.NoStore",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.lib.field_limits.FewFields",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.ledger.security.RecordRefused",
    "portal.accounts.last_account.LastAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.sessions.SessionLimits",
    "portal.accounts.second_factor.SecondFactor",
    "portal.accounts.organisations.principals.ActsFor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalog.publishing.recording.RecordWhoChanges",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.front.context.display",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.accounts.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
# Guessing passwords gets slower and slower, by account name and address (portal/lib/lockout.py).
AXES_VERBOSE = False
AXES_HANDLER = "portal.lib.lockout.GrowingLockout"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(days=1)  # how long failures are remembered
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who came in is a security event (portal/ledger), told once
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "portal.lib.lockout.account_name"
AXES_CLIENT_IP_CALLABLE = "portal.lib.lockout.counted_address"
AXES_LOCKOUT_CALLABLE = "portal.lib.lockout.locked_out"
# The second factor of staff (portal/accounts/second_factor.py). Nobody signs up, gets mail or logs in on allauth's own pages.
YIJIAN_SECOND_FACTOR = True
ACCOUNT_ADAPTER = "portal.accounts.allauth_adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_LOGIN_TIMEOUT = 10 * 60  # from the password to the second factor
MFA_ADAPTER = "portal.accounts.allauth_adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "add_webauthn": "portal.accounts.passkey_forms.AddPasskey",
    "authenticate_webauthn": "portal.accounts.passkey_forms.ShowPasskey",
    "reauthenticate_webauthn": "portal.accounts.passkey_forms.ShowPasskeyAgain",
}
# The provincial platform that vouches for who somebody is (portal/accounts/identity/); without an address nobody is sent there.
YIJIAN_IDENTITY_PLATFORM = identity_platform(
    url=env.str("IDENTITY_PLATFORM_URL", default=""),
    client_id=env.str("IDENTITY_PLATFORM_CLIENT_ID", default=""),
    client_secret=env.str("IDENTITY_PLATFORM_CLIENT_SECRET", default=""),
    claims=env.str("IDENTITY_PLATFORM_CLAIMS", default=""),
    scopes=env.str("IDENTITY_PLATFORM_SCOPES", default=""),
)
# Ways to prove who one is without a window (level 1): classes of ``portal.accounts.identity.ways.Way``, in the order they are offered.
YIJIAN_IDENTITY_WAYS = ["portal.accounts.identity.platform.PlatformWay", "portal.sharing.phone_way.PhoneWay"]
# Who sends short messages: a class like ``portal.notices.texting.TextGateway``; without one no code is sent to anybody.
YIJIAN_TEXT_GATEWAY = env.str("TEXT_GATEWAY", default="")
# What all processes count together, in Valkey beside the broker under a prefix of its own (portal/lib/shared_cache.py).
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "portal.lib.shared_cache.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "yijian-cache",
        "OPTIONS": {
            "serializer": "portal.lib.shared_cache.JsonSerializer",
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
        },
    },
    # Parts of pages that are the same for everybody who reads them in one language (templates: {% cache %}), in each process: what a
    # part follows from is in its name, so that a publication makes a new one.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template fragments",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}
YIJIAN_TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", env.str("TRUSTED_PROXIES", default="0"))
YIJIAN_PROXY_NETWORKS = networks("PROXY_NETWORKS", env.str("PROXY_NETWORKS", default=""))  # empty: any peer
CSRF_FAILURE_VIEW = "portal.accounts.views.csrf_failure"
PASSWORD_HASHERS = [
    "portal.accounts.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "portal.accounts.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # a one-time link (portal/accounts/one_time_links.py)
LOGOUT_REDIRECT_URL = "home"
# Where people arrive after logging in, and what lies in their dossier: each floor adds what it knows.
YIJIAN_LOGIN_REDIRECTS = ["matters.login_redirects.review_desk", "portal.accounts.login_redirects.console"]
YIJIAN_TRANSLATE = "catalog.wording.translating.translate"  # a name of the catalog, into the reader's language
YIJIAN_FORM_PREVIEW = "matters.form_page.filling.empty_form"  # of a plan, for what nobody has published yet
YIJIAN_ORGANISATION_MATTERS = "catalog.browse.cards.organisation_matters"  # what an organisation may let a handler do
YIJIAN_MANDATE_MATTERS = "catalog.browse.cards.mandate_matters"  # what a person may let an agent do

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"  # never served: files leave through permission views only

# Pages that no cache may keep whoever asks (portal.lib.no_store): whole namespaces, and single pages of others.
YIJIAN_PERSONAL_PAGES = {
    *("accounts", "retention", "admin", "certificates", "matters", "sharing"),
    *("phone_code", "demo_phone"),
    *("catalog:basket", "catalog:add_to_basket", "catalog:apply_for_basket"),
    *("catalog:matter_mistake", "catalog:item_mistake"),
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "portal.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
# A session ends so long after its login, whatever happens in it; and after so long without a request (portal/accounts/sessions.py).
YIJIAN_SESSION_SECONDS = SESSION_COOKIE_AGE
YIJIAN_IDLE_SECONDS = 30 * 60

# What may be handed in (bytes), and how much a request may carry.
YIJIAN_UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000  # a definition with all its parts; elsewhere portal.lib.field_limits allows less
FILE_UPLOAD_HANDLERS = [
    "matters.files.upload_handler.LimitingUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What is handed in is decoded by limited processes (portal/sandbox): so many at once on this host, by default one a core; of the threads of
# one web process so many may wait for them (and two more for a moment), which must be fewer than it has.
YIJIAN_SANDBOX_DIR = VAR_DIR / "sandbox"
YIJIAN_FILES_AT_ONCE = whole_number("FILES_AT_ONCE", env.str("FILES_AT_ONCE", default="0"))
YIJIAN_SANDBOX_PLACES = YIJIAN_FILES_AT_ONCE if YIJIAN_FILES_AT_ONCE > 0 else max(2, os.cpu_count() or 2)
YIJIAN_SANDBOX_WARM = ["matters.files.pictures", "matters.files.pdf"]  # loaded before the first file comes
YIJIAN_SANDBOX_WAITING = env.int("FILES_WAITING", default=5)
# Times what one person and one address may upload, begin, save and submit in a minute (portal/lib/braking.py).
YIJIAN_LIMITS_FACTOR = whole_number("LIMITS_FACTOR", env.str("LIMITS_FACTOR", default="1"))
# A virus scanner, where there is one: tcp://clamav:3310 or unix:///run/clamav/clamd.ctl. While it does not answer, what is handed in waits
# unopened (待查毒), unless CLAMAV_FAIL_CLOSED is False.
YIJIAN_CLAMAV_URL = scanner_url(env.str("CLAMAV_URL", default=""))
YIJIAN_CLAMAV_FAIL_CLOSED = flag("CLAMAV_FAIL_CLOSED", env.str("CLAMAV_FAIL_CLOSED", default="True"))

# What an account gives back when it is switched off or its membership ends: each floor releases what can be held there.
YIJIAN_RELEASES = ["matters.reviewing.holding.release_claims_of", "matters.drafts.leaving.release_drafts_of"]

# What each floor does when an account with cases of its own is proved to belong to a person who is known already.
YIJIAN_PERSON_MERGERS = ["matters.drafts.merging.move_cases"]

# How a data source is asked, by the name that its row gives: classes of ``portal.sharing.core.inquiry.Adapter``.
YIJIAN_SHARING_ADAPTERS = {
    "http_json": "portal.sharing.adapters.http_json.HttpJson",
    "file_drop": "portal.sharing.adapters.file_drop.FileDrop",
}
# How long a person's consent to have a source asked for one application lasts, unless they withdraw it.
YIJIAN_SHARING_CONSENT_DAYS = 180
# Where they are and how we prove who asks, by the name that a source's address gives: JSON, or the path of a file of it.
YIJIAN_SHARING_CONNECTIONS = sharing_connections(env.str("SHARING_CONNECTIONS", default=""))

# How long each class of rows is kept (portal/settings/retention.py); a deployment may set other days: papers=7300,drafts=90.
YIJIAN_RETENTION = with_other_terms(RETENTION, env.str("RETENTION_DAYS", default=""))

# What publishing means for open cases: asked by the catalog, answered by the floor that keeps them.
YIJIAN_EFFECTS_OF_PUBLISHING = "matters.drafts.effects_of_publishing.of_publishing"

# Celery only wakes workers up (portal/celery.py): nothing is kept in the broker that the database does not know better.
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "yijian:", "visibility_timeout": 120}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Less than the visibility timeout, more than the longest drain: its budget and one lease.
CELERY_TASK_TIME_LIMIT = 60
# Celery would close the database connection around every task.
CELERY_DB_REUSE_MAX = 1000
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "portal.outbox.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "reconcile": {"task": "portal.outbox.tasks.reconcile", "schedule": 60.0, "options": {"expires": 60}},
}

# Electronic certificates: the address printed on them, the fonts for rare characters, and who seals them.
YIJIAN_PUBLIC_URL = (
    env.str("PUBLIC_URL", default="") or f"http://127.0.0.1:{env.str('PORT', default='') or '8000'}"
).rstrip("/")
YIJIAN_FONT_DIR = Path(env.str("FONT_DIR", default=str(VAR_DIR / "fonts")))
YIJIAN_SEAL_PROVIDER = env.str("SEAL_PROVIDER", default="certificates.seal.signer_client.SignerSealProvider")
YIJIAN_SEAL_KEY_FILE = env.str("SEAL_KEY_FILE", default="")
YIJIAN_SEAL_CERTIFICATE_FILE = env.str("SEAL_CERTIFICATE_FILE", default="")
YIJIAN_SEAL_CHAIN_FILE = env.str("SEAL_CHAIN_FILE", default="")  # roots and intermediates, PEM; verify-only ones too
# The one process that can read the seal's key listens here, and asks this about each decision before it signs.
YIJIAN_SIGNER_SOCKET = env.str("SIGNER_SOCKET", default="") or signer_socket(VAR_DIR)
YIJIAN_SIGNER_CLIENTS = [int(uid) for uid in words(env.str("SIGNER_CLIENTS", default=""))]
YIJIAN_DEVELOPMENT_SEAL_DIR = Path(env.str("DEVELOPMENT_SEAL_DIR", default="") or VAR_DIR / "pki")
YIJIAN_APPROVALS = "matters.reviewing.approvals.departments_that_approved"
YIJIAN_SEALABLE = "matters.reviewing.approvals.why_not_sealed"
YIJIAN_ALLOW_DEVELOPMENT_CA = flag("ALLOW_DEVELOPMENT_CA", env.str("ALLOW_DEVELOPMENT_CA", default=""))
# The demo town has a public password.
YIJIAN_DEMO = flag("YIJIAN_DEMO", env.str("YIJIAN_DEMO", default=""))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": ["catalog.api.requests.StrictJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "catalog.api.requests.refusal",
}

# Readable lines for people, JSON for machines; identity and phone numbers are masked in both.
LOGGING = logging_settings(
    form=one_of("LOG_FORM", env.str("LOG_FORM", default="plain"), ("plain", "json")),
    level=one_of("LOG_LEVEL", env.str("LOG_LEVEL", default="INFO"), ("DEBUG", "INFO", "WARNING", "ERROR")),
)
# What each request cost, as a log line; as a header for whoever develops (never in production: times tell what exists).
YIJIAN_REQUEST_LOG = flag("REQUEST_LOG", env.str("REQUEST_LOG", default="False"))
YIJIAN_SERVER_TIMING = False
SQL_LOG = flag("SQL_LOG", env.str("SQL_LOG", default=""))
if SQL_LOG:
    LOGGING["loggers"]["django.db.backends"] = {"level": "DEBUG"}

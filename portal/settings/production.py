"""A real deployment: servers and secrets from the environment, HTTPS only, behind a proxy; refuses to start when weak."""

from portal.lib.logs import logging_settings
from portal.lib.private_files import PRIVATE_STORAGE
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    DATABASE_URL,
    SECRET_KEY,
    YIJIAN_ALLOW_DEVELOPMENT_CA,
    YIJIAN_DATA_KEYS,
    YIJIAN_DEMO,
    YIJIAN_FILES_AT_ONCE,
    YIJIAN_IDENTITY_PLATFORM,
    YIJIAN_INDEX_KEY,
    YIJIAN_LIMITS_FACTOR,
    YIJIAN_PROXY_NETWORKS,
    YIJIAN_PUBLIC_URL,
    YIJIAN_SEAL_CERTIFICATE_FILE,
    YIJIAN_SEAL_PROVIDER,
    YIJIAN_SHARING_CONNECTIONS,
    YIJIAN_TEXT_GATEWAY,
    YIJIAN_TRUSTED_PROXIES,
    env,
)
from portal.settings.environment import flag, one_of, words
from portal.settings.refusals import SIGNER, reasons_not_to_start, refuse

DEBUG = False
YIJIAN_REQUEST_LOG = flag("REQUEST_LOG", env.str("REQUEST_LOG", default="True"))
ALLOWED_HOSTS = words(env.str("ALLOWED_HOSTS", default=""))
CSRF_TRUSTED_ORIGINS = words(env.str("CSRF_TRUSTED_ORIGINS", default="")) or [
    f"https://{host.removeprefix('.')}" if not host.startswith(".") else f"https://*{host}" for host in ALLOWED_HOSTS
]

refuse(
    reasons_not_to_start(
        secret_key=SECRET_KEY,
        debug=flag("DEBUG", env.str("DEBUG", default="")),
        allowed_hosts=ALLOWED_HOSTS,
        data_keys=YIJIAN_DATA_KEYS,
        index_key=YIJIAN_INDEX_KEY,
        database_url=DATABASE_URL,
        redis_url=env.str("REDIS_URL", default=""),
        public_url=YIJIAN_PUBLIC_URL if env.str("PUBLIC_URL", default="") else "",
        has_seal=YIJIAN_ALLOW_DEVELOPMENT_CA or bool(YIJIAN_SEAL_CERTIFICATE_FILE) or YIJIAN_SEAL_PROVIDER != SIGNER,
        seal_provider=YIJIAN_SEAL_PROVIDER,
        trusted_origins=CSRF_TRUSTED_ORIGINS,
        trusted_proxies=YIJIAN_TRUSTED_PROXIES,
        proxy_networks=YIJIAN_PROXY_NETWORKS,
        limits_factor=YIJIAN_LIMITS_FACTOR,
        files_at_once=YIJIAN_FILES_AT_ONCE,
        sharing_connections=YIJIAN_SHARING_CONNECTIONS,
        platform=YIJIAN_IDENTITY_PLATFORM,
        text_gateway=YIJIAN_TEXT_GATEWAY,
        demo=YIJIAN_DEMO,
    )
)

# The proxy ends TLS and sets this header itself; it must not pass on a client's own.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # asked by the machinery inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

# Names with a hash of the content, compressed once (manage.py collectstatic, at the image's build).
STORAGES = {
    "default": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = logging_settings(
    form=one_of("LOG_FORM", env.str("LOG_FORM", default="json"), ("plain", "json")),
    level=one_of("LOG_LEVEL", env.str("LOG_LEVEL", default="INFO"), ("DEBUG", "INFO", "WARNING", "ERROR")),
)

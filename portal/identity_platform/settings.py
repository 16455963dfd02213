"""Settings of the sandbox platform: a site of its own, as small as it can be."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.lib.private_files import make_private_folder


def settings_of(folder: Path, issuer: str) -> dict[str, Any]:
    """Return the settings of a platform that keeps its file and its keys in `folder` and calls itself `issuer`."""
    make_private_folder(folder)
    return {
        "SECRET_KEY": _kept(folder / "secret", lambda: secrets.token_urlsafe(50)),
        "IDP_OIDC_PRIVATE_KEY": _kept(folder / "signing.pem", _signing_key),
        "IDP_OIDC_ADAPTER": "portal.identity_platform.adapter.PlatformAdapter",
        "PLATFORM_ISSUER": issuer,
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": "portal.identity_platform.urls",
        "LOGIN_URL": "account_login",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
            "portal.identity_platform",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "platform.sqlite3"),
                "OPTIONS": {"timeout": 10},
            }
        },
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        # The one password is published, and the client's secret is as long as any hash: hashing slowly would guard nothing. Data folders of
        # before hold the slow kind.
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.MD5PasswordHasher",
            "django.contrib.auth.hashers.Argon2PasswordHasher",
        ],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        # Both sites are on one host, and a host's cookies know no ports.
        "SESSION_COOKIE_NAME": "platform_session",
        "CSRF_COOKIE_NAME": "platform_csrf",
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_AGE": 10 * 60,
        "LANGUAGE_CODE": "zh-hans",
        "TIME_ZONE": "Asia/Shanghai",
        "USE_TZ": True,
    }


def _signing_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _kept(file: Path, make: Any) -> str:
    """Return what a file holds; the first time it is made, readable by its owner alone."""
    if not file.exists():
        text = make()
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
            written.write(text)
    return file.read_text(encoding="utf-8")

"""Tests: quick hashing, plain static files, strict templates."""

from typing import Any

from portal.settings.base import *  # noqa: F403
from portal.settings.base import TEMPLATES
from portal.settings.dev import DATABASES, REDIS_URL  # noqa: F401

DEBUG = False
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["*"]
YIJIAN_ALLOW_DEVELOPMENT_CA = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
YIJIAN_DATA_KEYS = {"tests": "dGhlIGRhdGEga2V5IHRoYXQgb25seSB0ZXN0cyB1c2U="}
YIJIAN_INDEX_KEY = "dGhlIGluZGV4IGtleSB0aGF0IG9ubHkgdGVzdHMgdXM="
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class _Undefined(str):
    """Makes a template variable that does not exist fail the test that renders it."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: Any) -> str:
        raise NameError(f"undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _Undefined("%s")

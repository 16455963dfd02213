"""Settings of the measurements: as a site runs, on a database of their own."""

import os

from portal.lib.private_files import PRIVATE_STORAGE
from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES, TEMPLATES, VAR_DIR

if "YIJIAN_BENCH_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["YIJIAN_BENCH_DATABASE"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
STORAGES = {
    "default": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
ROOT_URLCONF = "tests.bench.urls"
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"handlers": [], "level": "ERROR"}}

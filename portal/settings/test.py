"""Tests: servers and files of their own, quick hashing, plain static files, strict templates."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.embedded.paths import EmbeddedPaths


def _remove_if_unused(var: Path) -> None:
    if not EmbeddedPaths(var).supervisor_socket.exists():
        shutil.rmtree(var, ignore_errors=True)


# A folder for this run alone; workers inherit its name. The supervisor of its servers removes it.
if "YIJIAN_TEST_RUN" not in os.environ:
    _var = Path(tempfile.mkdtemp(prefix="yijian-tests-"))
    _var.chmod(0o711)
    (_var / "embedded").mkdir()
    (_var / "embedded" / "temporary").touch()
    os.environ["YIJIAN_TEST_RUN"] = os.environ["VAR"] = str(_var)
    atexit.register(_remove_if_unused, _var)

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import BASE_DIR, TEMPLATES, VAR_DIR  # noqa: E402
from portal.settings.strict_templates import UndefinedVariableFails  # noqa: E402

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
YIJIAN_ALLOW_DEVELOPMENT_CA = True
YIJIAN_DEMO = True
YIJIAN_SECOND_FACTOR = False  # its own tests turn it on
CACHES = {"default": {"BACKEND": "portal.lib.shared_cache.OwnCache"}}
# Rows that a test has not committed can be seen by no other process; the signer has tests of its own.
YIJIAN_SEAL_PROVIDER = "certificates.seal.signing.FileSealProvider"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
YIJIAN_DATA_KEYS = {"tests": "dGhlIGRhdGEga2V5IHRoYXQgb25seSB0ZXN0cyB1c2U="}
YIJIAN_INDEX_KEY = "dGhlIGluZGV4IGtleSB0aGF0IG9ubHkgdGVzdHMgdXM="
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
YIJIAN_LIMITS_FACTOR = 1000  # their own tests set it to 1
# Tests that run at the same time do not wait for each other.
YIJIAN_SANDBOX_DIR = VAR_DIR / f"sandbox-{os.environ.get('PYTEST_XDIST_WORKER', '')}"
YIJIAN_GATHERING_HOURS = 0  # what is found is told at once; its own tests gather
WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests
WHITENOISE_USE_FINDERS = True

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariableFails(
    BASE_DIR / "templates",
    *(BASE_DIR / app for app in ("portal", "catalog", "certificates", "matters")),
)

"""A newcomer's machine: embedded servers, generated keys under var/, pages as visitors will see them.

Errors are shown in full under `manage.py runserver`, or with DEBUG=True.
"""

import sys

from portal.lib.private_files import PRIVATE_STORAGE
from portal.settings.base import *  # noqa: F403
from portal.settings.base import SECRET_KEY, VAR_DIR, YIJIAN_DATA_KEYS, YIJIAN_INDEX_KEY, YIJIAN_TEXT_GATEWAY, env
from portal.settings.environment import flag, whole_number
from portal.settings.keys import development_keys

DEBUG = flag("DEBUG", env.str("DEBUG", default=str("runserver" in sys.argv)))
YIJIAN_SERVER_TIMING = DEBUG
ALLOWED_HOSTS = ["*"]
YIJIAN_ALLOW_DEVELOPMENT_CA = flag("ALLOW_DEVELOPMENT_CA", env.str("ALLOW_DEVELOPMENT_CA", default="True"))
YIJIAN_DEMO = flag("YIJIAN_DEMO", env.str("YIJIAN_DEMO", default="True"))
# Nobody's telephone rings: what would be sent is shown on a page.
YIJIAN_TEXT_GATEWAY = YIJIAN_TEXT_GATEWAY or ("portal.notices.texting.DemoGateway" if YIJIAN_DEMO else "")
# The passwords of the demo town are public: a second factor is asked for on request (make run SECOND_FACTOR=True).
YIJIAN_SECOND_FACTOR = flag("SECOND_FACTOR", env.str("SECOND_FACTOR", default="False"))
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost

if not (SECRET_KEY and YIJIAN_DATA_KEYS and YIJIAN_INDEX_KEY):
    _kept = development_keys(VAR_DIR)
    SECRET_KEY = SECRET_KEY or _kept["secret"]
    YIJIAN_DATA_KEYS = YIJIAN_DATA_KEYS or _kept["data"]
    YIJIAN_INDEX_KEY = YIJIAN_INDEX_KEY or _kept["index"]

# The demo town has few people for many visitors.
YIJIAN_LIMITS_FACTOR = whole_number("LIMITS_FACTOR", env.str("LIMITS_FACTOR", default="10"))

# Static files straight from where they are written: nothing to collect, a change shows at the next reload.
STORAGES = {
    "default": PRIVATE_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

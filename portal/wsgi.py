"""What a web server calls. The embedded servers, where used, are kept running for as long as the process lives."""

from __future__ import annotations

import os

from portal.lib.private_files import write_privately_from_now_on
from portal.lib.wsgi_requests import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

write_privately_from_now_on()
application = serving()

from portal.database.limits import limit_web_connections  # noqa: E402  after the settings
from portal.embedded import keep_running  # noqa: E402  after the settings, which say which

limit_web_connections()
keep_running()

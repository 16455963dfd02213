"""What a web server calls. The embedded servers, where used, are kept running for as long as the process lives."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from portal.lib.private_files import write_privately_from_now_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

write_privately_from_now_on()
application = get_wsgi_application()

from portal.embedded import keep_running  # noqa: E402  after the settings, which say which

keep_running()

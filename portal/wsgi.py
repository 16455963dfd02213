"""What a web server calls. The embedded servers, where used, are kept running for as long as the process lives."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

application = get_wsgi_application()

from portal.embedded import keep_running  # noqa: E402  after the settings, which say which

keep_running()

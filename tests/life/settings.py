"""A newcomer's site, and beside it what a measurement reads: the cost of each answer, and a page that costs nothing."""

from portal.settings.dev import *  # noqa: F403
from portal.settings.dev import YIJIAN_LIMITS_FACTOR

YIJIAN_SERVER_TIMING = True
YIJIAN_LIMITS_FACTOR = YIJIAN_LIMITS_FACTOR * 1000  # two clients do in a minute what a town does in a day
ROOT_URLCONF = "tests.life.urls"

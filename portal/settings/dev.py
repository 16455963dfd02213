"""A newcomer's machine: embedded servers, generated keys under var/."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="development-only")
ALLOWED_HOSTS = ["*"]
YIJIAN_ALLOW_DEVELOPMENT_CA = env.bool("ALLOW_DEVELOPMENT_CA", default=True)
DATABASES = {"default": env.db_url("DATABASE_URL")}
REDIS_URL = env.str("REDIS_URL", default="")

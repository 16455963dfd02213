"""Settings of worker processes that tests start: the running test's database, its broker, its work."""

import json
import os

from portal.lib.private_files import PRIVATE_STORAGE
from portal.settings.environment import broker_url
from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES, STORAGES, YIJIAN_OUTBOX_HANDLERS

DATABASES["default"]["NAME"] = os.environ["YIJIAN_TEST_DATABASE"]
REDIS_URL = os.environ["YIJIAN_TEST_BROKER"]
CELERY_BROKER_URL = broker_url(REDIS_URL)
YIJIAN_OUTBOX_HANDLERS = json.loads(os.environ.get("YIJIAN_TEST_HANDLERS", "null")) or YIJIAN_OUTBOX_HANDLERS
# A process of its own sees what is committed: there the seal is the signer's, and files lie on the disk.
if "YIJIAN_TEST_SIGNER" in os.environ:
    YIJIAN_SIGNER_SOCKET = os.environ["YIJIAN_TEST_SIGNER"]
    YIJIAN_SEAL_PROVIDER = "certificates.seal.signer_client.SignerSealProvider"
    STORAGES = {**STORAGES, "default": PRIVATE_STORAGE}

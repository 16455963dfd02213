"""The provincial identity platform as a way of proving who one is."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.accounts.identity.ways import Way
from portal.accounts.models import IdentityCheck


class PlatformWay(Way):
    method = IdentityCheck.Method.PLATFORM
    name = _("省统一身份认证平台")
    hint = _("在平台上登录一次。平台会把您的姓名、证件类型、证件号码和手机号告诉我们，用来核对您是谁。")
    action = _("去平台核验")

    def is_open(self) -> bool:
        return bool(settings.YIJIAN_IDENTITY_PLATFORM.is_open)

    def address(self, target: str) -> str:
        return f"{reverse('accounts:platform')}?{urlencode({'next': target})}"

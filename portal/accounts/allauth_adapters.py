"""What django-allauth is told about our accounts: our words, our addresses, our way of sealing. We use its second factor and nothing else."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.login_redirects import login_redirect_url
from portal.accounts.models import User
from portal.lib.lockout import counted_address
from portal.lib.vault import seal, unseal

BACKEND = "portal.accounts.backends.AccountBackend"
_CONTEXT = "second_factor.secret"


class AccountAdapter(DefaultAccountAdapter):
    """Logs in as our own pages do. Nobody signs up, gets mail or is told anything by allauth itself."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy("试的次数太多了，请过几分钟再试。"),
        "rate_limited": gettext_lazy("试的次数太多了，请过几分钟再试。"),
        "incorrect_password": gettext_lazy("密码不对，请核对后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        login(request, user, backend=BACKEND)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return login_redirect_url(request.user) if isinstance(request.user, User) else settings.LOGIN_URL

    def is_safe_url(self, url: str | None) -> bool:
        """Allow this host alone; what is no address at all is not safe (allauth's own reading of it raises ``ValueError``)."""
        return url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=self.request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        return counted_address(request)  # for its limits alone: it writes no mail here that would name it

    def add_message(self, *args: Any, **more: Any) -> None:
        """Our pages say what was done."""

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """There is no e-mail."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals what it keeps; the printed seeds of the demo town count only where a second factor is demanded."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证码不对，或者刚刚已经用过。请等下一个验证码再试。"),
        "incorrect_passkey": gettext_lazy("没有完成，请再试一次。"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, _CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        text: str = unseal(base64.b64decode(encrypted_text), _CONTEXT)
        return text

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        if user.is_anonymous:
            return False
        factors = Authenticator.objects.filter(user_id=user.pk)
        if types is not None:
            factors = factors.filter(type__in=types)
        if not settings.YIJIAN_SECOND_FACTOR:
            factors = factors.exclude(data__has_key="demo")
        return factors.exists()

    def get_totp_issuer(self) -> str:
        return str(_("一件"))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("通行密钥 %(number)s") % {"number": number})

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one factor: a new one is set up first."""
        user = authenticator.user
        if not settings.YIJIAN_SECOND_FACTOR or not (user.is_staff or user.is_superuser):
            return True
        others = Authenticator.objects.filter(user_id=user.pk).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

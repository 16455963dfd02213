from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("用户与身份")

    def ready(self) -> None:
        from portal.accounts import last_account, pending_post, second_factor, sessions
        from portal.accounts.organisations import principals

        last_account.listen()
        pending_post.listen()
        principals.listen()
        second_factor.listen()
        sessions.listen()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "portal.ledger"
    label = "ledger"
    verbose_name = _("事件账本")

    def ready(self) -> None:
        """Hear of every login, however it is made."""
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from portal.ledger import security

        user_logged_in.connect(security.logged_in, dispatch_uid="security_event")
        user_logged_out.connect(security.logged_out, dispatch_uid="security_event")
        user_login_failed.connect(security.login_failed, dispatch_uid="security_event")
        user_locked_out.connect(security.locked_out, dispatch_uid="security_event")

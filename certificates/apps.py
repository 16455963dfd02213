from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    label = "certificates"
    verbose_name = _("电子证照")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with something that cannot seal; the classes of this package are known."""
        if not settings.YIJIAN_SEAL_PROVIDER.startswith("certificates.seal."):
            from certificates.seal.signing import require_provider

            require_provider(settings.YIJIAN_SEAL_PROVIDER)

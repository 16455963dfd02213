from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MattersConfig(AppConfig):
    name = "matters"
    label = "matters"
    verbose_name = _("联办件")
    default_auto_field = "django.db.models.BigAutoField"

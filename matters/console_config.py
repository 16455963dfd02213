"""The staff console is Django's admin with the workplaces of the day added to its addresses."""

from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    """Makes ``matters.console.Console`` the site behind ``/admin/``."""

    default_site = "matters.console.Console"

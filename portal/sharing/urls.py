"""Addresses of what a person agreed to, and of opening an organisation's account by its register."""

from django.urls import path

from portal.sharing import views, views_organisations

app_name = "sharing"

urlpatterns = [
    path("consents/", views.consents, name="consents"),
    path("consents/<uuid:consent>/", views.consent, name="consent"),
    path("organisations/open/", views_organisations.open_account, name="open_organisation"),
]

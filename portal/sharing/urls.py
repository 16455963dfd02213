"""Addresses of what a person agreed to, of opening an organisation's account and of recording one's children by a register."""

from django.urls import path

from portal.sharing import views, views_organisations, views_parents

app_name = "sharing"

urlpatterns = [
    path("consents/", views.consents, name="consents"),
    path("consents/<uuid:consent>/", views.consent, name="consent"),
    path("organisations/open/", views_organisations.open_account, name="open_organisation"),
    path("children/", views_parents.children, name="children"),
]

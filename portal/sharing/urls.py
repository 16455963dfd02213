"""Addresses of what a person agreed to."""

from django.urls import path

from portal.sharing import views

app_name = "sharing"

urlpatterns = [
    path("", views.consents, name="consents"),
    path("<uuid:consent>/", views.consent, name="consent"),
]

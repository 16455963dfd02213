"""Addresses of certificates: a person's library, and verification for everybody."""

from django.urls import path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("certificates/", views.library, name="library"),
    path("certificates/<uuid:id>/", views.detail, name="detail"),
    path("certificates/<uuid:id>/file.pdf", views.pdf, name="pdf"),
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<path:token>/", views.verify, name="verify"),
]

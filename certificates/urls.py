"""Addresses of certificates: a person's library, and verification for everybody."""

from django.urls import path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("certificates/", views.library, name="library"),
    path("certificates/<uuid:id>/", views.detail, name="detail"),
    path("certificates/<uuid:id>/file.pdf", views.pdf, name="pdf"),
    path("certificates/<uuid:id>/show/", views.show_certificate, name="show"),
    path("shown/", views.shown_form, name="shown_form"),
    path("shown/<str:code>/", views.shown_by_code, name="shown"),
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<path:token>/", views.verify, name="verify"),
]

"""Addresses of the catalog's public pages."""

from django.urls import path

from catalog import views

app_name = "catalog"

urlpatterns = [
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/<slug:slug>/", views.matter, name="matter"),
]

"""Addresses of the catalog's API."""

from django.urls import path

from catalog.api import views

app_name = "catalog_api"

urlpatterns = [
    path("matters/", views.MatterListView.as_view(), name="matter_list"),
    path("matters/<slug:slug>/", views.MatterView.as_view(), name="matter"),
    path("matters/<slug:slug>/plan/", views.PlanView.as_view(), name="plan"),
]

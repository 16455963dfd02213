"""Addresses of the applications' API."""

from django.urls import path

from matters.api import views

app_name = "matters_api"

urlpatterns = [
    path("applications/", views.ApplicationListView.as_view(), name="application_list"),
    path("applications/<str:number>/", views.ApplicationView.as_view(), name="application"),
]

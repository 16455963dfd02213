"""Addresses of the catalog's public pages."""

from django.urls import path

from catalog import views, views_basket

app_name = "catalog"

urlpatterns = [
    path("basket/", views_basket.basket, name="basket"),
    path("basket/add/", views_basket.add_to_basket, name="add_to_basket"),
    path("basket/apply/", views_basket.apply_for_basket, name="apply_for_basket"),
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/<slug:slug>/", views.matter, name="matter"),
]

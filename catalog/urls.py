"""Addresses of the catalog's public pages."""

from django.urls import path

from catalog.views import (
    basket as views_basket,
)
from catalog.views import (
    checklist as views_checklist,
)
from catalog.views import (
    items as views_items,
)
from catalog.views import (
    matters as views,
)
from catalog.views import (
    mistakes as views_mistakes,
)
from catalog.views import (
    places as views_places,
)

app_name = "catalog"

urlpatterns = [
    path("basket/", views_basket.basket, name="basket"),
    path("basket/add/", views_basket.add_to_basket, name="add_to_basket"),
    path("basket/apply/", views_basket.apply_for_basket, name="apply_for_basket"),
    path("places/", views_places.places, name="places"),
    path("matters/", views.matter_list, name="matter_list"),
    path("matters/<slug:slug>/", views.matter, name="matter"),
    path("matters/<slug:slug>/situation/", views_checklist.situation, name="situation"),
    path("matters/<slug:slug>/checklist/", views_checklist.checklist, name="checklist"),
    path("matters/<slug:slug>/checklist.pdf", views_checklist.checklist_pdf, name="checklist_pdf"),
    path("matters/<slug:slug>/mistake/", views_mistakes.matter_mistake, name="matter_mistake"),
    path("items/", views_items.item_list, name="item_list"),
    path("items/<slug:slug>/", views_items.item, name="item"),
    path("items/<slug:slug>/mistake/", views_mistakes.item_mistake, name="item_mistake"),
]

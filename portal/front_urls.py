"""Pages of the front door itself."""

from django.urls import path

from portal.views.display import set_display
from portal.views.home import home
from portal.views.search import search

urlpatterns = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("display/", set_display, name="set_display"),
]

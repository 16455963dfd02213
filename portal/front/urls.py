"""Pages of the front door itself."""

from django.urls import path

from certificates.views import status_list
from portal.front.views.components import components
from portal.front.views.demo_phone import demo_phone
from portal.front.views.display import set_display
from portal.front.views.health import livez, readyz
from portal.front.views.home import home
from portal.front.views.organisation import organisation_page
from portal.front.views.search import search_page, suggest

urlpatterns = [
    path("", home, name="home"),
    path("components/", components, name="components"),
    path("search/", search_page, name="search"),
    path("search/suggest/", suggest, name="search_suggest"),
    path("display/", set_display, name="set_display"),
    path("organisations/<str:code>/", organisation_page, name="organisation_page"),
    path("demo/phone/", demo_phone, name="demo_phone"),
    # The same for everybody, and kept for a minute: not one of the certificates' own pages, which nobody keeps.
    path("status-lists/<int:number>/", status_list, name="status_list"),
    # For the machinery that watches the site.
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]

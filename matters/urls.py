"""The addresses of everything about applications: applying, following, reviewing."""

from importlib import import_module
from importlib.util import find_spec

app_name = "matters"
urlpatterns = [
    pattern
    for module in ("matters.urls_apply", "matters.urls_track", "matters.urls_review")
    if find_spec(module) is not None
    for pattern in import_module(module).urlpatterns
]

"""The API's addresses, one include per app, and its description (OpenAPI)."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("", include("catalog.api.urls")),
    path("", include("matters.api.urls")),
]

"""The address of the owner's desk."""

from django.urls import path

from portal.sharing import desk_views

app_name = "sharing_desk"

urlpatterns = [path("", desk_views.desk, name="desk")]

"""Addresses of the owner's desk, and of the list of proofs that are still asked for."""

from django.urls import path

from portal.sharing import desk_views

app_name = "sharing_desk"

urlpatterns = [
    path("", desk_views.desk, name="desk"),
    path("proofs/", desk_views.proof_list, name="proofs"),
]

"""Every action that a list of the console offers is tried on the row of the town: it asks, does or refuses, and never breaks."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from tests.rights.town import build_everything


@pytest.mark.django_db
def test_no_action_of_the_console_breaks(client: Client) -> None:
    everything = build_everything()
    user = User.objects.get(username="administrator")
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    request = RequestFactory().get("/admin/")
    request.user = user
    tried = 0
    for model, place in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for action in place.get_actions(request):
            sent = {"action": action, "_selected_action": [str(everything.objects[name]["object_id"])]}
            answer = client.post(reverse(f"admin:{name}_changelist"), sent)
            assert answer.status_code < 500, (name, action)
            tried += 1
    assert tried >= 5


def test_the_console_says_of_no_row_whether_it_exists() -> None:
    """Django's way from a row to its page answered for any model and any key, and broke where a key was none."""
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=["1", "1"])

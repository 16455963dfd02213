"""What every answer tells the browser, whoever asks and however it ends; and what the cookies of a deployment are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.worlds.cast import LI, PASSWORD, ZHAO, logged_in, user_of

PRODUCTION = Path(settings.BASE_DIR) / "portal" / "settings" / "production.py"
ADDRESSES = ("/", "/matters/", "/nowhere/", "/accounts/login/", "/accounts/profile/", "/admin/", "/?q=a\x00", "/livez")


def policy(answer: object) -> dict[str, str]:
    """Return the directives of an answer's content security policy."""
    text = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return {name: rest for name, _space, rest in (part.strip().partition(" ") for part in text.split(";")) if name}


@pytest.mark.django_db
def test_every_answer_names_what_a_browser_may_do_with_it() -> None:
    seen = set()
    for client in (Client(), logged_in(user_of(LI)), logged_in(user_of(ZHAO))):
        for address in ADDRESSES:
            answers = [client.get(address), client.post(address), client.put(address)]
            for answer in answers:
                seen.add(answer.status_code)
                where = (address, answer.status_code)
                assert answer.headers["X-Content-Type-Options"] == "nosniff", where
                assert answer.headers["Referrer-Policy"] == "same-origin", where
                told = policy(answer)
                shut = [told[name] for name in ("object-src", "base-uri", "frame-ancestors")]
                assert shut == ["'none'"] * 3, where
                assert (told["default-src"], told["form-action"]) == ("'self'", "'self'"), where
                assert "unsafe" not in answer.headers["Content-Security-Policy"], where
    assert seen >= {200, 302, 400, 404, 405}


def test_cookies_of_a_deployment_are_its_hosts_alone_and_never_sent_in_clear() -> None:
    said = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(PRODUCTION.read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for kind in ("SESSION", "CSRF"):
        assert said[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert said[f"{kind}_COOKIE_SECURE"]
        assert getattr(settings, f"{kind}_COOKIE_SAMESITE") == "Lax"
        assert (getattr(settings, f"{kind}_COOKIE_DOMAIN"), getattr(settings, f"{kind}_COOKIE_PATH")) == (None, "/")
    assert settings.SESSION_COOKIE_HTTPONLY
    assert said["CSRF_COOKIE_HTTPONLY"]
    assert said["SECURE_SSL_REDIRECT"]
    assert "SECURE_HSTS_SECONDS = 365 * 24 * 3600" in PRODUCTION.read_text()


@pytest.mark.django_db
def test_an_account_that_is_switched_off_or_has_a_new_password_is_out_on_its_next_request() -> None:
    user = user_of(LI)
    here, there = logged_in(user), logged_in(user)
    sent = {"old_password": PASSWORD, "new_password1": "river 42 stones", "new_password2": "river 42 stones"}
    assert here.post("/accounts/password/", sent).status_code == 302
    assert here.get("/accounts/profile/").status_code == 200
    assert there.get("/accounts/profile/").status_code == 302
    user.refresh_from_db()
    user.is_active = False
    user.save()
    assert here.get("/accounts/profile/").status_code == 302


@pytest.mark.django_db
def test_a_fresh_site_has_no_account() -> None:
    from portal.accounts.models import User

    assert not User.objects.exists()
    assert settings.ANONYMOUS_USER_NAME is None

"""The identity platform as django-allauth speaks with it: authorization code, PKCE, state and nonce, a signed token that is checked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from requests import RequestException

from portal.accounts.identity.word import PlatformWord, UnreadableWord, read_word

_ID = "identity_platform"


class PlatformAway(Exception):
    """The platform does not answer, or not as an OpenID provider does."""


class Visit(NamedTuple):
    """What was kept when somebody was sent to the platform. ``who``: the account that was logged in, "" for nobody."""

    target: str
    who: str
    nonce: str
    verifier: str


class _Adapter(OpenIDConnectOAuth2Adapter):
    """Takes the provider it is made for, instead of looking for one among allauth's own."""

    def __init__(self, request: HttpRequest, provider: Platform) -> None:
        super().__init__(request, _ID)
        self._provider = provider

    def get_provider(self) -> Platform:
        return self._provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("accounts:platform_return"))


class Platform(OpenIDConnectProvider):
    """The one provider of this site, from ``YIJIAN_IDENTITY_PLATFORM``."""

    pkce_enabled_default = True

    def __init__(self, request: HttpRequest) -> None:
        self.named = settings.YIJIAN_IDENTITY_PLATFORM
        app = SocialApp(
            provider=self.id,
            provider_id=_ID,
            client_id=self.named.client_id,
            secret=self.named.client_secret,
            settings={"server_url": self.named.url, "scope": list(self.named.scopes)},
        )
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> _Adapter:
        return _Adapter(request, self)

    def send(self, target: str, who: str) -> HttpResponse:
        """Send the visitor to the platform, which asks them anew: the last one at this screen may be logged in there still.

        Raises `PlatformAway`.
        """
        nonce = secrets.token_urlsafe(24)
        try:
            sent: HttpResponse = self.redirect(
                self.request,
                "login",
                next_url=target,
                data={"who": who, "nonce": nonce},
                auth_params={"nonce": nonce, "prompt": "login"},
            )
        except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as fault:
            raise PlatformAway(type(fault).__name__) from None
        return sent

    def visit(self) -> Visit | None:
        """Return, once, what was kept for the visitor that comes back; None for one that was not sent, or ten minutes ago."""
        state_id = self.request.GET.get("state", "")
        kept = statekit.unstash_state(self.request, provider_id=self.sub_id, state_id=state_id)
        if kept is None:
            return None
        data = kept.get("data") or {}
        return Visit(
            kept.get("next", ""), data.get("who", ""), data.get("nonce", ""), kept.get("pkce_code_verifier", "")
        )

    def word(self, visit: Visit) -> PlatformWord:
        """Exchange the code for what the platform says. Raises `PlatformAway`, or `UnreadableWord`."""
        adapter = self.get_oauth2_adapter(self.request)
        try:
            client = adapter.get_client(self.request, self.app)
            tokens = client.get_access_token(self.request.GET.get("code", ""), pkce_code_verifier=visit.verifier)
            issuer = str(adapter.openid_config["issuer"])
            vouched = jwtkit.verify_and_decode(
                credential=tokens["id_token"],
                keys_url=adapter.openid_config["jwks_uri"],
                issuer=issuer,
                audience=self.app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
            told: Mapping[str, Any] = adapter._fetch_user_info(tokens["access_token"])
        except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as fault:
            raise PlatformAway(type(fault).__name__) from None
        if not isinstance(told, dict) or told.get("sub") != vouched.get("sub"):
            raise UnreadableWord
        if not visit.nonce or not constant_time_compare(str(vouched.get("nonce", "")), visit.nonce):
            raise UnreadableWord
        return read_word(issuer, {**vouched, **told}, self.named.claims)

"""What the sandbox platform tells of its people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings

from portal.identity_platform.people import everybody

RESIDENT_ID = "111"


class PlatformAdapter(DefaultOIDCAdapter):
    """Tells name, document and telephone number, each under the scope that asks for it."""

    def get_issuer(self) -> str:
        return str(getattr(settings, "PLATFORM_ISSUER"))  # noqa: B009 - a setting of this process alone

    def get_user_sub(self, client: Any, user: Any) -> str:
        return everybody()[user.username].subject

    def get_user_by_sub(self, client: Any, sub: str) -> Any:
        from django.contrib.auth.models import User

        number = next((known.number for known in everybody().values() if known.subject == sub), "")
        return User.objects.filter(username=number, is_active=True).first()

    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Iterable[str], **more: Any) -> dict[str, Any]:
        known = everybody()[user.username]
        claims = {"sub": known.subject}
        if purpose == "id_token":  # it travels through more hands than the answer to the site's own question
            return claims
        if "profile" in scopes:
            claims["name"] = known.name
        if "identity" in scopes:
            claims |= {"document_kind": RESIDENT_ID, "document_number": known.number}
        if "phone" in scopes:
            claims["phone_number"] = known.phone
        return claims

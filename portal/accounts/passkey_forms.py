"""django-allauth's forms of a passkey, for whatever is posted as one: what is no answer of an authenticator is refused, never an error of ours."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

# An answer with the certificates of its maker is some kilobytes long.
LONGEST: Final = 64 * 1024
LONGEST_NAME: Final = 60
# What a browser hands over of an answer, and we keep; all of it is base64url without padding.
PARTS: Final = {"clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"}


@contextmanager
def _refusing() -> Iterator[None]:
    """Answer that it is no passkey, whatever a parser of CBOR, keys or certificates says to bytes of a stranger."""
    try:
        yield
    except (ValidationError, DatabaseError):
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_passkey") from error


class CredentialField(forms.JSONField):
    """Reads the answer of an authenticator into its known parts; nothing else of what was posted goes on."""

    def __init__(self, response: type[RegistrationResponse] | type[AuthenticationResponse]) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)
        self.response = response

    def to_python(self, value: Any) -> Any:
        """Return the parts. Raises ``ValidationError``."""
        with _refusing():
            if not isinstance(value, str) or len(value) > LONGEST:
                raise ValueError("no answer, or a longer one than there is")
            parts = _known_parts(super().to_python(value))
            self.response.from_dict(parts)
            return parts

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was refused is not shown again: the browser asks the authenticator anew."""
        return None


def _known_parts(posted: Any) -> dict[str, Any]:
    """Return the parts of an answer that are texts in base64url. Raises ``TypeError``, ``ValueError``, ``KeyError`` and their like."""
    response = {name: _base64url(text) for name, text in posted["response"].items() if name in PARTS and text}
    kept = {"id": _base64url(posted["id"]), "rawId": _base64url(posted["rawId"]), "response": response}
    if posted.get("type", "public-key") != "public-key":
        raise ValueError("another kind of credential")
    can_be_found = posted.get("clientExtensionResults", {}).get("credProps", {}).get("rk")
    extensions = {"credProps": {"rk": can_be_found}} if isinstance(can_be_found, bool) else {}
    return {**kept, "type": "public-key", "clientExtensionResults": extensions}


def _base64url(text: Any) -> str:
    if not isinstance(text, str) or not text.isascii():
        raise TypeError("no text in base64url")
    try:
        websafe_decode(text)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
    return text


class AddPasskey(AddWebAuthnForm):
    """Adds a passkey, if it is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(RegistrationResponse)

    def clean_name(self) -> str:
        name: str = super().clean_name()
        return name[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        with _refusing():
            data: dict[str, Any] = super().clean()
        return data


class ShowPasskey(AuthenticateWebAuthnForm):
    """Takes a passkey at the login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(AuthenticationResponse)

    def clean_credential(self) -> Authenticator:
        with _refusing():
            factor: Authenticator = super().clean_credential()
        return factor


class ShowPasskeyAgain(ReauthenticateWebAuthnForm, ShowPasskey):
    """Takes a passkey before something that asks for it again."""

"""What is typed about an organisation's people: whom to invite, and the code of an invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Handler
from portal.identifiers.normalising import InvalidIdentifier, person_name
from portal.lib import identifier_wording as wording


class InvitationForm(forms.Form):
    """Says whom an organisation invites, as what, for which matters and until when."""

    for_whom = forms.CharField(
        label=_("邀请谁"),
        help_text=_("填姓名，便于以后辨认。对方用自己的实名账号加入。"),
        max_length=100,
        error_messages={"required": _("请填写姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("以什么身份"),
        help_text=_("管理员什么事都能办，还能邀请和移除别人；经办人只办事。"),
        choices=[one for one in Handler.Role.choices if one[0] != Handler.Role.LEGAL_REPRESENTATIVE],
        initial=Handler.Role.HANDLER,
        error_messages={"required": _("请选择身份。"), "invalid_choice": _("请从列出的身份里选。")},
    )
    matters = forms.MultipleChoiceField(
        label=_("可以办哪些事"),
        help_text=_("一项都不选，就是什么事都能办。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请从列出的事里选。")},
    )
    until = forms.DateField(
        label=_("到哪一天为止"),
        help_text=_("不填就是一直有效，直到移除。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("请填写日期，如 2027-06-30。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The floor that knows matters says which there are.
        self.fields["matters"].choices = import_string(settings.YIJIAN_ORGANISATION_MATTERS)()  # type: ignore[attr-defined]

    def clean_for_whom(self) -> str:
        try:
            return person_name(self.cleaned_data["for_whom"])
        except InvalidIdentifier as refusal:
            said = wording.sentence(refusal.code, refusal.params, _("姓名"))
            raise ValidationError(said, code=refusal.code) from None

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise ValidationError(_("这一天已经过了。"), code="term_over")
        return until

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("role") == Handler.Role.ADMINISTRATOR and data.get("matters"):
            self.add_error("matters", _("管理员什么事都能办。只让他办几件事的，身份请选“经办人”。"))
        return data


class JoinForm(forms.Form):
    """Takes the code of an invitation."""

    code = forms.CharField(
        label=_("邀请码"),
        help_text=_("单位的法定代表人或者管理员给您的 12 位邀请码，用一次就失效。"),
        max_length=40,
        error_messages={"required": _("请填写邀请码。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

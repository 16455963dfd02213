"""What is typed about mandates: whom one lets act, for what and until when; and the code of an offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.identifiers.normalising import InvalidIdentifier, person_name
from portal.lib import identifier_wording as wording

PERSON, ORGANISATION = "person", "organisation"


class OfferForm(forms.Form):
    """Says whom a person lets act for them, in which matters and until when."""

    to = forms.ChoiceField(
        label=_("授权给"),
        choices=[(PERSON, _("个人")), (ORGANISATION, _("代办机构"))],
        initial=PERSON,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择授权给个人还是机构。"), "invalid_choice": _("请从列出的里选。")},
    )
    agent_name = forms.CharField(
        label=_("对方的姓名或者机构名称"),
        help_text=_("照证件或者营业执照填。对方实名登录后用授权码接受，姓名对不上的用不了。"),
        max_length=200,
        error_messages={"required": _("请填写对方的姓名或者机构名称。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    matters = forms.MultipleChoiceField(
        label=_("代您办哪些事"),
        help_text=_("只勾要代办的。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请从列出的事里选。")},
    )
    every = forms.BooleanField(label=_("所有的事都可以代办，包括上面没有列的和以后新开的"), required=False)
    until = forms.DateField(
        label=_("到哪一天为止"),
        help_text=_("过了这一天自动失效；您也可以随时终止。"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("请填写到哪一天为止。"), "invalid": _("请填写日期，如 2027-06-30。")},
    )
    consents = forms.BooleanField(
        label=_("允许对方替我同意向部门查询我的信息（不允许的，要查的材料由对方上传）"), required=False
    )
    sees_certificates = forms.BooleanField(
        label=_("允许对方查看、使用我的电子证照：代办办出的可以打开，我名下证照上的姓名、住址等会填进申请表、代替材料"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The floor that knows matters says which there are.
        self.fields["matters"].choices = import_string(settings.YIJIAN_MANDATE_MATTERS)()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("every"):
            data["matters"] = []
        elif not data.get("matters") and "matters" not in self.errors:
            self.add_error("matters", _("请勾选可以代办的事；什么事都能代办的，请勾“所有的事都可以代办”。"))
        if data.get("to") == PERSON and data.get("agent_name"):
            try:
                data["agent_name"] = person_name(data["agent_name"])
            except InvalidIdentifier as refusal:
                self.add_error("agent_name", wording.sentence(refusal.code, refusal.params, _("姓名")))
        return data

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError(_("这一天已经过了。"), code="term_over")
        return until


class AcceptForm(forms.Form):
    """Takes the code of an offer."""

    code = forms.CharField(
        label=_("授权码"),
        help_text=_("委托人给您的 12 位授权码，用一次就失效。"),
        max_length=40,
        error_messages={"required": _("请填写授权码。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

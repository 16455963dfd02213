"""The form of 报错: what is wrong, where, and how to be reached, each mistake in filling it in told in a sentence."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.models import MistakeReport

MOST_TEXT = 500
MOST_CONTACT = 80


def readable(text: str) -> str:
    """Return a text without control characters; lines, tabs and everything that can be read stay, emoji included."""
    kept = (
        char for char in text.replace("\r\n", "\n") if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    return "".join(kept).strip()


class MistakeForm(forms.Form):
    """``item`` is offered where the guide is a matter's: empty means the matter itself."""

    item = forms.ChoiceField(label=_("哪个事项"), required=False)
    kind = forms.ChoiceField(
        label=_("哪里不对"),
        choices=MistakeReport.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选一项，好让部门知道看哪里。"),
            "invalid_choice": _("没有这一项，请重新选择。"),
        },
    )
    text = forms.CharField(
        label=_("请说一说"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写几个字，说说哪里不对、应该是什么。")},
    )
    contact = forms.CharField(label=_("怎么联系您（可不填）"), required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", str(_("整件事"))), *items]
        field.error_messages["invalid_choice"] = str(_("这件事里没有这个事项，请重新选择。"))
        if not items:
            del self.fields["item"]
        # Control characters are taken out, not complained about: nobody types them on purpose.
        for name in ("text", "contact"):
            self.fields[name].validators = []

    def clean_text(self) -> str:
        text = readable(str(self.cleaned_data["text"]))
        if not text:
            raise ValidationError(_("请写几个字，说说哪里不对、应该是什么。"), code="required")
        if len(text) > MOST_TEXT:
            message = _("最多 %(most)s 个字，现在有 %(length)s 个，请删减。")
            raise ValidationError(message, code="too_long", params={"most": MOST_TEXT, "length": len(text)})
        return text

    def clean_contact(self) -> str:
        contact = readable(str(self.cleaned_data["contact"]))
        if len(contact) > MOST_CONTACT:
            message = _("联系方式最多 %(most)s 个字，请只留一个电话或邮箱。")
            raise ValidationError(message, code="too_long", params={"most": MOST_CONTACT})
        return contact

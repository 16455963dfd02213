"""What is typed or handed in for verification, and the reason for a change of status."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from certificates.core.strict_pdf import LARGEST_FILE
from certificates.models import Certificate
from certificates.wording import NUMBER_PROBLEMS


class NumberForm(forms.Form):
    """The identifier or the number printed on a certificate."""

    number = forms.CharField(
        label=_("电子证照标识或证照编号"),
        max_length=150,
        error_messages={"required": NUMBER_PROBLEMS["empty"], "max_length": NUMBER_PROBLEMS["long"]},
    )


class FileForm(forms.Form):
    """A certificate's file."""

    file = forms.FileField(
        label=_("证照文件（PDF）"),
        max_length=200,
        error_messages={
            "required": _("请选择要核验的 PDF 文件"),
            "empty": _("这个文件是空的，请重新选择"),
            "invalid": _("请选择要核验的 PDF 文件"),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than any certificate we make."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("文件超过 4 MB。证照文件一般只有几十 KB，请确认选对了文件"))
        return file


class StatusForm(forms.Form):
    """A new status with its reason."""

    status = forms.ChoiceField(
        label=_("变更为"),
        choices=[
            *(choice for choice in Certificate.Status.choices if choice[0] != Certificate.Status.VALID),
            (Certificate.Status.VALID.value, _("恢复有效（解除暂扣）")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("持证人可以看到这段理由，请写明依据。"),
        error_messages={"required": _("请写明变更状态的理由")},
    )

    document_number = forms.CharField(
        label=_("决定文号"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("书面决定的文号，没有的可以不填。核验的人看得到。"),
    )

    together = forms.BooleanField(
        label=_("一起变更：有一张不能变更，就一张也不变更"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

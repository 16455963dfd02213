"""Forms of the account pages."""

from __future__ import annotations

import math
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    SetPasswordForm,
    UserChangeForm,
    UsernameField,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import DocumentKind, Person, User
from portal.accounts.people import claim_person
from portal.identifiers.masking import mask_phone
from portal.identifiers.normalising import DOCUMENTS, InvalidIdentifier, mobile_phone, normalise_document, person_name
from portal.lib import identifier_wording as wording
from portal.lib.counting import count, forget, seconds_left
from portal.lib.lockout import tries_left
from portal.lib.shown import UNSEEN, Merged, Shown

_TAKEN = _("这个账号名已有人使用，请换一个。")
OLD_PASSWORD_TRIES = 5
OLD_PASSWORD_SECONDS = 15 * 60

_DIFFERENT = _("两次填写的密码不一样，请重新填写。")


class LoginForm(AuthenticationForm):
    """Asks for account name and password, and never says which of the two was wrong."""

    username = UsernameField(
        label=_("账号"),
        error_messages={"required": _("请填写账号。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        error_messages={"required": _("请填写密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        left = tries_left(self.request) if self.request is not None else None
        if left is not None and left <= 2:
            return ValidationError(
                _("账号或密码不对。再错 %(left)s 次，就要等一会儿才能再试。"),
                code="invalid_login",
                params={"left": left},
            )
        return ValidationError(_("账号或密码不对，请核对后再试。"), code="invalid_login")


class RegistrationForm(forms.Form):
    """Opens an account for a citizen: who they are, how to reach them, how they will log in."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=400,
        help_text=_("与证件上的姓名一致。民族姓名中间的点写作“·”。"),
        error_messages={"required": _("请填写姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    document_kind = forms.ChoiceField(
        label=_("证件类型"),
        choices=DocumentKind.choices,
        initial=DocumentKind.RESIDENT_ID,
        error_messages={"required": _("请选择证件类型。"), "invalid_choice": _("请从列表里选择证件类型。")},
    )
    number = forms.CharField(
        label=_("证件号码"),
        max_length=60,
        help_text=_("加密保存，只用于确认您的身份和替您填表。"),
        error_messages={"required": _("请填写证件号码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=40,
        help_text=_("办件有进展时用来联系您。"),
        error_messages={"required": _("请填写手机号。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    username = UsernameField(
        label=_("账号"),
        max_length=150,
        help_text=_("登录时用，可以用字母、汉字、数字，大小写不分。"),
        error_messages={"required": _("请取一个账号名。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password1 = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=1000,
        help_text=_("至少 8 位。用几个不相干的词连起来，好记又安全。"),
        error_messages={"required": _("请设置密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        max_length=1000,
        error_messages={"required": _("请再输一次密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_name(self) -> str:
        return _checked(lambda: person_name(self.cleaned_data["name"]), _("姓名"))

    def clean_phone(self) -> str:
        return _checked(lambda: mobile_phone(self.cleaned_data["phone"]), _("手机号"))

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        for validate in User._meta.get_field("username").validators:
            try:
                validate(username)
            except ValidationError:
                raise ValidationError(_("账号名只能用字母、汉字、数字和 @ . + - _ 这几个符号。")) from None
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_TAKEN, code="taken")
        return username

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "number" in data and "document_kind" in data:
            self._clean_document(data)
        if data.get("password1") and data.get("password2"):
            self._clean_password(data)
            if self.has_error("username", "taken"):
                User().set_password(data["password1"])  # takes as long as opening the account would have
        return data

    def save(self) -> User | None:
        """Open the account; None, with an error on the form, when somebody else was quicker with the name."""
        data = self.cleaned_data
        try:
            with transaction.atomic():
                user = User.objects.create_user(data["username"], password=data["password1"], name=data["name"])
                claim_person(
                    name=data["name"],
                    document_kind=data["document_kind"],
                    number=data["number"],
                    phone=data["phone"],
                    user=user,
                )
        except IntegrityError:
            self.add_error("username", _TAKEN)
            return None
        return user

    def _clean_document(self, data: dict[str, Any]) -> None:
        kind = data["document_kind"]
        try:
            data["number"] = normalise_document(kind, data["number"], timezone.localdate())
        except InvalidIdentifier as refusal:
            label = wording.label_of(DOCUMENTS[kind])
            self.add_error("number", wording.sentence(refusal.code, refusal.params, label))

    def _clean_password(self, data: dict[str, Any]) -> None:
        if data["password1"] != data["password2"]:
            self.add_error("password2", _DIFFERENT)
            return
        try:
            password_validation.validate_password(
                data["password1"], User(username=data.get("username", ""), name=data.get("name", ""))
            )
        except ValidationError as refusal:
            self.add_error("password1", refusal)


class PhoneForm(forms.Form):
    """Changes the telephone number at which a person is reached."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=40,
        error_messages={"required": _("请填写手机号。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        return _checked(lambda: mobile_phone(self.cleaned_data["phone"]), _("手机号"))

    def save(self, person: Person, page: Shown = UNSEEN) -> Merged:
        """Change the number as far as this window changed it. ``page``: what the window showed; a conflict is told beside the box."""
        with transaction.atomic():
            person.phone = Person.objects.select_for_update().only("phone").get(pk=person.pk).phone
            merged = page.merge({"phone": self.cleaned_data["phone"]}, {"phone": person.phone})
            if merged.changes:
                person.phone = merged.changes["phone"]
                person.save(update_fields=["phone", "phone_index"])
        if merged.conflicts:
            sentence = _("手机号刚才在另一个窗口改成了“%(phone)s”。下面是您在这里填的，再次保存就以这里为准。")
            self.add_error("phone", sentence % {"phone": mask_phone(person.phone)})
        return merged


class NewPasswordForm(PasswordChangeForm):
    """Changes the password, in our words."""

    error_messages = {  # noqa: RUF012 - Django's own shape
        "password_mismatch": _DIFFERENT,
        "password_incorrect": _("当前密码不对，请重新填写。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _put_in_our_words(self)

    def clean_old_password(self) -> str:
        """Look at the present password, five times in a quarter of an hour: whoever sits at an open session has no more tries than at the login."""
        whose = str(self.user.pk)
        if count("old_password", whose, OLD_PASSWORD_SECONDS) > OLD_PASSWORD_TRIES:
            minutes = math.ceil(seconds_left(OLD_PASSWORD_SECONDS) / 60)
            raise ValidationError(
                _("当前密码错的次数太多。为了防止别人猜您的密码，请 %(minutes)s 分钟后再试。"),
                code="slowed_down",
                params={"minutes": minutes},
            )
        password: str = super().clean_old_password()
        forget("old_password", whose, OLD_PASSWORD_SECONDS)
        return password


class ChosenPasswordForm(SetPasswordForm):
    """Asks the owner of a one-time link for a password, and for a code if the account has a second factor; a spare code does as well."""

    error_messages = {"password_mismatch": _DIFFERENT}  # noqa: RUF012 - Django's own shape

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        _put_in_our_words(self)
        if is_mfa_enabled(user):
            self.fields["code"] = forms.CharField(
                label=_("动态验证码"),
                max_length=20,
                help_text=_("打开手机上的验证器，填写 6 位数字，也可以填写一个备用码。只有通行密钥的，请填写备用码。"),
                error_messages={"required": _("请填写动态验证码或备用码。")},
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
            )

    def clean(self) -> dict[str, Any]:
        """Look at the code last: each opens once, and should not be spent on a password that is refused."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "code" in self.fields and not self.errors:
            shown = AuthenticateForm({"code": data["code"]}, user=self.user)
            if not shown.is_valid():
                self.add_error("code", shown.errors["code"].as_data())
        return data


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Makes an account in the console without a password: its owner chooses one, with a one-time link."""

    class Meta:
        model = User
        fields = ("username", "name")
        field_classes = {"username": UsernameField}  # noqa: RUF012 - Django's own shape

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        account: User = super().save(commit)
        return account


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    """Changes an account in the console, but never its password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = _("密码只由本人设置：生成一次性链接交给本人。")


def _put_in_our_words(form: Any) -> None:
    for name, label, required, hint in (
        ("old_password", _("当前密码"), _("请填写当前密码。"), ""),
        ("new_password1", _("新密码"), _("请填写新密码。"), _("至少 8 位。用几个不相干的词连起来，好记又安全。")),
        ("new_password2", _("再输一次新密码"), _("请再输一次新密码。"), ""),
    ):
        if name in form.fields:
            field = form.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = required
            field.widget.attrs.pop("autofocus", None)


def _checked(normalise: Any, label: Any) -> str:
    try:
        value: str = normalise()
    except InvalidIdentifier as refusal:
        raise ValidationError(wording.sentence(refusal.code, refusal.params, label), code=refusal.code) from None
    return value

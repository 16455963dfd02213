"""What happened: append-only events, hash-chained per subject; who read personal data; who came in and who was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.sealed_text import SealedTextField


class Chain(models.Model):
    """The head of one subject's chain; its row is the lock that orders the events."""

    id = models.UUIDField(primary_key=True, editable=False)
    length = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        verbose_name = _("事件链")
        verbose_name_plural = _("事件链")

    def __str__(self) -> str:
        return f"{self.id} ({self.length})"


class Event(models.Model):
    """One fact of a subject's history. Rows are never updated or deleted (database triggers)."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("事件"), max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    department = models.CharField(_("部门"), max_length=40, blank=True)
    sub_item = models.CharField(_("子项"), max_length=80, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="event_sequence_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} #{self.sequence} {self.kind}"


class AccessRecord(models.Model):
    """One reading of personal data: who, for which purpose, which fields. Shown to the person concerned."""

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("查看人")
    )
    department = models.CharField(_("部门"), max_length=40, blank=True)
    subject = models.UUIDField(_("办件"))
    purpose = models.CharField(_("目的"), max_length=60)
    fields = models.JSONField(_("内容"), default=list)
    # What somebody typed; it may name whom they look for.
    note = SealedTextField(
        _("说明"), db_column="note_sealed", max_length=200, blank=True, bound_to=("subject", "reader_id", "purpose")
    )

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        indexes = [
            # "Who has read my data": all readings of one bundle, newest first.
            models.Index(fields=["subject", "-id"], name="access_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.purpose}"


class SecurityEvent(models.Model):
    """Who came in, who was refused, from where. Rows are never updated or deleted (database triggers)."""

    class Kind(models.TextChoices):
        LOGGED_IN = "logged_in", _("登录")
        LOGIN_FAILED = "login_failed", _("登录失败")
        LOCKED_OUT = "locked_out", _("登录被暂停")
        LOGGED_OUT = "logged_out", _("退出")
        DENIED = "denied", _("访问被拒绝")
        MALFORMED = "malformed", _("无法读取的请求")
        FACTOR_ADDED = "factor_added", _("开通二次验证")
        FACTOR_REMOVED = "factor_removed", _("停用二次验证")
        FACTOR_FAILED = "factor_failed", _("二次验证失败")
        LINK_MADE = "link_made", _("生成一次性链接")
        LINK_USED = "link_used", _("用一次性链接设置密码")
        IDENTITY_PROVED = "identity_proved", _("核验身份")
        PRINCIPAL_CHOSEN = "principal_chosen", _("切换替谁办事")
        ORGANISATION_REGISTERED = "organisation_registered", _("登记单位")
        HANDLER_INVITED = "handler_invited", _("邀请经办人")
        HANDLER_JOINED = "handler_joined", _("加入单位")
        HANDLER_REMOVED = "handler_removed", _("移除经办人")
        MANDATE_OFFERED = "mandate_offered", _("生成授权码")
        MANDATE_GIVEN = "mandate_given", _("授权代办")
        MANDATE_ENDED = "mandate_ended", _("终止授权")
        IDENTITY_LOST = "identity_lost", _("证件号码被本人收回")
        ACCOUNT_CLOSED = "account_closed", _("注销账户")

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    kind = models.CharField(_("事件"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("账户")
    )
    address = models.GenericIPAddressField(_("地址"), null=True)
    page = models.CharField(_("页面"), max_length=200, blank=True)
    data = models.JSONField(_("内容"), default=dict)

    class Meta:
        verbose_name = _("安全事件")
        verbose_name_plural = _("安全事件")
        indexes = [
            # What one account, or one address, has done, newest first.
            models.Index(fields=["user", "-id"], name="security_event_of_user"),
            models.Index(fields=["address", "-id"], name="security_event_from"),
            # The console's list of one kind, newest first.
            models.Index(fields=["kind", "-id"], name="security_event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id or ''} {self.address or ''}"

    def get_kind_display(self) -> str:
        """Return the kind in words; one that this release does not know, as it is."""
        return str(dict(self.Kind.choices).get(self.kind, self.kind))

"""What is enqueued: work that must happen, written in the transaction that makes it necessary."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """A piece of enqueued work. The broker only wakes workers up; this row is claimed, done and marked in the database."""

    kind = models.CharField(_("种类"), max_length=60)
    subject = models.CharField(_("对象"), max_length=120)
    payload = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    not_before = models.DateTimeField(_("最早处理时间"))
    attempts = models.PositiveSmallIntegerField(_("已开始次数"), default=0)
    lease_number = models.PositiveIntegerField(_("租约号"), default=0)
    lease_until = models.DateTimeField(_("租约到期"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    quarantined_at = models.DateTimeField(_("搁置时间"), null=True, blank=True)
    last_error = models.TextField(_("最近一次错误"), blank=True)
    # How often, and since when, it waits for what it needs: a disk, a network, the signer. Zero again with each fresh opening.
    postponements = models.PositiveIntegerField(_("推迟次数"), default=0, db_default=0)
    postponed_since = models.DateTimeField(_("自何时起推迟"), null=True, blank=True)

    class Meta:
        verbose_name = _("待办投递")
        verbose_name_plural = _("待办投递")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="outbox_kind_subject_unique"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(quarantined_at__isnull=True),
                name="outbox_done_or_set_aside",
            ),
        ]
        indexes = [
            # claim_batch(): rows of a kind that nobody has started, in the order they were enqueued.
            models.Index(
                fields=["kind", "id"],
                name="outbox_fresh",
                condition=models.Q(done_at__isnull=True, quarantined_at__isnull=True, attempts=0),
            ),
            # claim_again() and the sweep: rows that were started and are not done.
            models.Index(
                fields=["kind", "id"],
                name="outbox_started",
                condition=models.Q(done_at__isnull=True, quarantined_at__isnull=True, attempts__gt=0),
            ),
            # resume() and the scout of postpone(): what waits for a disk, a network, the signer.
            models.Index(
                fields=["kind", "id"],
                name="outbox_postponed",
                condition=models.Q(done_at__isnull=True, quarantined_at__isnull=True, postponements__gt=0),
            ),
            # The console's list of what was quarantined.
            models.Index(
                fields=["-quarantined_at"],
                name="outbox_set_aside",
                condition=models.Q(quarantined_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

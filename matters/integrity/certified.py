"""Certificates: each rests on a decision, each decision has what it grants, and status follows from its changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matters.integrity.findings import Check

CHECKS = [
    Check(
        "I-08",
        "certificate_without_approval",
        _("证照 %(subject)s 没有准予的决定作为依据：%(detail)s。"),
        """SELECT c.identifier, c.decision_reference FROM certificates_certificate c
             LEFT JOIN matters_subitem s ON s.number = c.decision_reference
             LEFT JOIN matters_decision d ON d.sub_item_id = s.id AND d.outcome = 'approved'
            WHERE d.id IS NULL""",
    ),
    Check(
        "I-08",
        "certificate_too_early",
        _("证照 %(subject)s 的签发时间早于它所依据的决定。"),
        """SELECT c.identifier, '' FROM certificates_certificate c
             JOIN matters_subitem s ON s.number = c.decision_reference
             JOIN matters_decision d ON d.sub_item_id = s.id
            WHERE c.issued_at < d.decided_at""",
    ),
    Check(
        "I-08",
        "certificate_of_other_holder",
        _("证照 %(subject)s 的持有人不是申请人。"),
        """SELECT c.identifier, '' FROM certificates_certificate c
             JOIN matters_subitem s ON s.number = c.decision_reference JOIN matters_bundle b ON b.id = s.bundle_id
            WHERE c.holder_id <> b.applicant_id""",
    ),
    Check(
        "I-10",
        "certificate_twice",
        _("决定 %(subject)s 有 %(detail)s 份有效的同类证照。"),
        """SELECT decision_reference, count(*) FROM certificates_certificate
            WHERE status IN ('valid', 'suspended') GROUP BY decision_reference, certificate_type_id HAVING count(*) > 1""",
    ),
    Check(
        "I-10",
        "identifier_twice",
        _("证照标识 %(subject)s 用了 %(detail)s 次。"),
        """SELECT identifier, count(*) FROM certificates_certificate GROUP BY identifier HAVING count(*) > 1""",
    ),
    Check(
        "I-12",
        "certificate_unpromised",
        _("证照 %(subject)s 没有制证，也没有等待制证的投递。"),
        """SELECT c.identifier, '' FROM certificates_certificate c
             LEFT JOIN outbox_outboxmessage o ON o.kind = 'render_certificate' AND o.subject = c.id::text
            WHERE c.rendered_at IS NULL AND c.set_aside_at IS NULL AND (o.id IS NULL OR o.done_at IS NOT NULL)""",
    ),
    Check(
        "I-12",
        "certificate_set_aside",
        _("证照 %(subject)s 没有制成，已转人工：%(detail)s。"),
        """SELECT identifier, set_aside_reason FROM certificates_certificate WHERE set_aside_at IS NOT NULL
            ORDER BY set_aside_at""",
    ),
    Check(
        "I-12",
        "letter_set_aside",
        _("文书 %(subject)s 没有制成，已搁置：%(detail)s。"),
        """SELECT number, set_aside FROM matters_officialdocument WHERE set_aside <> '' AND rendered_at IS NULL
            ORDER BY drawn_at""",
    ),
    Check(
        "I-20",
        "status_differs",
        _("证照 %(subject)s 的状态与最近一次状态变更不符：%(detail)s。"),
        """SELECT c.identifier, c.status || ' / ' || coalesce(last.status, 'valid')
             FROM certificates_certificate c
             LEFT JOIN LATERAL (SELECT status FROM certificates_statuschange h
                                 WHERE h.certificate_id = c.id ORDER BY h.id DESC LIMIT 1) last ON true
            WHERE c.status <> coalesce(last.status, 'valid')""",
    ),
]

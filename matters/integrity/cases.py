"""Bundles, sub-items, queues, decisions and corrections: what stands beside what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matters.core.states import CONCLUDED, IN_QUEUE
from matters.integrity.findings import Check

_STATES = {"concluded": sorted(CONCLUDED), "in_queue": sorted(IN_QUEUE), "settled": 60}

CHECKS = [
    Check(
        "I-02",
        "sub_item_orphan",
        _("子项 %(subject)s 所属的联办件不存在。"),
        """SELECT s.number, '' FROM matters_subitem s LEFT JOIN matters_bundle b ON b.id = s.bundle_id
            WHERE b.id IS NULL""",
    ),
    Check(
        "I-02",
        "task_twice",
        _("子项 %(subject)s 同时有 %(detail)s 条未关闭的待办。"),
        """SELECT s.number, count(*) FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
            WHERE t.closed_at IS NULL GROUP BY s.number HAVING count(*) > 1""",
    ),
    Check(
        "I-02",
        "task_missing",
        _("子项 %(subject)s 处于“%(detail)s”，但不在任何部门的待办队列中。"),
        """SELECT s.number, s.state FROM matters_subitem s
            WHERE s.state = ANY(%(in_queue)s)
              AND NOT EXISTS (SELECT 1 FROM matters_reviewtask t WHERE t.sub_item_id = s.id AND t.closed_at IS NULL)""",
        _STATES,
    ),
    Check(
        "I-02",
        "task_stray",
        _("子项 %(subject)s 处于“%(detail)s”，却仍在待办队列中。"),
        """SELECT s.number, s.state FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
            WHERE t.closed_at IS NULL AND s.state <> ALL(%(in_queue)s)
              AND NOT (t.stage IN ('amendment', 'check') AND s.state = 'approved')""",
        _STATES,
    ),
    Check(
        "I-02",
        "task_elsewhere",
        _("子项 %(subject)s 的待办在别的部门的队列中：%(detail)s。"),
        """SELECT s.number, d.name FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
             JOIN catalog_department d ON d.id = t.department_id
            WHERE t.closed_at IS NULL AND t.department_id <> s.department_id""",
    ),
    Check(
        "I-02",
        "amendment_without_task",
        _("子项 %(subject)s 有待核对的更正，却不在待办队列中；或者相反。"),
        """SELECT s.number, '' FROM matters_amendment a JOIN matters_subitem s ON s.id = a.sub_item_id
            WHERE a.outcome = '' AND a.agreed_at IS NULL AND NOT EXISTS (
                  SELECT 1 FROM matters_reviewtask t
                   WHERE t.sub_item_id = s.id AND t.closed_at IS NULL AND t.stage = 'amendment')
            UNION ALL
           SELECT s.number, '' FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
            WHERE t.closed_at IS NULL AND t.stage = 'amendment' AND NOT EXISTS (
                  SELECT 1 FROM matters_amendment a
                   WHERE a.sub_item_id = s.id AND a.outcome = '' AND a.agreed_at IS NULL)""",
    ),
    Check(
        "I-02",
        "check_without_promise",
        _("子项 %(subject)s 在待核查队列中，却没有要核查的承诺。"),
        """SELECT s.number, '' FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
            WHERE t.closed_at IS NULL AND t.stage = 'check' AND NOT EXISTS (
                  SELECT 1 FROM matters_paperpromise p
                   WHERE p.sub_item_id = s.id AND p.outcome = '' AND (p.kind = 'commitment' OR p.handed_in_at IS NOT NULL))""",
    ),
    Check(
        "I-04",
        "approved_before_its_paper",
        _("子项 %(subject)s 已准予，但补齐后才能出结果的材料“%(detail)s”还没有核对。"),
        """SELECT s.number, p.material FROM matters_paperpromise p JOIN matters_subitem s ON s.id = p.sub_item_id
            WHERE p.result_waits AND p.outcome IN ('', 'broken') AND s.state = 'approved'""",
    ),
    Check(
        "I-03",
        "task_stage_differs",
        _("子项 %(subject)s 的待办环节或应办结日期与子项不一致：%(detail)s。"),
        """SELECT s.number, t.stage || ' / ' || s.state
             FROM matters_reviewtask t JOIN matters_subitem s ON s.id = t.sub_item_id
            WHERE t.closed_at IS NULL AND s.state = ANY(%(in_queue)s)
              AND NOT (t.stage = 'signing' AND s.state = 'under_review' AND EXISTS (
                  SELECT 1 FROM matters_decisionproposal p WHERE p.sub_item_id = s.id AND p.outcome = ''
                     AND t.due_on IS NOT DISTINCT FROM s.due_on))
              AND (t.stage <> CASE WHEN s.state IN ('accepted', 'under_review') THEN 'review' ELSE 'acceptance' END
                   OR (t.stage = 'review' AND t.due_on IS DISTINCT FROM s.due_on))""",
        _STATES,
    ),
    Check(
        "I-04",
        "decision_missing",
        _("子项 %(subject)s 已是“%(detail)s”，但没有决定。"),
        """SELECT s.number, s.state FROM matters_subitem s
            WHERE s.state IN ('approved', 'rejected', 'not_accepted')
              AND NOT EXISTS (SELECT 1 FROM matters_decision d WHERE d.sub_item_id = s.id)""",
    ),
    Check(
        "I-04",
        "decision_contradicts_state",
        _("子项 %(subject)s 的决定与状态不符：%(detail)s。"),
        """SELECT s.number, d.outcome || ' / ' || s.state
             FROM matters_decision d JOIN matters_subitem s ON s.id = d.sub_item_id
            WHERE d.outcome <> s.state OR d.is_in_part <> s.is_in_part""",
    ),
    Check(
        "I-04",
        "decision_twice",
        _("子项 %(subject)s 有 %(detail)s 个决定。"),
        """SELECT s.number, count(*) FROM matters_decision d JOIN matters_subitem s ON s.id = d.sub_item_id
            GROUP BY s.number HAVING count(*) > 1""",
    ),
    Check(
        "I-05",
        "decided_by_applicant",
        _("子项 %(subject)s 由申请人本人作出决定。"),
        """SELECT s.number, '' FROM matters_decision d JOIN matters_subitem s ON s.id = d.sub_item_id
             JOIN matters_bundle b ON b.id = s.bundle_id JOIN accounts_person p ON p.id = b.applicant_id
            WHERE d.decided_by_id = p.user_id""",
    ),
    Check(
        "I-06",
        "sub_item_too_early",
        _("子项 %(subject)s 在前项“%(detail)s”准予之前就开始办理。"),
        """SELECT s.number, p.key FROM matters_subitem s
             JOIN matters_subitem p ON p.bundle_id = s.bundle_id AND s.after ? p.key
            WHERE s.state NOT IN ('waiting', 'withdrawn', 'terminated') AND p.state <> 'approved'""",
    ),
    Check(
        "I-07",
        "moment_before_its_cause",
        _("子项 %(subject)s 的时间先后颠倒：%(detail)s。"),
        """SELECT s.number, CASE WHEN s.accepted_at < b.submitted_at THEN '受理早于提交'
                                 WHEN s.concluded_at < s.accepted_at THEN '办结早于受理'
                                 WHEN s.concluded_at < b.submitted_at THEN '办结早于提交'
                                 ELSE '决定与办结时间不同' END
             FROM matters_subitem s JOIN matters_bundle b ON b.id = s.bundle_id
             LEFT JOIN matters_decision d ON d.sub_item_id = s.id
            WHERE s.accepted_at < b.submitted_at OR s.concluded_at < s.accepted_at OR s.concluded_at < b.submitted_at
               OR d.decided_at <> s.concluded_at""",
    ),
    Check(
        "I-09",
        "correction_missing",
        _("子项 %(subject)s 待补正，但没有未答复的补正告知。"),
        """SELECT s.number, '' FROM matters_subitem s
            WHERE s.state = 'returned' AND NOT EXISTS (
                  SELECT 1 FROM matters_correctionrequest c WHERE c.sub_item_id = s.id AND c.answered_at IS NULL AND c.told_at IS NOT NULL)""",
    ),
    Check(
        "I-09",
        "correction_stray",
        _("子项 %(subject)s 处于“%(detail)s”，却有未答复的补正告知。"),
        """SELECT s.number, s.state FROM matters_correctionrequest c JOIN matters_subitem s ON s.id = c.sub_item_id
            WHERE c.answered_at IS NULL AND c.told_at IS NOT NULL AND s.state NOT IN ('returned', 'withdrawn', 'terminated')""",
    ),
    Check(
        "I-09",
        "correction_empty",
        _("子项 %(subject)s 的补正告知没有列出任何内容。"),
        """SELECT s.number, '' FROM matters_correctionrequest c JOIN matters_subitem s ON s.id = c.sub_item_id
            WHERE NOT EXISTS (SELECT 1 FROM matters_correctionitem i WHERE i.request_id = c.id)""",
    ),
    Check(
        "I-09",
        "bundle_concluded_early",
        _("联办件 %(subject)s 已办结，但还有 %(detail)s 个子项未办结。"),
        """SELECT b.number, count(*) FROM matters_bundle b JOIN matters_subitem s ON s.bundle_id = b.id
            WHERE b.concluded_at IS NOT NULL AND s.state <> ALL(%(concluded)s) GROUP BY b.number""",
        _STATES,
    ),
    Check(
        "I-09",
        "bundle_not_concluded",
        _("联办件 %(subject)s 的子项已全部办结，但联办件没有办结。"),
        """SELECT b.number, '' FROM matters_bundle b
            WHERE b.concluded_at IS NULL
              AND b.id IN (SELECT s.bundle_id FROM matters_subitem s GROUP BY s.bundle_id
                           HAVING bool_and(s.state = ANY(%(concluded)s))
                              AND max(s.concluded_at) < statement_timestamp() - make_interval(secs => %(settled)s))""",
        _STATES,
    ),
    Check(
        "I-09",
        "sub_item_stuck",
        _("子项 %(subject)s 的前项均已有结果，它却仍在等待。"),
        """SELECT s.number, '' FROM matters_subitem s
            WHERE s.state = 'waiting' AND NOT EXISTS (
                  SELECT 1 FROM jsonb_array_elements_text(s.after) AS need (key)
                    LEFT JOIN matters_subitem p ON p.bundle_id = s.bundle_id AND p.key = need.key
                   WHERE p.id IS NULL OR p.state <> ALL(%(concluded)s)
                      OR p.concluded_at > statement_timestamp() - make_interval(secs => %(settled)s))
              AND s.state_since < statement_timestamp() - make_interval(secs => %(settled)s)""",
        _STATES,
    ),
    Check(
        "I-09",
        "final_without_moment",
        _("子项 %(subject)s 处于“%(detail)s”，与它的办结时间矛盾。"),
        """SELECT number, state FROM matters_subitem
            WHERE (state = ANY(%(concluded)s)) <> (concluded_at IS NOT NULL)""",
        _STATES,
    ),
    Check(
        "I-13",
        "draft_without_bundle",
        _("草稿 %(subject)s 标为已提交，但没有对应的联办件。"),
        """SELECT d.id, '' FROM matters_draft d LEFT JOIN matters_bundle b ON b.idempotency_key = d.submission_key
            WHERE d.submitted_at IS NOT NULL AND b.id IS NULL""",
    ),
    Check(
        "I-13",
        "draft_still_open",
        _("联办件 %(subject)s 已经存在，它的草稿却仍可提交。"),
        """SELECT b.number, '' FROM matters_draft d JOIN matters_bundle b ON b.idempotency_key = d.submission_key
            WHERE d.submitted_at IS NULL""",
    ),
    Check(
        "I-13",
        "material_left_behind",
        _("材料 %(subject)s 留在已提交的草稿上，没有随联办件提交。"),
        """SELECT m.id, '' FROM matters_submittedmaterial m JOIN matters_draft d ON d.id = m.draft_id
            WHERE d.submitted_at IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM retention_legalhold h
                   WHERE (h.person_id = d.applicant_id OR h.organisation_id = d.organisation_id)
                     AND COALESCE(h.lifted_at + interval '2 days', 'infinity') > now())""",
    ),
    Check(
        "I-16",
        "group_without_membership",
        _("账户 %(subject)s 在权限组 %(detail)s 中，却不是该部门的人员。"),
        """SELECT u.username, g.name FROM accounts_user_groups ug JOIN accounts_user u ON u.id = ug.user_id
             JOIN auth_group g ON g.id = ug.group_id
            WHERE g.name LIKE 'dept:%%' AND NOT EXISTS (
                  SELECT 1 FROM catalog_membership m JOIN catalog_department d ON d.id = m.department_id
                   WHERE m.user_id = u.id AND g.name = 'dept:' || d.code || ':' || m.role)""",
    ),
    Check(
        "I-16",
        "grant_elsewhere",
        _("权限组 %(subject)s 在别的部门有授权：%(detail)s。"),
        """SELECT g.name, d.name FROM catalog_departmentgroupobjectpermission p JOIN auth_group g ON g.id = p.group_id
             JOIN catalog_department d ON d.id = p.content_object_id
            WHERE g.name LIKE 'dept:%%' AND split_part(g.name, ':', 2) <> d.code""",
    ),
]

"""What workers do: the handler of each kind of job, how many they take at once, and who looks for work that is missing."""

from __future__ import annotations

from typing import Final

# Named handlers of outbox messages: a lower floor announces a fact without knowing who listens.
YIJIAN_OUTBOX_HANDLERS: Final = {
    "fan_out": "matters.dispatching.fanout.dispatch_sub_items",
    "render_certificate": "certificates.activities.rendering_work.render_certificates",
    "publish_status_list": "certificates.activities.status_lists.publish_status_lists",
    "notify": "matters.dispatching.notifying.deliver_notices",
    "draw_up": "matters.dispatching.drawing_up.draw_up_documents",
    "render_document": "matters.dispatching.rendering_letters.render_letters",
    "give_cards": "matters.reviewing.cards.give_due_cards",
    "reckon_figures": "matters.reviewing.figures.reckon_days",
    "scan_paper": "matters.dispatching.scanning.scan_papers",
    "fetch": "matters.drafts.fetching.fetch_for_drafts",
    "bulk": "matters.reviewing.bulk.run_bulk_actions",
    "decide_by_rule": "matters.reviewing.automatic.decide_by_rules",
    "phone_code": "portal.sharing.phone_checks.send_codes",
    "export_file": "portal.accounts.own_file.exports.make_exports",
    "prune": "portal.retention.pruning.prune_job",
    "hand_over": "matters.handing_over.pushing.push",
    "pull_system": "matters.handing_over.events.pull_events",
    "compare_system": "matters.handing_over.comparing.compare",
}
# How many rows a worker takes at once where the usual batch would outlast the lease.
YIJIAN_OUTBOX_BATCH: Final = {
    "render_certificate": 20,
    "render_document": 10,
    "scan_paper": 4,
    "fetch": 1,
    "bulk": 1,
    "phone_code": 1,
    "export_file": 1,
    "prune": 1,
    "hand_over": 1,
    "pull_system": 1,
    "compare_system": 1,
}
# How long what departments find wrong with an application is gathered before its applicant is told of all of it at once, in hours of working
# days: 24 are one working day. Of a matter by its code where it has a time of its own; 0: each department's at once.
YIJIAN_GATHERING_HOURS: int = 24
YIJIAN_GATHERING_HOURS_OF: Final[dict[str, int]] = {}
# How long a lead department has to settle what departments disagree on before a notice goes out without it, in hours of working days.
YIJIAN_SETTLING_HOURS: Final = 24
# How many licences may count as accepted because nobody answered, in one search; more wait for a person (``manage.py deem_accepted``).
YIJIAN_DEEMED_AT_ONCE: Final = 50
# How many yellow and red cards may be given in one search; more wait for a person (``manage.py give_cards``).
YIJIAN_CARDS_AT_ONCE: Final = 200
# How many working days before its last day an applicant is reminded of a paper that they promised to hand in.
YIJIAN_PROMISE_REMINDER_DAYS: Final = 3
# Within how many working days a department looks at a paper that was handed in later, and checks a commitment after acceptance.
YIJIAN_PROMISE_CHECK_DAYS: Final = 5
YIJIAN_COMMITMENT_CHECK_DAYS: Final = 30
# For how many days nothing of somebody is accepted on a promise after they broke one.
YIJIAN_PROMISE_BAR_DAYS: Final = 365
# How many promises may count as broken in one search because no paper came; more wait for a person (``manage.py end_unkept``).
YIJIAN_UNKEPT_AT_ONCE: Final = 20
# Each floor's search for work that should be enqueued and is not; returns how many it wrote.
YIJIAN_OUTBOX_RECONCILERS: Final = [
    "matters.dispatching.missing.enqueue_missing_fan_outs",
    "matters.reviewing.holding.release_stale_claims",
    "matters.reviewing.standing_in.move_held_of_absent",
    "matters.reviewing.gathering.close_due",
    "matters.reviewing.contradictions.remind_leads",
    "matters.reviewing.deeming.deem_accepted",
    "matters.reviewing.breaking.look_at_promises",
    "matters.reviewing.cards.look_for_cards",
    "matters.reviewing.figures.reckon_yesterday",
    "certificates.activities.rendering_work.enqueue_missing_renderings",
    "certificates.activities.status_lists.publish_again",
    "matters.dispatching.scanning.enqueue_pending_scans",
    "portal.accounts.own_file.exports.forget_exports",
    "portal.retention.pruning.prune_daily",
    "matters.drafts.matching.match_benefits",
    "matters.drafts.late_asking.ask_again",
    "matters.drafts.renewal_reminders.remind_daily",
    "portal.accounts.mandates.coming_of_age.tell_of_age",
    "portal.accounts.mandates.earlier.tell_unconfirmed",
    "matters.handing_over.pushing.hand_over_queued",
    "matters.handing_over.comparing.ask_systems",
]

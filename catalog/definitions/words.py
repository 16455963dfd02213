"""The closed lists that definitions choose from, and what a rule and a value are."""

from __future__ import annotations

from typing import Any, Final

Rule = Any
Value = str | int | bool | list[str] | None

FIELD_TYPES: Final = frozenset(
    {
        "text",  # one line
        "longtext",  # several lines
        "person_name",
        "organisation_name",
        "select",  # one of the element's options
        "multiselect",  # list of the element's options
        "date",  # YYYY-MM-DD
        "datetime",  # YYYY-MM-DDTHH:MM, Asia/Shanghai
        "integer",
        "decimal",  # kept as text: "12.50"
        "boolean",
        "id_kind",  # kind of identity document; a select
        "id_number",  # read together with the id_kind of the same role
        "phone",
        "credit_code",
        "bank_account",
        "division",  # GB/T 2260, six digits
        "address",
        "email",
        "postcode",
        "signature",  # the signer's name; one per item, never merged (law 4)
    }
)
# Types of which every item keeps its own copy.
NEVER_MERGED: Final = frozenset({"signature"})
# How strict a reuse policy is; merging takes the strictest.
REUSE_ORDER: Final = ("reuse", "confirm", "ask")
# Working days from acceptance for a paper that may be handed in later, where its item says nothing else.
DEFERRED_DAYS: Final = 10
LONGEST_DEFERRED: Final = 60
# How strict a material's necessity is; merging takes the strictest.
NECESSITY_ORDER: Final = ("optional", "deferrable", "required")
# Ways to meet a material without the applicant, in the order they are preferred. A commitment is the applicant's own
# promise, therefore last.
EXEMPTION_ORDER: Final = (
    "result",
    "generated",
    "shared_data",
    "certificate",
    "mandate",
    "earlier_upload",
    "commitment",
)
# Steps of an examination that take days of their own (Administrative Licensing Law art. 45). Who handles a case may begin one that its item
# lists by its kind; what is listed without one is only told in the guide.
PROCEDURE_KINDS: Final = ("hearing", "inspection", "expert_review", "test", "appraisal")
# Units of a time limit, and how an item is handled that is done at once (即办件).
WORKING_DAYS: Final = "working_days"
CALENDAR_DAYS: Final = "calendar_days"
LIMIT_UNITS: Final = frozenset({WORKING_DAYS, CALENDAR_DAYS})
IMMEDIATE: Final = "immediate"
# The type of an item that is a licence (行政许可): what the Administrative Licensing Law says of limits holds for these alone.
LICENCE: Final = "01"
# A matter with this status can be applied for online; the others are only described.
OPEN: Final = "open"
# One that is announced, with nothing to apply for yet.
COMING: Final = "coming"
# Those after which nobody need hand anything in, whatever happens. With the others nothing may be found, or the applicant may rather not promise:
# the paper may then be handed in after all.
CERTAIN_EXEMPTIONS: Final = frozenset({"result", "generated"})
# Kinds of dependency that make the later item wait; the others are drawn but hold nobody up.
WAITING_KINDS: Final = frozenset({"must_finish_first", "result_feeds"})
DEPENDENCY_KINDS: Final = WAITING_KINDS | {"parallel_after", "parallel", "independent"}

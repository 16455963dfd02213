"""The forms of a case's page: which action each belongs to, and what was typed into one that is shown again."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from matters.views.deficiencies import named_in

# Under which name the page hears which action was asked for before a login.
SENT_TO = "sent-to"
# Which form of the page an action belongs to, so that it stands open when something in it was refused.
FORMS = {
    "check": "points",
    "approve": "decide",
    "reject": "reject",
    "refuse": "reject",
    "correct": "correct",
    "keep": "amendment",
    "extend": "extend",
    "grant-round": "extra-round",
    "refuse-round": "extra-round",
    "ask-advice": "advice",
    "start-procedure": "procedure",
    "end-procedure": "procedures-title",
    "propose": "decide",
    "propose-refusal": "reject",
    "sign": "proposal",
    "send-back": "proposal",
    "note": "notes",
    "message": "talk",
    "check-promise": "promises-title",
}


def typed_of(post: QueryDict) -> dict[str, Any]:
    """Return what was typed into the forms of a case, as its page takes it back."""
    typed: dict[str, Any] = {name: str(value) for name, value in post.items()}
    typed["chosen"] = {name: post.getlist(name) for name in post}
    typed["gaps"] = [f"{gap.target}:{gap.key}" for gap in named_in(post)]
    return typed


def form_of(post: QueryDict) -> str:
    """Return which form of the page was sent: as it was kept over a login, else by what stood in it."""
    if (sent_to := str(post.get(SENT_TO))) in FORMS:
        return FORMS[sent_to]
    if any(name == "gap" or name.startswith("reason:") for name in post):
        return FORMS["correct"]
    if "extension_reason" in post:
        return FORMS["extend"]
    if "advice_due" in post:
        return FORMS["ask-advice"]
    if "procedure_reason" in post:
        return FORMS["start-procedure"]
    if "promise_findings" in post:
        return FORMS["check-promise"]
    if "findings" in post:
        return FORMS["end-procedure"]
    if "opinion" in post:
        return FORMS["sign"]
    if "note" in post or "message" in post:
        return FORMS["note" if "note" in post else "message"]
    return FORMS["approve"] if any(name.startswith(("output.", "instead.")) for name in post) else FORMS["reject"]

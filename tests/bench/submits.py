"""Submits over HTTP: the real view against the same view with a ``save()`` per row."""

from __future__ import annotations

from urllib.parse import urlencode

from matters.models import Bundle, Draft, SubItem
from tests.bench.figures import Figure, in_turns, say, tell
from tests.bench.serving import request, server
from tests.worlds.measured import Town


def measure(town: Town, *, rounds: int, count: int) -> None:
    figure = Figure("submit_over_http", "submits/s")
    processor: dict[str, list[float]] = {"one_statement": [], "save_per_row": []}
    with server() as running:

        def submits(way: str, prefix: str, number: int = count) -> None:
            requests = [_submit(town, prefix, draft) for draft in town.drafts(number)]
            used = running.cpu_seconds()
            rate = running.send(requests, expect=b"HTTP/1.1 302")
            figure.take(way, rate)
            processor[way].append((running.cpu_seconds() - used) / number * 1000)

        def nothing() -> None:
            empty = [request("POST", "/bench/nothing/", town.session)] * count * 2
            figure.take("session_only", running.send(empty, expect=b"HTTP/1.1 200"))

        say(f"submits over HTTP: {rounds} rounds of {count}")
        for way, prefix in (("one_statement", "/drafts"), ("save_per_row", "/bench/submit")):
            submits(way, prefix, 40)
        nothing()
        figure.rates.clear()
        for used in processor.values():
            used.clear()
        in_turns(
            rounds,
            lambda: submits("one_statement", "/drafts"),
            lambda: submits("save_per_row", "/bench/submit"),
            nothing,
        )
    _everything_is_there(town)
    figure.notes["web_cpu_ms"] = {way: round(sum(used) / len(used), 2) for way, used in processor.items()}
    figure.notes["sub_items"] = len(town.plan.items)
    tell(figure.line("one_statement", "save_per_row", "session_only"))


def _submit(town: Town, prefix: str, draft: Draft) -> bytes:
    address = f"/drafts/{draft.pk}/submit/" if prefix == "/drafts" else f"{prefix}/{draft.pk}/"
    form = {
        "submission_key": str(draft.submission_key),
        "revision": str(draft.revision),
        "truth": "1",
        "consent": [consent.key for consent in town.plan.consents],
    }
    return request("POST", address, town.session, urlencode(form, doseq=True))


def _everything_is_there(town: Town) -> None:
    submitted = Draft.objects.filter(submitted_at__isnull=False).count()
    assert Bundle.objects.count() == submitted, "a submit was answered and not done"
    assert SubItem.objects.count() == submitted * len(town.plan.items)

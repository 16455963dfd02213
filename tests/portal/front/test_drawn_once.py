"""Parts of pages that are drawn once: what the next reader is shown is their own, or nobody's."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from portal.lib import kept_parts

FORM = Template(
    "{% load i18n kept %}{% kept count=count around draft.pk name %}<form>{% csrf_token %}{% translate '姓名' %} {{ count }} "
    "{% url 'matters:form' draft.pk %} {% if name %}{{ name }}{% endif %}{{ request }}{{ user }}{{ secret }}</form>{% endkept %}"
)


def drawn(count: int, name: str, token: str = "abc", template: Template = FORM, **more: object) -> str:
    return template.render(
        Context({"count": count, "draft": {"pk": uuid4()}, "name": name, "csrf_token": token, **more})
    )


def test_each_reader_gets_their_own_token_address_and_name() -> None:
    first, second = drawn(3, "李", "one", secret="李的"), drawn(3, "欧阳", "two")
    assert 'value="one"' in first
    assert 'value="two"' in second
    assert "one" not in second
    assert "欧阳" in second
    assert "李" not in second
    pk = uuid4()
    assert f"/drafts/{pk}/" in FORM.render(Context({"count": 3, "draft": {"pk": pk}, "name": ""}))


def test_nothing_else_of_the_page_is_in_sight() -> None:
    request = RequestFactory().get("/secret/")
    shown = FORM.render(RequestContext(request, {"count": 4, "draft": {"pk": uuid4()}, "name": "", "secret": "s3cret"}))
    assert "secret" not in shown
    assert "s3cret" not in shown


def test_what_fills_a_hole_is_escaped() -> None:
    drawn(5, "李")
    assert "&lt;script&gt;" in drawn(5, "<script>")
    assert "<script>" not in drawn(5, "<script>")


def test_it_follows_from_what_is_named_and_from_the_language() -> None:
    assert " 6 " in drawn(6, "")
    assert " 7 " in drawn(7, "")
    with translation.override("en"):
        assert "姓名" not in drawn(6, "")
    assert "姓名" in drawn(6, "")


def test_a_form_without_a_token_stays_without(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "csrfmiddlewaretoken" in drawn(8, "")
    assert "csrfmiddlewaretoken" not in drawn(8, "", "NOTPROVIDED")


def test_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_parts, "MOST", len(kept_parts._parts) + 3)
    for number in range(100, 120):
        drawn(number, "")
    assert len(kept_parts._parts) <= kept_parts.MOST


def test_what_cannot_be_named_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="neither name=value"):
        Template("{% load kept %}{% kept material %}{% endkept %}")

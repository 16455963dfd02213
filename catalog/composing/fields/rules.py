"""A rule in a form: a builder of rows where JavaScript runs, a checked text of JSON everywhere."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.composing.fields.templates import OwnTemplate
from catalog.composing.form_context import FormContext
from catalog.definitions.deciding import DecisionRuleMalformed, read_decision_rule
from catalog.rules.language import check
from catalog.rules.rows import cases_of, cases_to_json, rows_of, to_json
from catalog.wording.conditions import Vocabulary, rule_problem, say_condition, say_count


class RuleWidget(OwnTemplate, forms.Textarea):
    """``kind``: ``condition`` (empty: always), ``flag`` (also yes and no), ``count``, ``rule`` (may not be empty),
    or ``value``: whatever a rule may come to, written as JSON."""

    template_name = "admin/catalog/compose/rule.html"

    def __init__(self, kind: str) -> None:
        super().__init__(attrs={"rows": 3, "spellcheck": "false", "class": "rule-text"})
        self.kind = kind
        self.vocabulary = Vocabulary()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            rule = json.loads(value) if isinstance(value, str) and value.strip() else None
            sound = not check(rule)
        except (ValueError, RecursionError):
            rule, sound = None, False
        shape: Any = None
        if sound and self.kind == "count":
            cases = cases_of(rule)
            shape = cases_to_json(cases) if cases else None
        elif sound:
            condition = rows_of(rule)
            shape = to_json(condition) if condition else rule if isinstance(rule, bool) else None
        say = say_count if self.kind == "count" else say_condition
        context["widget"] |= {
            "kind": self.kind,
            "shape": json.dumps(shape, ensure_ascii=False),
            "is_shown": sound and self.kind != "value" and (shape is not None or rule is None),
            "sentence": say(rule, self.vocabulary) if sound else _("还看不懂，请按下面的提示改"),
            "unknown": self.vocabulary.unknown(rule) if sound and self.vocabulary.subjects else [],
        }
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class RuleField(forms.Field):
    """A rule of ``catalog.rules.language``; empty is None."""

    widget: Any

    def __init__(self, kind: str = "condition", **kwargs: Any) -> None:
        kwargs.setdefault("required", kind == "rule")
        super().__init__(widget=RuleWidget(kind), **kwargs)

    def use_form_context(self, form_context: FormContext) -> None:
        self.widget.vocabulary = form_context.vocabulary

    def prepare_value(self, value: Any) -> str:
        if value is None:
            return ""
        return value if isinstance(value, _Typed) else json.dumps(value, ensure_ascii=False)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _Typed(data or "")

    def to_python(self, value: Any) -> Any:
        text = (value or "").strip()
        if not text:
            return None
        try:
            rule = json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(_("这不是一条写得对的规则，请检查括号、引号和逗号。"), code="not_json") from None
        problems = check(rule)
        if problems:
            sentences = _("；").join(dict.fromkeys(rule_problem(problem) for problem in problems))
            raise ValidationError(_("规则写得不对：%(problems)s。") % {"problems": sentences}, code="bad_rule")
        return rule

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(_("请写出规则。"), code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            given = self.to_python(data)
        except ValidationError:
            return True
        return json.dumps(given) != json.dumps(initial)


class _Typed(str):
    """What somebody typed, to be shown again as it was."""


class DecisionRuleField(forms.JSONField):
    """A rule that decides without a person, as JSON; empty is None. What it reads is checked where the item's other parts are known."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "rule-text"})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (
            json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict) else super().prepare_value(value)
        )

    def clean(self, value: Any) -> Any:
        rule = super().clean(value)
        try:
            read_decision_rule(rule)
        except DecisionRuleMalformed as fault:
            raise ValidationError(_("自动办结规则的“%(place)s”写得不对") % {"place": str(fault)}) from None
        return rule

"""The merged form for a preview: the same templates as in a real application, with nothing in it and nowhere to send it."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.merging.compiled import Plan
from matters.form_page.fields import section_views
from matters.form_page.filling import Filling, fill
from matters.form_page.skeleton import Skeleton, cut, division_choices


def empty_form(plan: Plan) -> SafeString:
    """Return the form of a plan as HTML in Chinese, as somebody sees it who has filled in nothing yet. Cost: at most one query."""
    sections = section_views(plan, str, division_choices(plan))
    views = [field for section in sections for group in section.groups for field in group.fields]
    skeleton = Skeleton(
        pieces=cut(render_to_string("components/form/sections.html", {"sections": sections})),
        sections=tuple(sections),
        fields={view.key: plan.fields[view.key] for view in views},
        titles={view.key: view.label for view in views},
        labels={},
        lists=frozenset(view.key for view in views if view.control == "list"),
        chosen=frozenset(),
        script=SafeString(""),
    )
    supplied = {key for key, field in plan.fields.items() if field.supplied_by is not None}
    return fill(skeleton, Filling({}, plan.visible({}) | supplied, plan.required({})))

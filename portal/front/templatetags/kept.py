"""``{% kept %}``: a part of a page that is drawn once in a process and language."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.lib.kept_parts import nested, part

register = template.Library()

CSRF = "csrf_token"


class KeptNode(Node):
    """See `kept`."""

    def __init__(self, body: NodeList, given: dict[str, FilterExpression], holes: dict[str, FilterExpression]) -> None:
        self.nodelist, self.given, self.holes = body, given, holes

    def render(self, context: Any) -> SafeString:
        given = {name: value.resolve(context) for name, value in self.given.items()}
        token = context.get(CSRF)
        filled = [str(conditional_escape(value.resolve(context))) for value in self.holes.values()]
        holes = [*filled, "" if token is None else str(token)]
        has_token = token is not None and str(token) != "NOTPROVIDED"

        def draw(stand_ins: Any) -> str:
            seen = given | nested(dict(zip(self.holes, stand_ins, strict=False)))
            if has_token:
                seen[CSRF] = stand_ins[-1]
            return self.nodelist.render(context.new(seen))

        key = (self, get_language(), has_token, *given.values())
        return mark_safe(part(key, holes, draw))  # noqa: S308 - drawn by a template; what fills holes is escaped


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Draw a part once: ``{% kept material=material limit=limit around draft.pk %}…{% endkept %}``.

    What it is drawn from is all that can be read inside, and what it is kept by: each value hashable and equal only to what looks the same,
    and of nobody in particular. ``around``: what is the reader's own and only written out (addresses, in ``{% url %}`` too, which takes an id);
    a condition on it sees nothing. A form's token is such a hole always.
    """
    bits = token.split_contents()[1:]
    cut = bits.index("around") if "around" in bits else len(bits)
    named, around = bits[:cut], bits[cut + 1 :]
    given = token_kwargs(named, parser)
    if named:
        raise template.TemplateSyntaxError(f"kept: {named[0]!r} is neither name=value nor around")
    body = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(body, given, {path: parser.compile_filter(path) for path in around})

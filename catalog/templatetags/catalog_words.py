"""Texts of the catalog in the reader's language, for templates."""

from __future__ import annotations

from django import template

from catalog.saying import say

register = template.Library()
register.filter("said", say)

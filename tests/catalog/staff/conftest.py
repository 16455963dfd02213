"""Those who write and review definitions, and the tiny catalog."""

from __future__ import annotations

from tests.catalog.publishing.conftest import deng, he, opening, registration, sun, tang

__all__ = ["deng", "he", "opening", "registration", "sun", "tang"]

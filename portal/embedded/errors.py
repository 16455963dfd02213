"""What may go wrong with an embedded server, said to the person at the keyboard."""

from __future__ import annotations


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be used; the message says why and what to do."""

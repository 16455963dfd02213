"""Promises: work that must happen is written in the transaction that makes it necessary, and done from there."""

from portal.outbox.enqueueing import Promise, promise, promise_again, promise_many

__all__ = ["Promise", "promise", "promise_again", "promise_many"]

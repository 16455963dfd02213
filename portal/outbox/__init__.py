"""The outbox: work that must happen is written in the transaction that makes it necessary, and done from there."""

from portal.outbox.enqueueing import Job, enqueue, enqueue_again, enqueue_many

__all__ = ["Job", "enqueue", "enqueue_again", "enqueue_many"]

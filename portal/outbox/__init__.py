"""The outbox: work that must happen is written in the transaction that makes it necessary, and done from there.

``enqueueing`` writes a job, ``worker_notifier`` wakes a worker after the commit, ``claiming`` takes rows under a lease, ``processing`` does them
in batches, ``poller`` finds what nobody was woken for. The broker holds nothing that matters.
"""

from portal.outbox.enqueueing import Job, enqueue, enqueue_again, enqueue_many

__all__ = ["Job", "enqueue", "enqueue_again", "enqueue_many"]

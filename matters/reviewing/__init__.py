"""What officers and applicants do with a sub-item after submission: claim, accept, return, answer, decide, withdraw.

``transitions`` applies one row of the table in ``matters.core.states``: one UPDATE that must change one row, the task, the event, the jobs.
``queue`` gives a department its pages, filters and counts.
"""

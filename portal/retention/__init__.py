"""How long what is kept stays, by class and law: the schedule, legal holds, the daily pruning, and what a person may have deleted.

Each floor adds the classes of rows that it keeps (``YIJIAN_RETENTION_CLASSES``); their terms and grounds are data
(``YIJIAN_RETENTION``). Nothing under a hold is touched, and nothing that proves the rest.
"""

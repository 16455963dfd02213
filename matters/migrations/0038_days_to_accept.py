"""What stands in a queue is due by the day on which its department says whether it accepts; corrections put decisions off.

Tasks of before had no day while they were not accepted, and clocks ran on while applicants corrected.
"""

from django.db import migrations

from matters.calendars.limits import answer_due, decision_due, pause


def count_days(apps, schema_editor):
    tasks = apps.get_model('matters', 'ReviewTask').objects
    waiting = tasks.filter(closed_at=None, stage='acceptance', sub_item__accepted_at=None, due_on=None)
    days = {}
    for pk, since in waiting.values_list('pk', 'sub_item__state_since').iterator():
        days.setdefault(answer_due(since).date, []).append(pk)
    for day, keys in days.items():
        tasks.filter(pk__in=keys).update(due_on=day)
    asked = apps.get_model('matters', 'CorrectionRequest').objects.exclude(answered_at=None)
    sub_items = apps.get_model('matters', 'SubItem').objects
    stood = {}
    for sub_item, start, end in asked.values_list('sub_item', 'requested_at', 'answered_at').iterator():
        stood.setdefault(sub_item, []).append(pause(start, end))
    for sub_item in sub_items.filter(pk__in=list(stood), due_on__isnull=False).iterator():
        limit = (sub_item.promised_limit_days, sub_item.limit_unit)
        due = decision_due(*limit, sub_item.accepted_at, stood[sub_item.pk])
        if due is not None and due.date != sub_item.due_on:
            sub_items.filter(pk=sub_item.pk).update(due_on=due.date)
            tasks.filter(sub_item=sub_item.pk, closed_at=None, stage='review').update(due_on=due.date)


class Migration(migrations.Migration):
    dependencies = [('matters', '0037_unreadable_events')]

    operations = [migrations.RunPython(count_days, migrations.RunPython.noop)]

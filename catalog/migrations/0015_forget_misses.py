"""What was kept of fruitless searches may hold names that no list of surnames told: it is forgotten, and collected anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0014_claim_hours")]

    operations: ClassVar = [migrations.RunSQL("DELETE FROM catalog_searchmiss", migrations.RunSQL.noop)]

"""What a rule came to stays as it was, and so does who switched one off; numbers that rules give out come from one row."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE SEQUENCE matters_rule_serial;
CREATE TRIGGER matters_ruleevaluation_append_only BEFORE UPDATE OR DELETE ON matters_ruleevaluation
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleevaluation_no_truncate BEFORE TRUNCATE ON matters_ruleevaluation
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleswitch_append_only BEFORE UPDATE OR DELETE ON matters_ruleswitch
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleswitch_no_truncate BEFORE TRUNCATE ON matters_ruleswitch
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_ruleevaluation_append_only ON matters_ruleevaluation;
DROP TRIGGER matters_ruleevaluation_no_truncate ON matters_ruleevaluation;
DROP TRIGGER matters_ruleswitch_append_only ON matters_ruleswitch;
DROP TRIGGER matters_ruleswitch_no_truncate ON matters_ruleswitch;
DROP SEQUENCE matters_rule_serial;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0028_decided_by_rule")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]

"""The tables, functions and triggers of `matters` as one step; an installation that has the steps it replaces takes it as done."""

import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import matters.core.states
import matters.models.cases
import portal.lib.sealed_text
import portal.lib.uuid7
from portal.lib.creating_models import CreateModels

SEQUENCES = """
CREATE SEQUENCE matters_bundle_serial;
CREATE SEQUENCE matters_rule_serial;
"""

FUNCTIONS = """
CREATE FUNCTION matters_acts_under(mandate uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM accounts_mandate a
                     LEFT JOIN accounts_person g ON g.id = a.agent_id
                     LEFT JOIN accounts_handler h ON h.organisation_id = a.agent_organisation_id
                     LEFT JOIN accounts_person m ON m.id = h.person_id
                    WHERE a.id = mandate AND who IN (g.user_id, m.user_id))
$$;

CREATE FUNCTION matters_had_a_hand(part uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM matters_subitem s
                     JOIN matters_bundle b ON b.id = s.bundle_id
                     JOIN accounts_person p ON p.id = b.applicant_id
                    WHERE s.id = part
                      AND (p.user_id = who
                           OR (b.channel = 'counter' AND who = ANY (b.clerks || b.entered_by_id))
                           OR EXISTS (SELECT FROM accounts_handler h JOIN accounts_person m ON m.id = h.person_id
                                       WHERE h.organisation_id = b.organisation_id AND m.user_id = who)
                           OR matters_acts_under(b.mandate_id, who)
                           OR matters_acts_under(b.begun_under_id, who)
                           -- As `Mandate.objects.between` has it: at any time since it was filed.
                           OR EXISTS (SELECT FROM accounts_mandate a
                                        JOIN accounts_person q ON q.id = a.principal_id
                                       WHERE (a.principal_id = p.id OR a.agent_id = p.id)
                                         AND a.begins_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
                                         AND (a.until IS NULL OR a.until >= (b.submitted_at AT TIME ZONE 'Asia/Shanghai')::date)
                                         AND (a.ended_at IS NULL OR a.ended_at >= b.submitted_at)
                                         AND CASE WHEN a.principal_id = p.id THEN matters_acts_under(a.id, who) ELSE q.user_id = who END)
                           OR EXISTS (SELECT FROM accounts_identitycheck c
                                       WHERE c.person_id = p.id AND c.officer_id = who)
                           OR EXISTS (SELECT FROM matters_subitem o
                                        JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                       WHERE o.bundle_id = b.id AND r.answered_by_id = who)))
$$;

CREATE FUNCTION matters_amendment_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF matters_had_a_hand(NEW.sub_item_id, NEW.handled_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, vouched for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_begun_under_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.begun_under_id IS DISTINCT FROM OLD.begun_under_id THEN
        RAISE EXCEPTION 'under which mandate it was begun stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_correction_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    applicant bigint;
    came_by text;
BEGIN
    IF NEW.answered_by_id IS NULL THEN
        RAISE EXCEPTION 'a correction is answered by somebody' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT p.user_id, b.channel INTO applicant, came_by
      FROM matters_subitem s
      JOIN matters_bundle b ON b.id = s.bundle_id
      JOIN accounts_person p ON p.id = b.applicant_id
     WHERE s.id = NEW.sub_item_id;
    IF came_by = 'online' AND applicant IS DISTINCT FROM NEW.answered_by_id AND NOT EXISTS (
        SELECT FROM matters_subitem s
          JOIN matters_bundle b ON b.id = s.bundle_id
          LEFT JOIN accounts_mandate a ON a.id = b.mandate_id AND a.ended_at IS NULL
          LEFT JOIN accounts_person g ON g.id = a.agent_id
          LEFT JOIN accounts_handler h
                 ON h.organisation_id IN (b.organisation_id, a.agent_organisation_id) AND h.ended_at IS NULL
          LEFT JOIN accounts_person m ON m.id = h.person_id
         WHERE s.id = NEW.sub_item_id AND NEW.answered_by_id IN (g.user_id, m.user_id)) THEN
        RAISE EXCEPTION 'an online application is answered for by its applicant'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF matters_had_a_hand(NEW.sub_item_id, NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, vouched for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_dispute_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['outcome', 'answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    -- It follows the person whose two entries a window found to be one.
    IF NEW.person_id <> OLD.person_id AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' AND EXISTS (
        SELECT 1 FROM accounts_personmerge m WHERE m.merged_id = OLD.person_id AND m.kept_id = NEW.person_id) THEN
        RETURN NEW;
    END IF;
    IF OLD.outcome <> '' OR NEW.outcome = '' OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a request for correction is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_drawn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION matters_letter_only_made_and_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made text[] := ARRAY['file', 'file_sha256', 'rendered_at', 'set_aside'];
    delivered text[] := ARRAY['delivered_at', 'delivered_to_id'];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF OLD.rendered_at IS NOT NULL AND (after - delivered) IS DISTINCT FROM (before - delivered)
       OR OLD.delivered_at IS NOT NULL AND (after - made) IS DISTINCT FROM (before - made)
       OR (after - made - delivered) IS DISTINCT FROM (before - made - delivered) THEN
        RAISE EXCEPTION 'an official document stays as it was; its file and its first opening are written once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_mandated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.mandate_id IS DISTINCT FROM OLD.mandate_id
           OR (NEW.mandate_id IS NOT NULL AND NEW.applicant_id IS DISTINCT FROM OLD.applicant_id) THEN
            RAISE EXCEPTION 'under which mandate it is stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF accounts_is_dead(NEW.applicant_id) THEN
        RAISE EXCEPTION 'nobody acts in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.mandate_id IS NOT NULL THEN
        PERFORM 1 FROM accounts_mandate m
          WHERE m.id = NEW.mandate_id AND m.principal_id = NEW.applicant_id AND m.ended_at IS NULL
            AND NEW.organisation_id IS NULL
            AND (m.kind = 'authorised' OR m.source <> 'paper' OR m.confirmed_by_id IS NOT NULL)
            AND m.begins_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
            AND (m.until IS NULL OR m.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
            FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody acts for a person but by a mandate' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_not_signed_by_who_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM matters_decisionproposal p
                WHERE p.id = NEW.proposal_id AND (p.proposed_by_id = NEW.signed_by_id OR p.outcome <> '')) THEN
        RAISE EXCEPTION 'a proposal is signed while it is open, and never by who proposed it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_order_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a supervisory order is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a policy stays as it is: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION matters_represented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
            RAISE EXCEPTION 'for whom it is stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.applicant_id IS NOT DISTINCT FROM OLD.applicant_id THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.organisation_id IS NOT NULL THEN
        PERFORM 1 FROM accounts_handler h
          WHERE h.organisation_id = NEW.organisation_id AND h.person_id = NEW.applicant_id AND h.ended_at IS NULL
            AND (h.until IS NULL OR h.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
            FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody acts for an organisation but its people' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_series_only_counts_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR to_jsonb(NEW) - 'last' IS DISTINCT FROM to_jsonb(OLD) - 'last' THEN
        RAISE EXCEPTION 'a series of numbers only counts on'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_signing_rule_is_a_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'is_active' IS DISTINCT FROM to_jsonb(OLD) - 'is_active' THEN
        RAISE EXCEPTION 'a signing rule is a version: another takes its place'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_task_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT number INTO NEW.number FROM matters_subitem WHERE id = NEW.sub_item_id;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER matters_amendment_by_another BEFORE INSERT OR UPDATE OF handled_by_id, sub_item_id ON matters_amendment
    FOR EACH ROW
    WHEN ((new.handled_by_id IS NOT NULL))
    EXECUTE FUNCTION matters_amendment_by_another();
CREATE TRIGGER matters_benefitpolicy_kept BEFORE DELETE ON matters_benefitpolicy
    FOR EACH ROW
    EXECUTE FUNCTION matters_policy_stays();
CREATE TRIGGER matters_benefitpolicy_stays BEFORE UPDATE ON matters_benefitpolicy
    FOR EACH ROW
    WHEN (((((((((((((((((((old.code)::text IS DISTINCT FROM (new.code)::text) OR (old.version IS DISTINCT FROM new.version)) OR ((old.name)::text IS DISTINCT FROM (new.name)::text)) OR ((old.name_en)::text IS DISTINCT FROM (new.name_en)::text)) OR (old.department_id IS DISTINCT FROM new.department_id)) OR ((old.matter)::text IS DISTINCT FROM (new.matter)::text)) OR (old.items IS DISTINCT FROM new.items)) OR ((old.conditions)::text IS DISTINCT FROM (new.conditions)::text)) OR ((old.ground)::text IS DISTINCT FROM (new.ground)::text)) OR ((old.certificate_type)::text IS DISTINCT FROM (new.certificate_type)::text)) OR (old.within_days IS DISTINCT FROM new.within_days)) OR ((old.lacks_type)::text IS DISTINCT FROM (new.lacks_type)::text)) OR (old.least_age IS DISTINCT FROM new.least_age)) OR (old.is_demo IS DISTINCT FROM new.is_demo)) OR (old.is_open IS DISTINCT FROM new.is_open)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR ((old.replaced_by_id IS NOT NULL) AND (new.replaced_by_id IS NULL))))
    EXECUTE FUNCTION matters_policy_stays();
CREATE TRIGGER matters_bundle_begun_under_stays BEFORE UPDATE OF begun_under_id ON matters_bundle
    FOR EACH ROW
    EXECUTE FUNCTION matters_begun_under_stays();
CREATE TRIGGER matters_bundle_mandated BEFORE INSERT OR UPDATE OF mandate_id, applicant_id ON matters_bundle
    FOR EACH ROW
    EXECUTE FUNCTION matters_mandated();
CREATE TRIGGER matters_bundle_represented BEFORE INSERT OR UPDATE OF organisation_id, applicant_id ON matters_bundle
    FOR EACH ROW
    EXECUTE FUNCTION matters_represented();
CREATE TRIGGER matters_casemessage_append_only BEFORE DELETE OR UPDATE ON matters_casemessage
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_casemessage_no_truncate BEFORE TRUNCATE ON matters_casemessage
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_casenote_append_only BEFORE DELETE OR UPDATE ON matters_casenote
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_casenote_no_truncate BEFORE TRUNCATE ON matters_casenote
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_correctionrequest_answered BEFORE UPDATE OF answered_at ON matters_correctionrequest
    FOR EACH ROW
    WHEN (((old.answered_at IS NULL) AND (new.answered_at IS NOT NULL)))
    EXECUTE FUNCTION matters_correction_answered();
CREATE TRIGGER matters_deadlinecard_append_only BEFORE DELETE OR UPDATE ON matters_deadlinecard
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_deadlinecard_no_truncate BEFORE TRUNCATE ON matters_deadlinecard
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_decision_by_another BEFORE INSERT OR UPDATE OF decided_by_id, sub_item_id ON matters_decision
    FOR EACH ROW
    EXECUTE FUNCTION matters_decision_by_another();
CREATE TRIGGER matters_documentseries_no_truncate BEFORE TRUNCATE ON matters_documentseries
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_documentseries_only_counts_on BEFORE UPDATE ON matters_documentseries
    FOR EACH ROW
    EXECUTE FUNCTION matters_series_only_counts_on();
CREATE TRIGGER matters_documentseries_stays BEFORE DELETE ON matters_documentseries
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_draft_mandated BEFORE INSERT OR UPDATE OF mandate_id, applicant_id ON matters_draft
    FOR EACH ROW
    EXECUTE FUNCTION matters_mandated();
CREATE TRIGGER matters_draft_represented BEFORE INSERT OR UPDATE OF organisation_id, applicant_id ON matters_draft
    FOR EACH ROW
    EXECUTE FUNCTION matters_represented();
CREATE TRIGGER matters_factdispute_no_truncate BEFORE TRUNCATE ON matters_factdispute
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_factdispute_only_answered BEFORE UPDATE ON matters_factdispute
    FOR EACH ROW
    EXECUTE FUNCTION matters_dispute_only_answered();
CREATE TRIGGER matters_factdispute_stays BEFORE DELETE ON matters_factdispute
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_fileddocument_append_only BEFORE DELETE OR UPDATE ON matters_fileddocument
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_fileddocument_no_truncate BEFORE TRUNCATE ON matters_fileddocument
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_inspection_append_only BEFORE DELETE OR UPDATE ON matters_inspection
    FOR EACH ROW
    EXECUTE FUNCTION matters_drawn_stays();
CREATE TRIGGER matters_inspection_cases_append_only BEFORE DELETE OR UPDATE ON matters_inspection_cases
    FOR EACH ROW
    EXECUTE FUNCTION matters_drawn_stays();
CREATE TRIGGER matters_materialsatisfaction_append_only BEFORE DELETE OR UPDATE ON matters_materialsatisfaction
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_materialsatisfaction_no_truncate BEFORE TRUNCATE ON matters_materialsatisfaction
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_officialdocument_no_truncate BEFORE TRUNCATE ON matters_officialdocument
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_officialdocument_stays BEFORE DELETE ON matters_officialdocument
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_officialdocument_stays_as_it_was BEFORE UPDATE ON matters_officialdocument
    FOR EACH ROW
    EXECUTE FUNCTION matters_letter_only_made_and_delivered();
CREATE TRIGGER matters_paperpromise_no_truncate BEFORE TRUNCATE ON matters_paperpromise
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_paperpromise_stays BEFORE DELETE ON matters_paperpromise
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_pointverdict_append_only BEFORE DELETE OR UPDATE ON matters_pointverdict
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_pointverdict_no_truncate BEFORE TRUNCATE ON matters_pointverdict
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_proposalsignature_append_only BEFORE DELETE OR UPDATE ON matters_proposalsignature
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_proposalsignature_by_another BEFORE INSERT ON matters_proposalsignature
    FOR EACH ROW
    EXECUTE FUNCTION matters_not_signed_by_who_proposed();
CREATE TRIGGER matters_proposalsignature_no_truncate BEFORE TRUNCATE ON matters_proposalsignature
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_reviewtask_is_numbered BEFORE INSERT ON matters_reviewtask
    FOR EACH ROW
    EXECUTE FUNCTION matters_task_is_numbered();
CREATE TRIGGER matters_ruleevaluation_append_only BEFORE DELETE OR UPDATE ON matters_ruleevaluation
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleevaluation_no_truncate BEFORE TRUNCATE ON matters_ruleevaluation
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleswitch_append_only BEFORE DELETE OR UPDATE ON matters_ruleswitch
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_ruleswitch_no_truncate BEFORE TRUNCATE ON matters_ruleswitch
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_signingrule_is_a_version BEFORE UPDATE ON matters_signingrule
    FOR EACH ROW
    EXECUTE FUNCTION matters_signing_rule_is_a_version();
CREATE TRIGGER matters_signingrule_stays BEFORE DELETE ON matters_signingrule
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_supervisoryorder_no_truncate BEFORE TRUNCATE ON matters_supervisoryorder
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_supervisoryorder_only_answered BEFORE UPDATE ON matters_supervisoryorder
    FOR EACH ROW
    EXECUTE FUNCTION matters_order_only_answered();
CREATE TRIGGER matters_supervisoryorder_stays BEFORE DELETE ON matters_supervisoryorder
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_systemevent_append_only BEFORE DELETE OR UPDATE ON matters_systemevent
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_systemevent_no_truncate BEFORE TRUNCATE ON matters_systemevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
"""

DROPPED = """
DROP FUNCTION
    matters_acts_under, matters_amendment_by_another, matters_begun_under_stays, matters_correction_answered,
    matters_decision_by_another, matters_dispute_only_answered, matters_drawn_stays, matters_had_a_hand,
    matters_letter_only_made_and_delivered, matters_mandated, matters_not_signed_by_who_proposed,
    matters_order_only_answered, matters_policy_stays, matters_represented, matters_series_only_counts_on,
    matters_signing_rule_is_a_version, matters_task_is_numbered
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("matters", "0001_initial"),
        ("matters", "0002_bundle_serial"),
        ("matters", "0003_limit_of_a_sub_item"),
        ("matters", "0004_no_organisation_on_a_bundle"),
        ("matters", "0005_site_of_the_window"),
        ("matters", "0006_sites_of_old_rows"),
        ("matters", "0007_claim_lapses"),
        ("matters", "0008_scan_of_papers"),
        ("matters", "0009_answered_by"),
        ("matters", "0010_who_answered_before"),
        ("matters", "0011_inspections"),
        ("matters", "0012_seal_reasons_and_file_names"),
        ("matters", "0013_not_decided_by_who_entered"),
        ("matters", "0014_what_a_correction_set_off"),
        ("matters", "0015_amendments"),
        ("matters", "0016_answer_by"),
        ("matters", "0017_given_numbers"),
        ("matters", "0018_placed_at"),
        ("matters", "0019_clerks"),
        ("matters", "0020_seal_purposes"),
        ("matters", "0021_limit_may_be_unpublished"),
        ("matters", "0022_limit_of_nothing_before"),
        ("matters", "0023_not_decided_by_who_vouched"),
        ("matters", "0024_satisfaction"),
        ("matters", "0025_satisfaction_stays"),
        ("matters", "0026_documents"),
        ("matters", "0027_documents_stay"),
        ("matters", "0028_decided_by_rule"),
        ("matters", "0029_rule_rows_stay"),
        ("matters", "0030_disputes"),
        ("matters", "0031_benefits"),
        ("matters", "0032_for_whom_it_is"),
        ("matters", "0033_no_act_after_removal"),
        ("matters", "0034_department_systems"),
        ("matters", "0035_system_events_stay"),
        ("matters", "0036_earlier_uploads"),
        ("matters", "0037_unreadable_events"),
        ("matters", "0038_days_to_accept"),
        ("matters", "0039_accepted_by_silence"),
        ("matters", "0040_forgotten_papers"),
        ("matters", "0041_mandates"),
        ("matters", "0042_no_act_after_a_mandate"),
        ("matters", "0043_extensions"),
        ("matters", "0044_disputes_answered_once"),
        ("matters", "0045_disputes_follow_their_person"),
        ("matters", "0046_policy_versions"),
        ("matters", "0047_policies_replaced_by_a_later_one"),
        ("matters", "0048_deaths_taken_back"),
        ("matters", "0049_systems_switched_since"),
        ("matters", "0050_begun_under"),
        ("matters", "0051_not_decided_by_who_acts"),
        ("matters", "0052_not_accepted"),
        ("matters", "0053_deficiency_kinds"),
        ("matters", "0054_queue_orders"),
        ("matters", "0055_point_verdicts"),
        ("matters", "0056_disputes_of_organisations"),
        ("matters", "0057_official_documents"),
        ("matters", "0058_letters_stay"),
        ("matters", "0059_supervision"),
        ("matters", "0060_orders_stay"),
        ("matters", "0061_absences"),
        ("matters", "0062_short_numbers"),
        ("matters", "0063_bulk_actions"),
        ("matters", "0064_saved_views"),
        ("matters", "0065_one_notice"),
        ("matters", "0066_extra_rounds"),
        ("matters", "0067_special_procedures"),
        ("matters", "0068_granted_in_part"),
        ("matters", "0069_advice"),
        ("matters", "0070_contradictions"),
        ("matters", "0071_letter_of_a_grant_in_part"),
        ("matters", "0072_office_code"),
        ("matters", "0073_in_part_on_the_sub_item"),
        ("matters", "0074_notes_and_messages"),
        ("matters", "0075_decision_phrases"),
        ("matters", "0076_paper_promises"),
        ("matters", "0077_promises_stay"),
        ("matters", "0078_not_under_an_unconfirmed_guardianship"),
        ("matters", "0079_held_values"),
        ("matters", "0080_signing_rules"),
        ("matters", "0081_mandates_for_papers"),
        ("matters", "0082_person_checks_that_wait"),
    ]

    dependencies = [
        ("accounts", "0001_squashed_0023_named_by_a_founding"),
        ("catalog", "0001_squashed_0034_mandates_for_papers"),
        ("certificates", "0001_squashed_0014_showings"),
        ("ledger", "0001_squashed_0006_kinds_of_security_events"),
        ("sharing", "0001_squashed_0010_consents_of_the_living"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="BenefitPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="代码")),
                        ("version", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="第几版")),
                        ("name", models.CharField(max_length=80, verbose_name="名称")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        ("matter", models.SlugField(max_length=60, verbose_name="一件事")),
                        (
                            "items",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=60),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="只办其中的事项",
                            ),
                        ),
                        ("conditions", models.CharField(max_length=300, verbose_name="条件")),
                        ("ground", models.CharField(max_length=300, verbose_name="读取记录的依据")),
                        ("certificate_type", models.SlugField(blank=True, max_length=60, verbose_name="凭哪种证照")),
                        ("within_days", models.PositiveSmallIntegerField(default=365, verbose_name="签发后多少天内")),
                        ("lacks_type", models.SlugField(blank=True, max_length=60, verbose_name="还没有哪种证照")),
                        (
                            "least_age",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="满多少周岁"),
                        ),
                        ("is_demo", models.BooleanField(default=True, verbose_name="演示参数")),
                        ("is_open", models.BooleanField(default=True, verbose_name="启用")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="从哪天起有效")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="有效到哪天")),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="matters.benefitpolicy",
                                verbose_name="接替的版本",
                            ),
                        ),
                        ("matched_until", models.DateTimeField(editable=False, null=True, verbose_name="匹配到")),
                    ],
                    options={
                        "verbose_name": "惠民政策",
                        "verbose_name_plural": "惠民政策",
                        "constraints": [
                            models.UniqueConstraint(fields=("code", "version"), name="benefit_policy_version_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("replaced_by__isnull", False),
                                    ("valid_from__isnull", True),
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="benefit_policy_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("certificate_type", ""), _negated=True), ("least_age__isnull", True)
                                    ),
                                    models.Q(("certificate_type", ""), ("least_age__isnull", False)),
                                    _connector="OR",
                                ),
                                name="benefit_policy_reads_one_kind_of_row",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ground", ""), _negated=True), name="benefit_policy_has_a_ground"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("accept", "受理"),
                                    ("approve", "准予"),
                                    ("hand_over", "转交"),
                                    ("remind", "提醒申请人补正"),
                                ],
                                max_length=10,
                                verbose_name="做什么",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="转交给",
                            ),
                        ),
                        ("language", models.CharField(editable=False, max_length=12)),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                    ],
                    options={
                        "verbose_name": "批量办理",
                        "verbose_name_plural": "批量办理",
                        "indexes": [
                            models.Index(fields=["asked_by", "department", "-id"], name="bulk_action_of_officer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "hand_over"), ("to__isnull", False)),
                                    models.Q(models.Q(("kind", "hand_over"), _negated=True), ("to__isnull", True)),
                                    _connector="OR",
                                ),
                                name="bulk_action_to_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bundle",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.CharField(max_length=32, unique=True, verbose_name="办件编号")),
                        (
                            "matter_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matterversion",
                                verbose_name="一件事版本",
                            ),
                        ),
                        (
                            "applicant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bundles",
                                to="accounts.person",
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bundles",
                                to="accounts.organisation",
                                verbose_name="经营主体",
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.mandate",
                                verbose_name="授权",
                            ),
                        ),
                        (
                            "begun_under",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.mandate",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("online", "网上"), ("counter", "窗口")],
                                default="online",
                                max_length=10,
                                verbose_name="渠道",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                help_text="在窗口收件时，收件人员所在的部门",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="收件窗口",
                            ),
                        ),
                        ("idempotency_key", models.UUIDField(unique=True)),
                        (
                            "clerks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                db_default=[],
                                default=list,
                                editable=False,
                                size=None,
                            ),
                        ),
                        ("answers", models.JSONField(default=dict, verbose_name="情形")),
                        ("form_sealed", models.BinaryField(verbose_name="表单（加密）")),
                        ("form_revision", models.PositiveIntegerField(default=1, verbose_name="表单修订号")),
                        ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                        ("promised_on", models.DateField(null=True, verbose_name="承诺办结日期")),
                        ("concluded_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                    ],
                    options={
                        "verbose_name": "联办件",
                        "verbose_name_plural": "联办件",
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["submitted_at"], name="bundle_in_time"
                            ),
                            models.Index(fields=["applicant", "-submitted_at"], name="bundle_of_applicant"),
                            models.Index(
                                condition=models.Q(("organisation__isnull", False)),
                                fields=["organisation", "-submitted_at"],
                                name="bundle_of_organisation",
                            ),
                            models.Index(
                                condition=models.Q(("mandate__isnull", False)),
                                fields=["mandate", "-submitted_at"],
                                name="bundle_under_mandate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CorrectionNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="correction_notices",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="开始归集时间")),
                        ("closes_at", models.DateTimeField(verbose_name="最晚告知时间")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="告知时间")),
                        ("dropped_at", models.DateTimeField(null=True, verbose_name="取消时间")),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="补正时间")),
                        ("draft_sealed", models.BinaryField(null=True)),
                        ("draft_saved_at", models.DateTimeField(null=True, verbose_name="暂存时间")),
                        (
                            "draft_saved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="暂存人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "一次性告知",
                        "verbose_name_plural": "一次性告知",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                                fields=["closes_at"],
                                name="notice_gathering",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                                fields=("bundle",),
                                name="notice_one_gathering",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                                ),
                                name="notice_sent_or_dropped",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_at__isnull", True), ("sent_at__isnull", False), _connector="OR"
                                ),
                                name="notice_answered_once_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contradiction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contradictions",
                                to="matters.correctionnotice",
                                verbose_name="一次性告知",
                            ),
                        ),
                        (
                            "target",
                            models.CharField(
                                choices=[("field", "填写内容"), ("material", "材料")],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        ("key", models.CharField(max_length=120, verbose_name="所指")),
                        (
                            "passed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="核对通过的部门",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="牵头部门",
                            ),
                        ),
                        ("found_at", models.DateTimeField(verbose_name="发现时间")),
                        ("settle_by", models.DateTimeField(verbose_name="最晚裁定时间")),
                        ("reminded_at", models.DateTimeField(null=True, verbose_name="催办时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "等牵头部门裁定"),
                                    ("asked", "要求补正"),
                                    ("left_out", "不要求补正"),
                                    ("lapsed", "牵头部门没有按时裁定，不要求补正"),
                                    ("moot", "不再需要裁定"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("notice_id", "target", "key"),
                                db_column="reason_sealed",
                                max_length=600,
                                verbose_name="裁定理由",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="裁定人",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="裁定时间")),
                    ],
                    options={
                        "verbose_name": "互相矛盾的要求",
                        "verbose_name_plural": "互相矛盾的要求",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("outcome", "")),
                                fields=["lead", "settle_by"],
                                name="contradiction_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("notice", "target", "key"), name="contradiction_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="contradiction_settled_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome__in", ["asked", "left_out"]), ("settled_by__isnull", False)),
                                    models.Q(
                                        models.Q(("outcome__in", ["asked", "left_out"]), _negated=True),
                                        ("settled_by__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="contradiction_settled_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CorrectionRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="correction_requests",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="matters.correctionnotice",
                                verbose_name="一次性告知",
                            ),
                        ),
                        ("requested_at", models.DateTimeField(verbose_name="提出时间")),
                        ("told_at", models.DateTimeField(null=True, verbose_name="告知时间")),
                        ("dropped_at", models.DateTimeField(null=True, verbose_name="取消时间")),
                        (
                            "answer_by",
                            models.DateField(
                                blank=True,
                                help_text="请申请人在这一天以前补正；可不填",
                                null=True,
                                verbose_name="补正期限",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="补正时间")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="补正人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "补正告知",
                        "verbose_name_plural": "补正告知",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True), ("dropped_at__isnull", True)),
                                fields=("sub_item",),
                                name="correction_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("told_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                                ),
                                name="correction_told_or_dropped",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_at__isnull", True), ("told_at__isnull", False), _connector="OR"
                                ),
                                name="correction_answered_once_told",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_by__isnull", True),
                                    models.Q(("answered_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="correction_not_answered_by_who_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CorrectionItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="matters.correctionrequest",
                                verbose_name="补正告知",
                            ),
                        ),
                        (
                            "target",
                            models.CharField(
                                choices=[("field", "填写内容"), ("material", "材料")],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        ("key", models.CharField(max_length=120, verbose_name="所指")),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("request_id", "target", "key"),
                                db_column="reason_sealed",
                                max_length=300,
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("incorrect", "不正确"),
                                    ("incomplete", "不完整"),
                                    ("outdated", "已过期"),
                                    ("unreadable", "看不清"),
                                    ("inconsistent", "前后不一致"),
                                    ("unsigned", "缺签名或盖章"),
                                    ("wrong_paper", "不是要的材料"),
                                    ("other", "其他"),
                                ],
                                db_default="other",
                                default="other",
                                max_length=12,
                                verbose_name="理由类别",
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("named", "部门指出"),
                                    ("necessary", "因改动而需要"),
                                    ("rule", "与改动的内容相关"),
                                    ("needless", "改动后不再需要"),
                                    ("set_aside", "没有告知申请人"),
                                ],
                                db_default="named",
                                default="named",
                                max_length=10,
                                verbose_name="来由",
                            ),
                        ),
                        ("before_sealed", models.BinaryField(null=True)),
                        ("after_sealed", models.BinaryField(null=True)),
                    ],
                    options={
                        "verbose_name": "补正内容",
                        "verbose_name_plural": "补正内容",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("origin", "set_aside"), _negated=True),
                                fields=("request", "target", "key"),
                                name="correction_item_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DailyFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="收件窗口",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("online", "网上"), ("counter", "窗口")], max_length=10, verbose_name="渠道"
                            ),
                        ),
                        ("filed", models.PositiveIntegerField(default=0, verbose_name="收件")),
                        ("concluded", models.PositiveIntegerField(default=0, verbose_name="办结")),
                        ("approved", models.PositiveIntegerField(default=0, verbose_name="准予")),
                        ("in_part", models.PositiveIntegerField(db_default=0, default=0, verbose_name="其中部分准予")),
                        ("rejected", models.PositiveIntegerField(default=0, verbose_name="不予办理")),
                        ("not_accepted", models.PositiveIntegerField(default=0, verbose_name="不予受理")),
                        ("late", models.PositiveIntegerField(default=0, verbose_name="超期办结")),
                        ("corrections", models.PositiveIntegerField(default=0, verbose_name="退回补正")),
                        ("days_to_accept", models.JSONField(default=dict, verbose_name="受理用时")),
                        ("days_to_decide", models.JSONField(default=dict, verbose_name="办理用时")),
                    ],
                    options={
                        "verbose_name": "每日办件数",
                        "verbose_name_plural": "每日办件数",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "matter", "department", "site", "channel"),
                                name="figure_once_a_day",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("approved", "准予"), ("rejected", "不予"), ("not_accepted", "不予受理")],
                                max_length=12,
                                verbose_name="结论",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, bound_to=("sub_item_id",), db_column="reason_sealed", verbose_name="理由"
                            ),
                        ),
                        ("outputs_sealed", models.BinaryField(null=True, verbose_name="决定内容（加密）")),
                        ("departures_sealed", models.BinaryField(null=True, verbose_name="与申请不同之处（加密）")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="决定人",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(verbose_name="决定时间")),
                        ("is_in_part", models.BooleanField(db_default=False, default=False, verbose_name="部分准予")),
                        (
                            "office_code",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=18,
                                verbose_name="决定机关统一社会信用代码",
                            ),
                        ),
                        (
                            "reason_code",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=12, verbose_name="理由代码"
                            ),
                        ),
                        (
                            "is_automatic",
                            models.BooleanField(db_default=False, default=False, verbose_name="按规则自动办结"),
                        ),
                    ],
                    options={
                        "verbose_name": "决定",
                        "verbose_name_plural": "决定",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_automatic", False),
                                    models.Q(("decided_by__isnull", True), ("outcome", "approved")),
                                    _connector="OR",
                                ),
                                name="decision_automatic_by_nobody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", "approved"), models.Q(("reason", b""), _negated=True), _connector="OR"
                                ),
                                name="decision_rejection_states_grounds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_in_part", False),
                                    models.Q(("outcome", "approved"), models.Q(("reason", b""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="decision_in_part_states_grounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁的",
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="只用于本部门的一个事项；留空用于全部事项。",
                                max_length=60,
                                verbose_name="事项代码",
                            ),
                        ),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("approved", "准予"),
                                    ("in_part", "部分准予"),
                                    ("rejected", "不予办理"),
                                    ("not_accepted", "不予受理"),
                                ],
                                max_length=12,
                                verbose_name="用于",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="按代码统计，如 R01；改用新的用语时，代码不变。",
                                max_length=12,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z0-9][A-Z0-9-]*$", "理由代码用大写字母、数字和连字符。"
                                    )
                                ],
                                verbose_name="理由代码",
                            ),
                        ),
                        (
                            "phrase",
                            models.TextField(
                                help_text="申请人会原样看到，经办人选用后可以改。不要写个人信息。",
                                max_length=500,
                                verbose_name="用语",
                            ),
                        ),
                        (
                            "is_offered",
                            models.BooleanField(
                                default=True,
                                help_text="不再用的请取消勾选；已作出的决定不受影响。",
                                verbose_name="可选用",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "决定用语",
                        "verbose_name_plural": "决定用语",
                        "ordering": ("department", "item", "use", "code", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("department", "owner", "item", "use", "phrase"),
                                name="decision_phrase_once",
                                nulls_distinct=False,
                                violation_error_message="这句用语已经有了。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("is_offered", True), ("owner", None), models.Q(("code", ""), _negated=True)
                                ),
                                fields=("department", "item", "use", "code"),
                                name="decision_phrase_one_of_a_code",
                                violation_error_message="这个代码已经有可选用的用语，请先停用原来的。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("owner", None), ("code", ""), _connector="OR"),
                                name="decision_phrase_own_has_no_code",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("approved", "准予"),
                                    ("in_part", "部分准予"),
                                    ("rejected", "不予办理"),
                                    ("not_accepted", "不予受理"),
                                ],
                                max_length=12,
                                verbose_name="拟作决定",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "proposed_at"),
                                db_column="reason_sealed",
                                max_length=2000,
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "reason_code",
                            models.CharField(blank=True, default="", max_length=12, verbose_name="理由代码"),
                        ),
                        ("filled_in_sealed", models.BinaryField(verbose_name="决定内容（加密）")),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "等审批"),
                                    ("signed", "已签署"),
                                    ("sent_back", "退回经办人"),
                                    ("replaced", "已重新提出"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="结束人",
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                        (
                            "why_back",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "proposed_at"),
                                db_column="why_back_sealed",
                                max_length=500,
                                verbose_name="退回理由",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "拟办意见",
                        "verbose_name_plural": "拟办意见",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")),
                                fields=("sub_item",),
                                name="decision_proposal_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("outcome", "")),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("ended_at__isnull", False),
                                        ("ended_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="decision_proposal_ended_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "sent_back"), _negated=True),
                                    models.Q(("why_back", b""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposal_sent_back_with_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeficiencyPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("incorrect", "不正确"),
                                    ("incomplete", "不完整"),
                                    ("outdated", "已过期"),
                                    ("unreadable", "看不清"),
                                    ("inconsistent", "前后不一致"),
                                    ("unsigned", "缺签名或盖章"),
                                    ("wrong_paper", "不是要的材料"),
                                    ("other", "其他"),
                                ],
                                max_length=12,
                                verbose_name="理由类别",
                            ),
                        ),
                        (
                            "phrase",
                            models.CharField(
                                help_text="申请人会原样看到：哪里不对、怎样改。不要写个人信息。",
                                max_length=200,
                                verbose_name="用语",
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="只用于本部门的一个事项；留空用于全部事项。",
                                max_length=60,
                                verbose_name="事项代码",
                            ),
                        ),
                        (
                            "is_offered",
                            models.BooleanField(
                                default=True, help_text="不再用的请取消勾选；已告知的不受影响。", verbose_name="可选用"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "补正用语",
                        "verbose_name_plural": "补正用语",
                        "ordering": ("department", "item", "kind", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("department", "item", "phrase"),
                                name="deficiency_phrase_once",
                                violation_error_message="这句用语已经有了。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DepartmentSystem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=80, verbose_name="名称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="systems",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "items",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=60), size=None, verbose_name="办理的事项"
                            ),
                        ),
                        ("address", models.CharField(max_length=40, verbose_name="接口")),
                        (
                            "answer_minutes",
                            models.PositiveIntegerField(default=60, verbose_name="多少分钟没有受理就转人工"),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="启用")),
                        (
                            "switched_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="最近一次启用或停用"),
                        ),
                        ("cursor", models.CharField(blank=True, editable=False, max_length=80, verbose_name="取到")),
                        ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="最近一次应答")),
                        ("failed_at", models.DateTimeField(editable=False, null=True, verbose_name="最近一次没有应答")),
                        ("compared_on", models.DateField(editable=False, null=True, verbose_name="最近一次对账")),
                    ],
                    options={
                        "verbose_name": "部门业务系统",
                        "verbose_name_plural": "部门业务系统",
                    },
                ),
                migrations.CreateModel(
                    name="DocumentSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("receipt", "receipt"),
                                    ("acceptance", "acceptance"),
                                    ("acceptance_refused", "acceptance_refused"),
                                    ("correction", "correction"),
                                    ("extension", "extension"),
                                    ("deferral", "deferral"),
                                    ("commitment", "commitment"),
                                    ("grant", "grant"),
                                    ("grant_in_part", "grant_in_part"),
                                    ("refusal", "refusal"),
                                    ("delivery", "delivery"),
                                ],
                                max_length=20,
                                verbose_name="文书种类",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("last", models.PositiveIntegerField(default=0, verbose_name="最后一号")),
                    ],
                    options={
                        "verbose_name": "文号序列",
                        "verbose_name_plural": "文号序列",
                        "constraints": [
                            models.UniqueConstraint(fields=("department", "kind", "year"), name="series_once_per_year")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "matter_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matterversion",
                                verbose_name="一件事版本",
                            ),
                        ),
                        (
                            "applicant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drafts",
                                to="accounts.person",
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drafts",
                                to="accounts.organisation",
                                verbose_name="经营主体",
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.mandate",
                                verbose_name="授权",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("online", "网上"), ("counter", "窗口")],
                                default="online",
                                max_length=10,
                                verbose_name="渠道",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                help_text="在窗口收件时，收件人员所在的部门",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="收件窗口",
                            ),
                        ),
                        (
                            "clerks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                db_default=[],
                                default=list,
                                editable=False,
                                size=None,
                            ),
                        ),
                        ("answers", models.JSONField(default=dict, verbose_name="情形")),
                        ("form_sealed", models.BinaryField(null=True, verbose_name="表单（加密）")),
                        ("revision", models.PositiveIntegerField(default=0, verbose_name="保存次数")),
                        ("submission_key", models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False)),
                        ("saved_at", models.DateTimeField(auto_now=True, verbose_name="保存时间")),
                        ("submitted_at", models.DateTimeField(null=True, verbose_name="提交时间")),
                    ],
                    options={
                        "verbose_name": "草稿",
                        "verbose_name_plural": "草稿",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("submitted_at__isnull", True)),
                                fields=["applicant", "-saved_at"],
                                name="draft_open",
                            ),
                            models.Index(
                                condition=models.Q(("organisation__isnull", False), ("submitted_at__isnull", True)),
                                fields=["organisation", "-saved_at"],
                                name="draft_of_organisation",
                            ),
                            models.Index(
                                condition=models.Q(("mandate__isnull", False), ("submitted_at__isnull", True)),
                                fields=["mandate", "-saved_at"],
                                name="draft_under_mandate",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BenefitMatch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="matters.benefitpolicy",
                                verbose_name="政策",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="对象",
                            ),
                        ),
                        ("reference", models.CharField(max_length=80, verbose_name="依据的记录")),
                        ("facts_sealed", models.BinaryField()),
                        (
                            "draft",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="matters.draft",
                                verbose_name="待确认申请",
                            ),
                        ),
                        ("matched_at", models.DateTimeField(verbose_name="匹配时间")),
                        ("declined_at", models.DateTimeField(null=True, verbose_name="放弃时间")),
                    ],
                    options={
                        "verbose_name": "待确认的待遇",
                        "verbose_name_plural": "待确认的待遇",
                        "indexes": [models.Index(fields=["person", "-matched_at"], name="benefit_of_person")],
                        "constraints": [
                            models.UniqueConstraint(fields=("policy", "reference"), name="benefit_matched_once_per_row")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactDispute",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="accounts.person",
                                verbose_name="提出人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="accounts.organisation",
                                verbose_name="经营主体",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="catalog.department",
                                verbose_name="答复部门",
                            ),
                        ),
                        ("fact", models.CharField(max_length=240, verbose_name="信息")),
                        ("label", models.CharField(max_length=160, verbose_name="名称")),
                        ("source", models.CharField(max_length=240, verbose_name="来源")),
                        (
                            "said",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="said_sealed", max_length=2000, verbose_name="原来的内容"
                            ),
                        ),
                        (
                            "wanted",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="wanted_sealed", max_length=1000, verbose_name="本人的说明"
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作账户",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="提出时间")),
                        ("due_on", models.DateField(verbose_name="答复期限")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("", "等答复"), ("corrected", "已更正"), ("kept", "没有更正")],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "answer",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="answer_sealed", max_length=1000, verbose_name="答复"
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                    ],
                    options={
                        "verbose_name": "更正请求",
                        "verbose_name_plural": "更正请求",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("outcome", "")),
                                fields=["department", "due_on", "id"],
                                name="dispute_desk",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("organisation__isnull", True), ("outcome", "")),
                                fields=("person", "fact"),
                                name="dispute_one_open_per_fact",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("organisation__isnull", False), ("outcome", "")),
                                fields=("organisation", "fact"),
                                name="dispute_one_open_of_organisation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", True), ("answered_by__isnull", True), ("outcome", "")
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="dispute_answered_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome", ""), models.Q(("answer", b""), _negated=True), _connector="OR"
                                ),
                                name="dispute_answer_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_by__isnull", True),
                                    models.Q(("answered_by", models.F("opened_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="dispute_answered_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FiledDocument",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        ("name", models.CharField(max_length=240, verbose_name="名称")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("form", "申请表"),
                                    ("generated", "系统生成的材料"),
                                    ("commitment", "告知承诺书"),
                                    ("consent", "同意书"),
                                    ("deferral", "容缺承诺书"),
                                ],
                                max_length=12,
                                verbose_name="种类",
                            ),
                        ),
                        ("sub_item", models.CharField(blank=True, max_length=80, verbose_name="子项")),
                        ("key", models.CharField(blank=True, max_length=160, verbose_name="材料或同意事项")),
                        ("content_sealed", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64, verbose_name="原文摘要")),
                        ("agreed_at", models.DateTimeField(verbose_name="确认时间")),
                    ],
                    options={
                        "verbose_name": "申请文书",
                        "verbose_name_plural": "申请文书",
                        "constraints": [
                            models.UniqueConstraint(fields=("bundle", "name"), name="document_once_per_bundle")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GivenNumber",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given_numbers",
                                to="matters.decision",
                                verbose_name="决定",
                            ),
                        ),
                        ("series", models.CharField(max_length=60, verbose_name="编号序列")),
                        ("number_index", models.BinaryField(max_length=32, verbose_name="编号索引")),
                    ],
                    options={
                        "verbose_name": "已给出的编号",
                        "verbose_name_plural": "已给出的编号",
                        "constraints": [
                            models.UniqueConstraint(fields=("series", "number_index"), name="number_given_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeldValues",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="held_values",
                                to="matters.draft",
                                verbose_name="草稿",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(verbose_name="保存次数")),
                        ("values_sealed", models.BinaryField(verbose_name="原来的内容（加密）")),
                        ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                    ],
                    options={
                        "verbose_name": "保全期间改动前的内容",
                        "verbose_name_plural": "保全期间改动前的内容",
                        "constraints": [
                            models.UniqueConstraint(fields=("draft", "revision"), name="held_values_once_a_save")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficerAbsence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="不在岗的人",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "stand_in",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="代办人员",
                            ),
                        ),
                        ("from_on", models.DateField(verbose_name="开始日期")),
                        ("until_on", models.DateField(verbose_name="结束日期")),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="提前结束时间")),
                    ],
                    options={
                        "verbose_name": "不在岗",
                        "verbose_name_plural": "不在岗",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["user", "department", "until_on"],
                                name="absence_of_officer",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["until_on"],
                                name="absence_under_way",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until_on__gte", models.F("from_on"))),
                                name="absence_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stand_in", models.F("user")), _negated=True),
                                name="absence_stand_in_is_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProposalSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="matters.decisionproposal",
                                verbose_name="拟办意见",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="签署人",
                            ),
                        ),
                        ("signed_at", models.DateTimeField(verbose_name="签署时间")),
                        (
                            "opinion",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("proposal_id", "signed_at"),
                                db_column="opinion_sealed",
                                max_length=500,
                                verbose_name="意见",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "审批签署",
                        "verbose_name_plural": "审批签署",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("proposal", "signed_by"), name="proposal_signed_once_by_each"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleEvaluation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rule_evaluation",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("decided", "decided"),
                                    ("false", "false"),
                                    ("missing", "missing"),
                                    ("differs", "differs"),
                                    ("unclear", "unclear"),
                                    ("off", "off"),
                                    ("identity", "identity"),
                                    ("taken", "taken"),
                                    ("not_issuable", "not_issuable"),
                                ],
                                max_length=16,
                                verbose_name="结果",
                            ),
                        ),
                        ("rule_digest", models.CharField(max_length=64, verbose_name="规则摘要")),
                        ("trace_sealed", models.BinaryField()),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rule_evaluation",
                                to="matters.decision",
                                verbose_name="决定",
                            ),
                        ),
                        ("share", models.PositiveSmallIntegerField(verbose_name="抽查比例（%）")),
                        ("draw", models.PositiveSmallIntegerField(verbose_name="抽签号（0–99）")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "规则核对记录",
                        "verbose_name_plural": "规则核对记录",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision__isnull", False), ("why", "decided")),
                                    models.Q(models.Q(("why", "decided"), _negated=True), ("decision__isnull", True)),
                                    _connector="OR",
                                ),
                                name="rule_evaluation_decides_exactly_when_decided",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="matters.ruleevaluation",
                                verbose_name="规则核对记录",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[("drawn", "抽查"), ("asked", "申请人要求")], max_length=10, verbose_name="缘由"
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="提出时间")),
                        ("is_right", models.BooleanField(null=True, verbose_name="自动办结正确")),
                        (
                            "note",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("evaluation_id", "cause"),
                                db_column="note_sealed",
                                max_length=300,
                                verbose_name="说明",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核查人",
                            ),
                        ),
                        ("checked_at", models.DateTimeField(null=True, verbose_name="核查时间")),
                    ],
                    options={
                        "verbose_name": "人工核查",
                        "verbose_name_plural": "人工核查",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("cause", "asked"), ("is_right__isnull", True)),
                                fields=["evaluation"],
                                name="person_check_asked",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("evaluation", "cause"), name="person_check_once_per_cause"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("checked_at__isnull", True),
                                        ("checked_by__isnull", True),
                                        ("is_right__isnull", True),
                                    ),
                                    models.Q(
                                        ("checked_at__isnull", False),
                                        ("checked_by__isnull", False),
                                        ("is_right__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="person_check_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleSwitch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        ("item", models.SlugField(max_length=60, verbose_name="事项")),
                        ("is_on", models.BooleanField(verbose_name="自动办结")),
                        ("reason", models.CharField(max_length=300, verbose_name="理由")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "自动办结开关",
                        "verbose_name_plural": "自动办结开关",
                        "indexes": [models.Index(fields=["department", "item", "-id"], name="rule_switch_latest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="rule_switch_states_why"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="账户",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="名称")),
                        ("list_name", models.CharField(max_length=12, verbose_name="列表")),
                        ("sort", models.CharField(max_length=10, verbose_name="排列")),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=12),
                                default=list,
                                size=None,
                                verbose_name="显示的列",
                            ),
                        ),
                        (
                            "fields",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="显示的表单内容",
                            ),
                        ),
                        ("channel", models.CharField(blank=True, max_length=10, verbose_name="渠道")),
                        ("item", models.CharField(blank=True, max_length=60, verbose_name="事项名称含有")),
                        ("field", models.CharField(blank=True, max_length=120, verbose_name="表单内容")),
                        (
                            "field_text",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("user_id", "department_id"),
                                db_column="field_text_sealed",
                                max_length=60,
                                verbose_name="含有",
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False, verbose_name="打开队列时先看")),
                    ],
                    options={
                        "verbose_name": "我的视图",
                        "verbose_name_plural": "我的视图",
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "department", "name"), name="saved_view_name_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("user", "department"),
                                name="saved_view_one_default",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SigningRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="只用于本部门的一个事项；留空用于全部事项。",
                                max_length=60,
                                verbose_name="事项代码",
                            ),
                        ),
                        (
                            "levels",
                            models.PositiveSmallIntegerField(
                                help_text="2：审查人提出，另一人审批；3：审查人提出，另一人复核，再由第三人审批。没有设置的，审查人自己决定。",
                                validators=[
                                    django.core.validators.MinValueValidator(2),
                                    django.core.validators.MaxValueValidator(3),
                                ],
                                verbose_name="审批级数",
                            ),
                        ),
                        (
                            "signers",
                            models.PositiveSmallIntegerField(
                                db_default=1,
                                default=1,
                                help_text="多于 1 人的，都签署了才算决定。",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(3),
                                ],
                                verbose_name="最后一级几个人签署",
                            ),
                        ),
                        (
                            "is_head_last",
                            models.BooleanField(db_default=False, default=False, verbose_name="最后一级由负责人审批"),
                        ),
                        (
                            "is_acceptor_apart",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="受理这一件的人，不能复核、审批。",
                                verbose_name="受理人不得审批",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True, help_text="已受理的办件仍按受理时的设置。", verbose_name="启用"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "审批设置",
                        "verbose_name_plural": "审批设置",
                        "ordering": ("department", "item", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True)),
                                fields=("department", "item"),
                                name="signing_rule_one_active",
                                violation_error_message="这个事项已经有启用的审批设置，请先停用原来的。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("levels__gte", 2), ("levels__lte", 3), ("signers__gte", 1), ("signers__lte", 3)
                                ),
                                name="signing_rule_within_bounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubItem",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sub_items",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="事项代码；同一事项为几个人各办一次时带序号，如 hukou#2",
                                max_length=80,
                                verbose_name="联办事项",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="办件编号")),
                        ("name", models.CharField(max_length=120, verbose_name="事项名称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sub_items",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        ("after", models.JSONField(default=list, verbose_name="须先办结")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("queued", "queued"),
                                    ("returned", "returned"),
                                    ("resubmitted", "resubmitted"),
                                    ("accepted", "accepted"),
                                    ("under_review", "under_review"),
                                    ("approved", "approved"),
                                    ("rejected", "rejected"),
                                    ("not_accepted", "not_accepted"),
                                    ("withdrawn", "withdrawn"),
                                    ("terminated", "terminated"),
                                ],
                                default=matters.core.states.State["WAITING"],
                                max_length=20,
                                verbose_name="状态",
                            ),
                        ),
                        ("state_since", models.DateTimeField(verbose_name="状态起始")),
                        (
                            "promised_limit_days",
                            models.PositiveSmallIntegerField(
                                help_text="空为未公布", null=True, verbose_name="承诺时限"
                            ),
                        ),
                        (
                            "limit_unit",
                            models.CharField(
                                choices=[("working_days", "工作日"), ("calendar_days", "自然日")],
                                db_default="working_days",
                                default="working_days",
                                max_length=14,
                                verbose_name="时限单位",
                            ),
                        ),
                        ("accepted_at", models.DateTimeField(null=True, verbose_name="受理时间")),
                        ("due_on", models.DateField(null=True, verbose_name="应办结日期")),
                        ("concluded_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                        (
                            "signing",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="matters.signingrule",
                                verbose_name="审批设置",
                            ),
                        ),
                        ("is_in_part", models.BooleanField(db_default=False, default=False, verbose_name="部分准予")),
                    ],
                    options={
                        "verbose_name": "子项",
                        "verbose_name_plural": "子项",
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True, fields=["concluded_at"], name="sub_item_concluded_in_time"
                            ),
                            models.Index(
                                models.F("department"),
                                matters.models.cases.NumberTail("number"),
                                name="sub_item_number_tail",
                            ),
                            models.Index(
                                condition=models.Q(("state", matters.core.states.State["RETURNED"])),
                                fields=["department", "state_since", "id"],
                                name="sub_item_returned",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", [matters.core.states.State["WAITING"]])),
                                fields=["department", "state_since", "id"],
                                name="sub_item_waits_for_others",
                            ),
                            models.Index(
                                condition=models.Q(("concluded_at__isnull", False)),
                                fields=["department", "concluded_at", "id"],
                                name="sub_item_concluded",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("bundle", "key"), name="sub_item_once_per_bundle"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("concluded_at__isnull", False),
                                        (
                                            "state__in",
                                            [
                                                matters.core.states.State["APPROVED"],
                                                matters.core.states.State["NOT_ACCEPTED"],
                                                matters.core.states.State["REJECTED"],
                                                matters.core.states.State["TERMINATED"],
                                                matters.core.states.State["WITHDRAWN"],
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(
                                            (
                                                "state__in",
                                                [
                                                    matters.core.states.State["APPROVED"],
                                                    matters.core.states.State["NOT_ACCEPTED"],
                                                    matters.core.states.State["REJECTED"],
                                                    matters.core.states.State["TERMINATED"],
                                                    matters.core.states.State["WITHDRAWN"],
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                        ("concluded_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="sub_item_concluded_exactly_when_final",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            matters.core.states.State["ACCEPTED"],
                                            matters.core.states.State["APPROVED"],
                                            matters.core.states.State["NOT_ACCEPTED"],
                                            matters.core.states.State["QUEUED"],
                                            matters.core.states.State["REJECTED"],
                                            matters.core.states.State["RESUBMITTED"],
                                            matters.core.states.State["RETURNED"],
                                            matters.core.states.State["TERMINATED"],
                                            matters.core.states.State["UNDER_REVIEW"],
                                            matters.core.states.State["WAITING"],
                                            matters.core.states.State["WITHDRAWN"],
                                        ],
                                    )
                                ),
                                name="sub_item_state_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpecialProcedure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="procedures",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("hearing", "听证"),
                                    ("inspection", "现场勘验"),
                                    ("expert_review", "专家评审"),
                                    ("test", "检验检测"),
                                    ("appraisal", "鉴定"),
                                ],
                                max_length=14,
                                verbose_name="种类",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="程序")),
                        ("days", models.PositiveSmallIntegerField(verbose_name="需要的工作日")),
                        ("is_counted", models.BooleanField(default=False, verbose_name="计入时限")),
                        ("held_on", models.DateField(null=True, verbose_name="进行的日期")),
                        (
                            "joins",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="joined_by",
                                to="matters.specialprocedure",
                                verbose_name="一起进行的勘验",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id",),
                                db_column="reason_sealed",
                                max_length=300,
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="启动人",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="启动时间")),
                        ("expected_on", models.DateField(verbose_name="预计结束")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("passed", "符合要求"), ("failed", "不符合要求"), ("dropped", "没有进行")],
                                default="",
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "findings",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id",),
                                db_column="findings_sealed",
                                max_length=2000,
                                verbose_name="记录",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                    ],
                    options={
                        "verbose_name": "特别程序",
                        "verbose_name_plural": "特别程序",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("sub_item", "kind"),
                                name="procedure_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ("hearing", "inspection", "expert_review", "test", "appraisal"))
                                ),
                                name="procedure_kind_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("ended_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="procedure_ended_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "hearing"), _negated=True),
                                    ("outcome__in", ["", "dropped"]),
                                    models.Q(("ended_by", models.F("started_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="procedure_hearing_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_tasks",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="进入队列时间")),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("acceptance", "待受理"),
                                    ("review", "审查中"),
                                    ("amendment", "待更正"),
                                    ("check", "待核查"),
                                    ("signing", "待审批"),
                                ],
                                db_default="acceptance",
                                default="acceptance",
                                max_length=10,
                                verbose_name="环节",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default="", default="", editable=False, max_length=40, verbose_name="办件编号"
                            ),
                        ),
                        ("due_on", models.DateField(null=True, verbose_name="应办结日期")),
                        (
                            "due_order",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Coalesce(
                                    "due_on", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
                                ),
                                output_field=models.DateField(),
                            ),
                        ),
                        (
                            "is_deemed_when_late",
                            models.BooleanField(
                                db_default=False, default=False, editable=False, verbose_name="逾期视为受理"
                            ),
                        ),
                        (
                            "claimed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="认领人",
                            ),
                        ),
                        ("claimed_at", models.DateTimeField(null=True, verbose_name="认领时间")),
                        ("claim_lapses_at", models.DateTimeField(null=True, verbose_name="认领保留到")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="离开队列时间")),
                    ],
                    options={
                        "verbose_name": "待办",
                        "verbose_name_plural": "待办",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["department", "opened_at", "id"],
                                name="review_queue",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["department", "stage", "opened_at", "id"],
                                name="review_queue_stage",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["department", "due_order", "id"],
                                name="review_queue_left",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["department", "number", "id"],
                                name="review_queue_number",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=["department", "stage", "due_order", "id"],
                                name="review_queue_stage_left",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("closed_at__isnull", True), ("is_deemed_when_late", True), ("stage", "acceptance")
                                ),
                                fields=["due_on", "id"],
                                name="review_unanswered",
                            ),
                            models.Index(
                                condition=models.Q(("claimed_by__isnull", True), ("closed_at__isnull", True)),
                                fields=["department", "opened_at", "id"],
                                name="review_queue_unclaimed",
                            ),
                            models.Index(
                                condition=models.Q(("claimed_by__isnull", True), ("closed_at__isnull", True)),
                                fields=["department", "due_order", "id"],
                                name="review_queue_unclaimed_left",
                            ),
                            models.Index(
                                condition=models.Q(("claimed_by__isnull", False), ("closed_at__isnull", True)),
                                fields=["claimed_by", "department", "opened_at", "id"],
                                name="review_queue_mine",
                            ),
                            models.Index(
                                condition=models.Q(("claimed_by__isnull", False), ("closed_at__isnull", True)),
                                fields=["claimed_by", "department", "due_order", "id"],
                                name="review_queue_mine_left",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("sub_item",),
                                name="review_task_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("claim_lapses_at__isnull", True), ("claimed_by__isnull", True)),
                                    models.Q(("claim_lapses_at__isnull", False), ("claimed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="review_task_claim_lapses",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PointVerdict",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="point_verdicts",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        ("point", models.CharField(max_length=200, verbose_name="审查要点")),
                        ("is_passed", models.BooleanField(verbose_name="通过")),
                        (
                            "note",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="note_sealed", max_length=300, verbose_name="哪里不对"
                            ),
                        ),
                        (
                            "judged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核对人",
                            ),
                        ),
                        ("judged_at", models.DateTimeField(verbose_name="核对时间")),
                    ],
                    options={
                        "verbose_name": "审查要点核对结果",
                        "verbose_name_plural": "审查要点核对结果",
                        "indexes": [models.Index(fields=["sub_item", "id"], name="point_verdicts_of_case")],
                    },
                ),
                migrations.CreateModel(
                    name="PaperPromise",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="promises",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        ("material", models.CharField(max_length=80, verbose_name="材料")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("deferred", "容缺后补"), ("commitment", "告知承诺")],
                                max_length=10,
                                verbose_name="方式",
                            ),
                        ),
                        ("result_waits", models.BooleanField(default=False, verbose_name="补齐后才出结果")),
                        ("made_at", models.DateTimeField(verbose_name="受理时间")),
                        ("due_on", models.DateField(verbose_name="期限")),
                        ("reminded_at", models.DateTimeField(null=True, verbose_name="提醒时间")),
                        ("handed_in_at", models.DateTimeField(null=True, verbose_name="补交时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "还没有核对"),
                                    ("kept", "已核实"),
                                    ("broken", "没有履行"),
                                    ("dropped", "不再需要"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "breach",
                            models.CharField(
                                blank=True,
                                choices=[("", "—"), ("late", "到期没有补交"), ("untrue", "核查与承诺不符")],
                                default="",
                                max_length=8,
                                verbose_name="没有履行的情形",
                            ),
                        ),
                        (
                            "findings",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "material", "kind"),
                                db_column="findings_sealed",
                                max_length=600,
                                verbose_name="核对记录",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="核对时间")),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核对人",
                            ),
                        ),
                        ("bars_until", models.DateField(null=True, verbose_name="失信记录期限")),
                        ("struck_at", models.DateTimeField(null=True, verbose_name="撤销记录的时间")),
                    ],
                    options={
                        "verbose_name": "承诺",
                        "verbose_name_plural": "承诺",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("handed_in_at__isnull", True), ("kind", "deferred"), ("outcome", "")
                                ),
                                fields=["due_on", "id"],
                                name="promise_awaited",
                            ),
                            models.Index(
                                condition=models.Q(("outcome", "broken")), fields=["sub_item"], name="promise_broken"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sub_item", "material", "kind"), name="promise_once_per_paper"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="promise_settled_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("bars_until__isnull", False),
                                        ("outcome", "broken"),
                                        models.Q(("breach", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", "broken"), _negated=True),
                                        ("bars_until__isnull", True),
                                        ("breach", ""),
                                        ("struck_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="promise_broken_is_on_record",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "deferred"),
                                    models.Q(("handed_in_at__isnull", True), ("result_waits", False)),
                                    _connector="OR",
                                ),
                                name="promise_handed_in_where_it_follows",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "deferred"), ("outcome", "kept"), _negated=True),
                                    ("handed_in_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="promise_kept_once_handed_in",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficialDocument",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="official_documents",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="official_documents",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="发文部门",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("receipt", "receipt"),
                                    ("acceptance", "acceptance"),
                                    ("acceptance_refused", "acceptance_refused"),
                                    ("correction", "correction"),
                                    ("extension", "extension"),
                                    ("deferral", "deferral"),
                                    ("commitment", "commitment"),
                                    ("grant", "grant"),
                                    ("grant_in_part", "grant_in_part"),
                                    ("refusal", "refusal"),
                                    ("delivery", "delivery"),
                                ],
                                max_length=20,
                                verbose_name="文书种类",
                            ),
                        ),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letter",
                                to="ledger.event",
                                verbose_name="依据的事件",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("serial", models.PositiveIntegerField(verbose_name="序号")),
                        ("number", models.CharField(max_length=60, verbose_name="文号")),
                        ("content_sealed", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64, verbose_name="原文摘要")),
                        ("drawn_at", models.DateTimeField(verbose_name="制作时间")),
                        ("file", models.CharField(blank=True, editable=False, max_length=200, verbose_name="文件")),
                        (
                            "file_sha256",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="文件摘要"),
                        ),
                        ("rendered_at", models.DateTimeField(editable=False, null=True, verbose_name="成文时间")),
                        (
                            "set_aside",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "没有搁置"),
                                    ("signer_refused", "签章拒绝"),
                                    ("unreadable", "内容打不开"),
                                ],
                                default="",
                                max_length=20,
                                verbose_name="搁置原因",
                            ),
                        ),
                        ("delivered_at", models.DateTimeField(editable=False, null=True, verbose_name="首次打开时间")),
                        (
                            "delivered_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="打开的人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "文书",
                        "verbose_name_plural": "文书",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("rendered_at__isnull", True), ("set_aside", "")),
                                fields=["drawn_at"],
                                name="letter_not_rendered",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("department", "kind", "year", "serial"), name="letter_number_once_per_series"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("delivered_at__isnull", True), ("delivered_to__isnull", True)),
                                    models.Q(("delivered_at__isnull", False), ("delivered_to__isnull", False)),
                                    _connector="OR",
                                ),
                                name="letter_delivered_to_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MaterialSatisfaction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="satisfactions",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        ("material", models.CharField(max_length=80, verbose_name="材料")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("shared_data", "数据共享"),
                                    ("certificate", "电子证照"),
                                    ("mandate", "登记的授权"),
                                    ("earlier_upload", "以前交过"),
                                    ("commitment", "告知承诺"),
                                ],
                                max_length=20,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "fetch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sharing.fetch",
                                verbose_name="查询记录",
                            ),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="certificates.certificate",
                                verbose_name="电子证照",
                            ),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.mandate",
                                verbose_name="授权",
                            ),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.handler",
                                verbose_name="经办人",
                            ),
                        ),
                        (
                            "earlier_part",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="matters.subitem",
                                verbose_name="以前的办件",
                            ),
                        ),
                        (
                            "earlier_files",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), db_default=[], default=list, editable=False, size=None
                            ),
                        ),
                        ("earlier_day", models.DateField(null=True, verbose_name="交材料的日期")),
                        ("earlier_until", models.DateField(null=True, verbose_name="可用到")),
                        ("text", models.TextField(blank=True, verbose_name="承诺原文")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "免交记录",
                        "verbose_name_plural": "免交记录",
                        "constraints": [
                            models.UniqueConstraint(fields=("bundle", "material"), name="satisfaction_once_per_paper"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("certificate__isnull", True),
                                        ("earlier_part__isnull", True),
                                        ("fetch__isnull", False),
                                        ("handler__isnull", True),
                                        ("kind", "shared_data"),
                                        ("mandate__isnull", True),
                                        ("text", ""),
                                    ),
                                    models.Q(
                                        ("certificate__isnull", False),
                                        ("earlier_part__isnull", True),
                                        ("fetch__isnull", True),
                                        ("handler__isnull", True),
                                        ("kind", "certificate"),
                                        ("mandate__isnull", True),
                                        ("text", ""),
                                    ),
                                    models.Q(
                                        ("certificate__isnull", True),
                                        ("earlier_part__isnull", True),
                                        ("fetch__isnull", True),
                                        ("handler__isnull", True),
                                        ("kind", "mandate"),
                                        ("mandate__isnull", False),
                                        ("text", ""),
                                    ),
                                    models.Q(
                                        ("certificate__isnull", True),
                                        ("earlier_part__isnull", True),
                                        ("fetch__isnull", True),
                                        ("handler__isnull", False),
                                        ("kind", "mandate"),
                                        ("mandate__isnull", True),
                                        ("text", ""),
                                    ),
                                    models.Q(
                                        ("certificate__isnull", True),
                                        ("earlier_part__isnull", False),
                                        ("fetch__isnull", True),
                                        ("handler__isnull", True),
                                        ("kind", "earlier_upload"),
                                        ("mandate__isnull", True),
                                        ("text", ""),
                                        ("earlier_day__isnull", False),
                                        ("earlier_until__isnull", False),
                                        models.Q(("earlier_files", []), _negated=True),
                                    ),
                                    models.Q(
                                        ("certificate__isnull", True),
                                        ("earlier_part__isnull", True),
                                        ("fetch__isnull", True),
                                        ("handler__isnull", True),
                                        ("kind", "commitment"),
                                        ("mandate__isnull", True),
                                        models.Q(("text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="satisfaction_rests_on_one_row",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inspection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "inspector",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="监察人员",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "purpose",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("inspector_id", "department_id", "drawn_at"),
                                db_column="purpose_sealed",
                                max_length=200,
                                verbose_name="抽查目的",
                            ),
                        ),
                        ("population", models.PositiveIntegerField(verbose_name="总件数")),
                        ("drawn_at", models.DateTimeField(verbose_name="抽取时间")),
                        ("closes_at", models.DateTimeField(verbose_name="可查看到")),
                        (
                            "cases",
                            models.ManyToManyField(
                                related_name="inspections", to="matters.subitem", verbose_name="抽中的办件"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽查",
                        "verbose_name_plural": "抽查",
                        "indexes": [
                            models.Index(fields=["inspector", "department", "drawn_at"], name="inspection_by_whom")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("purpose", b""), _negated=True), name="inspection_has_a_purpose"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandedOver",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handed_over",
                                to="matters.departmentsystem",
                                verbose_name="部门业务系统",
                            ),
                        ),
                        (
                            "sub_item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handed_over",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="移交时间")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="对方收到时间")),
                        ("reference", models.CharField(blank=True, max_length=80, verbose_name="对方编号")),
                        ("last_sequence", models.PositiveIntegerField(default=0, verbose_name="已处理到第几条")),
                        ("taken_back_at", models.DateTimeField(null=True, verbose_name="转人工时间")),
                    ],
                    options={
                        "verbose_name": "移交部门系统",
                        "verbose_name_plural": "移交部门系统",
                    },
                ),
                migrations.CreateModel(
                    name="ExtraRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extra_rounds",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(verbose_name="第几次补正")),
                        ("points", models.PositiveSmallIntegerField(verbose_name="新增的内容")),
                        ("gaps_sealed", models.BinaryField()),
                        ("answer_by", models.DateField(null=True, verbose_name="补正期限")),
                        (
                            "why",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id", "round"),
                                db_column="why_sealed",
                                max_length=600,
                                verbose_name="申请理由",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("", "等负责人批准"), ("granted", "已批准"), ("refused", "没有批准")],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "round"),
                                db_column="reason_sealed",
                                max_length=600,
                                verbose_name="审批意见",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审批人",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                        (
                            "request",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extra_round",
                                to="matters.correctionrequest",
                                verbose_name="补正告知",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "再次补正",
                        "verbose_name_plural": "再次补正",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")), fields=("sub_item",), name="extra_round_one_open"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="extra_round_settled_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("settled_by__isnull", True),
                                    models.Q(("settled_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="extra_round_not_settled_by_who_asked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "granted"), ("request__isnull", False)),
                                    models.Q(
                                        models.Q(("outcome", "granted"), _negated=True), ("request__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="extra_round_granted_makes_a_request",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extension",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="延长的工作日")),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id",),
                                db_column="reason_sealed",
                                max_length=600,
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="申请延期的人",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="申请延期的时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("", "等负责人审批"), ("granted", "已批准"), ("refused", "没有批准")],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审批人",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                    ],
                    options={
                        "verbose_name": "延期",
                        "verbose_name_plural": "延期",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("outcome", "")), fields=["sub_item"], name="extension_asked"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("days__gte", 1), ("days__lte", 10)), name="extension_within_the_law"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="extension_settled_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("settled_by__isnull", True),
                                    models.Q(("settled_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="extension_not_settled_by_who_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeadlineCard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cards",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(
                                choices=[("yellow", "黄牌"), ("red", "红牌")], max_length=6, verbose_name="牌"
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="应办结日期")),
                        (
                            "holder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="办理人",
                            ),
                        ),
                        ("given_at", models.DateTimeField(verbose_name="亮牌时间")),
                    ],
                    options={
                        "verbose_name": "红黄牌",
                        "verbose_name_plural": "红黄牌",
                        "indexes": [models.Index(fields=["department", "-given_at"], name="card_of_department")],
                        "constraints": [
                            models.UniqueConstraint(fields=("sub_item", "colour", "due_on"), name="card_once_per_limit")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "text",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id", "written_at"),
                                db_column="text_sealed",
                                max_length=500,
                                verbose_name="备注",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="填写时间")),
                    ],
                    options={
                        "verbose_name": "内部备注",
                        "verbose_name_plural": "内部备注",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", b""), _negated=True), name="note_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("department", "部门"), ("applicant", "申请人"), ("window", "收件窗口")],
                                max_length=10,
                                verbose_name="谁写的",
                            ),
                        ),
                        (
                            "text",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id", "side", "sent_at"),
                                db_column="text_sealed",
                                max_length=1000,
                                verbose_name="内容",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发送人",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(verbose_name="发送时间")),
                    ],
                    options={
                        "verbose_name": "办件消息",
                        "verbose_name_plural": "办件消息",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", b""), _negated=True), name="message_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="matters.bulkaction",
                                verbose_name="批量办理",
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("", "等待"), ("done", "已办"), ("refused", "没有办成")],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "sentence",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("action_id", "sub_item_id"),
                                db_column="sentence_sealed",
                                max_length=600,
                                verbose_name="说明",
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "批量办理的一件",
                        "verbose_name_plural": "批量办理的一件",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("outcome", "")), fields=["action", "id"], name="bulk_line_waiting"
                            )
                        ],
                        "constraints": [models.UniqueConstraint(fields=("action", "sub_item"), name="bulk_line_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Amendment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="matters.correctionrequest",
                                verbose_name="补正告知",
                            ),
                        ),
                        ("fields", models.JSONField(default=list, verbose_name="改动的内容")),
                        ("changes_sealed", models.BinaryField(verbose_name="改动（加密）")),
                        ("opened_at", models.DateTimeField(verbose_name="转来时间")),
                        ("agreed_at", models.DateTimeField(null=True, verbose_name="同意时间")),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "待核对"),
                                    ("agreed", "已更正"),
                                    ("refused", "没有同意更正"),
                                    ("dropped", "内容已改回"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, bound_to=("sub_item_id",), db_column="reason_sealed", verbose_name="理由"
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                    ],
                    options={
                        "verbose_name": "更正",
                        "verbose_name_plural": "更正",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")), fields=("sub_item",), name="amendment_one_open"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="amendment_settled_exactly_with_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "refused"), _negated=True),
                                    models.Q(("reason", b""), _negated=True),
                                    _connector="OR",
                                ),
                                name="amendment_refusal_states_grounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Advice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="advice",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="征求意见的部门",
                            ),
                        ),
                        (
                            "question",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id", "department_id"),
                                db_column="question_sealed",
                                max_length=500,
                                verbose_name="问题",
                            ),
                        ),
                        (
                            "fields",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120),
                                default=list,
                                size=None,
                                verbose_name="给对方看的内容",
                            ),
                        ),
                        ("is_yes_no", models.BooleanField(default=False, verbose_name="要回答同意或者不同意")),
                        ("is_confidential", models.BooleanField(default=False, verbose_name="不给其他被征求的部门看")),
                        ("due_on", models.DateField(verbose_name="答复期限")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="征求意见的人",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="征求意见的时间")),
                        ("reminded_at", models.DateTimeField(null=True, verbose_name="催办时间")),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[("", "—"), ("yes", "同意"), ("no", "不同意")],
                                default="",
                                max_length=3,
                                verbose_name="是否同意",
                            ),
                        ),
                        (
                            "answer",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "department_id"),
                                db_column="answer_sealed",
                                max_length=2000,
                                verbose_name="答复",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                        ("revoked_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                    ],
                    options={
                        "verbose_name": "征求意见",
                        "verbose_name_plural": "征求意见",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at__isnull", True), ("revoked_at__isnull", True)),
                                fields=["department", "due_on", "id"],
                                name="advice_to_answer",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True), ("revoked_at__isnull", True)),
                                fields=("sub_item", "department"),
                                name="advice_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", b""),
                                        ("answered_at__isnull", True),
                                        ("answered_by__isnull", True),
                                        ("verdict", ""),
                                    ),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("answer", b""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="advice_answered_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                                ),
                                name="advice_answered_or_revoked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_at__isnull", True),
                                    models.Q(("is_yes_no", True), models.Q(("verdict", ""), _negated=True)),
                                    models.Q(("is_yes_no", False), ("verdict", "")),
                                    _connector="OR",
                                ),
                                name="advice_verdict_where_asked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_by__isnull", True),
                                    models.Q(("answered_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="advice_not_answered_by_who_asked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubmittedMaterial",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="所有人",
                            ),
                        ),
                        (
                            "draft",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="materials",
                                to="matters.draft",
                                verbose_name="草稿",
                            ),
                        ),
                        (
                            "bundle",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="materials",
                                to="matters.bundle",
                                verbose_name="联办件",
                            ),
                        ),
                        ("material", models.CharField(max_length=80, verbose_name="材料")),
                        ("file", models.FileField(upload_to="materials/%Y/%m/", verbose_name="文件")),
                        (
                            "original_name",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="original_name_sealed", max_length=255, verbose_name="文件名"
                            ),
                        ),
                        ("content_type", models.CharField(max_length=60, verbose_name="格式")),
                        ("size", models.PositiveIntegerField(verbose_name="大小（字节）")),
                        ("sha256", models.CharField(max_length=64)),
                        ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                        ("replaced_at", models.DateTimeField(null=True, verbose_name="被替换时间")),
                        ("placed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "scan",
                            models.CharField(
                                choices=[
                                    ("", "没有查毒"),
                                    ("clean", "没有病毒"),
                                    ("pending", "待查毒"),
                                    ("infected", "查出病毒"),
                                ],
                                db_default="",
                                default="",
                                max_length=10,
                                verbose_name="查毒",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="说明"),
                        ),
                        ("forgotten_at", models.DateTimeField(editable=False, null=True, verbose_name="销毁时间")),
                    ],
                    options={
                        "verbose_name": "已交材料",
                        "verbose_name_plural": "已交材料",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("scan", "pending")), fields=["id"], name="materials_to_scan"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("bundle__isnull", False), ("draft__isnull", True)),
                                    models.Q(("bundle__isnull", True), ("draft__isnull", False)),
                                    _connector="OR",
                                ),
                                name="submitted_material_has_one_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisoryOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sub_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="matters.subitem",
                                verbose_name="子项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "text",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("sub_item_id", "ordered_by_id", "ordered_at"),
                                db_column="text_sealed",
                                max_length=300,
                                verbose_name="督办要求",
                            ),
                        ),
                        (
                            "ordered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="督办人",
                            ),
                        ),
                        ("ordered_at", models.DateTimeField(verbose_name="督办时间")),
                        ("due_on", models.DateField(verbose_name="答复期限")),
                        (
                            "answer",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("sub_item_id", "ordered_at"),
                                db_column="answer_sealed",
                                max_length=600,
                                verbose_name="答复",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                    ],
                    options={
                        "verbose_name": "督办单",
                        "verbose_name_plural": "督办单",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("answered_at__isnull", True)),
                                fields=["department", "due_on", "id"],
                                name="order_desk",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True)),
                                fields=("sub_item",),
                                name="order_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("answer", b""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="order_answered_with_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_by__isnull", True),
                                    models.Q(("answered_by", models.F("ordered_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="order_answered_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SystemDifference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="differences",
                                to="matters.departmentsystem",
                                verbose_name="系统",
                            ),
                        ),
                        ("number", models.CharField(max_length=80, verbose_name="办件编号")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("missing_there", "对方没有这一件"),
                                    ("missing_here", "本站没有移交过这一件"),
                                    ("state", "状态不一致"),
                                    ("unreadable", "对方发来的消息读不懂，没有生效"),
                                ],
                                max_length=20,
                                verbose_name="差异",
                            ),
                        ),
                        ("here", models.CharField(blank=True, max_length=20, verbose_name="本站")),
                        ("there", models.CharField(blank=True, max_length=20, verbose_name="对方")),
                        ("found_at", models.DateTimeField(verbose_name="发现时间")),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="负责人",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="了结时间")),
                    ],
                    options={
                        "verbose_name": "对账差异",
                        "verbose_name_plural": "对账差异",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=("system", "number", "kind"),
                                name="system_difference_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SystemEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="matters.departmentsystem",
                                verbose_name="系统",
                            ),
                        ),
                        ("event", models.CharField(max_length=80, verbose_name="消息标识")),
                        (
                            "handed_over",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="matters.handedover",
                                verbose_name="移交部门系统",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="序号")),
                        ("kind", models.CharField(max_length=20, verbose_name="内容")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("applied", "已生效"),
                                    ("late", "晚到，不再生效"),
                                    ("refused", "与现状不符，没有生效"),
                                ],
                                max_length=10,
                                verbose_name="处理",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="收到时间")),
                    ],
                    options={
                        "verbose_name": "部门系统消息",
                        "verbose_name_plural": "部门系统消息",
                        "constraints": [models.UniqueConstraint(fields=("system", "event"), name="system_event_once")],
                    },
                ),
            ],
        ),
        migrations.RunSQL(SEQUENCES, "DROP SEQUENCE matters_bundle_serial, matters_rule_serial"),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]

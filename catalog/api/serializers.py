"""What the catalog's API returns and takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class MatterSummarySerializer(serializers.Serializer[Any]):
    """A published matter in a list."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    subject = serializers.ChoiceField(choices=["person", "organisation"])
    stage = serializers.CharField()
    standing = serializers.ChoiceField(choices=["open", "guide"], help_text="Whether it can be applied for online.")
    summary = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="Number of the published version.")
    content_hash = serializers.CharField(help_text="SHA-256 of the version's canonical JSON.")


class OptionSerializer(serializers.Serializer[Any]):
    """One answer of a guide question."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(allow_blank=True)
    stops = serializers.CharField(
        allow_blank=True, help_text="Why the matter cannot be applied for online with this answer."
    )


class QuestionSerializer(serializers.Serializer[Any]):
    """A guide question. Without options it asks for a number between ``minimum`` and ``maximum``."""

    key = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    multiple = serializers.BooleanField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField(allow_null=True)
    options = OptionSerializer(many=True)


class MatterItemSerializer(serializers.Serializer[Any]):
    """An item of a matter, with its limits in ``limit_unit``."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    department = serializers.CharField()
    handling = serializers.ChoiceField(choices=["immediate", "promised"])
    promised_limit_days = serializers.IntegerField(allow_null=True)
    statutory_limit_days = serializers.IntegerField(allow_null=True)
    limit_unit = serializers.ChoiceField(choices=["working_days", "calendar_days"], default="working_days")


class MatterSerializer(MatterSummarySerializer):
    """A published matter with every question and item it may have."""

    lead_department = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    questions = QuestionSerializer(many=True)
    items = MatterItemSerializer(many=True)


class PlanRequestSerializer(serializers.Serializer[Any]):
    """Answers to guide questions: question key → value, or a list of values where several may be chosen."""

    answers = serializers.DictField(child=serializers.JSONField(), default=dict)


class AnswerProblemSerializer(serializers.Serializer[Any]):
    """An answer that is missing or not possible."""

    question = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    """What a set of answers leads to: everything that the matter's pages show."""

    matter = serializers.SlugField()
    version = serializers.IntegerField()
    problems = AnswerProblemSerializer(many=True)
    answers = serializers.DictField()
    questions = serializers.ListField(child=serializers.DictField())
    stops = serializers.ListField(child=serializers.DictField())
    roles = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField())
    fields = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]
    materials = serializers.ListField(child=serializers.DictField())
    consents = serializers.ListField(child=serializers.DictField())
    dependencies = serializers.ListField(child=serializers.DictField())
    critical_path = serializers.ListField(child=serializers.CharField())
    working_days = serializers.IntegerField()
    unknown_limits = serializers.ListField(
        child=serializers.CharField(),
        help_text="Sub-items whose limit is not known: the days are then the least it takes.",
    )
    figures = serializers.DictField(
        help_text="Name → {before, after, …}. `at_least`: of the `unknown` sub-items it is not published, the numbers are the least."
    )
    projections = serializers.DictField(help_text="Sub-item key → {own field code: merged field key}.")


class RefusalSerializer(serializers.Serializer[Any]):
    """Why a request was refused."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()

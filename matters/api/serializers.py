"""What the applications' API returns."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matters.core.states import State
from matters.models import Channel
from portal.accounts.models import Mandate


class HandlerSerializer(serializers.Serializer[Any]):
    """Whoever of an organisation's people applied."""

    name = serializers.CharField()
    level = serializers.IntegerField(
        help_text="Level of identity: 0 claimed, 1 proved by a platform or channel, 2 seen at a window."
    )


class AgentSerializer(serializers.Serializer[Any]):
    """Who acts for the applicant, and on what that rests."""

    name = serializers.CharField()
    mandate = serializers.CharField(help_text="Number of the mandate.")
    kind = serializers.ChoiceField(choices=Mandate.Kind.values)
    until = serializers.DateField(allow_null=True, help_text="Its last day; none where it has no term.")
    rests_on = serializers.ChoiceField(choices=Mandate.Source.values)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["from"] = serializers.DateField(help_text="Its first day.")
        return fields


class AppliesSerializer(serializers.Serializer[Any]):
    """Who applies for whom. ``level`` is a person's; ``credit_code`` and ``handler`` an organisation's; ``agent`` where somebody acts for a person."""

    name = serializers.CharField(help_text="The applicant: a person, or the organisation.")
    level = serializers.IntegerField(required=False, help_text="Level of identity of a person.")
    credit_code = serializers.CharField(required=False)
    handler = HandlerSerializer(required=False)
    agent = AgentSerializer(required=False)


class PartSerializer(serializers.Serializer[Any]):
    """One department's part."""

    number = serializers.CharField()
    item = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField(help_text="Code of the department.")
    state = serializers.ChoiceField(choices=[each.value for each in State])
    accepted_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    concluded_at = serializers.DateTimeField(allow_null=True)


class ApplicationSerializer(serializers.Serializer[Any]):
    """An application with its parts. No field of its form: that is read on its pages."""

    number = serializers.CharField()
    matter = serializers.SlugField()
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="Number of the published version that it is pinned to.")
    channel = serializers.ChoiceField(choices=Channel.values)
    applies = AppliesSerializer()
    submitted_at = serializers.DateTimeField()
    promised_on = serializers.DateField(allow_null=True)
    concluded_at = serializers.DateTimeField(allow_null=True)
    parts = PartSerializer(many=True)

"""How a campaign went, as JSON."""

from typing import Any
from zoneinfo import ZoneInfo

from rest_framework import serializers

from campaigns.models import Campaign, Recipient
from campaigns.selectors import counts_of, report_of, timeline_of
from campaigns.serializers import CountsSerializer, ReasonSerializer, explained, reasons_json
from tenants.lib.tenancy import current_company


class FailureSerializer(serializers.Serializer[Recipient]):
    code = serializers.CharField()
    text = serializers.CharField()
    href = serializers.CharField()
    is_unknown = serializers.BooleanField()
    count = serializers.IntegerField()


class VariantFunnelSerializer(CountsSerializer):
    variant = serializers.IntegerField()


class ConnectionFunnelSerializer(CountsSerializer):
    connection = serializers.IntegerField()
    name = serializers.CharField()


class PointSerializer(serializers.Serializer[Campaign]):
    at = serializers.DateTimeField()
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField()
    read = serializers.IntegerField()
    replied = serializers.IntegerField()
    failed = serializers.IntegerField()


class TimelineSerializer(serializers.Serializer[Campaign]):
    """How much grew in each step of time in which something did."""

    step = serializers.ChoiceField(choices=["minute", "hour", "day"])
    points = PointSerializer(many=True)


class StatsSerializer(serializers.Serializer[Campaign]):
    """`variants`, `connections`: the funnel of each, where there are several."""

    variants = VariantFunnelSerializer(many=True)
    connections = ConnectionFunnelSerializer(many=True)
    timeline = TimelineSerializer()
    counts = CountsSerializer()
    exclusions = ReasonSerializer(many=True)
    failures = FailureSerializer(many=True)


def stats_of(campaign: Campaign) -> dict[str, Any]:
    report, timeline = report_of(campaign), timeline_of(campaign, ZoneInfo(current_company().timezone))
    names = {line.connection_id: line.connection.name for line in campaign.lines.all()}
    variants = report.variants if len(campaign.variants.all()) > 1 else {}
    connections = report.connections if len(names) > 1 else {}
    return {
        "counts": counts_of(campaign),
        "variants": [{"variant": place, **counts} for place, counts in variants.items()],
        "connections": [{"connection": pk, "name": names[pk], **counts} for pk, counts in connections.items() if pk in names],
        "timeline": {"step": timeline.step, "points": [{"at": at, **grown} for at, grown in timeline.points]},
        "exclusions": reasons_json(dict(report.exclusions)),
        "failures": [
            {
                "code": group.code,
                "text": group.text,
                "href": explained(campaign.connection, group.code),
                "is_unknown": group.is_unknown,
                "count": group.count,
            }
            for group in report.failures
        ],
    }

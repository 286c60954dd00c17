"""The connections that a campaign is sent through, and how its recipients are shared out between them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from campaigns import events
from campaigns.models import Campaign, Line, Recipient
from campaigns.statements.audience import DEAL_AGAIN
from connectors.models import Connection
from connectors.registry import provider_named
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.timers import cancel_timers, set_timer

SEND_TIMER = "campaign.send"


def lines_of(campaign: Campaign) -> list[Line]:
    """In their order; a campaign that was given one connection alone has one line, which is stored when it starts."""
    stored = list(campaign.lines.select_related("connection")) if campaign.pk else []
    return stored or [Line(campaign=campaign, connection=campaign.connection)]


def set_lines(campaign: Campaign, said: Sequence[Mapping[str, Any]]) -> None:
    """`said`: {"connection": Connection, "weight": int}, in their order. None: back to the campaign's own connection."""
    campaign.lines.all().delete()
    Line.objects.bulk_create(
        Line(campaign=campaign, connection=each["connection"], weight=each.get("weight", 1), position=place)
        for place, each in enumerate(said)
    )


def keep_lines(campaign: Campaign) -> None:
    """The pumps need rows to hold their leases."""
    if not campaign.lines.exists():
        Line.objects.bulk_create(lines_of(campaign))


def can_take(number: Connection) -> bool:
    """Whether a campaign may write through this number now."""
    if not number.can_send or number.may_not_write_first or number.rests_from_writing_first:
        return False
    return number.paused_until is None or number.paused_until <= now()


def shares_of(campaign: Campaign, lines: Sequence[Line], *, without: int | None = None) -> tuple[tuple[int, int], ...]:
    """(connection id, weight). A number that cannot take any, or is to be left out, has no share; when none can, all have one."""
    is_weighted = campaign.distribution == Campaign.Distribution.WEIGHTED
    weights = [(line.weight if is_weighted else 1) if line.connection_id != without and can_take(line.connection) else 0 for line in lines]
    if without is None and not any(weights):
        weights = [1] * len(lines)
    return tuple((line.connection_id, weight) for line, weight in zip(lines, weights, strict=True))


def deal_parameters(shares: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What the statements that deal recipients out ask for."""
    weights = [weight for _connection, weight in shares]
    return {
        "lines": [connection_id for connection_id, _weight in shares],
        "line_weight": sum(weights),
        "line_parts": [sum(weights[:place]) for place in range(1, len(weights))],
    }


def keeps_to_its_numbers(campaign: Campaign) -> bool:
    """Whether it matters to its recipients which number writes to them: chosen so, or because only an open window lets texts through."""
    if campaign.distribution == Campaign.Distribution.STICKY:
        return True
    has_window = any(provider_named(line.connection.provider).capabilities.has_service_window for line in lines_of(campaign))
    return has_window and campaign.template_id is None


@transaction.atomic
def pass_on(campaign: Campaign, number: Connection) -> bool:
    """Those who wait for this number are dealt to the campaign's other numbers. False when these cannot take them, or must not."""
    if keeps_to_its_numbers(campaign):
        return False
    shares = shares_of(campaign, lines_of(campaign), without=number.pk)
    if not any(weight for _connection, weight in shares):
        return False
    with connection.cursor() as cursor:
        cursor.execute(DEAL_AGAIN, {"campaign": campaign.pk, "connection": number.pk} | deal_parameters(shares))
    for connection_id, weight in shares:
        if weight:
            later("campaigns.send_next_batch", campaign.pk, connection_id)
    return True


def others_go_on(campaign: Campaign, number: Connection) -> bool:
    """Whether somebody waits for another of the campaign's numbers, which can take them."""
    others = [line.connection_id for line in lines_of(campaign) if line.connection_id != number.pk and can_take(line.connection)]
    at_work = (Recipient.State.PENDING, Recipient.State.CLAIMED)
    return Recipient.objects.filter(campaign=campaign, connection__in=others, state__in=at_work).exists()


def wake_lines(campaign: Campaign) -> None:
    """All of the campaign's numbers go to work, now."""
    for line in lines_of(campaign):
        later("campaigns.send_next_batch", campaign.pk, line.connection_id)


def wake_lines_of(connection_id: int) -> None:
    """What may be sent through this number, and how fast, is different now: its running campaigns look again, whatever they wait for or
    are at."""
    running = Line.objects.filter(connection=connection_id, campaign__status=Campaign.Status.RUNNING)
    running.exclude(pump_lease="").update(has_new_rules=True)
    for campaign_id in running.order_by("campaign").values_list("campaign", flat=True):
        later("campaigns.send_next_batch", campaign_id, connection_id)


def send_again_at(campaign_id: int, connection_id: int, due_at: datetime.datetime) -> None:
    set_timer(SEND_TIMER, _key(campaign_id, connection_id), due_at=due_at)


def hold(line: Line, *, why: str, until: datetime.datetime) -> None:
    """The number may not write first until then; people see why. Told once for each reason."""
    told = Line.objects.filter(pk=line.pk).exclude(waits_for=why, waits_until=until).update(waits_for=why, waits_until=until)
    send_again_at(line.campaign_id, line.connection_id, until)
    if told:
        events.campaign_changed("update", line.campaign_id)


def let_go(line: Line) -> None:
    if line.waits_for:
        Line.objects.filter(pk=line.pk).update(waits_for="", waits_until=None)
        events.campaign_changed("update", line.campaign_id)


def forget_timers(campaign_id: int) -> None:
    numbers = Line.objects.filter(campaign=campaign_id).values_list("connection", flat=True)
    cancel_timers(SEND_TIMER, [_key(campaign_id, connection_id) for connection_id in numbers])


def send_due(key: str, payload: dict[str, Any]) -> None:
    """The timer's handler: a pause of the pacer or of a retry is over."""
    campaign_id, _colon, connection_id = key.partition(":")
    if connection_id:
        later("campaigns.send_next_batch", int(campaign_id), int(connection_id))
    else:  # set before campaigns had lines
        wake_lines(Campaign.objects.get(pk=campaign_id))


def _key(campaign_id: int, connection_id: int) -> str:
    return f"{campaign_id}:{connection_id}"

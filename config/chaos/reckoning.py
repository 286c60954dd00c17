"""After the storm: what the gateway was given, held against what the database says.

Nobody twice, nobody lost, and all of it accounted for.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from campaigns.models import Campaign, CampaignCount, Recipient
from config.chaos.day import Day
from connectors.types import Delivery
from tenants.models import Outbox, Webhook
from tickets.models import Message

# The rows of one statement are stamped within this; between two waves lies more.
ONE_WAVE = datetime.timedelta(milliseconds=5)
ENDED = (Campaign.Status.FINISHED, Campaign.Status.CANCELLED)


@dataclass
class Reckoning:
    """`unknown`: never reached the gateway as far as it knows, and we say that we do not know. The rest should be zero or empty."""

    sent: int = 0
    unknown: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.doubled or self.lost or self.wrong)


def is_settled(day: Day) -> str:
    """What the round still waits for; empty when nothing."""
    try:
        return _what_remains(day)
    except (OperationalError, InterfaceError):
        connection.close()
        return "the database"


def given_up(day: Day) -> set[str]:
    """Whom nobody may write to any more, at this moment, while whoever had just stamped them stands still: settled as unknown, and
    nothing of theirs has begun to leave. (Of an older wave some may be with the HTTP client already, where nobody reaches them.)"""
    given = _given(day)
    rows = Recipient.objects.filter(campaign=day.campaign, attempted_at__isnull=False).order_by("-attempted_at")
    newest = rows.values_list("attempted_at", flat=True).first()
    wave = rows.filter(attempted_at__gte=newest - ONE_WAVE, state="unknown").values_list("address", flat=True) if newest else []
    answers = [day.answers[pk] for pk, status in _status_of(day.answers).items() if status == Delivery.UNKNOWN]
    return {number for number in (*wave, *answers) if not given[number]}


def reckon(day: Day) -> Reckoning:
    """Once everything is settled."""
    found = Reckoning(wrong=list(day.troubles))
    _count_campaign(day, found)
    _count_answers(day, found)
    _count_said(day, found)
    given = _given(day)
    found.wrong += [f"{number} was sent to after its lease was lost" for number in day.given_up if given[number]]
    return found


def _what_remains(day: Day) -> str:
    if not day.is_said():
        return "people at work"
    if day.company.graph.courier.waiting:
        return f"{day.company.graph.courier.waiting} webhooks under way"
    if Webhook.objects.filter(state=Webhook.State.NEW).exists():
        return "webhooks stored and not applied"
    if Outbox.objects.filter(done_at=None).exists():
        return "the outbox"
    campaign = Campaign.objects.get(pk=day.campaign.pk)
    if campaign.status not in ENDED:
        return f"the campaign, which is {campaign.status} {campaign.status_reason} {_states(campaign)}"
    given = _given(day)
    behind = [one for one in Recipient.objects.filter(campaign=campaign, status__lt=Delivery.READ) if given[one.address]]
    if behind:
        return f"{len(behind)} recipients whose receipts are not counted, such as {behind[0].address} {behind[0].state} {behind[0].status}"
    waiting = [
        pk for pk, status in _status_of(day.answers).items() if status < (Delivery.READ if given[day.answers[pk]] else Delivery.UNKNOWN)
    ]
    return f"{len(waiting)} answers of the agent" if waiting else ""


def _count_campaign(day: Day, found: Reckoning) -> None:
    given = _given(day)
    rows = {row.address: row for row in Recipient.objects.filter(campaign=day.campaign)}
    found.doubled += [f"{number} got the campaign {given[number]} times" for number in day.recipients if given[number] > 1]
    for number in day.recipients:
        row = rows.get(number)
        if row is None:
            found.lost.append(f"{number} is no recipient any more")
        elif row.state == "unknown" and not given[number]:
            found.unknown += 1
        elif row.state != "sent" or row.status < Delivery.READ:
            found.lost.append(f"{number} is {row.state} ({row.status}, {row.error_code}), the gateway got it {given[number]} times")
        elif not given[number]:
            found.lost.append(f"{number} is said to be sent, and the gateway never got it")
        else:
            found.sent += 1
    counted = Counter[str]()
    for name, delta in CampaignCount.objects.filter(campaign=day.campaign, minute=None).values_list("name", "delta"):
        counted[name] += delta
    full = {"sent": found.sent, "read": found.sent, "delivered": found.sent, "unknown": _states(day.campaign)["unknown"], "queued": 0}
    found.wrong += [f"{name} is counted as {counted[name]}, there are {count}" for name, count in full.items() if counted[name] != count]
    messages = Message.objects.filter(origin="campaign", origin_id=day.campaign.pk).count()
    if messages != len(day.recipients):
        found.wrong.append(f"{messages} messages for {len(day.recipients)} recipients")


def _count_answers(day: Day, found: Reckoning) -> None:
    given, statuses = _given(day), _status_of(day.answers)
    for pk, number in day.answers.items():
        if given[number] > 1:
            found.doubled.append(f"{number} got the agent's answer {given[number]} times")
        elif given[number] and statuses[pk] >= Delivery.READ:
            found.sent += 1
        elif not given[number] and statuses[pk] == Delivery.UNKNOWN:
            found.unknown += 1
        else:
            found.lost.append(f"the answer to {number} has status {statuses[pk]}, the gateway got it {given[number]} times")
    if len(day.answers) != len(day.customers):
        found.lost.append(f"{len(day.answers)} answers for {len(day.customers)} customers")


def _count_said(day: Day, found: Reckoning) -> None:
    stored = Counter(Message.objects.filter(direction="in", external_id__in=list(day.said)).values_list("external_id", flat=True))
    found.doubled += [f"what {number} said stands there {stored[wamid]} times" for wamid, number in day.said.items() if stored[wamid] > 1]
    found.lost += [f"what {number} said is not there" for wamid, number in day.said.items() if not stored[wamid]]


def _given(day: Day) -> Counter[str]:
    """How many messages the gateway took for each number, whatever it answered."""
    return Counter(f"+{document['to']}" for document in list(day.company.graph.taken) if document.get("to"))


def _status_of(messages: dict[int, Any]) -> dict[int, int]:
    return dict(Message.objects.filter(pk__in=list(messages)).values_list("pk", "status"))


def _states(campaign: Campaign) -> Counter[str]:
    return Counter(Recipient.objects.filter(campaign=campaign).values_list("state", flat=True))

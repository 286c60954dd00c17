"""Whatever order a gateway tells in, however often, in however many calls, before or after we know of the send: it ends the same."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campaigns.models import Campaign, Recipient
from campaigns.services.counting import squash_counts
from campaigns.tests.factories import CampaignFactory, list_of
from campaigns.tests.test_pump import counts_of
from campaigns.types import counters_of
from connectors.types import Delivery, Fault, Receipt
from tenants.lib.clock import now
from tickets.models import Message
from tickets.services.receipts import apply_receipts, settle_parked

T0 = now()
SIZE = 3
TOLD = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED)
# Where the answer to a send leaves them, and what our recipient is then. The gateway may have taken what it refused to our face.
ANSWERED = {Delivery.UNKNOWN: "unknown", Delivery.ACCEPTED: "sent", Delivery.FAILED: "failed"}
OF_DATABASES = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining a failure takes minutes
)

Told = tuple[int, Delivery]  # of which of the messages, how far


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sent_campaign(statuses: Sequence[Delivery]) -> Campaign:
    """A campaign whose recipients got so far, and their messages with them: what the record statement would have written."""
    campaign = CampaignFactory(status=Campaign.Status.RUNNING)
    for place, (contact, status) in enumerate(zip(list_of(len(statuses)).contacts.order_by("pk"), statuses, strict=True)):
        external_id = f"wamid.{place}" if status == Delivery.ACCEPTED else ""
        about = {"contact": contact, "connection": campaign.connection, "external_id": external_id}
        message = Message.objects.create(
            **about, direction="out", origin="campaign", origin_id=campaign.pk, kind="text", status=status, key=f"r{place}.{campaign.pk}"
        )
        Recipient.objects.create(**about, campaign=campaign, state=ANSWERED[status], status=status, message_id=message.pk)
        for name in counters_of(status):
            campaign.counts.create(name=name, delta=1, connection_id=campaign.connection_id)
    return campaign


def receipt_of(campaign: Campaign, told: Told, *, by_our_id: bool) -> Receipt:
    """Each step has its own time, whenever it is told."""
    place, status = told
    at = T0 + datetime.timedelta(seconds=status.value)
    fault = Fault("131026", "Undeliverable") if status == Delivery.FAILED else None
    return Receipt(f"wamid.{place}", status, at, our_id=f"r{place}.{campaign.pk}" if by_our_id else "", fault=fault)


def story_of(campaign: Campaign) -> dict[str, object]:
    """How it ended: messages, recipients, counters. Without ids, which differ from one campaign to another."""
    times = ("sent_at", "delivered_at", "read_at", "status", "error_code", "external_id")
    return {
        "messages": list(Message.objects.filter(origin_id=campaign.pk, origin="campaign").order_by("pk").values_list(*times)),
        "states": list(Recipient.objects.filter(campaign=campaign).order_by("pk").values_list("state", flat=True)),
        "recipients": list(Recipient.objects.filter(campaign=campaign).order_by("pk").values_list("status", "error_code")),
        "counts": counts_of(campaign),
    }


def statuses_of(campaign: Campaign) -> list[int]:
    return list(Recipient.objects.filter(campaign=campaign).order_by("pk").values_list("status", flat=True))


def told_in(campaign: Campaign, batches: Sequence[Sequence[Told]], *, by_our_id: bool) -> list[list[int]]:
    """The statuses after each batch."""
    seen = [statuses_of(campaign)]
    for batch in batches:
        apply_receipts(campaign.connection, [receipt_of(campaign, told, by_our_id=by_our_id) for told in batch])
        seen.append(statuses_of(campaign))
    return seen


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[Delivery], list[Told], list[list[Told]]]:
    """How far the messages are; what is told of them in order; the same mixed, some of it again, and cut into calls."""
    begun = draw(st.lists(st.sampled_from(list(ANSWERED)), min_size=SIZE, max_size=SIZE))
    facts = draw(st.sets(st.tuples(st.integers(0, SIZE - 1), st.sampled_from(TOLD)), min_size=1))
    ordered = sorted(facts, key=lambda told: (told[1], told[0]))
    again = draw(st.lists(st.sampled_from(ordered), max_size=6))
    mixed = draw(st.permutations(ordered + again))
    cuts = sorted(draw(st.sets(st.integers(1, len(mixed)), max_size=4)))
    return begun, ordered, [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


@OF_DATABASES
@given(tellings(), st.booleans())
def test_any_order_any_repeats_any_calls_end_as_in_order(acme, telling, squashes):
    begun, ordered, batches = telling

    with undone():
        plain, mixed = sent_campaign(begun), sent_campaign(begun)
        told_in(plain, [[told] for told in ordered], by_our_id=True)
        seen = told_in(mixed, batches, by_our_id=True)
        if squashes:
            squash_counts()
        expected, found = story_of(plain), story_of(mixed)

    assert found == expected
    assert found["states"] == [ANSWERED[was] if status == was else "sent" for was, status in zip(begun, seen[-1], strict=True)]
    assert all(before <= after for before, after in zip(seen, seen[1:], strict=False) for before, after in zip(before, after, strict=True))


@OF_DATABASES
@given(tellings())
def test_counters_are_what_the_recipients_say(acme, telling):
    """Also where the gateway names nothing but its own id, so that an unknown one is not found by it."""
    begun, _ordered, batches = telling

    with undone():
        campaign = sent_campaign(begun)
        told_in(campaign, batches, by_our_id=False)
        counts = counts_of(campaign)
        expected: dict[str, int] = {}
        for status in statuses_of(campaign):
            for name in counters_of(status):
                expected[name] = expected.get(name, 0) + 1

    assert counts == expected


@OF_DATABASES
@given(tellings(), st.integers(0, 12))
def test_what_is_told_before_we_know_of_the_message_counts_as_if_it_came_after(acme, telling, early):
    """A receipt that overtakes the answer is parked, and settled when the message is there."""
    begun, ordered, batches = telling
    mixed = [told for batch in batches for told in batch]

    with undone():
        plain, overtaken = sent_campaign(begun), sent_campaign(begun)
        told_in(plain, [ordered], by_our_id=True)
        hidden = Message.objects.filter(origin_id=overtaken.pk)
        keys = {message.pk: (message.key, message.external_id) for message in hidden}
        for pk in keys:  # nobody could find them by these yet
            Message.objects.filter(pk=pk).update(key=f"hidden.{pk}", external_id=f"hidden.{pk}")
        told_in(overtaken, [mixed[:early]], by_our_id=True)
        for pk, (key, external_id) in keys.items():
            Message.objects.filter(pk=pk).update(key=key, external_id=external_id)
        settle_parked()
        told_in(overtaken, [mixed[early:]], by_our_id=True)
        expected, found = story_of(plain), story_of(overtaken)

    assert found == expected

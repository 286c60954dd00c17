"""What the gateway says about our messages: twice, late, out of order, before the send is answered."""

import datetime
import itertools
import random

import pytest

from connectors.providers.cloud_api.errors import fault_from
from connectors.types import Delivery, Fault, Receipt
from tenants.lib import announcing
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tickets import events, statements
from tickets.models import Message, ParkedReceipt
from tickets.services.receipts import apply_receipts, settle_parked
from tickets.tests.factories import ConnectionFactory, TicketFactory, receipt
from tickets.types import Outcome

T0 = now()
SENT, DELIVERED, READ = (
    (Delivery.SENT, T0 + datetime.timedelta(seconds=1)),
    (Delivery.DELIVERED, T0 + datetime.timedelta(seconds=2)),
    (Delivery.READ, T0 + datetime.timedelta(seconds=3)),
)


@pytest.fixture
def ticket(line, marina):
    return TicketFactory(contact=marina, connection=line, status="open")


def said(ticket, *, external_id="wamid.out.1", key="m1.aaaaaaaa", status=Delivery.ACCEPTED, **more):
    return Message.objects.create(
        contact=ticket.contact,
        connection=ticket.connection,
        ticket=ticket,
        direction="out",
        origin=more.pop("origin", "agent"),
        kind="text",
        external_id=external_id,
        key=key,
        status=status.value,
        **more,
    )


@pytest.mark.parametrize("order", list(itertools.permutations([SENT, DELIVERED, READ])))
def test_receipts_in_any_order_end_right(ticket, order):
    message = said(ticket)

    for status, at in order:
        apply_receipts(ticket.connection, [receipt(message, status, at=at)])

    message.refresh_from_db()
    assert (message.status, message.sent_at, message.delivered_at, message.read_at) == (Delivery.READ, SENT[1], DELIVERED[1], READ[1])


def test_five_shuffled_repeats_in_one_batch_end_right_and_move_once(ticket):
    message = said(ticket)
    batch = [receipt(message, status, at=at) for status, at in [SENT, DELIVERED, READ] * 5]
    random.Random(2).shuffle(batch)

    first = apply_receipts(ticket.connection, batch)
    second = apply_receipts(ticket.connection, batch)

    (move,) = first.moves
    message.refresh_from_db()
    assert (move.message_id, move.old, move.new) == (message.pk, Delivery.ACCEPTED, Delivery.READ)
    assert (second.moves, second.message_ids, second.parked) == ((), (message.pk,), 0)
    assert (message.status, message.sent_at, message.delivered_at, message.read_at) == (Delivery.READ, SENT[1], DELIVERED[1], READ[1])


def test_failed_keeps_the_error_in_words(ticket):
    message = said(ticket, status=Delivery.SENT)
    fault = Fault(code="131026", title="Message undeliverable", details="Receiver is incapable of receiving this message")

    apply_receipts(ticket.connection, [receipt(message, Delivery.FAILED, fault=fault)])

    message.refresh_from_db()
    assert (message.status, message.error_code) == (Delivery.FAILED, "131026")
    assert message.error_text == "Message undeliverable. Receiver is incapable of receiving this message"


def test_failed_says_it_in_our_words_and_the_gateway_s_beside_them(ticket):
    message = said(ticket, status=Delivery.SENT)
    fault = fault_from({"code": 131049, "title": "Held", "error_data": {"details": "healthy ecosystem engagement"}})

    apply_receipts(ticket.connection, [receipt(message, Delivery.FAILED, fault=fault)])

    message.refresh_from_db()
    assert message.error_text == (
        "Meta held this message back because the person gets many marketing messages. Wait at least a day. (healthy ecosystem engagement)"
    )


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_delivered_after_failed_wins(ticket, in_one_batch):
    message = said(ticket)
    failed, delivered = (
        receipt(message, Delivery.FAILED, fault=Fault(code="131000", title="Something went wrong")),
        receipt(message, Delivery.DELIVERED),
    )

    for batch in [[failed, delivered]] if in_one_batch else [[failed], [delivered], [failed]]:
        apply_receipts(ticket.connection, batch)

    message.refresh_from_db()
    assert (message.status, message.error_code, message.error_text) == (Delivery.DELIVERED, "", "")


def test_our_own_id_settles_an_unknown_message(ticket):
    message = said(ticket, external_id="", key="m7.abcdef01", status=Delivery.UNKNOWN)

    applied = apply_receipts(ticket.connection, [Receipt(external_id="wamid.late", status=Delivery.SENT, at=T0, our_id="m7.abcdef01")])

    message.refresh_from_db()
    assert [(move.old, move.new) for move in applied.moves] == [(Delivery.UNKNOWN, Delivery.SENT)]
    assert (message.status, message.external_id) == (Delivery.SENT, "wamid.late")


def test_receipts_before_the_send_is_answered_are_parked_and_counted(ticket):
    message = said(ticket, external_id="", key="m1.11111111", status=Delivery.SENDING)
    early = [Receipt(external_id="wamid.fast", status=status, at=at) for status, at in (READ, SENT, DELIVERED)]
    parked = [apply_receipts(ticket.connection, early).parked for _ in range(2)]

    statements.record([Outcome(message.pk, Delivery.ACCEPTED.value, external_id="wamid.fast")])

    message.refresh_from_db()
    assert parked == [3, 3]
    assert (message.status, message.external_id) == (Delivery.READ, "wamid.fast")
    assert (message.sent_at, message.delivered_at, message.read_at) == (SENT[1], DELIVERED[1], READ[1])
    assert ParkedReceipt.objects.count() == 0


def test_a_receipt_parked_at_the_moment_of_recording_is_swept_up(ticket):
    apply_receipts(ticket.connection, [Receipt(external_id="wamid.out.1", status=Delivery.SENT, at=T0)])
    message = said(ticket)

    settled = settle_parked()

    message.refresh_from_db()
    assert (settled, message.status, ParkedReceipt.objects.count()) == (1, Delivery.SENT, 0)


def test_another_connections_message_of_the_same_id_is_left_alone(ticket):
    message = said(ticket)

    applied = apply_receipts(ConnectionFactory(), [receipt(message, Delivery.READ)])

    message.refresh_from_db()
    assert (applied.moves, applied.parked, message.status) == ((), 1, Delivery.ACCEPTED)


def test_another_companys_receipt_moves_nothing_here(ticket, globex):
    message = said(ticket)

    with enter(globex):
        theirs = apply_receipts(ConnectionFactory(), [receipt(message, Delivery.READ)])

    message.refresh_from_db()
    assert (theirs.moves, message.status) == ((), Delivery.ACCEPTED)


def test_moves_of_campaign_messages_are_announced(ticket, settings, monkeypatch):
    heard = []
    monkeypatch.setattr(announcing, "react", lambda path, facts, *, depth: heard.append(facts))
    monkeypatch.setitem(announcing.import_string(settings.REACTIONS), "messages.moved", [("now", "nobody")])
    agents, campaigns = said(ticket), said(ticket, external_id="wamid.c", key="r1.1", origin="campaign", origin_id=9)

    apply_receipts(ticket.connection, [receipt(agents, Delivery.SENT), receipt(campaigns, Delivery.SENT)])

    (facts,) = heard
    assert [(move["message_id"], move["origin_id"], move["old"], move["new"]) for move in facts["moves"]] == [
        (campaigns.pk, 9, Delivery.ACCEPTED, Delivery.SENT)
    ]


def test_frames_tell_every_message_spoken_of(ticket):
    message = said(ticket)
    applied = apply_receipts(ticket.connection, [receipt(message, Delivery.DELIVERED)])

    (frame,) = events.frames_of_receipts(applied)

    assert (frame.event, frame.data["action"], frame.data["message"]["id"], frame.data["message"]["status"]) == (
        "appMessage",
        "update",
        message.pk,
        "delivered",
    )

"""A customer writes. Whatever the gateway does - repeat, hurry, mix up - there is one ticket and every message is in it once."""

import datetime

from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connectors.types import Delivery, MediaRef, MessageKind
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tickets import events
from tickets.models import Message, Ticket
from tickets.services.receiving import receive_message
from tickets.services.tickets import close
from tickets.tests.factories import ConnectionFactory, heard, inbound


def test_first_message_opens_a_ticket_in_the_lines_queue(line, marina, sales):
    at = now() - datetime.timedelta(seconds=5)

    received = receive_message(line, marina, inbound(marina, "Where is my order?", external_id="wamid.1", at=at))

    ticket = Ticket.objects.get()
    message = Message.objects.get()
    assert (received.is_new, received.is_first, received.message) == (True, True, message)
    assert (ticket.contact, ticket.connection, ticket.queue, ticket.assignee, ticket.status) == (marina, line, sales, None, "pending")
    assert (ticket.unread_count, ticket.last_message, ticket.last_inbound_at) == (1, message, at)
    assert (message.direction, message.origin, message.body, message.status) == ("in", "contact", "Where is my order?", Delivery.DELIVERED)
    assert ticket.protocol == f"{now():%Y%m%d}-{ticket.pk:06d}"


def test_the_same_message_five_times_is_one(line, marina):
    said = inbound(marina, "Hello", external_id="wamid.1")

    received = [receive_message(line, marina, said) for _ in range(5)]

    assert [one.is_new for one in received] == [True, False, False, False, False]
    assert {one.message.pk for one in received} == {Message.objects.get().pk}
    assert Ticket.objects.get().unread_count == 1


def test_a_repeat_does_not_open_the_ticket_again(line, marina, bob):
    said = inbound(marina, "Bye", external_id="wamid.1")
    first = receive_message(line, marina, said)
    close(first.message.ticket, by=bob)

    again = receive_message(line, marina, said)

    assert (again.is_new, again.message, again.message.ticket.status) == (False, first.message, "closed")
    assert Ticket.objects.count() == 1


def test_a_new_message_after_closing_opens_another_ticket(line, marina, bob):
    first = heard(line, marina)
    close(first.ticket, by=bob)

    second = heard(line, marina)

    assert second.ticket != first.ticket
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["closed", "pending"]


def test_another_connection_is_another_conversation(line, marina):
    other = ConnectionFactory()

    tickets = {heard(line, marina).ticket_id, heard(other, marina).ticket_id}

    assert len(tickets) == 2


def test_fifty_parallel_first_messages_of_one_contact_open_one_ticket(real_acme):
    (facts,) = real_acme([lambda: (ConnectionFactory(), ContactFactory())])
    connection, contact = facts

    received = real_acme([lambda n=n: receive_message(connection, contact, inbound(contact, f"{n}")) for n in range(50)])

    (found,) = real_acme([lambda: list(Ticket.objects.values_list("pk", "unread_count"))])
    (bodies,) = real_acme([lambda: list(Message.objects.order_by("id").values_list("body", "ticket_id"))])
    assert found == [(received[0].message.ticket_id, 50)]
    assert sorted(int(body) for body, _ in bodies) == list(range(50))
    assert {ticket for _, ticket in bodies} == {found[0][0]}
    assert [one.is_first for one in received].count(True) == 1


def test_the_same_message_in_parallel_is_one(real_acme):
    (facts,) = real_acme([lambda: (ConnectionFactory(), ContactFactory())])
    connection, contact = facts
    said = inbound(contact, "Hello")

    received = real_acme([lambda: receive_message(connection, contact, said)] * 8)

    (unread,) = real_acme([lambda: list(Ticket.objects.values_list("unread_count", flat=True))])
    assert [one.is_new for one in received].count(True) == 1
    assert unread == [1]


def test_messages_stay_in_order(line, marina):
    for number in range(50):
        heard(line, marina, f"{number}")

    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == [f"{number}" for number in range(50)]
    assert Ticket.objects.get().last_message.body == "49"


def test_a_reaction_belongs_to_its_message(line, marina):
    target = heard(line, marina, "Thanks!", external_id="wamid.1")
    early = now()
    late = early + datetime.timedelta(seconds=3)

    for emoji, at in (("❤️", late), ("👍", early), ("❤️", late)):
        received = receive_message(
            line, marina, inbound(marina, emoji, kind=MessageKind.REACTION, payload={"emoji": emoji}, target_id="wamid.1", at=at)
        )

    target.refresh_from_db()
    assert (received.is_new, received.has_changed, received.message) == (False, True, target)
    assert target.payload["reactions"] == {"in": {"emoji": "❤️", "at": late.isoformat()}}
    assert (Message.objects.count(), Ticket.objects.get().unread_count) == (1, 1)


def test_an_edit_keeps_what_was_said_before(line, marina):
    target = heard(line, marina, "At 5", external_id="wamid.1")
    change = inbound(marina, "At 6", external_id="wamid.2", kind=MessageKind.EDIT, target_id="wamid.1")

    for _ in range(2):
        receive_message(line, marina, change)

    target.refresh_from_db()
    assert target.body == "At 6"
    assert [edit["body"] for edit in target.payload["edits"]] == ["At 5", "At 6"]


def test_a_revoked_message_stays_with_a_mark(line, marina):
    target = heard(line, marina, "Oops", external_id="wamid.1")
    at = now()

    receive_message(line, marina, inbound(marina, "", kind=MessageKind.REVOKE, target_id="wamid.1", at=at))

    target.refresh_from_db()
    assert (target.body, target.payload) == ("Oops", {"revoked_at": at.isoformat()})


def test_a_change_of_an_unknown_message_is_shown_by_itself(line, marina):
    received = receive_message(line, marina, inbound(marina, "👍", kind=MessageKind.REACTION, target_id="wamid.never.seen"))

    assert (received.is_new, received.message.kind, received.message.payload) == (True, "reaction", {"target_id": "wamid.never.seen"})


def test_what_the_company_sends_from_its_phone_is_shown_and_leaves_nothing_unread(line, marina):
    heard(line, marina)

    echo = heard(line, marina, "I answer from the phone", is_echo=True)

    ticket = Ticket.objects.get()
    assert (echo.direction, echo.origin, echo.status, echo.ticket) == ("out", "device", Delivery.SENT, ticket)
    assert (ticket.unread_count, ticket.status, ticket.last_message) == (0, "pending", echo)


def test_the_phone_can_begin_a_conversation(line, marina):
    echo = heard(line, marina, "Good morning", is_echo=True)

    assert (echo.ticket.status, echo.ticket.unread_count, echo.ticket.last_inbound_at) == ("open", 0, None)


def test_media_and_groups_are_kept(line, marina):
    media = MediaRef(external_id="media.1", mime_type="image/jpeg")

    message = heard(line, marina, "", kind=MessageKind.IMAGE, media=media, group_id="group.1", payload={"x": 1})

    stored = Message.objects.get(pk=message.pk)
    assert (stored.payload["x"], stored.payload["group_id"], stored.payload["media"]["external_id"]) == (1, "group.1", "media.1")
    assert stored.ticket.last_inbound_at is None


def test_a_clock_that_runs_ahead_does_not_pin_a_ticket_to_the_top(line, marina):
    heard(line, marina, at=now() + datetime.timedelta(days=3))

    assert Ticket.objects.get().last_message_at <= now()


def test_receiving_is_lean(line, marina):
    first = inbound(marina, "first")
    with CaptureQueriesContext(database) as opening:
        receive_message(line, marina, first)
    with CaptureQueriesContext(database) as following:
        receive_message(line, marina, inbound(marina, "second"))

    assert (len(opening), len(following)) == (5, 2)


def test_frames_of_a_message_go_to_its_queue_and_managers(line, marina, sales):
    received = receive_message(line, marina, inbound(marina, "Hello"))

    opened, said = events.frames_of_received(received)

    assert (opened.event, opened.data["action"], said.event, said.data["action"]) == ("ticket", "create", "appMessage", "create")
    assert said.audience.queue_ids == {sales.pk}
    assert (said.audience.everyone, said.audience.roles) == (False, {"admin", "supervisor"})
    assert said.data["message"]["body"] == said.data["ticket"]["last_message"]["body"] == "Hello"
    assert said.data["contact"]["name"] == "Marina"

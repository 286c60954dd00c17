"""What browsers are told, and who must not be told."""

import pytest

from tenants.lib.realtime import missed
from tickets import selectors
from tickets.events import frames_of_received, tell_now
from tickets.models import Message, Ticket
from tickets.services import tickets
from tickets.services.messages import send_message
from tickets.services.queues import route_connection
from tickets.services.receiving import receive_message
from tickets.tests.factories import QueueFactory, TicketFactory, inbound


@pytest.fixture
def ticket(line, marina, sales, bob):
    return TicketFactory(contact=marina, connection=line, queue=sales, unread_count=1)


@pytest.fixture
def told(acme, django_capture_on_commit_callbacks):
    """The frames that a deed leaves in the company's log."""

    def frames_of(deed):
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return missed(acme, 0)

    return frames_of


def names_of(acme, frames):
    return [(frame.event.removeprefix(f"company-{acme.pk}-"), frame.data["action"]) for frame in frames]


def test_a_reply_is_told_with_its_ticket_and_contact(acme, told, ticket, bob):
    frames = told(lambda: send_message(ticket, body="Hello", by=bob))

    assert names_of(acme, frames) == [("ticket", "update"), ("appMessage", "create")]
    said = frames[-1].data
    assert (said["message"]["body"], said["message"]["status"], said["message"]["author"]["name"]) == ("Hello", "queued", "Bob")
    assert (said["ticket"]["assignee"]["name"], said["ticket"]["last_message"]["id"]) == ("Bob", Message.objects.get().pk)
    assert said["contact"] == said["ticket"]["contact"]


def test_who_loses_a_ticket_is_told_that_it_is_gone(acme, told, ticket, sales, support, bob, carol):
    gone, moved, note = told(lambda: tickets.transfer(ticket, by=bob, queue=support))

    assert names_of(acme, [gone, moved, note]) == [("ticket", "delete"), ("ticket", "update"), ("appMessage", "create")]
    assert (gone.data["ticketId"], gone.audience.user_ids, gone.audience.roles) == (ticket.pk, {bob.pk}, frozenset())
    assert (moved.audience.queue_ids, moved.audience.user_ids, moved.audience.everyone) == ({support.pk}, frozenset(), False)


def test_what_nobody_has_is_told_to_everyone_until_somebody_takes_it(acme, told, line, marina, bob, carol):
    nobodys = TicketFactory(connection=line, contact=marina)

    gone, taken = told(lambda: tickets.accept(nobodys, by=bob))

    assert carol.pk in gone.audience.user_ids and bob.pk not in gone.audience.user_ids
    assert (taken.audience.everyone, taken.audience.user_ids) == (False, {bob.pk})


def test_reading_tells_the_count(acme, told, ticket, bob):
    (frame,) = told(lambda: tickets.mark_read(ticket, by=bob))

    assert (frame.event, frame.data) == (f"company-{acme.pk}-ticket", {"action": "updateUnread", "ticketId": ticket.pk, "unread": 0})


def test_a_refused_deed_tells_nothing(told, ticket, bob):
    tickets.close(ticket, by=bob)

    def refused():
        with pytest.raises(Exception, match="closed"):
            send_message(ticket, body="Hello", by=bob)

    assert told(refused) == []


def test_what_is_not_true_any_more_when_it_is_told_is_told_again(acme, ticket):
    received = receive_message(ticket.connection, ticket.contact, inbound(ticket.contact, "Hello?"))
    frames = frames_of_received(received)
    Ticket.objects.filter(pk=ticket.pk).update(status=Ticket.Status.CLOSED, unread_count=0)

    tell_now(frames)

    told = [(frame.data["ticket"]["status"], frame.data["ticket"]["unread_count"]) for frame in missed(acme, 0) or []]
    assert told == [(ticket.status, ticket.unread_count + 1), ("closed", 0)]


def test_who_was_told_of_a_ticket_that_went_elsewhere_forgets_it(acme, ticket, carol):
    support = QueueFactory(members=[carol])
    received = receive_message(ticket.connection, ticket.contact, inbound(ticket.contact, "Hello?"))
    frames = frames_of_received(received)
    saw = selectors.agents_who_see(queue_id=ticket.queue_id, assignee_id=ticket.assignee_id) - {carol.pk}
    Ticket.objects.filter(pk=ticket.pk).update(queue=support, assignee=None)

    tell_now(frames)

    gone = [frame.audience.user_ids for frame in missed(acme, 0) or [] if frame.data["action"] == "delete"]
    assert gone == [frozenset(saw)]


def test_where_a_connections_conversations_wait_is_told(acme, told, line, support, alice):
    [frame] = told(lambda: route_connection(line, queue=support, by=alice))

    assert names_of(acme, [frame]) == [("settings", "update")]
    routing = frame.data["connectionRouting"]
    assert (routing["connection"]["name"], routing["queue"]["name"]) == ("Main line", "Support")

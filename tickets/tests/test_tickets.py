"""What people do with a conversation, and what two of them may not do at once."""

import datetime

import pytest

from accounts.tests.factories import UserFactory
from connectors.models import Media, Template
from connectors.types import Delivery
from contacts.models import Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError, NotAllowed
from tickets import selectors
from tickets.models import Message, Ticket
from tickets.routing import route_ticket
from tickets.services import messages, tickets
from tickets.services.contents import TemplateChoice
from tickets.services.messages import send_message
from tickets.tests.factories import ConnectionFactory, TicketFactory, heard


@pytest.fixture
def pending(line, marina, sales):
    return TicketFactory(contact=marina, connection=line, queue=sales, unread_count=2)


def refusal(deed, *args, **kwargs):
    with pytest.raises(ApplicationError) as caught:
        deed(*args, **kwargs)
    return caught.value.code, str(caught.value)


def test_accept_once(pending, bob, sam):
    accepted = tickets.accept(pending, by=bob)
    again = tickets.accept(pending, by=bob)

    assert (accepted.status, accepted.assignee, again) == ("open", bob, accepted)
    assert refusal(tickets.accept, pending, by=sam) == ("already_accepted", "Bob accepted this conversation already.")


def test_two_agents_accept_at_once_and_one_wins(real_acme):
    (facts,) = real_acme([lambda: (TicketFactory(), UserFactory.create(name="Bob"), UserFactory.create(name="Carol"))])
    ticket, bob, carol = facts

    def accept(by):
        try:
            return tickets.accept(ticket, by=by).assignee.name
        except ApplicationError as error:
            return error.code

    outcomes = real_acme([lambda: accept(bob), lambda: accept(carol)])

    (holder,) = real_acme([lambda: Ticket.objects.get().assignee.name])
    assert sorted(outcomes) == sorted([holder, "already_accepted"])


def test_start_twice_gives_one_conversation(line, marina, bob):
    first, is_new = tickets.start_conversation(contact=marina, connection=line, by=bob)
    second, is_new_again = tickets.start_conversation(contact=marina, connection=line, by=bob)

    assert (first, is_new, is_new_again) == (second, True, False)
    assert (first.status, first.assignee, first.queue) == ("open", bob, None)


def test_starting_with_somebody_elses_customer_says_who(line, marina, support, carol, bob):
    TicketFactory(contact=marina, connection=line, queue=support, assignee=carol, status="open")

    assert refusal(tickets.start_conversation, contact=marina, connection=line, by=bob) == (
        "conversation_exists",
        "Marina is already being served by Carol.",
    )


def test_transfer_to_a_queue_waits_there_with_a_note(pending, bob, support, carol):
    tickets.accept(pending, by=bob)

    moved = tickets.transfer(pending, by=bob, queue=support, note="Needs an invoice")

    note = Message.objects.get(kind="note")
    assert (moved.status, moved.queue, moved.assignee) == ("pending", support, None)
    assert (note.body, note.author, note.payload["transfer"]["queue"]) == ("Needs an invoice", bob, "Support")
    assert (list(selectors.tickets_visible_to(bob)), list(selectors.tickets_visible_to(carol))) == ([], [moved])


def test_transfer_to_a_person_is_theirs_at_once(pending, alice, carol):
    moved = tickets.transfer(pending, by=alice, user=carol)

    assert (moved.status, moved.assignee) == ("open", carol)
    assert selectors.ticket_for(carol, moved.pk) == moved


def test_transfer_needs_somebody_who_works_here(pending, bob, carol):
    carol.is_active = False
    carol.save()

    assert refusal(tickets.transfer, pending, by=bob)[0] == "required"
    assert refusal(tickets.transfer, pending, by=bob, user=carol)[0] == "user_inactive"


def test_only_who_has_the_ticket_or_a_manager_closes_it(pending, bob, carol, alice):
    tickets.accept(pending, by=bob)
    pending.refresh_from_db()

    with pytest.raises(NotAllowed) as refused:
        tickets.close(pending, by=carol)
    closed = tickets.close(pending, by=alice)
    again = tickets.close(pending, by=alice)

    assert refused.value.code == "assigned_to_other"
    assert (closed.status, closed.closed_by, closed.unread_count, again) == ("closed", alice, 0, None)


def test_reopen(pending, bob):
    closed = tickets.close(pending, by=bob)

    reopened = tickets.reopen(closed, by=bob)

    assert (reopened.status, reopened.assignee, reopened.closed_at) == ("open", bob, None)


def test_closing_and_reopening_each_leave_one_line(pending, bob, alice):
    closed = tickets.close(pending, by=alice)
    tickets.close(pending, by=bob)
    tickets.reopen(closed, by=bob)
    tickets.reopen(closed, by=bob)

    lines = Message.objects.order_by("id").values_list("kind", "author__name", "payload")
    assert list(lines) == [("note", alice.name, {"event": "closed"}), ("note", bob.name, {"event": "reopened"})]


def test_reopen_is_refused_while_another_is_open(pending, line, marina, bob):
    closed = tickets.close(pending, by=bob)
    other = heard(line, marina).ticket

    code, words = refusal(tickets.reopen, closed, by=bob)

    assert (code, str(other.pk) in words, other.protocol in words) == ("another_ticket_open", True, True)


def test_mark_read(pending, bob):
    tickets.mark_read(pending, by=bob)

    pending.refresh_from_db()
    assert pending.unread_count == 0


def test_looking_over_a_shoulder_reads_nothing(pending, bob, alice):
    Ticket.objects.filter(pk=pending.pk).update(assignee=bob, unread_count=2)
    pending.refresh_from_db()

    tickets.mark_read(pending, by=alice)

    pending.refresh_from_db()
    assert pending.unread_count == 2


def test_tags_and_notes(pending, bob):
    vip = Tag.objects.create(name="VIP")

    tagged = tickets.set_tags(pending, tags=[vip], by=bob)
    note = tickets.add_note(pending, body="Calls back at 5", by=bob)

    assert [tag.name for tag in tagged.tags.all()] == ["VIP"]
    assert (note.kind, note.status, Ticket.objects.get(pk=pending.pk).last_message) == ("note", Delivery.SENT, None)


def test_who_sees_which_tickets(line, sales, support, bob, carol, alice, sam):
    def at(**more):
        return TicketFactory(connection=ConnectionFactory(), **more)

    in_sales, in_support, nobodys, carols, carols_in_sales = (
        at(queue=sales),
        at(queue=support),
        at(),
        at(assignee=carol),
        at(queue=sales, assignee=carol),
    )

    seen = {user.name: set(selectors.tickets_visible_to(user)) for user in (alice, sam, bob, carol)}

    everything = {in_sales, in_support, nobodys, carols, carols_in_sales}
    assert seen == {
        "Alice": everything,
        "Sam": everything,
        "Bob": {in_sales, nobodys, carols_in_sales},
        "Carol": {in_support, nobodys, carols, carols_in_sales},
    }
    assert selectors.agents_who_see(queue_id=sales.pk, assignee_id=carol.pk) == {bob.pk, carol.pk}
    assert selectors.agents_who_see(queue_id=None, assignee_id=carol.pk) == {carol.pk}
    assert selectors.agents_who_see(queue_id=None, assignee_id=None) >= {bob.pk, carol.pk}


def test_a_reply_takes_a_waiting_ticket(pending, bob):
    message = send_message(pending, body="Hi, this is Bob", by=bob)

    pending.refresh_from_db()
    assert (pending.status, pending.assignee, pending.unread_count, pending.last_message) == ("open", bob, 0, message)
    assert (message.status, message.author, message.origin, message.key.split(".")[0]) == (Delivery.QUEUED, bob, "agent", f"m{message.pk}")


def test_the_same_client_key_is_one_message(pending, bob):
    first = send_message(pending, body="Hello", by=bob, client_key="browser-1")
    second = send_message(pending, body="Hello", by=bob, client_key="browser-1")

    assert (first, Message.objects.count()) == (second, 1)


def test_what_cannot_be_sent_is_refused_in_words(pending, line, bob, carol):
    closed = TicketFactory(status="closed")
    carols = TicketFactory(connection=line, status="open", assignee=carol)
    nowhere = TicketFactory(connection=line, contact=ContactFactory(phone=""))
    offline = TicketFactory(connection=ConnectionFactory(state="closed"))

    assert refusal(send_message, closed, body="Hello", by=bob)[0] == "ticket_closed"
    assert refusal(send_message, carols, body="Hello", by=bob)[0] == "assigned_to_other"
    assert refusal(send_message, nowhere, body="Hello", by=bob)[0] == "no_address"
    assert refusal(send_message, offline, body="Hello", by=bob)[0] == "connection_closed"
    assert refusal(send_message, pending, body="  ", by=bob)[0] == "required"
    assert refusal(send_message, pending, body="x" * 5000, by=bob)[0] == "max_length"
    assert Message.objects.count() == 0


@pytest.mark.parametrize(("hours", "is_refused"), [(23, False), (25, True), (None, True)])
def test_the_customer_service_window(cloud_line, marina, bob, hours, is_refused):
    last = None if hours is None else now() - datetime.timedelta(hours=hours)
    ticket = TicketFactory(contact=marina, connection=cloud_line, last_inbound_at=last)

    try:
        outcome = send_message(ticket, body="Hello", by=bob).status
    except ApplicationError as error:
        outcome = error.code

    assert outcome == ("outside_service_window" if is_refused else Delivery.QUEUED)


def test_a_template_goes_outside_the_window(cloud_line, marina, bob):
    ticket = TicketFactory(contact=marina, connection=cloud_line, last_inbound_at=None)
    template = Template.objects.create(
        connection=cloud_line,
        name="welcome",
        language="en",
        status="APPROVED",
        components=[{"type": "BODY", "text": "Hello {{1}}, it is {{2}}"}],
    )

    message = send_message(ticket, by=bob, said=TemplateChoice(template.pk, {"1": "Marina", "2": "ready"}))

    assert (message.kind, message.body, message.status) == ("template", "Hello Marina, it is ready", Delivery.QUEUED)
    assert message.payload["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Marina"}, {"type": "text", "text": "ready"}]}
    ]


def test_a_template_variable_without_a_value_is_named(cloud_line, marina, bob):
    ticket = TicketFactory(contact=marina, connection=cloud_line)
    template = Template.objects.create(
        connection=cloud_line, name="w", language="en", status="APPROVED", components=[{"type": "BODY", "text": "Hello {{1}} {{city}}"}]
    )
    paused = Template.objects.create(connection=cloud_line, name="p", language="en", status="PAUSED")

    code, words = refusal(send_message, ticket, by=bob, said=TemplateChoice(template.pk, {"1": "Marina", "city": " "}))

    assert (code, "city" in words) == ("template_variable_missing", True)
    photo = Media.objects.create(kind="image", state="ready")
    assert refusal(send_message, ticket, by=bob, said=TemplateChoice(template.pk, {"1": "Marina"}, photo))[0] == "kind_mismatch"
    assert refusal(send_message, ticket, by=bob, said=TemplateChoice(paused.pk))[0] == "template_not_approved"
    assert refusal(send_message, ticket, by=bob, said=TemplateChoice(0))[0] == "not_found"


def test_the_window_goes_on_in_a_new_ticket(cloud_line, marina, bob):
    written = heard(cloud_line, marina)
    tickets.close(written.ticket, by=bob)

    ticket, _is_new = tickets.start_conversation(contact=marina, connection=cloud_line, by=bob)

    assert selectors.window_expires_at(ticket) == written.occurred_at + datetime.timedelta(hours=24)


def test_no_window_applies_where_the_gateway_has_none(pending):
    assert selectors.window_expires_at(pending) is None


def test_only_a_failed_message_is_sent_again(pending, bob):
    message = send_message(pending, body="Hello", by=bob)

    assert refusal(messages.retry_message, message, by=bob)[0] == "not_failed"


def test_the_queue_greets_once(line, marina, sales):
    sales.greeting = "Welcome to Sales"
    sales.save()
    first, second = heard(line, marina), heard(line, marina)

    taken = [route_ticket(message) for message in (first, second, first)]

    assert taken == [True, True, True]
    assert list(Message.objects.filter(direction="out").values_list("body", "origin")) == [("Welcome to Sales", "system")]
    assert Ticket.objects.get().unread_count == 2


def test_campaign_messages_stand_in_the_history(pending, line, marina, bob):
    def campaign(connection):
        return Message.objects.create(
            contact=marina, connection=connection, direction="out", origin="campaign", origin_id=1, kind="text", body="10% off", status=10
        )

    here, elsewhere = campaign(line), campaign(ConnectionFactory())
    answer = heard(line, marina, "Yes please")

    assert list(selectors.messages_of(pending).order_by("id")) == [here, answer]
    assert elsewhere not in selectors.messages_of(pending)

"""Conversations as a file."""

import csv
import io

from contacts.models import Tag
from contacts.tests.factories import ContactFactory
from tickets.tests.factories import TicketFactory

URL = "/api/v1/tickets/export/"


def lines(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_conversations_that_the_filters_leave_are_lines(sam, bob, client_of):
    taken = TicketFactory(contact=ContactFactory(name="Marina"), status="open", assignee=bob)
    taken.tags.add(Tag.objects.create(name="VIP"))
    TicketFactory(contact=ContactFactory(name="=Rafael()"))
    client = client_of(sam)

    everything, mine = client.post(URL), client.post(f"{URL}?status=open")

    header, *rows = lines(everything)
    assert header[:8] == ["Protocol", "Status", "Contact", "Phone", "Connection", "Queue", "Agent", "Tags"]
    assert [(row[0], row[1], row[2], row[6], row[7]) for row in rows][0] == (taken.protocol, "Open", "Marina", "Bob", "VIP")
    assert (rows[1][2], [row[0] for row in lines(mine)[1:]]) == ("'=Rafael()", [taken.protocol])


def test_many_cost_as_much_as_one(sam, client_of, django_assert_max_num_queries):
    client = client_of(sam)
    for ticket in TicketFactory.create_batch(3):
        ticket.tags.add(Tag.objects.create(name=f"tag {ticket.pk}"))

    with django_assert_max_num_queries(8):
        answer = client.post(URL)

    assert len(lines(answer)) == 4


def test_agents_may_not_export_and_mallory_gets_her_own(bob, mallory, client_of):
    TicketFactory(contact=ContactFactory(name="Marina of acme"))

    forbidden, theirs = client_of(bob).post(URL), client_of(mallory).post(URL)

    assert (forbidden.status_code, len(lines(theirs))) == (403, 1)

"""What people hold when they come, move and go."""

import pytest

from accounts.models import User
from accounts.services.users import UserChanges, deactivate_user, update_user
from connectors.types import MessageKind
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tickets.models import Message, Queue, QueueMember, Ticket
from tickets.tests.factories import QueueFactory, TicketFactory


def queues_url(user: User) -> str:
    return f"/api/v1/users/{user.pk}/queues/"


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_what_somebody_has_open_waits_again_when_they_leave(acme, alice, bob, carol):
    sales = QueueFactory.create(members=[bob, carol])
    mine = TicketFactory.create(queue=sales, assignee=bob, status="open")
    nobodys_queue = TicketFactory.create(assignee=bob, status="open")
    closed = TicketFactory.create(queue=sales, assignee=bob, status="closed")
    carols = TicketFactory.create(queue=sales, assignee=carol, status="open")

    deactivate_user(bob, by=alice)

    states = {ticket.pk: (ticket.status, ticket.assignee_id, ticket.queue_id) for ticket in Ticket.objects.all()}
    assert states == {
        mine.pk: ("pending", None, sales.pk),
        nobodys_queue.pk: ("pending", None, None),
        closed.pk: ("closed", bob.pk, sales.pk),
        carols.pk: ("open", carol.pk, sales.pk),
    }
    notes = Message.objects.filter(kind=MessageKind.NOTE.value).order_by("ticket_id").values_list("ticket_id", "author_id", "body")
    words = "Bob was deactivated: the conversation waits again."
    assert list(notes) == [(pk, alice.pk, words) for pk in (mine.pk, nobodys_queue.pk)]


def test_a_refused_leaving_moves_nothing(acme, alice):
    User.objects.filter(name="Founder").delete()
    ticket = TicketFactory.create(assignee=alice, status="open")

    with pytest.raises(ApplicationError, match="needs an admin"):
        deactivate_user(alice, by=alice)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee_id) == ("open", alice.pk)


def test_coming_back_takes_nothing_away_from_others(acme, alice, bob):
    deactivate_user(bob, by=alice)
    ticket = TicketFactory.create(assignee=alice, status="open")

    update_user(bob, changes=UserChanges(is_active=True), by=alice)

    ticket.refresh_from_db()
    assert (ticket.assignee_id, User.objects.get(pk=bob.pk).is_active) == (alice.pk, True)


def test_an_admin_says_in_which_queues_somebody_works(acme, alice, bob, client_of):
    sales, support, billing = QueueFactory.create(members=[bob]), QueueFactory.create(members=[bob]), QueueFactory.create()
    TicketFactory.create(assignee=bob, status="open", queue=sales)
    client = client_of(alice)

    before = client.get(queues_url(bob)).json()
    after = client.put(queues_url(bob), {"queues": [billing.pk, support.pk]}).json()

    assert before == {"queues": [sales.pk, support.pk], "open_tickets": 1}
    assert after == {"queues": [support.pk, billing.pk], "open_tickets": 1}
    assert sorted(QueueMember.objects.values_list("queue_id", flat=True)) == [support.pk, billing.pk]


def test_queues_that_do_not_exist_are_refused_and_nothing_changes(acme, globex, alice, bob, client_of):
    sales = QueueFactory.create(members=[bob])
    with enter(globex):
        foreign = QueueFactory.create()

    answer = client_of(alice).put(queues_url(bob), {"queues": [foreign.pk]})

    assert (code_of(answer), answer.json()["errors"][0]["attr"]) == ((400, "does_not_exist"), "queues")
    assert list(Queue.objects.filter(members=bob)) == [sales]


def test_only_admins_move_people_and_mallory_finds_nobody(acme, globex, alice, sam, bob, mallory, client_of):
    assert code_of(client_of(sam).put(queues_url(bob), {"queues": []})) == (403, "not_allowed")
    assert [client_of(mallory).get(queues_url(bob)).status_code, client_of(mallory).put(queues_url(bob), {"queues": []}).status_code] == [
        404,
        404,
    ]

"""Which rooms of the socket exist, and who may enter. To be in one says what a person looks at; what they are told of is decided by
their role and queues alone. `may_enter` is the dotted path of a selector `(user, what)` that raises Http404."""

from dataclasses import dataclass

from django.http import Http404

from accounts.models import User
from tickets.models import Ticket


@dataclass(frozen=True)
class Room:
    """`field` of the join frame says which one; "" when there is but one."""

    leave: str
    field: str
    kind: type
    may_enter: str


ROOMS: dict[str, Room] = {
    "joinChatBox": Room(leave="leaveChatBox", field="ticketId", kind=int, may_enter="tickets.selectors.ticket_for"),
    "joinNotification": Room(leave="leaveNotification", field="", kind=str, may_enter="config.rooms.anybody"),
    "joinTickets": Room(leave="leaveTickets", field="status", kind=str, may_enter="config.rooms.ticket_list"),
}


def anybody(user: User, what: str) -> None:
    """Everybody of the company."""


def ticket_list(user: User, what: str) -> None:
    """Everybody, for the lists that exist."""
    if what not in Ticket.Status.values:
        raise Http404

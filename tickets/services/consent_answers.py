"""What a company says to a customer who stopped, or took up, its marketing: once, in the conversation they said it in."""

from collections.abc import Mapping, Sequence

from connectors.types import MessageKind
from contacts.types import Wish
from tickets.models import Message
from tickets.services.messages import queue_message


def answer_wishes(messages: Mapping[int, Message], wishes: Sequence[Wish]) -> None:
    """`messages`: those that the wishes came with, by id, with their tickets. Part of the transaction that stores them."""
    for wish in wishes:
        ticket = messages[wish.message_id].ticket
        if wish.answer.strip() and ticket is not None:
            queue_message(ticket, kind=MessageKind.TEXT, body=wish.answer, payload={}, origin=Message.Origin.SYSTEM)

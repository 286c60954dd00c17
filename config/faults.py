"""What a message's failure, told by a receipt, asks of us beyond the message itself: the provider's policy, obeyed."""

from collections.abc import Sequence

from campaigns.services.lifecycle import stop_sending
from connectors.models import Connection
from connectors.services.resting import rest
from connectors.types import Delivery, Fault, Policy, Receipt
from contacts.services.consent import stop_by_gateway
from contacts.services.senders import mark_address_invalid, mark_address_valid
from tickets.models import Message
from tickets.types import Applied

# How long a number rests, by what its gateway said.
REST_SECONDS = {Policy.PAUSE_NUMBER: 3600.0, Policy.BACK_OFF_ACCOUNT: 120.0, Policy.BACK_OFF_NUMBER: 10.0}


def heed(connection: Connection, receipts: Sequence[Receipt], applied: Applied) -> None:
    """Rest the number, pause the campaigns, forget the addresses that these failures speak of. Only failures that are news count."""
    _believe_in(applied)
    faults = {receipt.fault.code: receipt.fault for receipt in receipts if receipt.fault is not None}
    failed = [(move, faults[move.error_code]) for move in applied.moves if move.error_code in faults]
    if not failed:
        return
    _rest(connection, [fault for _, fault in failed])
    campaigns = {move.origin_id: fault for move, fault in failed if fault.policy is Policy.PAUSE_CAMPAIGN and move.origin == "campaign"}
    for campaign_id, fault in sorted(campaigns.items(), key=lambda item: item[0] or 0):
        if campaign_id is not None:
            stop_sending(campaign_id, reason=_words(fault))
    said_no = [move.message_id for move, fault in failed if fault.is_opt_out]
    if said_no:
        stop_by_gateway(contact_ids=_contacts_of(said_no), reason=_words(failed[0][1]))
    unreachable = [move.message_id for move, fault in failed if fault.is_unreachable]
    if unreachable:
        mark_address_invalid(contact_ids=_contacts_of(unreachable), reason=_words(failed[0][1]))


def _contacts_of(message_ids: Sequence[int]) -> list[int]:
    return sorted(set(Message.objects.filter(pk__in=message_ids).values_list("contact_id", flat=True)))


def _believe_in(applied: Applied) -> None:
    """Who got a message is reachable, whatever was said before."""
    arrived = [move.message_id for move in applied.moves if move.old < Delivery.DELIVERED <= move.new]
    if arrived:
        mark_address_valid(contacts=Message.objects.filter(pk__in=arrived).values("contact_id"))


def _rest(connection: Connection, faults: Sequence[Fault]) -> None:
    worst = max(faults, key=lambda fault: REST_SECONDS.get(fault.policy, 0.0) if fault.policy else 0.0)
    seconds = REST_SECONDS.get(worst.policy, 0.0) if worst.policy else 0.0
    if seconds:
        rest(connection, reason=_words(worst), seconds=seconds, is_account=worst.is_account)


def _words(fault: Fault) -> str:
    return ". ".join(part for part in (fault.title, fault.details) if part) or fault.code

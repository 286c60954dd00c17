"""`POST /{phone_number_id}/messages`: refused, or taken; and what becomes of a message that was taken.

200 means taken, not sent: an unreachable person, a closed window, a link that cannot be fetched are told later, by webhook.
"""

from dataclasses import dataclass
from typing import Any

from connectors.emulators.cloud import limits
from connectors.emulators.cloud.checking import check_message, check_source, dialled
from connectors.emulators.cloud.courier import Courier
from connectors.emulators.cloud.names import fresh_wamid
from connectors.emulators.cloud.refusals import Refusal, bad_value, invalid
from connectors.emulators.cloud.statuses import Progress, steps_of
from connectors.emulators.cloud.template_calls import check_call
from connectors.emulators.cloud.world import Customer, Number, Record, Template, World, window_is_open

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that passed every check."""

    number: Number
    customer: Customer
    document: Json
    template: Template | None
    is_by_phone: bool


def take(world: World, courier: Courier, number: Number, document: Json) -> Json:
    """The answer to a POST. Raises a Refusal."""
    _refuse_if_barred(number)
    if document.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    if "status" in document:
        return _mark_read(world, number, document)
    letter = _checked(world, number, document)
    now = world.now()
    limits.spend_throughput(number, now)
    limits.spend_pair(number, letter.customer.wa_id, now)
    wamid = fresh_wamid()
    world.taken.append(document)
    world.keep(Record(wamid, number.id, letter.customer.wa_id, True, document, now))
    if courier.has_listener(number):
        failure = _failure(world, letter)
        courier.tell_progress(number, steps_of(progress_of(world, letter, wamid), failure), link=_link_in(document))
    answer: Json = {"messaging_product": "whatsapp", "contacts": [_contact(letter)], "messages": [{"id": wamid}]}
    if letter.template is not None:
        answer["messages"][0]["message_status"] = "accepted"
    return answer


def _refuse_if_barred(number: Number) -> None:
    if number.status in ("BANNED", "DELETED"):
        raise Refusal(33, "The business phone number has been deleted or banned.")
    if not number.is_registered:
        raise Refusal(133010, "Account not registered")
    problem = number.problem or number.account.problem
    if problem:
        raise Refusal(problem)


def _mark_read(world: World, number: Number, document: Json) -> Json:
    if document["status"] != "read":
        raise invalid(f'Param status must be one of {{READ}} - got "{document["status"]}".')
    for key in document:
        if key not in ("messaging_product", "status", "message_id", "typing_indicator"):
            raise invalid(f'Unexpected key "{key}" on param "message".')
    record = world.messages.get(str(document.get("message_id") or ""))
    if record is None or record.is_ours or record.number_id != number.id:
        raise bad_value("The message_id is not one of a message that was received by this number.")
    typing = document.get("typing_indicator")
    if typing is not None and typing != {"type": "text"}:
        raise invalid("Param typing_indicator['type'] must be one of {TEXT}.")
    for other in world.messages.values():
        if not other.is_ours and other.who == record.who and other.number_id == number.id and other.at <= record.at:
            other.statuses = ["read"]
    if typing:
        record.statuses = ["read", "typing"]
    return {"success": True}


def _checked(world: World, number: Number, document: Json) -> Letter:
    if document.get("recipient_type") == "group":
        raise Refusal(10, "This number is not eligible for the Groups API.")
    is_by_phone = bool(document.get("to"))
    customer = _receiver(world, document, is_by_phone)
    check_message(world, number, document)
    template = None
    if document.get("type") == "template":
        part = document["template"]
        language = part.get("language")
        code = language.get("code") if isinstance(language, dict) else ""
        template = world.template(number.account, str(part.get("name")), str(code))
        check_call(part, template, lambda media, kind: check_source(world, number, media, kind))
    _refuse_for_person(number, customer, document, template, is_by_phone)
    return Letter(number, customer, document, template, is_by_phone)


def _receiver(world: World, document: Json, is_by_phone: bool) -> Customer:
    if is_by_phone:
        return world.customer(dialled(document))
    if not document.get("recipient"):
        raise invalid("The parameter to is required.")
    found = world.by_user_id.get(str(document["recipient"]))
    if found is None:
        raise bad_value("The recipient is not a business-scoped user id of this business.")
    return found


def _refuse_for_person(number: Number, customer: Customer, document: Json, template: Template | None, is_by_phone: bool) -> None:
    if customer.wa_id == number.digits:
        raise Refusal(131021, "Recipient phone number and sender phone number cannot be the same.")
    if number.test_recipients is not None and customer.wa_id not in number.test_recipients:
        details = "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again."
        raise Refusal(131030, details)
    if customer.wa_id in number.blocked:
        raise Refusal(130403, "Message failed to send because this person was blocked by the business.")
    told_hash = document.get("recipient_identity_key_hash")
    if told_hash is not None and told_hash != customer.identity_hash:
        raise Refusal(137000, "The identity key hash is not that of the recipient.")
    if template is None:
        return
    if template.category == "AUTHENTICATION" and not is_by_phone:
        raise Refusal(131062, "Authentication templates cannot be sent to a business-scoped user id.")
    if template.category == "MARKETING" and not number.account.takes_marketing:
        raise Refusal(131063, "Marketing messages are disabled on Cloud API for this account; use the Marketing Messages API.")


def _failure(world: World, letter: Letter) -> Refusal | None:
    """Why a message that was taken will not arrive, said in a `failed` status."""
    customer, number, template = letter.customer, letter.number, letter.template
    is_open = window_is_open(world, number, customer)
    if not customer.is_reachable:
        return Refusal(131026, "Message Undeliverable.")
    if template is None and not is_open and world.is_strict_about_windows:
        return Refusal(
            131047, "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
        )
    if letter.document.get("type") == "reaction" and letter.document["reaction"]["message_id"] not in world.messages:
        return Refusal(131009, "The message that was reacted to is unknown.")
    if template is not None and template.category == "MARKETING":
        if customer.stopped_marketing:
            return Refusal(131050)
        if customer.has_had_enough:
            return Refusal(131049, "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.")
    if template is not None and not is_open and not limits.spend_reach(number.account.portfolio, customer, world.now()):
        details = "Message failed to send because there are restrictions on how many messages can be sent from this phone number."
        return Refusal(131048, details)
    return None


def progress_of(world: World, letter: Letter, wamid: str) -> Progress:
    document = letter.document
    category = letter.template.category.lower() if letter.template else "service"
    is_free = category == "service" or (category == "utility" and window_is_open(world, letter.number, letter.customer))
    return Progress(
        wamid=wamid,
        customer=letter.customer,
        tracker=document.get("biz_opaque_callback_data"),
        category=category,
        is_billable=not is_free,
        is_reaction=document.get("type") == "reaction",
        is_voice=document.get("type") == "audio" and document["audio"].get("voice") is True,
    )


def _link_in(document: Json) -> str:
    part = document.get(document.get("type", "text"))
    return str(part.get("link") or "") if isinstance(part, dict) else ""


def _contact(letter: Letter) -> Json:
    said = letter.document.get("to") if letter.is_by_phone else letter.document["recipient"]
    customer = letter.customer
    contact: Json = {"input": said}
    if not customer.hides_phone or letter.is_by_phone:
        contact["wa_id"] = customer.wa_id
    if customer.hides_phone or not letter.is_by_phone:
        contact["user_id"] = customer.user_id
    return contact

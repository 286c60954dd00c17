"""Who said no, and how: by a word, a button, to WhatsApp, through the gateway's refusal, to an agent. Each takes back only its own word,
each leaves an entry in the ledger, and what is sent keeps to all of them."""

import datetime
from itertools import count

import pytest

from accounts.models import User
from campaigns.models import Campaign, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from config.inbound import handle, settle
from connectors.types import Delivery, Fault, InboundMessage, MessageKind, Person, Policy, Preference, Receipt
from contacts.models import ConsentEntry, ConsentRules, Contact, OptOut
from contacts.services.consent import heed_words, save_rules
from contacts.services.contacts import opt_in, opt_out
from contacts.services.merging import merge_contacts
from contacts.tests.factories import ContactFactory
from contacts.types import Spoken
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tickets.models import Message
from tickets.tests.factories import TicketFactory

NUMBER = "+5511987650001"
_ids = count(1)


@pytest.fixture
def line(acme):
    return ConnectionFactory()


@pytest.fixture
def marina(acme) -> Contact:
    return ContactFactory(name="Marina", phone=NUMBER)


def said(text: str, *, kind: MessageKind = MessageKind.TEXT, external_id: str = "") -> InboundMessage:
    return InboundMessage(
        external_id=external_id or f"in.{next(_ids)}",
        person=Person((Address(AddressKind.PHONE, NUMBER),), name="Marina"),
        kind=kind,
        sent_at=now(),
        body=text,
    )


def preference(*, is_stop: bool) -> Preference:
    return Preference(person=Person((Address(AddressKind.PHONE, NUMBER),)), purpose="marketing", is_stop=is_stop, at=now())


def sources(contact: Contact) -> list[str]:
    return sorted(OptOut.objects.filter(contact=contact, purpose="marketing").values_list("source", flat=True))


def ledger(contact: Contact) -> list[tuple[str, str]]:
    return list(ConsentEntry.objects.filter(contact=contact).order_by("pk").values_list("deed", "source"))


@pytest.mark.parametrize("text", ["PARAR", "parar!", "  Sair. ", "Não quero receber", "nao quero receber", "STOP", "unsubscribe", "Baja"])
def test_a_stop_word_alone_is_a_stop_in_three_languages(line, marina, text):
    handle(line, [said(text)])

    entry = ConsentEntry.objects.get()
    assert sources(marina) == ["keyword"]
    assert (entry.deed, entry.words, Message.objects.get(pk=entry.message_id).body) == ("stop", text, text)


@pytest.mark.parametrize("text", ["Can you stop the delivery?", "Quero cancelar meu pedido", "pare com isso agora mesmo", "", "👍"])
def test_a_word_inside_a_sentence_is_none(line, marina, text):
    handle(line, [said(text)])

    assert sources(marina) == []


def test_a_button_says_it_too(line, marina):
    handle(line, [said("Stop promotions", kind=MessageKind.BUTTON)])

    assert sources(marina) == ["keyword"]


def test_a_repeat_of_the_message_says_nothing_twice(line, marina, sam):
    save_rules({"stop_answer": "You will get no more offers."}, by=sam)
    message = said("stop", external_id="wamid.once")

    for _ in range(5):
        handle(line, [message])

    assert ledger(marina) == [("stop", "keyword")]
    assert Message.objects.filter(direction="out").count() == 1


def test_the_answer_goes_once_into_the_conversation(line, marina, sam):
    save_rules({"stop_answer": "You will get no more offers.", "resume_answer": "Welcome back!"}, by=sam)

    handle(line, [said("sair")])
    handle(line, [said("sair")])
    handle(line, [said("quero receber")])

    answers = Message.objects.filter(direction="out").order_by("pk")
    assert [(answer.body, answer.origin, answer.ticket_id is not None) for answer in answers] == [
        ("You will get no more offers.", "system", True),
        ("Welcome back!", "system", True),
    ]


def test_what_was_told_to_whatsapp_and_what_was_typed_stand_apart(line, marina):
    """A resume in WhatsApp's settings does not lift a STOP that the customer typed to the company; either order."""
    handle(line, [preference(is_stop=True)])
    handle(line, [said("stop")])
    both = sources(marina)
    handle(line, [preference(is_stop=False)])

    assert both == ["keyword", "whatsapp"]
    assert sources(marina) == ["keyword"]
    handle(line, [said("start")])
    assert sources(marina) == []
    assert ledger(marina) == [("stop", "whatsapp"), ("stop", "keyword"), ("resume", "whatsapp"), ("resume", "keyword")]


def test_the_same_preference_told_five_times_is_one_entry(line, marina):
    for _ in range(5):
        handle(line, [preference(is_stop=True)])

    assert ledger(marina) == [("stop", "whatsapp")]


def test_the_gateway_s_refusal_is_a_no(line, marina):
    message = Message.objects.create(
        contact=marina, connection=line, direction="out", origin="campaign", kind="text", external_id="out.1", status=Delivery.SENT
    )
    fault = Fault("131050", "User stopped marketing", policy=Policy.PERMANENT, is_opt_out=True)

    settle(line, [Receipt("out.1", Delivery.FAILED, now(), fault=fault)])

    message.refresh_from_db()
    assert (message.status, sources(marina)) == (Delivery.FAILED, ["provider"])
    assert ConsentEntry.objects.get().words == "User stopped marketing"


def test_an_agent_writes_it_down_with_the_reason_and_takes_everything_back(line, marina, sam):
    handle(line, [said("stop")])
    opt_out(marina, by=sam, purpose="marketing", reason="Called us")
    with_both = sources(marina)

    opt_in(marina, by=sam, purpose="marketing", reason="Changed her mind on the phone")

    assert (with_both, sources(marina)) == (["agent", "keyword"], [])
    last = ConsentEntry.objects.first()
    assert (last.deed, last.source, last.by, last.words) == ("resume", "agent", sam, "Changed her mind on the phone")


def test_merging_keeps_every_no_and_both_ledgers(line, marina, sam):
    other = ContactFactory()
    opt_out(other, by=sam, purpose="marketing", reason="")
    handle(line, [said("stop")])

    kept = merge_contacts(marina, other, by=sam)

    assert sources(kept) == ["agent", "keyword"]
    assert len(ledger(kept)) == 2


def test_the_words_are_the_company_s_own(line, marina, sam):
    save_rules({"stop_words": ["Chega"]}, by=sam)

    first, second = heed_words([(marina, Spoken(1, "stop"))]), heed_words([(marina, Spoken(2, "CHEGA!"))])

    assert (first, [wish.meaning for wish in second]) == ([], ["stop"])


# --- over HTTP ---------------------------------------------------------------------------------------------------------------------

RULES = "/api/v1/consent-rules/"


def test_rules_are_read_by_all_and_written_by_admins(acme, sam, alice, client_of):
    usual = client_of(sam).get(RULES).json()
    refused = client_of(sam).patch(RULES, {"most_messages": 2}, format="json")
    changed = client_of(alice).patch(
        RULES, {"most_messages": 2, "quiet_from": "21:00", "quiet_until": "08:00", "quiet_weekdays": [6, 6]}, format="json"
    )

    assert "parar" in usual["stop_words"]
    assert (usual["most_messages"], refused.status_code, changed.status_code) == (None, 403, 200)
    assert (changed.json()["quiet_from"], changed.json()["quiet_weekdays"]) == ("21:00", [6])
    assert client_of(sam).get(RULES).json() == changed.json()


@pytest.mark.parametrize(
    ("fields", "code", "attr"),
    [
        ({"stop_words": ["Stop"], "resume_words": ["stop!"]}, "ambiguous_word", "resume_words"),
        ({"quiet_from": "21:00"}, "required", "quiet_until"),
        ({"quiet_weekdays": [0, 1, 2, 3, 4, 5, 6]}, "never", "quiet_weekdays"),
        ({"quiet_weekdays": [7]}, "max_value", "quiet_weekdays.0"),
        ({"most_messages": 0}, "min_value", "most_messages"),
        ({"quiet_from": "25:00"}, "invalid", "quiet_from"),
    ],
)
def test_bad_rules_are_refused_with_their_field(acme, alice, client_of, fields, code, attr):
    answer = client_of(alice).patch(RULES, fields, format="json")

    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"], error["attr"]) == (400, code, attr)
    assert not ConsentRules.objects.exists()


def test_the_ledger_is_shown_newest_first(line, marina, sam, client_of):
    handle(line, [said("stop")])
    client = client_of(sam)
    path = f"/api/v1/contacts/{marina.pk}/"

    client.delete(f"{path}opt-out/", {"purpose": "marketing", "reason": "Asked again"}, format="json")

    entries = client.get(f"{path}consent/").json()
    assert [(entry["deed"], entry["source"], entry["words"], entry["by_name"]) for entry in entries] == [
        ("resume", "agent", "Asked again", sam.name),
        ("stop", "keyword", "stop", ""),
    ]
    assert entries[1]["message_id"] is not None


# --- kept to -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def installation(real_acme):
    """A company whose rows other connections see, without the rules of an earlier story."""
    yield real_acme
    ConsentRules.objects.all().delete()


def running(size: int) -> Campaign:
    return start_campaign(CampaignFactory(lists=[list_of(size)]), by=None)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def a_founder() -> User:
    return User.objects.get(email="founder@acme.test")


def got_marketing(contact: Contact, *, days_ago: float, status: Delivery = Delivery.SENT, origin: str = "campaign") -> Message:
    at = now() - datetime.timedelta(days=days_ago)
    line = ConnectionFactory()
    return Message.objects.create(
        contact=contact, connection=line, direction="out", origin=origin, kind="text", status=status, occurred_at=at
    )


def test_the_cap_counts_marketing_of_all_campaigns_in_the_last_days(installation):
    save_rules({"most_messages": 2, "per_days": 7}, by=a_founder())
    campaign = CampaignFactory(lists=[list_of(4)])
    full, old, failed, answered = Contact.objects.filter(lists__in=campaign.lists.all()).order_by("pk")
    for days in (1, 6):
        got_marketing(full, days_ago=days)
        got_marketing(failed, days_ago=days, status=Delivery.FAILED)
        got_marketing(answered, days_ago=days, origin="agent")
    for days in (8, 9):
        got_marketing(old, days_ago=days)

    send(start_campaign(campaign, by=None))

    assert states_of(campaign) == {"sent": 3, "excluded": 1}
    assert Recipient.objects.get(campaign=campaign, state="excluded").exclusion == "frequency_cap"
    assert Recipient.objects.get(campaign=campaign, state="excluded").contact == full


def test_the_cap_is_looked_at_again_when_the_recipient_is_claimed(installation):
    save_rules({"most_messages": 1}, by=a_founder())
    campaign = running(2)
    got_marketing(Recipient.objects.filter(campaign=campaign).order_by("pk")[0].contact, days_ago=0.1)

    send(campaign)

    assert states_of(campaign) == {"sent": 1, "excluded": 1}


def test_a_second_campaign_right_after_the_first_reaches_nobody_twice(installation):
    save_rules({"most_messages": 1}, by=a_founder())
    people = list_of(10)
    first, second = (start_campaign(CampaignFactory(lists=[people]), by=None) for _ in range(2))

    send(first)
    send(second)

    assert (states_of(first), states_of(second)) == ({"sent": 10}, {"excluded": 10})


def test_whoever_has_quiet_hours_waits_for_their_own_morning_and_the_others_get_it(installation):
    """Quiet from now, for an hour, on São Paulo's clocks: Acre's are two hours behind."""
    here = now().astimezone(datetime.timezone(datetime.timedelta(hours=-3)))
    begins, ends = here - datetime.timedelta(minutes=10), here + datetime.timedelta(minutes=50)
    save_rules({"quiet_from": begins.time(), "quiet_until": ends.time()}, by=a_founder())
    paulista, acreana = ContactFactory(phone="+5511987650009"), ContactFactory(phone="+5568987650009")
    people = list_of(0)
    people.contacts.set([paulista, acreana])
    campaign = start_campaign(CampaignFactory(lists=[people]), by=None)

    send(campaign)

    waiting = Recipient.objects.get(campaign=campaign, state="pending")
    assert Recipient.objects.get(campaign=campaign, state="sent").contact == acreana
    assert (waiting.contact, waiting.error_code, waiting.attempts) == (paulista, "quiet_hours", 0)
    assert abs(waiting.retry_at - ends) < datetime.timedelta(minutes=1)
    assert campaign.status == Campaign.Status.RUNNING


def test_a_stop_while_the_campaign_runs_is_kept_to(installation):
    campaign = running(3)
    contact = Recipient.objects.filter(campaign=campaign).order_by("pk")[1].contact
    ticket = TicketFactory(contact=contact, connection=campaign.connection)

    heed_words([(contact, Spoken(1, "stop"))])
    send(campaign)

    assert states_of(campaign) == {"sent": 2, "excluded": 1}
    assert ticket.contact == contact

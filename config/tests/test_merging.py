"""Two contacts that are one person: everything of both is the one's who stays."""

from campaigns.models import Recipient
from campaigns.tests.factories import CampaignFactory
from contacts.models import Contact, ContactList, OptOut, Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter
from tickets.models import Message, Ticket
from tickets.tests.factories import ConnectionFactory, TicketFactory

URL = "/api/v1/contacts/"


def merge(client, kept, other):
    return client.post(f"{URL}{kept.pk}/merge/", {"contact": other.pk})


def test_numbers_words_and_history_move(sam, acme, client_of, django_capture_on_commit_callbacks):
    kept = ContactFactory(name="Marina", phone="+5511987650001", notes="VIP", custom={"city": "Recife", "size": ""})
    other = ContactFactory(
        name="Marina D", phone="+5511987650002", email="m@example.test", notes="Old", custom={"city": "Natal", "size": "M"}
    )
    other.tags.add(Tag.objects.create(name="Tall"))
    other.lists.add(ContactList.objects.create(name="News"))
    OptOut.objects.create(contact=other, purpose="marketing", source="whatsapp")
    ticket = TicketFactory(contact=other)
    message = Message.objects.create(
        ticket=ticket, contact=other, connection=ticket.connection, direction="in", origin="contact", kind="text"
    )
    campaign = CampaignFactory()
    Recipient.objects.create(campaign=campaign, contact=other)

    with django_capture_on_commit_callbacks(execute=True):
        answer = merge(client_of(sam), kept, other)

    told = answer.json()
    assert (answer.status_code, told["name"], told["email"], told["notes"]) == (200, "Marina", "m@example.test", "VIP\nOld")
    assert told["custom"] == {"city": "Recife", "size": "M"}
    assert sorted(address["value"] for address in told["addresses"]) == ["+5511987650001", "+5511987650002"]
    assert ([tag["name"] for tag in told["tags"]], len(told["lists"]), told["opt_outs"]) == (["Tall"], 1, ["marketing"])
    assert [model.objects.values_list("contact", flat=True).get() for model in (Ticket, Message, Recipient)] == [kept.pk] * 3
    assert (Contact.objects.count(), Message.objects.get().pk) == (1, message.pk)
    frames = [frame.data for frame in missed(acme, 0) if frame.event.endswith("-contact")]
    assert [frame.get("contactId") for frame in frames if frame["action"] == "delete"] == [other.pk]


def test_two_open_conversations_over_one_number_stand_in_the_way(sam, client_of):
    first = TicketFactory(connection=ConnectionFactory(name="Main number"))
    second = TicketFactory(connection=first.connection)
    client = client_of(sam)

    refused = merge(client, first.contact, second.contact)
    Ticket.objects.filter(pk=second.pk).update(status="closed")
    done = merge(client, first.contact, second.contact)

    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["code"], done.status_code) == (409, "open_conversations", 200)
    assert all(word in error["detail"] for word in ("Main number", first.protocol, second.protocol))
    assert set(Ticket.objects.values_list("contact", flat=True)) == {first.contact_id}


def test_a_campaign_that_reached_both_keeps_the_one_that_got_furthest(sam, client_of):
    kept, other = ContactFactory(), ContactFactory()
    campaign = CampaignFactory(status="running")
    Recipient.objects.create(campaign=campaign, contact=kept, status=0)
    reached = Recipient.objects.create(campaign=campaign, contact=other, status=30, message_id=7)
    client = client_of(sam)

    refused = merge(client, kept, other)
    campaign.status = "finished"
    campaign.save()
    done = merge(client, kept, other)

    assert (refused.status_code, refused.json()["errors"][0]["code"], done.status_code) == (409, "campaign_running", 200)
    assert list(Recipient.objects.values_list("pk", "contact")) == [(reached.pk, kept.pk)]


def test_nobody_is_merged_with_themselves_or_with_a_stranger(sam, bob, mallory, acme, client_of):
    kept, other = ContactFactory(), ContactFactory()

    alone = merge(client_of(sam), kept, kept)
    agent = merge(client_of(bob), kept, other)
    stranger = merge(client_of(mallory), kept, other)

    assert (alone.json()["errors"][0]["code"], agent.status_code, stranger.status_code) == ("same_contact", 403, 404)
    with enter(acme):
        assert Contact.objects.count() == 2

"""Several messages, some with files: each recipient gets one of them, in the history as in the gateway; and tests count nowhere."""

import datetime
import io

import pytest

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.drafts import create_campaign, duplicate_campaign, update_campaign
from campaigns.services.given import replace_given
from campaigns.services.lifecycle import start_campaign
from campaigns.services.trial import send_test
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, TemplateFactory, list_of, states_of
from campaigns.types import InlineRecipient
from connectors import simulating
from connectors.models import Media
from connectors.providers.simulator.network import Line
from connectors.services.media import keep_upload
from connectors.tests.samples import picture
from contacts.models import Contact
from contacts.tests.factories import ContactFactory
from tenants.lib import filing
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Timer
from tickets.delivery import deliver
from tickets.models import Message, Ticket
from tickets.tests.factories import TicketFactory

URL = "/api/v1/campaigns/"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(by=None) -> Media:
    content = picture("PNG")
    return keep_upload(
        file=io.BytesIO(content), filename="chair.png", declared_type="image/png", size_bytes=len(content), is_voice=False, by=by
    )


def fast_line(**more: object):
    return ConnectionFactory(settings={"messages_per_second": 10_000}, **more)


def refusal(deed) -> tuple[str, str | None]:
    with pytest.raises(ApplicationError) as caught:
        deed()
    return caught.value.code, caught.value.field


def shown_on(line, contact: Contact) -> list[dict]:
    return simulating.conversation(Line(current_company().pk, line.pk), contact.phone)


def test_each_recipient_gets_the_variant_that_was_chosen_for_them(real_acme):
    variants = [{"body": "Text for {{name}}"}, {"body": "Picture for {{name}}", "media": photo()}]
    campaign = create_campaign(by=None, fields={"connection": fast_line(), "variants": variants, "lists": [list_of(40)]})
    start_campaign(campaign, by=None)

    send_next_batch(campaign.pk, campaign.connection_id)

    campaign.refresh_from_db()
    recipients = {recipient.message_id: recipient for recipient in Recipient.objects.filter(campaign=campaign)}
    messages = Message.objects.filter(origin="campaign", origin_id=campaign.pk).select_related("contact")
    assert (campaign.status, campaign.body, len(messages), states_of(campaign)) == ("finished", "Text for {{name}}", 40, {"sent": 40})
    for message in messages:
        kind, words, media = (("text", "Text", None), ("image", "Picture", variants[1]["media"].pk))[recipients[message.pk].variant]
        assert (message.kind, message.body, message.media_id) == (kind, f"{words} for {message.contact.name}", media)
    assert {message.kind for message in messages} == {"text", "image"}
    pictured = next(message for message in messages if message.kind == "image")
    entry = shown_on(campaign.connection, pictured.contact)[-1]
    assert (entry["kind"], entry["body"], bool(entry["link"])) == ("image", pictured.body, True)


def test_a_file_that_is_gone_fails_its_recipients_in_words_and_no_others(real_acme):
    variants = [{"body": "Text"}, {"body": "", "media": photo()}]
    campaign = create_campaign(by=None, fields={"connection": fast_line(), "variants": variants, "lists": [list_of(30)]})
    start_campaign(campaign, by=None)
    filing.throw_away(variants[1]["media"].file)

    send_next_batch(campaign.pk, campaign.connection_id)

    failed = Recipient.objects.filter(campaign=campaign, state="failed")
    assert Campaign.objects.get(pk=campaign.pk).status == "finished"
    assert set(failed.values_list("variant", "error_code", "error_text")) == {
        (1, "media_missing", "The file “chair.png” is not in the storage any more. Choose it again.")
    }
    assert Recipient.objects.filter(campaign=campaign, variant=0, state="sent").count() + failed.count() == 30


def test_a_file_that_the_gateway_must_have_first_is_prepared_before_anybody_is_claimed(real_acme):
    cloud = fast_line(provider="cloud_api")
    contacts = list_of(1)
    TicketFactory(contact=contacts.contacts.get(), connection=cloud, last_inbound_at=now())
    campaign = create_campaign(by=None, fields={"connection": cloud, "variants": [{"body": "Hi", "media": photo()}], "lists": [contacts]})
    start_campaign(campaign, by=None)

    send_next_batch(campaign.pk, campaign.connection_id)

    assert states_of(campaign) == {"pending": 1}
    due = Timer.objects.get(kind="campaign.send", key=f"{campaign.pk}:{cloud.pk}").due_at
    assert now() < due < now() + datetime.timedelta(seconds=10)


def test_what_is_wrong_with_a_variant_is_said_with_its_place(acme, alice):
    line = ConnectionFactory()

    def start_of(*variants: dict):
        fields = {"connection": line, "variants": list(variants), "lists": [list_of(1)]}
        return refusal(lambda: start_campaign(create_campaign(by=alice, fields=fields), by=alice))

    gone = photo()
    filing.throw_away(gone.file)
    sound = Media.objects.create(author=alice, kind="audio", file=photo().file, state="ready", mime_type="audio/ogg")
    assert start_of({"body": "Hi"}, {"body": " "}) == ("required", "variants.1.body")
    assert start_of({"body": "Hi"}, {"body": "x" * 1025, "media": photo()}) == ("too_long", "variants.1.body")
    assert start_of({"body": "Listen", "media": sound}) == ("caption_unsupported", "variants.0.body")
    assert start_of({"body": "Hi {{nmae}}"}, {"body": "Hi"}) == ("variable_without_value", "variants.0.body")
    assert start_of({"body": "Look", "media": gone}) == ("media_missing", "variants.0.media")


def test_a_text_alone_takes_the_place_of_variants(acme, alice):
    campaign = create_campaign(by=alice, fields={"connection": ConnectionFactory(), "variants": [{"body": "One"}, {"body": "Two"}]})
    before = campaign.name, campaign.body, campaign.variants.count()

    update_campaign(campaign, by=alice, fields={"body": "Only"})

    campaign.refresh_from_db()
    assert (before, campaign.body, campaign.variants.count()) == (("One", "One", 2), "Only", 0)


def test_a_copy_says_the_same_to_the_same_people(acme, alice):
    contacts, image = list_of(2), photo()
    fields = {"connection": ConnectionFactory(), "name": "June", "lists": [contacts], "has_all_tags": True}
    variants = [{"body": "One", "weight": 3}, {"body": "Two", "media": image}]
    campaign = create_campaign(by=alice, fields=fields | {"variants": variants})
    replace_given(campaign, [InlineRecipient("+5511987650001", variables={"code": "A"})])
    start_campaign(campaign, by=alice)

    copy = duplicate_campaign(campaign, by=alice)

    assert (copy.name, copy.status, copy.has_all_tags, list(copy.lists.all())) == ("June (copy)", "draft", True, [contacts])
    assert list(copy.variants.values_list("body", "weight", "media")) == [("One", 3, None), ("Two", 1, image.pk)]
    assert list(Recipient.objects.filter(campaign=copy).values_list("address", "state", "variables")) == [
        ("+5511987650001", "pending", {"code": "A"})
    ]
    assert CampaignCount.objects.filter(campaign=copy).count() == 0


def test_a_template_with_a_picture_in_its_header(real_acme):
    components = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Hello {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.test/{{1}}"}]},
    ]
    line = fast_line()
    template, image, contacts = TemplateFactory(connection=line, components=components), photo(), list_of(1)
    fields = {"connection": line, "template": template, "header_media": image, "lists": [contacts]}
    # The slots' spelling of old is understood.
    campaign = create_campaign(by=None, fields=fields | {"variables": {"1": "{{first_name|there}}", "button_0": "{{custom.code|none}}"}})
    start_campaign(campaign, by=None)

    send_next_batch(campaign.pk, campaign.connection_id)

    message = Message.objects.get(origin="campaign", origin_id=campaign.pk)
    contact = contacts.contacts.get()
    assert (message.kind, message.status, message.body) == ("template", 10, f"Hello {contact.name.split()[0]}")
    assert message.media_id == image.pk
    assert shown_on(line, contact)[-1].items() >= {"template": template.name, "kind": "template", "file_kind": "image"}.items()
    assert shown_on(line, contact)[-1]["link"].startswith("/")

    tested = send_test(campaign, by=None, number="+5511987650078")
    deliver(line.pk)

    tested.refresh_from_db()
    assert (tested.kind, tested.status >= 10, tested.media_id) == ("template", True, image.pk)
    assert shown_on(line, tested.contact)[-1]["body"] == "Hello there"


def test_a_test_goes_the_road_of_every_message_and_counts_nowhere(real_acme):
    alice = None
    line, image = fast_line(), photo()
    me = ContactFactory(name="Alice Me", phone="+5511987650077")
    marina = ContactFactory(name="Marina Duarte")
    variants = [{"body": "Hi"}, {"body": "Look, {{first_name}}", "media": image}]
    campaign = create_campaign(by=alice, fields={"connection": line, "variants": variants})

    mine = send_test(campaign, by=alice, number="11 98765-0077", variant=1)
    hers = send_test(campaign, by=alice, number="+5511987650077", variant=1, like=marina)
    deliver(line.pk)
    deliver(line.pk)

    mine.refresh_from_db()
    assert (mine.origin, mine.origin_id, mine.payload, mine.media_id) == ("campaign", campaign.pk, {"is_test": True}, image.pk)
    assert mine.status >= 10
    assert [entry["body"] for entry in shown_on(line, me)] == ["Look, Alice", "Look, Marina"]
    assert (hers.contact_id, Ticket.objects.filter(contact=me).count(), states_of(campaign)) == (me.pk, 0, {})
    assert not CampaignCount.objects.filter(campaign=campaign).exists()


def test_a_test_that_cannot_go_says_why(acme, alice):
    closed = CampaignFactory(connection=ConnectionFactory(state="closed"))
    campaign = CampaignFactory(body="Hi {{email}}")
    cloud = CampaignFactory(connection=ConnectionFactory(provider="cloud_api"))
    ContactFactory(phone="+5511987650078", email="")

    def test_of(campaign: Campaign, number: str = "+5511987650078", **more: object):
        return refusal(lambda: send_test(campaign, by=alice, number=number, **more))

    assert test_of(closed) == ("connection_closed", "connection")
    assert test_of(campaign) == ("missing_value", "number")
    assert test_of(campaign, like=ContactFactory(email="")) == ("missing_value", "contact")
    assert test_of(campaign, variant=3) == ("does_not_exist", "variant")
    assert test_of(campaign, number="eleven") == ("invalid_phone", "number")
    assert test_of(cloud) == ("outside_service_window", "number")


def test_over_http(acme, sam, bob, client_of):
    client, image, contacts = client_of(sam), photo(sam), list_of(30)
    said = {
        "connection": ConnectionFactory().pk,
        "lists": [contacts.pk],
        "variants": [{"body": "One"}, {"body": "Two", "media": image.pk, "weight": 2}],
    }

    made = client.post(URL, said, format="json").json()
    url = f"{URL}{made['id']}/"
    tried = client.post(f"{url}dry-run/").json()
    sent = client.post(f"{url}test/", {"number": "11 98765-0099", "variant": 1}, format="json")
    copied = client.post(f"{url}duplicate/")
    client.post(f"{url}start/")

    assert [(each["body"], each["media"] and each["media"]["id"], each["weight"]) for each in made["variants"]] == [
        ("One", None, 1),
        ("Two", image.pk, 2),
    ]
    assert (tried["count"], sum(each["count"] for each in tried["variants"]), tried["problems"]) == (30, 30, [])
    assert (sent.status_code, sent.json()["status"], sent.json()["payload"]) == (201, "queued", {"is_test": True})
    assert client.get(f"/api/v1/messages/{sent.json()['id']}/").status_code == 200
    assert (copied.status_code, copied.json()["variants"]) == (201, made["variants"])
    stats = client.get(f"{url}stats/").json()
    assert [(each["variant"], each["queued"]) for each in stats["variants"]] == [
        (each["variant"], each["count"]) for each in tried["variants"]
    ]
    assert len(client.get(f"{url}recipients/?variant=1").json()["results"]) == tried["variants"][1]["count"]
    six = client.post(URL, said | {"variants": [{"body": "x"}] * 6}, format="json")
    assert (six.status_code, six.json()["errors"][0]["attr"].split(".")[0]) == (400, "variants")
    denied = [client_of(bob).post(f"{url}{step}/", {"number": "1"}, format="json").status_code for step in ("dry-run", "test", "duplicate")]
    assert denied == [403] * 3


def test_mallory_tries_nothing_out(acme, mallory, client_of):
    url = f"{URL}{CampaignFactory().pk}/"

    steps = [
        client_of(mallory).post(f"{url}{step}/", {"number": "1"}, format="json").status_code for step in ("dry-run", "test", "duplicate")
    ]

    assert steps == [404] * 3


def test_a_time_without_an_offset_is_on_the_company_s_clocks(acme, sam, client_of):
    acme.timezone = "America/New_York"
    acme.save()
    url = f"{URL}{CampaignFactory().pk}/"
    client = client_of(sam)

    winter = client.patch(url, {"starts_at": "2030-01-15T09:00"}, format="json").json()["starts_at"]
    summer = client.patch(url, {"starts_at": "2030-07-15T09:00"}, format="json").json()["starts_at"]
    twice = client.patch(url, {"starts_at": "2030-11-03T01:30"}, format="json").json()["starts_at"]
    skipped = client.patch(url, {"starts_at": "2030-03-10T02:30"}, format="json").json()

    assert (winter, summer, twice) == ("2030-01-15T14:00:00Z", "2030-07-15T13:00:00Z", "2030-11-03T05:30:00Z")
    assert [(error["code"], error["attr"]) for error in skipped["errors"]] == [("time_skipped", "starts_at")]


@pytest.mark.parametrize("time", ["9999-12-31T23:59:00-12:00", "9999-12-31T23:59", "2990-01-01T00:00:00Z"])
def test_a_start_in_a_year_that_nobody_lives_to_see_is_refused_with_its_field(acme, sam, client_of, time):
    """One in the year 10000 was stored, and no list could be shown any more."""
    client = client_of(sam)

    answer = client.patch(f"{URL}{CampaignFactory().pk}/", {"starts_at": time}, format="json")

    assert [(error["code"], error["attr"]) for error in answer.json()["errors"]] == [("too_far", "starts_at")]
    assert client.get(URL).status_code == 200

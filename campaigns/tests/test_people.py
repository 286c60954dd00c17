"""Who would get a campaign and who not, page by page, and what any one contact would read: of a campaign that is still being written."""

import pytest

from campaigns.services.given import replace_given
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of
from campaigns.types import InlineRecipient
from contacts.models import OptOut
from contacts.tests.factories import ContactFactory

URL = "/api/v1/campaigns/audience/"


@pytest.fixture
def few_looks(monkeypatch):
    monkeypatch.setattr("campaigns.services.people.ROWS", 3)
    monkeypatch.setattr("campaigns.services.people.LOOKED_AT", 4)


def pages(client, fields, **asked):
    """All of them, asked for page by page."""
    people, after, count = [], 0, 0
    while after is not None:
        answer = client.post(f"{URL}people/", fields | asked | {"after": after}, format="json")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        people, after, count = people + page["results"], page["after"], count + 1
        assert count < 50
    return people


def audience(body="Hello {{custom.city}}"):
    """Ten contacts: two opted out, three without a city."""
    people = list_of(10)
    contacts = list(people.contacts.order_by("pk"))
    for contact in contacts[:2]:
        OptOut.objects.create(contact=contact, purpose="marketing")
    for contact in contacts[2:7]:
        contact.custom = {"city": f"Recife {contact.pk}"}
        contact.save()
    return contacts, {"lists": [people.pk], "connection": ConnectionFactory().pk, "body": body}


def test_the_pages_hold_everybody_once_and_agree_with_the_counts(sam, client_of, few_looks):
    contacts, fields = audience()
    counted = client_of(sam).post(URL, fields, format="json").json()

    everybody = pages(client_of(sam), fields)

    assert [one["contact"] for one in everybody] == [contact.pk for contact in contacts]
    reasons = [one["reason"] for one in everybody]
    assert reasons.count("") == counted["count"] == 5
    assert {one["reason"]: one["count"] for one in counted["exclusions"]} == {"opted_out": 2, "missing_value": 3}
    for reason in ("", "opted_out", "missing_value"):
        named = pages(client_of(sam), fields, reason=reason)
        assert [one["contact"] for one in named] == [one["contact"] for one in everybody if one["reason"] == reason]
    assert everybody[2]["text"] == f"Hello Recife {contacts[2].pk}"


def test_they_are_found_by_name_and_by_number(sam, client_of, few_looks):
    contacts, fields = audience()
    contacts[8].name = "Zé_100% Silva"
    contacts[8].save()

    by_name = pages(client_of(sam), fields, search="_100% sil")
    by_number = pages(client_of(sam), fields, search=contacts[9].phone[-6:])

    assert [one["contact"] for one in by_name] == [contacts[8].pk]
    assert [one["contact"] for one in by_number] == [contacts[9].pk]


def test_everybody_and_the_numbers_given_with_the_draft_are_among_them(sam, client_of, few_looks):
    stranger = ContactFactory(custom={"city": "Olinda"})
    campaign = CampaignFactory()
    replace_given(campaign, [InlineRecipient(stranger.phone)])
    ContactFactory.create_batch(9)
    fields = {"connection": campaign.connection_id, "campaign": campaign.pk, "body": "Hello"}
    condition = [{"field": "name", "operator": "equals", "value": "Nobody at all"}]

    given = pages(client_of(sam), fields)
    narrowed = pages(client_of(sam), fields | {"is_for_everybody": True, "conditions": condition})
    everybody = pages(client_of(sam), fields | {"is_for_everybody": True})

    assert [one["contact"] for one in given] == [one["contact"] for one in narrowed] == [stranger.pk]
    assert len(everybody) == 10


def test_numbers_that_nobody_has_yet_follow_page_by_page(sam, client_of, few_looks):
    contacts, fields = audience("Hello {{first_name|there}}, your code: {{code}}")
    mine = [{"number": contacts[7].phone, "variables": {"code": "A"}}]
    new = [{"number": f"+55119876500{place:02d}", "name": f"New {place}", "variables": {"code": str(place)}} for place in range(8)]
    new[3]["variables"] = {}
    new[4]["name"] = ""
    fields = fields | {"lists": [], "recipients": mine + new}
    counted = client_of(sam).post(URL, fields, format="json").json()

    everybody = pages(client_of(sam), fields)
    reached = pages(client_of(sam), fields, reason="")
    left_out = pages(client_of(sam), fields, reason="missing_value")

    assert [one["contact"] for one in everybody] == [contacts[7].pk] + [None] * 8
    assert [one["address"] for one in everybody[1:]] == [one["number"] for one in new]
    assert (len(reached), counted["count"]) == (8, 8)
    assert reached[-1]["text"] == "Hello New, your code: 7"
    assert [one["name"] for one in left_out] == ["New 3"]
    assert everybody[5]["name"] == ""  # its number is told already
    assert [one["name"] for one in pages(client_of(sam), fields, search="new 5")] == ["New 5"]
    assert [one["name"] for one in pages(client_of(sam), fields, search="98765-0006")] == ["New 6"]


def test_what_any_contact_would_read_and_what_keeps_it_from_them(sam, client_of):
    contacts, fields = audience("Hello {{first_name|there}} of {{custom.city|your city}}")
    outsider = ContactFactory(name="Olga Outside")

    def read(contact):
        return client_of(sam).post(f"{URL}person/", fields | {"contact": contact.pk}, format="json").json()

    assert (read(contacts[0])["reason"], read(contacts[0])["text"][:5]) == ("opted_out", "Hello")
    assert (read(outsider)["reason"], read(outsider)["text"]) == ("", "Hello Olga of your city")


def test_others_may_not_ask_and_other_companies_contacts_are_unknown(alice, bob, globex, mallory, client_of, sam):
    _contacts, fields = audience()
    contact = ContactFactory()

    refused = client_of(bob).post(f"{URL}people/", fields, format="json")
    foreign = client_of(mallory).post(f"{URL}person/", {"body": "Hi", "contact": contact.pk}, format="json")

    assert (refused.status_code, foreign.status_code) == (403, 400)
    assert foreign.json()["errors"][0]["attr"] == "contact"


def test_a_page_costs_the_same_however_many_there_are(sam, client_of, django_assert_max_num_queries):
    _contacts, fields = audience()
    client = client_of(sam)
    client.post(f"{URL}people/", fields, format="json")

    with django_assert_max_num_queries(16):
        client.post(f"{URL}people/", fields, format="json")

"""Campaigns over HTTP, as supervisors use them, agents read them and Mallory tries to."""

import datetime

import pytest

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of
from contacts.models import OptOut
from tenants.lib.clock import now
from tenants.lib.tenancy import enter

URL = "/api/v1/campaigns/"


def errors_of(answer) -> list[tuple[str, str | None]]:
    return [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_a_supervisor_writes_a_campaign_starts_it_and_stops_it(sam, client_of):
    contacts, line = list_of(3), ConnectionFactory()
    client = client_of(sam)

    made = client.post(URL, {"name": "June", "connection": line.pk, "body": "Hi {{name|there}}", "lists": [contacts.pk]}, format="json")
    campaign_url = f"{URL}{made.json()['id']}/"
    steps = [client.post(f"{campaign_url}{step}/").json()["status"] for step in ("start", "pause", "resume", "cancel")]

    assert (made.status_code, made.json()["status"], made.json()["counts"]["total"]) == (201, "draft", 0)
    assert steps == ["running", "paused", "running", "cancelled"]
    assert client.get(campaign_url).json()["counts"] == {
        "total": 3,
        "queued": 0,
        "sent": 0,
        "failed": 0,
        "unknown": 0,
        "excluded": 0,
        "cancelled": 3,
        "delivered": 0,
        "read": 0,
        "replied": 0,
    }
    assert client.post(f"{campaign_url}start/").status_code == 409
    assert client.patch(campaign_url, {"name": "July"}, format="json").status_code == 409


def test_the_preview_counts_what_the_start_freezes(sam, client_of):
    contacts = list_of(4)
    OptOut.objects.create(contact=contacts.contacts.first(), purpose="marketing")

    answer = client_of(sam).post(f"{URL}audience/", {"lists": [contacts.pk], "body": "Hi"}, format="json")

    assert (answer.json()["count"], answer.json()["excluded"]) == (3, 1)
    assert answer.json()["exclusions"] == [{"reason": "opted_out", "label": "Asked not to get campaigns", "count": 1}]


def test_recipients_of_a_draft_may_be_replaced_without_names_but_not_without_numbers(sam, client_of):
    url = f"{URL}{CampaignFactory().pk}/"
    client = client_of(sam)

    replaced = client.patch(url, {"recipients": [{"number": "+5511987654321"}]}, format="json")
    refused = client.patch(url, {"recipients": [{"name": "Nobody"}]}, format="json")

    assert replaced.status_code == 200
    assert (refused.status_code, errors_of(refused)) == (400, [("invalid_phone", "recipients.0.number")])


def test_one_call_with_numbers_starts_a_campaign_once(sam, client_of):
    said = {
        "connection": ConnectionFactory().pk,
        "body": "Hi {{name}}",
        "recipients": [
            {"number": "11 98765-0001", "variables": {"name": "Zé"}},
            {"number": "+5511987650002", "variables": {"name": "Ana"}},
        ],
        "start": True,
    }
    client = client_of(sam)

    first = client.post(URL, said, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    repeat = client.post(URL, said, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = client.post(URL, said | {"body": "Bye {{name}}"}, format="json", HTTP_IDEMPOTENCY_KEY="k1")

    assert (first.status_code, first.json()["status"], first.json()["counts"]["queued"]) == (201, "running", 2)
    assert (repeat.json()["id"], other.status_code, Campaign.objects.count()) == (first.json()["id"], 422, 1)


def test_bad_input_is_named(sam, client_of):
    line, client = ConnectionFactory(), client_of(sam)
    past = (now() - datetime.timedelta(minutes=1)).isoformat()
    base = {"connection": line.pk, "body": "Hi"}

    def errors(**said: object):
        answer = client.post(URL, base | said, format="json")
        return answer.status_code, errors_of(answer)

    assert errors(starts_at=past) == (400, [("time_in_the_past", "starts_at")])
    assert errors(start=True) == (400, [("empty_audience", "lists")])
    assert errors(connection=10**9) == (400, [("does_not_exist", "connection")])
    assert errors(recipients=[{"number": "eleven"}, {"number": "+5511987650001"}]) == (400, [("invalid_phone", "recipients.0.number")])
    assert Campaign.objects.count() == 0


def test_recipients_and_stats(sam, client_of):
    contacts = list_of(3)
    OptOut.objects.create(contact=contacts.contacts.first(), purpose="marketing")
    campaign = CampaignFactory(lists=[contacts])
    start_campaign(campaign, by=sam)
    pending = Recipient.objects.filter(campaign=campaign, state="pending")
    failed = pending.order_by("pk")[0]
    Recipient.objects.filter(pk=failed.pk).update(state="failed", status=25, error_code="131026", error_text="Not on WhatsApp")
    CampaignCount.objects.create(campaign=campaign, name="failed", detail="131026", delta=1)
    client, url = client_of(sam), f"{URL}{campaign.pk}/"

    def found(query: str) -> list[int]:
        return [recipient["id"] for recipient in client.get(f"{url}recipients/?{query}").json()["results"]]

    stats = client.get(f"{url}stats/").json()
    assert (len(found("")), len(found("state=pending")), found("status=failed")) == (3, 1, [failed.pk])
    assert (found("step=failed"), len(found("step=queued")), found("step=read")) == ([failed.pk], 1, [])
    assert (len(found("exclusion=opted_out")), found(f"search={failed.address[-5:]}")) == (1, [failed.pk])
    assert stats["failures"] == [{"code": "131026", "text": "Not on WhatsApp", "href": "", "is_unknown": False, "count": 1}]
    assert stats["exclusions"] == [{"reason": "opted_out", "label": "Asked not to get campaigns", "count": 1}]


def test_agents_read_and_do_not_touch(bob, client_of):
    campaign = CampaignFactory()
    client, url = client_of(bob), f"{URL}{campaign.pk}/"

    assert [client.get(path).status_code for path in (URL, url, f"{url}recipients/", f"{url}stats/")] == [200] * 4
    assert client.post(URL, {}, format="json").status_code == 403
    assert [client.post(f"{url}{step}/").status_code for step in ("start", "pause", "resume", "cancel")] == [403] * 4
    assert (client.patch(url, {}).status_code, client.delete(url).status_code) == (403, 403)


def test_mallory_finds_nothing(mallory, client_of, acme):
    campaign = CampaignFactory(lists=[list_of(1)])
    client, url = client_of(mallory), f"{URL}{campaign.pk}/"

    reads = [client.get(path).status_code for path in (url, f"{url}recipients/", f"{url}stats/")]
    steps = [client.post(f"{url}{step}/").status_code for step in ("start", "pause", "resume", "cancel")]

    assert reads + steps + [client.patch(url, {}).status_code, client.delete(url).status_code] == [404] * 9
    assert client.get(URL).json()["results"] == []
    with enter(acme):
        assert Campaign.objects.get(pk=campaign.pk).status == "draft"


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(sam, client_of, django_assert_max_num_queries, count):
    for _ in range(count):
        CampaignFactory(lists=[list_of(1)])
    client = client_of(sam)

    with django_assert_max_num_queries(14):
        assert len(client.get(URL).json()["results"]) == count

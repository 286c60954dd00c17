"""How deep each queue is, how one job does, and once more."""

import datetime

import pytest

from campaigns.models import Campaign
from connectors.models import Media
from contacts.models import ContactImport
from tenants.lib.clock import now
from tenants.models import Webhook
from tickets.models import Message
from tickets.tests.factories import heard

URL = "/api/v1/jobs/"


@pytest.fixture
def sent(bob, line, client_of):
    """A program's message, as the API answered."""
    body = {"connection": line.pk, "number": "+5511987650777", "body": "Your code is 7"}
    return client_of(bob).post("/api/v1/messages/", body, format="json").json()


@pytest.fixture
def call(acme, line):
    return Webhook.objects.create(company_id=acme.pk, connection_id=line.pk, provider="simulator", body=b"{}", state=2, error="Broken")


def test_a_message_names_its_job_which_tells_how_far_it_got(sent, bob, client_of):
    client = client_of(bob)
    waiting = client.get(f"{URL}{sent['job']}/").json()
    Message.objects.filter(pk=sent["id"]).update(status=25, error_code="131026", error_text="Not on WhatsApp", attempts=1)
    failed = client.get(f"{URL}{sent['job']}/").json()
    again = client.post(f"{URL}{sent['job']}/retry/").json()

    assert (sent["job"], waiting["state"], waiting["attempts"]) == (f"message-{sent['id']}", "waiting", 0)
    assert (failed["state"], failed["detail"], failed["error_text"]) == ("failed", "failed", "Not on WhatsApp")
    assert (again["state"], again["error_code"]) == ("waiting", "")


def test_the_depth_of_every_queue(sent, call, alice, bob, line, client_of):
    old = now() - datetime.timedelta(minutes=5)
    Message.objects.filter(pk=sent["id"]).update(created_at=old)
    Media.objects.create(kind="image", state="failed", error_text="Gone")
    campaign = Campaign.objects.create(name="Sale", connection=line, status="running", started_at=old)
    contact_id = Message.objects.get(pk=sent["id"]).contact_id
    campaign.recipients.create(contact_id=contact_id, address="+5511987650777")
    campaign.counts.create(name="queued", delta=1)

    answer = client_of(alice).get(URL)
    depth = {work["kind"]: (work["waiting"], work["in_flight"], work["failed"]) for work in answer.json()["results"]}

    assert depth == {
        "webhook": (0, 0, 1),
        "message": (1, 0, 0),
        "recipient": (1, 0, 0),
        "import": (0, 0, 0),
        "file": (0, 0, 1),
        "timer": (0, 0, 0),
        "letter": (0, 0, 0),
        "schedule": (0, 0, 0),
        "announcement": (0, 0, 0),
    }
    oldest = next(work["oldest_at"] for work in answer.json()["results"] if work["kind"] == "message")
    assert datetime.datetime.fromisoformat(oldest) == old
    assert client_of(bob).get(URL).status_code == 403


def test_a_call_that_was_given_up_is_replayed_by_an_admin_alone(call, alice, bob, client_of):
    name = f"{URL}webhook-{call.pk}/"
    seen = client_of(alice).get(name).json()
    mute = client_of(bob).get(name).status_code
    again = client_of(alice).post(f"{name}retry/").json()

    assert ((seen["state"], seen["error_text"]), mute, again["state"]) == (("failed", "Broken"), 404, "waiting")


@pytest.mark.parametrize("name", ["message-99", "nothing-1", "message-x", "message-", "webhook-1", f"message-{'9' * 30}"])
def test_what_is_no_job_does_not_exist(alice, client_of, name):
    assert client_of(alice).get(f"{URL}{name}/").status_code == 404


def test_states_of_the_others_and_what_is_not_tried_again(alice, bob, line, client_of):
    campaign = Campaign.objects.create(name="Sale", connection=line, status="paused", status_reason="The template is paused.")
    job = ContactImport.objects.create(name="a.csv", state="running", columns=[], mapping=[])
    file = Media.objects.create(kind="image", state="downloading")
    names = (f"campaign-{campaign.pk}", f"import-{job.pk}", f"file-{file.pk}")
    client = client_of(alice)

    assert [client.get(f"{URL}{name}/").json()["state"] for name in names] == ["waiting", "in_flight", "in_flight"]
    refused = client.post(f"{URL}{names[0]}/retry/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not_retryable")
    assert client_of(bob).get(f"{URL}import-{job.pk}/").status_code == 404


def test_an_agent_sees_the_jobs_of_the_conversations_they_see(bob, carol, line, marina, client_of):
    message = heard(line, marina)

    assert [client_of(user).get(f"{URL}message-{message.pk}/").status_code for user in (bob, carol)] == [200, 404]

"""What the background work did: of one company, newest first, with its reason in words; and once more, never twice."""

import datetime

import pytest
from django.conf import settings

from accounts.models import AuditEntry, Invitation, Letter
from accounts.tests.factories import UserFactory
from campaigns.models import Campaign
from connectors.models import Media
from connectors.types import Delivery
from contacts.models import ContactImport, OptOut
from contacts.tests.factories import ContactFactory
from reports.selectors.jobs import job_for
from reports.services.retrying import retry_job
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.models import Outbox, Timer, Webhook
from tenants.sweeping import sweep_retention
from tickets.delivery import deliver
from tickets.models import Message, Schedule, ScheduleRun
from tickets.tests.factories import ConnectionFactory, heard

URL = "/api/v1/jobs/"
HOUR = datetime.timedelta(hours=1)


def said(contact, connection, *, status=Delivery.FAILED, at=None, ticket=None, **more):
    fields = {"kind": "text", "body": "Hello", "direction": "out", "origin": "agent", "key": f"k{Message.objects.count()}"} | more
    message = Message.objects.create(contact=contact, connection=connection, ticket=ticket, status=status.value, **fields)
    Message.objects.filter(pk=message.pk).update(created_at=at or now())
    return message


@pytest.fixture
def failed_timer(acme):
    return Timer.objects.create(
        company_id=acme.pk, kind="campaign.start", key="7", due_at=now() - HOUR, attempts=5, parked_at=now(), error="KeyError: 'x'"
    )


@pytest.fixture
def failed_letter(acme):
    invitation = Invitation.objects.create(email="zoe@acme.test", nonce="n", expires_at=now() + HOUR)
    return Letter.objects.create(kind="invitation", invitation=invitation, state="failed", attempts=6, error="550 no such user")


def names(answer):
    assert answer.status_code == 200, answer.json()
    return [job["id"] for job in answer.json()["results"]]


def test_failed_work_of_every_kind_with_its_reason_in_words(alice, line, marina, acme, failed_timer, failed_letter, client_of):
    ticket = heard(line, marina).ticket
    message = said(marina, line, ticket=ticket, error_text="Not on WhatsApp")
    silent = said(marina, line, ticket=ticket, status=Delivery.UNKNOWN)
    said(marina, line, status=Delivery.DELIVERED)
    call = Webhook.objects.create(company_id=acme.pk, connection_id=line.pk, provider="simulator", body=b"{}", state=2, attempts=5)
    told = Outbox.objects.create(company_id=acme.pk, name="contact.merged", reaction="x", parked_at=now(), attempts=1)
    job = ContactImport.objects.create(name="people.csv", state="failed", columns=[], mapping=[], error_text="The file is damaged.")
    file = Media.objects.create(kind="image", state="failed", error_text="Gone", filename="cat.jpg")
    campaign = Campaign.objects.create(name="Sale", connection=line, status="finished")
    campaign.recipients.create(contact=marina, address="+5511987650001", state="failed")
    campaign.counts.create(name="failed", delta=1)
    schedule = Schedule.objects.create(contact=marina, connection=line, body="Hi", first_at=now(), status="failed")
    run = ScheduleRun.objects.create(schedule=schedule, due_at=now(), error_code="opted_out", error_text="They asked not to get it.")

    answer = client_of(alice).get(f"{URL}history/?state=failed").json()
    found = {job["id"]: (job["subject"], job["reason"], job["path"], job["can_retry"]) for job in answer["results"]}

    assert found == {
        f"message-{message.pk}": ("Marina", "Not on WhatsApp", f"/inbox/{ticket.pk}", True),
        f"message-{silent.pk}": (
            "Marina",
            "Nobody knows whether it arrived: the gateway did not answer. Look in the conversation before you send it again.",
            f"/inbox/{ticket.pk}",
            False,
        ),
        f"webhook-{call.pk}": ("Main line", "What the gateway told us could not be worked on, 5 times.", "/flights", True),
        f"announcement-{told.pk}": (
            "What follows from “contact.merged”",
            "Something went wrong inside Recado. It was given up after 1 attempt.",
            "",
            True,
        ),
        f"timer-{failed_timer.pk}": (
            "The start of a campaign",
            "Something went wrong inside Recado. It was given up after 5 attempts.",
            "/campaigns/7",
            True,
        ),
        f"letter-{failed_letter.pk}": ("invitation: zoe@acme.test", "The mail server did not take it.", "/settings/people", True),
        f"import-{job.pk}": ("people.csv", "The file is damaged.", f"/contacts/imports/{job.pk}", True),
        f"file-{file.pk}": ("cat.jpg", "Gone", "", True),
        f"campaign-{campaign.pk}": ("Sale", "It did not reach 1 person.", f"/campaigns/{campaign.pk}", True),
        f"schedule-{run.pk}": ("Marina", "They asked not to get it.", f"/schedules/{schedule.pk}", False),
    }
    assert (answer["next"], answer["previous"]) == (None, None)


def test_pages_go_on_where_the_last_one_ended_whatever_the_kind(alice, line, marina, client_of):
    moment = now().replace(microsecond=0)
    made = [
        *(f"message-{said(marina, line, at=moment - hours * HOUR).pk}" for hours in (0, 1, 1, 2)),
        *(f"file-{_file(moment - hours * HOUR).pk}" for hours in (0, 1, 3)),
    ]
    client, seen, page = client_of(alice), [], f"{URL}history/?state=failed&page_size=2"
    while page:
        answer = client.get(page)
        seen += names(answer)
        page = answer.json()["next"]

    assert sorted(seen) == sorted(made)
    assert seen == names(client.get(f"{URL}history/?state=failed"))
    assert seen[:2] == [made[0], made[4]]


def _file(at):
    file = Media.objects.create(kind="image", state="failed")
    Media.objects.filter(pk=file.pk).update(created_at=at)
    return file


def test_states_and_kinds_are_chosen_and_what_is_asked_wrongly_is_said(alice, bob, line, marina, client_of):
    waiting, done = (f"message-{said(marina, line, status=status).pk}" for status in (Delivery.QUEUED, Delivery.READ))
    file = f"file-{_file(now()).pk}"
    client = client_of(alice)

    assert names(client.get(f"{URL}history/?state=waiting")) == [waiting]
    assert names(client.get(f"{URL}history/?state=done")) == [done]
    assert names(client.get(f"{URL}history/?kind=file")) == [file]
    assert set(names(client.get(f"{URL}history/?kind=file&kind=message"))) == {waiting, done, file}
    refused = [client.get(f"{URL}history/?{query}") for query in ("state=x", "kind=x", "cursor=x", "cursor=fHw=", "page_size=0")]
    assert [(answer.status_code, answer.json()["errors"][0]["attr"].split(".")[0]) for answer in refused] == [
        (400, "state"),
        (400, "kind"),
        (400, "cursor"),
        (400, "cursor"),
        (400, "page_size"),
    ]
    assert client_of(bob).get(f"{URL}history/").status_code == 403


def test_another_companys_work_is_never_shown_counted_or_touched(acme, globex, alice, client_of):
    old = now() - HOUR
    call = Webhook.objects.create(company_id=globex.pk, connection_id=1, provider="simulator", body=b"{}", state=2)
    waiting = Webhook.objects.create(company_id=globex.pk, connection_id=1, provider="simulator", body=b"{}")
    timer = Timer.objects.create(company_id=globex.pk, kind="answer", key="1", due_at=old, parked_at=now())
    told = Outbox.objects.create(company_id=globex.pk, name="contact.merged", reaction="x", parked_at=now())
    with enter(globex):
        letter = Letter.objects.create(kind="invitation", state="failed")
    client = client_of(alice)

    depth = client.get(URL).json()["results"]
    assert [work for work in depth if work["waiting"] or work["failed"] or work["in_flight"] or work["oldest_at"]] == []
    assert names(client.get(f"{URL}history/")) == []
    for name in (f"webhook-{call.pk}", f"webhook-{waiting.pk}", f"timer-{timer.pk}", f"announcement-{told.pk}", f"letter-{letter.pk}"):
        assert [client.get(f"{URL}{name}/").status_code, client.post(f"{URL}{name}/retry/").status_code] == [404, 404]
    call.refresh_from_db(), timer.refresh_from_db(), told.refresh_from_db()
    assert (call.state, bool(timer.parked_at), bool(told.parked_at)) == (2, True, True)


def test_a_message_that_failed_goes_once_however_often_it_is_asked_for(alice, line, marina, client_of):
    ticket = heard(line, marina).ticket
    name = f"{URL}message-{said(marina, line, ticket=ticket).pk}/retry/"
    client = client_of(alice)

    answers = [client.post(name), client.post(name)]
    deliver(line.pk)
    late = client.post(name)

    assert [answer.status_code for answer in (*answers, late)] == [200, 409, 409]
    assert answers[1].json()["errors"][0]["code"] == "not_retryable"
    assert list(Message.objects.filter(direction="out").values_list("attempts", flat=True)) == [1]


def test_two_who_ask_at_once_send_it_once(real_acme):
    def a_failed_message():
        boss = UserFactory(role="admin")
        connection, contact = ConnectionFactory(), ContactFactory()
        return boss, said(contact, connection, ticket=heard(connection, contact).ticket)

    ((boss, message),) = real_acme([a_failed_message])

    def ask():
        try:
            return retry_job(job_for(boss, f"message-{message.pk}"), by=boss).state
        except ApplicationError as error:
            return error.code

    answers = real_acme([ask] * 6)
    (attempts,) = real_acme([lambda: (deliver(message.connection_id), Message.objects.get(pk=message.pk).attempts)[1]])

    assert (answers.count("waiting"), attempts) == (1, 1)
    assert set(answers) <= {"waiting", "not_failed", "not_retryable"}


def test_what_may_have_arrived_is_not_sent_again_from_here(alice, line, marina, client_of):
    message = said(marina, line, ticket=heard(line, marina).ticket, status=Delivery.UNKNOWN)

    answer = client_of(alice).post(f"{URL}message-{message.pk}/retry/")

    message.refresh_from_db()
    assert (answer.status_code, answer.json()["errors"][0]["code"], message.status) == (409, "may_have_arrived", Delivery.UNKNOWN)


def test_a_scheduled_message_is_tried_again_only_if_it_is_still_wanted(alice, line, marina, client_of):
    schedule = Schedule.objects.create(contact=marina, connection=line, body="Hi", first_at=now(), is_marketing=True, status="finished")
    message = said(marina, line, origin="schedule", origin_id=schedule.pk)
    client, name = client_of(alice), f"{URL}message-{message.pk}/retry/"

    opt_out = OptOut.objects.create(contact=marina, purpose="marketing")
    refused = client.post(name)
    opt_out.delete()
    again = client.post(name)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "opted_out")
    assert (again.status_code, again.json()["state"], again.json()["path"]) == (200, "waiting", f"/schedules/{schedule.pk}")


def test_timers_and_letters_are_tried_again_by_admins_once_and_logged(acme, failed_timer, failed_letter, alice, sam, client_of):
    supervisor, admin = client_of(sam), client_of(alice)
    for row, name in ((failed_timer, f"timer-{failed_timer.pk}"), (failed_letter, f"letter-{failed_letter.pk}")):
        seen = supervisor.get(f"{URL}{name}/").json()
        answers = [client.post(f"{URL}{name}/retry/") for client in (supervisor, admin, admin)]
        row.refresh_from_db()

        assert (seen["state"], seen["can_retry"]) == ("failed", False)
        assert [answer.status_code for answer in answers] == [403, 200, 409]
        assert (answers[1].json()["state"], row.attempts) == ("waiting", 0)
    assert list(AuditEntry.objects.filter(action="job.retried").values_list("facts__subject", flat=True).order_by("pk")) == [
        "The start of a campaign",
        "invitation: zoe@acme.test",
    ]


def test_a_campaign_goes_again_to_those_it_did_not_reach_and_to_nobody_else(alice, line, marina, client_of):
    campaign = Campaign.objects.create(name="Sale", connection=line, status="finished")
    lost = campaign.recipients.create(contact=marina, address="+5511987650001", state="failed", status=25)
    got = campaign.recipients.create(contact=ContactFactory(phone="+5511987650009"), address="+5511987650009", state="sent", status=30)
    campaign.counts.create(name="failed", delta=1)

    answers = [client_of(alice).post(f"{URL}campaign-{campaign.pk}/retry/") for _ in range(2)]

    lost.refresh_from_db(), got.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 409]
    assert (lost.state, got.state) == ("pending", "sent")


def test_history_ends_after_its_days_and_what_is_only_work_is_swept(acme, alice, line, marina, client_of, failed_timer):
    long_ago = now() - datetime.timedelta(days=settings.RETENTION_DAYS_JOBS, hours=1)
    recent = said(marina, line, at=long_ago + 2 * HOUR)
    said(marina, line, at=long_ago)
    Outbox.objects.create(company_id=acme.pk, name="n", reaction="x", done_at=long_ago)
    kept = [
        Outbox.objects.create(company_id=acme.pk, name="n", reaction="x", **more) for more in ({"done_at": now()}, {"parked_at": long_ago})
    ]
    Timer.objects.filter(pk=failed_timer.pk).update(parked_at=long_ago, due_at=long_ago)
    shown = names(client_of(alice).get(f"{URL}history/?state=failed"))

    gone = sweep_retention()

    assert shown == [f"announcement-{kept[1].pk}", f"message-{recent.pk}", f"timer-{failed_timer.pk}"]
    assert (gone["outbox"], list(Outbox.objects.order_by("pk"))) == (1, kept)
    assert client_of(alice).get(URL).json()["days"] == settings.RETENTION_DAYS_JOBS


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_however_long_it_is(rows, acme, alice, line, client_of, django_assert_max_num_queries):
    for _ in range(rows):
        said(ContactFactory(), line)
        _file(now())
        Webhook.objects.create(company_id=acme.pk, connection_id=line.pk, provider="simulator", body=b"{}", state=2)
    client = client_of(alice)
    client.get(f"{URL}history/")

    with django_assert_max_num_queries(24):
        assert len(names(client.get(f"{URL}history/"))) == 3 * rows

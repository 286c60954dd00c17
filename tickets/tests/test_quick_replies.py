"""Quick replies: whose they are, what becomes of their variables, and who is told."""

import datetime
import io

import pytest
from PIL import Image

from connectors.models import Media
from connectors.services.media import keep_upload
from contacts.models import CustomField
from tenants.lib.patterns import pattern_of
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter
from tickets.models import QuickReply
from tickets.services import quick_replies
from tickets.services.queues import delete_queue
from tickets.services.quick_replies import Place, create_quick_reply, use_quick_reply
from tickets.tests.factories import heard

URL = "/api/v1/quick-replies/"
TEN_AT_NIGHT = datetime.datetime(2026, 11, 25, 1, 0, tzinfo=datetime.UTC)  # in São Paulo, the day before


@pytest.fixture
def ticket(line, marina, sales):
    return heard(line, marina, "Where is my order?").ticket


def company_wide(by, shortcut="hello", body="Hello {{first_name|there}}", **more):
    return create_quick_reply(fields={"shortcut": shortcut, "title": shortcut.title(), "body": body}, place=Place("company"), by=by, **more)


def of_person(by, shortcut="mine"):
    return create_quick_reply(fields={"shortcut": shortcut, "title": "Mine", "body": "x"}, place=Place("personal"), by=by)


def of_queue(by, queue, shortcut="sale"):
    return create_quick_reply(fields={"shortcut": shortcut, "title": "Sale", "body": "x"}, place=Place("queue", queue), by=by)


def picture(by):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    size = content.tell()
    content.seek(0)
    return keep_upload(file=content, filename="map.png", declared_type="image/png", size_bytes=size, is_voice=False, by=by)


def refused(answer):
    return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def shortcuts(client, query=""):
    return [reply["shortcut"] for reply in client.get(URL + query).json()["results"]]


def test_everybody_is_offered_the_companys_their_queues_and_their_own(alice, bob, carol, sales, support, client_of):
    company_wide(alice)
    of_queue(alice, sales)
    of_queue(alice, support, "fix")
    of_person(bob)

    assert shortcuts(client_of(bob)) == ["hello", "mine", "sale"]
    assert shortcuts(client_of(carol)) == ["fix", "hello"]
    assert shortcuts(client_of(alice)) == ["fix", "hello", "sale"]


def test_the_list_is_searched_by_shortcut_title_and_text_and_narrowed(alice, bob, sales, client_of):
    company_wide(alice, "pix", "The key is ours@example.test")
    company_wide(alice, "bye", "See you, {{name}}")
    of_queue(alice, sales)
    client = client_of(bob)

    assert [
        shortcuts(client, query) for query in ("?search=/pi", "?search=KEY IS", "?search=Bye", "?scope=queue", f"?queue={sales.pk}")
    ] == [
        ["pix"],
        ["pix"],
        ["bye"],
        ["sale"],
        ["sale"],
    ]


def test_an_agent_writes_their_own_from_the_first_word_to_the_last(bob, client_of):
    client = client_of(bob)

    made = client.post(URL, {"shortcut": "mine", "title": "Mine", "body": "One moment"})
    reply = f"{URL}{made.json()['id']}/"
    changed = client.patch(reply, {"body": "Two moments"})
    read = client.get(reply)
    gone = client.delete(reply)

    owner = {"id": bob.pk, "name": "Bob", "is_api_key": False}
    assert (made.status_code, made.json()["scope"], made.json()["owner"]) == (201, "personal", owner)
    assert (changed.json()["body"], changed.json()["shortcut"], read.json()) == ("Two moments", "mine", changed.json())
    assert (gone.status_code, QuickReply.objects.exists()) == (204, False)


def test_those_that_others_use_are_managers_to_write(alice, sam, bob, sales, client_of):
    shared = company_wide(alice)
    own = of_person(bob)
    agent, supervisor = client_of(bob), client_of(sam)
    body = {"shortcut": "x", "title": "X", "body": "x"}

    answers = [
        agent.post(URL, {**body, "scope": "company"}),
        agent.post(URL, {**body, "scope": "queue", "queue": sales.pk}),
        agent.patch(f"{URL}{shared.pk}/", {"body": "Mine now"}),
        agent.patch(f"{URL}{shared.pk}/", {"scope": "personal"}),
        agent.patch(f"{URL}{own.pk}/", {"scope": "company"}),
        agent.delete(f"{URL}{shared.pk}/"),
    ]
    by_sam = supervisor.post(URL, {**body, "scope": "queue", "queue": sales.pk})

    assert [refused(answer) for answer in answers] == [(403, [("not_allowed", None)])] * 6
    assert (by_sam.status_code, by_sam.json()["queue"]["name"]) == (201, "Sales")
    assert list(QuickReply.objects.order_by("pk").values_list("body", "scope")) == [
        ("Hello {{first_name|there}}", "company"),
        ("x", "personal"),
        ("x", "queue"),
    ]


def test_a_shortcut_is_there_once_in_each_place(alice, bob, carol, sales, support, client_of):
    company_wide(alice, "hello")
    of_queue(alice, sales, "hello")
    of_queue(alice, support, "hello")
    of_person(bob, "hello")
    of_person(carol, "hello")

    again = client_of(alice).post(URL, {"shortcut": "HELLO", "title": "Hello", "body": "x", "scope": "company"})
    own_again = client_of(bob).post(URL, {"shortcut": "Hello", "title": "Hello", "body": "x"})

    assert refused(again) == refused(own_again) == (400, [("taken", "shortcut")])


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"shortcut": "two words"}, ("invalid", "shortcut")),
        ({"shortcut": "x" * 33}, ("max_length", "shortcut")),
        ({"shortcut": ""}, ("blank", "shortcut")),
        ({"title": ""}, ("blank", "title")),
        ({"body": " "}, ("required", "body")),
        ({"body": "x" * 4097}, ("max_length", "body")),
        ({"scope": "queue"}, ("required", "queue")),
        ({"scope": "queue", "queue": 999_999}, ("does_not_exist", "queue")),
        ({"media": 999_999}, ("does_not_exist", "media")),
        ({"scope": "planet"}, ("invalid_choice", "scope")),
    ],
)
def test_what_is_wrong_is_said_by_the_field(alice, client_of, said, fault):
    answer = client_of(alice).post(URL, {"shortcut": "x", "title": "X", "body": "x", "scope": "company", **said})

    assert refused(answer) == (400, [fault])


def test_the_variables_are_filled_for_the_conversation(acme, alice, bob, marina, ticket, monkeypatch, client_of):
    monkeypatch.setattr(quick_replies, "now", lambda: TEN_AT_NIGHT)
    acme.timezone, acme.locale, acme.name = "America/Sao_Paulo", "en", "Acme"
    CustomField.objects.create(key="plan", label="Plan")
    marina.name, marina.custom, marina.locale = "Marina Duarte", {"plan": "Gold"}, "pt_BR"
    marina.save()
    text = "{{greeting}}, {{first_name}} ({{name}}, {{phone}}, {{custom.plan}}). {{agent}} of {{company}}, {{queue}}: {{protocol}}"
    reply = company_wide(alice, body=text)

    answer = client_of(bob).post(f"{URL}{reply.pk}/use/", {"ticket": ticket.pk}).json()

    assert answer == {
        "body": f"Boa noite, Marina (Marina Duarte, {marina.phone}, Gold). Bob of Acme, Sales: {ticket.protocol}",
        "missing": [],
        "media": None,
    }
    reply.refresh_from_db()
    assert (reply.usage_count, reply.last_used_at) == (1, TEN_AT_NIGHT)


@pytest.mark.parametrize(
    ("hour", "locale", "greeting"),
    [
        (8, "", "Good morning"),
        (14, "pt", "Boa tarde"),
        (15, "en_US", "Good afternoon"),
        (2, "fr", "Good evening"),
        (20, "pt-BR", "Boa noite"),
    ],
)
def test_the_greeting_goes_by_the_companys_clock_in_the_customers_language(acme, bob, marina, ticket, monkeypatch, hour, locale, greeting):
    acme.timezone, acme.locale = "UTC", "en"
    monkeypatch.setattr(quick_replies, "now", lambda: datetime.datetime(2026, 11, 25, hour, 30, tzinfo=datetime.UTC))
    marina.locale = locale
    marina.save()
    ticket.refresh_from_db()

    assert quick_replies.words_of(ticket, by=bob)["greeting"] == greeting


def test_what_has_no_value_stays_to_be_seen_or_takes_its_fallback(bob, marina, ticket):
    marina.name = ""
    marina.save()
    ticket.refresh_from_db()
    draft = use_quick_reply(
        create_quick_reply(
            fields={"shortcut": "x", "title": "X", "body": "Hi {{first_name|there}}, {{ custom.plan }} and {{custom.plan}} cost {{price}}"},
            place=Place("personal"),
            by=bob,
        ),
        ticket,
        by=bob,
    )

    assert (draft.body, draft.missing) == (
        "Hi there, {{custom.plan}} and {{custom.plan}} cost {{price}}",
        ("custom.plan", "price"),
    )
    assert pattern_of("plain").drafted(lambda _name: "").missing == ()


def test_its_file_may_be_seen_and_sent_by_whoever_is_offered_it(alice, bob, carol, sales, ticket, client_of):
    media = picture(alice)
    reply = create_quick_reply(fields={"shortcut": "map", "title": "Map"}, place=Place("queue", sales), media=media, by=alice)
    agent = client_of(bob)

    filled = agent.post(f"{URL}{reply.pk}/use/", {"ticket": ticket.pk}).json()
    sent = agent.post(f"/api/v1/tickets/{ticket.pk}/messages/", {"media": filled["media"]["id"], "caption": "Here we are"})

    assert (filled["body"], filled["media"]["id"]) == ("", media.pk)
    assert (sent.status_code, sent.json()["kind"], sent.json()["body"]) == (201, "image", "Here we are")
    assert client_of(carol).get(f"/api/v1/media/{media.pk}/link/").status_code == 404
    without = client_of(alice).patch(f"{URL}{reply.pk}/", {"media": None})
    assert refused(without) == (400, [("required", "body")])


def test_a_conversation_of_others_is_not_filled_in(alice, carol, ticket, client_of):
    reply = company_wide(alice)

    answer = client_of(carol).post(f"{URL}{reply.pk}/use/", {"ticket": ticket.pk})

    assert refused(answer) == (400, [("does_not_exist", "ticket")])
    assert QuickReply.objects.get().usage_count == 0


def test_browsers_are_told_and_those_who_lose_one_too(acme, alice, bob, sales, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reply = company_wide(alice)
        quick_replies.update_quick_reply(reply, fields={"title": "Hi"}, place=Place("queue", sales), media=None, by=alice)
        own = of_person(bob)
        quick_replies.delete_quick_reply(own, by=bob)
    created, gone, moved, of_bob, bobs_gone = missed(acme, 0)

    assert {frame.event for frame in (created, gone, moved, of_bob, bobs_gone)} == {f"company-{acme.pk}-quickReply"}
    assert [frame.data["action"] for frame in (created, gone, moved, of_bob, bobs_gone)] == [
        "create",
        "delete",
        "update",
        "create",
        "delete",
    ]
    assert (created.audience.everyone, gone.audience.everyone, gone.data["quickReplyId"]) == (True, True, reply.pk)
    assert (moved.audience.queue_ids, moved.audience.roles) == ({sales.pk}, {"admin", "supervisor"})
    assert (moved.data["quickReply"]["title"], moved.data["quickReply"]["queue"]["name"]) == ("Hi", "Sales")
    assert [(frame.audience.user_ids, frame.audience.roles) for frame in (of_bob, bobs_gone)] == [({bob.pk}, frozenset())] * 2


def test_a_queues_quick_replies_go_with_it_and_a_files_reply_stays(alice, support):
    of_queue(alice, support)
    kept = company_wide(alice, media=picture(alice))

    delete_queue(support, by=alice)
    Media.objects.all().delete()

    assert [(reply.pk, reply.media) for reply in QuickReply.objects.all()] == [(kept.pk, None)]


def test_mallory_finds_nothing(acme, globex, alice, mallory, ticket, client_of):
    reply = company_wide(alice)
    client = client_of(mallory)

    answers = [
        client.get(f"{URL}{reply.pk}/"),
        client.patch(f"{URL}{reply.pk}/", {"body": "Mine"}),
        client.delete(f"{URL}{reply.pk}/"),
        client.post(f"{URL}{reply.pk}/use/", {"ticket": ticket.pk}),
    ]

    assert ([answer.status_code for answer in answers], client.get(URL).json()["results"]) == ([404] * 4, [])
    with enter(acme):
        assert QuickReply.objects.get().body == "Hello {{first_name|there}}"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_one_and_three(alice, bob, sales, client_of, django_assert_max_num_queries, rows):
    for number in range(rows):
        create_quick_reply(fields={"shortcut": f"s{number}", "title": "X"}, place=Place("queue", sales), media=picture(alice), by=alice)
    client = client_of(bob)

    with django_assert_max_num_queries(6):
        answer = client.get(URL)

    assert len(answer.json()["results"]) == rows

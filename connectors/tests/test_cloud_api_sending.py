import asyncio
import socket

import pytest

from connectors.emulators.cloud.orders import answer_with, refuse, take_and_be_silent, take_and_cut
from connectors.emulators.cloud.seeds import add_template
from connectors.emulators.cloud.world import StoredFile
from connectors.providers.cloud_api import sending
from connectors.registry import provider_named
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.types import Delivery, Link, LinkState, Media, MessageKind, Outgoing, Policy, ProviderError, TemplateCall, Text
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.posting import Patience

PHONE = Address(AddressKind.PHONE, "+5511987654321")
BSUID = Address(AddressKind.BSUID, "BR.1349")
CREDENTIALS = {"phone_number_id": "1055", "waba_id": "2055", "access_token": TOKEN}
COMMON = {"messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": "m-1", "to": "5511987654321"}


@pytest.fixture
def graph(settings):
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


def link(**credentials):
    return Link(1, 1, "cloud_api", CREDENTIALS | credentials, {})


def send(content=None, *, to=PHONE, by=None, reply_to=""):
    outgoing = Outgoing("m-1", to, content or Text("hi"), reply_to)
    return asyncio.run(provider_named("cloud_api").send(by or link(), outgoing))


def refusal(*args, **kwargs):
    with pytest.raises(ProviderError) as caught:
        send(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (Text("olá"), {"type": "text", "text": {"body": "olá", "preview_url": False}}),
        (
            Media(MessageKind.IMAGE, link="https://x/1.png", caption="look", filename="1.png"),
            {"type": "image", "image": {"link": "https://x/1.png", "caption": "look"}},
        ),
        (Media(MessageKind.AUDIO, external_id="77", caption="not sent"), {"type": "audio", "audio": {"id": "77"}}),
        (
            Media(MessageKind.DOCUMENT, external_id="78", filename="a.pdf"),
            {"type": "document", "document": {"id": "78", "filename": "a.pdf"}},
        ),
        (
            TemplateCall("promo", "pt_BR", ({"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},), "Olá Ana"),
            {
                "type": "template",
                "template": {
                    "name": "promo",
                    "language": {"code": "pt_BR"},
                    "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
                },
            },
        ),
    ],
    ids=["text", "image", "audio", "document", "template"],
)
def test_each_kind_is_sent_in_the_documented_shape(graph, content, part):
    graph.world.files["77"] = StoredFile(b"OggS", "audio/ogg", uploaded_by="1055")
    graph.world.files["78"] = StoredFile(b"%PDF", "application/pdf", uploaded_by="1055")

    sent = send(content)

    [document] = graph.taken
    assert document == COMMON | part
    assert (sent.external_id, sent.status, sent.addresses) == (graph.wamid_of(document), Delivery.ACCEPTED, (PHONE,))


def test_a_hidden_phone_is_written_to_by_its_id_and_a_quote_is_kept(graph):
    hidden = graph.world.customer("5511900000000")
    hidden.hides_phone, hidden.user_id = True, BSUID.value
    graph.world.by_user_id[BSUID.value] = hidden

    sent = send(to=BSUID, reply_to="wamid.Q")

    [document] = graph.taken
    assert (document["recipient"], document["context"], "to" in document) == ("BR.1349", {"message_id": "wamid.Q"}, False)
    assert sent.addresses == (BSUID,)


def test_many_messages_share_connections(graph):
    provider = provider_named("cloud_api")

    async def send_all():
        for _ in range(10):
            await asyncio.gather(
                *[provider.send(link(), Outgoing(f"m-{n}", Address(AddressKind.PHONE, f"+551190000000{n}"), Text("x"))) for n in range(5)]
            )

    asyncio.run(send_all())

    assert (len(graph.taken), graph.seen.connections <= 5) == (50, True)


def test_a_graph_error_is_told_in_words_with_its_policy(graph):
    graph.orders.append(refuse(131056, status=403, details="pair rate"))

    error = refusal()

    assert (error.code, error.policy, error.http_status, error.details) == ("131056", Policy.BACK_OFF_RECIPIENT, 403, "pair rate")
    assert (str(error.message), len(graph.taken)) == ("Too many messages to this person in a short time. The next one waits.", 0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), 120.0),
        ((("Retry-After", "7"),), 7.0),
        ((("X-Business-Use-Case-Usage", '{"2055":[{"estimated_time_to_regain_access":3}]}'),), 180.0),
        ((("X-Business-Use-Case-Usage", "nonsense"),), 120.0),
    ],
)
def test_the_pause_that_meta_asks_for(graph, headers, seconds):
    graph.orders.append(refuse(80007, status=429, headers=headers))

    error = refusal()

    assert (error.policy, error.retry_after_seconds) == (Policy.BACK_OFF_ACCOUNT, seconds)


@pytest.mark.parametrize(
    "answer",
    [
        answer_with(500, b"<html>Bad Gateway</html>"),
        answer_with(502, b""),
        answer_with(200, b"<html>hello</html>"),
        answer_with(200, {"success": True}),
        answer_with(200, {"messages": []}),
        answer_with(200, {"messages": [{"id": ""}]}),
        answer_with(200, []),
        answer_with(302, b"", (("location", "http://127.0.0.1:1/"),)),
    ],
    ids=repr,
)
def test_an_unclear_answer_leaves_the_outcome_unknown(graph, answer):
    graph.orders.append(answer)

    assert refusal().policy is Policy.UNKNOWN


def test_a_line_cut_after_the_request_leaves_the_outcome_unknown_and_sends_once(graph):
    graph.orders.append(take_and_cut())

    error = refusal()

    assert (error.code, error.policy, len(graph.taken)) == ("no_answer", Policy.UNKNOWN, 1)


def test_no_answer_in_time_leaves_the_outcome_unknown_and_sends_once(graph, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect_seconds=5, answer_seconds=0.3))
    graph.orders.append(take_and_be_silent())

    error = refusal()

    assert (error.code, error.policy, len(graph.taken)) == ("no_answer", Policy.UNKNOWN, 1)


def test_a_refused_connection_may_be_tried_again(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.GRAPH_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"

        error = refusal()

    assert (error.code, error.policy) == ("gateway_unreachable", Policy.RETRY)


def test_a_connection_that_is_never_accepted_may_be_tried_again(settings, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect_seconds=0.3, answer_seconds=30))
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings.GRAPH_URL = f"http://127.0.0.1:{full.getsockname()[1]}"

        error = refusal()

        for one in waiting:
            one.close()
    assert (error.code, error.policy) == ("gateway_unreachable", Policy.RETRY)


@pytest.mark.parametrize(
    ("changed", "policy"),
    [
        ({"access_token": ""}, Policy.PAUSE_NUMBER),
        ({"access_token": "a\nb"}, Policy.PAUSE_NUMBER),
        ({"phone_number_id": "../x"}, Policy.PAUSE_NUMBER),
    ],
)
def test_credentials_that_cannot_be_right_send_nothing(graph, changed, policy):
    error = refusal(by=link(**changed))

    assert (error.code, error.policy, graph.calls) == ("credentials_missing", policy, [])


def test_what_the_gateway_cannot_do_is_refused_before_sending(graph):
    lid = refusal(to=Address(AddressKind.LID, "123@lid"))
    no_source = refusal(Media(MessageKind.IMAGE))

    assert [(lid.code, lid.policy), (no_source.code, no_source.policy), graph.calls] == [
        ("address_unsupported", Policy.PERMANENT),
        ("content_unsupported", Policy.PERMANENT),
        [],
    ]


def test_the_token_is_in_no_error(graph):
    graph.orders.extend([refuse(190, status=401), take_and_cut()])

    errors = [refusal(), refusal(), refusal(by=link(access_token="wrong-secret\n"))]

    told = [text for error in errors for text in (str(error), repr(error), repr(error.__cause__), error.details)]
    assert [text for text in told if TOKEN in text or "wrong-secret" in text] == []


def test_connect_proves_the_number_and_subscribes(graph):
    graph.world.numbers["1055"].quality = "GREEN"

    state = provider_named("cloud_api").connect(link())

    assert (state.state, state.facts["verified_name"], state.facts["quality"]) == (LinkState.CONNECTED, "Acme", "GREEN")
    assert [(method, path) for method, path, _ in graph.calls] == [
        ("GET", "1055"),
        ("GET", "2055/phone_numbers"),
        ("POST", "2055/subscribed_apps"),
    ]


@pytest.mark.parametrize(("account", "code"), [("2066", "number_of_other_account"), ("404", "account_unknown")])
def test_a_number_of_another_account_is_not_linked(graph, account, code):
    with pytest.raises(ProviderError) as caught:
        provider_named("cloud_api").connect(link(waba_id=account))

    assert (caught.value.code, caught.value.policy) == (code, Policy.PAUSE_NUMBER)
    assert [account.subscriptions for account in graph.world.accounts.values() if account.subscriptions] == []


def test_a_banned_number_is_closed_and_disconnect_unsubscribes(graph):
    graph.world.numbers["1055"].status = "BANNED"
    graph.world.accounts["2055"].subscriptions["4001"] = ("", "")

    states = [provider_named("cloud_api").status(link()).state, provider_named("cloud_api").disconnect(link()).state]

    assert (states, graph.calls[-1][:2]) == ([LinkState.CLOSED, LinkState.CLOSED], ("DELETE", "2055/subscribed_apps"))


def test_templates_come_page_by_page(graph):
    account = graph.world.accounts["2055"]
    account.templates.clear()
    for place in range(250):
        add_template(graph.world, account, f"t{place}", [{"type": "BODY", "text": "Hello"}])

    found = provider_named("cloud_api").templates(link())

    assert [template.name for template in found] == [f"t{place}" for place in range(250)]
    assert len(graph.calls) == 3


@pytest.mark.parametrize(
    "answer", [refuse(190, status=401), answer_with(500, b"<html>"), take_and_cut()], ids=["refused", "no JSON", "cut off"]
)
def test_a_management_call_that_fails_says_why_without_the_token(graph, answer):
    graph.orders.append(answer)

    with pytest.raises(ProviderError) as caught:
        provider_named("cloud_api").status(link())

    assert (bool(caught.value.message), TOKEN in repr(caught.value)) == (True, False)

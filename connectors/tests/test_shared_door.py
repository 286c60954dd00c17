"""`/webhooks/cloud/`: one Meta app that serves many companies. Each company gets what is about its own numbers, and nothing else."""

import json

import pytest
from django.conf import settings

from connectors.providers.cloud_api.dividing import portions
from connectors.providers.cloud_api.signing import HEADER, signature_of
from connectors.tests import calls
from connectors.tests.door import Answer, Door
from tenants.models import Company, WebhookRoute

PATH = "/webhooks/cloud/"
OURS, THEIRS, SISTER = "111", "222", "333"
ACCOUNT, THEIR_ACCOUNT = "900", "901"


@pytest.fixture
def numbers(door: Door) -> dict[str, tuple[int, int]]:
    """acme's connection 7 has the number 111 and 8 the number 333 of the account 900; globex's 7 has 222 of 901."""
    globex = Company.objects.get(schema_name="globex")
    WebhookRoute.objects.filter(token=Door.token).update(external_id=OURS, account_id=ACCOUNT)
    common = {"provider": "cloud_api", "secrets": {}}
    WebhookRoute.objects.create(token="s" * 40, company=door.company, connection_id=8, external_id=SISTER, account_id=ACCOUNT, **common)
    WebhookRoute.objects.create(token="g" * 40, company=globex, connection_id=7, external_id=THEIRS, account_id=THEIR_ACCOUNT, **common)
    return {OURS: (door.company.pk, 7), SISTER: (door.company.pk, 8), THEIRS: (globex.pk, 7)}


async def knock(door: Door, body: bytes, *, secret: str = settings.META_APP_SECRET) -> Answer:
    headers = {"content-length": str(len(body)), HEADER: signature_of(body, secret)}
    return await door.call("POST", PATH, headers=headers, messages=[{"type": "http.request", "body": body, "more_body": False}])


def lanes(door: Door) -> dict[tuple[int, int], list[bytes]]:
    found: dict[tuple[int, int], list[bytes]] = {}
    for company, connection, body in door.rows("SELECT company_id, connection_id, body FROM tenants_webhook ORDER BY id"):
        found.setdefault((company, connection), []).append(bytes(body))
    return found


def entry(account: str, *changes: dict) -> dict:
    return {"id": account, "changes": list(changes)}


def envelope(*entries: dict) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()


def test_a_mixed_call_is_divided_and_no_company_gets_a_word_of_another_s(door: Door, numbers):
    ours = calls.change("messages", number=OURS, messages=[calls.message(text={"body": "for acme"})])
    theirs = calls.change("messages", number=THEIRS, messages=[calls.message(text={"body": "for globex"})])
    body = envelope(entry(ACCOUNT, ours, theirs), entry(THEIR_ACCOUNT, theirs))

    answer = door.play(lambda: knock(door, body))

    stored = lanes(door)
    assert (answer, set(stored)) == (Answer(200, "ok"), {numbers[OURS], numbers[THEIRS]})
    assert b"for globex" not in b"".join(stored[numbers[OURS]]) and b"for acme" not in b"".join(stored[numbers[THEIRS]])
    assert [change["value"]["messages"][0]["text"]["body"] for change in json.loads(stored[numbers[OURS]][0])["entry"][0]["changes"]] == [
        "for acme"
    ]
    assert len(json.loads(stored[numbers[THEIRS]][0])["entry"]) == 2


def test_a_call_about_one_number_is_stored_as_it_came(door: Door, numbers):
    body = calls.messages(calls.message(), number=OURS)

    door.play(lambda: knock(door, body))

    assert lanes(door) == {numbers[OURS]: [body]}


def test_what_is_said_of_an_account_reaches_each_of_its_numbers(door: Door, numbers):
    body = calls.call({"field": "account_update", "value": {"event": "DISABLED_UPDATE"}}, account=ACCOUNT)

    door.play(lambda: knock(door, body))

    assert lanes(door) == {numbers[OURS]: [body], numbers[SISTER]: [body]}


def test_only_the_platform_s_app_is_believed(door: Door, numbers):
    body = calls.messages(calls.message(), number=OURS)
    query = "hub.mode=subscribe&hub.challenge=42&hub.verify_token="

    async def story():
        return (
            await knock(door, body, secret=Door.app_secret),
            await door.call("GET", PATH, query=query + "guessed"),
            await door.call("GET", PATH, query=query + settings.META_VERIFY_TOKEN.replace(" ", "%20")),
        )

    forged, guessed, right = door.play(story)

    assert (forged.status, guessed.status, right, lanes(door)) == (403, 403, Answer(200, "42"), {})


def test_a_number_that_nobody_proved_is_not_found_and_comes_again(door: Door, numbers):
    WebhookRoute.objects.filter(token="g" * 40).update(external_id="")  # typed into a form, never linked
    stranger = calls.messages(calls.message(), number=THEIRS)
    ours = calls.change("messages", number=OURS, messages=[calls.message()])
    mixed = envelope(entry(ACCOUNT, ours, calls.change("messages", number="999", messages=[])))

    async def story():
        return await knock(door, stranger), await knock(door, mixed)

    unknown, known = door.play(story)

    assert (unknown.status, known) == (404, Answer(200, "ok"))
    assert set(lanes(door)) == {numbers[OURS]} and b"999" not in lanes(door)[numbers[OURS]][0]


def test_portions_keep_their_order_and_lone_halves_of_emoji():
    body = b'{"entry": [{"id": "1", "changes": [{"field": "a", "value": {"metadata": {"phone_number_id": "9"}, "text": "\\ud83d"}},'
    body += b' {"field": "b", "value": {"x": 1}}, {"field": "c", "value": {"metadata": {"phone_number_id": "9"}}}]}]}'

    divided = portions(body)

    assert list(divided) == ["9", "account:1"]
    assert [change["field"] for change in json.loads(divided["9"])["entry"][0]["changes"]] == ["a", "c"]

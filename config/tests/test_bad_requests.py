"""What nobody sends by accident: each gets its refusal in the one shape of errors, none a 500."""

import pytest

SHAPE = {"type", "errors"}


def refusal_of(answer) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == SHAPE
    return answer.status_code, body["errors"][0]["code"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"settings": {"a\\u0000": 1}}',
        b'{"locale": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"settings": {"rate": 1e999}}',
        b'{"a":' * 20_000,
        b"[" * 60 + b"]" * 60,
        b'{"name": "\xff"}',
        b"{",
    ],
)
def test_json_that_cannot_be_kept_is_refused_at_the_door(alice, client_of, body):
    doors = ["/api/v1/connections/", "/api/v1/auth/login/"]

    answers = [client_of(alice).generic("POST", door, body, content_type="application/json") for door in doors]

    assert [refusal_of(answer) for answer in answers] == [(400, "parse_error")] * 2


def test_a_whole_character_in_two_escapes_is_text(alice, client_of):
    answer = client_of(alice).generic("POST", "/api/v1/tags/", b'{"name": "\\ud83d\\ude00 \\\\u0000"}', content_type="application/json")

    assert (answer.status_code, answer.json()["name"]) == (201, "\N{GRINNING FACE} \\u0000")


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "contacts/abc/",
        "users/\N{ARABIC-INDIC DIGIT ONE}/",
        "contacts/-1/",
        f"contacts/{'9' * 5000}/",
        f"contacts/{2**63}/",
        "contacts/%00/",
    ],
)
def test_an_address_of_nothing_is_404_in_json(alice, client_of, path):
    assert refusal_of(client_of(alice).get(f"/api/v1/{path}")) == (404, "not_found")


def test_people_still_get_a_page(alice, client_of):
    assert client_of(alice).get("/nothing/").headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("door", ["contacts/", "tickets/counts/", "auth/me/"])
def test_a_method_that_no_door_has_is_405(alice, client_of, door):
    assert refusal_of(client_of(alice).generic("PUT", f"/api/v1/{door}")) == (405, "method_not_allowed")


def test_the_admin_and_health_are_found_without_their_last_slash(client, acme):
    host = {"host": "acme.localhost"}

    assert client.get("/admin", headers=host).headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/health", headers=host).json()["status"] == "ok"

"""Notices: each person's own, in their language, unread until read."""

import pytest

from accounts.models import Notice
from accounts.services.notices import notify

URL = "/api/v1/notifications/"


@pytest.fixture
def notices(acme, alice, bob):
    alice.locale = "pt-br"
    alice.save()
    return notify([alice, bob], kind="connection.dropped", path="/connections", connection="Principal", reason="Sem token")


def test_each_reads_their_own(alice, bob, client_of, notices):
    notify([bob], kind="connection.back", path="/connections", connection="Principal", reason="-")

    mine = client_of(alice).get(URL).json()["results"]
    his = client_of(bob).get(URL, {"unread": "true"}).json()["results"]

    assert [(row["kind"], row["path"], row["read_at"]) for row in mine] == [("connection.dropped", "/connections", None)]
    assert [row["kind"] for row in his] == ["connection.back", "connection.dropped"]
    assert (his[1]["title"], his[1]["text"]) == ("“Principal” is off WhatsApp", "It neither sends nor receives: Sem token")


def test_read_ones_are_counted_no_more_and_nobody_reads_for_another(alice, bob, client_of, notices):
    hers, his = notices

    stolen = client_of(bob).post(f"{URL}read/", {"ids": [hers.pk]}).json()
    read = client_of(bob).post(f"{URL}read/").json()

    assert (stolen, read) == ({"unread": 1}, {"unread": 0})
    assert client_of(alice).get(f"{URL}unread/").json() == {"unread": 1}
    assert Notice.objects.get(pk=his.pk).read_at is not None


def test_who_left_is_not_told(acme, alice):
    alice.is_active = False
    alice.save()

    assert notify([alice], kind="connection.back", path="", connection="x", reason="-") == []

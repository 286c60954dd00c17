"""Who is here: several devices, lines that drop, and a Valkey that forgot everybody."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from accounts import presence
from accounts.models import LoginSession, User
from accounts.selectors import with_last_seen
from accounts.services.sessions import LOGGED_OUT, end_session, open_session
from accounts.services.socket_tickets import issue_socket_ticket
from accounts.types import Device
from config import attendance
from config.hubs import switchboard
from config.tests.browser import Browser, played, ticket_of
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.lib.valkey import client as valkey
from tickets.tests.factories import QueueFactory, TicketFactory

USERS = "/api/v1/users/"


@pytest.fixture(autouse=True)
def impatient(monkeypatch, settings):
    """As if seconds were moments."""
    settings.PRESENCE_LEASE_SECONDS = 1.5
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(attendance, "GATHER_SECONDS", 0.01)


@pytest.fixture
def by_rest(alice, client_of):
    client = client_of(alice)

    def ask() -> dict[str, str]:
        return {person["name"]: person["presence"] for person in client.get(USERS).json()["results"]}

    return sync_to_async(ask)


def test_who_comes_is_online_and_who_leaves_is_offline_a_moment_later(acme, alice, bob, by_rest):
    passes = [ticket_of(alice), ticket_of(bob)]

    async def story():
        async with Browser(passes[0]) as of_alice:
            await of_alice.hears()
            async with Browser(passes[1]) as of_bob:
                await of_bob.hears()
                await of_alice.notices_that("Bob", "online")
                assert await by_rest() == {"Alice": "online", "Bob": "online", "Founder": "offline"}
            await of_alice.notices_that("Bob", "offline")
            assert (await by_rest())["Bob"] == "offline"

    played(story)


def test_with_two_tabs_the_best_one_counts(acme, alice, bob, by_rest):
    passes = [ticket_of(alice), ticket_of(bob), ticket_of(bob)]

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as first:
            await of_alice.hears(), await first.hears()
            async with Browser(passes[2]) as second:
                await second.hears()
                first.says(event="userStatus", status="away")
                second.says(event="userStatus", status="offline")
                await of_alice.notices_that("Bob", "away")
                second.says(event="userStatus", status="online")
                await of_alice.notices_that("Bob", "online")
            await of_alice.notices_that("Bob", "away")
            assert (await by_rest())["Bob"] == "away"

    played(story)


def test_a_page_that_is_reloaded_was_never_gone(acme, alice, bob, monkeypatch):
    monkeypatch.setattr(presence, "GRACE_SECONDS", 1.0)
    passes = [ticket_of(alice), ticket_of(bob), ticket_of(bob)]
    told = []

    async def story():
        async with Browser(passes[0]) as of_alice:
            await of_alice.hears()
            async with Browser(passes[1]) as page:
                await page.hears()
                await of_alice.notices_that("Bob", "online")
            async with Browser(passes[2]) as page:
                await page.hears()
                page.says(event="userStatus", status="away")
                user = {}
                while user.get("presence") != "away":
                    user = (await of_alice.notices()).get("user", {})
                    told.append((user["name"], user["presence"]))

    played(story)
    assert set(told) <= {("Bob", "away"), ("Bob", "online"), ("Alice", "online")}


def test_whoever_calls_themselves_away_is_away_on_every_device(acme, alice, bob, client_of, by_rest, django_capture_on_commit_callbacks):
    passes = [ticket_of(alice), ticket_of(bob)]
    of_bob_by_rest = client_of(bob)

    @sync_to_async
    def say(is_away: bool) -> bool:
        with django_capture_on_commit_callbacks(execute=True):
            return of_bob_by_rest.put("/api/v1/auth/presence/", {"is_away": is_away}).json()["user"]["is_away"]

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as of_bob:
            await of_alice.hears(), await of_bob.hears()
            await of_alice.notices_that("Bob", "online")
            assert await say(True) is True
            await of_alice.notices_that("Bob", "away")
            of_bob.says(event="userStatus", status="online")
            assert (await by_rest())["Bob"] == "away"
            assert await say(False) is False
            await of_alice.notices_that("Bob", "online")

    played(story)


def test_the_last_time_somebody_was_seen_is_kept(acme, alice, bob):
    passes = [ticket_of(alice), ticket_of(bob)]
    long_ago = now() - timedelta(days=1)
    LoginSession.objects.filter(user=bob).update(seen_at=long_ago)
    last_seen = sync_to_async(lambda: with_last_seen(User.objects.filter(pk=bob.pk)).get().last_seen_at)

    async def story():
        async with Browser(passes[0]) as of_alice:
            await of_alice.hears()
            async with Browser(passes[1]) as of_bob:
                await of_bob.hears()
                await of_alice.notices_that("Bob", "online")
                assert await last_seen() == long_ago
            await of_alice.notices_that("Bob", "offline")
            of_alice.says(event="userStatus", status="away")
            await of_alice.notices_that("Alice", "away")
            assert await last_seen() > long_ago

    played(story)


def test_leases_that_nobody_renews_end_by_themselves(acme, alice, bob):
    """A process that was killed renews nothing: here are its leases without it."""
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket) as of_alice:
            await of_alice.hears()
            await presence.hold(switchboard().commands, acme, [(bob.pk, "of-a-dead-process", "online")])
            await of_alice.notices_that("Bob", "online")
            await of_alice.notices_that("Bob", "offline")

    played(story)


def test_a_valkey_that_forgot_everybody_is_told_again_(acme, alice, bob, by_rest):
    passes = [ticket_of(alice), ticket_of(bob)]

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as of_bob:
            await of_alice.hears(), await of_bob.hears()
            await of_alice.notices_that("Bob", "online")
            await sync_to_async(valkey().delete)("acme:presence")
            assert (await by_rest())["Bob"] == "offline"
            async with asyncio.timeout(5):
                while (await by_rest())["Bob"] != "online":
                    await asyncio.sleep(0.05)

    played(story)


def test_a_login_that_ended_is_not_here_any_more(acme, alice, bob, django_capture_on_commit_callbacks):
    first = ticket_of(alice)
    with enter(acme):
        session = open_session(bob, device=Device())
        second = issue_socket_ticket(session=session)

    def end():
        with enter(acme), django_capture_on_commit_callbacks(execute=True):
            end_session(session, reason=LOGGED_OUT)

    async def story():
        async with Browser(first) as of_alice:
            await of_alice.hears()
            async with Browser(second) as of_bob:
                await of_bob.hears()
                await of_alice.notices_that("Bob", "online")
                await sync_to_async(end)()
                await of_alice.notices_that("Bob", "offline")

    played(story)


def test_mallory_is_told_nothing_of_acmes_people(acme, globex, alice, mallory):
    passes = ticket_of(alice), ticket_of(mallory)

    async def story():
        async with Browser(passes[1], host="globex.localhost") as of_mallory:
            await of_mallory.hears()
            async with Browser(passes[0]) as of_alice:
                await of_alice.hears()
                of_mallory.says(event="userStatus", status="away")
                heard = [await of_mallory.notices(), await of_mallory.notices()]

        assert [(said["user"]["name"], said["user"]["presence"]) for said in heard] == [("Mallory", "online"), ("Mallory", "away")]

    played(story)


# --- who looks at a conversation --------------------------------------------------------------------------------------------------


def test_those_who_look_at_a_conversation_are_told_of_each_other(acme, alice, bob, carol):
    ticket = TicketFactory(queue=QueueFactory(members=[bob]))
    passes = [ticket_of(user) for user in (alice, bob, bob, carol)]

    async def told(page: Browser, *names: str) -> None:
        said = await page.notices()
        while said["action"] != "viewers" or [user["name"] for user in said["users"]] != [*names]:
            said = await page.notices()
        assert said["ticketId"] == ticket.pk

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as of_bob, Browser(passes[3]) as of_carol:
            for page in (of_alice, of_bob, of_carol):
                await page.hears()
            of_alice.says(event="joinChatBox", ticketId=ticket.pk)
            await told(of_alice, "Alice")
            of_bob.says(event="joinChatBox", ticketId=ticket.pk)
            await told(of_alice, "Alice", "Bob")
            await told(of_bob, "Alice", "Bob")
            of_carol.says(event="joinChatBox", ticketId=ticket.pk)
            assert await of_carol.hears() == {"event": "error", "code": "not_found"}
            async with Browser(passes[2]) as second:
                await second.hears()
                second.says(event="joinChatBox", ticketId=ticket.pk)
                await told(second, "Alice", "Bob")
                of_bob.says(event="leaveChatBox", ticketId=ticket.pk)
                of_alice.says(event="leaveChatBox", ticketId=ticket.pk)
                await told(second, "Bob")
            of_alice.says(event="joinChatBox", ticketId=ticket.pk)
            await told(of_alice, "Alice")

    played(story)

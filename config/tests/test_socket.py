"""The socket: who comes in, what they hear, and that nothing is lost or told twice."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts.models import Role
from accounts.services.sessions import LOGGED_OUT, end_session
from accounts.services.users import UserChanges, update_user
from config import hubs, outlets
from config.tests.browser import Browser, played, tell, ticket_of
from tenants.lib import realtime
from tenants.lib.directory import forget_companies
from tenants.lib.realtime import Audience, Frame
from tenants.lib.tenancy import enter_public
from tenants.lib.valkey import client as valkey
from tenants.models import Company
from tenants.services.companies import suspend_company
from tickets.services.queues import update_queue
from tickets.tests.factories import QueueFactory, TicketFactory

MANAGERS = frozenset({Role.ADMIN.value, Role.SUPERVISOR.value})


@pytest.fixture
def sales(acme, bob):
    return QueueFactory(name="Sales", members=[bob])


def note(number: int, audience: Audience = realtime.EVERYONE) -> Frame:
    return Frame("notification", {"action": "create", "number": number}, audience)


def numbers(frames: list[dict]) -> list[int]:
    return [frame["data"]["number"] for frame in frames]


def chain(frames: list[dict]) -> list[tuple[int, int]]:
    return [(frame["prev"], frame["seq"]) for frame in frames]


# --- coming in --------------------------------------------------------------------------------------------------------------------


def test_the_first_frame_says_where_to_count_from_and_who_one_is(acme, alice, client_of):
    ticket = client_of(alice).post("/api/v1/auth/socket-ticket/").json()

    async def story():
        await tell(acme, note(1), note(2))
        async with Browser(ticket["ticket"]) as page:
            ready = await page.hears()

        assert ready == {
            "event": "ready",
            "seq": 2,
            "epoch": await sync_to_async(realtime.epoch)(),
            "company": acme.pk,
            "user": {"id": alice.pk, "name": "Alice", "role": "admin", "avatar": None, "is_active": True},
        }

    played(story)
    assert ticket["expires_in"] == 30


def test_a_ticket_is_good_once(alice):
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket) as first:
            assert (await first.hears())["event"] == "ready"
            async with Browser(ticket) as second:
                assert await second.hears() == {"closed": 4401}

    played(story)


def test_a_ticket_is_good_for_thirty_seconds(alice):
    ticket_of(alice)

    (key,) = valkey().keys("recado:socket-ticket:*")
    assert 28 <= valkey().ttl(key) <= 30


@pytest.mark.parametrize("ticket", ["", "made-up"])
def test_without_a_ticket_nobody_comes_in(acme, ticket):
    async def story():
        async with Browser(ticket) as page:
            page.says(event="joinNotification")
            assert await page.hears() == {"closed": 4401}

    played(story)


@pytest.mark.parametrize(
    ("host", "answer"),
    [("acme.localhost", "ready"), ("localhost:8000", "ready"), ("globex.localhost", 4401), ("nowhere.localhost", 4401), ("", 4401)],
)
def test_a_ticket_opens_its_own_companys_host_and_the_shared_one(alice, globex, host, answer):
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket, host=host) as page:
            heard = await page.hears()
            assert heard.get("closed", heard.get("event")) == answer

    played(story)


def test_a_login_that_ended_after_the_ticket_was_given_opens_nothing(acme, alice, bob):
    ticket = ticket_of(bob)
    update_user(bob, changes=UserChanges(is_active=False), by=alice)

    async def story():
        async with Browser(ticket) as page:
            assert await page.hears() == {"closed": 4401}

    played(story)


def test_a_suspended_company_closes_its_sockets(acme, alice, monkeypatch):
    monkeypatch.setattr(hubs, "HEAD_SECONDS", 0.05)
    first, second = ticket_of(alice), ticket_of(alice)

    def suspend():
        with enter_public():
            suspend_company(Company.objects.get(pk=acme.pk), by="the platform")

    async def story():
        async with Browser(first) as page, Browser(second) as later:
            assert (await page.hears())["event"] == "ready"
            assert (await later.hears())["event"] == "ready"
            await sync_to_async(suspend)()
            heard = await page.hears()
            while "closed" not in heard:
                heard = await page.hears()
            assert heard == {"closed": 4403}

    played(story)
    forget_companies()


# --- hearing ----------------------------------------------------------------------------------------------------------------------


def test_each_hears_what_they_may_see_and_can_tell_lost_from_not_theirs(acme, alice, bob, carol, sales):
    tickets = [ticket_of(user) for user in (alice, bob, carol)]
    frames = [
        note(1),
        note(2, Audience(roles=MANAGERS)),
        note(3, Audience(queue_ids=frozenset({sales.pk}), roles=MANAGERS)),
        note(4, Audience(user_ids=frozenset({carol.pk}))),
        note(5),
    ]

    async def story():
        async with Browser(tickets[0]) as of_alice, Browser(tickets[1]) as of_bob, Browser(tickets[2]) as of_carol:
            pages = [of_alice, of_bob, of_carol]
            for page in pages:
                await page.hears()
            await tell(acme, *frames)
            heard = [await page.hears_until(5) for page in pages]

        assert [numbers(frames) for frames in heard] == [[1, 2, 3, 5], [1, 3, 5], [1, 4, 5]]
        assert [chain(frames) for frames in heard] == [
            [(0, 1), (1, 2), (2, 3), (3, 5)],
            [(0, 1), (1, 3), (3, 5)],
            [(0, 1), (1, 4), (4, 5)],
        ]
        assert heard[0][0] == {
            "event": f"company-{acme.pk}-notification",
            "seq": 1,
            "prev": 0,
            "data": {"action": "create", "number": 1},
        }

    played(story)


def test_mallory_hears_nothing_of_acme(acme, globex, alice, mallory):
    acmes, globexs = ticket_of(alice), ticket_of(mallory)

    async def story():
        async with Browser(acmes) as of_alice, Browser(globexs, host="globex.localhost") as of_mallory:
            await of_alice.hears(), await of_mallory.hears()
            await tell(acme, note(1), note(2))
            await tell(globex, note(9))

            assert numbers(await of_alice.hears_until(2)) == [1, 2]
            assert numbers(await of_mallory.hears_until(1)) == [9]

    played(story)


def test_a_head_is_told_from_time_to_time(acme, alice, monkeypatch):
    monkeypatch.setattr(hubs, "HEAD_SECONDS", 0.05)
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket) as page:
            await page.hears()
            assert await page.hears() == {"event": "head", "seq": 0}

    played(story)


def test_a_queue_that_somebody_joins_is_heard_from_then_on(acme, alice, bob, carol, sales, django_capture_on_commit_callbacks):
    tickets = [ticket_of(user) for user in (bob, carol)]
    private = Audience(queue_ids=frozenset({sales.pk}))

    def swap_members():
        with django_capture_on_commit_callbacks(execute=True):
            update_queue(sales, fields={}, members=[carol], by=alice)

    async def story():
        async with Browser(tickets[0]) as of_bob, Browser(tickets[1]) as of_carol:
            await of_bob.hears(), await of_carol.hears()
            await tell(acme, note(1, private))
            await sync_to_async(swap_members)()
            end = await tell(acme, note(2, private), note(3))
            heard = [
                [frame["data"].get("number") for frame in await page.hears_until(end) if "number" in frame["data"]]
                for page in (of_bob, of_carol)
            ]

        assert heard == [[1, 3], [2, 3]]

    played(story)


def test_who_is_let_go_or_logs_out_hears_nothing_more(acme, alice, bob, carol, django_capture_on_commit_callbacks):
    tickets = [ticket_of(user) for user in (alice, bob, carol)]

    def part():
        with django_capture_on_commit_callbacks(execute=True):
            update_user(bob, changes=UserChanges(is_active=False), by=alice)
            end_session(carol.login_sessions.get(), reason=LOGGED_OUT)

    async def story():
        async with Browser(tickets[0]) as of_alice, Browser(tickets[1]) as of_bob, Browser(tickets[2]) as of_carol:
            for page in (of_alice, of_bob, of_carol):
                await page.hears()
            await sync_to_async(part)()

            told = await of_alice.hears()
            assert [await of_bob.hears(), await of_carol.hears()] == [{"closed": 4401}] * 2
            assert (told["data"]["user"]["id"], told["data"]["user"]["is_active"]) == (bob.pk, False)

    played(story)


def test_a_new_role_shows_at_once_what_it_may_see(acme, alice, bob, django_capture_on_commit_callbacks):
    ticket = ticket_of(bob)

    def promote():
        with django_capture_on_commit_callbacks(execute=True):
            update_user(bob, changes=UserChanges(role="supervisor"), by=alice)

    async def story():
        async with Browser(ticket) as page:
            await page.hears()
            await tell(acme, note(1, Audience(roles=MANAGERS)))
            await sync_to_async(promote)()
            promoted = await page.hears()
            await tell(acme, note(2, Audience(roles=MANAGERS)))

            assert (promoted["data"]["user"]["role"], (await page.hears())["data"]["number"]) == ("supervisor", 2)

    played(story)


# --- nothing is lost --------------------------------------------------------------------------------------------------------------


def test_a_hub_that_lost_its_subscription_fetches_what_it_missed(acme, alice):
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket) as page:
            await page.hears()
            await tell(acme, note(1))
            await page.hears_until(1)
            valkey().client_kill_filter(_type="pubsub")
            end = await tell(acme, *[note(number) for number in range(2, 40)])

            heard = await page.hears_until(end)

        assert numbers(heard) == list(range(2, 40))
        assert chain(heard) == [(number - 1, number) for number in range(2, 40)]

    played(story)


def test_resume_answers_exactly_what_was_missed_and_may_be_seen(acme, bob, sales):
    before, after = ticket_of(bob), ticket_of(bob)

    async def story():
        async with Browser(before) as page:
            await page.hears()
            await tell(acme, note(1))
            await page.hears_until(1)
        await tell(acme, note(2), note(3, Audience(roles=MANAGERS)), note(4, Audience(queue_ids=frozenset({sales.pk}))))
        async with Browser(after) as page:
            ready = await page.hears()
            page.says(event="resume", since=1)
            missed = [await page.hears(), await page.hears()]
            await tell(acme, note(5))

            assert ready["seq"] == 4
            assert (numbers(missed), chain(missed)) == ([2, 4], [(1, 2), (2, 4)])
            assert chain([await page.hears()]) == [(4, 5)]

    played(story)


def test_resume_with_nothing_missed_says_nothing(acme, alice):
    ticket = ticket_of(alice)

    async def story():
        await tell(acme, note(1))
        async with Browser(ticket) as page:
            await page.hears()
            page.says(event="resume", since=1)
            page.says(event="nonsense")
            answer = await page.hears()
            await tell(acme, note(2))

            assert answer == {"event": "error", "code": "not_found"}
            assert chain([await page.hears()]) == [(1, 2)]

    played(story)


@pytest.mark.parametrize("since", [1, 99])
def test_what_the_log_does_not_reach_is_a_reload(acme, alice, since):
    ticket = ticket_of(alice)

    async def story():
        await tell(acme, *[note(number) for number in range(1, 6)])
        valkey().xtrim("acme:log", maxlen=2, approximate=False)
        async with Browser(ticket) as page:
            ready = await page.hears()
            page.says(event="resume", since=since)
            reload = await page.hears()
            await tell(acme, note(6))

            assert reload == {"event": "reload", "seq": 5, "epoch": ready["epoch"]}
            assert chain([await page.hears()]) == [(5, 6)]

    played(story)


def test_too_much_to_replay_and_another_epoch_are_reloads_too(acme, alice, monkeypatch):
    monkeypatch.setattr(outlets, "LONGEST_REPLAY", 3)
    ticket = ticket_of(alice)

    async def story():
        await tell(acme, *[note(number) for number in range(1, 6)])
        async with Browser(ticket) as page:
            await page.hears()
            for said in ({"since": 0}, {"since": 5, "epoch": "another"}, {"since": 2, "epoch": None}):
                page.says(event="resume", **said)
                assert (await page.hears())["event"] == "reload"
            page.says(event="resume", since=2)
            assert numbers(await page.hears_until(5)) == [3, 4, 5]

    played(story)


def test_resume_under_traffic_has_no_hole_and_no_repeat(acme, alice):
    ticket, total = ticket_of(alice), 300

    async def traffic():
        for number in range(101, total + 1):
            await tell(acme, note(number))

    async def story():
        await tell(acme, *[note(number) for number in range(1, 101)])
        async with Browser(ticket) as page:
            await page.hears()
            talking = asyncio.create_task(traffic())
            await page.hears_until(120)
            page.says(event="resume", since=50)
            heard = await page.hears_until(total)
            await talking
            again = next(at for at, frame in enumerate(heard) if frame["seq"] == 51)

        assert chain(heard[again:]) == [(number - 1, number) for number in range(51, total + 1)]

    played(story)


def test_a_client_that_does_not_read_is_closed_and_resumes(acme, alice, monkeypatch):
    monkeypatch.setattr(outlets, "LONGEST_OUTBOX", 20)
    lazy, quick, back = ticket_of(alice), ticket_of(alice), ticket_of(alice)

    async def story():
        async with Browser(lazy, reads_at_most=2) as sleeper, Browser(quick) as reader:
            await sleeper.hears(), await reader.hears()
            end = 0
            for start in range(1, 61, 10):
                end = await tell(acme, *[note(number) for number in range(start, start + 10)])
                await reader.hears_until(end)
            heard = await sleeper.hears()
            last = 0
            while "closed" not in heard:
                last, heard = heard["seq"], await sleeper.hears()
        monkeypatch.setattr(outlets, "LONGEST_OUTBOX", 100)
        async with Browser(back) as page:
            await page.hears()
            page.says(event="resume", since=last)

            assert (heard, numbers(await page.hears_until(end))) == ({"closed": 4408}, list(range(last + 1, 61)))

    played(story)


def test_a_valkey_that_was_started_anew_is_a_reload_with_its_epoch(acme, alice, ground):
    ticket = ticket_of(alice)

    def restart():
        ground.valkey.kill()
        ground.valkey.wait()
        ground.start_valkey()
        valkey().connection_pool.disconnect()
        valkey().flushdb()

    async def story():
        await tell(acme, *[note(number) for number in range(1, 6)])
        async with Browser(ticket) as page:
            ready = await page.hears()
            await sync_to_async(restart)()
            reload = await page.hears()
            await tell(acme, note(1))

            assert reload == {"event": "reload", "seq": 0, "epoch": await sync_to_async(realtime.epoch)()}
            assert reload["epoch"] != ready["epoch"]
            assert chain([await page.hears()]) == [(0, 1)]

    played(story)


# --- speaking ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "bad_json"),
        ("[1]", "bad_json"),
        ('{"event": 7}', "bad_json"),
        ("", "bad_json"),
        ('{"event": "typing", "filler": "' + "x" * 70_000 + '"}', "too_large"),
        ('{"event": "dropTables"}', "not_found"),
        ('{"event": "resume"}', "bad_request"),
        ('{"event": "resume", "since": "1"}', "bad_request"),
        ('{"event": "resume", "since": -1}', "bad_request"),
        ('{"event": "resume", "since": true}', "bad_request"),
        ('{"event": "joinChatBox"}', "not_found"),
        ('{"event": "joinChatBox", "ticketId": "5"}', "not_found"),
        ('{"event": "joinChatBox", "ticketId": 123456789012345678901234567890}', "not_found"),
        ('{"event": "joinTickets", "status": "lost"}', "not_found"),
        ('{"event": "leaveChatBox"}', "not_found"),
        ('{"event": "typing", "ticketId": 0}', "not_found"),
        ('{"event": "userStatus", "status": "asleep"}', "not_found"),
    ],
)
def test_nonsense_is_answered_and_the_socket_lives(acme, alice, text, code):
    ticket = ticket_of(alice)

    async def story():
        async with Browser(ticket) as page:
            await page.hears()
            page.says_text(text)
            assert await page.hears() == {"event": "error", "code": code}
            page.says_bytes(b"\xff\x00")
            assert await page.hears() == {"event": "error", "code": "bad_json"}
            await tell(acme, note(1))
            assert (await page.hears())["seq"] == 1

    played(story)


def test_rooms_open_for_those_who_see_the_ticket(acme, globex, alice, bob, carol, mallory, sales):
    ticket = TicketFactory(queue=sales)
    passes = [(ticket_of(user), f"{user.company.slug}.localhost") for user in (alice, bob, carol, mallory)]

    async def answers(ticket_pass: str, host: str) -> list[str]:
        async with Browser(ticket_pass, host=host) as page:
            await page.hears()
            page.says(event="joinChatBox", ticketId=ticket.pk)
            page.says(event="joinNotification")
            page.says(event="joinTickets", status="open")
            page.says(event="leaveChatBox", ticketId=ticket.pk)
            page.says(event="end of story")
            heard = [(await page.hears())["code"]]
            if heard == ["not_found"] and host == "globex.localhost" or ticket_pass == passes[2][0]:
                heard.append((await page.hears())["code"])
            return heard

    async def story():
        assert [await answers(*given) for given in passes] == [["not_found"], ["not_found"], ["not_found"] * 2, ["not_found"] * 2]

    played(story)


def test_a_hub_lives_as_long_as_somebody_listens(acme, alice, bob):
    tickets = [ticket_of(user) for user in (alice, bob)]

    async def story():
        board = hubs.switchboard()
        async with Browser(tickets[0]) as first:
            await first.hears()
            async with Browser(tickets[1]) as second:
                await second.hears()
                hub = board._hubs[acme.pk]
                assert (len(board._hubs), hub.guests, len(hub.outlets)) == (1, 2, 2)
            assert (hub.guests, len(hub.outlets)) == (1, 1)
        assert board._hubs == {}

    played(story)

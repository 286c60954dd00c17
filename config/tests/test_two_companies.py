"""The two-company test, generated from the URL conf and `rooms.py`: whatever Alice of acme asks for, with whichever id of globex,
she gets what she would get if it did not exist, globex stays as it was, and no answer holds a word of globex's."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.db import models, transaction
from django.http import Http404
from django.utils.module_loading import import_string
from rest_framework.test import APIClient

from accounts.models import ApiKey, AuditEntry, Invitation, LoginSession, Notice, Role, User
from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at, hire, logged_in_client
from campaigns.models import Campaign
from config.demo import furnish
from config.rooms import ROOMS, Room
from config.tests.canary import CANARY, fill_empty_tables, fingerprint_of, put_canaries, rows_naming
from config.tests.routes import VERBS, Bodies, Route, api_routes
from connectors.models import Connection, Media, Template
from contacts.models import Contact, ContactImport, ContactList, CustomField, Tag
from tenants.lib.clock import now
from tenants.lib.realtime import head, missed
from tenants.lib.tenancy import enter
from tenants.lib.valkey import client as valkey
from tenants.models import Company, Flight, Plan, Webhook
from tickets.models import Message, Queue, QuickReply, Schedule, Ticket

# Which objects a place's ids mean. A new resource gets its line here, or the test fails.
PLACES: dict[str, type[models.Model] | None] = {
    "api-keys": ApiKey,
    "audit-log": AuditEntry,
    "auth": LoginSession,
    "campaigns": Campaign,
    "companies": Company,
    "company": None,
    "consent-rules": None,
    "connection-routings": Connection,
    "connections": Connection,
    "contact-imports": ContactImport,
    "contact-lists": ContactList,
    "contacts": Contact,
    "custom-fields": CustomField,
    "docs": None,
    "flights": Flight,
    "health": None,
    "invitations": Invitation,
    "jobs": Message,
    "media": Media,
    "messages": Message,
    "notifications": Notice,
    "plans": Plan,
    "queues": Queue,
    "quick-replies": QuickReply,
    "roles": None,
    "schedules": Schedule,
    "schema": None,
    "tags": Tag,
    "tickets": Ticket,
    "uploads": None,
    "users": User,
}
# The platform's own: closed to every company, whatever the id.
PLATFORM_ONLY = {"companies", "plans"}
OPEN_TO_ALL = {
    "/api/v1/auth/login/",
    "/api/v1/auth/refresh/",
    "/api/v1/auth/logout/",
    "/api/v1/auth/join/",
    "/api/v1/auth/join/check/",
    "/api/v1/auth/password/reset/",
    "/api/v1/auth/password/reset/check/",
    "/api/v1/auth/password/reset/confirm/",
    "/api/v1/health/",
    "/api/v1/schema/",
    "/api/v1/docs/",
}
PARAMETERS = {"pk", "template_pk", "customer", "job"}
# What a body's field means, where it is not the name of a place.
FILTERS = {
    "queue": Queue,
    "contact": Contact,
    "connection": Connection,
    "assignee": User,
    "tag": Tag,
    "list": ContactList,
    "ticket": Ticket,
}
FIELDS = {"user": User, "assignee": User, "members": User, "member_ids": User, "lists": ContactList, "list": ContactList}
# globex's ids begin at a million (config/ground/master.py).
AN_ID_OF_GLOBEX = r"\y10[0-9]{5}\y"


@dataclass
class World:
    acme: Company
    globex: Company
    alice: APIClient
    mallory: APIClient
    found: str = ""

    def bodies(self, company: Company) -> Bodies:
        """Bodies whose ids are the company's."""
        return Bodies(lambda name: self.id_of(company, FIELDS.get(name) or PLACES.get(f"{name}s") or PLACES.get(name)))

    def look_at_acme(self) -> None:
        self.found = rows_naming(self.acme, AN_ID_OF_GLOBEX)

    def id_of(self, company: Company, model: type[models.Model] | None, *, poison: bool = False) -> int:
        with enter(company):
            if model in (Company, Plan):
                return company.pk
            rows = (Webhook if poison else model or Ticket)._base_manager.all()
            if poison or model is Flight:
                rows = rows.filter(company_id=company.pk)
            return rows.order_by("pk").values_list("pk", flat=True)[0]

    def path(self, route: Route, company: Company) -> str:
        pk = self.id_of(company, PLACES[route.place], poison="poison" in route.path) if "pk" in route.parameters else ""
        template = self.id_of(company, Template) if "template_pk" in route.parameters else ""
        job = f"message-{self.id_of(company, Message)}" if "job" in route.parameters else ""
        return route.at(pk=pk, template_pk=template, customer="+5511999990000", job=job)


@pytest.fixture
def world(acme, globex) -> World:
    people = {}
    for company, area in ((acme, "11"), (globex, "21")):
        people[company.slug] = hire(company, name="Admin", role=Role.ADMIN)
        with enter(company):
            furnish(company.slug, area)
            common = {"company_id": company.pk, "connection_id": Connection.objects.values_list("pk", flat=True)[0]}
            Media.objects.create(kind="image")
            contact_id = Contact.objects.values_list("pk", flat=True)[0]
            Schedule.objects.create(contact_id=contact_id, connection_id=common["connection_id"], body="Soon", first_at=now())
            Template.objects.create(connection_id=common["connection_id"], external_id="1", name="greeting", language="en")
            Notice.objects.create(user=people[company.slug], kind="connection.back", facts={"connection": "Main"})
            hook = Webhook.objects.create(**common, provider="simulator", body=b"{}", state=Webhook.State.POISON, error="x")
            Invitation.objects.create(email=f"guest@{company.slug}.test", nonce="x", expires_at=now() + timedelta(hours=1))
            ContactImport.objects.create(name="people.csv", columns=["phone"], mapping=["phone"])
            create_api_key(name="Shop", scopes=["contact.read"], expires_at=None, by=people[company.slug])
            Flight.objects.create(**common, direction="in", external_id="wamid.1", webhook_id=hook.pk, request="x", received_at=now())
    world = World(acme, globex, logged_in_client(people["acme"]), logged_in_client(people["globex"]))
    with enter(globex):
        fill_empty_tables()
        put_canaries(globex)
    for client in (world.alice, world.mallory):
        client.raise_request_exception = False
    return world


def ask(client: APIClient, method: str, path: str, body: dict | None = None, *, look: Callable[[], None] = lambda: None) -> tuple[int, str]:
    """Status and everything that came back. `look` sees what it did, then it is undone."""
    savepoint = transaction.savepoint()
    answer = getattr(client, method)(path, body, format="json") if method != "get" else client.get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace") + json.dumps(dict(answer.headers))
    look()
    transaction.savepoint_rollback(savepoint)
    return answer.status_code, text


def test_every_route_and_room_is_known():
    routes = api_routes()

    assert sorted({route.place for route in routes}) == sorted(PLACES)
    assert {parameter for route in routes for parameter in route.parameters} <= PARAMETERS
    assert set(ROOMS) == {"joinChatBox", "joinNotification", "joinTickets"}


def test_the_canary_sings_for_its_own_company(world):
    heard = [place for place in ("contacts", "tickets", "campaigns", "connections", "queues", "tags", "users", "messages", "flights")
             if CANARY in ask(world.mallory, "get", f"/api/v1/{place}/")[1]]  # fmt: skip

    assert heard == ["contacts", "tickets", "campaigns", "connections", "queues", "tags", "users", "messages", "flights"]


def test_ids_of_globex_in_the_path_do_not_exist_for_acme(world):
    bodies, before, wrong = world.bodies(world.acme), fingerprint_of(world.globex), {}
    for route in api_routes():
        for method in VERBS if {"pk", "job"} & {*route.parameters} else ():
            status, text = ask(world.alice, method, world.path(route, world.globex), bodies.body(route, method))
            expected = {403} if route.place in PLATFORM_ONLY else {404} if method in route.methods else {403, 405}
            if status not in expected or CANARY in text or fingerprint_of(world.globex) != before:
                wrong[f"{method} {route.path}"] = (status, text[:200])

    assert wrong == {}


def test_ids_of_globex_in_a_body_reach_nothing(world):
    bodies, before, wrong = world.bodies(world.globex), fingerprint_of(world.globex), {}
    for route in api_routes():
        for method in route.methods & {"post", "put", "patch"}:
            status, text = ask(world.alice, method, world.path(route, world.acme), bodies.body(route, method), look=world.look_at_acme)
            if status >= 500 or CANARY in text or world.found or fingerprint_of(world.globex) != before:
                wrong[f"{method} {route.path}"] = (status, world.found, text[:200])

    assert wrong == {}


def test_nothing_that_acme_reads_holds_a_word_of_globex(world):
    filters = [f"?search={CANARY}", *(f"?{name}={world.id_of(world.globex, model)}" for name, model in FILTERS.items())]
    wrong = {}
    for route in api_routes():
        for query in ["", *filters] if "get" in route.methods and PLACES[route.place] else [""] * ("get" in route.methods):
            status, text = ask(world.alice, "get", world.path(route, world.acme) + query)
            # The question itself may be repeated, in a link to the next page.
            if status >= 500 or CANARY in text.replace(f"search={CANARY}", ""):
                wrong[route.path + query] = (status, text[:200])

    assert wrong == {}
    assert [message.body for message in mail.outbox if CANARY in message.body] == []


def test_no_door_but_the_open_ones_opens_without_a_login_or_with_another_companys(world):
    nobody, stranger = client_at(world.acme), client_at(world.acme)
    stranger.credentials(**world.mallory._credentials)
    nobody.raise_request_exception = stranger.raise_request_exception = False
    wrong = {}
    for route in api_routes():
        for method in route.methods:
            path = world.path(route, world.acme)
            statuses = ask(nobody, method, path, {})[0], ask(stranger, method, path, {})[0]
            if statuses[1] != 401 or (statuses[0] != 401 and route.path not in OPEN_TO_ALL):
                wrong[f"{method} {route.path}"] = statuses

    assert wrong == {}


def test_rooms_of_globex_do_not_exist_for_acme(world):
    ids = [world.id_of(world.globex, model) for model in set(PLACES.values()) if model]
    with enter(world.acme):
        user = User.objects.get(email="admin@acme.test")
        entered = [
            (name, what)
            for name, room in ROOMS.items()
            for what in (ids if room.kind is int else [CANARY] * bool(room.field))
            if _enters(room, user, what)
        ]

    assert entered == []


def test_what_happens_in_globex_is_not_told_in_acme(world, django_capture_on_commit_callbacks):
    bodies = world.bodies(world.globex)
    valkey().flushdb()
    with django_capture_on_commit_callbacks(execute=True):
        for route in api_routes():
            for method in route.methods & {"post", "put", "patch"}:
                path = world.path(route, world.globex)
                world.mallory.generic(method.upper(), path, json.dumps(bodies.body(route, method)), content_type="application/json")

    keys = [key.decode() for key in valkey().scan_iter()]
    assert (head(world.globex) > 0, head(world.acme), missed(world.acme, 0)) == (True, 0, [])
    assert [key for key in keys if key.startswith("acme:")] == []


def _enters(room: Room, user: User, what: object) -> bool:
    try:
        import_string(room.may_enter)(user, what)
    except Http404:
        return False
    return True

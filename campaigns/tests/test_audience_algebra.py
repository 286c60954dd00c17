"""Whoever is in a company and whatever a campaign asks: the SQL means the same people, for the same reasons, as the rules in Python."""

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate

import pytest
from django.db import connection as database
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from accounts.models import User
from campaigns.models import Campaign, Line, Recipient, Variant
from campaigns.rendering import value_of
from campaigns.services.audience import audience_of, count_audience, freeze_audience
from campaigns.services.contents import required_in
from campaigns.services.given import replace_given
from campaigns.tests.factories import CampaignFactory, ConnectionFactory
from campaigns.types import InlineRecipient, Receiver
from connectors.models import Connection
from connectors.types import Delivery
from contacts.models import Address, Contact, ContactList, CustomField, OptOut, Tag
from contacts.services.consent import save_rules
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets.models import Message
from tickets.tests.factories import TicketFactory

HOUR = datetime.timedelta(hours=1)
OF_DATABASES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining a failure takes minutes
)
LISTS, TAGS = ("regulars", "newcomers"), ("vip", "buyer", "never")
STRANGER = "+5511960000099"


def subset(names: tuple[str, ...], *chances: bool) -> st.SearchStrategy[frozenset[str]]:
    """Each of them with the chance that True has among these."""
    picks = st.tuples(*(st.sampled_from(chances or (False, True)) for _name in names))
    return picks.map(lambda picked: frozenset(name for name, is_in in zip(names, picked, strict=True) if is_in))


@dataclass(frozen=True, slots=True)
class Person:
    """`phones`: whether each is on WhatsApp. `advertised`: how many days ago they got a campaign's message each. `wrote`: how many hours
    ago to which of the two numbers."""

    name: str
    email: str
    city: str | None
    visits: float | None
    lists: frozenset[str]
    tags: frozenset[str]
    is_blocked: bool
    opt_outs: frozenset[tuple[str, str]]
    phones: tuple[bool, ...]
    advertised: tuple[int, ...]
    wrote: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the campaign asks for. `given`: variables by the place of the person; None: the stranger, whom nobody knows."""

    lists: frozenset[str]
    tags: frozenset[str]
    has_all_tags: bool
    is_for_everybody: bool
    conditions: tuple[tuple[str, str, str], ...]
    excluded_tags: frozenset[str]
    texts: tuple[tuple[str, int], ...]
    provider: str
    numbers: int
    most_messages: int | None
    given: tuple[tuple[int | None, tuple[tuple[str, str], ...]], ...]


people = st.builds(
    Person,
    name=st.sampled_from(["", "Ana Lima", "ana lima", "Bia", " "]),
    email=st.sampled_from(["", "ana@x.test"]),
    city=st.sampled_from([None, "", "Recife", "recife", "São Paulo"]),
    visits=st.sampled_from([None, 0, 2, 9.5, 10]),
    lists=subset(LISTS, False, False, True),
    tags=subset(TAGS),
    is_blocked=st.sampled_from([False] * 7 + [True]),
    opt_outs=st.sampled_from(
        [(), (), (), (), (), (("marketing", "keyword"),), (("all", "agent"),), (("marketing", "agent"), ("marketing", "keyword"))]
    ).map(frozenset),
    phones=st.sampled_from([(True,), (True,), (True,), (False, True), (True, False), (False,), ()]),
    advertised=st.lists(st.sampled_from([1, 3, 9]), max_size=3).map(tuple),
    wrote=st.none() | st.tuples(st.sampled_from([2, 30, 24 * 40]), st.sampled_from([0, 1])),
)
companies = st.tuples(*[people] * 6)
conditions = st.sampled_from(
    [
        ("name", "equals", "ANA LIMA"),
        ("name", "contains", "a"),
        ("name", "is_set", ""),
        ("email", "is_empty", ""),
        ("email", "differs", "ana@x.test"),
        ("custom.city", "equals", "Recife"),
        ("custom.city", "differs", "Recife"),
        ("custom.city", "is_empty", ""),
        ("custom.visits", "greater", "9"),
        ("custom.visits", "less", "9"),
        ("custom.visits", "equals", "10"),
        ("custom.visits", "differs", "10"),
        ("custom.visits", "is_set", ""),
        ("last_inbound_at", "within_days", "30"),
        ("last_inbound_at", "not_within_days", "30"),
    ]
)
texts = st.sampled_from(
    ["Hi", "Hi", "Hi {{first_name}}", "{{first_name}}, {{name|there}}", "To {{email}}", "In {{custom.city}}", "{{custom.visits}} times"]
    + ["Code {{code}}", "Code {{code}} of {{first_name}}", "{{phone}}"]
)
values = st.sampled_from([(("code", ""),), (("code", "A"),), (("first_name", "Zé"), ("code", "B")), (("email", "b@x.test"), ("code", "C"))])
rules = st.builds(
    Rules,
    lists=subset(LISTS, False, False, True),
    tags=subset(TAGS),
    has_all_tags=st.booleans(),
    is_for_everybody=st.sampled_from([False, False, False, True]),
    conditions=st.sampled_from([0, 0, 1, 2]).flatmap(lambda size: st.tuples(*[conditions] * size)),
    excluded_tags=subset(TAGS, False, False, False, True),
    texts=st.lists(st.tuples(texts, st.integers(1, 3)), min_size=1, max_size=3).map(tuple),
    provider=st.sampled_from(["simulator", "simulator", "cloud_api"]),
    numbers=st.integers(1, 2),
    most_messages=st.sampled_from([None, None, 1, 2, 3]),
    given=st.sampled_from([0, 1, 2, 3]).flatmap(lambda size: st.tuples(*[st.tuples(st.none() | st.integers(0, 5), values)] * size)),
)


# --- the world in the database ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class World:
    campaign: Campaign
    rules: Rules
    persons: dict[int, Person]  # by contact
    given: dict[int, dict[str, str]]  # by contact
    parts: dict[int, int]  # variant by contact


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def phone_of(place: int, which: int) -> str:
    return f"+55119600{place:03d}{which:02d}"


def settle(place: int, person: Person, named: dict[str, Tag | ContactList], numbers: list[Connection]) -> Contact:
    custom = {key: value for key, value in (("city", person.city), ("visits", person.visits)) if value is not None}
    contact = Contact.objects.create(
        name=person.name,
        email=person.email,
        custom=custom,
        is_blocked=person.is_blocked,
        phone=phone_of(place, 0) if person.phones else "",
    )
    for which, is_valid in enumerate(person.phones):
        Address.objects.create(contact=contact, kind="phone", value=phone_of(place, which), is_invalid=not is_valid)
    Address.objects.create(contact=contact, kind="lid", value=f"lid.{place}")
    contact.lists.set([named[name] for name in person.lists])
    contact.tags.set([named[name] for name in person.tags])
    OptOut.objects.bulk_create(OptOut(contact=contact, purpose=purpose, source=source) for purpose, source in person.opt_outs)
    said = {"contact": contact, "connection": numbers[0], "direction": "out", "origin": "campaign", "kind": "text"}
    Message.objects.bulk_create(
        Message(**said, status=Delivery.SENT, occurred_at=now() - datetime.timedelta(days=days)) for days in person.advertised
    )
    if person.wrote is not None:
        hours, which = person.wrote
        TicketFactory(contact=contact, connection=numbers[which], last_inbound_at=now() - hours * HOUR)
    return contact


def world_of(persons: Sequence[Person], asked: Rules) -> World:
    CustomField.objects.create(key="city", label="City")
    CustomField.objects.create(key="visits", label="Visits", kind="number")
    save_rules({"most_messages": asked.most_messages}, by=User.objects.get(email="founder@acme.test"))
    named: dict[str, Tag | ContactList] = {name: ContactList.objects.create(name=name) for name in LISTS}
    named |= {name: Tag.objects.create(name=name) for name in TAGS}
    numbers = ConnectionFactory.create_batch(2, provider=asked.provider)
    contacts = [settle(place, person, named, numbers) for place, person in enumerate(persons)]
    known = {contact.pk: person for contact, person in zip(contacts, persons, strict=True)}

    campaign = CampaignFactory(
        connection=numbers[0],
        body=asked.texts[0][0],
        has_all_tags=asked.has_all_tags,
        is_for_everybody=asked.is_for_everybody,
        conditions=[dict(zip(("field", "operator", "value"), condition, strict=True)) for condition in asked.conditions],
    )
    campaign.lists.set([named[name] for name in asked.lists])
    campaign.tags.set([named[name] for name in asked.tags])
    campaign.excluded_tags.set([named[name] for name in asked.excluded_tags])
    Line.objects.bulk_create(
        Line(campaign=campaign, connection=number, position=place) for place, number in enumerate(numbers[: asked.numbers])
    )
    Variant.objects.bulk_create(
        Variant(campaign=campaign, position=place, body=body, weight=weight) for place, (body, weight) in enumerate(asked.texts)
    )
    said = give(campaign, asked, persons)
    for contact in Contact.objects.filter(phone=STRANGER):
        known[contact.pk] = Person("", "", None, None, frozenset(), frozenset(), False, frozenset(), (True,), (), None)
    given_to = {Address.objects.get(kind="phone", value=number).contact_id: values for number, values in said.items()}
    return World(campaign, asked, known, given_to, parts_of(campaign, known, [weight for _body, weight in asked.texts]))


def give(campaign: Campaign, asked: Rules, persons: Sequence[Person]) -> dict[str, dict[str, str]]:
    """The numbers given with the campaign, each with its values. Who must bring a value and does not, is refused when given."""
    needs_code = any("code" in required_in([body]) for body, _weight in asked.texts)
    said = {}
    for place, values in asked.given:
        if place is not None and (place >= len(persons) or not persons[place].phones):
            continue
        if not needs_code or dict(values).get("code"):
            said[STRANGER if place is None else phone_of(place, 0)] = dict(values)
    replace_given(campaign, [InlineRecipient(number, variables=values) for number, values in said.items()])
    return said


def parts_of(campaign: Campaign, known: dict[int, Person], weights: list[int]) -> dict[int, int]:
    """Whose hash falls into which variant's part: the one thing that is asked of the database, and not of the rules."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT id, mod(hashint8extended(id, %s) & 9223372036854775807, %s) FROM unnest(%s::bigint[]) id",
            [campaign.pk, sum(weights), list(known)],
        )
        places = dict(cursor.fetchall())
    ends = list(accumulate(weights))
    return {contact_id: bisect_right(ends, place) for contact_id, place in places.items()}


# --- the rules in plain Python ---------------------------------------------------------------------------------------------------


def is_meant(world: World, contact_id: int) -> bool:
    person, asked = world.persons[contact_id], world.rules
    tags = asked.tags & person.tags
    has_tags = bool(asked.tags) and (tags == asked.tags if asked.has_all_tags else bool(tags))
    is_chosen = asked.is_for_everybody or bool(asked.lists & person.lists) or has_tags
    return contact_id in world.given or (is_chosen and all(holds(person, *condition) for condition in asked.conditions))


def holds(person: Person, field: str, operator: str, value: str) -> bool:
    if field == "last_inbound_at":
        wrote = person.wrote is not None and person.wrote[0] <= 24 * int(value)
        return wrote == (operator == "within_days")
    said = {"name": person.name, "email": person.email, "custom.city": person.city, "custom.visits": person.visits}[field]
    is_empty = said is None or said == ""
    if operator in ("is_empty", "is_set"):
        return is_empty == (operator == "is_empty")
    if operator == "contains":
        return not is_empty and value.lower() in str(said).lower()
    if operator in ("equals", "differs"):
        is_same = not is_empty and (said == float(value) if field == "custom.visits" else str(said).lower() == value.lower())
        return is_same == (operator == "equals")
    assert isinstance(said, float | int) or said is None
    return said is not None and (said > float(value) if operator == "greater" else said < float(value))


def reason_against(world: World, contact_id: int) -> str:
    """The first of the reasons, in their order; empty when there is none."""
    person, asked = world.persons[contact_id], world.rules
    body, _weight = asked.texts[world.parts[contact_id]]
    needs_open_window = asked.provider == "cloud_api"
    has_open_window = person.wrote is not None and person.wrote[0] < 24 and person.wrote[1] < asked.numbers
    lately = sum(days < 7 for days in person.advertised)
    reasons = {
        "excluded_tag": bool(asked.excluded_tags & person.tags),
        "blocked": person.is_blocked,
        "opted_out": bool(person.opt_outs),
        "frequency_cap": asked.most_messages is not None and lately >= asked.most_messages,
        "no_address": not person.phones,
        "invalid_address": bool(person.phones) and not any(person.phones),
        "outside_window": needs_open_window and not has_open_window,
        "missing_value": any(not word_for(world, contact_id, name) for name in required_in([body])),
    }
    return next((reason for reason, is_true in reasons.items() if is_true), "")


def word_for(world: World, contact_id: int, name: str) -> str:
    """As the text would say it."""
    person = world.persons[contact_id]
    custom = {"city": person.city, "visits": person.visits}
    receiver = Receiver(contact_id, contact_id, "phone", "+1", world.given.get(contact_id, {}), 1, person.name, "", person.email, custom)
    return value_of(receiver, name)


def outcome_by_rules(world: World) -> dict[int, tuple[int, str]]:
    """Contact -> variant and reason."""
    return {pk: (world.parts[pk], reason_against(world, pk)) for pk in world.persons if is_meant(world, pk)}


def outcome_by_sql(world: World) -> dict[int, tuple[int, str]]:
    """The same from the rows of a start; nothing stays."""
    with undone():
        try:
            freeze_audience(world.campaign)
        except ApplicationError as nobody:
            assert nobody.code == "empty_audience"
        rows = list(Recipient.objects.filter(campaign=world.campaign).values_list("contact", "variant", "exclusion", "state", "address"))
    assert len({contact_id for contact_id, *_rest in rows}) == len(rows), "somebody twice"
    reached = [address for _contact, _variant, _reason, state, address in rows if state == "pending"]
    assert len(set(reached)) == len(reached), "a number twice"
    assert all((state == "pending") == (reason == "") for _contact, _variant, reason, state, _address in rows)
    return {contact_id: (variant, reason) for contact_id, variant, reason, *_rest in rows}


# --- what holds ------------------------------------------------------------------------------------------------------------------


@OF_DATABASES
@given(companies, rules)
def test_the_start_means_whom_the_rules_mean_and_the_count_before_says_the_same(acme, persons, asked):
    with undone():
        world = world_of(persons, asked)

        expected = outcome_by_rules(world)
        frozen = outcome_by_sql(world)
        counted = count_audience(audience_of(world.campaign), campaign_id=world.campaign.pk)

    for _variant, reason in frozen.values():
        event(reason or "gets it")
    assert frozen == expected
    assert counted.count == sum(reason == "" for _variant, reason in expected.values())
    assert counted.exclusions == dict(Counter(reason for _variant, reason in expected.values() if reason))
    assert counted.variants == dict(Counter(variant for variant, reason in expected.values() if not reason))


def reached(outcome: dict[int, tuple[int, str]]) -> set[int]:
    return {contact_id for contact_id, (_variant, reason) in outcome.items() if not reason}


@OF_DATABASES
@given(companies, rules, st.sampled_from(TAGS), st.sampled_from(["tag", "opt_out", "condition", "cap", "block"]))
def test_excluding_more_never_adds_anybody(acme, persons, asked, tag, how):
    with undone():
        world = world_of(persons, asked)
        before = reached(outcome_by_sql(world))
        match how:
            case "tag":
                world.campaign.excluded_tags.add(Tag.objects.get(name=tag))
            case "opt_out":
                tagged = Contact.objects.filter(tags__name=tag).values_list("pk", flat=True)
                OptOut.objects.bulk_create(OptOut(contact_id=pk, purpose="marketing", source="import") for pk in tagged)
            case "condition":
                world.campaign.conditions = [*world.campaign.conditions, {"field": "name", "operator": "is_set", "value": ""}]
            case "cap":
                save_rules({"most_messages": 1}, by=User.objects.get(email="founder@acme.test"))
            case "block":
                Contact.objects.filter(tags__name=tag).update(is_blocked=True)
        after = reached(outcome_by_sql(world))

    assert after <= before


@OF_DATABASES
@given(companies, rules, st.sampled_from([*LISTS, *TAGS]))
def test_meaning_more_never_loses_anybody(acme, persons, asked, added):
    """Another list, or with any of the tags another tag."""
    with undone():
        world = world_of(persons, asked)
        before = reached(outcome_by_sql(world))
        if added in LISTS:
            world.campaign.lists.add(ContactList.objects.get(name=added))
        else:
            world.campaign.has_all_tags = world.campaign.has_all_tags and not asked.tags
            before = reached(outcome_by_sql(world))
            world.campaign.tags.add(Tag.objects.get(name=added))
        after = reached(outcome_by_sql(world))

    assert before <= after


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_list_and_tag_named_twice_mean_the_same(acme, order):
    """Overlaps of every kind are one recipient."""
    with undone():
        person = Person("Ana", "", None, None, frozenset(LISTS), frozenset(TAGS), False, frozenset(), (True, True), (), None)
        names = frozenset(LISTS[::order]), frozenset(TAGS[::order])
        asked = Rules(*names, True, True, (), frozenset(), (("Hi", 1),), "simulator", 1, None, ((0, ()),))

        outcome = outcome_by_sql(world_of([person], asked))

    assert list(outcome.values()) == [(0, "")]

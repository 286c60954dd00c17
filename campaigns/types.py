"""What a campaign's parts say to each other. No rows, no Django."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from connectors.types import Delivery
from contacts.types import Condition
from tenants.lib.errors import ApplicationError

# Counters of a campaign. The first six are disjoint and add up to all recipients; delivered and read are parts of sent.
# Replied are those who wrote soon after, whatever the gateway told of their message.
COUNTERS = ("queued", "sent", "failed", "unknown", "excluded", "cancelled", "delivered", "read", "replied")
DISJOINT = 6
OVER_TIME = ("sent", "delivered", "read", "replied", "failed")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: contacts in any of the lists or with the tags (any, or all), or everybody; of these, whoever meets the conditions,
    and whoever was given with the campaign; all without those that have an excluded tag.

    `weights`: of the variants that they share out. `required` are the variables that have no fallback, each with its variant: who
    lacks a value is excluded. `needs_open_window`: for these variants only who wrote to one of the lines within 24 hours counts (free
    text where the gateway asks for templates otherwise). `given`: numbers that are not stored yet. `lines`: the connections that share
    them out, with their weights; with `is_sticky` each goes to the one that the contact wrote to last, of these.
    `most_marketing`: who got so many marketing messages in `marketing_days` gets no more; None: no limit.
    """

    list_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    has_all_tags: bool = False
    is_for_everybody: bool = False
    conditions: tuple[Condition, ...] = ()
    excluded_tag_ids: tuple[int, ...] = ()
    weights: tuple[int, ...] = (1,)
    required: tuple[tuple[int, str], ...] = ()
    needs_open_window: bool = False
    lines: tuple[tuple[int, int], ...] = ()
    is_sticky: bool = False
    most_marketing: int | None = None
    marketing_days: int = 7
    given: tuple[InlineRecipient, ...] = ()


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """`is_unknown`: nobody knows whether they got it."""

    code: str
    text: str
    is_unknown: bool
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The counters apart: how many were left out by reason, what failed, and the funnels of each variant and connection."""

    exclusions: Mapping[str, int]
    failures: tuple[FailureGroup, ...]
    variants: Mapping[int, Mapping[str, int]]
    connections: Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """How much grew in each `step` (minute, hour, day) that something grew in, oldest first."""

    step: str
    points: tuple[tuple[datetime.datetime, Mapping[str, int]], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody wrote. `quoted`: the gateway's id of the message that they answered, where they did."""

    contact_id: int
    quoted: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Sample:
    """One of those who are meant. `reason`: why not, or empty."""

    contact_id: int
    address: str
    variant: int
    reason: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many would get the campaign, and how many not, by reason. `variants`: how many get which. `samples`: a few of each."""

    count: int
    exclusions: Mapping[str, int]
    variants: Mapping[int, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()

    @property
    def excluded(self) -> int:
        return sum(self.exclusions.values())


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with a given recipient."""

    field: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One of those who are meant, and what the texts would say to them. `contact_id` is None for a number that nobody has yet."""

    contact_id: int | None
    name: str
    address: str
    variant: int
    reason: str
    values: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Survey:
    counted: AudienceCount
    new_numbers: int
    bad_rows: Mapping[int, BadRow]
    samples: tuple[SampleLine, ...]
    problems: tuple[ApplicationError, ...]
    messages_per_second: float
    seconds: float  # how long it takes, windows and caps included


@dataclass(frozen=True, slots=True)
class InlineRecipient:
    """A number given with the campaign itself, with values for its variables."""

    number: str
    name: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


class Receiver(NamedTuple):
    """A recipient that was claimed to be sent to now: the row as the claim statement returns it."""

    id: int
    contact_id: int
    address_kind: str
    address: str
    variables: Mapping[str, str]
    attempt: int
    name: str
    phone: str
    email: str
    custom: Mapping[str, Any]
    variant: int = 0
    forgiven: int = 0  # attempts that a person has forgiven: they do not count towards the most

    @property
    def key(self) -> str:
        """Our id of this attempt, unique within the company; gateways that can echo it in receipts."""
        return f"r{self.id}.{self.attempt}"


class Outcome(NamedTuple):
    """What one send came to, as the record statement takes it."""

    id: int
    key: str
    attempt: int
    body: str
    external_id: str
    status: int
    error_code: str
    error_text: str
    variant: int = 0


class Return(NamedTuple):
    """A recipient that goes back to the waiting ones, for a retry after some seconds. `attempts`: how many count."""

    id: int
    attempts: int
    seconds: float
    error_code: str
    error_text: str


@dataclass(frozen=True, slots=True)
class SliceEnd:
    """Why a slice of sending ended. `wait_seconds`: when the next one makes sense; `pause_…`: why the campaign, or the number (with
    `is_account` all of its account), must stop."""

    is_exhausted: bool = False
    wait_seconds: float = 0.0
    pause_campaign: str = ""
    pause_number: str = ""
    is_account: bool = False


def counters_of(status: int) -> frozenset[str]:
    """The counters that a recipient with this message status is in."""
    if status < Delivery.UNKNOWN:
        return frozenset({"queued"})
    if status == Delivery.UNKNOWN:
        return frozenset({"unknown"})
    if status == Delivery.FAILED:
        return frozenset({"failed"})
    if status >= Delivery.READ:
        return frozenset({"sent", "delivered", "read"})
    if status >= Delivery.DELIVERED:
        return frozenset({"sent", "delivered"})
    return frozenset({"sent"})

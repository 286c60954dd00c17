"""What there is in the emulated Meta: apps, tokens, accounts, numbers, templates, customers, files. Plain state, no HTTP."""

import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
SCOPES = frozenset({"whatsapp_business_messaging", "whatsapp_business_management", "business_management"})
DAY = 24 * 3600.0
UNLIMITED = -1
KEPT_MESSAGES = 200_000


@dataclass
class App:
    id: str
    secret: str
    name: str = "Emulated app"
    callback_url: str = ""
    verify_token: str = ""
    codes: dict[str, str] = field(default_factory=dict)  # Embedded Signup's code → the token it is exchanged for


@dataclass
class Token:
    value: str
    app_id: str
    scopes: frozenset[str] = SCOPES
    accounts: frozenset[str] | None = None  # None: all of them
    expires_at: float = 0.0
    is_revoked: bool = False


@dataclass
class Template:
    id: str
    name: str
    language: str
    category: str
    components: list[Json]
    status: str = "APPROVED"
    parameter_format: str = "POSITIONAL"
    quality: str = "UNKNOWN"
    rejected_reason: str = "NONE"
    previous_category: str = ""
    created_at: float = 0.0
    edited_at: float = 0.0


@dataclass
class Portfolio:
    """A business: its messaging limit is shared by all its numbers. `written_to`: person → when they were first written to outside a
    service window."""

    id: str
    daily_limit: int = UNLIMITED
    written_to: dict[str, float] = field(default_factory=dict)


@dataclass
class Account:
    """A WhatsApp Business Account (WABA)."""

    id: str
    name: str
    portfolio: Portfolio
    subscriptions: dict[str, tuple[str, str]] = field(default_factory=dict)  # app → (override of the callback, its verify token)
    templates: dict[str, Template] = field(default_factory=dict)
    template_limit: int = 250
    calls_per_hour: int = 0  # 0: not counted
    called_at: deque[float] = field(default_factory=deque)
    problem: int = 0  # an error code that every send gets: 131031 locked, 131042 payment, 131064 misclassified templates, …
    takes_marketing: bool = True
    reviews_templates: bool = False  # new templates wait for the control API to approve or reject them


@dataclass
class Number:
    id: str
    account: Account
    display: str
    verified_name: str = "Emulated Business"
    quality: str = "GREEN"
    status: str = "CONNECTED"
    messages_per_second: int = 80
    is_registered: bool = True
    is_on_biz_app: bool = False  # coexistence: also used in the WhatsApp Business app
    is_verified: bool = True
    pin: str = "123456"
    code: str = ""
    problem: int = 0  # an error code that every send from this number gets
    test_recipients: frozenset[str] | None = None
    blocked: set[str] = field(default_factory=set)
    callback_url: str = ""
    verify_token: str = ""
    profile: Json = field(default_factory=dict)
    registrations: deque[float] = field(default_factory=deque)
    paid_until: float = 0.0  # the throughput's clock (GCRA)
    pairs: dict[str, float] = field(default_factory=dict)  # person → the pair limit's clock

    @property
    def digits(self) -> str:
        return "".join(letter for letter in self.display if letter.isdecimal())


@dataclass
class Customer:
    """A person with a phone. `wa_id` may differ from what is dialled (Brazil's ninth digit)."""

    wa_id: str
    name: str = "Customer"
    user_id: str = ""
    username: str = ""
    hides_phone: bool = False
    is_reachable: bool = True
    reads: bool = True
    stopped_marketing: bool = False
    has_had_enough: bool = False  # 131049: too many marketing messages
    has_blocked: bool = False
    identity_hash: str = ""
    wrote_at: dict[str, float] = field(default_factory=dict)  # number → when


@dataclass
class StoredFile:
    """`uploaded_by`: the number that uploaded it; empty for what a customer sent. `told_sha256` may be a lie."""

    content: bytes
    mime_type: str = "image/jpeg"
    filename: str = ""
    uploaded_by: str = ""
    created_at: float = 0.0
    told_sha256: str | None = None


@dataclass
class Record:
    """A message either way, with the statuses that were told of it."""

    wamid: str
    number_id: str
    who: str
    is_ours: bool
    document: Json
    at: float
    statuses: list[str] = field(default_factory=list)


@dataclass
class World:
    """Everything, and the clock, which can be moved forward."""

    apps: dict[str, App] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    by_user_id: dict[str, Customer] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)  # what is dialled → wa_id
    files: dict[str, StoredFile] = field(default_factory=dict)
    addresses: dict[str, tuple[str, float]] = field(default_factory=dict)  # a file's address → (file, until when)
    sessions: dict[str, Json] = field(default_factory=dict)  # resumable uploads
    messages: dict[str, Record] = field(default_factory=dict)
    taken: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    is_strict_about_windows: bool = True
    address_seconds: float = 300.0
    ahead_seconds: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    # Whoever changes the world from another thread (tests) and the server's own loop do not meet in the middle.
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> float:
        return time.time() + self.ahead_seconds

    def customer(self, dialled: str) -> Customer:
        """Whoever has this number; a number nobody has said anything about belongs to somebody who uses WhatsApp."""
        wa_id = self.aliases.get(dialled, dialled)
        found = self.customers.get(wa_id)
        if found is None:
            found = self.customers[wa_id] = Customer(wa_id, user_id=f"BR.{int(wa_id) * 31 % 10**15}")
            self.by_user_id[found.user_id] = found
        return found

    def keep(self, record: Record) -> None:
        self.messages[record.wamid] = record
        if len(self.messages) > KEPT_MESSAGES:
            self.messages.pop(next(iter(self.messages)))

    def template(self, account: Account, name: str, language: str) -> Template | None:
        return next((one for one in account.templates.values() if one.name == name and one.language == language), None)


def window_is_open(world: World, number: Number, customer: Customer) -> bool:
    return world.now() - customer.wrote_at.get(number.id, 0.0) < DAY

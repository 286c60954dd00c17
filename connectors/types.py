"""The whole vocabulary between Recado and a WhatsApp gateway. Frozen dataclasses and enums; no Django, no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import IO, Any, BinaryIO, Protocol

from tenants.lib.addresses import Address
from tenants.lib.errors import Problem

Json = Mapping[str, Any]


class MessageKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    INTERACTIVE = "interactive"
    BUTTON = "button"
    ORDER = "order"
    TEMPLATE = "template"
    SYSTEM = "system"
    EDIT = "edit"
    REVOKE = "revoke"
    CALL = "call"
    NOTE = "note"
    UNKNOWN = "unknown"


class InteractiveKind(StrEnum):
    """What a person can be offered to tap."""

    BUTTONS = "buttons"
    LIST = "list"
    LINK = "link"
    LOCATION_REQUEST = "location_request"
    FORM = "form"


MEDIA_KINDS = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT, MessageKind.STICKER})


class Delivery(IntEnum):
    """How far an outgoing message got. Moves only upwards: `failed` may follow `sent`, and a later `delivered` outranks `failed`."""

    QUEUED = 0
    SENDING = 3
    UNKNOWN = 5
    ACCEPTED = 10
    SENT = 20
    FAILED = 25
    DELIVERED = 30
    READ = 40
    PLAYED = 50


class Policy(StrEnum):
    """What a failure asks of us. The error tables of the providers map their codes to these; nothing else decides."""

    RETRY = "retry"
    BACK_OFF_RECIPIENT = "back_off_recipient"
    BACK_OFF_NUMBER = "back_off_number"
    BACK_OFF_ACCOUNT = "back_off_account"
    DEFER = "defer"
    PERMANENT = "permanent"
    PAUSE_NUMBER = "pause_number"
    PAUSE_CAMPAIGN = "pause_campaign"
    UNKNOWN = "unknown"


class ProviderError(Exception):
    """The one error a provider raises. `code` is the vendor's, `message` is for people, `policy` decides what happens next."""

    def __init__(
        self,
        code: str,
        message: str,
        policy: Policy,
        *,
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
        details: str = "",
        href: str = "",
        is_account: bool = False,
        is_opt_out: bool = False,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.policy = policy
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds
        self.details = details
        self.href = href
        self.is_account = is_account  # all numbers of the account are meant
        self.is_opt_out = is_opt_out  # the person does not want marketing


# --- what is linked -----------------------------------------------------------------------------------------------------------


class LinkState(StrEnum):
    """`new`: never linked; `connecting`: waiting for the gateway or a person; `connected`; `closed`: ended or refused; `paused`: by us."""

    NEW = "new"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Link:
    """What a provider needs to know of a connection to talk for it."""

    company_id: int
    connection_id: int
    provider: str
    credentials: Mapping[str, Any]
    settings: Mapping[str, Any]
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the vendor calls the number and the account it belongs to; empty where the vendor has no such ids."""

    number_id: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do. Drives the composer, campaigns and API errors."""

    kinds: frozenset[MessageKind]
    has_templates: bool = False
    registers_numbers: bool = False  # new numbers are verified, registered and signed up from here
    manages_templates: bool = False  # they are written and handed in from here
    has_service_window: bool = False
    takes_our_id: bool = False
    echoes_our_id: bool = False
    rests_below: int = 0  # a health score under which its numbers stop writing first, unless they say otherwise; 0: never
    writes_carefully: bool = False  # new numbers begin with careful rules: the network bans those that write like machines
    is_asked: bool = False  # how the number is must be asked over the network; nothing tells when it is lost
    parallel_sends: int = 16
    messages_per_second: float = 20.0
    max_text_length: int = 4096
    needs_upload: bool = False  # media are uploaded to it first; else it fetches them by their link
    interactive: frozenset[InteractiveKind] = frozenset()  # the others go as text with numbers or an address (services.downgrading)
    can_quote: bool = True
    marks_read: bool = False
    shows_typing: bool = False  # customers see that we type
    tells_typing: bool = False  # we are told that they do


# --- what comes in ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end: every address known, best first; the name they gave themselves."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class MediaRef:
    external_id: str = ""
    mime_type: str = ""
    sha256: str = ""
    size_bytes: int | None = None
    filename: str = ""
    url: str = ""
    is_voice: bool = False
    is_animated: bool = False


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message somebody sent. `body` is what a person should read of it; `payload` the rest, in our words, JSON-able.

    `is_echo`: the company itself sent it, from the phone or another tool; `person` is then the receiver.
    `target_id`: the message that a reaction, edit or revoke is about. `reply_to`: the message that is quoted.
    """

    external_id: str
    person: Person
    kind: MessageKind
    sent_at: datetime
    body: str = ""
    payload: Json = field(default_factory=dict)
    media: MediaRef | None = None
    reply_to: str = ""
    target_id: str = ""
    is_echo: bool = False
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A vendor's error about a message or an account, kept with its link. `policy`: what it asks of us, as for a ProviderError.

    `words`: what people read, in their company's language; empty where the provider has none of its own, then the title stands.
    `is_unreachable`: nobody answers to the address any more; campaigns leave it out. `is_account`: all numbers of the account are meant.
    `is_opt_out`: the person does not want marketing.
    """

    code: str
    title: str
    details: str = ""
    href: str = ""
    policy: Policy | None = None
    is_unreachable: bool = False
    words: str = ""
    is_account: bool = False
    is_opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """sent, delivered, read, played or failed, about one message of ours. `our_id` when the gateway echoes it."""

    external_id: str
    status: Delivery
    at: datetime
    our_id: str = ""
    fault: Fault | None = None
    person: Person | None = None
    payload: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """The gateway says something about the number or account: state, quality, name, limits, restriction.

    `is_account`: about every number of the account. `number`: about the number that the gateway shows as this one, and no other.
    `rest_until`: nothing may be sent before; `no_campaigns_until`: nobody may be written to who has not written first.
    """

    state: LinkState | None = None
    reason: str = ""
    facts: Json = field(default_factory=dict)
    is_account: bool = False
    number: str = ""
    rest_until: datetime | None = None
    no_campaigns_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TemplateState:
    """A template was approved, rejected, paused, re-categorised, or its quality moved. Only given fields changed."""

    external_id: str
    name: str
    language: str
    status: str = ""
    category: str = ""
    quality: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A person's number or identity changed: `new` belongs to whoever had `old`."""

    old: Address
    new: Address
    at: datetime


@dataclass(frozen=True, slots=True)
class Preference:
    """The person asked WhatsApp itself to stop or resume a purpose (`marketing`)."""

    person: Person
    purpose: str
    is_stop: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class TypingSign:
    """The person is writing just now. Worth nothing a moment later: it is never kept, and one that comes late is dropped."""

    person: Person
    at: datetime


ACCOUNT = "account:"  # begins the key of a portion that names no number, but the account
OTHER_NUMBER = "other_number"  # the `field` of what is about a number that is not the connection's


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """Something we keep and show but do not act on: an unknown field, a call, a shape never seen. Never raised over."""

    field: str
    summary: str
    payload: Json


Event = InboundMessage | Receipt | ConnectionState | TemplateState | AddressChange | Preference | TypingSign | OtherEvent


@dataclass(frozen=True, slots=True)
class Handled:
    """When an event was in the database, and when browsers were told of it (None: there was nothing to tell)."""

    applied_at: datetime
    pushed_at: datetime | None = None


# --- what goes out ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    body: str
    preview_url: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """By `link` (fetched by the gateway) or by `external_id` (uploaded before). `kind` is one of MEDIA_KINDS."""

    kind: MessageKind
    link: str = ""
    external_id: str = ""
    caption: str = ""
    filename: str = ""
    is_voice: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Somebody's card: a name and E.164 numbers."""

    name: str
    phones: tuple[str, ...]
    company: str = ""


@dataclass(frozen=True, slots=True)
class ContactCards:
    cards: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True)
class Reaction:
    """To a message by the gateway's id of it. An empty emoji takes the reaction back."""

    target_id: str
    emoji: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap. `id` comes back when it is tapped; the receiver sees `title`, and in a list `description`."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    choices: tuple[Choice, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """A text with one to three buttons that answer. `header`: a title, or a file above the text."""

    body: str
    choices: tuple[Choice, ...]
    header: str | Media = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A text with a list behind a button: at most ten choices in all, in sections that need titles when there are several."""

    body: str
    button: str
    sections: tuple[Section, ...]
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A text with a button that opens an address."""

    body: str
    label: str
    url: str
    header: str | Media = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class LocationRequest:
    """A text with a button that sends back where the person is."""

    body: str


@dataclass(frozen=True, slots=True)
class Form:
    """A text with a button that opens a form of the gateway's (WhatsApp Flows), by id or name. `token` comes back with the answers.

    `screen` and `data`: where it opens, and with what; without a screen the form's own server is asked (`data_exchange`) when
    `asks_server`.
    """

    body: str
    label: str
    form_id: str = ""
    form_name: str = ""
    token: str = ""
    screen: str = ""
    data: Json = field(default_factory=dict)
    asks_server: bool = False
    is_draft: bool = False
    header: str | Media = ""
    footer: str = ""


Interactive = Buttons | ChoiceList | LinkButton | LocationRequest | Form


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A template by name and language; `components` as the vendor defines them, variables already filled in."""

    name: str
    language: str
    components: tuple[Json, ...] = ()
    body: str = ""  # the filled text, for our own history


Content = Text | Media | TemplateCall | Location | ContactCards | Reaction | Interactive


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. `our_id` is ours, unique for ever, echoed by gateways that can."""

    our_id: str
    to: Address
    content: Content
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Of a file for a gateway: ready (`external_id`: its id there, when it was uploaded), failed in words, or neither: being prepared."""

    is_ready: bool = False
    external_id: str = ""
    error_code: str = ""
    error_text: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway took the message. `addresses`: what the gateway says the receiver's addresses really are."""

    external_id: str
    status: Delivery = Delivery.ACCEPTED
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` says of a webhook call: accepted, or why not (`reason` is counted and shown).

    `answer` is the plain text that a handshake (GET) must be answered with; such a call carries no events.
    """

    is_accepted: bool
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as the gateway lists it."""

    external_id: str
    name: str
    language: str
    status: str
    category: str
    components: tuple[Json, ...]
    quality: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template to hand in: `components` as the vendor defines them, their types in capitals. `parameter_format`: POSITIONAL or NAMED."""

    name: str
    language: str
    category: str
    components: tuple[Json, ...]
    parameter_format: str = "POSITIONAL"


class Provider(Protocol):
    """A vendor's JSON into our dataclasses and back. Writes no row, knows no ticket, fails only with ProviderError.

    `verify` and `parse` are pure and fast (they run for every webhook); `send` is async (the hot path);
    the management calls are sync and slow (requests).
    """

    name: str
    label: str
    capabilities: Capabilities
    credential_fields: tuple[str, ...]
    secret_fields: tuple[str, ...]

    def verify(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]
    ) -> Verdict: ...

    def parse(self, body: bytes, link: Link | None = None) -> list[Event]:
        """Every event of one webhook call, in its order. With `link`, what concerns another number is one OtherEvent
        with the reason. Unknown or broken items are kept as OtherEvent. ValueError only if the body is no JSON object."""
        ...

    def portions(self, body: bytes) -> dict[str, bytes]:
        """The call divided by whom it is about: a number's id, or `account:<id>` for what names no number. Each portion is a whole
        call that says nothing of the others, because they may belong to other companies. ValueError only if it is no JSON object."""
        ...

    def identity(self, credentials: Mapping[str, Any]) -> Identity: ...

    def error_page(self, code: str) -> str:
        """Where the vendor explains this code of its own; empty when the code is ours, or the vendor has no such page."""
        ...

    def rate(self, facts: Json) -> float:
        """Messages per second that the gateway takes from this number, by what it says of it."""
        ...

    async def send(self, link: Link, outgoing: Outgoing) -> Sent: ...

    async def mark_read(self, link: Link, external_id: str, *, is_typing: bool = False) -> None:
        """The person sees that their message, and all before it, was read; `is_typing`: and that somebody is writing. Only for gateways
        that `marks_read` (`shows_typing`); the others raise ProviderError `read_unsupported`."""
        ...

    def connect(self, link: Link) -> ConnectionState: ...

    def disconnect(self, link: Link) -> ConnectionState: ...

    def status(self, link: Link) -> ConnectionState: ...

    def templates(self, link: Link) -> list[TemplateInfo]: ...

    def media(self, link: Link, ref: MediaRef) -> Iterator[bytes]:
        """The bytes of a file that somebody sent, piece by piece. ProviderError may come at any piece."""
        ...

    def upload(self, link: Link, file: BinaryIO, *, filename: str, mime_type: str, size_bytes: int) -> str:
        """Hand a file to the gateway; its id there. Only for gateways that `needs_upload`."""
        ...


class TemplateWriter(Protocol):
    """What a provider does besides that `manages_templates`."""

    def template_problems(self, draft: TemplateDraft) -> list[Problem]:
        """What the gateway would refuse, by field, without asking it."""
        ...

    def create_template(self, link: Link, draft: TemplateDraft) -> TemplateInfo: ...

    def edit_template(self, link: Link, external_id: str, draft: TemplateDraft) -> TemplateInfo: ...

    def delete_template(self, link: Link, *, name: str, external_id: str) -> None:
        """This language of it; all languages without `external_id`."""
        ...

    def upload_sample(self, link: Link, file: IO[bytes], *, filename: str, mime_type: str, size_bytes: int) -> str:
        """A file that reviewers look at; returns the handle that stands for it in a draft."""
        ...


@dataclass(frozen=True, slots=True)
class NumberInfo:
    """A number of an account, as the gateway lists it."""

    identity: Identity
    number: str
    name: str = ""
    status: str = ""
    quality: str = ""


class NumberRegistrar(Protocol):
    """What a provider does besides that `registers_numbers`."""

    def numbers(self, credentials: Mapping[str, Any]) -> list[NumberInfo]:
        """Every number of the account that these credentials lead to."""
        ...

    def request_code(self, link: Link, *, method: str, language: str) -> None:
        """Have a code sent to the number, by SMS or VOICE, to prove that it is theirs."""
        ...

    def verify_code(self, link: Link, code: str) -> None: ...

    def register(self, link: Link, pin: str) -> None:
        """Bring the number to the gateway. `pin`: six digits, the number's second factor, asked for at the next time."""
        ...

    def sign_up_url(self, *, redirect_uri: str, state: str) -> str:
        """Where a person allows the platform's app to use their account; they come back with a code."""
        ...

    def sign_up(self, *, code: str, redirect_uri: str) -> Mapping[str, Any]:
        """The credentials that the code stands for, once; without the number's own id (`numbers` lists them)."""
        ...

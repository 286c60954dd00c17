"""What each gateway can do, as the table in docs/gateways.md: `manage.py describe_gateways` writes it anew."""

from django.conf import settings
from django.utils.translation import override

from connectors.registry import provider_named
from connectors.types import Capabilities, InteractiveKind, MessageKind

BEGIN, END = "<!-- capabilities: begin -->", "<!-- capabilities: end -->"
YES, NO = "yes", "–"
SENT_KINDS = (
    MessageKind.TEXT,
    MessageKind.IMAGE,
    MessageKind.VIDEO,
    MessageKind.AUDIO,
    MessageKind.DOCUMENT,
    MessageKind.STICKER,
    MessageKind.LOCATION,
    MessageKind.CONTACTS,
    MessageKind.REACTION,
    MessageKind.TEMPLATE,
)
INTERACTIVE_WORDS = {
    InteractiveKind.BUTTONS: ("reply buttons", "numbered text"),
    InteractiveKind.LIST: ("list", "numbered text"),
    InteractiveKind.LINK: ("link button", "the address in the text"),
    InteractiveKind.LOCATION_REQUEST: ("location request", "a question in words"),
    InteractiveKind.FORM: ("form (flow)", "refused"),
}
FACTS = {
    "has_service_window": "24-hour window",
    "can_quote": "quotes",
    "marks_read": "marks as read",
    "shows_typing": "shows typing",
    "tells_typing": "tells that the customer types",
    "takes_our_id": "drops a repeat of our id",
    "echoes_our_id": "names our id in receipts",
    "needs_upload": "wants files uploaded first",
}


def table() -> str:
    """Markdown; a column for each provider of the settings."""
    with override("en"):
        providers = [provider_named(name) for name in settings.PROVIDERS]
        labels = [str(provider.label) for provider in providers]
    abilities = [provider.capabilities for provider in providers]
    rows = [(f"sends {kind.value}", [_said(kind in one.kinds) for one in abilities]) for kind in SENT_KINDS]
    rows += [(words, [_native(kind, one, instead) for one in abilities]) for kind, (words, instead) in INTERACTIVE_WORDS.items()]
    rows += [(words, [_said(getattr(one, name)) for one in abilities]) for name, words in FACTS.items()]
    rows.append(("longest text", [f"{one.max_text_length}" for one in abilities]))
    rows.append(("messages a second, if nothing else is set", [f"{one.messages_per_second:g}" for one in abilities]))
    lines = [f"| | {' | '.join(labels)} |", f"|---|{'---|' * len(labels)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


def document_with_table(document: str) -> str:
    """The document with the table between its marks."""
    head, _begin, rest = document.partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table()}\n{END}{tail}"


def _native(kind: InteractiveKind, abilities: Capabilities, instead: str) -> str:
    return YES if kind in abilities.interactive else instead


def _said(is_able: bool) -> str:
    return YES if is_able else NO

"""Every word that Django shows is there in Brazilian Portuguese."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.template import templatize

from accounts.models import User
from accounts.services.users import UserChanges, update_user
from config.ground.translations import ROOT, compile_translations

ROOMS = ("tenants", "accounts", "contacts", "connectors", "tickets", "chatbots", "flows", "campaigns", "reports", "config")
# Not shown to people: tests, and the programs that run before Django does.
NOT_SHOWN = {"tests", "bench", "ground", "migrations"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{%\(\w+\)s")

Key = tuple[str | None, str]


def key_of(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms(said: str | tuple[str, ...] | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


def catalog_of(room: str) -> Catalog:
    with (ROOT / room / "locale/pt_BR/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="pt_BR", abort_invalid=True)


def words_of(room: str) -> Iterator[Message]:
    return (message for message in catalog_of(room) if message.id)


def shown_in(room: str) -> set[Key]:
    """What a person may read that is written in this folder's code and templates."""
    found = set()
    for path in (ROOT / room).rglob("*"):
        if NOT_SHOWN & set(path.relative_to(ROOT).parts) or path.suffix not in (".py", ".html", ".txt"):
            continue
        for _line, said, _comments, context in extract("python", io.BytesIO(source_of(path)), keywords=KEYWORDS):
            found.add((context, said if isinstance(said, str) else said[0]))
    return found


def source_of(path: Path) -> bytes:
    """Python as it is; of a template the calls that Django's own tool makes of its tags."""
    if path.suffix == ".py":
        return path.read_bytes()
    calls = re.findall(r"""\b[np]*gettext\((?:u?(?:'[^'\n]*'|"[^"\n]*")(?:, *)?)+""", templatize(path.read_text(), origin=str(path)))
    return "\n".join(f"{call.rstrip(', ')})" for call in calls).encode()


@pytest.mark.parametrize("room", ROOMS)
def test_every_word_in_the_code_is_translated(room):
    shown = shown_in(room)

    translated = {key_of(message) for message in words_of(room)}

    assert (shown - translated, translated - shown) == (set(), set())


@pytest.mark.parametrize("room", ROOMS)
def test_no_translation_is_empty_or_a_guess_or_loses_a_placeholder(room):
    wrong = [
        message.id
        for message in words_of(room)
        if message.fuzzy
        or not all(forms(message.string))
        or any(sorted(PLACEHOLDER.findall(said)) != sorted(PLACEHOLDER.findall(forms(message.id)[-1])) for said in forms(message.string))
    ]

    assert wrong == []


def test_one_word_has_one_translation_in_all_apps():
    """Django makes one catalog of all: the same English twice, said differently, would be a matter of the apps' order."""
    said = defaultdict(set)
    for room in ROOMS:
        for message in words_of(room):
            said[key_of(message)].add(tuple(forms(message.string)))

    assert {key: strings for key, strings in said.items() if len(strings) > 1} == {}


def test_compiled_catalogs_are_current_and_compiling_again_does_nothing():
    compiled = [path.with_suffix(".mo").exists() for path in ROOT.glob("*/locale/*/LC_MESSAGES/django.po")]

    assert (len(compiled), all(compiled), compile_translations()) == (len(ROOMS), True, [])


def test_the_right_plural_is_chosen():
    with override("pt-br"):
        said = [ngettext("%d will be tried again.", "%d will be tried again.", count) % count for count in (1, 2)]

    assert said == ["1 será tentado de novo.", "2 serão tentados de novo."]


def test_unfold_speaks_portuguese_too():
    with override("pt-br"):
        said = gettext("Search apps and models...")

    assert said == "Buscar no menu…"


@pytest.mark.django_db
def test_a_stranger_is_refused_in_the_browsers_language(client: Client):
    answer = client.get("/api/v1/me/", headers={"host": "nobody.localhost", "accept-language": "pt-BR"})

    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (404, "Não há nenhuma empresa neste endereço.")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pt-BR", "“11” não é um telefone: faltam dígitos. Escreva com DDD, como +55 11 98765-4321."),
        ("en", "“11” is not a phone number: digits are missing. Write it with area code, like +55 11 98765-4321."),
    ],
)
def test_the_api_refuses_in_the_callers_language(language, sentence, bob, client_of):
    answer = client_of(bob).post("/api/v1/contacts/", {"name": "Ana", "phone": "11"}, headers={"accept-language": language})

    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (400, sentence)


def test_the_admin_is_in_the_persons_language(acme, alice: User, client: Client):
    update_user(alice, changes=UserChanges(locale="pt-br"), by=alice)
    client.force_login(alice)

    page = client.get("/admin/tickets/ticket/", headers={"host": "acme.localhost", "accept-language": "en"}).content.decode()

    assert settings.LANGUAGE_CODE == "en"
    assert [
        word for word in ("Atendimentos", "Campanhas", "Etiquetas", "Situação", "Buscar no menu") if word.lower() not in page.lower()
    ] == []

"""Which column of a table is which field of a contact: a guess from header words in English, Portuguese and Spanish, and from the cells."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from contacts.models import CustomField
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.words import plain_words

CUSTOM = "custom."
PLAIN_TARGETS = ("phone", "name", "first_name", "last_name", "email", "notes", "tags", "lists", "opt_in", "opt_out")
# Best words first: of a landline and a mobile, the mobile is the one that WhatsApp knows.
WORDS: dict[str, tuple[str, ...]] = {
    "phone": (
        *("whatsapp", "numero de whatsapp", "numero do whatsapp", "whatsapp number", "whats", "wa", "zap"),
        *("celular", "telefone celular", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone", "cel", "movil"),
        *("telefone", "telefono", "phone", "phone number", "numero de telefone", "fone", "telephone", "tel", "msisdn"),
        *("numero", "number", "telefone 1", "phone 1", "telefone principal"),
    ),
    "name": (
        *("nome", "name", "nombre", "nome completo", "full name", "fullname", "nombre completo", "nome do cliente", "customer name"),
        *("contact name", "nome do contato", "cliente", "customer", "contato", "contact", "razao social"),
    ),
    "first_name": ("first name", "firstname", "primeiro nome", "given name"),
    "last_name": ("last name", "lastname", "sobrenome", "surname", "family name", "apellido", "apellidos"),
    "email": ("e mail", "email", "mail", "endereco de e mail", "email address", "e mail address", "correo", "correo electronico"),
    "tags": ("tags", "tag", "etiquetas", "etiqueta", "marcadores", "labels", "label"),
    "lists": ("lists", "list", "listas", "lista", "grupos", "grupo", "groups", "group"),
    "opt_in": (
        *("opt in", "optin", "consent", "consentimento", "consentimiento", "aceita mensagens", "aceita marketing"),
        *("recebe campanhas", "gets campaigns", "accepts marketing"),
    ),
    "opt_out": ("opt out", "optout", "opted out", "nao quer receber", "descadastrado", "unsubscribed"),
    "notes": ("notes", "note", "notas", "nota", "observacoes", "observacao", "observaciones", "obs", "comments", "comentarios"),
}
FEWEST_DIGITS = 8


def has_header(rows: Sequence[Sequence[str]], *, region: str) -> bool:
    """Whether the first row names the columns. A row that holds a phone number does not."""
    if not rows or any(_looks_like_phone(cell, region) for cell in rows[0]):
        return False
    known = {word for words in WORDS.values() for word in words}
    if any(plain_words(cell) in known for cell in rows[0]):
        return True
    return any(_looks_like_phone(cell, region) for row in rows[1:] for cell in row)


def suggest(header: Sequence[str], rows: Sequence[Sequence[str]], custom: Sequence[CustomField], *, region: str) -> list[str]:
    """For each column a target of `targets`, or "". Each target once."""
    spoken = [plain_words(name) for name in header]
    found = [""] * len(header)
    for target, words in WORDS.items():
        place = next((spoken.index(word) for word in words if word in spoken and not found[spoken.index(word)]), None)
        if place is not None:
            found[place] = target
    for field in custom:
        names = {plain_words(field.label), plain_words(field.key)}
        place = next((place for place, name in enumerate(spoken) if name in names and not found[place]), None)
        if place is not None:
            found[place] = CUSTOM + field.key
    if "phone" not in found:
        place = _place_of_phones(rows, len(header), region)
        if place is not None:
            found[place] = "phone"
    return found


def check_mapping(mapping: Sequence[str], width: int, custom: Mapping[str, CustomField]) -> None:
    """Raises ApplicationError on `mapping`: wrong width, unknown or repeated targets."""
    if len(mapping) != width:
        raise _wrong(_("Say for each of the %(width)d columns what it is.") % {"width": width}, "wrong_width")
    for target in mapping:
        if target and target not in PLAIN_TARGETS and not (target.startswith(CUSTOM) and target.removeprefix(CUSTOM) in custom):
            raise _wrong(_("Contacts have no field “%(field)s”.") % {"field": target}, "unknown_field")
        if target and list(mapping).count(target) > 1:
            raise _wrong(_("Two columns cannot both be “%(field)s”.") % {"field": target}, "mapped_twice")


def missing_in(mapping: Sequence[str]) -> str:
    """What must still be said before an import can start, in words; "" when nothing is."""
    if "phone" in mapping:
        return ""
    if len(mapping) == 1:
        return str(_("The file has one column, and it holds no phone numbers. Is the delimiter right?"))
    return str(_("Say which column holds the phone numbers."))


def _wrong(words: str, code: str) -> ApplicationError:
    return ApplicationError(words, code=code, field="mapping")


def _place_of_phones(rows: Sequence[Sequence[str]], width: int, region: str) -> int | None:
    """The column in which most cells are phone numbers, at least half of them."""
    best, most = None, 0.0
    for place in range(width):
        cells = [row[place] for row in rows if place < len(row) and row[place]]
        share = sum(_looks_like_phone(cell, region) for cell in cells) / len(cells) if cells else 0
        if share >= 0.5 and share > most:
            best, most = place, share
    return best


def _looks_like_phone(cell: str, region: str) -> bool:
    if sum(character.isdigit() for character in cell) < FEWEST_DIGITS or re.search(r"[/@:,]|\d-\d\d-\d", cell):
        return False
    try:
        canonical_phone(cell, region=region)
    except ValueError:
        return False
    return True

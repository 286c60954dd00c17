"""Where files are kept, and the links by which they are reached. A name in the storage begins with the company's own folder."""

import unicodedata
import uuid
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.http import content_disposition_header

from tenants.lib.clock import now
from tenants.lib.tenancy import current_company

SALT = "recado.files"
LINK_SECONDS = 3600
LONGEST_NAME = 150


class LinkExpired(ValueError):
    """The link was good once."""


class LinkUnknown(ValueError):
    """Nobody here signed that."""


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link opens, for which company."""

    company_id: int
    name: str
    mime_type: str
    filename: str
    is_inline: bool


def file_away(content: IO[bytes], *, extension: str) -> str:
    """Keep the bytes for the company entered now, under a name that nobody can guess and that is answered."""
    content.seek(0)
    return default_storage.save(f"{current_company().schema_name}/{now():%Y/%m}/{uuid.uuid4().hex}.{extension}", File(content))


def file_away_bytes(content: bytes, *, extension: str) -> str:
    return file_away(ContentFile(content), extension=extension)


def open_file(name: str) -> File:
    """Raises FileNotFoundError."""
    return default_storage.open(name, "rb")


def is_there(name: str) -> bool:
    return default_storage.exists(name)


def throw_away(*names: str) -> None:
    for name in names:
        if name:
            default_storage.delete(name)


def clean_filename(name: str) -> str:
    """A name to show and to download by: no folders, no control or direction-changing characters, not endless."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in base if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")).strip(" .")
    stem, dot, extension = shown.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}" if dot and len(extension) <= 10 else shown[:LONGEST_NAME]


def local_link(link: FileLink, *, seconds: int = LINK_SECONDS) -> str:
    """A path of this installation. Who has it may read that file, of that company, until it runs out."""
    facts = [link.company_id, link.name, link.mime_type, link.filename, link.is_inline, seconds]
    return f"{settings.MEDIA_URL}{TimestampSigner(salt=SALT).sign_object(facts)}/"


def read_link(token: str) -> FileLink:
    """Raises LinkExpired or LinkUnknown."""
    signer = TimestampSigner(salt=SALT)
    try:
        company_id, name, mime_type, filename, is_inline, seconds = signer.unsign_object(token)
        signer.unsign(token, max_age=seconds)
    except SignatureExpired as error:
        raise LinkExpired from error
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkUnknown from error
    return FileLink(company_id, name, mime_type, filename, is_inline)


def browser_link(name: str, *, mime_type: str, filename: str, is_inline: bool) -> str:
    """Where a browser reads the file, for LINK_SECONDS: here, or at the object storage by a link of its own."""
    if not settings.STORAGE_SIGNS_LINKS:
        return local_link(FileLink(current_company().pk, name, mime_type, filename, is_inline))
    shown = {
        "ResponseContentType": mime_type,
        "ResponseContentDisposition": content_disposition_header(not is_inline, filename) or "inline",
        "ResponseCacheControl": f"private, max-age={LINK_SECONDS}",
    }
    return default_storage.url(name, parameters=shown, expire=LINK_SECONDS)  # type: ignore[call-arg]

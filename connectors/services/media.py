"""Files of messages: announced by a gateway, uploaded by a person, tried again. Fetching and preparing them is slow: `connectors.fetching`
and `connectors.preparing` do it."""

import hashlib
from typing import IO, BinaryIO

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors import media_links
from connectors.file_types import FileType, claimed_family, file_type_of, is_as_claimed
from connectors.models import Connection, Media
from connectors.selectors import readiness_of
from connectors.thumbnails import Thumbnail, thumbnail_of
from connectors.types import Media as Content
from connectors.types import MediaRef, MessageKind
from tenants.lib import filing
from tenants.lib.errors import ApplicationError
from tenants.lib.filing import LINK_SECONDS as LINK_SECONDS
from tenants.lib.later import later
from tenants.lib.pictures import BadPicture

CHUNK_BYTES = 256 * 1024
SHA256_HEX = 64


def expect_media(*, connection: Connection, ref: MediaRef, kind: MessageKind) -> Media:
    """A message came with a file: a row for it, and a worker who fetches it after commit."""
    media = Media.objects.create(
        connection=connection,
        kind=kind.value,
        mime_type=ref.mime_type[:120],
        size_bytes=ref.size_bytes,
        filename=filing.clean_filename(ref.filename),
        is_voice=ref.is_voice,
        is_animated=ref.is_animated,
        external_id=ref.external_id[:200],
        source_url=ref.url,
        expected_sha256=ref.sha256[:100],
    )
    later("connectors.fetch_media", media.pk)
    return media


def keep_upload(*, file: BinaryIO, filename: str, declared_type: str, size_bytes: int, is_voice: bool, by: User) -> Media:
    """Keep what a person uploaded, ready to be sent. Refused: `file_empty`, `file_too_large` (413), `file_is_program`,
    `type_mismatch` (a picture that is none), `image_broken`, `image_too_large` (more pixels than anybody should decode)."""
    refuse_too_large(size_bytes)
    if not size_bytes:
        raise ApplicationError(_("The file is empty."), code="file_empty", field="file")
    name = filing.clean_filename(filename)
    found = file_type_of(file, filename=name, is_sound=is_voice)
    _refuse_lies(found, claimed="audio" if is_voice else claimed_family(filename=name, mime_type=declared_type))
    picture = _picture_of(file, found)
    digest = sha256_of(file)
    kept = filing.file_away(file, extension=found.extension)
    return Media.objects.create(
        author=by,
        kind=found.kind.value,
        mime_type=found.mime_type,
        size_bytes=size_bytes,
        sha256=digest,
        filename="" if is_voice else name,
        file=kept,
        thumbnail=filing.file_away_bytes(picture.content, extension="webp") if picture else "",
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        is_voice=is_voice,
        is_inline=found.is_inline,
        state=Media.State.READY,
    )


@transaction.atomic
def retry_download(media: Media, *, by: User) -> Media:
    """Fetch once more what could not be fetched. Refused: `not_failed`."""
    again = Media.objects.filter(pk=media.pk, state=Media.State.FAILED, author__isnull=True).update(
        state=Media.State.WAITING, attempts=0, retry_at=None, leased_until=None, error_code="", error_text=""
    )
    if not again:
        raise ApplicationError(_("Only a file that could not be fetched can be fetched again."), code="not_failed", status=409)
    media.refresh_from_db()
    later("connectors.fetch_media", media.pk)
    return media


@transaction.atomic
def prepare_again(media: Media, connection: Connection) -> None:
    """A person asks for another try at a gateway that did not take the file."""
    locked = Media.objects.select_for_update().get(pk=media.pk)
    entry = locked.gateway_ids.get(str(connection.pk), {})
    if "id" not in entry:
        locked.gateway_ids.pop(str(connection.pk), None)
        locked.save(update_fields=["gateway_ids"])


def outgoing_of(media: Media, connection: Connection, *, kind: MessageKind, caption: str) -> Content:
    """The file as the connection's gateway takes it; it must be ready for it (`selectors.readiness_of`)."""
    external_id = readiness_of(media, connection).external_id
    return Content(
        kind=kind,
        link="" if external_id else media_links.link_for_gateway(media),
        external_id=external_id,
        caption=caption,
        filename=media_links.download_name(media) if kind == MessageKind.DOCUMENT else media.filename,
        is_voice=media.is_voice,
    )


def has_file(media: Media) -> bool:
    """Whether the bytes are still in the storage."""
    return bool(media.file) and filing.is_there(media.file)


def link_to_file(media: Media) -> str:
    """For a browser: good for LINK_SECONDS."""
    return media_links.link_to_file(media)


def link_to_thumbnail(media: Media) -> str:
    return media_links.link_to_thumbnail(media)


def refuse_too_large(size_bytes: int) -> None:
    if size_bytes > settings.UPLOAD_MAX_SIZE:
        words = _("The file is too large: at most %(most)s.") % {"most": filesizeformat(settings.UPLOAD_MAX_SIZE)}
        raise ApplicationError(words, code="file_too_large", status=413)


def sha256_of(file: IO[bytes]) -> str:
    """In hexadecimal. The file is left at its start."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(CHUNK_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _refuse_lies(found: FileType, *, claimed: str) -> None:
    if found.is_program:
        raise ApplicationError(_("This file is a program. Programs are not sent."), code="file_is_program", field="file")
    if not is_as_claimed(found, claimed):
        raise ApplicationError(_("The file is not what its name says."), code="type_mismatch", field="file")


def _picture_of(file: BinaryIO, found: FileType) -> Thumbnail | None:
    try:
        return thumbnail_of(file, mime_type=found.mime_type)
    except BadPicture as error:
        if error.is_bomb:
            raise ApplicationError(_("This picture has too many pixels."), code="image_too_large", field="file") from error
        raise ApplicationError(_("This picture is broken."), code="image_broken", field="file") from error

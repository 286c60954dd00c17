"""Fetching what customers sent, from the gateway into the storage. One worker at a time per file, by a lease that is renewed."""

import base64
import binascii
import datetime
import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from connectors.file_types import file_type_of
from connectors.models import Media
from connectors.registry import provider_named
from connectors.services.links import link_for
from connectors.thumbnails import Thumbnail, thumbnail_of
from connectors.types import MediaRef, Policy, ProviderError
from tenants.lib import filing
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.pictures import BadPicture

ATTEMPTS = 5
BACKOFF_SECONDS = 10
LEASE = datetime.timedelta(seconds=60)
RENEW_SECONDS = 10.0
LONGEST_SECONDS = 600.0
SWEEP_LIMIT = 200
MEMORY_BYTES = 1024 * 1024
NEVER_AGAIN = frozenset({Policy.PERMANENT, Policy.PAUSE_NUMBER})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure(Exception):
    code: str
    words: str
    is_final: bool = False


def fetch_media(media_id: int) -> None:
    """Ready, or waiting for the next try, or failed in words. A file that somebody else fetches, or has fetched, is left alone."""
    media = _claim(media_id)
    if media is None:
        return
    with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES) as file:
        try:
            digest = _download(media, file)
            kept = _kept(media, file, digest)
        except Failure as failure:
            _fail(media, failure)
            return
        except ProviderError as error:
            _fail(media, Failure(error.code, str(error.message), is_final=error.policy in NEVER_AGAIN))
            return
        except OSError as error:
            log.warning("media_not_kept", media_id=media.pk, error=str(error))
            _fail(media, Failure("storage", _("The file could not be kept.")))
            return
    _settle(media, kept)


def sweep_company() -> None:
    """What is due for another try, what nobody was told of, and what a dead worker left."""
    due = Q(state=Media.State.WAITING) & (Q(retry_at__isnull=True) | Q(retry_at__lte=now()))
    left = Q(state=Media.State.DOWNLOADING, leased_until__lt=now())
    for media_id in Media.objects.filter(due | left).order_by("pk").values_list("pk", flat=True)[:SWEEP_LIMIT]:
        later("connectors.fetch_media", media_id)


def _claim(media_id: int) -> Media | None:
    free = Q(state=Media.State.WAITING) | Q(state=Media.State.DOWNLOADING, leased_until__lt=now())
    claimed = Media.objects.filter(free, pk=media_id).exclude(retry_at__gt=now())
    if not claimed.update(state=Media.State.DOWNLOADING, leased_until=now() + LEASE, attempts=F("attempts") + 1, retry_at=None):
        return None
    return Media.objects.select_related("connection").get(pk=media_id)


def _download(media: Media, file: IO[bytes]) -> bytes:
    """The bytes into `file`, no more than we take; their SHA-256."""
    if media.connection is None:
        raise Failure("connection_gone", _("The number that received this file is gone."), is_final=True)
    digest, size, started, renewed = hashlib.sha256(), 0, time.monotonic(), time.monotonic()
    for piece in _pieces(media):
        size += len(piece)
        if size > settings.UPLOAD_MAX_SIZE:
            raise Failure("file_too_large", _("The file is too large to be kept."), is_final=True)
        digest.update(piece)
        file.write(piece)
        if time.monotonic() - started > LONGEST_SECONDS:
            raise Failure("timeout", _("The file took too long to arrive."))
        if time.monotonic() - renewed > RENEW_SECONDS:
            Media.objects.filter(pk=media.pk).update(leased_until=now() + LEASE)
            renewed = time.monotonic()
    if not size:
        raise Failure("file_empty", _("The file is empty."), is_final=True)
    if not _is_sha256(media.expected_sha256, digest.digest()):
        raise Failure("sha256_mismatch", _("The file arrived damaged: it is not the one that was sent."), is_final=True)
    return digest.digest()


def _pieces(media: Media) -> Iterator[bytes]:
    assert media.connection is not None
    if media.size_bytes and media.size_bytes > settings.UPLOAD_MAX_SIZE:
        raise Failure("file_too_large", _("The file is too large to be kept."), is_final=True)
    ref = MediaRef(
        external_id=media.external_id, mime_type=media.mime_type, size_bytes=media.size_bytes, filename=media.filename, url=media.source_url
    )
    return provider_named(media.connection.provider).media(link_for(media.connection), ref)


def _is_sha256(expected: str, digest: bytes) -> bool:
    """Gateways write it in base64; some in hexadecimal. What is neither promises nothing."""
    if not expected:
        return True
    if len(expected) == 2 * len(digest):
        return expected.lower() == digest.hex()
    try:
        named = base64.b64decode(expected, validate=False)
    except (binascii.Error, ValueError):
        return True
    return len(named) != len(digest) or named == digest


def _kept(media: Media, file: IO[bytes], digest: bytes) -> dict[str, object]:
    """The file and its small picture are in the storage: the columns that say so."""
    is_sound = media.kind == Media.Kind.AUDIO
    found = file_type_of(file, filename=media.filename, is_sound=is_sound)  # type: ignore[arg-type]
    size = file.seek(0, 2)
    picture: Thumbnail | None = None
    is_inline = found.is_inline
    try:
        picture = thumbnail_of(file, mime_type=found.mime_type)  # type: ignore[arg-type]
    except BadPicture:
        # Kept for who wants to look at it elsewhere; no browser of an agent's decodes it.
        is_inline = False
    Media.objects.filter(pk=media.pk).update(leased_until=now() + 2 * LEASE)
    return {
        "file": filing.file_away(file, extension=found.extension),
        "thumbnail": filing.file_away_bytes(picture.content, extension="webp") if picture else "",
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "mime_type": found.mime_type,
        "is_inline": is_inline,
        "size_bytes": size,
        "sha256": digest.hex(),
    }


@transaction.atomic
def _settle(media: Media, kept: dict[str, object]) -> None:
    settled = Media.objects.filter(pk=media.pk, state=Media.State.DOWNLOADING).update(
        **kept, state=Media.State.READY, leased_until=None, error_code="", error_text="", source_url=""
    )
    if settled:
        announce("media.settled", media_id=media.pk)
        return
    filing.throw_away(str(kept["file"]), str(kept["thumbnail"]))


@transaction.atomic
def _fail(media: Media, failure: Failure) -> None:
    words = {"error_code": failure.code[:40], "error_text": failure.words[:300], "leased_until": None}
    mine = Media.objects.filter(pk=media.pk, state=Media.State.DOWNLOADING)
    if failure.is_final or media.attempts >= ATTEMPTS:
        mine.update(state=Media.State.FAILED, **words)
        log.info("media_failed", media_id=media.pk, code=failure.code)
        announce("media.settled", media_id=media.pk)
        return
    pause = datetime.timedelta(seconds=BACKOFF_SECONDS * 3 ** (media.attempts - 1))
    mine.update(state=Media.State.WAITING, retry_at=now() + pause, **words)

"""Making a file ready for a gateway: a voice note becomes what WhatsApp plays as one, and the file is handed to gateways that want
to have it first. Before a message is stamped, never while one is being sent: uploads take longer than leases."""

import datetime
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from connectors.media_links import download_name
from connectors.models import Connection, Media
from connectors.registry import provider_named
from connectors.selectors import handed_over_before
from connectors.services.links import link_for
from connectors.services.media import CHUNK_BYTES, sha256_of
from connectors.types import Policy, ProviderError
from tenants.lib import filing
from tenants.lib.announcing import announce
from tenants.lib.clock import now

VOICE = "audio/ogg"
LEASE = datetime.timedelta(minutes=10)
CONVERSION_SECONDS = 60
AGAIN = frozenset({Policy.RETRY, Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT, Policy.BACK_OFF_RECIPIENT, Policy.UNKNOWN})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    code: str
    words: str


def prepare_media(media_id: int, connection_id: int) -> None:
    """`connectors.selectors.readiness_of` says afterwards how it went. One worker at a time per file."""
    connection = Connection.objects.filter(pk=connection_id).first()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now())
    if connection is None or not Media.objects.filter(free, pk=media_id, state=Media.State.READY).update(leased_until=now() + LEASE):
        return
    media = Media.objects.get(pk=media_id)
    try:
        if media.is_voice and media.mime_type != VOICE:
            _become_voice_note(media)
        entry = _handed_over(media, connection)
    except Refusal as refusal:
        entry = {"code": refusal.code, "words": refusal.words, "is_final": True}
    except ProviderError as error:
        entry = _failed_entry(media, connection, error)
    except OSError as error:
        log.warning("media_not_prepared", media_id=media_id, error=str(error))
        entry = _counted(media, connection, {"code": "storage", "words": _("The file could not be read.")}, may_try_again=True)
    _write_down(media, connection, entry)


@transaction.atomic
def _write_down(media: Media, connection: Connection, entry: dict[str, Any]) -> None:
    locked = Media.objects.select_for_update().get(pk=media.pk)
    if entry:
        locked.gateway_ids[str(connection.pk)] = entry
    locked.leased_until = None
    locked.save(update_fields=["gateway_ids", "leased_until"])
    announce("media.prepared", media_id=media.pk, connection_id=connection.pk)


def _handed_over(media: Media, connection: Connection) -> dict[str, Any]:
    provider = provider_named(connection.provider)
    if not provider.capabilities.needs_upload:
        return {}
    known = handed_over_before(media, connection)
    if known:
        return known
    with filing.open_file(media.file) as file:
        external_id = provider.upload(
            link_for(connection),
            file,
            filename=download_name(media),
            mime_type=media.mime_type,
            size_bytes=media.size_bytes or 0,
        )
    return {"id": external_id, "at": now().isoformat()}


def _failed_entry(media: Media, connection: Connection, error: ProviderError) -> dict[str, Any]:
    return _counted(media, connection, {"code": error.code, "words": str(error.message)}, may_try_again=error.policy in AGAIN)


def _counted(media: Media, connection: Connection, entry: dict[str, Any], *, may_try_again: bool) -> dict[str, Any]:
    attempts = media.gateway_ids.get(str(connection.pk), {}).get("attempts", 0) + 1
    return entry | {"attempts": attempts, "is_final": not may_try_again or attempts >= settings.SEND_ATTEMPTS}


def _become_voice_note(media: Media) -> None:
    """Browsers record WebM or MP4; WhatsApp plays Ogg with Opus. Foreign bytes are decoded in a process of their own, with limits."""
    with tempfile.TemporaryDirectory(prefix="recado-voice-") as folder:
        source, target = Path(folder) / "recorded", Path(folder) / "voice.ogg"
        with filing.open_file(media.file) as file, source.open("wb") as copy:
            while piece := file.read(CHUNK_BYTES):
                copy.write(piece)
        command = [sys.executable, "-m", "connectors.voice_conversion", str(source), str(target)]
        try:
            done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, timeout=CONVERSION_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Refusal("voice_conversion", _("The recording takes too long to convert.")) from None
        if done.returncode or not target.exists() or not target.stat().st_size:
            log.warning("voice_not_converted", media_id=media.pk, error=done.stderr.decode(errors="replace")[-500:])
            raise Refusal("voice_conversion", _("The recording cannot be converted: it holds no sound that can be played."))
        size = target.stat().st_size
        with target.open("rb") as converted:
            digest = sha256_of(converted)
            kept = filing.file_away(converted, extension="ogg")
    recorded, media.file, media.mime_type, media.is_inline = media.file, kept, VOICE, True
    media.sha256, media.size_bytes = digest, size
    media.save(update_fields=["file", "mime_type", "is_inline", "sha256", "size_bytes"])
    filing.throw_away(recorded)

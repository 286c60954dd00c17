"""What `connectors` tells about files, brought to the messages that hold them (config/reactions.py)."""

from accounts.models import User
from connectors.models import Media
from connectors.services.media import retry_download
from connectors.types import Delivery
from tenants.lib.later import later
from tickets import events
from tickets.models import Message


def retry(media: Media, *, by: User) -> Media:
    """Fetch a file once more, and say so in the conversation."""
    media = retry_download(media, by=by)
    media_settled(media.pk)
    return media


def media_settled(media_id: int) -> None:
    """A file is here, or could not be fetched."""
    events.messages_updated(list(Message.objects.filter(media_id=media_id).order_by("pk").values_list("pk", flat=True)))


def media_prepared(media_id: int, connection_id: int) -> None:
    """A file can go out now, or never: the messages that waited for it are due."""
    waiting = Message.objects.filter(media_id=media_id, connection_id=connection_id, direction="out", status=Delivery.QUEUED.value)
    waiting.update(retry_at=None)
    later("tickets.deliver", connection_id)

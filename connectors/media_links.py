"""The links by which files of messages are reached."""

from django.conf import settings

from connectors.models import Media
from tenants.lib.filing import FileLink, browser_link, local_link
from tenants.lib.tenancy import current_company

GATEWAY_LINK_SECONDS = 7 * 24 * 3600


def link_to_file(media: Media) -> str:
    """For a browser: good for an hour."""
    return browser_link(media.file, mime_type=media.mime_type, filename=download_name(media), is_inline=media.is_inline)


def link_to_thumbnail(media: Media) -> str:
    return browser_link(media.thumbnail, mime_type="image/webp", filename="thumbnail.webp", is_inline=True)


def link_for_gateway(media: Media) -> str:
    """For a gateway that fetches files itself: good for a week, for it may take its time."""
    link = FileLink(current_company().pk, media.file, media.mime_type, download_name(media), is_inline=media.is_inline)
    return f"{settings.PUBLIC_URL}{local_link(link, seconds=GATEWAY_LINK_SECONDS)}"


def download_name(media: Media) -> str:
    if media.filename:
        return media.filename
    return f"{media.kind}-{media.pk}.{media.file.rpartition('.')[2]}"

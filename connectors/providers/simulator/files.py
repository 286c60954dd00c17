"""Files between simulated phones and us: data URLs, and signed links of this installation. Nothing is ever fetched from elsewhere."""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.utils.translation import gettext as _

from connectors.types import Link, MediaRef, Policy, ProviderError
from tenants.lib import filing

PIECE_BYTES = 256 * 1024


def read(link: Link, ref: MediaRef) -> Iterator[bytes]:
    """What the customer's phone sent. A link must be signed for the same company."""
    if ref.url.startswith("data:"):
        yield _content_of(ref.url)
        return
    token = as_shown(ref.url).removeprefix(settings.MEDIA_URL).strip("/")
    try:
        named = filing.read_link(token)
        if named.company_id != link.company_id:
            raise filing.LinkUnknown
        with filing.open_file(named.name) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    except (filing.LinkExpired, filing.LinkUnknown, FileNotFoundError):
        raise ProviderError("media_gone", _("The simulated phone no longer has this file."), Policy.PERMANENT) from None


def as_shown(address: str) -> str:
    """Without our own host in front: the page with the phones is at another one of ours."""
    return address.removeprefix(settings.PUBLIC_URL)


def _content_of(data_url: str) -> bytes:
    head, _comma, content = data_url.partition(",")
    try:
        return base64.b64decode(content, validate=True) if head.endswith(";base64") else unquote_to_bytes(content)
    except (binascii.Error, ValueError):
        raise ProviderError("media_unreadable", _("The simulated phone sent a file that cannot be read."), Policy.PERMANENT) from None

"""Files to and from Meta. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media"""

from collections.abc import Iterator
from typing import BinaryIO
from uuid import uuid4

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from connectors.providers.cloud_api.errors import error_from
from connectors.providers.cloud_api.managing import call
from connectors.types import Link, MediaRef, Policy, ProviderError

TIMEOUT_SECONDS = (5, 60)
PIECE_BYTES = 64 * 1024
# The address lives for about five minutes; one that has run out is asked for once more.
EXPIRED = frozenset({401, 404})


def download(link: Link, ref: MediaRef) -> Iterator[bytes]:
    """The file by its id: the id gives an address, the address wants the same token."""
    if not ref.external_id.isalnum():
        raise ProviderError("media_unnamed", _("WhatsApp did not say which file it is."), Policy.PERMANENT)
    response = _get(link, _address_of(link, ref))
    if response.status_code in EXPIRED:
        response.close()
        response = _get(link, _address_of(link, ref))
    with response:
        if not response.ok:
            policy = Policy.RETRY if response.status_code >= 500 or response.status_code in EXPIRED else Policy.PERMANENT
            raise ProviderError("media_refused", _("WhatsApp did not hand over the file."), policy, http_status=response.status_code)
        try:
            yield from response.iter_content(PIECE_BYTES)
        except requests.RequestException:
            raise ProviderError("media_broken_off", _("The file broke off on its way."), Policy.RETRY) from None


def upload(link: Link, file: BinaryIO, *, filename: str, mime_type: str, size_bytes: int) -> str:
    """The file's id at Meta, good for 30 days. The file is streamed: none of it is kept in memory."""
    number = str(link.credentials.get("phone_number_id") or "")
    token = str(link.credentials.get("access_token") or "")
    if not number.isalnum() or not token:
        raise ProviderError("credentials_missing", _("This connection has no valid id or access token."), Policy.PAUSE_NUMBER)
    form = _Form(file, filename=filename, mime_type=mime_type, size_bytes=size_bytes)
    try:
        response = requests.post(
            f"{settings.GRAPH_URL.rstrip('/')}/{settings.GRAPH_VERSION}/{number}/media",
            data=form,  # type: ignore[arg-type]
            headers={"Authorization": f"Bearer {token}", "Content-Type": form.content_type},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached."), Policy.RETRY) from None
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.ok and isinstance(answer, dict) and answer.get("id"):
        return str(answer["id"])
    raise error_from(response.status_code, answer)


def _address_of(link: Link, ref: MediaRef) -> str:
    """`phone_number_id` is not named: Meta refuses the file of a customer then, for the number did not upload it."""
    try:
        answer = call(link, "GET", ref.external_id)
    except ProviderError as error:
        if error.code != "100":
            raise
        answer = {}
    address = str(answer.get("url") or "")
    if not address:
        raise ProviderError("media_gone", _("WhatsApp no longer has this file."), Policy.PERMANENT)
    return address


def _get(link: Link, address: str) -> requests.Response:
    try:
        return requests.get(
            address,
            headers={"Authorization": f"Bearer {link.credentials.get('access_token') or ''}"},
            timeout=TIMEOUT_SECONDS,
            stream=True,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached."), Policy.RETRY) from None


class _Form:
    """A multipart form around a file, read piece by piece; its length is known, so that it is not sent in chunks."""

    def __init__(self, file: BinaryIO, *, filename: str, mime_type: str, size_bytes: int) -> None:
        boundary = uuid4().hex
        name = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in filename) or "file"
        fields = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in (("messaging_product", "whatsapp"), ("type", mime_type))
        )
        named = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        head = f"{fields}--{boundary}\r\n{named}\r\nContent-Type: {mime_type}\r\n\r\n"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head, self._tail = head.encode(), f"\r\n--{boundary}--\r\n".encode()
        self._file = file
        self._length = len(self._head) + size_bytes + len(self._tail)

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        if self._head:
            piece, self._head = self._head, b""
            return piece
        piece = self._file.read(size if size > 0 else PIECE_BYTES)
        if not piece and self._tail:
            piece, self._tail = self._tail, b""
        return piece

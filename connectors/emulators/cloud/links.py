"""Files that a message names by their link: Meta fetches them after it has taken the message."""

from urllib.parse import urlsplit

from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from connectors.emulators.cloud.refusals import Refusal

LARGEST = 100 * 1024 * 1024


async def link_refusal(client: Client, link: str) -> Refusal | None:
    """The error 131053 when the file cannot be had."""
    host = urlsplit(link).hostname or link
    try:
        response = await client.get(link).build().send()
    except PyreqwestError:
        return Refusal(131053, f"Downloading media from weblink failed: {host} cannot be reached.")
    if response.status != 200:
        return Refusal(131053, f"Downloading media from weblink failed with http code {response.status}")
    if int(response.get_header("content-length") or 0) > LARGEST:
        return Refusal(131053, "Media file size too big.")
    return None

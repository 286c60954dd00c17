"""Files: uploaded in a form, named by an id, fetched from an address that lives for five minutes and wants the same token.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

import hashlib
import re
from typing import Any

from connectors.emulators.cloud.calls import Answer, Call
from connectors.emulators.cloud.names import fresh_id, fresh_token
from connectors.emulators.cloud.refusals import Refusal, invalid, unknown_object
from connectors.emulators.cloud.world import Number, StoredFile, World

Json = dict[str, Any]
MEGABYTE = 1024 * 1024
LARGEST = {"image": 5 * MEGABYTE, "audio": 16 * MEGABYTE, "video": 16 * MEGABYTE, "document": 100 * MEGABYTE, "sticker": 500 * 1024}
DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
FAMILY_OF: dict[str, str] = {
    **dict.fromkeys(("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"), "audio"),
    **dict.fromkeys(("image/jpeg", "image/png"), "image"),
    "image/webp": "sticker",
    **dict.fromkeys(("video/mp4", "video/3gpp"), "video"),
    **dict.fromkeys(DOCUMENTS, "document"),
}
KEPT_SECONDS = 30 * 24 * 3600.0
_PARAMETER = re.compile(r';\s*(\w+)="((?:[^"\\]|\\.)*)"')


def upload(world: World, number: Number, call: Call) -> Json:
    fields = form_of(call)
    if _text(fields, "messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    if "file" not in fields:
        raise invalid("The parameter file is required.")
    file = fields["file"]
    told = _text(fields, "type")
    mime_type = (told or file["mime_type"]).partition(";")[0].strip().lower()
    if mime_type not in FAMILY_OF or file["mime_type"].partition(";")[0].strip().lower() not in (mime_type, "application/octet-stream"):
        raise invalid(f"Param file must be a file with one of the following types: {', '.join(FAMILY_OF)}.")
    content = file["content"]
    most = LARGEST[FAMILY_OF[mime_type]]
    if not content:
        raise Refusal(131053, "The file is empty.")
    if len(content) > most:
        raise Refusal(131053, f"Media file size too big. Max file size we currently support: {most} bytes.")
    file_id = fresh_id()
    world.files[file_id] = StoredFile(content, mime_type, file["filename"], number.id, world.now())
    return {"id": file_id}


def describe(world: World, file_id: str, call: Call) -> Json:
    """The address, and what the file is. `phone_number_id` is only for what that number uploaded, never for what a customer sent."""
    file = world.files[file_id]
    if file.created_at and world.now() - file.created_at > KEPT_SECONDS:
        raise unknown_object(file_id)
    asked = call.query.get("phone_number_id")
    if asked is not None and asked != file.uploaded_by:
        raise invalid("Param phone_number_id is not a valid whatsapp business phone number id ID")
    address = fresh_token()
    world.addresses[address] = (file_id, world.now() + world.address_seconds)
    digest = hashlib.sha256(file.content).hexdigest() if file.told_sha256 is None else file.told_sha256
    return {
        "url": f"{call.base_url}/files/{address}",
        "mime_type": file.mime_type,
        "sha256": digest,
        "file_size": str(len(file.content)),
        "id": file_id,
        "messaging_product": "whatsapp",
    }


def content_at(world: World, address: str) -> Answer:
    file_id, until = world.addresses.get(address, ("", 0.0))
    if file_id not in world.files or world.now() >= until:
        return Answer(404, b"URL signature expired", (("content-type", "text/plain"),))
    file = world.files[file_id]
    return Answer(200, file.content, (("content-type", file.mime_type),))


def delete(world: World, file_id: str) -> Json:
    del world.files[file_id]
    return {"success": True}


# --- resumable uploads: what a template's example is made of ---------------------------------------------------------------------------


def open_session(world: World, call: Call) -> Json:
    length, kind = str(call.required("file_length")), str(call.required("file_type"))
    if not length.isdecimal():
        raise invalid("Param file_length must be an integer.")
    if kind not in ("application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"):
        raise invalid(f"Param file_type {kind} is not supported.")
    session_id = f"upload:{fresh_token()}"
    world.sessions[session_id] = {"length": int(length), "type": kind, "content": b""}
    return {"id": session_id}


def continue_session(world: World, session_id: str, call: Call) -> Json:
    session = world.sessions[session_id]
    offset = call.headers.get("file_offset", "")
    if offset != str(len(session["content"])):
        raise invalid(f"file_offset is {offset or 'missing'}, expected {len(session['content'])}")
    session["content"] += call.body
    if len(session["content"]) > session["length"]:
        raise invalid("More was sent than file_length said.")
    if len(session["content"]) < session["length"]:
        return {"id": session_id, "file_offset": len(session["content"])}
    return {"h": f"4::{session_id.removeprefix('upload:')}"}


def session_state(world: World, session_id: str) -> Json:
    return {"id": session_id, "file_offset": len(world.sessions[session_id]["content"])}


def is_handle(world: World, handle: object) -> bool:
    session = world.sessions.get(f"upload:{str(handle).removeprefix('4::')}")
    return session is not None and len(session["content"]) == session["length"]


# --- multipart/form-data ---------------------------------------------------------------------------------------------------------------


def form_of(call: Call) -> dict[str, Json]:
    """`content mime_type filename` of each field."""
    kind = call.headers.get("content-type", "")
    found = re.search(r'boundary="?([^";]+)"?', kind)
    if not kind.startswith("multipart/form-data") or not found:
        raise invalid("The parameter messaging_product is required.")
    fields: dict[str, Json] = {}
    for part in call.body.split(b"--" + found[1].encode())[1:-1]:
        head, _blank, content = part.partition(b"\r\n\r\n")
        headers = {}
        for line in head.decode("utf-8", "replace").strip().split("\r\n"):
            name, _colon, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        parameters = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
        fields[parameters.get("name", "")] = {
            "content": content.removesuffix(b"\r\n"),
            "mime_type": headers.get("content-type", "application/octet-stream"),
            "filename": parameters.get("filename", ""),
        }
    return fields


def _text(fields: dict[str, Json], name: str) -> str:
    return fields[name]["content"].decode(errors="replace") if name in fields else ""

"""Files through real processes: what a customer sends reaches the agent's page, what an agent records reaches WhatsApp."""

import json
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from config.tests.visitors import PATIENCE_SECONDS, Office, fresh_number, fresh_wamid
from connectors.emulators.cloud.world import StoredFile
from connectors.tests import calls
from connectors.tests.samples import picture, recording

CONTENT = picture("JPEG", size=(800, 500))
TOO_MUCH = 200 * 1024 * 1024


def sends_picture(office: Office, number: str, media_id: str) -> None:
    digits = number.lstrip("+")
    stamp = {"from": digits, "timestamp": str(int(time.time()))}
    item = calls.message("image", id=fresh_wamid(), image={"id": media_id, "mime_type": "image/jpeg", "caption": "Look"}) | stamp
    people = [{"profile": {"name": "Marina"}, "wa_id": digits}]
    assert office.sales.post(calls.messages(item, contacts=people, number=office.sales.phone_number_id)).status_code == 200


def test_a_customer_s_picture_reaches_the_agent_s_page(office):
    office.graph.world.files["98001"] = StoredFile(CONTENT)
    bob = office.api("bob")

    with office.socket("bob") as page:
        sends_picture(office, fresh_number(), "98001")
        media = page.hears("appMessage", lambda data: (data["message"]["media"] or {}).get("state") == "ready")["message"]["media"]

    link = bob.read(f"{media['url']}link/")["url"]
    seen = requests.get(office.stack.url + link, headers={"Range": "bytes=0-99"}, timeout=PATIENCE_SECONDS)
    assert (seen.status_code, seen.content, seen.headers["X-Content-Type-Options"]) == (206, CONTENT[:100], "nosniff")
    assert bob.get(media["thumbnail_url"]).content[8:12] == b"WEBP"
    assert office.api("mallory").get(media["url"]).status_code == 404


def test_a_recording_reaches_whatsapp_as_a_voice_note(office):
    number, bob = fresh_number(), office.api("bob")
    ticket = office.heard_from(number)
    upload = bob.post("uploads/", files={"file": ("blob", recording("webm"), "audio/webm")}, data={"is_voice": "true"}).json()

    said = bob.make(f"tickets/{ticket['id']}/messages/", media=upload["id"])

    office.wait(lambda: office.message(said["id"])["status"] == "accepted", "the voice note to be sent")
    [document] = office.taken_for(number)
    assert (document["type"], document["audio"]["voice"]) == ("audio", True)
    assert [file.content[:4] for file in office.graph.uploaded if file.mime_type == "audio/ogg"] == [b"OggS"]


def test_an_upload_of_200_megabytes_is_refused_while_it_begins(office):
    with socket.create_connection(("127.0.0.1", office.stack.port), timeout=PATIENCE_SECONDS) as line:
        begin_upload(office, line, f"Content-Length: {TOO_MUCH}")
        answer = b""
        while b"file_too_large" not in answer and (piece := line.recv(65536)):
            answer += piece

    [error] = json.loads(answer.partition(b"\r\n\r\n")[2])["errors"]
    assert (answer.split()[1], error["code"]) == (b"413", "file_too_large")


@pytest.mark.parametrize("size", [f"Content-Length: {TOO_MUCH}", "Transfer-Encoding: chunked"], ids=["told", "untold"])
def test_nobody_fills_the_memory_by_not_listening(office, size):
    web = family_of(office.stack.running["web"].pid)
    for pid in web:
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak counts from here
    before = sum(map(peak_of, web))
    piece = b"x" * 65536
    if "chunked" in size:
        piece = b"10000\r\n" + piece + b"\r\n"

    with socket.create_connection(("127.0.0.1", office.stack.port), timeout=5) as line, suppress(OSError):
        begin_upload(office, line, size)
        for _ in range(TOO_MUCH // len(piece)):
            line.sendall(piece)

    assert sum(map(peak_of, web)) - before < 24 * 1024 * 1024
    assert office.api("bob").get("auth/me/").status_code == 200


def begin_upload(office, line, size):
    head = [
        "POST /api/v1/uploads/ HTTP/1.1",
        f"Host: {office.host('bob')}",
        f"Authorization: {office.api('bob').headers['Authorization']}",
        "Content-Type: multipart/form-data; boundary=b",
        size,
    ]
    body = "4\r\n--b\r\n\r\n" if "chunked" in size else "--b"
    line.sendall("\r\n".join([*head, "", body]).encode())


def family_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family_of(int(child)))]


def peak_of(pid: int) -> int:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024

"""Files through real processes: what a customer sends reaches the agent's page, what an agent records reaches WhatsApp."""

import json
import socket
import time

import requests

from config.tests.visitors import PATIENCE_SECONDS, Office, fresh_number, fresh_wamid
from connectors.emulators.cloud.world import StoredFile
from connectors.tests import calls
from connectors.tests.samples import picture, recording

CONTENT = picture("JPEG", size=(800, 500))


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
    token = office.api("bob").headers["Authorization"]
    head = [
        "POST /api/v1/uploads/ HTTP/1.1",
        f"Host: {office.host('bob')}",
        f"Authorization: {token}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {200 * 1024 * 1024}",
    ]

    with socket.create_connection(("127.0.0.1", office.stack.port), timeout=PATIENCE_SECONDS) as line:
        line.sendall("\r\n".join([*head, "", "--b"]).encode())
        answer = b""
        while b"file_too_large" not in answer and (piece := line.recv(65536)):
            answer += piece

    [error] = json.loads(answer.partition(b"\r\n\r\n")[2])["errors"]
    assert (answer.split()[1], error["code"]) == (b"413", "file_too_large")

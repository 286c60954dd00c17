"""What a file is, whatever it is called."""

import io
import zipfile

import pytest

from connectors.file_types import claimed_family, file_type_of, is_as_claimed
from connectors.tests.samples import PDF, PROGRAM, picture, recording
from connectors.types import MessageKind


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "mime_type", "kind", "is_inline"),
    [
        (picture("JPEG"), "a.bin", "image/jpeg", MessageKind.IMAGE, True),
        (picture("PNG"), "", "image/png", MessageKind.IMAGE, True),
        (picture("WEBP"), "", "image/webp", MessageKind.DOCUMENT, True),
        (picture("GIF"), "", "image/gif", MessageKind.DOCUMENT, True),
        (recording("webm"), "a.webm", "video/webm", MessageKind.DOCUMENT, True),
        (recording("ogg"), "a.ogg", "audio/ogg", MessageKind.AUDIO, True),
        (b"#!AMR\n<", "", "audio/amr", MessageKind.AUDIO, True),
        (PDF, "a.pdf", "application/pdf", MessageKind.DOCUMENT, False),
        (zipped(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", MessageKind.DOCUMENT, False),
        (zipped(), "a.jpg", "application/zip", MessageKind.DOCUMENT, False),
        ("olá; tudo bem".encode(), "a.csv", "text/csv", MessageKind.DOCUMENT, False),
        (b"<!-- hi --><svg onload=alert(1)>", "a.png", "image/svg+xml", MessageKind.DOCUMENT, False),
        (b"hello <script>alert(1)</script>", "a.txt", "text/html", MessageKind.DOCUMENT, False),
        (bytes(range(256)) * 3, "a", "application/octet-stream", MessageKind.DOCUMENT, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_content_decides(content, name, mime_type, kind, is_inline):
    found = file_type_of(io.BytesIO(content), filename=name)

    assert (found.mime_type, found.kind, found.is_inline, found.is_program) == (mime_type, kind, is_inline, False)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PROGRAM, "holiday.jpg"),
        (b"\x7fELF\x02\x01", "x"),
        (b"#!/bin/sh\nrm -rf ~", "notes.txt"),
        (zipped(), "app.apk"),
        (b"echo", "run.bat"),
    ],
)
def test_programs_are_seen_by_content_and_by_name(content, name):
    found = file_type_of(io.BytesIO(content), filename=name)

    assert (found.is_program, found.is_inline, found.kind) == (True, False, MessageKind.DOCUMENT)


def test_a_container_with_sound_is_sound_when_the_sender_says_so():
    recorded = io.BytesIO(recording("webm"))

    assert [file_type_of(recorded, is_sound=is_sound).mime_type for is_sound in (True, False)] == ["audio/webm", "video/webm"]


def test_a_claim_is_held_against_the_content():
    page, sound = file_type_of(io.BytesIO(b"<html>")), file_type_of(io.BytesIO(recording("webm")))

    assert claimed_family(filename="a.JPG", mime_type="text/plain") == "image"
    assert [is_as_claimed(page, claim) for claim in ("image", "text", "")] == [False, True, True]
    assert [is_as_claimed(sound, claim) for claim in ("audio", "video", "image")] == [True, True, False]

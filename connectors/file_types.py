"""What a file is, by its content. Names and declared types are claims: they only choose between things that the content allows."""

import io
import mimetypes
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

from connectors.types import MessageKind

HEAD_BYTES = 4096
UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-msdownload"
# What a browser may show in the page; everything else is only ever downloaded.
INLINE = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif",
        "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/webm", "audio/wav",
        "video/mp4", "video/3gpp", "video/webm",
    }
)  # fmt: skip
KINDS = {
    "image/jpeg": MessageKind.IMAGE,
    "image/png": MessageKind.IMAGE,
    "video/mp4": MessageKind.VIDEO,
    "video/3gpp": MessageKind.VIDEO,
    "audio/ogg": MessageKind.AUDIO,
    "audio/mpeg": MessageKind.AUDIO,
    "audio/mp4": MessageKind.AUDIO,
    "audio/aac": MessageKind.AUDIO,
    "audio/amr": MessageKind.AUDIO,
    "audio/webm": MessageKind.AUDIO,
}
# Containers that hold sound as well as pictures: which one it is, the sender knows.
SOUND_IN = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "video/ogg": "audio/ogg"}
PROGRAM_HEADS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
    b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00", b"#!/", b"#! /",
)  # fmt: skip
PROGRAM_NAMES = frozenset(
    {
        "apk", "app", "bat", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "jar", "js", "jse", "lnk", "msi", "msp", "pif", "ps1",
        "reg", "scr", "sh", "vb", "vbe", "vbs", "wsf", "wsh", "xpi",
    }
)  # fmt: skip
ARCHIVES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
}
OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
TEXTS = {"csv": "text/csv", "vcf": "text/vcard"}
EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "audio/mp4": "m4a", "audio/aac": "aac", "audio/amr": "amr", "audio/webm": "webm", "video/mp4": "mp4", "video/3gpp": "3gp",
    "video/webm": "webm", "application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileType:
    mime_type: str
    is_program: bool = False

    @property
    def family(self) -> str:
        return family_of(self.mime_type)

    @property
    def is_inline(self) -> bool:
        return self.mime_type in INLINE and not self.is_program

    @property
    def kind(self) -> MessageKind:
        """As what WhatsApp takes it; whatever else it is goes as a document."""
        return KINDS.get(self.mime_type, MessageKind.DOCUMENT)

    @property
    def extension(self) -> str:
        return EXTENSIONS.get(self.mime_type, "bin")


def file_type_of(file: BinaryIO, *, filename: str = "", is_sound: bool = False) -> FileType:
    """`is_sound`: of a container that may hold both, say that it holds sound. The file is read from its start, and left there."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if extension in PROGRAM_NAMES or (head.startswith(PROGRAM_HEADS) and not head.startswith(b"#!AMR")):
        return FileType(PROGRAM, is_program=True)
    mime_type = _by_signature(head, extension) or _by_text(head, extension) or _by_library(head)
    return FileType(SOUND_IN.get(mime_type, mime_type) if is_sound else mime_type)


def claimed_family(*, filename: str, mime_type: str) -> str:
    """image, audio, video or another first half of a type: what the name says, else what was declared. Empty: nothing."""
    return family_of(mimetypes.guess_type(filename)[0] or mime_type)


def family_of(mime_type: str) -> str:
    """The first half of a type. A drawing of tags and scripts is text."""
    return "text" if mime_type == "image/svg+xml" else mime_type.partition("/")[0]


def is_as_claimed(found: FileType, claimed: str) -> bool:
    """A picture that is none, or a sound that is none, is a lie; a video that holds only sound is not."""
    if claimed not in ("image", "audio", "video"):
        return True
    return found.family == claimed or {found.family, claimed} == {"audio", "video"}


def _by_signature(head: bytes, extension: str) -> str:
    for signature, mime_type in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"#!AMR", "audio/amr"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
        (b"\xff\xf2", "audio/mpeg"),
        (b"\xff\xf1", "audio/aac"),
        (b"\xff\xf9", "audio/aac"),
    ):
        if head.startswith(signature):
            return mime_type
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:200] else "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head.startswith(b"PK\x03\x04"):
        return ARCHIVES.get(extension, "application/zip")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE.get(extension, "application/x-ole-storage")
    return ""


def _by_brand(brand: bytes) -> str:
    if brand.startswith(b"3g"):
        return "video/3gpp"
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    if brand == b"qt  ":
        return "video/quicktime"
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis"):
        return "image/heic"
    return "image/avif" if brand in (b"avif", b"avis") else "video/mp4"


def _by_text(head: bytes, extension: str) -> str:
    """Text, and what a browser would take for a page: that is never shown, whatever its name."""
    if b"\x00" in head:
        return ""
    try:
        text = head.decode("utf-8-sig").lstrip().lower()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return ""
        text = head[: error.start].decode("utf-8-sig").lstrip().lower()
    if "<svg" in text:
        return "image/svg+xml"
    if any(tag in text for tag in ("<!doctype html", "<html", "<script", "<iframe", "<body", "<head")):
        return "text/html"
    if text.startswith("<?xml"):
        return "application/xml"
    return TEXTS.get(extension, "text/plain")


def _by_library(head: bytes) -> str:
    """A type we do nothing with but name it. Anything that would be shown in a page needs a signature of ours, above."""
    try:
        found = puremagic.magic_stream(io.BytesIO(head))
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    named = next((match.mime_type for match in found if match.mime_type), UNKNOWN)
    return UNKNOWN if named in INLINE else named

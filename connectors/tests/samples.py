"""Small files of every sort, made here."""

import array
import io
import math
import struct
import zlib

import av
from django.core.files.storage import default_storage
from PIL import Image


def picture(form: str = "PNG", *, size: tuple[int, int] = (64, 32), color: str = "teal") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, color).save(content, form)
    return content.getvalue()


def stored(name: str) -> bytes:
    """What the storage holds under this name."""
    with default_storage.open(name) as file:
        return file.read()


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few kB that wants 7.5 GB of memory."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(side * 3 + 1)) for _ in range(64)) + rows.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def recording(form: str = "webm", *, codec: str = "libopus", seconds: float = 0.5) -> bytes:
    """What a browser's recorder gives: WebM with Opus, or MP4 with AAC."""
    content, rate = io.BytesIO(), 48_000
    with av.open(content, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        resampler = av.AudioResampler(format=stream.codec_context.format or "flt", layout="mono", rate=rate, frame_size=960)
        samples = array.array("h", (int(8000 * math.sin(step * 0.05)) for step in range(int(rate * seconds))))
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = rate
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return content.getvalue()


PROGRAM = b"MZ\x90\x00\x03" + bytes(200)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

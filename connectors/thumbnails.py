"""Small pictures of pictures. A file may claim to be a picture of any size: nothing is decoded before its size is known."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
SIDE = 480
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class BadPicture(ValueError):
    """It cannot be decoded. `is_bomb`: it would fill the memory of whoever tries."""

    def __init__(self, *, is_bomb: bool = False) -> None:
        super().__init__("bomb" if is_bomb else "broken")
        self.is_bomb = is_bomb


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`width` and `height` are the picture's own; `content` is a WebP of at most SIDE pixels a side."""

    width: int
    height: int
    content: bytes


def thumbnail_of(file: BinaryIO, *, mime_type: str) -> Thumbnail | None:
    """None for what is no picture of ours. Raises BadPicture. The file is read from its start, and left there."""
    if mime_type not in PICTURES:
        return None
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[PICTURES[mime_type]]) as picture:
                return _made(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(is_bomb=True) from error
    except MemoryError as error:
        raise BadPicture(is_bomb=True) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        raise BadPicture from error
    finally:
        file.seek(0)


def _made(picture: Image.Image) -> Thumbnail:
    width, height = picture.size
    picture.draft("RGB", (SIDE, SIDE))  # a big JPEG is decoded small at once
    small: Image.Image = ImageOps.exif_transpose(picture)
    if small.size[0] * height != small.size[1] * width and (width > height) != (small.size[0] > small.size[1]):
        width, height = height, width
    small.thumbnail((SIDE, SIDE))
    content = io.BytesIO()
    small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(content, "WEBP", quality=75)
    return Thumbnail(width, height, content.getvalue())

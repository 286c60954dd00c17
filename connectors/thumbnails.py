"""Small pictures of pictures."""

from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

from tenants.lib.pictures import opened_picture, webp_of, with_plain_colours

SIDE = 480
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}


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
    with opened_picture(file, formats=[PICTURES[mime_type]]) as picture:
        return _made(picture)


def _made(picture: Image.Image) -> Thumbnail:
    width, height = picture.size
    picture.draft("RGB", (SIDE, SIDE))  # a big JPEG is decoded small at once
    small: Image.Image = ImageOps.exif_transpose(picture)
    if small.size[0] * height != small.size[1] * width and (width > height) != (small.size[0] > small.size[1]):
        width, height = height, width
    small.thumbnail((SIDE, SIDE))
    return Thumbnail(width, height, webp_of(with_plain_colours(small), quality=75))

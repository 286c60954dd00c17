"""Pictures from strangers. A file may claim to be a picture of any size: nothing is decoded before its size is known."""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class BadPicture(ValueError):
    """It cannot be decoded. `is_bomb`: it would fill the memory of whoever tries."""

    def __init__(self, *, is_bomb: bool = False) -> None:
        super().__init__("bomb" if is_bomb else "broken")
        self.is_bomb = is_bomb


@contextmanager
def opened_picture(file: BinaryIO, *, formats: Sequence[str]) -> Iterator[Image.Image]:
    """The picture, if it is of one of Pillow's `formats`; it is decoded by what the block does with it.

    Raises BadPicture, also for what goes wrong inside the block. The file is read from its start, and left there.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(formats)) as picture:
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise BadPicture(is_bomb=True) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        raise BadPicture from error
    finally:
        file.seek(0)


def square_of(file: BinaryIO, *, formats: Sequence[str], side: int) -> bytes:
    """The middle of the picture as a WebP of `side` by `side` pixels, upright, without what cameras write beside it. Raises BadPicture."""
    with opened_picture(file, formats=formats) as picture:
        picture.draft("RGB", (side * 2, side * 2))  # a big JPEG is decoded small at once
        square = ImageOps.fit(with_plain_colours(ImageOps.exif_transpose(picture)), (side, side))
        return webp_of(square, quality=85)


def with_plain_colours(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")


def webp_of(picture: Image.Image, *, quality: int) -> bytes:
    content = io.BytesIO()
    picture.save(content, "WEBP", quality=quality)
    return content.getvalue()

"""People's pictures: a small square, whatever was uploaded."""

from typing import BinaryIO

import structlog
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import User
from tenants.lib import filing
from tenants.lib.errors import ApplicationError
from tenants.lib.pictures import BadPicture, square_of

SIDE = 256
MOST_BYTES = 8 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

log = structlog.get_logger(__name__)


def set_avatar(user: User, *, file: BinaryIO, size_bytes: int) -> User:
    """Refused: `file_too_large` (413), `image_broken` (also what is no picture), `image_too_large` (pixels that would fill the memory)."""
    refuse_too_large(size_bytes)
    try:
        square = square_of(file, formats=FORMATS, side=SIDE)
    except BadPicture as error:
        if error.is_bomb:
            raise ApplicationError(_("This picture has too many pixels."), code="image_too_large", field="file") from error
        words = _("This is not a picture that can be read. Use a JPEG, PNG, WebP or GIF file.")
        raise ApplicationError(words, code="image_broken", field="file") from error
    kept = filing.file_away_bytes(square, extension="webp")
    try:
        return _keep(user, kept)
    except BaseException:
        filing.throw_away(kept)
        raise


def remove_avatar(user: User) -> User:
    return _keep(user, "")


def link_to_avatar(user: User) -> str:
    """For a browser: good for an hour."""
    return filing.browser_link(user.avatar.name or "", mime_type="image/webp", filename="avatar.webp", is_inline=True)


def refuse_too_large(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        words = _("The picture is too large: at most %(most)s.") % {"most": filesizeformat(MOST_BYTES)}
        raise ApplicationError(words, code="file_too_large", status=413)


@transaction.atomic
def _keep(user: User, name: str) -> User:
    old = User.objects.select_for_update().get(pk=user.pk).avatar.name
    user.avatar = name
    user.save(update_fields=["avatar"])
    events.user_changed(user)
    if old:
        transaction.on_commit(lambda: _throw_away(old))
    return user


def _throw_away(name: str) -> None:
    try:
        filing.throw_away(name)
    except Exception as error:
        log.warning("avatar_not_thrown_away", name=name, error=str(error))

"""How the bodies of requests become what services take."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from accounts.models import User
from connectors.types import ContactCard, ContactCards, Location
from tenants.lib.errors import ApplicationError
from tickets import selectors
from tickets.services.contents import Asking, Attachment, Said, TemplateChoice

T = TypeVar("T")


def valid(serializer_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    said = serializer_class(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


def named(door: Callable[[User, int], T], user: User, pk: int, *, field: str) -> T:
    """An object that the body names. What this user may not see is as unknown as what does not exist: an error of that field."""
    try:
        return door(user, pk)
    except Http404:
        raise ApplicationError(_("There is no such %(thing)s.") % {"thing": field}, code="does_not_exist", field=field) from None


def said_beyond_text(user: User, body: dict[str, Any]) -> Said | None:
    """What a MessageWriteSerializer read, apart from text."""
    above = named(selectors.media_for, user, body["media"], field="media") if body.get("media") else None
    if body.get("template"):
        return TemplateChoice(body["template"]["id"], dict(body["template"]["variables"]), above)
    if body.get("interactive"):
        return Asking(dict(body["interactive"]), above)
    if above is not None:
        return Attachment(above, kind=body.get("kind", ""))
    if body.get("location"):
        return Location(**body["location"])
    if body.get("contacts"):
        return ContactCards(tuple(ContactCard(card["name"], tuple(card["phones"]), card["company"]) for card in body["contacts"]))
    return None

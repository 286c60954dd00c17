"""Questions about connections. Everybody in a company sees its connections; managers see what went through them."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from connectors.models import Connection, Media, Template
from connectors.registry import provider_named
from connectors.tallies import FAILED, OK, THROTTLED, UNKNOWN, sends_of_last_hour
from connectors.types import Readiness
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tenants.models import Flight, Rejection, Webhook, WebhookRoute

# Meta keeps an uploaded file for 30 days.
GATEWAY_KEEPS = datetime.timedelta(days=25)
TWINS_LOOKED_AT = 10


def connections_for(user: User) -> QuerySet[Connection]:
    return Connection.objects.order_by("name", "id")


def connection_for(user: User, pk: int) -> Connection:
    return get_object_or_404(connections_for(user), pk=pk)


def health_of(connection: Connection) -> dict[str, Any]:
    """What a person looks at when a number misbehaves (the serializer names the fields)."""
    counts, facts = sends_of_last_hour(connection.pk), connection.facts
    ended = counts[OK] + counts[FAILED]
    trips = [at for at in (connection.last_ok_at, connection.last_sent_at, connection.last_inbound_at) if at is not None]
    return {
        "last_round_trip_at": max(trips, default=None),
        "silent_since": connection.silent_since,
        "sent": counts[OK],
        "failed": counts[FAILED],
        "throttled": counts[THROTTLED],
        "unknown": counts[UNKNOWN],
        "failure_rate": counts[FAILED] / ended if ended else None,
        "messages_per_second": rate_of(connection),
        "quality": str(facts.get("quality") or ""),
        "messaging_limit": str(facts.get("messaging_limit") or facts.get("daily_limit") or ""),
        "restrictions": facts.get("restrictions") or [],
    }


def rate_of(connection: Connection) -> float:
    """Messages per second: the connection's own setting, else what its gateway takes from this number."""
    return float(connection.settings.get("messages_per_second") or provider_named(connection.provider).rate(connection.facts))


def templates_of(connection: Connection) -> QuerySet[Template]:
    return connection.templates.order_by("name", "language")


def template_for(user: User, connection_pk: int, pk: int) -> Template:
    return get_object_or_404(templates_of(connection_for(user, connection_pk)).select_related("connection"), pk=pk)


def flights_for(user: User) -> QuerySet[Flight]:
    """The company's flight recorder, newest first; nothing for agents."""
    flights = Flight.objects.filter(company_id=current_company().pk).order_by("-id")
    return flights if user.is_manager else flights.none()


def flights_about(flights: QuerySet[Flight], words: str) -> QuerySet[Flight]:
    """By the gateway's id of a message (wamid) or by ours, whole."""
    return flights.filter(Q(external_id=words) | Q(our_id=words))


def flight_for(user: User, pk: int) -> Flight:
    return get_object_or_404(flights_for(user), pk=pk)


def webhook_of(flight: Flight) -> Webhook | None:
    """The raw call that a flight came from; None when it is too old to be kept."""
    if flight.webhook_id is None:
        return None
    return Webhook.objects.filter(company_id=flight.company_id, pk=flight.webhook_id).first()


def poison_for(user: User) -> QuerySet[Webhook]:
    """Webhook calls that were given up after too many failures, newest first."""
    poison = Webhook.objects.filter(company_id=current_company().pk, state=Webhook.State.POISON).order_by("-id")
    return poison if user.is_manager else poison.none()


def poison_webhook_for(user: User, pk: int) -> Webhook:
    return get_object_or_404(poison_for(user), pk=pk)


def rejections_of(connection: Connection) -> QuerySet[Rejection]:
    """How many calls for this connection were turned away, by day and reason."""
    tokens = WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection.pk).values("token")
    return Rejection.objects.filter(token__in=tokens).order_by("-day", "reason")


def uploads_of(user: User) -> QuerySet[Media]:
    """Files that this person uploaded."""
    return Media.objects.filter(author=user)


def upload_for(user: User, pk: int) -> Media:
    return get_object_or_404(uploads_of(user), pk=pk)


def readiness_of(media: Media, connection: Connection) -> Readiness:
    """Whether the file can go out through this connection now; if not, whether waiting helps."""
    if media.state == Media.State.FAILED:
        return Readiness(error_code=media.error_code, error_text=media.error_text)
    entry = media.gateway_ids.get(str(connection.pk), {})
    if entry.get("is_final"):
        return Readiness(error_code=entry["code"], error_text=entry["words"])
    if media.state != Media.State.READY or (media.is_voice and media.mime_type != "audio/ogg"):
        return Readiness()
    if not provider_named(connection.provider).capabilities.needs_upload:
        return Readiness(is_ready=True)
    if "id" not in entry or datetime.datetime.fromisoformat(entry["at"]) < now() - GATEWAY_KEEPS:
        return Readiness()
    return Readiness(is_ready=True, external_id=entry["id"])


def handed_over_before(media: Media, connection: Connection) -> dict[str, str] | None:
    """The same bytes went to this gateway already, under another row: what they are called there, while it still has them."""
    if not media.sha256:
        return None
    key = str(connection.pk)
    twins = Media.objects.filter(sha256=media.sha256, mime_type=media.mime_type, gateway_ids__has_key=key).exclude(pk=media.pk)
    for entry in (twin.gateway_ids[key] for twin in twins.order_by("-id")[:TWINS_LOOKED_AT]):
        if "id" in entry and datetime.datetime.fromisoformat(entry["at"]) > now() - GATEWAY_KEEPS:
            return {"id": entry["id"], "at": entry["at"]}
    return None

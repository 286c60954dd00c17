"""Linking WhatsApp numbers. A connection lives in its company's schema, the route that its webhooks take in public."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import differences, record, snapshot
from connectors import events
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.accounts import claim_number, release_number
from connectors.services.alerts import RESTING, alert, alert_as_it_stands
from connectors.services.links import link_for, webhook_url_of
from connectors.services.pacing import KEY as PACING
from connectors.services.pacing import careful_pacing
from connectors.types import ConnectionState, LinkState, Policy, Provider, ProviderError
from tenants.lib.addresses import canonical_phone
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Webhook, WebhookRoute
from tenants.services.plans import require_room

TOKEN_BYTES = 32
LONGEST_REASON = 300
# A number that rests so long is told to the admins.
WORTH_TELLING_SECONDS = 600
Fields = Mapping[str, Any]


@transaction.atomic
def create_connection(
    *, name: str, provider: str, by: User | None, number: str = "", credentials: Fields | None = None, settings: Fields | None = None
) -> Connection:
    """A connection that is not linked yet, with its own webhook address. Raises PlanLimit when the plan has no room."""
    if provider not in django_settings.PROVIDERS:
        raise ApplicationError(_("There is no such gateway."), code="unknown_provider", field="provider")
    require_room(current_company(), "connections", Connection.objects.count())
    connection = Connection.objects.create(
        name=_named(name),
        provider=provider,
        number=_canonical(number),
        credentials=_merged({}, credentials or {}, provider_named(provider)),
        settings=_checked(_beginning_with(provider) | dict(settings or {})),
    )
    WebhookRoute.objects.create(
        token=_new_token(),
        company=current_company(),
        connection_id=connection.pk,
        provider=provider,
        secrets=_secrets_of(connection),
    )
    record("connection.created", connection, by=by, changes=differences(connection, {"number": "", "provider": "", "credentials": {}}))
    events.connection_updated(connection)
    return connection


def _beginning_with(provider: str) -> dict[str, Any]:
    return {PACING: careful_pacing()} if provider_named(provider).capabilities.writes_carefully else {}


@transaction.atomic
def update_connection(connection: Connection, *, by: User, fields: Fields) -> Connection:
    """Change what is given (`name number credentials settings is_enabled`), keep the rest. An empty secret keeps the old one.

    A connection that is not enabled sends nothing, and its gateway's calls are refused until it is enabled again.
    """
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    was = snapshot(connection)
    if "name" in fields:
        connection.name = _named(fields["name"])
    if "number" in fields:
        connection.number = _canonical(fields["number"])
    if "credentials" in fields:
        provider = provider_named(connection.provider)
        proved = provider.identity(connection.credentials)
        connection.credentials = _merged(connection.credentials, fields["credentials"], provider)
        if provider.identity(connection.credentials) != proved:
            release_number(connection)  # until the gateway has proved the new one: connect
    if "settings" in fields:
        connection.settings = _checked({**connection.settings, **fields["settings"]})
    if "is_enabled" in fields:
        connection.is_enabled = fields["is_enabled"]
    connection.save()
    _routes_of(connection).update(secrets=_secrets_of(connection), is_enabled=connection.is_enabled)
    changes = differences(connection, was)
    if changes:
        record("connection.changed", connection, by=by, changes=changes)
    events.connection_updated(connection)
    return connection


@transaction.atomic
def delete_connection(connection: Connection, *, by: User) -> None:
    """Only one without history may go: conversations and campaigns are kept."""
    connection_id = connection.pk
    record("connection.deleted", connection, by=by)
    try:
        with transaction.atomic():
            Connection.objects.get(pk=connection_id).delete()
    except ProtectedError as error:
        raise ApplicationError(
            _("This connection has conversations or campaigns and cannot be deleted. Disable it instead."), code="in_use", status=409
        ) from error
    WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection_id).delete()
    Webhook.objects.filter(company_id=current_company().pk, connection_id=connection_id).delete()
    events.connection_deleted(connection_id)


@transaction.atomic
def rotate_token(connection: Connection, *, by: User) -> str:
    """A new webhook address; the old one is refused within seconds. Returns the new one, to be entered at the gateway."""
    _routes_of(connection).update(token=_new_token(), rotated_at=now())
    record("connection.address_renewed", connection, by=by)
    return webhook_url_of(connection)


def connect(connection: Connection, *, by: User | None) -> Connection:
    """Link the number at its gateway. Slow: it talks to the gateway. Raises ApplicationError with the gateway's own words."""
    provider = provider_named(connection.provider)
    try:
        state = provider.connect(link_for(connection, webhook_url=webhook_url_of(connection)))
    except ProviderError as error:
        if error.policy != Policy.RETRY:
            apply_state(connection, ConnectionState(LinkState.CLOSED, error.message))
        raise _refusal(error) from error
    claim_number(connection)
    Connection.objects.filter(pk=connection.pk).update(paused_until=None, alerted="", silent_since=None, last_ok_at=now())
    record("connection.linked", connection, by=by)
    return apply_state(connection, state)


def disconnect(connection: Connection, *, by: User) -> Connection:
    """Unlink the number at its gateway. It can be linked again."""
    try:
        state = provider_named(connection.provider).disconnect(link_for(connection))
    except ProviderError as error:
        raise _refusal(error) from error
    release_number(connection)
    Connection.objects.filter(pk=connection.pk).update(alerted="", silent_since=None)
    record("connection.unlinked", connection, by=by)
    return apply_state(connection, state)


def refresh_status(connection: Connection, *, by: User) -> Connection:
    """What the gateway says of the number right now, kept."""
    try:
        state = provider_named(connection.provider).status(link_for(connection))
    except ProviderError as error:
        raise _refusal(error) from error
    return apply_state(connection, state)


def try_credentials(*, connection: Connection | None, provider: str, credentials: Fields, settings: Fields, by: User) -> ConnectionState:
    """Whether the gateway takes these credentials (those not given are the connection's). Changes nothing."""
    if provider not in django_settings.PROVIDERS:
        raise ApplicationError(_("There is no such gateway."), code="unknown_provider", field="provider")
    vendor = provider_named(provider)
    trial = Connection(
        pk=connection.pk if connection else 0,
        provider=provider,
        credentials=_merged(connection.credentials if connection else {}, credentials, vendor),
        settings=_checked({**(connection.settings if connection else {}), **settings}),
    )
    try:
        return vendor.status(link_for(trial))
    except ProviderError as error:
        raise _refusal(error) from error


@transaction.atomic
def apply_state(connection: Connection, state: ConnectionState) -> Connection:
    """What the gateway says of the number: state and reason replace, facts are added to. Browsers are told."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if state.state is not None and state.state.value != row.state:
        row.state = state.state.value
        row.state_changed_at = now()
    if state.state is not None or state.reason:
        row.state_reason = state.reason[:LONGEST_REASON]
    row.facts = {**row.facts, **state.facts}
    row.paused_until = _later_of(row.paused_until, state.rest_until)
    row.no_campaigns_until = _later_of(row.no_campaigns_until, state.no_campaigns_until)
    row.save(update_fields=["state", "state_reason", "state_changed_at", "facts", "paused_until", "no_campaigns_until"])
    events.connection_updated(row)
    if state.no_campaigns_until is not None:
        announce("connection.restricted", connection_id=row.pk)
    return row


@transaction.atomic
def heed_state(connection: Connection, state: ConnectionState) -> Connection:
    """The same for what comes by itself: nothing is said of what was known, and admins are told of what they should know."""
    before = Connection.objects.select_for_update().get(pk=connection.pk)
    if _is_known(before, state):
        return before
    row = apply_state(connection, state)
    alert_as_it_stands(before, row)
    return row


def _is_known(row: Connection, state: ConnectionState) -> bool:
    return (
        (state.state is None or (state.state.value == row.state and state.reason[:LONGEST_REASON] == row.state_reason))
        and (state.state is not None or not state.reason)
        and all(row.facts.get(name) == value for name, value in state.facts.items())
        and state.rest_until is None
        and state.no_campaigns_until is None
    )


@transaction.atomic
def pause_sending(connection: Connection, *, reason: str, seconds: float) -> None:
    """Nothing is sent through this number for so long; what waits is kept. A longer pause is not shortened."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    until = now() + datetime.timedelta(seconds=seconds)
    row.paused_until = max(row.paused_until or until, until)
    row.state_reason = reason[:LONGEST_REASON]
    row.save(update_fields=["paused_until", "state_reason"])
    events.connection_updated(row)
    if seconds >= WORTH_TELLING_SECONDS:
        alert(row, RESTING, reason=row.state_reason)


@transaction.atomic
def resume_sending(connection: Connection, *, by: User) -> Connection:
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if row.paused_until is not None or row.health_rest_until is not None:
        record("connection.sending_resumed", row, by=by)
    row.paused_until, row.state_reason = None, ""
    if row.rests_from_writing_first:
        row.health_since = now()
    row.health_rest_until, row.health_rest_reason = None, ""
    row.save(update_fields=["paused_until", "state_reason", "health_since", "health_rest_until", "health_rest_reason"])
    events.connection_updated(row)
    announce("connection.resumed", connection_id=row.pk)
    return row


def _later_of(known: datetime.datetime | None, given: datetime.datetime | None) -> datetime.datetime | None:
    return max((moment for moment in (known, given) if moment), default=None)


def _routes_of(connection: Connection):  # type: ignore[no-untyped-def]
    return WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection.pk)


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _named(name: str) -> str:
    if not name.strip():
        raise ApplicationError(_("Give the connection a name."), code="required", field="name")
    return name.strip()


def _canonical(number: str) -> str:
    if not number.strip():
        return ""
    try:
        return canonical_phone(number, region=current_company().country)
    except ValueError as error:
        raise ApplicationError(str(error), code="invalid_phone", field="number") from error


def _merged(old: Fields, given: Fields, provider: Provider) -> dict[str, str]:
    """Browsers never see secrets, so a form that leaves one empty means the one we have."""
    unknown = sorted(set(given) - set(provider.credential_fields))
    if unknown:
        raise ApplicationError(
            _("%(provider)s has no credential “%(field)s”.") % {"provider": provider.label, "field": unknown[0]},
            code="unknown_field",
            field="credentials",
        )
    changed = {name: str(value or "").strip() for name, value in given.items() if value or name not in provider.secret_fields}
    return {**old, **changed}


def _secrets_of(connection: Connection) -> dict[str, str]:
    """What the webhook door needs to know a true call from a false one."""
    secret_fields = provider_named(connection.provider).secret_fields
    return {name: connection.credentials[name] for name in secret_fields if connection.credentials.get(name)}


def _checked(settings: Fields) -> dict[str, Any]:
    rate = settings.get("messages_per_second")
    if rate not in (None, "") and not (isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate <= 10_000):
        raise ApplicationError(_("Messages per second must be a number above 0."), code="invalid_rate", field="settings")
    return {name: value for name, value in settings.items() if value not in (None, "")}


def _refusal(error: ProviderError) -> ApplicationError:
    status = 503 if error.policy == Policy.RETRY else 400
    return ApplicationError(error.message, code=f"gateway_{error.code}", status=status)

"""Asking gateways how their numbers are, when nothing else tells: liveness is the last successful round trip, not the last event."""

import datetime

import structlog
from django.conf import settings

from connectors import statements
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.accounts import claim_number
from connectors.services.alerts import DROPPED, UNREACHABLE, alert, all_clear
from connectors.services.connections import heed_state
from connectors.services.links import link_for
from connectors.types import ConnectionState, LinkState, Policy, ProviderError
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later_for
from tenants.lib.tenancy import current_company
from tenants.models import WebhookRoute

MOST_AT_ONCE = 500
# Asked again so soon when it did not answer: the second silence is told.
AGAIN_SECONDS = 15

log = structlog.get_logger(__name__)


def order_checks() -> int:
    """A task for each linked number whose turn it is; of several clocks one takes each turn. Returns how many."""
    providers = [name for name in settings.PROVIDERS if provider_named(name).capabilities.is_asked]
    next_at = now() + datetime.timedelta(seconds=settings.HEALTH_CHECK_SECONDS)
    due = statements.take_checks(providers=providers, now=now(), next_at=next_at, most=MOST_AT_ONCE)
    for company_id, connection_id in due:
        later_for(company_id, "connectors.check_connection", connection_id)
    return len(due)


def check_connection(connection_id: int) -> None:
    """Ask, unless the number has just worked. A refusal closes the connection; silence, twice in a row, is told to the admins."""
    connection = Connection.objects.filter(pk=connection_id, is_enabled=True).first()
    if connection is None or not _is_worth_asking(connection):
        return
    try:
        state = provider_named(connection.provider).status(link_for(connection))
    except ProviderError as error:
        _refused(connection, error)
        return
    Connection.objects.filter(pk=connection.pk).update(last_ok_at=now(), silent_since=None)
    heed_state(connection, state)
    all_clear(connection)
    _claim(connection)


def _refused(connection: Connection, error: ProviderError) -> None:
    if error.policy in (Policy.RETRY, Policy.UNKNOWN):
        _silent(connection, error)
    elif error.policy in (Policy.BACK_OFF_ACCOUNT, Policy.BACK_OFF_NUMBER):
        log.info("health_check_throttled", connection_id=connection.pk, code=error.code)
    else:
        heed_state(connection, ConnectionState(LinkState.CLOSED, error.message))
        _ask_again_in(connection, settings.HEALTH_REFRESH_SECONDS)


def _silent(connection: Connection, error: ProviderError) -> None:
    log.warning("gateway_silent", connection_id=connection.pk, code=error.code)
    if Connection.objects.filter(pk=connection.pk, silent_since=None).update(silent_since=now()):
        _ask_again_in(connection, AGAIN_SECONDS)
        return
    alert(connection, UNREACHABLE)


def _ask_again_in(connection: Connection, seconds: float) -> None:
    WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection.pk).update(
        check_at=now() + datetime.timedelta(seconds=seconds)
    )


def _is_worth_asking(connection: Connection) -> bool:
    """A linked number that has not just worked; and one that was lost by itself, which may come back the same way."""
    if connection.state == LinkState.CONNECTED:
        return not _has_just_worked(connection)
    return connection.state == LinkState.CLOSED and connection.alerted == DROPPED


def _has_just_worked(connection: Connection) -> bool:
    """Somebody wrote, or a message was taken, since the last turn: no need to ask. Quality and limits are asked for now and then."""
    recent = now() - datetime.timedelta(seconds=settings.HEALTH_CHECK_SECONDS)
    asked = connection.last_ok_at
    is_known = asked is not None and asked > now() - datetime.timedelta(seconds=settings.HEALTH_REFRESH_SECONDS)
    worked = [at for at in (connection.last_sent_at, connection.last_inbound_at) if at is not None]
    return is_known and connection.silent_since is None and any(at > recent for at in worked)


def _claim(connection: Connection) -> None:
    """Numbers that were linked before calls were brought by number."""
    if WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection.pk, external_id="").exists():
        try:
            claim_number(connection)
        except ApplicationError as error:
            log.warning("number_not_claimed", connection_id=connection.pk, error=str(error))

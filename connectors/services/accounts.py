"""Numbers of one account, and calls that came to the wrong one of them.

A vendor's app has one webhook address, an account several numbers: what arrives at a connection may be about its sisters.
"""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from connectors.models import Connection
from connectors.registry import provider_named
from connectors.types import ConnectionState, TemplateState
from connectors.waking import wake_inboxes
from tenants.lib.addresses import canonical_wa_id
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Webhook, WebhookRoute


def claim_number(connection: Connection) -> None:
    """The gateway has proved that the number is this connection's: calls about it are brought here, whatever door they come in by.

    Raises ApplicationError (409 number_taken) when another connection, of whatever company, has it already.
    """
    identity = provider_named(connection.provider).identity(connection.credentials)
    try:
        with transaction.atomic():
            _route_of(connection).update(external_id=identity.number_id, account_id=identity.account_id)
    except IntegrityError:
        words = _("This number is linked by another connection already. Disconnect it there first.")
        raise ApplicationError(words, code="number_taken", field="credentials", status=409) from None


def release_number(connection: Connection) -> None:
    _route_of(connection).update(external_id="", account_id="")


def connections_concerned(connection: Connection, event: ConnectionState | TemplateState) -> list[Connection]:
    """Whom the event is about: the connection it came for, the sister that has the number it names, or all of the account."""
    if isinstance(event, ConnectionState) and not event.is_account and not event.number:
        return [connection]
    numbers = numbers_of_account(connection)
    if not isinstance(event, ConnectionState) or event.is_account or len(numbers) == 1:
        return numbers
    named = _digits(event.number)
    return [number for number in numbers if named in (_digits(number.number), _digits(str(number.facts.get("display_phone_number", ""))))]


def numbers_of_account(connection: Connection) -> list[Connection]:
    """The company's connections to the same account of the gateway, this one first."""
    account = provider_named(connection.provider).identity(connection.credentials).account_id
    if not account:
        return [connection]
    routes = WebhookRoute.objects.filter(company_id=current_company().pk, provider=connection.provider, account_id=account)
    sisters = Connection.objects.filter(pk__in=list(routes.values_list("connection_id", flat=True))).exclude(pk=connection.pk)
    return [connection, *sisters.order_by("pk")]


def bring_to_its_own(connection: Connection, portions: Mapping[str, bytes]) -> int:
    """Put what is about other numbers of this company into their lanes; how many calls. What nobody has is left where it was found."""
    routes = WebhookRoute.objects.filter(
        company_id=current_company().pk, provider=connection.provider, external_id__in=list(portions), is_enabled=True
    ).exclude(connection_id=connection.pk)
    calls = [
        Webhook(
            company_id=current_company().pk,
            connection_id=route.connection_id,
            provider=connection.provider,
            body=portions[route.external_id],
        )
        for route in routes
    ]
    Webhook.objects.bulk_create(calls)
    if calls:
        wake_inboxes({current_company().pk})
    return len(calls)


def _route_of(connection: Connection):  # type: ignore[no-untyped-def]
    return WebhookRoute.objects.filter(company_id=current_company().pk, connection_id=connection.pk)


def _digits(number: str) -> str:
    """The same person's or company's number is spelled in several ways; Brazil's ninth digit may be missing."""
    digits = "".join(filter(str.isdecimal, number))
    return canonical_wa_id(f"+{digits}") if digits else ""

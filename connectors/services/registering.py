"""Numbers on their way to a gateway: chosen from an account, proved by a code, registered with a PIN; or lent by Embedded Signup."""

import re
from typing import Any, cast

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.connections import Fields, connect, create_connection
from connectors.services.links import gateway_s_words, link_for
from connectors.types import NumberInfo, NumberRegistrar
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import WebhookRoute

SIGN_UP_PROVIDER = "cloud_api"
SIGN_UP_SECONDS = 3600
PIN = re.compile(r"\A[0-9]{6}\Z")
METHODS = ("SMS", "VOICE")


def numbers_of_account(*, provider: str, credentials: Fields, by: User) -> list[NumberInfo]:
    """What may be linked with these credentials."""
    with gateway_s_words():
        return _registrar(provider).numbers(credentials)


def request_code(connection: Connection, *, method: str, language: str, by: User) -> None:
    """The code goes to the number itself; whoever reads it there proves that it is theirs."""
    if method not in METHODS:
        raise ApplicationError(_("Choose SMS or a call."), code="invalid_method", field="method")
    with gateway_s_words():
        _registrar(connection.provider).request_code(link_for(connection), method=method, language=language)


def verify_code(connection: Connection, *, code: str, by: User) -> None:
    digits = re.sub(r"[\s-]", "", code)
    if not digits.isdecimal():
        raise ApplicationError(_("The code has digits only."), code="invalid_code", field="code")
    with gateway_s_words():
        _registrar(connection.provider).verify_code(link_for(connection), digits)


def register(connection: Connection, *, pin: str, by: User) -> Connection:
    """Bring the number to the gateway, then link it. The PIN is the number's second factor: whoever loses it waits for Meta's help."""
    if not PIN.match(pin):
        raise ApplicationError(_("The PIN has six digits."), code="invalid_pin", field="pin")
    with gateway_s_words():
        _registrar(connection.provider).register(link_for(connection), pin)
    record("connection.registered", connection, by=by)
    return connect(connection, by=by)


def begin_sign_up(*, by: User, host: str) -> str:
    """The address at Meta where a person lends an account of theirs. They come back to the SPA with a code and our `state`: to the one
    address that Meta knows, and from there to `host`, where they are logged in."""
    if not (settings.META_APP_ID and settings.META_APP_SECRET and settings.META_CONFIG_ID):
        words = _("The platform has no Meta app. Enter the credentials of your own app instead.")
        raise ApplicationError(words, code="sign_up_unavailable", status=409)
    return _registrar(SIGN_UP_PROVIDER).sign_up_url(redirect_uri=_redirect_uri(), state=_signer().sign(f"{_whose(by)}@{host}"))


def finish_sign_up(*, code: str, state: str, by: User) -> list[Connection]:
    """A connection for each number of the lent account that has none yet, linked where Meta lets it; those that are not say why."""
    _check_state(state, by)
    registrar = _registrar(SIGN_UP_PROVIDER)
    with gateway_s_words():
        credentials = dict(registrar.sign_up(code=code, redirect_uri=_redirect_uri()))
        numbers = registrar.numbers(credentials)
    linked = set(WebhookRoute.objects.filter(provider=SIGN_UP_PROVIDER).exclude(external_id="").values_list("external_id", flat=True))
    fresh = [number for number in numbers if number.identity.number_id not in linked]
    if not fresh:
        raise ApplicationError(_("Every number of this account is linked already."), code="numbers_linked", status=409)
    return [_linked(number, credentials, by) for number in fresh]


def _linked(number: NumberInfo, credentials: dict[str, Any], by: User) -> Connection:
    connection = create_connection(
        name=(number.name or number.number)[:80],
        provider=SIGN_UP_PROVIDER,
        number=_spelled(number.number),
        credentials=credentials | {"phone_number_id": number.identity.number_id},
        by=by,
    )
    try:
        return connect(connection, by=by)
    except ApplicationError:
        return Connection.objects.get(pk=connection.pk)  # its state says what is missing


def _spelled(number: str) -> str:
    """As we spell it; empty for one that no country's plan knows (Meta's test numbers): the gateway's spelling stays in the facts."""
    try:
        return canonical_phone(number)
    except ValueError:
        return ""


def _registrar(provider: str) -> NumberRegistrar:
    if provider not in settings.PROVIDERS or not provider_named(provider).capabilities.registers_numbers:
        raise ApplicationError(_("Numbers of this gateway are not registered here."), code="no_registration", field="provider")
    return cast(NumberRegistrar, provider_named(provider))


def _redirect_uri() -> str:
    return f"{settings.PUBLIC_URL}/app/connections/signup"


def _check_state(state: str, by: User) -> None:
    """The code must have been asked for by this person, in this company: somebody else's code would link somebody else's account."""
    try:
        whose, _at, _host = _signer().unsign(state, max_age=SIGN_UP_SECONDS).partition("@")
        is_theirs = whose == _whose(by)
    except SignatureExpired:
        raise ApplicationError(_("This took too long. Begin again."), code="sign_up_expired", field="state") from None
    except BadSignature:
        is_theirs = False
    if not is_theirs:
        raise ApplicationError(_("This sign-up was begun by somebody else. Begin again."), code="sign_up_state", field="state")


def host_of_sign_up(state: str) -> str:
    """Where it was begun; empty for a state that is not ours."""
    try:
        return _signer().unsign(state).partition("@")[2]
    except BadSignature:
        return ""


def _whose(user: User) -> str:
    return f"{current_company().pk}-{user.pk}"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="connectors.sign_up")

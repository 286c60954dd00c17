"""How often a password may be guessed: counted in Valkey per account and per address, over a fixed window."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants.lib import valkey
from tenants.lib.errors import ApplicationError
from tenants.lib.rates import count
from tenants.services.logins import email_digest


class TooManyAttempts(ApplicationError):
    def __init__(self, retry_after_seconds: int, *, is_first: bool = False) -> None:
        super().__init__(_("Too many attempts. Wait a few minutes and try again."), code="throttled", status=429)
        self.retry_after_seconds = retry_after_seconds
        # Whether the account's limit was crossed just now: what is told once, however often it is tried.
        self.is_first = is_first


def count_attempt(*, email: str, address: str | None) -> None:
    """Count before the password is looked at, so that parallel guesses are counted too. Raises TooManyAttempts."""
    account_key, address_key = _keys(email, address)
    by_account, by_address = count(account_key, address_key, window_seconds=settings.LOGIN_WINDOW_SECONDS)
    if by_account.number > settings.LOGIN_ATTEMPTS_PER_ACCOUNT:
        raise TooManyAttempts(by_account.resets_in, is_first=by_account.number == settings.LOGIN_ATTEMPTS_PER_ACCOUNT + 1)
    if by_address.number > settings.LOGIN_ATTEMPTS_PER_ADDRESS:
        raise TooManyAttempts(by_address.resets_in)


def forget_attempts(*, email: str, address: str | None) -> None:
    """The password was right: the account starts anew, and the attempt does not weigh on an address that many share."""
    account_key, address_key = _keys(email, address)
    with valkey.client().pipeline() as pipe:
        pipe.delete(account_key)
        pipe.decr(address_key)
        pipe.execute()


def _keys(email: str, address: str | None) -> tuple[str, str]:
    return f"recado:login:account:{email_digest(email)}", f"recado:login:address:{address or 'unknown'}"

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
    most = settings.LOGIN_ATTEMPTS_PER_ACCOUNT, settings.LOGIN_ATTEMPTS_PER_ADDRESS
    _count(_keys("login", email, address), most=most, window_seconds=settings.LOGIN_WINDOW_SECONDS)


def count_reset_request(*, email: str, address: str | None) -> None:
    """Nobody fills a stranger's mailbox, or asks for many. The same for addresses that nobody has. Raises TooManyAttempts."""
    most = settings.PASSWORD_RESETS_PER_ACCOUNT, settings.PASSWORD_RESETS_PER_ADDRESS
    _count(_keys("reset", email, address), most=most, window_seconds=settings.PASSWORD_RESET_WINDOW_SECONDS)


def forget_attempts(*, email: str, address: str | None) -> None:
    """The password was right: the account starts anew, and the attempt does not weigh on an address that many share."""
    account_key, address_key = _keys("login", email, address)
    with valkey.client().pipeline() as pipe:
        pipe.delete(account_key)
        pipe.decr(address_key)
        pipe.execute()


def _count(keys: tuple[str, str], *, most: tuple[int, int], window_seconds: int) -> None:
    by_account, by_address = count(*keys, window_seconds=window_seconds)
    if by_account.number > most[0]:
        raise TooManyAttempts(by_account.resets_in, is_first=by_account.number == most[0] + 1)
    if by_address.number > most[1]:
        raise TooManyAttempts(by_address.resets_in)


def _keys(what: str, email: str, address: str | None) -> tuple[str, str]:
    return f"recado:{what}:account:{email_digest(email)}", f"recado:{what}:address:{address or 'unknown'}"

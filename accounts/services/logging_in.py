"""From e-mail and password to a session, at a company's own host or at the shared one."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.models import LoginSession, User
from accounts.selectors import user_by_email
from accounts.services.auditing import record, record_of_stranger
from accounts.services.login_limits import TooManyAttempts, count_attempt, forget_attempts
from accounts.services.sessions import open_session
from accounts.tokens import access_token, refresh_token
from accounts.types import CompanyChoice, Device
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.logins import companies_with_login


class WrongCredentials(ApplicationError):
    """The same for an unknown e-mail, a wrong password, another company and somebody who left."""

    def __init__(self) -> None:
        super().__init__(_("E-mail or password is wrong."), code="wrong_credentials", status=401)


class ChooseCompany(ApplicationError):
    """The password opens more than one company."""

    def __init__(self, choices: list[CompanyChoice]) -> None:
        super().__init__(_("Choose the company to log into."), code="choose_company", status=409)
        self.choices = choices


@dataclass(frozen=True)
class LoggedIn:
    company: Company
    user: User
    session: LoginSession
    access: str
    refresh: str


def log_in(*, email: str, password: str, host_company: Company | None, slug: str, device: Device) -> LoggedIn:
    """`host_company` is the company whose host was called, None on the shared host; `slug` narrows the search there.

    Raises WrongCredentials, ChooseCompany, TooManyAttempts, or ApplicationError `company_suspended`.
    """
    candidates = [host_company] if host_company else companies_with_login(email)
    if slug:
        candidates = [company for company in candidates if company.slug == slug]
    try:
        count_attempt(email=email, address=device.address)
    except TooManyAttempts as refusal:
        if refusal.is_first:
            _record_refusal(candidates, email=email)
        raise
    matching = _opened_by(candidates, email=email, password=password)
    if not matching:
        raise WrongCredentials()
    forget_attempts(email=email, address=device.address)
    active = [company for company in matching if company.is_active]
    if not active:
        raise ApplicationError(_("This company is suspended. Ask its owner or the platform."), code="company_suspended", status=403)
    if len(active) > 1:
        raise ChooseCompany([CompanyChoice(slug=company.slug, name=company.name) for company in active])
    return _open(active[0], email=email, device=device)


def _opened_by(companies: list[Company], *, email: str, password: str) -> list[Company]:
    """An unknown e-mail costs one hash like a known one, so that the time taken tells nothing."""
    if not companies:
        make_password(password)
    opened = []
    for company in companies:
        with enter(company):
            user = user_by_email(email)
            if user is None:
                make_password(password)
            elif user.check_password(password) and user.is_active:
                opened.append(company)
            else:
                record_of_stranger("login.failed", user)
    return opened


def _record_refusal(companies: list[Company], *, email: str) -> None:
    """Once for each time that an account is locked, so that nobody fills the log by trying on."""
    for company in companies:
        with enter(company):
            user = user_by_email(email)
            if user is not None:
                record_of_stranger("login.refused", user)


def _open(company: Company, *, email: str, device: Device) -> LoggedIn:
    with enter(company):
        user = user_by_email(email)
        if user is None or not user.is_active:
            raise WrongCredentials()
        session = open_session(user, device=device)
        user.last_login = session.created_at
        user.save(update_fields=["last_login"])
        record("login.succeeded", user, by=user, device=device.user_agent[:200])
    return LoggedIn(
        company=company, user=user, session=session, access=access_token(company, session), refresh=refresh_token(company, session)
    )

"""Making, suspending and dropping companies."""

import zoneinfo
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.utils import OperationalError, ProgrammingError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import tenant_context
from psycopg import errors as pg
from redis.exceptions import RedisError

from tenants.lib.clock import now
from tenants.lib.directory import forget_companies
from tenants.lib.errors import ApplicationError
from tenants.lib.realtime import forget_frames
from tenants.lib.tenancy import current_company, enter, enter_public, in_transaction, is_inside_company
from tenants.models import PLATFORM, Answer, Company, Domain, Flight, Outbox, Plan, Timer, Webhook, validate_slug
from tenants.rendering import replay
from tenants.services.images import current_image
from tenants.types import CompanyDeed, Founding

LOCK_WAIT_MS = 10_000

log = structlog.get_logger(__name__)


def create_company(
    *,
    name: str,
    slug: str,
    admin_email: str,
    admin_name: str = "",
    admin_password: str = "",
    plan: Plan | None = None,
    timezone: str = "UTC",
    locale: str = "en",
    by: Any = None,
) -> Company:
    """The company, its schema, its host name and its first administrator: all of it or nothing.

    Who else must act within the founding is listed in `settings.COMPANY_FOUNDERS` (each called with a Founding).
    Raises ApplicationError: invalid_slug, reserved_slug, slug_taken (409), invalid_email, invalid_timezone, invalid_locale.
    """
    if slug == PLATFORM:
        raise ApplicationError(_("This short name is reserved."), code="reserved_slug", field="slug")
    try:
        validate_email(admin_email)
    except ValidationError:
        raise ApplicationError(_("This is not an e-mail address."), code="invalid_email", field="admin_email")
    company = Company(schema_name=slug, name=name, plan=plan, timezone=timezone, locale=locale)
    _found(company, admin_email=admin_email, admin_name=admin_name, admin_password=admin_password)
    log.info("company_created", slug=slug, company_id=company.pk, by=str(by))
    return company


def create_platform_company() -> Company:
    """The company of the platform's own staff, once; nobody is in it yet."""
    existing = Company.objects.filter(schema_name=PLATFORM).first()
    if existing is not None:
        return existing
    company = Company(schema_name=PLATFORM, name="Recado")
    _found(company)
    return company


def change_company(company: Company, *, name: str, plan: Plan | None, timezone: str, locale: str, by: Any) -> Company:
    """Raises ApplicationError like `create_company`. The slug stays what it is."""
    stored = Company.objects.select_related("plan").get(pk=company.pk)
    company.name, company.plan, company.timezone, company.locale = name, plan, timezone, locale
    _check(company)
    # By query: the library refuses to save a company from inside another one's schema, and staff work in theirs.
    Company.objects.filter(pk=company.pk).update(name=name, plan=plan, timezone=timezone, locale=locale)
    forget_companies()
    changes = {field: (getattr(stored, field), getattr(company, field)) for field in ("name", "timezone", "locale")}
    changes["plan"] = (stored.plan and stored.plan.name, plan and plan.name)
    _tell_watchers(company, "changed", changes=changes, by=by)
    return company


def suspend_company(company: Company, *, by: Any) -> bool:
    """Close the company's doors; its webhooks are kept for later. Whether this call did it."""
    return _move(company, Company.State.ACTIVE, Company.State.SUSPENDED, suspended_at=now(), deed="suspended", by=by)


def resume_company(company: Company, *, by: Any) -> bool:
    """Open the doors again; what came meanwhile is worked off. Whether this call did it."""
    return _move(company, Company.State.SUSPENDED, Company.State.ACTIVE, suspended_at=None, deed="resumed", by=by)


def drop_company(*, slug: str, confirm: str, by: Any) -> None:
    """Destroy the company and all that it holds. The slug is typed twice. What stays is a row that says it was there.

    Raises ApplicationError: confirmation_mismatch, not_found (404), platform_stays, busy (409; ask again).
    """
    if slug != confirm:
        raise ApplicationError(_("Type the company's short name again to destroy it."), code="confirmation_mismatch", field="confirm")
    if slug == PLATFORM:
        raise ApplicationError(_("The platform itself cannot be destroyed."), code="platform_stays")
    company = Company.objects.filter(schema_name=slug).first()
    if company is None:
        raise ApplicationError(_("There is no such company."), code="not_found", status=404)
    # Committed first, so that every door is closed before anything is torn down.
    Company.objects.filter(pk=company.pk).update(state=Company.State.DELETED, deleted_at=now())
    forget_companies()
    try:
        with enter_public(), transaction.atomic():
            _tear_down(company)
    except OperationalError as error:
        raise ApplicationError(_("Somebody is still working in this company. Try again."), code="busy", status=409) from error
    _forget_frames(company)
    log.info("company_dropped", slug=slug, company_id=company.pk, by=str(by))


def _found(company: Company, *, admin_email: str = "", admin_name: str = "", admin_password: str = "") -> None:
    _check(company)
    founding = Founding(company=company, admin_email=admin_email.strip(), admin_name=admin_name, admin_password=admin_password)
    with enter_public():
        image = current_image()
        try:
            with transaction.atomic():
                company.save()
                Domain.objects.create(tenant=company, domain=f"{company.slug}.{settings.BASE_DOMAIN}", is_primary=True)
                replay(image.sql, company.slug)
                # Not `enter`: this is the one place where a schema is entered within a transaction, since it exists only there.
                with tenant_context(company):
                    for path in settings.COMPANY_FOUNDERS:
                        import_string(path)(founding)
        except (ValidationError, IntegrityError, ProgrammingError) as error:
            if _is_about_the_slug(error, company):
                raise ApplicationError(_("This short name is taken."), code="slug_taken", field="slug", status=409) from error
            raise
    _forget_frames(company)
    forget_companies()


def _check(company: Company) -> None:
    try:
        validate_slug(company.slug)
    except ValidationError as error:
        raise ApplicationError(error.messages[0], code=error.code or "invalid_slug", field="slug") from error
    if not company.name.strip():
        raise ApplicationError(_("A company needs a name."), code="name_required", field="name")
    if company.timezone not in zoneinfo.available_timezones():
        raise ApplicationError(_("This time zone does not exist."), code="invalid_timezone", field="timezone")
    if company.locale not in dict(settings.LANGUAGES):
        raise ApplicationError(_("This language is not offered."), code="invalid_locale", field="locale")


def _is_about_the_slug(error: Exception, company: Company) -> bool:
    """The row, the host name or the schema was there already. Anything else is a bug and must be seen."""
    if isinstance(error, ValidationError):
        return True
    if isinstance(error.__cause__, pg.DuplicateSchema):
        return True
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", "")
    return isinstance(error, IntegrityError) and table in {"tenants_company", "tenants_domain", "pg_namespace"}


def _move(company: Company, source: str, target: str, *, suspended_at: Any, deed: str, by: Any) -> bool:
    if company.is_platform:
        raise ApplicationError(_("The platform itself stays open."), code="platform_stays")
    moved = Company.objects.filter(pk=company.pk, state=source).update(state=target, suspended_at=suspended_at)
    company.refresh_from_db()
    forget_companies()
    if moved:
        _tell_watchers(company, deed, changes={}, by=by)
    return bool(moved)


def _tell_watchers(company: Company, name: str, *, changes: dict[str, tuple[Any, Any]], by: Any) -> None:
    """Who keeps the company's own log writes it in the company's schema, wherever the deed was done; the admin does it in a transaction."""
    is_by_platform = not is_inside_company() or current_company().pk != company.pk
    deed = CompanyDeed(company=company, name=name, changes=changes, by=by, is_by_platform=is_by_platform)

    def tell() -> None:
        with enter(company):
            for path in settings.COMPANY_WATCHERS:
                import_string(path)(deed)

    if in_transaction():
        transaction.on_commit(tell)
    else:
        tell()


def _tear_down(company: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}")
        # What this transaction wrote into the schema (its audit log) is looked at now: a table with open questions cannot be dropped.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'DROP SCHEMA IF EXISTS "{company.slug}" CASCADE')
    for model in (Webhook, Timer, Outbox, Flight, Answer):
        model.objects.filter(company_id=company.pk).delete()
    company.domains.all().delete()
    company.logins.all().delete()
    company.webhook_routes.all().delete()
    # The name is free again; the row remembers that there was a company, and keeps its id from being used twice.
    Company.objects.filter(pk=company.pk).update(schema_name=f"dropped_{company.pk}")


def _forget_frames(company: Company) -> None:
    try:
        forget_frames(company)
    except RedisError as error:
        log.warning("frames_not_forgotten", company=company.slug, error=str(error))

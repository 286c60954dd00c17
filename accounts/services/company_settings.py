"""What a company's admins may say about their company, and what the log of it says when the platform does."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

from accounts.models import User
from accounts.permissions import require
from accounts.services.auditing import changed, record, record_of_staff
from tenants.models import Company
from tenants.services.companies import change_company
from tenants.types import CompanyDeed

OPEN_TO_ADMINS = ("name", "timezone", "locale")


def change_own_company(company: Company, *, fields: Mapping[str, Any], by: User) -> Company:
    """Its name, time zone and language. Raises NotAllowed, or ApplicationError: name_required, invalid_timezone, invalid_locale."""
    require(by, "company.manage")
    wanted = {name: fields.get(name, getattr(company, name)) for name in OPEN_TO_ADMINS}
    return change_company(company, plan=company.plan, by=by, **wanted)


def company_was_changed(deed: CompanyDeed) -> None:
    """Called inside the company whatever happened to it, whoever did it: one of its own admins, or the platform's staff."""
    changes = [change for name, (before, after) in deed.changes.items() for change in changed(Company, name, before, after)]
    if deed.name == "changed" and not changes:
        return
    if deed.is_by_platform:
        record_of_staff(f"company.{deed.name}", deed.company, name=_name_of(deed.by), changes=changes)
        return
    record(f"company.{deed.name}", deed.company, by=deed.by, changes=changes)


def _name_of(by: object) -> str:
    return "" if by is None or isinstance(by, Promise) else str(by)

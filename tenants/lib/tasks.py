"""The worker's door. A company task enters the company named in its message's header, and refuses to run without one."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog
from celery import Task, shared_task

from tenants.lib.directory import company_by_id
from tenants.lib.tenancy import NoCompany, current_company, enter, enter_public
from tenants.models import Company

COMPANY_HEADER = "company"

log = structlog.get_logger(__name__)


class CompanyTask(Task):
    abstract = True
    needs_company = True

    def __call__(self, *args: Any) -> Any:
        if self.request.called_directly:
            current_company()
            return self.run(*args)
        company_id = (self.request.headers or {}).get(COMPANY_HEADER)
        if company_id is None:
            raise NoCompany(f"{self.name} was sent without a company.")
        company = company_by_id(company_id)
        if company is None or not company.is_active:
            # A task is a hint: what it pointed at is swept when the company is back.
            log.info("task_skipped_company_inactive", task=self.name, company_id=company_id)
            return None
        with structlog.contextvars.bound_contextvars(task=self.name, task_id=self.request.id), enter(company):
            return self.run(*args)


class PublicTask(Task):
    abstract = True
    needs_company = False

    def __call__(self, *args: Any) -> Any:
        with structlog.contextvars.bound_contextvars(task=self.name, task_id=self.request.id), enter_public():
            return self.run(*args)


def task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A task of one company. Called in the process (tests), it runs in the company already entered."""
    return shared_task(name=name, queue=queue, base=CompanyTask)


def public_task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A task over all companies, in the public schema: sweeps. Enter each company with `each_company()`."""
    return shared_task(name=name, queue=queue, base=PublicTask)


def each_company() -> Iterator[Company]:
    """Every active company (the platform's own left out), entered while it is yielded. One company's failure is the caller's to catch."""
    for company in Company.objects.filter(state=Company.State.ACTIVE).exclude(schema_name="platform").select_related("plan").order_by("id"):
        with enter(company):
            yield company

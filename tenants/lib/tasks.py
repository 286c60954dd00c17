"""The worker's door. A company task enters the company named in its message's header, and refuses to run without one."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog
from celery import Task, current_app, shared_task
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from tenants.lib.directory import company_by_id
from tenants.lib.tenancy import NoCompany, current_company, enter, enter_public
from tenants.models import Company

COMPANY_HEADER = "company"

log = structlog.get_logger(__name__)


class UnknownTask(LookupError):
    """No task of this name is registered."""


class CompanyTask(Task):
    abstract = True
    needs_company = True
    queue_name = ""

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
        # What a worker writes down for people (why a send failed) is in their company's language.
        with (
            structlog.contextvars.bound_contextvars(task=self.name, task_id=self.request.id),
            translation.override(company.locale),
            enter(company),
        ):
            return self.run(*args)


class PublicTask(Task):
    abstract = True
    needs_company = False
    queue_name = ""

    def __call__(self, *args: Any) -> Any:
        with structlog.contextvars.bound_contextvars(task=self.name, task_id=self.request.id), enter_public():
            return self.run(*args)


def task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A task of one company. Called in the process (tests), it runs in the company already entered."""
    return shared_task(name=name, queue_name=queue, base=CompanyTask)


def public_task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], Task]:
    """A task over all companies, in the public schema: sweeps. Enter each company with `each_company()`."""
    return shared_task(name=name, queue_name=queue, base=PublicTask)


def registered_task(name: str) -> Task:
    """The task of this name; UnknownTask when nobody registered it. Web processes load the task modules at the first question."""
    if name not in current_app.tasks:
        autodiscover_modules("tasks", "schedule")
    if name not in current_app.tasks:
        raise UnknownTask(f"{name} is not a registered task.")
    return current_app.tasks[name]


def route_to_its_queue(name: str, args: Any, kwargs: Any, options: Any, task: Task | None = None) -> dict[str, str] | None:
    """Celery's `task_routes`: the queue that the task named, whoever sends it (the beat too)."""
    queue = getattr(task or current_app.tasks.get(name), "queue_name", None)
    return {"queue": queue} if queue else None


def each_company() -> Iterator[Company]:
    """Every active company (the platform's own left out), entered while it is yielded. One company's failure is the caller's to catch."""
    for company in Company.objects.filter(state=Company.State.ACTIVE).exclude(schema_name="platform").select_related("plan").order_by("id"):
        with enter(company):
            yield company

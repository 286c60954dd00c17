"""Work for a worker, asked for by name and sent after commit."""

import os
import threading
import time
from typing import Any

import structlog
from celery import Task, current_app
from django.db import transaction
from kombu import Producer

from tenants.lib.tasks import COMPANY_HEADER, registered_task
from tenants.lib.tenancy import NoCompany, current_company, is_inside_company

BROKER_TIMEOUT_SECONDS = 0.4
BROKER_PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class _Broker(threading.local):
    pid = 0
    producer: Producer | None = None
    silent_until = 0.0


_broker = _Broker()


def later(name: str, *args: Any) -> None:
    """Send the task after commit, for the company entered now (public tasks: for none).

    A broker that is down is logged, never raised, and costs less than a second: the sweeps find what was not told.
    """
    task = registered_task(name)
    if task.needs_company and not is_inside_company():
        raise NoCompany(f"{name} is a company's task, and nobody entered a company.")
    headers = {COMPANY_HEADER: current_company().pk} if task.needs_company else {}
    transaction.on_commit(lambda: _send(task, args, headers))


def later_for(company_id: int, name: str, *args: Any) -> None:
    """The same at once, for edges that stand in no company and in no transaction (the webhook door, sweeps)."""
    _send(registered_task(name), args, {COMPANY_HEADER: company_id})


def _send(task: Task, args: tuple[Any, ...], headers: dict[str, int]) -> None:
    if current_app.conf.task_always_eager:
        task.apply(args=args, headers=headers)
        return
    if time.monotonic() < _broker.silent_until:
        log.warning("task_not_sent_broker_down", task=task.name)
        return
    try:
        task.apply_async(args=args, headers=headers, queue=task.queue_name, producer=_producer(), retry=False)
    except Exception as error:
        _broker.producer = None
        _broker.silent_until = time.monotonic() + BROKER_PAUSE_SECONDS
        log.warning("task_not_sent_broker_down", task=task.name, error=str(error))


def _producer() -> Producer:
    """This thread's own connection to the broker, with short timeouts: the workers' ones wait for minutes."""
    if _broker.producer is None or _broker.pid != os.getpid():
        broker = current_app.connection_for_write(
            connect_timeout=BROKER_TIMEOUT_SECONDS,
            transport_options={
                "socket_timeout": BROKER_TIMEOUT_SECONDS,
                "socket_connect_timeout": BROKER_TIMEOUT_SECONDS,
                "max_retries": 0,
            },
        )
        _broker.producer = current_app.amqp.Producer(broker)
        _broker.pid = os.getpid()
    return _broker.producer

"""What Prometheus is told: requests as they are answered, and the pulse of the installation when somebody asks."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from redis.exceptions import RedisError

from config import pulse

CONTENT_TYPE = CONTENT_TYPE_LATEST
REMEMBERED_SECONDS = 5.0
# Every company's schema is looked into: less often.
COMPANIES_REMEMBERED_SECONDS = 60.0
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
AREAS = {"api", "admin", "app", "files"}

log = structlog.get_logger(__name__)

REQUESTS = Counter("recado_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("recado_http_request_seconds", "How long an answer took", ["area"])

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """The answer of `ask`, at most so old. While it fails the answer is None, and it is not asked more often for that."""

    def __init__(self, ask: Callable[[], Answer], *, seconds: float) -> None:
        self.ask = ask
        self.seconds = seconds
        self.asked_at: float | None = None
        self.answer: Answer | None = None
        self.lock = threading.Lock()

    def __call__(self) -> Answer | None:
        with self.lock:
            if self.asked_at is None or time.monotonic() - self.asked_at >= self.seconds:
                self.answer = self._answer()
                self.asked_at = time.monotonic()
            return self.answer

    def forget(self) -> None:
        self.asked_at = None

    def _answer(self) -> Answer | None:
        try:
            return self.ask()
        except (DatabaseError, RedisError) as error:
            log.warning("metric_not_known", metric=self.ask.__name__, error=str(error))
            return None


class Pulse:
    """Asked at each scrape. What cannot be known is left out, and its part is said to be down."""

    def __init__(self) -> None:
        self.backlog = Remembered(pulse.backlog, seconds=REMEMBERED_SECONDS)
        self.queues = Remembered(pulse.queue_depths, seconds=REMEMBERED_SECONDS)
        self.work = Remembered(pulse.work_of_companies, seconds=COMPANIES_REMEMBERED_SECONDS)

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        backlog, queues, work = self.backlog(), self.queues(), self.work()
        parts = {"database": backlog is not None, "valkey": queues is not None}
        yield _gauge("recado_up", "Whether this part answers", "part", {part: float(is_up) for part, is_up in parts.items()})
        if queues is not None:
            yield _gauge("recado_queue_depth", "Tasks waiting in a Celery queue", "queue", queues)
        if backlog is not None:
            yield from _of_backlog(backlog)
        if work is not None:
            yield _gauge("recado_connections", "Numbers by the state of their link", "state", work.connections)
            yield GaugeMetricFamily(
                "recado_campaign_recipients_pending", "Recipients of running campaigns still to be sent to", work.recipients_pending
            )

    def forget(self) -> None:
        for remembered in (self.backlog, self.queues, self.work):
            remembered.forget()


PULSE = Pulse()


def rendered() -> bytes:
    """The text for Prometheus. Where gunicorn's workers share PROMETHEUS_MULTIPROC_DIR, the requests of all of them."""
    registry = CollectorRegistry()
    registry.register(PULSE)
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def count_request(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    match = getattr(request, "resolver_match", None)
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, f"/{match.route}" if match else "none", str(response.status_code)).inc()
    area = request.path_info.strip("/").partition("/")[0]
    SECONDS.labels(area if area in AREAS else "other").observe(seconds)


def _of_backlog(backlog: pulse.Backlog) -> Iterator[Metric]:
    kinds = {"webhooks": backlog.webhooks, "timers": backlog.timers, "announcements": backlog.announcements}
    yield _gauge(
        "recado_waiting", "Rows that wait for a worker: webhooks, due timers, the outbox", "kind", {k: w.count for k, w in kinds.items()}
    )
    yield _gauge(
        "recado_waiting_oldest_seconds", "How long the oldest of them has waited", "kind", {k: w.oldest_seconds for k, w in kinds.items()}
    )
    yield _gauge("recado_parked", "Rows that failed too often and wait for a person", "kind", {k: w.parked for k, w in kinds.items()})
    yield CounterMetricFamily("recado_webhooks_stored", "Calls of gateways put on disk", backlog.webhooks_stored)


def _gauge(name: str, words: str, label: str, values: dict[str, float] | dict[str, int]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        gauge.add_metric([key], value)
    return gauge

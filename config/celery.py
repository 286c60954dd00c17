"""The Celery app. Tasks are hints that something may be due; the rows say what is (house §5)."""

import contextlib
import ctypes
import os
import signal
import threading
from functools import cached_property

import structlog
from celery import Celery
from celery.apps.worker import Worker
from celery.signals import after_task_publish, beat_init, setup_logging, worker_process_init
from redis.exceptions import RedisError

from config.pulse import beat_ticked

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

BROKEN_SECONDS = 10

log = structlog.get_logger(__name__)


class MortalWorker(Worker):
    """A worker that broke is gone soon, so that whoever watches it starts another: waiting for its pool may take for ever."""

    def stop(self, in_sighandler: bool = False, exitcode: int | None = None) -> None:
        if exitcode:
            log.critical("worker_broken", exit_code=exitcode, ends_within_seconds=BROKEN_SECONDS)
            end = threading.Timer(BROKEN_SECONDS, os._exit, (exitcode,))
            end.daemon = True
            end.start()
        super().stop(in_sighandler=in_sighandler, exitcode=exitcode)


class Recado(Celery):
    @cached_property
    def Worker(self) -> type[Worker]:
        return self.subclass_with_self(MortalWorker)


app = Recado("recado")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="schedule")

PR_SET_PDEATHSIG = 1


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone when somebody answers this signal."""


@worker_process_init.connect
def die_with_the_worker(**_: object) -> None:
    """A pool child must not outlive a killed worker: it would hold leases and connections of nobody."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@beat_init.connect
def let_the_clock_be_heard(**_: object) -> None:
    """In the clock alone: each task that it sends is a tick, which the doctor looks for."""
    after_task_publish.connect(note_tick, weak=False)


def note_tick(**_: object) -> None:
    with contextlib.suppress(RedisError):
        beat_ticked()

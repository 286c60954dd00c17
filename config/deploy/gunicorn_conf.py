"""Gunicorn serves REST, the admin and the SPA's page. Its workers are processes with threads; their metrics meet in one directory."""

import os
from pathlib import Path

METRICS = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
if METRICS:
    Path(METRICS).mkdir(parents=True, exist_ok=True)

# After the directory: the library looks for it when it is loaded.
from prometheus_client import multiprocess  # noqa: E402

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm"
timeout = 60
graceful_timeout = 20
keepalive = 15


def on_starting(server: object) -> None:
    """What the workers of an earlier start counted goes."""
    for file in Path(METRICS).glob("*.db") if METRICS else ():
        file.unlink()


def child_exit(server: object, worker: object) -> None:
    if METRICS:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined]

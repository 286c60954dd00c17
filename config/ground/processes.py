"""Recado's own processes, for one machine: one web server, two workers, one clock."""

import sys
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import redis

from config.ground.process import Process

PYTHON = sys.executable
QUEUES = "inbound,outbound,campaigns,default"


def is_healthy(url: str) -> bool:
    """Whether the health check answers 200 within two seconds."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/health/", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def is_worked(redis_url: str) -> bool:
    """Whether a Celery worker is ready: it waits for messages then, and Valkey knows who waits."""
    with redis.Redis.from_url(redis_url, socket_timeout=5) as client:
        return any(connection["cmd"] == "brpop" for connection in client.client_list())


def local_url(host: str, port: int) -> str:
    """Where this machine reaches a server that listens on `host`, which may mean "everywhere"."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def web(host: str, port: int) -> Process:
    """One port for everything: sockets and webhooks on the event loop, the rest in threads (config/asgi.py)."""
    return Process(
        name="web",
        argv=(
            *(PYTHON, "-m", "uvicorn", "config.asgi:application"),
            *("--host", host, "--port", str(port), "--lifespan", "on"),
            *("--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "info"),
        ),
        is_ready=partial(is_healthy, local_url(host, port)),
        reloads=True,
    )


def development_web(host: str, port: int) -> Process:
    return Process(
        name="web",
        argv=(PYTHON, "manage.py", "runserver", "--noreload", f"{host}:{port}"),
        is_ready=partial(is_healthy, local_url(host, port)),
        reloads=True,
        patience_seconds=5,
    )


def worker(name: str, queues: str, concurrency: int) -> Process:
    """A prefork worker for these queues. Its children die with it (config/celery.py), whatever happens to it."""
    return Process(
        name=name,
        argv=(
            *(PYTHON, "-m", "celery", "-A", "config.celery", "worker", "-n", f"{name}@%h"),
            *("-Q", queues, "-c", str(concurrency), "--pool", "prefork", "-l", "info"),
            # Heartbeats are events: nobody is told of them unless Flower asked to be.
            *("--without-gossip", "--without-mingle"),
        ),
        patience_seconds=15,
        reloads=True,
    )


def workers(concurrency: int) -> list[Process]:
    """Two, so that a customer's message never waits behind a campaign's slice or an import."""
    return [worker("worker-inbound", "inbound,outbound", concurrency), worker("worker-campaigns", "campaigns,default", concurrency)]


def beat() -> Process:
    return Process(name="beat", argv=(PYTHON, "-m", "celery", "-A", "config.celery", "beat", "-l", "info", "--pidfile", ""), reloads=True)


def flower(port: int) -> Process:
    """The workers' queues, watched. It asks for the password in FLOWER_BASIC_AUTH; the web process passes /ops/queues/ on to it."""
    return Process(
        name="flower",
        argv=(
            *(PYTHON, "-m", "celery", "-A", "config.celery", "flower"),
            *("--address=127.0.0.1", f"--port={port}", "--url_prefix=ops/queues", "--max_tasks=1000"),
        ),
    )


def vite(node: Path, frontend: Path, port: int) -> Process:
    """The SPA's development server."""
    return Process(
        name="vite",
        argv=(str(node), str(frontend / "node_modules/vite/bin/vite.js"), str(frontend), "--port", str(port), "--strictPort"),
    )


def reloader() -> Process:
    """Tells the supervisor when Python code changes."""
    return Process(name="reloader", argv=(PYTHON, "-m", "config.ground.reloader"))

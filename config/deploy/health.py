"""A container's health check: `python -m config.deploy.health web|realtime|beat|flower|worker NAME`; exit code 0 when it is well.

Light on purpose: it runs all the time, so it loads neither Django nor Recado.
"""

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Callable

import redis
from celery import Celery

BEAT_KEY = "recado:beat:ticked-at"
BEAT_SECONDS = 20
TIMEOUT_SECONDS = 4


def web() -> bool:
    return _answers(os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2], "/health/")


def realtime() -> bool:
    return _answers(os.environ.get("UVICORN_PORT", "8001"), "/health/")


def flower() -> bool:
    return _answers(os.environ.get("FLOWER_PORT", "5555"), f"/{os.environ.get('FLOWER_URL_PREFIX', '')}/healthcheck")


def worker(name: str) -> bool:
    """The worker of this name, on this machine, answers a ping."""
    prefix = os.environ.get("CELERY_KEY_PREFIX", "")
    app = Celery(broker=os.environ["REDIS_URL"], broker_transport_options={"global_keyprefix": prefix, "socket_timeout": TIMEOUT_SECONDS})
    return bool(app.control.ping(destination=[f"{name}@{socket.gethostname()}"], timeout=TIMEOUT_SECONDS / 2))


def beat() -> bool:
    """The clock sent a task lately."""
    with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=TIMEOUT_SECONDS) as client:
        return time.time() - float(client.get(BEAT_KEY) or 0) < BEAT_SECONDS


def _answers(port: str, path: str) -> bool:
    """Under a name that is ours: others are refused."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": os.environ.get("BASE_DOMAIN", "localhost")})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return answer.status == 200


CHECKS: dict[str, Callable[..., bool]] = {"web": web, "realtime": realtime, "worker": worker, "beat": beat, "flower": flower}


def main(name: str, *arguments: str) -> int:
    try:
        return 0 if CHECKS[name](*arguments) else 1
    except (OSError, redis.RedisError) as problem:
        sys.stderr.write(f"{name}: {problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

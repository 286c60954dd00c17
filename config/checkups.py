"""What `manage.py doctor` looks at. Every checkup answers with findings in words, and with the way out where there is trouble."""

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import django
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from config import pulse
from tenants.lib import valkey
from tenants.lib.tenancy import enter_public
from tenants.migrating import companies_behind

MANY_TASKS = 1000
GIB = 1024**3
OLDEST_POSTGRES = 140_000


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    subject: str
    verdict: Verdict
    words: str


def examine() -> list[Finding]:
    """All findings. What depends on a server that does not answer is left out: the server's own finding says why."""
    findings = [*_versions(), *_settings(), *_disk()]
    database = list(_database())
    findings += database
    if not _has_failed(database):
        findings += [*_guarded(_migrations), *_guarded(_backlog), *_guarded(_connections)]
    server = list(_valkey())
    findings += server
    if not _has_failed(server):
        findings += [*_guarded(_workers), *_guarded(_queues), *_guarded(_beat)]
    return findings


def _ok(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.OK, words)


def _warn(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.WARN, words)


def _fail(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.FAIL, words)


def _has_failed(findings: list[Finding]) -> bool:
    return any(finding.verdict is Verdict.FAIL for finding in findings)


def _guarded(checkup: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """A server may go away, or a table may not be there yet, in the middle of a question."""
    try:
        return list(checkup())
    except (DatabaseError, RedisError, OSError) as problem:
        return [_fail(checkup.__name__.strip("_"), f"could not be looked at: {_first_line(problem)}")]


def _versions() -> Iterator[Finding]:
    parts = {
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "Celery": version("celery"),
        "psycopg": version("psycopg"),
    }
    yield _ok("versions", ", ".join(f"{name} {number}" for name, number in parts.items()))


# --- settings ---------------------------------------------------------------------------------------------------------------------


def _settings() -> Iterator[Finding]:
    yield _mode()
    yield _secrets()
    yield _public_address()
    if settings.IS_PRODUCTION:
        for problem in run_checks(tags=[Tags.security], include_deployment_checks=True):
            if not problem.is_silenced():
                yield _warn("security", f"{problem.id}: {problem.msg.splitlines()[0]}")
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield (_warn if settings.IS_PRODUCTION else _ok)("e-mail", "printed to the log, not sent. Set EMAIL_URL to send.")
    if settings.EMAIL_BACKEND.endswith("FolderBackend"):
        yield _ok("e-mail", f"kept in {settings.EMAIL_FILE_PATH}, not sent. Set EMAIL_URL to send.")
    if not (settings.SPA_DIST / "manifest.json").exists() and not (settings.STATIC_ROOT / "spa" / "manifest.json").exists():
        yield _warn("pages", "the SPA is not built. `make run` builds it, or `npm ci && npm run build` in frontend/.")


def _mode() -> Finding:
    if not settings.IS_PRODUCTION:
        return _ok("mode", f"RECADO_ENV={settings.RECADO_ENV}: for one's own machine. On the internet set RECADO_ENV=production.")
    if settings.DEBUG:
        return _fail("mode", "production with DEBUG=1 shows settings to strangers. Remove DEBUG.")
    return _ok("mode", "production")


def _secrets() -> Finding:
    for key in settings.FIELD_KEYS:
        try:
            Fernet(key)
        except ValueError:
            return _fail(
                "secrets", "a key in FIELD_KEYS is not a Fernet key (32 bytes, URL-safe base64): stored credentials cannot be read."
            )
    if settings.FIELD_KEYS == [settings.DEVELOPMENT_FIELD_KEY]:
        return _warn("secrets", "SECRET_KEY and FIELD_KEYS are those of development. `make run` makes its own; else set both.")
    if len(settings.SECRET_KEY) < 50:
        return _warn("secrets", "SECRET_KEY is shorter than 50 characters. A new one ends every login: choose the hour.")
    return _ok("secrets", f"SECRET_KEY is set; {len(settings.FIELD_KEYS)} key(s) in FIELD_KEYS")


def _public_address() -> Finding:
    if settings.PUBLIC_URL.startswith("https://"):
        return _ok("public address", settings.PUBLIC_URL)
    words = (
        f"{settings.PUBLIC_URL} is not https: gateways on the internet will not call it. Set PUBLIC_URL, and a proxy with TLS before it."
    )
    return (_warn if settings.IS_PRODUCTION else _ok)("public address", words)


def _disk() -> Iterator[Finding]:
    place = next(path for path in (settings.RECADO_HOME, *settings.RECADO_HOME.parents) if path.exists())
    yield _space(place)


def _space(place: Path) -> Finding:
    usage = shutil.disk_usage(place)
    words = f"{usage.free / GIB:.1f} GiB free of {usage.total / GIB:.1f} at {place}"
    if usage.free < GIB / 2:
        return _fail("disk", f"{words}: files and the database soon cannot be written. Make room.")
    if usage.free < usage.total / 10 and usage.free < 10 * GIB:
        return _warn("disk", f"{words}: make room before it is full.")
    return _ok("disk", words)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    place = f"{connection.settings_dict['HOST'] or 'localhost'}:{connection.settings_dict['PORT'] or 5432}"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
            number, name = cursor.fetchone()
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
                " current_setting('max_connections')::int, current_setting('fsync')"
            )
            used, most, fsync = cursor.fetchone()
    except DatabaseError as problem:
        yield _fail("database", f"PostgreSQL does not answer at {place}: {_first_line(problem)}. Start it, or mend DATABASE_URL.")
        return
    if number < OLDEST_POSTGRES:
        yield _fail("database", f"PostgreSQL {name} at {place} is too old: 14 or newer is needed.")
        return
    yield _ok("database", f"PostgreSQL {name} at {place}")
    words = f"{used} of {most} connections in use"
    yield _warn("database", f"{words}: raise max_connections, or run fewer processes.") if used > 0.8 * most else _ok("database", words)
    if fsync == "off" and settings.IS_PRODUCTION:
        yield _fail("database", "fsync is off: a power cut loses or destroys data. Switch it on.")


def _migrations() -> Iterator[Finding]:
    way_out = "Run `python manage.py migrate_companies`."
    with enter_public():
        loader = MigrationLoader(connection)
    behind = set(loader.graph.nodes) - set(loader.applied_migrations)
    if behind:
        yield _fail("migrations", f"the public schema lacks {len(behind)}. {way_out}")
        return
    companies = sorted(companies_behind())
    if companies:
        yield _fail("migrations", f"companies that are behind: {_some(companies)}. {way_out}")
        return
    yield _ok("migrations", "public and all companies are up to date")


def _backlog() -> Iterator[Finding]:
    backlog = pulse.backlog()
    yield from _waiting("webhooks", backlog.webhooks, "worker-inbound", "Settings → Flight recorder shows and replays them.")
    yield from _waiting("timers", backlog.timers, "worker-default and beat", "In the platform's admin: Timers.")
    yield from _waiting("announcements", backlog.announcements, "worker-default and beat", "In the platform's admin: Announcements.")


def _waiting(what: str, waiting: pulse.Waiting, worker: str, where_parked: str) -> Iterator[Finding]:
    words = f"{waiting.count} waiting, the oldest for {waiting.oldest_seconds:.0f} s"
    if waiting.oldest_seconds > pulse.STUCK_SECONDS:
        yield _fail(what, f"{words}: nobody works on them. Look at {worker} and its log.")
    else:
        yield _ok(what, words if waiting.count else "none waiting")
    if waiting.parked:
        yield _warn(what, f"{waiting.parked} parked after five failures. {where_parked}")


def _connections() -> Iterator[Finding]:
    work = pulse.work_of_companies()
    if work.closed:
        yield _warn("connections", f"{len(work.closed)} disconnected: {_some(work.closed)}. In that company: Connections → Connect.")
    states = ", ".join(f"{count} {state}" for state, count in sorted(work.connections.items())) or "none yet"
    yield _ok("connections", f"{states}; {work.recipients_pending} recipients of running campaigns to go")


# --- Valkey, workers, clock -------------------------------------------------------------------------------------------------------


def _valkey() -> Iterator[Finding]:
    try:
        facts = valkey.client().info()
    except RedisError as problem:
        yield _fail("valkey", f"does not answer: {_first_line(problem)}. Start it, or mend REDIS_URL.")
        return
    name = "Valkey" if "valkey_version" in facts else "Redis"
    yield _ok("valkey", f"{name} {facts.get('valkey_version') or facts.get('redis_version')}, {facts.get('used_memory_human')} in use")
    if facts.get("role") not in (None, "master"):
        yield _fail("valkey", "REDIS_URL leads to a replica, which takes no writes. Point it at the primary.")
    if not facts.get("aof_enabled"):
        yield _warn(
            "valkey", "the append-only file is off: a restart forgets queued work (sweeps find it again). `appendonly yes` keeps it."
        )
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield _fail("valkey", f"maxmemory-policy is {policy}: queued work is thrown away when memory is short. Set it to noeviction.")


def _workers() -> Iterator[Finding]:
    workers = pulse.workers_by_queue()
    names = sorted({name for listening in workers.values() for name in listening})
    if names:
        yield _ok("workers", f"{len(names)} answer: {_some(names)}")
    for queue, listening in workers.items():
        if not listening:
            yield _fail("workers", f"nobody works on the queue {queue}. Start: celery -A config.celery worker -Q {queue}")


def _queues() -> Iterator[Finding]:
    depths = pulse.queue_depths()
    words = ", ".join(f"{name} {depth}" for name, depth in depths.items())
    if max(depths.values()) > MANY_TASKS:
        yield _warn("queues", f"{words}. More workers for the long one help; campaigns wait there by design.")
        return
    yield _ok("queues", words)


def _beat() -> Iterator[Finding]:
    seconds = pulse.seconds_since_beat()
    if seconds is None or seconds > pulse.BEAT_SECONDS:
        last = "never ticked" if seconds is None else f"last ticked {seconds:.0f} s ago"
        yield _fail("clock", f"it {last}: timers and sweeps stand still. Start exactly one: celery -A config.celery beat")
        return
    yield _ok("clock", f"ticked {seconds:.0f} s ago")


def _some(names: list[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _first_line(problem: Exception) -> str:
    """Without the tail of hints. Neither driver names the password."""
    return str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__

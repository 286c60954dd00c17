"""The first page of the platform's admin: how all companies do, what waits, and who works."""

import datetime
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from config import pulse, usage
from config.dashboards.parts import Link, Table, Tile, Tone, chart_of_days
from config.usage import Talk, Usage
from tenants import selectors
from tenants.models import Company

# Every company's schema is looked into for these.
REMEMBERED_SECONDS = 60
DAYS = 14
BUSIEST = 8
MOST_CLOSED = 10

Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)


def dashboard(site: str) -> dict[str, Any]:
    companies = list(selectors.companies())
    today = datetime.datetime.now(datetime.UTC).date()
    used = usages(companies)
    talk = _asked(lambda: _remembered("platform-talk", lambda: usage.talk_of(companies, days=DAYS, today=today))) or Talk()
    backlog = pulse.backlog()
    work = _asked(lambda: _remembered("platform-work", pulse.work_of_companies))
    depths, workers, ticked = _asked(pulse.queue_depths), _asked(pulse.workers_by_queue), _asked(pulse.seconds_since_beat)
    return {
        "tiles": [
            *_company_tiles(companies, used, talk, today, site),
            *_work_tiles(backlog, site),
            *_process_tiles(workers, ticked),
        ],
        "chart": chart_of_days(
            _("Messages of the last 14 days"), talk.days, first_label=_("From customers"), second_label=_("To customers")
        ),
        "tables": [
            _queues(depths, workers),
            _busiest(companies, talk, used, site),
            _closed(work.closed if work else []),
        ],
    }


def usages(companies: list[Company]) -> dict[int, Usage]:
    """What each company uses, at most a minute old; nothing when it cannot be asked."""
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    which = zlib.crc32(",".join(str(company.pk) for company in companies).encode())
    return _asked(lambda: _remembered(f"platform-usage-{which}", lambda: usage.usage_of(companies, month=month))) or {}


def _company_tiles(companies: list[Company], used: dict[int, Usage], talk: Talk, today: datetime.date, site: str) -> list[Tile]:
    states = Counter(company.state for company in companies)
    suspended = states[Company.State.SUSPENDED]
    users, active = sum(each.users for each in used.values()), sum(each.active_users for each in used.values())
    week = sum(sum(counts) for day, counts in talk.days.items() if day > today - datetime.timedelta(days=7))
    closed = sum(each.closed_connections for each in used.values())
    connections = sum(each.connections for each in used.values())
    return [
        Tile(
            _("Companies"),
            states[Company.State.ACTIVE],
            _("%(count)d suspended") % {"count": suspended} if suspended else _("all active"),
            url=reverse("admin:tenants_company_changelist", current_app=site),
        ),
        Tile(_("Active users"), active, _("in 7 days, of %(count)d") % {"count": users}),
        Tile(_("Messages today"), sum(talk.days.get(today, (0, 0))), _("%(count)d in 7 days") % {"count": week}),
        Tile(
            _("Connections down"),
            closed,
            _("of %(count)d") % {"count": connections},
            Tone.BAD if closed else Tone.GOOD,
        ),
    ]


def _work_tiles(backlog: pulse.Backlog, site: str) -> list[Tile]:
    stuck = reverse("admin:stuck", current_app=site)
    parked = backlog.webhooks.parked + backlog.timers.parked + backlog.announcements.parked
    return [
        _waiting_tile(_("Webhook calls waiting"), backlog.webhooks),
        _waiting_tile(_("Timers due"), backlog.timers),
        _waiting_tile(_("Announcements waiting"), backlog.announcements),
        Tile(_("Stuck"), parked, _("failed five times"), Tone.BAD if parked else Tone.GOOD, stuck),
    ]


def _waiting_tile(label: Any, waiting: pulse.Waiting) -> Tile:
    if not waiting.count:
        return Tile(label, 0, _("nothing waits"), Tone.GOOD)
    is_late = waiting.oldest_seconds > pulse.STUCK_SECONDS
    return Tile(label, waiting.count, _("oldest: %(seconds)d s") % {"seconds": waiting.oldest_seconds}, Tone.BAD if is_late else Tone.PLAIN)


def _process_tiles(workers: dict[str, list[str]] | None, ticked: float | None) -> list[Tile]:
    alive = len({name for names in (workers or {}).values() for name in names})
    idle = [queue for queue, names in (workers or {}).items() if not names]
    beats = ticked is not None and ticked <= pulse.BEAT_SECONDS
    return [
        Tile(
            _("Workers alive"),
            alive if workers is not None else "?",
            _("nobody works on: %(queues)s") % {"queues": ", ".join(idle)} if idle else _("every queue has one") if alive else "",
            Tone.GOOD if alive and not idle else Tone.BAD,
        ),
        Tile(
            _("Clock"),
            _("ticks") if beats else _("stands still"),
            _("%(seconds)d s ago") % {"seconds": ticked} if ticked is not None else _("never ticked"),
            Tone.GOOD if beats else Tone.BAD,
        ),
    ]


def _queues(depths: dict[str, int] | None, workers: dict[str, list[str]] | None) -> Table:
    rows = [[queue, depth, ", ".join((workers or {}).get(queue, [])) or "—"] for queue, depth in (depths or {}).items()]
    return Table(_("Queues"), [_("queue"), _("tasks waiting"), _("workers")], rows, _("Valkey does not answer."))


def _busiest(companies: list[Company], talk: Talk, used: dict[int, Usage], site: str) -> Table:
    most = sorted((company for company in companies if talk.companies.get(company.pk)), key=lambda one: -talk.companies[one.pk])
    rows = [
        [
            Link(company.name, reverse("admin:tenants_company_change", args=[company.pk], current_app=site)),
            talk.companies[company.pk],
            used[company.pk].active_users if company.pk in used else "",
        ]
        for company in most[:BUSIEST]
    ]
    headers = [_("company"), _("messages in 14 days"), _("active users")]
    return Table(_("Busiest companies"), headers, rows, _("No message in 14 days."))


def _closed(closed: list[str]) -> Table:
    rows = [name.split(": ", 1) for name in closed[:MOST_CLOSED]]
    return Table(_("Connections down"), [_("company"), _("connection")], rows, _("Every enabled connection is up."))


def _remembered(key: str, ask: Callable[[], Answer]) -> Answer:
    try:
        found: Answer | None = cache.get(key)
    except RedisError:
        return ask()
    if found is None:
        found = ask()
        cache.set(key, found, REMEMBERED_SECONDS)
    return found


def _asked(ask: Callable[[], Answer]) -> Answer | None:
    """A page that says how things are must open when they are not well."""
    try:
        return ask()
    except (DatabaseError, RedisError, OSError) as problem:
        log.warning("dashboard_part_not_known", error=str(problem))
        return None

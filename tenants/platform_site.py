"""The admin of the platform's own staff. Only `config/platform_urls.py` mounts it, and it opens in no other company."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.sites import UnfoldAdminSite

from tenants import selectors
from tenants.migrating import companies_behind
from tenants.permissions import is_platform_staff
from tenants.services import parked

MOST_SHOWN = 100


@dataclass(frozen=True)
class Part:
    """One kind of stuck work."""

    title: Any
    rows: Callable[[], QuerySet[Any]]
    describe: Callable[[Any], str]
    try_again: Callable[..., int]
    discard: Callable[..., int]


STUCK = {
    "webhooks": Part(
        _("Webhook calls"),
        selectors.parked_webhooks,
        lambda webhook: f"{webhook.provider} · {webhook.connection_id}",
        parked.try_webhooks_again,
        parked.discard_webhooks,
    ),
    "timers": Part(
        _("Timers"),
        selectors.parked_timers,
        lambda timer: f"{timer.kind} · {timer.key}",
        parked.try_timers_again,
        parked.discard_timers,
    ),
    "announcements": Part(
        _("Announcements"),
        selectors.parked_announcements,
        lambda announcement: f"{announcement.name} → {announcement.reaction}",
        parked.try_announcements_again,
        parked.discard_announcements,
    ),
}


def _section(name: str, part: Part, names: dict[int, str]) -> dict[str, Any]:
    found = part.rows()
    rows = [
        {
            "pk": row.pk,
            "company": names.get(row.company_id, row.company_id),
            "what": part.describe(row),
            "since": getattr(row, "parked_at", None) or getattr(row, "received_at", None),
            "error": row.error,
        }
        for row in found[:MOST_SHOWN]
    ]
    return {"name": name, "title": part.title, "rows": rows, "total": found.count()}


def _health_tiles(backlog: selectors.Backlog) -> list[dict[str, Any]]:
    webhooks, timers, announcements = (reverse(f"admin:tenants_{model}_changelist") for model in ("webhook", "timer", "outbox"))
    stuck = reverse("admin:stuck")
    return [
        {"label": _("Webhook calls waiting"), "value": backlog.webhooks_waiting, "url": f"{webhooks}?state__exact=0"},
        {"label": _("Webhook calls parked"), "value": backlog.webhooks_parked, "url": stuck, "is_bad": backlog.webhooks_parked},
        {"label": _("Timers overdue"), "value": backlog.timers_overdue, "url": timers},
        {"label": _("Timers parked"), "value": backlog.timers_parked, "url": stuck, "is_bad": backlog.timers_parked},
        {"label": _("Announcements waiting"), "value": backlog.announcements_waiting, "url": announcements},
        {"label": _("Announcements parked"), "value": backlog.announcements_parked, "url": stuck, "is_bad": backlog.announcements_parked},
    ]


class PlatformSite(UnfoldAdminSite):
    site_header = _("Recado platform")
    site_title = _("Recado platform")
    index_title = _("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        return is_platform_staff(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own = [
            path("health/", self.admin_view(self.health), name="health"),
            path("stuck/", self.admin_view(self.stuck), name="stuck"),
        ]
        return [*own, *super().get_urls()]

    def health(self, request: HttpRequest) -> HttpResponse:
        """What waits, what is stuck, and whose schema is behind."""
        backlog = selectors.backlog()
        context = {
            **self.each_context(request),
            "title": _("Health"),
            "backlog": backlog,
            "tiles": _health_tiles(backlog),
            "behind": sorted(companies_behind()),
            "rejections": selectors.rejections_of_last_days(),
        }
        return TemplateResponse(request, "tenants/health.html", context)

    def stuck(self, request: HttpRequest) -> HttpResponse:
        """What failed too often, of all companies: tried again, or given up."""
        if request.method == "POST":
            self._decide(request)
            return redirect(request.get_full_path())
        names = dict(selectors.companies().values_list("pk", "name"))
        sections = [_section(name, part, names) for name, part in STUCK.items()]
        return TemplateResponse(
            request, "tenants/stuck.html", {**self.each_context(request), "title": _("Stuck work"), "sections": sections}
        )

    def _decide(self, request: HttpRequest) -> None:
        part = STUCK.get(request.POST.get("what", ""))
        chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal()]
        if part is None or not chosen:
            messages.warning(request, _("Choose something first."))
            return
        if request.POST.get("verb") == "discard":
            count = part.discard(chosen, by=request.user)
            messages.success(request, ngettext("%d was given up.", "%d were given up.", count) % count)
            return
        count = part.try_again(chosen, by=request.user)
        messages.success(request, ngettext("%d will be tried again.", "%d will be tried again.", count) % count)


platform_site = PlatformSite(name="platform")

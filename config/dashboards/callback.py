"""What unfold asks before it shows an admin's first page, and for the links in its margin."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may
from campaigns.models import Campaign
from config.dashboards import company, platform
from connectors.models import Connection
from contacts.models import Contact, ContactImport, ContactList, CustomField, Tag
from tenants.models import Company, Flight, Outbox, Plan, Rejection, Timer, Webhook, WebhookRoute
from tenants.permissions import is_platform_staff
from tenants.platform_site import platform_site
from tickets.models import ConnectionRouting, Message, Queue, QuickReply, Schedule, Ticket

Place = str | type[Model]
Groups = tuple[tuple[Any, tuple[tuple[Any, str, Place], ...]], ...]

PLATFORM: Groups = (
    (
        None,
        (
            (_("Overview"), "home", "index"),
            (_("Health"), "monitor_heart", "health"),
            (_("Stuck work"), "report", "stuck"),
        ),
    ),
    (
        _("Companies"),
        (
            (None, "apartment", Company),
            (None, "sell", Plan),
        ),
    ),
    (
        _("Traffic"),
        (
            (None, "travel_explore", Flight),
            (None, "webhook", Webhook),
            (None, "alt_route", WebhookRoute),
            (None, "block", Rejection),
        ),
    ),
    (
        _("Work"),
        (
            (None, "timer", Timer),
            (None, "campaign", Outbox),
            (_("Workers' queues (Flower)"), "stacks", "/ops/queues/"),
        ),
    ),
)
COMPANY: Groups = (
    (
        None,
        (
            (_("Overview"), "home", "index"),
            (_("Inbox"), "forum", "/app/"),
        ),
    ),
    (
        _("Conversations"),
        (
            (None, "confirmation_number", Ticket),
            (None, "chat", Message),
            (None, "schedule_send", Schedule),
            (None, "inbox", Queue),
            (None, "quickreply", QuickReply),
            (None, "alt_route", ConnectionRouting),
        ),
    ),
    (
        _("Customers"),
        (
            (None, "contacts", Contact),
            (None, "sell", Tag),
            (None, "list_alt", ContactList),
            (None, "dataset", CustomField),
            (None, "upload_file", ContactImport),
        ),
    ),
    (
        _("Company"),
        (
            (None, "campaign", Campaign),
            (None, "smartphone", Connection),
            (None, "group", User),
        ),
    ),
)


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """`UNFOLD["DASHBOARD_CALLBACK"]`: the same for both admins, which are told apart by whose host this is."""
    if is_platform_staff(request):
        return context | {"dashboard": platform.dashboard(platform_site.name)}
    if may(request.user, "ticket.read"):
        return context | {"dashboard": company.dashboard(request.user)}
    return context


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """`UNFOLD["SIDEBAR"]["navigation"]`: the links in the margin of both admins, for what this person may open."""
    if is_platform_staff(request):
        return _groups(request, platform_site, PLATFORM)
    return _groups(request, admin.site, COMPANY)


def _groups(request: HttpRequest, site: AdminSite, groups: Groups) -> list[dict[str, Any]]:
    shown = [
        {"title": title, "separator": bool(title), "items": [item for entry in entries if (item := _item(request, site, *entry))]}
        for title, entries in groups
    ]
    return [group for group in shown if group["items"]]


def _item(request: HttpRequest, site: AdminSite, words: Any, icon: str, place: Place) -> dict[str, Any] | None:
    """`place` is a model, an address, or the name of a page. None when the person may not open the model's list."""
    if isinstance(place, str):
        return {"title": words, "icon": icon, "link": place if place.startswith("/") else reverse(f"admin:{place}")}
    if not site._registry[place].has_view_permission(request):
        return None
    link = reverse(f"admin:{place._meta.app_label}_{place._meta.model_name}_changelist")
    return {"title": capfirst(place._meta.verbose_name_plural), "icon": icon, "link": link}

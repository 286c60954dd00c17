"""One company on one look: how much of its plan it uses, what waits and what is stuck."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.dashboards.company import duration
from config.dashboards.parts import Meter, Tile, Tone
from config.dashboards.platform import usages
from config.usage import Usage
from tenants import selectors
from tenants.models import Company
from tenants.services.plans import room_for


@dataclass(frozen=True)
class Health:
    tiles: list[Tile]
    meters: list[Meter]


def of_company(company: Company) -> Health:
    used = usages([company]).get(company.pk, Usage())
    return Health(_tiles(company, used), _meters(company, used))


def _meters(company: Company, used: Usage) -> list[Meter]:
    return [
        Meter(_("users"), used.users, room_for(company.plan, "users")),
        Meter(_("connections"), used.connections, room_for(company.plan, "connections")),
        Meter(_("queues"), used.queues, room_for(company.plan, "queues")),
        Meter(_("contacts"), used.contacts, room_for(company.plan, "contacts")),
        Meter(_("files"), used.stored_bytes, shown=filesizeformat(used.stored_bytes)),
        Meter(_("messages this month"), used.messages),
    ]


def _tiles(company: Company, used: Usage) -> list[Tile]:
    backlog = selectors.backlog_of(company)
    flights = reverse("admin:tenants_flight_changelist")
    oldest = backlog.oldest_webhook_at
    return [
        Tile(_("Active users"), used.active_users, _("in 7 days, of %(count)d") % {"count": used.users}),
        Tile(
            _("Connections down"),
            used.closed_connections,
            _("of %(count)d") % {"count": used.connections},
            Tone.BAD if used.closed_connections else Tone.GOOD,
        ),
        Tile(
            _("Webhook calls waiting"),
            backlog.webhooks_waiting,
            _("oldest: %(time)s") % {"time": duration(timezone.now() - oldest)} if oldest else _("nothing waits"),
            url=f"{flights}?company={company.pk}",
        ),
        Tile(
            _("Stuck"),
            backlog.parked,
            _("failed five times"),
            Tone.BAD if backlog.parked else Tone.GOOD,
            reverse("admin:stuck"),
        ),
        Tile(_("Webhook calls refused"), backlog.webhooks_refused, _("in 7 days"), Tone.WARN if backlog.webhooks_refused else Tone.GOOD),
    ]

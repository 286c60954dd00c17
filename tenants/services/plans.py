"""What a company's plan has room for."""

from django.utils.translation import gettext_lazy as _

from tenants.lib.errors import PlanLimit
from tenants.models import Company, Plan

NO_ROOM = {
    "users": _("Your plan has room for %(limit)d users. Ask for a larger plan."),
    "connections": _("Your plan has room for %(limit)d connections. Ask for a larger plan."),
    "queues": _("Your plan has room for %(limit)d queues. Ask for a larger plan."),
    "contacts": _("Your plan has room for %(limit)d contacts. Ask for a larger plan."),
}


def require_room(company: Company, noun: str, current_count: int) -> None:
    """Raises PlanLimit (402) when one more of `noun` (users, connections, queues, contacts) is too many."""
    limit = room_for(company.plan, noun)
    if limit is not None and current_count >= limit:
        raise PlanLimit(NO_ROOM[noun] % {"limit": limit})


def room_for(plan: Plan | None, noun: str) -> int | None:
    """How many of `noun` the plan allows; None when there is no limit."""
    assert noun in NO_ROOM, f"Plans do not count {noun}."
    if plan is None:
        return None
    limits = {
        "users": plan.max_users,
        "connections": plan.max_connections,
        "queues": plan.max_queues,
        "contacts": plan.max_contacts,
    }
    return limits[noun]


def has_feature(company: Company, feature: str) -> bool:
    """Whether the plan names this feature; without a plan everything is there."""
    return company.plan is None or feature in company.plan.features

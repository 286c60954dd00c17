"""Whether a customer still wants what was scheduled for them: asked when it goes, and when it goes again."""

import datetime

from django.utils.translation import gettext_lazy as _

from contacts.services.consent import rules_here
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets import selectors
from tickets.models import Schedule


def refuse_unwanted(schedule: Schedule) -> None:
    """Raises ApplicationError when the contact is blocked, or asked not to get this."""
    if schedule.contact.is_blocked:
        raise ApplicationError(_("This contact is blocked."), code="blocked")
    refused = {opt_out.purpose for opt_out in schedule.contact.opt_outs.all()}
    if "all" in refused or (schedule.is_marketing and refused):
        raise ApplicationError(_("This contact asked not to get such messages."), code="opted_out")
    rules = rules_here()
    if schedule.is_marketing and rules.most_messages is not None:
        since = now() - datetime.timedelta(days=rules.per_days)
        if selectors.marketing_messages_of(schedule.contact, since=since) >= rules.most_messages:
            raise ApplicationError(_("This contact has had enough marketing messages for now."), code="frequency_cap")

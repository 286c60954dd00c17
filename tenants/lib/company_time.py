"""Times as people of a company write them: on the clocks of its time zone."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tenants.lib.clock import now
from tenants.lib.tenancy import current_company

# Nearer than where calendars end: a moment close to the year 10000 cannot be shown in every time zone.
FURTHEST = timedelta(days=3653)


class CompanyTimeField(serializers.DateTimeField):
    """A moment. One without an offset is read on the clocks of the company's time zone: an hour that they skip is refused, of one that
    they show twice the first is meant. Not later than in ten years."""

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            moment = (value if value.tzinfo is not None else self._on_the_company_s_clocks(value)).astimezone(UTC)
            is_too_far = moment - now() > FURTHEST
        except OverflowError:
            is_too_far = True
        if is_too_far:
            raise serializers.ValidationError(_("Choose a time within the next ten years."), code="too_far")
        return moment

    def _on_the_company_s_clocks(self, value: datetime) -> datetime:
        zone = zoneinfo.ZoneInfo(current_company().timezone)
        moment = value.replace(tzinfo=zone)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != value:
            words = _("The clocks of %(zone)s skip this time. Choose another.") % {"zone": zone.key}
            raise serializers.ValidationError(words, code="time_skipped")
        return moment

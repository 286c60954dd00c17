"""Times as people of a company write them: on the clocks of its time zone."""

import zoneinfo
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tenants.lib.tenancy import current_company


class CompanyTimeField(serializers.DateTimeField):
    """A moment. One without an offset is read on the clocks of the company's time zone: an hour that they skip is refused, of one that
    they show twice the first is meant."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is not None:
            return value
        zone = zoneinfo.ZoneInfo(current_company().timezone)
        moment = value.replace(tzinfo=zone)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != value:
            words = _("The clocks of %(zone)s skip this time. Choose another.") % {"zone": zone.key}
            raise serializers.ValidationError(words, code="time_skipped")
        return moment
